/** A record as it lies in the file → 256 places of text, its Satzart and Teildatensatz; what is shifted, too long or in another code page is found. */
import { type Satz, zahlAt } from './gdv-feld.ts'
import { SATZLAENGE, type Satzbild, type Teilsatz, findGenau, findSatzbild, findTeilsatz, isSatzart } from './gdv-satzbild.ts'
import type { Zeile } from './gdv-zeilen.ts'
import { type Zeichensatz, decode, isUtf8 } from './zeichensatz.ts'

export interface Lesart {
  zeichensatz: Zeichensatz
  /** UTF-8: places are characters, not bytes. Decided for lines that do not show it themselves. */
  zeichenstellen: boolean
  /** Of the Vorsatz; '' where there is none. */
  vu: string
  /** Lines are written out to 256 places: a line of another length has lost or gained some. */
  voll: boolean
  /** The Vorsatz bears its Satznummer: so does every record that has a place for it (old deliveries leave a first one blank). */
  nummeriert: boolean
  melde(zeile: number, byte: number, feld: string | null, text: string): void
}

/** `teil` is null where the Teildatensatz cannot be told, or the record is shifted (both with a finding). Undefined: no record of GDV at all. */
export type Gelesen = Satz | (Omit<Satz, 'teil'> & { teil: null }) | undefined

const UNREIN = /[^\x20-\x7e]/
/** Neither ASCII nor a letter of Latin-1. */
const SELTEN = /[^\x20-\x7e\x80-\xff]/
/** Of ASCII: what lies above may be half a letter of UTF-8. */
const STEUERZEICHEN = /(?![\x80-\x9f])\p{Cc}/gu
const UNLESBAR = /[\ufffd\u0080-\u009f]/
/** What of UTF-8 seldom stands in other German text: "Ã¼". */
const DOPPELBYTE = /[\xc2-\xf4][\x80-\xbf]/
/** A record is looked for so many places behind the begin of its line. */
const HOECHSTVERSATZ = 8
/** Bytes lost or gained inside of a record. */
const VERSAETZE = [-1, 1, -2, 2, -3, 3]

export function readSatz({ nr: zeile, roh }: Zeile, lesart: Lesart): Gelesen {
  const { text, bytestellen } = UNREIN.test(roh) ? decodeZeile(zeile, roh, lesart) : { text: roh, bytestellen: false }
  const ab = isSatzart(text.slice(0, 4)) ? 0 : findAnfang(text, lesart.vu)
  if (ab === undefined) {
    lesart.melde(zeile, 1, 'Satzart', `Die Satzart „${text.slice(0, 4).trim()}“ gibt es nicht; der Satz wurde nicht gelesen.`)
    return undefined
  }
  if (ab !== 0)
    lesart.melde(zeile, 1, 'Satzart', `Der Satz beginnt ${ab < 0 ? 'eine Stelle zu früh' : `erst an Stelle ${ab + 1}`}; zurechtgerückt gelesen.`)
  const lang = ab === 0 ? text : ab < 0 ? `0${text}` : text.slice(ab)
  const platz = lang.length === SATZLAENGE ? lang : lang.slice(0, SATZLAENGE).padEnd(SATZLAENGE)
  const [art, sparte] = [platz.slice(0, 4), platz.slice(10, 13)]
  const bild = findSatzbild(art, sparte)
  const satz = { zeile, roh: platz, art, sparte, bytestellen }
  const genau = findGenau(bild, platz)
  const versatz = ab === 0 ? findVersatz(bild, lang, genau, lesart) : 0
  if (versatz !== 0) {
    const text = `Der Satz ist um ${Math.abs(versatz)} ${Math.abs(versatz) === 1 ? 'Stelle' : 'Stellen'} zu ${versatz < 0 ? 'kurz' : 'lang'}, seine Felder sind verschoben; nicht gelesen.`
    lesart.melde(zeile, SATZLAENGE + Math.min(versatz, 1), null, text)
    return { ...satz, teil: null }
  }
  if (lang.length > SATZLAENGE && lang.slice(SATZLAENGE).trim() !== '')
    lesart.melde(zeile, SATZLAENGE + 1, null, `Der Satz ist ${lang.trimEnd().length} statt ${SATZLAENGE} Stellen lang; der Rest wurde nicht gelesen.`)
  const teil = genau ?? findTeilsatz(bild, platz)
  if (teil || bild.length === 0) return teil ? { ...satz, teil } : { ...satz, teil: null }
  lesart.melde(
    zeile,
    bild[0]!.erkannt[0]?.[0] ?? SATZLAENGE,
    'Satznummer',
    `Der Teildatensatz von Satzart ${art}${/^\d{3}$/.test(sparte) ? ` Sparte ${sparte}` : ''} ist nicht zu erkennen; der Satz wurde nicht gelesen.`,
  )
  return { ...satz, teil: null }
}

