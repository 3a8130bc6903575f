/**
 * Reads the fields of a record by their technical names in the record description. What cannot be read is null and a finding with its place.
 * Runs some ten times for each record of files with millions: digits are looked at one by one, no expressions, no closures.
 */
import type { Teilsatz } from './gdv-satzbild.ts'
import { decode } from './zeichensatz.ts'

export interface Satz {
  zeile: number
  /** Padded to 256 places; one character a place, without control characters. */
  roh: string
  art: string
  /** Bytes 11–13, '040'. */
  sparte: string
  teil: Teilsatz
  /** The places are bytes of UTF-8, to be decoded field by field; else they are what they seem. */
  bytestellen: boolean
}

/** The package a record belongs to, as far as reading a field needs it. */
export interface Kontext {
  /** `feld`: technical name, or null. No personal data in `text`. */
  melde(satz: { zeile: number; teil: Teilsatz | null }, feld: string | null, text: string): void
}

const NULL = 48
const NEUN = 57
const LEER = 32
const TAGE = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** 9999 and the like say "without end". */
const OHNE_ENDE = 2200
const FRUEHESTES_JAHR = 1850

/** Trimmed; null where blank or where this Teildatensatz has no such field. */
export function text(satz: Satz, feld: string): string | null {
  const ort = satz.teil.felder[feld]
  return ort === undefined ? null : textAt(satz, ort[0], ort[1]) || null
}

/** The places `von` to `bis` (from 1), decoded and trimmed. */
export function textAt({ roh, bytestellen }: Satz, von: number, bis: number): string {
  const stelle = roh.slice(von - 1, bis)
  // A letter that was cut at the end of its field is none.
  return (bytestellen ? decode(stelle, 'UTF-8').replace(/\ufffd+$/, '') : stelle).trim()
}

/** A code that says something: zeros and blanks do not. */
export function code(satz: Satz, feld: string): string | null {
  const wert = text(satz, feld)
  return wert === null || /^0+$/.test(wert) ? null : wert
}

/** "0 = nein, 1 = ja", as all such fields of the description have it; everything else is not said. */
export function jaNein(satz: Satz, feld: string): 'JA' | 'NEIN' | null {
  const wert = text(satz, feld)
  return wert === '1' ? 'JA' : wert === '0' ? 'NEIN' : null
}

/** 'YYYY-MM-DD' of TTMMJJJJ or MMJJJJ; zeros and blank are null, an unknown day or month ("00") is null with a finding. */
export function datum(k: Kontext, satz: Satz, feld: string): string | null {
  const ort = satz.teil.felder[feld]
  return ort === undefined ? null : datumAt(k, satz, ort[0], ort[1], feld)
}

export function datumAt(k: Kontext, satz: Satz, von: number, bis: number, feld: string): string | null {
  const { roh } = satz
  const zahl = zahlAt(roh, von, bis)
  if (zahl === null || zahl === 0) return null
  // Between its first and its last digit there is no blank, before and behind neither.
  if (zahl < 0 || roh.charCodeAt(von - 1) === LEER || roh.charCodeAt(bis - 1) === LEER) {
    k.melde(satz, feld, 'Das ist kein Datum (erwartet TTMMJJJJ); nicht übernommen.')
    return null
  }
  const jahr = zahl % 10_000
  if (jahr >= OHNE_ENDE) return null
  const monat = Math.trunc(zahl / 10_000) % 100
  const tag = bis - von === 7 ? Math.trunc(zahl / 1_000_000) : 0
  if (tag === 0 || monat === 0) {
    k.melde(satz, feld, 'Tag oder Monat ist nicht bekannt („00“); nicht übernommen.')
    return null
  }
  if (jahr >= FRUEHESTES_JAHR && monat <= 12 && tag <= daysOf(monat, jahr)) {
    const ab = bis - 8
    return `${roh.slice(ab + 4, bis)}-${roh.slice(ab + 2, ab + 4)}-${roh.slice(ab, ab + 2)}`
  }
  k.melde(satz, feld, 'Diesen Tag gibt es im Kalender nicht; nicht übernommen.')
  return null
}

/** A whole number (cents where the field has two decimals); zero is a value, blank is null. */
export function ganzzahl(k: Kontext, satz: Satz, feld: string): number | null {
  const ort = satz.teil.felder[feld]
  if (ort === undefined) return null
  const zahl = zahlAt(satz.roh, ort[0], ort[1])
  if (zahl === null || zahl >= 0) return zahl
  k.melde(satz, feld, 'Das ist keine Zahl; nicht übernommen.')
  return null
}

/** Null where blank, -1 where it is no number of at most 15 digits. Blanks before and behind the digits are none of it. */
export function zahlAt(roh: string, von: number, bis: number): number | null {
  let ab = von - 1
  let ende = bis
  while (ab < ende && roh.charCodeAt(ab) === LEER) ab++
  if (ab === ende) return null
  while (roh.charCodeAt(ende - 1) === LEER) ende--
  let zahl = 0
  for (let i = ab; i < ende; i++) {
    const ziffer = roh.charCodeAt(i)
    if (ziffer < NULL || ziffer > NEUN) return -1
    zahl = zahl * 10 + (ziffer - NULL)
  }
  return Number.isSafeInteger(zahl) ? zahl : -1
}

function daysOf(monat: number, jahr: number): number {
  return monat === 2 && jahr % 4 === 0 && (jahr % 100 !== 0 || jahr % 400 === 0) ? 29 : TAGE[monat]!
}
