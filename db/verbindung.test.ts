import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from 'kysely'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { createDb, createPool } from './verbindung.ts'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database?.drop())

test('a connection in use that the server ends between two statements ends its transaction, not the process', async () => {
  const db = createDb(createPool(database.url('vm_worker'), 'vm_worker', { max: 1 }))
  const unhandled: unknown[] = []
  const note = (error: unknown): void => void unhandled.push(error)
  process.on('uncaughtException', note)
  try {
    const work = db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(trx)
      await sql`SELECT pg_terminate_backend(${rows[0]!.pid}::int)`.execute(database.worker)
      // Waits for something else than the database meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 300))
      await sql`SELECT 1`.execute(trx)
    })
    await expect(work).rejects.toThrow()
    expect(unhandled).toEqual([])
    expect((await sql<{ eins: number }>`SELECT 1 AS eins`.execute(db)).rows).toEqual([{ eins: 1 }])
  } finally {
    process.off('uncaughtException', note)
    await db.destroy()
  }
})
