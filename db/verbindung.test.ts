import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { gemeinsam } from './gemeinsam.ts'
import type { Trx } from './faelle.ts'
import { type Db, createDb, createPool, withPipeline } from './verbindung.ts'

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

describe('the transaction of a click', () => {
  let pool: ReturnType<typeof createPool>
  beforeAll(async () => {
    pool = createPool(database.url('vm_web'), 'vm_web', { max: 1 })
    await sql`CREATE TABLE zettel (nr int PRIMARY KEY); GRANT ALL ON zettel TO vm_web`.execute(database.owner)
  })
  afterAll(() => pool?.end())
  beforeEach(() => sql`TRUNCATE zettel`.execute(database.owner))

  const schreibe = (trx: Trx, nr: number) => sql`INSERT INTO zettel VALUES (${nr})`.execute(trx)
  const zettel = async (): Promise<number[]> => {
    const { rows } = await sql<{ nr: number }>`SELECT nr FROM zettel ORDER BY nr`.execute(database.owner)
    return rows.map(({ nr }) => nr)
  }

  test('what is asked together is answered in its order, and committed', async () => {
    const antworten = await withPipeline(pool, (trx) =>
      gemeinsam(
        [1, 2, 3].map((nr) =>
          sql<{ nr: number }>`INSERT INTO zettel VALUES (${nr}) RETURNING nr, (SELECT count(*) FROM zettel) AS davor`.execute(trx),
        ),
      ),
    )
    expect(antworten.map(({ rows }) => rows[0])).toEqual([1, 2, 3].map((nr) => ({ nr, davor: nr - 1 })))
    expect(await zettel()).toEqual([1, 2, 3])
  })

  test('one that fails takes the others back and is the one that is told, also when another was asked first', async () => {
    const zweiSchritte = async (trx: Trx): Promise<void> => {
      await schreibe(trx, 1)
      await schreibe(trx, 2)
    }
    await expect(withPipeline(pool, (trx) => gemeinsam([zweiSchritte(trx), schreibe(trx, 1), schreibe(trx, 3)]))).rejects.toMatchObject({
      code: '23505',
    })
    expect(await zettel()).toEqual([])
    await withPipeline(pool, (trx) => schreibe(trx, 4))
    expect(await zettel()).toEqual([4])
  })

  test('what is asked after its end is refused: it would stand alone, or in the next one', async () => {
    let spaet: Promise<unknown> | undefined
    const nachzuegler = async (trx: Trx): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      await schreibe(trx, 1)
    }
    await withPipeline(pool, async (trx) => {
      spaet = nachzuegler(trx)
      spaet.catch(() => undefined)
      await schreibe(trx, 2)
    })
    await withPipeline(pool, (trx) => sql`SELECT pg_sleep(0.2)`.execute(trx))
    await expect(spaet).rejects.toThrow('zu Ende')
    expect(await zettel()).toEqual([2])
  })

  test('no second one begins within it: its end would be the end of both', async () => {
    const zweite = withPipeline(pool, async (trx) => {
      await schreibe(trx, 1)
      await (trx as Db).transaction().execute((innen) => schreibe(innen, 2))
    })
    await expect(zweite).rejects.toThrow('keine zweite')
    expect(await zettel()).toEqual([])
  })

  test('an error that nobody passed on does not end as saved', async () => {
    const verschwiegen = withPipeline(pool, async (trx) => {
      await schreibe(trx, 1)
      await schreibe(trx, 1).catch(() => undefined)
    })
    await expect(verschwiegen).rejects.toThrow('abgebrochen')
    expect(await zettel()).toEqual([])
  })

  test('a connection that the server ends is not used again', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown): void => void unhandled.push(error)
    process.on('unhandledRejection', note)
    const anderer = createPool(database.url('vm_web'), 'vm_web', { max: 1 })
    try {
      const tot = withPipeline(pool, async (trx) => {
        const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(trx)
        const ende = anderer.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid])
        await gemeinsam([sql`SELECT pg_sleep(5)`.execute(trx), schreibe(trx, 1), schreibe(trx, 2), ende])
      })
      await expect(tot).rejects.toMatchObject({ code: '57P01' })
      await withPipeline(pool, (trx) => schreibe(trx, 3))
      expect(await zettel()).toEqual([3])
      expect(unhandled).toEqual([])
    } finally {
      process.off('unhandledRejection', note)
      await anderer.end()
    }
  })
})

test('elsewhere too nothing is asked any more when the transaction is rolled back', async () => {
  await sql`CREATE TABLE blatt (nr int PRIMARY KEY); GRANT ALL ON blatt TO vm_worker`.execute(database.owner)
  const schreibe = (trx: Trx, nr: number) => sql`INSERT INTO blatt VALUES (${nr})`.execute(trx)
  const work = database.worker.transaction().execute(async (trx) => {
    await schreibe(trx, 1)
    await gemeinsam([schreibe(trx, 1), schreibe(trx, 2), schreibe(trx, 3)])
  })
  await expect(work).rejects.toMatchObject({ code: '23505' })
  expect((await sql`SELECT nr FROM blatt`.execute(database.owner)).rows).toEqual([])
})
