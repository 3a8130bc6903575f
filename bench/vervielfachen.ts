/** A portfolio ten times as large without making up as many people: the same again, under other numbers, set by set. */
import { sql } from 'kysely'
import type { Trx } from '../db/faelle.ts'
import type { Db } from '../db/verbindung.ts'

/** In the order in which they refer to each other. */
const TABELLEN = ['haushalt', 'kunde', 'kundennummer', 'vertrag', 'beziehung', 'einwilligung', 'kontakt', 'portalzugang']
/** Columns that name a row of another table. */
const VERWEISE: Record<string, string> = {
  haushalt_id: 'haushalt',
  kunde_id: 'kunde',
  zu_kunde_id: 'kunde',
  versicherte_person_id: 'kunde',
  vertrag_id: 'vertrag',
  einwilligung_id: 'einwilligung',
}
/** What has to differ within a Betrieb. */
const NUMMERN = ['nummer', 'vsnr', 'vsnr_norm']

/** Afterwards the Betrieb has `mal` times as many customers and contracts. As the owner, with nobody else at work. */
export async function multiply(owner: Db, betrieb: number, mal: number): Promise<void> {
  await owner.transaction().execute(async (trx) => {
    await sql`SET LOCAL maintenance_work_mem = '512MB'`.execute(trx)
    const schritt = new Map<string, number>()
    for (const tabelle of TABELLEN) schritt.set(tabelle, await span(trx, tabelle, betrieb))
    for (const tabelle of TABELLEN) await withoutIndexes(trx, tabelle, () => copyRows(trx, tabelle, { betrieb, mal, schritt }))
  })
}

/** So far apart are the copies of a row: ids of a Betrieb stand together, and nobody's come after them. 0 where rows have no id. */
async function span(trx: Trx, tabelle: string, betrieb: number): Promise<number> {
  if (!(await columns(trx, tabelle)).includes('id')) return 0
  const { rows } = await sql<{
    n: number
  }>`SELECT coalesce(max(id) - min(id), 0) + 1 AS n FROM ${sql.table(tabelle)} WHERE betrieb_id = ${betrieb}`.execute(trx)
  return rows[0]!.n
}

async function copyRows(trx: Trx, tabelle: string, { betrieb, mal, schritt }: { betrieb: number; mal: number; schritt: Map<string, number> }) {
  const spalten = await columns(trx, tabelle)
  const werte = spalten.map((name) => {
    const spalte = sql.ref(`s.${name}`)
    if (NUMMERN.includes(name)) return sql`${spalte} || 'X' || m.i`
    const abstand = schritt.get(name === 'id' ? tabelle : (VERWEISE[name] ?? '')) ?? 0
    return abstand === 0 ? spalte : sql`${spalte} + m.i * ${sql.lit(abstand)}`
  })
  await sql`INSERT INTO ${sql.table(tabelle)} (${sql.join(spalten.map((name) => sql.ref(name)))}) OVERRIDING SYSTEM VALUE
    SELECT ${sql.join(werte)} FROM ${sql.table(tabelle)} s, generate_series(1, ${mal - 1}::int) m(i) WHERE s.betrieb_id = ${betrieb}`.execute(trx)
  if (schritt.get(tabelle) !== 0)
    await sql`SELECT setval(pg_get_serial_sequence(${tabelle}, 'id'), (SELECT max(id) FROM ${sql.table(tabelle)}))`.execute(trx)
}

async function columns(trx: Trx, tabelle: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`SELECT column_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = ${tabelle} AND is_generated = 'NEVER' ORDER BY ordinal_position`.execute(trx)
  return rows.map(({ name }) => name)
}

/** Indexes that keep nothing unique are made anew afterwards, at once instead of row by row. */
async function withoutIndexes(trx: Trx, tabelle: string, work: () => Promise<void>): Promise<void> {
  const { rows } = await sql<{ name: string; definition: string }>`
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
    WHERE indrelid = ${tabelle}::regclass AND NOT indisunique`.execute(trx)
  for (const { name } of rows) await sql`DROP INDEX ${sql.table(name)}`.execute(trx)
  await work()
  for (const { definition } of rows) await sql.raw(definition).execute(trx)
}
