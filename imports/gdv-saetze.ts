/**
 * Bytes → records (Sätze) in packages. A GDV record has 256 places; deliveries differ in line ends (CR/LF, LF, none), in cut trailing
 * blanks, in the code page, and in how many packages (0001 … 9999) one file holds.
 */
import { type Zeichensatz, decode, erkenneZeichensatz } from './zeichensatz.ts'
import { TEILSAETZE, type Teilsatz } from './gdv-felder.ts'

export const SATZLAENGE = 256
/** DOS writes byte 0x1a behind the last line. */
const DATEIENDE = new RegExp(`${String.fromCharCode(0x1a)}+\\s*$`)

/** What was wrong or doubtful, for the Supervisor. `byte` counts from 1, `feld` is the field's German name in the record description. */
export interface Befund {
  paket: number | null
  zeile: number | null
  byte: number | null
  feld: string | null
  text: string
}

export interface Satz {
  paket: number
  zeile: number
  /** Padded to 256 places; one character a place. */
  roh: string
  zeichensatz: Zeichensatz
  /** Satzart, '0100'. */
  art: string
  /** Bytes 11–13, '040'. */
  sparte: string
  /** Key into TEILSAETZE; undefined where the Teildatensatz cannot be told. */
  schluessel: string | undefined
}

export interface Paket {
  nr: number
  saetze: Satz[]
  zeichensatz: Zeichensatz
  /** Why nothing of this package is taken. */
  abgelehnt: string | undefined
}

export interface Zerlegt {
  pakete: Paket[]
  befunde: Befund[]
}

interface Zeile {
  nr: number
  roh: string
}

export function readSaetze(bytes: Uint8Array): Zerlegt {
  const befunde: Befund[] = []
  const bloecke = splitPakete(splitZeilen(bytes))
  const pakete = bloecke.map((zeilen, stelle) => readPaket(stelle + 1, zeilen, befunde))
  return { pakete, befunde }
}

/** The Teildatensatz of a padded record, or undefined. Old deliveries leave the number of a first Teildatensatz blank. */
export function findTeilsatz(art: string, sparte: string, roh: string): string | undefined {
  const eigene = KANDIDATEN.get(`${art}.${sparte}`) ?? KANDIDATEN.get(art) ?? KANDIDATEN.get(`${art}.000`) ?? []
  const moegliche = eigene.filter(({ wagnis }) => sparte !== '010' || wagnis === undefined || wagnis.includes(roh.charAt(59)))
  const passt = ({ teilsatz }: Kandidat) => teilsatz.erkannt.every(([byte, zeichen]) => roh.charAt(byte - 1) === zeichen)
  const fast = ({ teilsatz }: Kandidat) => teilsatz.erkannt.slice(0, 1).every(([byte, zeichen]) => roh.charAt(byte - 1) === zeichen)
  const leer = ({ teilsatz, nr }: Kandidat) => nr === '1' && teilsatz.erkannt.every(([byte]) => /[ 0]/.test(roh.charAt(byte - 1)))
  return (moegliche.find(passt) ?? moegliche.find(fast) ?? moegliche.find(leer))?.schluessel
}

function splitZeilen(bytes: Uint8Array): Zeile[] {
  const roh = Buffer.from(bytes)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .replace(DATEIENDE, '')
  const zeilen = /[\r\n]/.test(roh.slice(0, 2 * SATZLAENGE + 2)) || roh.length <= SATZLAENGE ? roh.split(/\r\n|\n|\r/) : blocks(roh)
  return zeilen.map((text, stelle) => ({ nr: stelle + 1, roh: text })).filter((zeile) => zeile.roh.trim() !== '')
}

/** No line ends: every 256 places. In UTF-8 places are characters unless the bytes come out even. */
function blocks(roh: string): string[] {
  const zeichenweise = roh.length % SATZLAENGE !== 0 && erkenneZeichensatz(roh).zeichensatz === 'UTF-8'
  const text = zeichenweise ? decode(roh, 'UTF-8') : roh
  const teile = Array.from({ length: Math.ceil(text.length / SATZLAENGE) }, (_, i) => text.slice(i * SATZLAENGE, (i + 1) * SATZLAENGE))
  return zeichenweise ? teile.map((teil) => Buffer.from(teil, 'utf8').toString('latin1')) : teile
}

