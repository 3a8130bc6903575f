/** A Betrieb with one Vermittler, one customer and a running worker: Fälle are opened as the night does (no night runs here), clicked as Anna does. */
import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { WorkflowHandle } from '@temporalio/client'
import { type Antwort, type Auftrag, type Trx, insertOutbox, rowToStand } from '../../db/faelle.ts'
import type { FallTable, VorgangTable } from '../../db/schema.ts'
import type { WorkerConfig } from '../../worker.ts'
import { fallId } from '../../domain/messages.ts'
import { type TestDatabase, createTestDatabase } from './datenbank.ts'
import { type TestNamespace, type TestWorker, createTestNamespace, startTestWorker } from './temporal.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from './welt.ts'

export interface FallWelt {
  database: TestDatabase
  namespace: TestNamespace
  /** Undefined before `startWorker`. */
  worker: TestWorker | undefined
  betrieb: number
  anna: { id: number; token: string; email: string }
  kunde: number
  startWorker(config?: Partial<WorkerConfig>): Promise<TestWorker>
  stopWorker(): Promise<void>
  /** Rows and outbox of so many Fälle. */
  openFaelle(n: number): Promise<number[]>
  openFall(): Promise<number>
  klick(fall: number): Auftrag
  asAnna(work: (db: Trx) => Promise<Antwort>): Promise<Antwort>
  /** As the night's set statement closes it. */
  closeByNight(fall: number): Promise<void>
  readFall(fall: number): Promise<Selectable<FallTable>>
  listVorgaenge(fall: number): Promise<Selectable<VorgangTable>[]>
  /** Events in order, with who brought them and their codes. */
  listProtokoll(fall: number): Promise<Record<string, unknown>[]>
  handle(fall: number, gevo?: string): WorkflowHandle
  /** Search attributes and status as Temporal shows them. */
  shown(fall: number, gevo?: string): Promise<Record<string, unknown>>
  close(): Promise<void>
}

/** Waiting Fälle in the test of an upgrade; `npm run chaos -- aufstieg` asks for a thousand. */
export const AUFSTIEG_FAELLE = Number(process.env['AUFSTIEG_FAELLE'] ?? 60)

export const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString()

export async function createFallWelt(address?: string): Promise<FallWelt> {
  const database = await createTestDatabase()
  const namespace = await createTestNamespace(address)
  const betrieb = await insertBetrieb(database.owner, { anlauf_am: null })
  const anna = await insertVermittler(database.owner, betrieb)
  const kunde = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
  let worker: TestWorker | undefined
  let schluessel = 0

  const openFall = async (): Promise<number> => {
    const nr = await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde }, { schluessel: `k${++schluessel}` })
    const stand = { epoch: 1, version: 1, status: 'OFFEN', erinnerungAm: null, offeneVorgaenge: 0 } as const
    await database.worker.transaction().execute((db) => insertOutbox(db, { betrieb, fall: nr, signal: null, stand }))
    return nr
  }
  const handle = (nr: number, gevo = 'G01'): WorkflowHandle => namespace.client.workflow.getHandle(fallId(gevo, nr))
  const stopWorker = async (): Promise<void> => {
    await worker?.stop()
    worker = undefined
  }

  return {
    database,
    namespace,
    get worker() {
      return worker
    },
    betrieb,
    anna,
    kunde,
    startWorker: async (config = {}) => (worker = await startTestWorker({ database, namespace, ...config })),
    stopWorker,
    openFall,
    openFaelle: (n) => Promise.all(Array.from({ length: n }, openFall)),
    klick: (fall) => ({ fall, betrieb, aktion: randomUUID(), quelle: 'KLICK', person: anna.id }),
    asAnna: async (work) => (await database.web.withSession(anna.token, work))!,
    closeByNight: async (nr) => {
      const row = await database.owner
        .updateTable('fall')
        .set((eb) => ({ status: 'GESCHLOSSEN', version: eb('version', '+', 1) }))
        .where('id', '=', nr)
        .returningAll()
        .executeTakeFirstOrThrow()
      await database.worker.transaction().execute((db) => insertOutbox(db, { betrieb, fall: nr, signal: 'closed', stand: rowToStand(row) }))
    },
    readFall: (nr) => database.owner.selectFrom('fall').selectAll().where('id', '=', nr).executeTakeFirstOrThrow(),
    listVorgaenge: (nr) => database.owner.selectFrom('vorgang').selectAll().where('fall_id', '=', nr).orderBy('id').execute(),
    listProtokoll: async (nr) => {
      const rows = await database.owner
        .selectFrom('protokoll')
        .select(['ereignis', 'quelle', 'codes'])
        .where('fall_id', '=', nr)
        .orderBy('id')
        .execute()
      return rows.map(({ codes, ...row }) => ({ ...codes, ...row }))
    },
    handle,
    shown: async (nr, gevo) => {
      const { status, typedSearchAttributes } = await handle(nr, gevo).describe()
      return { ...Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])), status: status.name }
    },
    close: async () => {
      await stopWorker()
      await namespace.close()
      await database.drop()
    },
  }
}
