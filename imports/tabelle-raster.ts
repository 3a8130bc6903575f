/** A file of rows, CSV or workbook: where the headings stand, how many columns there are, and the rows below. */
import { openCsv } from './csv.ts'
import { type Blatt, readExcel } from './excel.ts'
import { isUeberschrift } from './tabelle-ueberschriften.ts'
import { type Rohzeile, Unlesbar } from './tabelle-zelle.ts'

export interface Raster {
  ueberschriften: string[]
  /** Without empty rows. */
  zeilen: AsyncGenerator<Rohzeile>
  zeichensatz(): string
  /** Other sheets of the workbook that hold something. */
  uebergangen: string[]
}

/** Titles, dates and logos may stand above the headings, but not more rows of them. */
const KOPFZEILEN = 40
const HOECHSTENS_SPALTEN = 200
const LEER = 'Die Datei enthält keine Zeilen.'
const OHNE_KOPF =
  'Die Tabelle hat keine Zeile mit Überschriften, an denen die Spalten zu erkennen wären. Bitte ergänzen Sie eine, zum Beispiel „Name; Vorname; Geburtsdatum“.'

export async function openRaster(stuecke: AsyncIterable<Uint8Array>, format: 'CSV' | 'EXCEL'): Promise<Raster> {
  if (format === 'EXCEL') return openBlatt(await readExcel(stuecke))
  const { zeilen, zeichensatz } = openCsv(stuecke)
  return { ...(await splitKopf(zeilen)), zeichensatz, uebergangen: [] }
}

/** The sheet whose headings say the most. */
async function openBlatt(blaetter: readonly Blatt[]): Promise<Raster> {
  const volle = blaetter.filter(({ zeilen }) => zeilen.some(({ zellen }) => zellen.some((zelle) => zelle !== '')))
  const bestes = volle.toSorted((a, b) => bestKopf(b.zeilen.slice(0, KOPFZEILEN)).note - bestKopf(a.zeilen.slice(0, KOPFZEILEN)).note)[0]
  if (!bestes) throw new Unlesbar(LEER)
  const breite = bestes.zeilen.reduce((bisher, { zellen }) => Math.max(bisher, width(zellen)), 0)
  const kopf = await splitKopf(fromArray(bestes.zeilen), breite)
  return { ...kopf, zeichensatz: () => 'UTF-8', uebergangen: volle.filter((blatt) => blatt !== bestes).map(({ name }) => name) }
}

/** `breite`: where a cell beyond the headings is no sign of a broken row. */
async function splitKopf(zeilen: AsyncGenerator<Rohzeile>, breite = 0): Promise<Pick<Raster, 'ueberschriften' | 'zeilen'>> {
  const anfang: Rohzeile[] = []
  while (anfang.length < KOPFZEILEN) {
    const { done, value } = await zeilen.next()
    if (done) break
    anfang.push(value)
  }
  if (anfang.every(({ zellen }) => width(zellen) === 0)) throw new Unlesbar(LEER)
  const { stelle } = bestKopf(anfang)
  const kopf = anfang[stelle]
  if (!kopf) throw new Unlesbar(OHNE_KOPF)
  const spalten = Math.max(width(kopf.zellen), breite)
  if (spalten > HOECHSTENS_SPALTEN) throw new Unlesbar(`Die Tabelle hat ${spalten} Spalten, möglich sind ${HOECHSTENS_SPALTEN}.`)
  async function* daten(): AsyncGenerator<Rohzeile> {
    for (const zeile of anfang.slice(stelle + 1)) if (width(zeile.zellen) > 0) yield zeile
    for await (const zeile of zeilen) if (width(zeile.zellen) > 0) yield zeile
  }
  return { ueberschriften: Array.from({ length: spalten }, (_, i) => (kopf.zellen[i] ?? '').slice(0, 100)), zeilen: daten() }
}

/** The row with the most known headings (two, or the only cell), else the first of words only. -1: none. */
function bestKopf(zeilen: readonly Rohzeile[]): { stelle: number; note: number } {
  const noten = zeilen.map(({ zellen }) => ({
    bekannt: zellen.filter(isUeberschrift).length,
    breite: filled(zellen),
  }))
  const note = Math.max(0, ...noten.map(({ bekannt }) => bekannt))
  const stelle = noten.findIndex(({ bekannt, breite }) => bekannt === note && (note >= 2 || (note === 1 && breite === 1)))
  if (stelle >= 0) return { stelle, note }
  return {
    stelle: zeilen.findIndex(
      ({ zellen }) => filled(zellen) >= 2 && zellen.every((zelle) => zelle === '' || /^(?!.*(\d{3}|@)).*\p{L}{2}/u.test(zelle)),
    ),
    note: 0,
  }
}

/** Up to the last cell that holds something. */
function width(zellen: readonly string[]): number {
  return zellen.findLastIndex((zelle) => zelle !== '') + 1
}

function filled(zellen: readonly string[]): number {
  return zellen.filter((zelle) => zelle !== '').length
}

async function* fromArray(zeilen: readonly Rohzeile[]): AsyncGenerator<Rohzeile> {
  yield* zeilen
}
