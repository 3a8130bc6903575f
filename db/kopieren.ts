/** Rows by COPY: the fastest way in. https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS-TEXT */
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Leitung } from './verbindung.ts'

/** Objects and arrays go in as JSON. */
export type Wert = string | number | boolean | object | null | undefined

/** Throws what PostgreSQL says of a row; the transaction is over then. */
export async function copyRows(
  client: Leitung['client'],
  tabelle: string,
  spalten: readonly string[],
  zeilen: readonly (readonly Wert[])[],
): Promise<void> {
  return copyLines(client, tabelle, spalten, zeilen.map(toLine))
}

/** The same for rows that are lines already (`toLine`). */
export async function copyLines(client: Leitung['client'], tabelle: string, spalten: readonly string[], zeilen: readonly string[]): Promise<void> {
  const ziel = `${pg.escapeIdentifier(tabelle)} (${spalten.map(pg.escapeIdentifier).join(', ')})`
  const copy = client.query(copyFrom(`COPY ${ziel} FROM STDIN`))
  // Whoever waits for the end is told.
  copy.on('error', () => undefined)
  if (!copy.write(zeilen.join(''))) await Promise.race([once(copy, 'drain'), finished(copy)])
  copy.end()
  await finished(copy)
}

export function toLine(werte: readonly Wert[]): string {
  return `${werte.map(toCopy).join('\t')}\n`
}

/** PostgreSQL knows no NUL in a text. */
function toCopy(wert: Wert): string {
  if (wert === null || wert === undefined) return '\\N'
  const text = typeof wert === 'string' ? wert : typeof wert === 'object' ? JSON.stringify(wert) : String(wert)
  return /[\\\t\n\r\0]/.test(text) ? text.replace(/[\\\t\n\r\0]/g, (zeichen) => ESCAPES[zeichen]!) : text
}
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '' }
