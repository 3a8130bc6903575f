/**
 * Bytes in chunks of any size, cut anywhere → records as they lie in the file, in order, with bounded memory. Deliveries differ in line ends
 * (CR/LF, LF, CR, none, sometimes both in one file), in cut trailing blanks, and some lost or gained a byte: the next record is looked for.
 */
import { SATZLAENGE, isSatzart } from './gdv-satzbild.ts'

export interface Zeile {
  /** Line of the file; where it has no line ends, the record's number. */
  nr: number
  /** One character a byte (latin1). */
  roh: string
}

/** Read at a time. */
const STAPEL = 64 * 1024
/** A record is looked for no further than this. */
const HOECHSTLAENGE = 4 * 1024
const DATEIENDE = String.fromCharCode(0x1a)
const BOM = '\u00ef\u00bb\u00bf'
/** VU-Nummer, left-aligned. */
const VU_NUMMER = /^[0-9A-Za-z]{4}[0-9A-Za-z ]$/
const VIER_ZIFFERN = /(?=\d{4})/g

export interface Zeilenleser {
  lies(stueck: Uint8Array): Zeile[]
  ende(): Zeile[]
}

export function createZeilenleser(): Zeilenleser {
  let teile: string[] = []
  let groesse = 0
  let nr = 0
  let begonnen = false
  /** Of the current package: by it a record is known where no line end says so. */
  let vu = ''

  const zerlege = (schluss: boolean): Zeile[] => {
    let text = teile.join('')
    if (!begonnen && text.startsWith(BOM)) text = text.slice(BOM.length)
    begonnen = true
    const zeilen: Zeile[] = []
    const nimm = (roh: string): void => {
      if (isBlank(roh)) return
      if (roh.startsWith('0001')) vu = roh.slice(4, 9)
      zeilen.push({ nr, roh })
    }
    const suche = createZeilenende(text)
    let ab = 0
    while (ab < text.length) {
      const ende = suche(ab)
      const nah = ende >= 0 && ende - ab <= HOECHSTLAENGE
      // Whether more follows (a line end, the next record, LF behind CR) cannot be told yet.
      if (!schluss && (nah ? ende + 1 === text.length : text.length - ab < HOECHSTLAENGE + SATZLAENGE)) break
      nr++
      if (nah) {
        splitZusammen(text.slice(ab, ende)).forEach(nimm)
        ab = ende + (text[ende] === '\r' && text[ende + 1] === '\n' ? 2 : 1)
      } else {
        const laenge = blockLaenge(text, ab, schluss)
        nimm(text.slice(ab, ab + laenge))
        ab += laenge
      }
    }
    teile = ab < text.length ? [text.slice(ab)] : []
    groesse = text.length - ab
    return zeilen
  }

  /** Bytes of the record at `ab` where no line end follows soon. In UTF-8 places may be characters. */
  const blockLaenge = (text: string, ab: number, schluss: boolean): number => {
    const endetBei = (bis: number): boolean => (bis >= text.length ? schluss : isKopf(text, bis))
    if (endetBei(ab + SATZLAENGE)) return SATZLAENGE
    const zeichen = bytesOfZeichen(text, ab)
    if (zeichen > SATZLAENGE && endetBei(ab + zeichen)) return zeichen
    return findKopf(text, ab, schluss) - ab
  }

  /** Where the next record of this package begins, whatever its distance; 256 bytes on where there is none. */
  const findKopf = (text: string, ab: number, schluss: boolean): number => {
    // A Nachsatz has no VU-Nummer: known by what follows it.
    const istNachsatz = (stelle: number): boolean =>
      text.startsWith('0001', stelle + SATZLAENGE) || (schluss && text.length - stelle <= SATZLAENGE + 2)
    for (const { index } of text.slice(ab + 1, ab + HOECHSTLAENGE).matchAll(VIER_ZIFFERN)) {
      const stelle = ab + 1 + index
      if (!isKopf(text, stelle)) continue
      if (text.startsWith('9999', stelle) ? istNachsatz(stelle) : vu === '' || text.startsWith(vu, stelle + 4)) return stelle
    }
    return Math.min(ab + SATZLAENGE, text.length)
  }

  return {
    lies: (stueck) => {
      teile.push(Buffer.from(stueck.buffer, stueck.byteOffset, stueck.length).toString('latin1'))
      groesse += stueck.length
      return groesse >= STAPEL ? zerlege(false) : []
    },
    ende: () => zerlege(true),
  }
}

/** Next CR or LF from a place on, or -1. Remembers what it found: a file without line ends is not searched to its end for each record. */
function createZeilenende(text: string): (ab: number) => number {
  let [lf, cr] = [-2, -2]
  const naechstes = (zeichen: string, bisher: number, ab: number): number => (bisher === -1 || bisher >= ab ? bisher : text.indexOf(zeichen, ab))
  return (ab) => {
    lf = naechstes('\n', lf, ab)
    cr = naechstes('\r', cr, ab)
    return lf < 0 ? cr : cr < 0 ? lf : Math.min(lf, cr)
  }
}

/** Records that stand in one line because a line end was lost. */
function splitZusammen(zeile: string): string[] {
  const saetze: string[] = []
  let rest = zeile
  while (rest.length > SATZLAENGE && isKopf(rest, SATZLAENGE)) {
    saetze.push(rest.slice(0, SATZLAENGE))
    rest = rest.slice(SATZLAENGE)
  }
  return [...saetze, rest]
}

/** Whether a record seems to begin here: a known Satzart and a VU-Nummer (9999: a number). */
function isKopf(text: string, stelle: number): boolean {
  const art = text.slice(stelle, stelle + 4)
  return isSatzart(art) && (art === '9999' ? /^\d/.test(text.charAt(stelle + 4)) : VU_NUMMER.test(text.slice(stelle + 4, stelle + 9)))
}

/** Bytes of 256 characters of UTF-8 from a place on. */
function bytesOfZeichen(text: string, ab: number): number {
  let zeichen = 0
  let stelle = ab
  while (stelle < text.length) {
    if ((text.charCodeAt(stelle) & 0xc0) !== 0x80 && ++zeichen > SATZLAENGE) break
    stelle++
  }
  return stelle - ab
}

/** Also what DOS writes behind the last line. */
function isBlank(roh: string): boolean {
  return (roh === '' || roh.charCodeAt(0) <= 0x20) && roh.replaceAll(DATEIENDE, '').trim() === ''
}