/** Some lines of a file may come from elsewhere: each is looked at. */
function decodeZeile(zeile: number, roh: string, lesart: Lesart): { text: string; bytestellen: boolean } {
  const utf8 = (lesart.zeichensatz === 'UTF-8' || DOPPELBYTE.test(roh)) && isUtf8(roh)
  const hohe = /[\x80-\xff]/.test(roh)
  const zeichensatz = utf8 ? 'UTF-8' : lesart.zeichensatz === 'UTF-8' ? 'CP1252' : lesart.zeichensatz
  if (hohe && utf8 !== (lesart.zeichensatz === 'UTF-8'))
    lesart.melde(
      zeile,
      1,
      null,
      `Der Satz ist in ${zeichensatz} geschrieben, das Paket in ${lesart.zeichensatz}; einzelne Zeichen können falsch sein.`,
    )
  const bytestellen = utf8 && (roh.length === SATZLAENGE || (roh.length < SATZLAENGE && !lesart.zeichenstellen))
  const gelesen = bytestellen || !hohe ? roh : decode(roh, zeichensatz)
  const text = SELTEN.test(gelesen) ? gelesen.replace(STEUERZEICHEN, ' ') : gelesen
  const unlesbar = bytestellen ? -1 : text.search(UNLESBAR)
  if (unlesbar >= 0) lesart.melde(zeile, unlesbar + 1, null, `Ein Zeichen ist in ${zeichensatz} nicht zu lesen.`)
  return { text, bytestellen }
}

/** Where a record begins whose line gained some signs before it, or (-1) lost its first; undefined where there is none. */
function findAnfang(text: string, vu: string): number | undefined {
  if (vu === '') return undefined
  for (let ab = 1; ab <= HOECHSTVERSATZ; ab++) if (text.startsWith(vu, ab + 4) && isSatzart(text.slice(ab, ab + 4))) return ab
  return text.startsWith(vu, 3) && isSatzart(`0${text.slice(0, 3)}`) ? -1 : undefined
}

/** Signs lost (negative) or gained inside of the record, by the length of its line and by its Satznummer, which stands too early or too late. */
function findVersatz(bild: Satzbild, lang: string, genau: Teilsatz | undefined, { voll, nummeriert }: Lesart): number {
  const laenge = lang.length - SATZLAENGE
  if (laenge === 0 && genau) return 0
  const hinten = bild.some(hatNummerHinten)
  if (voll && laenge !== 0 && Math.abs(laenge) <= HOECHSTVERSATZ) {
    if (laenge < 0 || findGenau(bild, lang, laenge)) return laenge
    return !hinten && lang.endsWith(' ') ? laenge : 0
  }
  if (genau || !hinten) return 0
  for (const versatz of VERSAETZE) {
    const teil = findGenau(bild, lang, versatz)
    if (!teil || !hatNummerHinten(teil) || lang.slice(SATZLAENGE + versatz).trim() !== '') continue
    if (versatz > 0 || (nummeriert && laenge === versatz) || isVerschoben(teil, lang)) return versatz
  }
  return 0
}

function hatNummerHinten({ erkannt }: Teilsatz): boolean {
  return erkannt.some(([byte]) => byte === SATZLAENGE)
}

/** Whether a date stands across its field. (The sign before a blank Satznummer may look like one that slipped.) */
function isVerschoben({ daten }: Teilsatz, roh: string): boolean {
  return daten.some(([von, bis]) => {
    const zahl = zahlAt(roh, von, bis)
    return zahl !== null && (zahl < 0 || roh[von - 1] === ' ' || roh[bis - 1] === ' ')
  })
}
