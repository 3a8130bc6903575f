/** What opening reads: told by PostgreSQL's own counters, not by time. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { runNacht } from '../test/support/nacht.ts'
import { seedDemo } from './demo/demo.ts'

const HEUTE = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

test('the first night of an office, whose table of Fälle was known to be empty, does not read it whole for each new one', async () => {
  await seedDemo(database.owner, { heute: HEUTE, passwort: '', logins: false })
  await sql`VACUUM ANALYZE fall`.execute(database.owner)
  const vorher = await gelesen()
  await runNacht(database.worker, HEUTE)
  const { n } = await database.owner
    .selectFrom('fall')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  expect(n).toBeGreaterThan(400)
  expect((await gelesen()) - vorher).toBeLessThan(20 * n)
})

/** Rows of `fall` read by going through all of it. */
async function gelesen(): Promise<number> {
  // What a connection has counted is told when it says so, at the latest when it ends.
  for (const db of [database.worker, database.owner]) await sql`SELECT pg_stat_force_next_flush()`.execute(db)
  const { rows } = await sql<{ n: number }>`SELECT seq_tup_read AS n FROM pg_stat_user_tables WHERE relid = 'fall'::regclass`.execute(database.owner)
  return rows[0]!.n
}
