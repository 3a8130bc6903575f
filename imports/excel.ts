/** Workbooks (.xlsx) → rows of text as CSV would hold them: dates as 2025-12-31, numbers with a decimal comma. Bounded: see excel-zip.ts. */
import readWorkbook from 'read-excel-file/node'
import { BESCHAEDIGT, type Teile, ZU_GROSS, unzip, zip } from './excel-zip.ts'
import { type Rohzeile, Unlesbar, toZelle } from './tabelle-zelle.ts'

export interface Blatt {
  name: string
  zeilen: Rohzeile[]
}

/** The file itself; it is held in memory as a whole. */
const HOECHSTENS_BYTES = 50 * 1024 * 1024
/** Rows times columns, of all sheets together: gaps are filled with empty cells. */
const HOECHSTENS_ZELLEN = 5_000_000
const GEBRAUCHT =
  /^(\[Content_Types\]\.xml|_rels\/.*\.rels|xl\/(workbook|sharedStrings|styles)\.xml|xl\/_rels\/.*\.rels|xl\/worksheets\/[^/]+\.xml)$/i
const ALTES_EXCEL = Buffer.from([0xd0, 0xcf, 0x11, 0xe0])

export async function readExcel(stuecke: AsyncIterable<Uint8Array>): Promise<Blatt[]> {
  const bytes = await collect(stuecke)
  if (bytes.subarray(0, 4).equals(ALTES_EXCEL))
    throw new Unlesbar(
      'Das ist eine Excel-Datei im alten Format (.xls) oder mit Kennwort. Speichern Sie sie in Excel ohne Kennwort als Arbeitsmappe (.xlsx).',
    )
  const teile = unzip(bytes, (name) => GEBRAUCHT.test(name))
  if (!teile.has('xl/workbook.xml'))
    throw new Unlesbar('Das ist keine Excel-Arbeitsmappe. Speichern Sie die Tabelle als Arbeitsmappe (.xlsx) oder als CSV-Datei.')
  const blaetter = await readTeile(prepare(teile))
  return blaetter.map(({ sheet, data }) => ({
    name: sheet,
    zeilen: data.map((zellen, i) => ({ nr: i + 1, zellen: (zellen as Zelle[]).map(toText) })),
  }))
}

async function readTeile(teile: Teile): Promise<Awaited<ReturnType<typeof readWorkbook>>> {
  try {
    return await readWorkbook(zip(teile), { trim: false })
  } catch {
    // Whatever the reader stumbles over: it names cells and parts, which helps nobody here.
    throw new Unlesbar(BESCHAEDIGT)
  }
}

/** A cell that holds an error ("#NV") or a formula without a value would end the reading of all. */
function prepare(teile: Teile): Teile {
  let zellen = 0
  return new Map(
    [...teile].map(([name, inhalt]) => {
      if (!name.toLowerCase().startsWith('xl/worksheets/')) return [name, inhalt]
      const xml = inhalt.toString('utf8')
      zellen += countZellen(xml)
      if (zellen > HOECHSTENS_ZELLEN) throw new Unlesbar(ZU_GROSS)
      const lesbar = xml
        .replace(/(<c\b[^>]*\bt=)(["'])e\2/g, '$1"str"')
        .replace(/<c\b[^>]*\bt=(["'])str\1[^>]*>(?:<f\b[^>]*\/>|<f\b[^>]*>[^<]*<\/f>)?<\/c>/g, '')
      return [name, lesbar === xml ? inhalt : Buffer.from(lesbar)]
    }),
  )
}

/** The rectangle the cells span, by their own addresses ("AB12") and those of the rows. */
function countZellen(xml: string): number {
  let [zeilen, spalten, ohne] = [0, 0, 0]
  for (const [, buchstaben, ziffern] of xml.matchAll(/<(?:row|c)\b[^>]*?\br\s*=\s*["']\s*([A-Z]*)(\d*)/gi)) {
    if (ziffern) zeilen = Math.max(zeilen, Number(ziffern))
    if (buchstaben) spalten = Math.max(spalten, toSpalte(buchstaben))
    ohne++
  }
  return Math.max(zeilen * Math.max(spalten, 1), ohne)
}

function toSpalte(buchstaben: string): number {
  return [...buchstaben.toUpperCase()].reduce((summe, zeichen) => summe * 26 + zeichen.charCodeAt(0) - 64, 0)
}

type Zelle = string | number | boolean | Date | null

function toText(zelle: Zelle): string {
  if (zelle === null) return ''
  if (typeof zelle === 'string') return toZelle(zelle)
  if (typeof zelle === 'boolean') return zelle ? 'ja' : 'nein'
  if (zelle instanceof Date) return Number.isNaN(zelle.getTime()) ? '' : zelle.toISOString().slice(0, 10)
  if (Number.isInteger(zelle)) return Math.abs(zelle) < 1e15 ? String(zelle) : zelle.toExponential(14).replace('.', ',')
  return String(Math.round(zelle * 100) / 100).replace('.', ',')
}

async function collect(stuecke: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const teile: Uint8Array[] = []
  let laenge = 0
  for await (const stueck of stuecke) {
    laenge += stueck.length
    if (laenge > HOECHSTENS_BYTES) throw new Unlesbar(ZU_GROSS)
    teile.push(stueck)
  }
  return Buffer.concat(teile)
}
