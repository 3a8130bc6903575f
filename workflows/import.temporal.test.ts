import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { importId } from '../domain/messages.ts'
import { type Liefert } from '../db/schema.ts'
import { appendDatei, cancelImport, insertImport, openImport, queueImport } from '../db/importe.ts'
import { startLostImports } from '../db/importe-waechter.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { record, replay } from '../test/support/geschichten.ts'
import { type TestNamespace, type TestWorker, createTestNamespace, eventually, startTestWorker } from '../test/support/temporal.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import { bundleWorkflows } from '../bin/workflow-bundle.ts'

const MUSTER = readFileSync(path.join(import.meta.dirname, '../test/daten/gdv/musterdatei_2009.txt'))

let database: TestDatabase
let namespace: TestNamespace
let worker: TestWorker
let betrieb: number
let karin: { id: number; token: string }

beforeAll(async () => {
  database = await createTestDatabase()
  namespace = await createTestNamespace()
  worker = await startTestWorker({ database, namespace })
})
afterAll(async () => {
  await worker?.stop()
  await namespace?.close()
  await database?.drop()
})
beforeEach(async () => {
  betrieb = await insertBetrieb(database.owner)
  karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
})

const put = (...dateien: { name: string; bytes: Uint8Array; liefert?: Liefert }[]) =>
  database.web.withSession(karin.token, (db) => insertImport(db, { betrieb, person: karin.id, dateien })) as Promise<number[]>
const row = (id: number) => database.owner.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const ends = (id: number, status: string) => eventually(async () => expect(await row(id)).toMatchObject({ status }), 60_000)
const kunden = async () => (await database.owner.selectFrom('kunde').select('id').where('betrieb_id', '=', betrieb).execute()).length

test('what a Supervisor uploads is taken over by the worker, several files one after the other', async () => {
  const ids = await put({ name: 'a.gdv', bytes: MUSTER }, { name: 'b.gdv', bytes: MUSTER })
  for (const id of ids) await ends(id, 'FERTIG')
  expect(await kunden()).toBe(10)
  expect((await row(ids[0]!)).zaehler).toMatchObject({ kundenNeu: 10, vertraegeNeu: 15 })
  expect((await row(ids[1]!)).zaehler).toMatchObject({ kundenNeu: 0, vertraegeUnveraendert: 15 })
  const handle = namespace.client.workflow.getHandle(importId(ids[0]!, 1))
  expect(await handle.result()).toBe('FERTIG')
  await replay(await bundleWorkflows(), { name: 'import-uebernommen', history: await record('import-uebernommen', handle) })
})

test('nothing of a delivery is told to Temporal but its number', async () => {
  const [id] = await put({ name: 'Kundin Kitzelpfütze.gdv', bytes: MUSTER })
  await ends(id!, 'FERTIG')
  const history = await eventually(async () => {
    const gelesen = await namespace.client.workflow.getHandle(importId(id!, 1)).fetchHistory()
    expect(gelesen.events!.some(({ workflowExecutionCompletedEventAttributes }) => workflowExecutionCompletedEventAttributes)).toBe(true)
    return gelesen
  })
  const text =
    Buffer.from(JSON.stringify(history)).toString() +
    JSON.stringify(history, (_, wert: unknown) => (wert instanceof Uint8Array ? Buffer.from(wert).toString() : wert))
  expect(text).not.toMatch(/Kitzel|Pollsmann|\.gdv/)
})

test('an import whose workflow was lost is begun again by the watchdog', async () => {
  const id = await database.worker.transaction().execute(async (db) => {
    const eingang = await openImport(db, { betrieb, person: karin.id, name: 'a.gdv' })
    await appendDatei(db, eingang, MUSTER)
    return queueImport(db, eingang, false)
  })
  expect(await startLostImports(database.worker)).toBe(0)
  await database.owner.updateTable('import').set({ status: 'LIEST', bewegt_am: '2026-01-01T00:00:00Z' }).where('id', '=', id).execute()
  expect(await startLostImports(database.worker)).toBe(1)
  await ends(id, 'FERTIG')
  expect(await kunden()).toBe(10)
})

test('a workflow cancelled in Temporal is an import that was cancelled', async () => {
  const [erster] = await put({ name: 'wartet.gdv', bytes: MUSTER })
  await ends(erster!, 'FERTIG')
  // An earlier one under way, so that the next has to wait.
  await database.owner.updateTable('import').set({ status: 'LIEST' }).where('id', '=', erster!).execute()
  const [id] = await put({ name: 'b.gdv', bytes: MUSTER })
  const handle = namespace.client.workflow.getHandle(importId(id!, 1))
  await eventually(async () => expect((await handle.describe()).status.name).toBe('RUNNING'))
  await handle.cancel()
  await ends(id!, 'ABGEBROCHEN')
  await eventually(async () => expect((await handle.describe()).status.name).toMatch(/CANCELLED|FAILED/))
  await replay(await bundleWorkflows(), { name: 'import-abgebrochen', history: await record('import-abgebrochen', handle) })
  const [letzter] = await put({ name: 'c.gdv', bytes: MUSTER })
  expect(await database.web.withSession(karin.token, (db) => cancelImport(db, letzter!))).toBe(true)
  await ends(letzter!, 'ABGEBROCHEN')
})
