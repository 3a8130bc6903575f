/** Moves all dates of a GDV delivery by whole years through the field table, so that old samples speak of today's people. */
import { findSatzbild, findTeilsatz } from '../../imports/gdv-satzbild.ts'

/** Bytes in, bytes out, of the same length: line ends and everything that is not a date stay. 29 February becomes 28 in a common year. */
export function verschiebeGdv(bytes: Uint8Array, jahre: number): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  return Buffer.from(
    text.replace(/[^\r\n]+/g, (zeile) => verschiebeSatz(zeile, jahre)),
    'latin1',
  )
}

function verschiebeSatz(zeile: string, jahre: number): string {
  const roh = zeile.padEnd(256)
  const [art, sparte] = [roh.slice(0, 4), roh.slice(10, 13)]
  const daten = findTeilsatz(findSatzbild(art, sparte), roh)?.daten ?? []
  // "Erstellungs-Datum Zeitraum vom – bis" is one numeric field of two dates.
  const stellen = art === '0001' ? [[70, 77] as const, [78, 85] as const] : daten
  return stellen.reduce((text, [von, bis]) => text.slice(0, von - 1) + verschiebeDatum(text.slice(von - 1, bis), jahre) + text.slice(bis), zeile)
}

/** TTMMJJJJ or MMJJJJ with a plausible year; everything else (blank, zeros, another version's field) stays. */
function verschiebeDatum(datum: string, jahre: number): string {
  const teile = /^([0-3]\d)?([01]\d)((?:18|19|20|21)\d\d)$/.exec(datum)
  if (!teile) return datum
  const [, tag = '', monat, jahr] = teile
  const neu = Number(jahr) + jahre
  const schaltjahr = (neu % 4 === 0 && neu % 100 !== 0) || neu % 400 === 0
  return `${tag === '29' && monat === '02' && !schaltjahr ? '28' : tag}${monat}${neu}`
}
