/** A table for Excel: UTF-8 with a mark, semicolons, German headings. */

/** First characters that make a spreadsheet take a text for a formula (OWASP "CSV Injection"): an apostrophe in front keeps it a text. */
const FORMEL = /^[=+\-@\t\r]/

export type Zelle = string | number | null

export function csv(kopf: readonly string[], zeilen: readonly (readonly Zelle[])[]): string {
  return '\uFEFF' + [kopf, ...zeilen].map((zeile) => `${zeile.map(zelle).join(';')}\r\n`).join('')
}

/** `name` without ending: letters, digits, hyphens. */
export function csvKopf(name: string): Record<string, string> {
  return { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': `attachment; filename="${name}.csv"` }
}

function zelle(wert: Zelle): string {
  if (wert === null) return ''
  if (typeof wert === 'number') return String(wert)
  const text = FORMEL.test(wert) ? `'${wert}` : wert
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
