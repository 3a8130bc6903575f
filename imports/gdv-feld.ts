/** Reads the fields of a record by their names in the record description. What cannot be read is null and a finding. */
import { TEILSAETZE } from './gdv-felder.ts'
import type { Befund, Satz } from './gdv-saetze.ts'
import { decode } from './zeichensatz.ts'

export interface Leser {
  readonly satz: Satz
  /** Trimmed; null where blank or where this Teildatensatz has no such field. */
  text(feld: string): string | null
  /** 'YYYY-MM-DD'. TTMMJJJJ and MMJJJJ; unknown day or month ("00") is null with a finding, all zeros or blank is null. */
  datum(feld: string): string | null
  /** Whole cents of a field with two decimals; zero is a value, blank is null. */
  cent(feld: string): number | null
  melde(feld: string | null, text: string): void
}

export function leser(satz: Satz, befunde: Befund[]): Leser {
  const felder = satz.schluessel === undefined ? {} : TEILSAETZE[satz.schluessel]!.felder
  const melde: Leser['melde'] = (feld, text) => {
    const ort = feld === null ? undefined : felder[feld]
    befunde.push({ paket: satz.paket, zeile: satz.zeile, byte: ort?.[0] ?? null, feld: ort?.[2] ?? null, text })
  }
  const text: Leser['text'] = (feld) => {
    const ort = felder[feld]
    if (!ort) return null
    return textAt(satz, ort[0], ort[1]) || null
  }
  return {
    satz,
    text,
    melde,
    datum: (feld) => readDatum(text(feld), (grund) => melde(feld, grund)),
    cent: (feld) => {
      const roh = text(feld)
      if (roh === null) return null
      if (/^\d{1,15}$/.test(roh)) return Number(roh)
      melde(feld, `„${roh}“ ist kein Betrag; nicht übernommen.`)
      return null
    },
  }
}

/** The places `von` to `bis` (from 1), decoded, trimmed, without control characters (PostgreSQL takes no NUL). */
export function textAt(satz: Satz, von: number, bis: number): string {
  return decode(satz.roh.slice(von - 1, bis), satz.zeichensatz)
    .replace(/\p{Cc}/gu, ' ')
    .trim()
}

export function readDatum(roh: string | null, melde: (grund: string) => void): string | null {
  if (roh === null || /^0+$/.test(roh)) return null
  const teile = /^(\d\d)?(\d\d)(\d{4})$/.exec(roh)
  if (!teile) {
    melde(`„${roh}“ ist kein Datum (erwartet TTMMJJJJ); nicht übernommen.`)
    return null
  }
  const [tag, monat, jahr] = [teile[1] ?? '00', teile[2]!, teile[3]!]
  // 9999 and the like say "without end".
  if (Number(jahr) >= 2200) return null
  if (tag === '00' || monat === '00') {
    melde(`Tag oder Monat ist nicht bekannt („${roh}“); nicht übernommen.`)
    return null
  }
  const datum = `${jahr}-${monat}-${tag}`
  if (Number(jahr) >= 1850 && exists(datum)) return datum
  melde(`Das Datum ${tag}.${monat}.${jahr} gibt es nicht; nicht übernommen.`)
  return null
}

function exists(datum: string): boolean {
  const tag = new Date(`${datum}T00:00:00Z`)
  return !Number.isNaN(tag.getTime()) && tag.toISOString().startsWith(datum)
}
