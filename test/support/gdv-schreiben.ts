/** A small GDV writer for tests: rows → records of 256 places, through the same field table by which they are read. */
import { TEILSAETZE } from '../../imports/gdv-satzbild.ts'
import { type Zeichensatz, encode } from '../../imports/zeichensatz.ts'

export interface SatzKopf {
  vuNummer: string
  sparte: string
  vsnr: string
  agenturnummer?: string
  buendel?: string
}

/** `schluessel` of the field table ('0100.1'); fields by their names, dates as 'YYYY-MM-DD', amounts in cents as numbers. */
export function satz(
  schluessel: string,
  { vuNummer, sparte, vsnr, agenturnummer = '', buendel = '' }: SatzKopf,
  felder: Record<string, string | number | null>,
): string {
  const art = schluessel.slice(0, 4)
  const kopf = `${art}${vuNummer.padEnd(5)}${buendel.padEnd(1)}${sparte.padEnd(3)}${vsnr.padStart(17)}01${agenturnummer.padEnd(10)}`
  return fill(kopf.padEnd(256), schluessel, felder)
}

/** `fassungen`: versions of records, by the names of the Vorsatz ("Satzart0200"). */
export function vorsatz(vuNummer: string, stand: string, fassungen: Record<string, string> = {}): string {
  return fill(`0001${vuNummer.padEnd(5)}Testversicherung`.padEnd(256), '0001.1', {
    ErstellungsDatumZeitraumVomZeitraumBis: ttmmjjjj(stand) + ttmmjjjj(stand),
    ...fassungen,
  })
}

/** `summen`: control totals in cents, by the names of the Nachsatz ("Gesbeitrag"). */
export function nachsatz(anzahl: number, summen: Record<string, number | string> = {}): string {
  return fill('9999'.padEnd(256), '9999.1', { AnzSaetze: anzahl, ...summen })
}

/** A package of these records with a Vorsatz and a Nachsatz that counts them. */
export function paket(saetze: readonly string[], vuNummer = '5342', stand = '2026-11-01'): string[] {
  return [vorsatz(vuNummer, stand), ...saetze, nachsatz(saetze.length)]
}

export function datei(saetze: readonly string[], { ende = '\r\n', zeichensatz = 'ISO-8859-1' as Zeichensatz, gekuerzt = false } = {}): Uint8Array {
  const text = saetze.map((zeile) => (gekuerzt ? zeile.trimEnd() : zeile) + ende).join('')
  return encode(text, zeichensatz)
}

function fill(zeile: string, schluessel: string, felder: Record<string, string | number | null>): string {
  const { erkannt, daten, felder: orte } = TEILSAETZE[schluessel]!
  let text = zeile
  const put = (von: number, wert: string) => (text = text.slice(0, von - 1) + wert + text.slice(von - 1 + wert.length))
  for (const [byte, zeichen] of erkannt) put(byte, zeichen)
  for (const [feld, wert] of Object.entries(felder)) {
    const [von, bis] = orte[feld]!
    const breite = bis - von + 1
    const istDatum = daten.some(([anfang]) => anfang === von)
    if (wert === null) continue
    if (typeof wert === 'number') put(von, String(wert).padStart(breite, '0'))
    else put(von, (istDatum && wert.includes('-') ? ttmmjjjj(wert) : wert).slice(0, breite).padEnd(breite))
  }
  return text
}

function ttmmjjjj(tag: string): string {
  return tag.split('-').toReversed().join('')
}
