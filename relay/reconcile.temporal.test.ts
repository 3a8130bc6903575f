import { afterAll, beforeAll, expect, test } from 'vitest'
import { mailId } from '../domain/messages.ts'
import { type FallWelt, createFallWelt } from '../test/support/faelle.ts'
import { PUBLIC_URL, eventually } from '../test/support/temporal.ts'
import { insertFall } from '../test/support/welt.ts'
import { type Abgleich, reconcile } from './reconcile.ts'
import { startFall } from './temporal.ts'

let welt: FallWelt
beforeAll(async () => {
  welt = await createFallWelt()
  await welt.startWorker()
})
afterAll(() => welt?.close())

let schluessel = 0
/** A row without a workflow, as after the loss of Temporal's file. */
const insertRow = (): Promise<number> =>
  insertFall(welt.database.owner, { betrieb: welt.betrieb, vermittler: welt.anna.id, kunde: welt.kunde }, { schluessel: `k${++schluessel}` })
const status = async (nr: number) => (await welt.shown(nr))['status']
const version = async (nr: number) => (await welt.shown(nr))['VmVersion']
const run = (): Promise<Abgleich> => reconcile({ db: welt.database.worker, client: welt.worker!.client, link: (nr) => `${PUBLIC_URL}/faelle/${nr}` })
const listed = (n: number): Promise<void> =>
  eventually(async () =>
    expect(await welt.namespace.client.workflow.count(`WorkflowType = 'fall' AND ExecutionStatus = 'Running'`)).toMatchObject({ count: n }),
  )

test('a row without its workflow gets one, once, and then all is in line', async () => {
  const nr = await insertRow()
  expect(await run()).toMatchObject({ gestartet: 1, beendet: 0 })
  expect(await status(nr)).toBe('RUNNING')
  await listed(1)
  expect(await run()).toMatchObject({ workflows: 1, gestartet: 0, benachrichtigt: 0, beendet: 0 })
})

test('a workflow that missed a message is told the Stand', async () => {
  const nr = await insertRow()
  await run()
  await listed(2)
  await welt.database.owner.updateTable('fall').set({ version: 7, status: 'IN_ARBEIT' }).where('id', '=', nr).execute()
  expect(await run()).toMatchObject({ gestartet: 0, benachrichtigt: 1 })
  await eventually(async () => expect(await version(nr)).toBe(7))
})

test('a workflow whose row was closed unheard ends, one without a row is terminated', async () => {
  const [closed, gone] = [await insertRow(), await insertRow()]
  await run()
  await listed(4)
  await welt.database.owner.updateTable('fall').set({ version: 2, status: 'GESCHLOSSEN' }).where('id', '=', closed).execute()
  await welt.database.owner.deleteFrom('fall').where('id', '=', gone).execute()
  expect(await run()).toMatchObject({ gestartet: 0, benachrichtigt: 1, beendet: 1 })
  await eventually(async () => expect([await status(closed), await status(gone)]).toEqual(['COMPLETED', 'TERMINATED']))
})

test('a restored backup wins over what Temporal remembers, also over a workflow that had ended', async () => {
  const [back, ended] = [await insertRow(), await insertRow()]
  const set = (nr: number, epoch: number, v: number, s: 'IN_ARBEIT' | 'GESCHLOSSEN') =>
    welt.database.owner.updateTable('fall').set({ epoch, version: v, status: s }).where('id', '=', nr).execute()
  await run()
  await listed(4)
  await set(back, 1, 9, 'IN_ARBEIT')
  await set(ended, 1, 9, 'GESCHLOSSEN')
  await run()
  await eventually(async () => expect([await version(back), await status(ended)]).toEqual([9, 'COMPLETED']))
  await listed(3)

  await set(back, 2, 3, 'IN_ARBEIT')
  await set(ended, 2, 3, 'IN_ARBEIT')
  expect(await run()).toMatchObject({ gestartet: 1, benachrichtigt: 1 })
  await eventually(async () => expect([await version(back), await version(ended)]).toEqual([3, 3]))
})

test('a workflow that is stuck begins anew from its Stand', async () => {
  const nr = await insertRow()
  await run()
  await welt.handle(nr).signal('__temporal_unsinn')
  await welt.database.owner.updateTable('fall').set({ version: 2, status: 'IN_ARBEIT' }).where('id', '=', nr).execute()
  await eventually(async () => expect((await welt.handle(nr).describe()).raw.pendingWorkflowTask?.attempt).toBeGreaterThanOrEqual(4), 60_000)
  expect(await run()).toMatchObject({ gestartet: 1 })
  expect(await version(nr)).toBe(2)
  await welt.handle(nr).signal('replied')
  await eventually(async () => expect(await version(nr)).toBe(3))
})

test('a mail that waits for its workflow gets it', async () => {
  const { id } = await welt.database.owner
    .insertInto('mail')
    .values({ betrieb_id: welt.betrieb, art: 'KUNDE', an: 'a@b.example', betreff: 'x', inhalt: 'y' })
    .returning('id')
    .executeTakeFirstOrThrow()
  expect(await run()).toMatchObject({ mails: 1 })
  await eventually(async () =>
    expect(await welt.database.owner.selectFrom('mail').select('status').where('id', '=', id).executeTakeFirst()).toEqual({ status: 'ABGELEGT' }),
  )
  expect(await welt.namespace.client.workflow.getHandle(mailId(id)).result()).toBe('ABGELEGT')
})

test('started by hand in the Temporal UI it runs as a workflow', async () => {
  const nr = await insertRow()
  const options = { workflowId: 'reconcile', taskQueue: 'nacht', workflowIdConflictPolicy: 'USE_EXISTING' } as const
  expect(await welt.namespace.client.workflow.execute('reconcile', options)).toMatchObject({ gestartet: 1 })
  expect(await status(nr)).toBe('RUNNING')
})

test('a late start of a Fall that has ended does not bring it back', async () => {
  const nr = await insertRow()
  await run()
  await welt.database.owner.updateTable('fall').set({ version: 2, status: 'GESCHLOSSEN' }).where('id', '=', nr).execute()
  await eventually(async () => {
    await run()
    expect(await status(nr)).toBe('COMPLETED')
  })
  const stand = { epoch: 1, version: 1, status: 'OFFEN', erinnerungAm: null, offeneVorgaenge: 0 } as const
  await startFall(welt.worker!.client, { nr, betrieb: welt.betrieb, gevo: 'G01', stand, link: '', signal: null })
  expect(await status(nr)).toBe('COMPLETED')
})
