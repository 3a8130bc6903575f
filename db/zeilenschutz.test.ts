import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Buero, insertBuero } from '../test/support/buero.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'
import type { Schema } from './schema.ts'

/** Every table that belongs to a Betrieb; what hangs on a customer belongs to a portfolio too. */
const DES_BESTANDS = [
  'kunde',
  'kundennummer',
  'beziehung',
  'vertrag',
  'einwilligung',
  'portalzugang',
  'fall',
  'vorgang',
  'mail',
  'kontakt',
  'dokumentation',
  'protokoll',
] as const
const DES_BETRIEBS = [
  'vermittler',
  'versicherer',
  'agenturnummer',
  'regel',
  'regel_stand',
  'altbestand',
  'altbestand_schluessel',
  'haushalt',
  'nachtlauf',
  'nachtlauf_gevo',
  'aktion',
  'outbox',
  'import',
] as const

let database: TestDatabase
let lindner: Buero
let fremd: Buero

beforeAll(async () => {
  database = await createTestDatabase()
  lindner = await insertBuero(database.owner, 'lindner')
  fremd = await insertBuero(database.owner, 'fremd')
})
afterAll(() => database.drop())

/** Betriebe of the rows a session sees in a table, with no filter at all. `outbox` may only be written to. */
async function seen(token: string, table: keyof Schema): Promise<number[]> {
  const rows = await database.web.withSession(
    token,
    async (db) => (await sql<{ betrieb_id: number }>`SELECT betrieb_id FROM ${sql.table(table)}`.execute(db)).rows,
  )
  return rows!.map((row) => row.betrieb_id)
}

test.each(DES_BESTANDS)(
  '%s without any filter: a Vermittler sees the own portfolio, the Supervisor the Betrieb, nobody another one',
  async (table) => {
    const [anna, ben, karin] = await Promise.all([lindner.anna, lindner.ben, lindner.karin].map(({ token }) => seen(token, table)))
    expect(new Set([...anna!, ...ben!, ...karin!])).toEqual(new Set([lindner.betrieb]))
    expect(anna!.length).toBeGreaterThan(0)
    expect(karin!.length).toBe(anna!.length + ben!.length)
  },
)

test.each(DES_BETRIEBS.filter((table) => table !== 'outbox'))('%s without any filter: only the own Betrieb', async (table) => {
  expect(new Set(await seen(lindner.karin.token, table))).toEqual(new Set([lindner.betrieb]))
})

test('messages to Temporal can be written by the web, not read', async () => {
  await expect(seen(lindner.karin.token, 'outbox')).rejects.toThrow('permission denied')
})

test('imports and settings are the Supervisor’s', async () => {
  expect(await seen(lindner.anna.token, 'import')).toEqual([])
  const changed = await database.web.withSession(lindner.anna.token, (db) => db.updateTable('regel').set({ an: false }).executeTakeFirst())
  expect(changed!.numUpdatedRows).toBe(0n)
})

test('rows cannot be written into another Betrieb', async () => {
  const insert = database.web.withSession(lindner.karin.token, (db) => db.insertInto('haushalt').values({ betrieb_id: fremd.betrieb }).execute())
  await expect(insert).rejects.toThrow('row-level security')
})

test('what was recorded cannot be changed or taken out, by the web or the worker', async () => {
  for (const table of ['protokoll', 'kontakt', 'dokumentation'] as const) {
    await expect(database.web.withSession(lindner.karin.token, (db) => db.deleteFrom(table).execute())).rejects.toThrow('permission denied')
    await expect(database.worker.updateTable(table).set({ betrieb_id: 1 }).execute()).rejects.toThrow('permission denied')
    await expect(database.worker.deleteFrom(table).execute()).rejects.toThrow('permission denied')
  }
})

test('no session, an expired one and a deactivated person see nothing', async () => {
  expect(await database.web.withSession('gibt-es-nicht', async () => 'drin')).toBeUndefined()
  const [alt, weg] = [
    await insertVermittler(database.owner, lindner.betrieb),
    await insertVermittler(database.owner, lindner.betrieb, { aktiv: false }),
  ]
  await sql`UPDATE auth.sitzung SET laeuft_ab_am = now() - interval '1 second' WHERE id = sha256(convert_to(${alt.token}, 'UTF8'))`.execute(
    database.owner,
  )
  expect(await database.web.withSession(alt.token, async () => 'drin')).toBeUndefined()
  expect(await database.web.withSession(weg.token, async () => 'drin')).toBeUndefined()
  expect(await database.web.withoutSession(async (db) => (await db.selectFrom('kunde').select('id').execute()).length)).toBe(0)
})

test('a Kunde is handed over with Fälle and Vorgänge, and only within the Betrieb', async () => {
  const kunde = await insertKunde(database.owner, { betrieb: lindner.betrieb, vermittler: lindner.anna.id })
  const fall = await insertFall(database.owner, { betrieb: lindner.betrieb, vermittler: lindner.anna.id, kunde })
  const zuordnen = (token: string, neu: number) => database.web.withSession(token, (db) => sql`SELECT kunde_zuordnen(${kunde}, ${neu})`.execute(db))
  await expect(zuordnen(fremd.karin.token, fremd.anna.id)).rejects.toThrow('KUNDE_UNBEKANNT')
  await expect(zuordnen(lindner.karin.token, fremd.anna.id)).rejects.toThrow('VERMITTLER_UNBEKANNT')
  await zuordnen(lindner.anna.token, lindner.ben.id)
  const row = await database.owner.selectFrom('fall').select('vermittler_id').where('id', '=', fall).executeTakeFirstOrThrow()
  expect(row.vermittler_id).toBe(lindner.ben.id)
})
