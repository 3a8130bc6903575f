import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import type { WebDb } from './sitzung.ts'
import { listBetreuer, listVermittler } from './zuordnung.ts'

let database: TestDatabase
let karin: { id: number; token: string }
let max: number

/** Anna and the locked Max look after 5,000 customers each; the locked Olga after nobody; Ferdinand of another Betrieb after 5,000. */
beforeAll(async () => {
  database = await createTestDatabase()
  const { owner } = database
  const betrieb = await insertBetrieb(owner)
  karin = await insertVermittler(owner, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
  const anna = await insertVermittler(owner, betrieb)
  max = (await insertVermittler(owner, betrieb, { vorname: 'Max', name: 'Muster', aktiv: false })).id
  await insertVermittler(owner, betrieb, { vorname: 'Olga', name: 'Ohne', aktiv: false })
  const fremd = await insertBetrieb(owner)
  const ferdinand = await insertVermittler(owner, fremd, { aktiv: false })
  for (const [wo, wer] of [
    [betrieb, anna.id],
    [betrieb, max],
    [fremd, ferdinand.id],
  ])
    await sql`INSERT INTO kunde (betrieb_id, vermittler_id, nummer, art, name)
      SELECT ${wo}, ${wer}, ${wer} || '-' || i, 'NATUERLICH', 'Viele' FROM generate_series(1, 5000) i`.execute(owner)
  await sql`ANALYZE kunde, vermittler`.execute(owner)
})
afterAll(() => database.drop())

test('a filter names the locked who have customers still; a customer is handed to the others only', async () => {
  const [betreuer, vermittler] = (await database.web.withSession(
    karin.token,
    async (db) => [await listBetreuer(db), await listVermittler(db)] as const,
  ))!
  expect(betreuer.map(({ vorname, aktiv }) => [vorname, aktiv])).toEqual([
    ['Karin', true],
    ['Anna', true],
    ['Max', false],
  ])
  expect(vermittler.map(({ vorname }) => vorname)).toEqual(['Karin', 'Anna'])
})

test('whether a locked person has customers is found by the index, with no look at the others', async () => {
  const gelesen = async (db: WebDb): Promise<Record<'ganz' | 'gesucht' | 'geholt', number>> => {
    const { rows } = await sql<Record<'ganz' | 'gesucht' | 'geholt', number>>`
      SELECT seq_scan AS ganz, idx_scan AS gesucht, idx_tup_fetch AS geholt FROM pg_stat_xact_user_tables WHERE relname = 'kunde'`.execute(db)
    return rows[0]!
  }
  const [vorher, nachher] = (await database.web.withSession(karin.token, async (db) => {
    const davor = await gelesen(db)
    await listBetreuer(db)
    return [davor, await gelesen(db)]
  }))!
  expect(nachher).toEqual({ ganz: vorher!.ganz, gesucht: vorher!.gesucht + 2, geholt: vorher!.geholt + 1 })
})
