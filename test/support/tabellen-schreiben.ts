/** Tables in tests: CSV as programs write it, and workbooks of the parts Excel writes. */
import { zip } from '../../imports/excel-zip.ts'

export function toCsv(zeilen: readonly (readonly string[])[], trennzeichen = ';', ende = '\r\n'): string {
  const zelle = (text: string): string => (/["\r\n]/.test(text) || text.includes(trennzeichen) ? `"${text.replaceAll('"', '""')}"` : text)
  return zeilen.map((zeile) => zeile.map(zelle).join(trennzeichen) + ende).join('')
}

export type Zellwert = string | number | boolean | Date | { fehler: string } | null

/** Sheets by name; dates are cells of format 14 (TT.MM.JJJJ). */
export function toXlsx(blaetter: Record<string, readonly (readonly Zellwert[])[]>): Buffer {
  const namen = Object.keys(blaetter)
  const teile = new Map<string, string>([
    ['[Content_Types].xml', `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`],
    [
      'xl/workbook.xml',
      `${XML}<workbook ${MAIN} ${REL}><sheets>${namen.map((name, i) => `<sheet name="${escape(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${namen.map((_, i) => `<Relationship Id="rId${i + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}</Relationships>`,
    ],
    [
      'xl/styles.xml',
      `${XML}<styleSheet ${MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ],
    ...Object.values(blaetter).map((zeilen, i) => [`xl/worksheets/sheet${i + 1}.xml`, toSheet(zeilen)] as const),
  ])
  return zip(new Map([...teile].map(([name, text]) => [name, Buffer.from(text)])))
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const REL = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

export function toSheet(zeilen: readonly (readonly Zellwert[])[]): string {
  const reihen = zeilen.map((zellen, z) => `<row r="${z + 1}">${zellen.map((wert, s) => toZelle(wert, `${spalte(s)}${z + 1}`)).join('')}</row>`)
  return `${XML}<worksheet ${MAIN}><sheetData>${reihen.join('')}</sheetData></worksheet>`
}

function toZelle(wert: Zellwert, ort: string): string {
  if (wert === null || wert === '') return ''
  if (typeof wert === 'number') return `<c r="${ort}"><v>${wert}</v></c>`
  if (typeof wert === 'boolean') return `<c r="${ort}" t="b"><v>${wert ? 1 : 0}</v></c>`
  if (wert instanceof Date) return `<c r="${ort}" s="1"><v>${wert.getTime() / 86_400_000 + 25_569}</v></c>`
  if (typeof wert === 'object') return `<c r="${ort}" t="e"><v>${wert.fehler}</v></c>`
  return `<c r="${ort}" t="inlineStr"><is><t xml:space="preserve">${escape(wert)}</t></is></c>`
}

function spalte(nummer: number): string {
  return nummer < 26 ? String.fromCharCode(65 + nummer) : spalte(Math.floor(nummer / 26) - 1) + spalte(nummer % 26)
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (zeichen) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[zeichen]!)
}
