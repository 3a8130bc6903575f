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
/** Rows times columns, of all sheets together: gaps are filled with empty cells, and a million of them cost half a gigabyte. */
const HOECHSTENS_ZELLEN = 2_000_000
/** Of all cells together: a text kept once may stand in a million of them. */
const HOECHSTENS_ZEICHEN = 100_000_000
/** What is neither a sheet nor its texts: Excel itself ends at some 65,000 formats. */
const HOECHSTENS_DANEBEN = 10 * 1024 * 1024
/** A tag, or the text between two: a cell of Excel holds 32,767 characters, each of them written in up to six bytes. */
const HOECHSTENS_STUECK = 256 * 1024
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
  let zeichen = 0
  const text = (zelle: Zelle): string => {
    if (typeof zelle === 'string') zeichen += zelle.length
    if (zeichen > HOECHSTENS_ZEICHEN) throw new Unlesbar(ZU_GROSS)
    return toText(zelle)
  }
  return blaetter.map(({ sheet, data }) => ({
    name: sheet,
    zeilen: data.map((zellen, i) => ({ nr: i + 1, zellen: (zellen as Zelle[]).map(text) })),
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
      checkMarkup(inhalt)
      const teil = name.toLowerCase()
      if (!teil.startsWith('xl/worksheets/')) {
        if (teil !== 'xl/sharedstrings.xml' && inhalt.length > HOECHSTENS_DANEBEN) throw new Unlesbar(ZU_GROSS)
        return [name, inhalt]
      }
      const xml = inhalt.toString('utf8')
      zellen += countZellen(xml, HOECHSTENS_ZELLEN - zellen)
      const lesbar = xml
        .replace(/(<c\b[^<>]*\bt=)(["'])e\2/g, '$1"str"')
        .replace(/<c\b[^<>]*\bt=(["'])str\1[^<>]*>(?:<f\b[^<>]*\/>|<f\b[^<>]*>[^<]*<\/f>)?<\/c>/g, '')
      return [name, lesbar === xml ? inhalt : Buffer.from(lesbar)]
    }),
  )
}

/** Whoever reads it piece by piece begins an unfinished tag again with each piece: a long one, or one without end, would take hours. */
function checkMarkup(xml: Buffer): void {
  for (let auf = xml.indexOf(AUF); auf >= 0;) {
    const zu = xml.indexOf(ZU, auf)
    const naechstes = xml.indexOf(AUF, auf + 1)
    if (zu < 0 || (naechstes >= 0 && naechstes < zu)) throw new Unlesbar(BESCHAEDIGT)
    if (zu - auf > HOECHSTENS_STUECK || (naechstes < 0 ? xml.length : naechstes) - zu > HOECHSTENS_STUECK) throw new Unlesbar(ZU_GROSS)
    auf = naechstes
  }
}
const AUF = '<'.charCodeAt(0)
const ZU = '>'.charCodeAt(0)

/** The rectangle the cells span, by their own addresses ("AB12") and those of the rows; at least as many as there are rows and cells. */
function countZellen(xml: string, hoechstens: number): number {
  let [zeilen, spalten, gezaehlt] = [0, 0, 0]
  for (const [, buchstaben, ziffern] of xml.matchAll(/<(?:row|c)\b(?:[^<>]*?\br\s*=\s*["']\s*([A-Z]*)(\d*))?/gi)) {
    if (ziffern) zeilen = Math.max(zeilen, Number(ziffern))
    if (buchstaben) spalten = Math.max(spalten, toSpalte(buchstaben))
    gezaehlt = Math.max(gezaehlt + 1, zeilen * Math.max(spalten, 1))
    if (gezaehlt > hoechstens) throw new Unlesbar(ZU_GROSS)
  }
  return gezaehlt
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