function splitPakete(zeilen: readonly Zeile[]): Zeile[][] {
  const pakete: Zeile[][] = []
  for (const zeile of zeilen) {
    const [art, davor] = [zeile.roh.slice(0, 4), pakete.at(-1)?.at(-1)?.roh.slice(0, 4)]
    const neu = davor === undefined || davor === '9999' || (art === '0001' && davor !== '0001')
    if (neu) pakete.push([])
    pakete.at(-1)!.push(zeile)
  }
  return pakete
}

function readPaket(nr: number, zeilen: readonly Zeile[], befunde: Befund[]): Paket {
  const { zeichensatz, unsicher } = erkenneZeichensatz(zeilen.map(({ roh }) => roh).join('\n'))
  const zeichenweise = zeichensatz === 'UTF-8' && !hasBytestellen(zeilen)
  const melde = (zeile: number | null, byte: number | null, feld: string | null, text: string) => befunde.push({ paket: nr, zeile, byte, feld, text })
  if (unsicher) melde(null, null, null, `Der Zeichensatz ist nicht eindeutig; gelesen als ${zeichensatz}. Einzelne Zeichen können falsch sein.`)
  const saetze = zeilen.map(({ nr: zeile, roh }): Satz => {
    const text = zeichenweise ? decode(roh, 'UTF-8') : roh
    if (text.slice(SATZLAENGE).trim() !== '')
      melde(zeile, SATZLAENGE + 1, null, `Der Satz ist ${text.trimEnd().length} statt ${SATZLAENGE} Stellen lang; der Rest wurde nicht gelesen.`)
    const platz = text.slice(0, SATZLAENGE).padEnd(SATZLAENGE)
    const art = platz.slice(0, 4)
    const sparte = platz.slice(10, 13)
    return {
      paket: nr,
      zeile,
      roh: platz,
      zeichensatz: zeichenweise ? 'ISO-8859-1' : zeichensatz,
      art,
      sparte,
      schluessel: findTeilsatz(art, sparte, platz),
    }
  })
  const abgelehnt = rejectReason(saetze)
  if (abgelehnt) {
    melde(saetze[0]!.zeile, 1, null, abgelehnt)
    return { nr, saetze, zeichensatz, abgelehnt }
  }
  for (const { zeile, art } of saetze)
    if (!SATZARTEN.has(art)) melde(zeile, 1, 'Satzart', `Die Satzart „${art.trim()}“ gibt es nicht; der Satz wurde nicht gelesen.`)
  if (saetze.at(-1)!.art !== '9999')
    melde(saetze.at(-1)!.zeile, null, null, 'Der Nachsatz 9999 fehlt; das Paket ist vielleicht nicht vollständig angekommen.')
  return { nr, saetze, zeichensatz, abgelehnt }
}

/** UTF-8 whose fields were cut by bytes: lines with umlauts are 256 bytes long (so fewer characters), and none is longer. */
function hasBytestellen(zeilen: readonly Zeile[]): boolean {
  const laengen = zeilen.filter(({ roh }) => /[\x80-\xff]/.test(roh)).map(({ roh }) => roh.length)
  return laengen.includes(SATZLAENGE) && laengen.every((laenge) => laenge <= SATZLAENGE)
}

function rejectReason(saetze: readonly Satz[]): string | undefined {
  if (saetze[0]?.art !== '0001') return 'Vor diesen Sätzen fehlt der Vorsatz 0001; nichts davon wurde übernommen.'
  const unbekannt = saetze.filter(({ art }) => !SATZARTEN.has(art)).length
  if (unbekannt * 2 > saetze.length) return 'Mehr als die Hälfte der Sätze ist unlesbar; nichts aus diesem Paket wurde übernommen.'
  return undefined
}

interface Kandidat {
  schluessel: string
  nr: string
  /** Wagnisarten of a life record ('13' stands for 1 and 3). */
  wagnis: string | undefined
  teilsatz: Teilsatz
}

const KANDIDATEN = new Map<string, Kandidat[]>()
for (const [schluessel, teilsatz] of Object.entries(TEILSAETZE)) {
  const teile = schluessel.split('.')
  const [art, sparte] = teile.length > 2 ? [teile[0]!, `.${teile[1]}`] : [teile[0]!, '']
  const kandidat = { schluessel, nr: teile.at(-1)!, wagnis: teile.length > 3 ? teile[2] : undefined, teilsatz }
  KANDIDATEN.set(art + sparte, [...(KANDIDATEN.get(art + sparte) ?? []), kandidat])
}
const SATZARTEN = new Set(Object.keys(TEILSAETZE).map((schluessel) => schluessel.split('.')[0]!))
