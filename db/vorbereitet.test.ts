import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import { findAntwort } from './faelle.ts'
import { type WebDatabase, openWebDatabase } from './sitzung.ts'

let database: TestDatabase
let web: WebDatabase
let betrieb: number
let token: string
let supervisor: string

beforeAll(async () => {
  database = await createTestDatabase()
  web = openWebDatabase(database.url('vm_web'), { max: 1 })
  betrieb = await insertBetrieb(database.owner)
  token = (await insertVermittler(database.owner, betrieb)).token
  supervisor = (await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })).token
})
afterAll(async () => {
  await web.close()
  await database.drop()
})

const often = async (zahl: number, texts: string[], wer = token): Promise<string[]> => {
  const prepared = await web.withSession(wer, async (db) => {
    for (let i = 0; i < zahl; i++) {
      await sql`SELECT ${i}::int AS vorbereitet`.execute(db)
      await db.selectFrom('versicherer').selectAll().where('vu_nummer', '=', String(i)).execute()
    }
    const { rows } = await sql<{ statement: string }>`SELECT statement FROM pg_prepared_statements`.execute(db)
    return rows.map(({ statement }) => statement)
  })
  return prepared!.filter((statement) => texts.some((text) => statement.includes(text)))
}

test('what a click asks again and again is planned once per connection', async () => {
  expect(await often(2, ['AS vorbereitet'])).toEqual([])
  expect(await often(8, ['AS vorbereitet'])).toEqual(['SELECT $1::int AS vorbereitet'])
})

test('a Supervisor, who sees the whole Betrieb, is not given the plan of one Vermittler', async () => {
  await often(8, ['AS vorbereitet'])
  expect(await often(1, ['AS vorbereitet'], supervisor)).toEqual(['SELECT $1::int AS vorbereitet', 'SELECT $1::int AS vorbereitet'])
  expect(await often(1, ['AS vorbereitet'])).toHaveLength(2)
})

test('who sees ten times as much is not given the plan of an office that has just begun', async () => {
  const { rows } = await sql<{ id: number }>`INSERT INTO kunde (betrieb_id, vermittler_id, nummer, art, name)
    SELECT ${betrieb}, v.id, 'G-' || i, 'NATUERLICH', 'Groß' FROM generate_series(1, 301) i, vermittler v WHERE v.betrieb_id = ${betrieb} AND v.rolle = 'SUPERVISOR'
    RETURNING id`.execute(database.owner)
  expect(rows).toHaveLength(301)
  const andere = openWebDatabase(database.url('vm_web'), { max: 1 })
  try {
    const neuer = (await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })).token
    const namen = (wer: string) =>
      andere.withSession(wer, async (db) => {
        for (let i = 0; i < 8; i++) await sql`SELECT ${i}::int AS vorbereitet`.execute(db)
        const { rows } = await sql<{
          name: string
        }>`SELECT name FROM pg_prepared_statements WHERE statement LIKE '%AS vorbereitet%' ORDER BY 1`.execute(db)
        return rows.map(({ name }) => name.replace(/^s\d+/, ''))
      })
    expect(await namen(token)).toEqual(['v0'])
    expect(await namen(neuer)).toEqual(['s1', 'v0'])
  } finally {
    await andere.close()
  }
})

test('a column added while the old version still runs refuses nothing', async () => {
  expect(await often(8, ['"versicherer"'])).toEqual([])
  await sql`ALTER TABLE versicherer ADD COLUMN seit_kurzem text`.execute(database.owner)
  const rows = await web.withSession(token, (db) => db.selectFrom('versicherer').selectAll().where('vu_nummer', '=', '1').execute())
  expect(rows).toEqual([])
})

test('a plan made while a table was empty does not read it whole once it is full', async () => {
  await sql`ANALYZE aktion`.execute(database.owner)
  const frage = (): Promise<void> => web.withSession(token, async (db) => void (await findAntwort(db, { betrieb, aktion: 'nummer-77' })))
  for (let i = 0; i < 10; i++) await frage()
  await sql`INSERT INTO aktion (betrieb_id, id) SELECT ${betrieb}, 'nummer-' || i FROM generate_series(1, 2000) i`.execute(database.owner)
  const gelesen = await web.withSession(token, async (db) => {
    await findAntwort(db, { betrieb, aktion: 'nummer-77' })
    const { rows } = await sql<{ n: number }>`
      SELECT seq_tup_read + idx_tup_fetch AS n FROM pg_stat_xact_user_tables WHERE relname = 'aktion'`.execute(db)
    return rows[0]!.n
  })
  expect(gelesen).toBe(1)
})
