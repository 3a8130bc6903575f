import { readFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

test('schema.ts names exactly the columns of the migrated database, and which may be empty', async () => {
  const { rows } = await sql<{ tabelle: string; spalten: string[] }>`
    SELECT table_name AS tabelle, array_agg(column_name || CASE WHEN is_nullable = 'YES' THEN '?' ELSE '' END ORDER BY ordinal_position) AS spalten
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'kysely_%' GROUP BY 1 ORDER BY 1`.execute(database.owner)
  const migrated = Object.fromEntries(rows.map((row) => [row.tabelle, [...row.spalten].sort()]))
  expect(readSchema()).toEqual(migrated)
})

test('every table of a Betrieb forces row-level security', async () => {
  const { rows } = await sql<{ tabelle: string }>`
    SELECT c.relname AS tabelle FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
    ORDER BY 1`.execute(database.owner)
  expect(rows.map((row) => row.tabelle)).toEqual(['installation', 'kysely_migration', 'kysely_migration_lock'])
})

/** Table → columns as schema.ts declares them, "?" where null is allowed. */
function readSchema(): Record<string, string[]> {
  const source = readFileSync(path.join(import.meta.dirname, 'schema.ts'), 'utf8')
  const interfaces = new Map([...source.matchAll(/export interface (\w+Table) \{\n([^}]*)\n\}/g)].map(([, name, body]) => [name!, body!]))
  const schema = /export interface Schema \{\n([^}]*)\n\}/.exec(source)![1]!
  return Object.fromEntries(
    [...schema.matchAll(/^ {2}(\w+): (\w+)$/gm)].map(([, table, name]) => {
      const felder = [...interfaces.get(name!)!.matchAll(/^ {2}(\w+): (.+)$/gm)]
      return [table!, felder.map(([, column, type]) => column! + (/\| null$|<Buffer \| null/.test(type!) ? '?' : '')).sort()]
    }),
  )
}
