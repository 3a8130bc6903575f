/** What holding back in bulk reads: told by PostgreSQL's own counters, not by time. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import keinKontakt from '../gevos/kein-kontakt.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertVermittler } from '../test/support/welt.ts'
import { insertAltbestand, listAltbestand, undoAltbestand } from './altbestand.ts'
import { seedDemo } from './demo/demo.ts'
import type { Person, WebDb } from './sitzung.ts'
import { mitGeduld } from './geduld.ts'
import { countVorschau } from './vorschau.ts'

const HEUTE = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

test('what was looked through is read once for a preview, not once for each finding, however often it was marked and taken back', async () => {
  const { betrieb } = await seedDemo(database.owner, { heute: HEUTE, passwort: '', logins: false })
  const { token } = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
  const als = <T>(work: (db: WebDb, person: Person) => Promise<T>) => database.web.withSession(token, work) as Promise<T>
  const mark = () =>
    als((db, person) => mitGeduld(db, () => insertAltbestand(db, keinKontakt, { person, stichtag: HEUTE, bis: '2027-11-23', grund: 'Papierakten' })))
  for (let i = 0; i < 5; i++) {
    await mark()
    await als(async (db, person) => undoAltbestand(db, person, keinKontakt.code, (await listAltbestand(db, keinKontakt.code))[0]!.id))
  }
  const n = (await mark())!
  expect(n).toBeGreaterThan(400)

  const vorher = await gelesen()
  const zahl = await als(async (db, person) => {
    const gezaehlt = await countVorschau(db, keinKontakt, { person, stichtag: HEUTE })
    await sql`SELECT pg_stat_force_next_flush()`.execute(db)
    return gezaehlt
  })
  expect(zahl!.zahlen).toMatchObject({ NEU: 0, GEPRUEFT: n })
  const neu = (await gelesen()) - vorher
  expect(neu).toBeGreaterThanOrEqual(n)
  expect(neu).toBeLessThan(20 * n)
})

/** Rows of `altbestand_schluessel` read, in whatever way. */
async function gelesen(): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS n FROM pg_stat_user_tables
    WHERE relid = 'altbestand_schluessel'::regclass`.execute(database.owner)
  return rows[0]!.n
}
