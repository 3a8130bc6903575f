/** Every path through every workflow on a real server; its history is replayed at once, and committed when recording. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { WorkflowHandle } from '@temporalio/client'
import type { WorkflowBundle } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentFall } from '../db/dokumentationen.ts'
import { insertMail } from '../db/mails.ts'
import { remindFall } from '../db/vorgaenge.ts'
import { mailId } from '../domain/messages.ts'
import { type FallWelt, createFallWelt, inSeconds } from '../test/support/faelle.ts'
import { record, replay } from '../test/support/geschichten.ts'
import { type FakeResend, startFakeResend } from '../test/support/resend.ts'
import { type TestTemporal, startTestTemporal } from '../test/support/temporal-server.ts'
import { eventually } from '../test/support/temporal.ts'
import { bundleWorkflows } from '../bin/workflow-bundle.ts'

/** So many events and the server suggests to continue as new (else 4,096). */
const FEW_EVENTS = 60

let dir: string
let temporal: TestTemporal
let welt: FallWelt
let resend: FakeResend
let bundle: WorkflowBundle

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'vm-geschichten-'))
  temporal = await startTestTemporal({ file: path.join(dir, 'temporal.db'), dynamic: { 'limit.historyCount.suggestContinueAsNew': FEW_EVENTS } })
  bundle = await bundleWorkflows()
  welt = await createFallWelt(temporal.address)
  resend = await startFakeResend()
  await welt.startWorker({ workflowBundle: bundle, resend: { apiKey: 're_test', baseUrl: resend.baseUrl, from: 'post@lindner.example' } })
})
afterAll(async () => {
  await welt?.close()
  await resend?.close()
  await temporal?.stop()
  rmSync(dir, { recursive: true, force: true })
})

const anruf = { kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT' }
const endIs = (handle: WorkflowHandle, status: string) => eventually(async () => expect((await handle.describe()).status.name).toBe(status))
const versionIs = (nr: number, version: number) => eventually(async () => expect(await welt.shown(nr)).toMatchObject({ VmVersion: version }))

/** What happens to a Fall; the workflow is looked at when it is over. */
const PFADE: Record<string, (nr: number) => Promise<void>> = {
  'fall-bearbeitet': async (nr) => {
    await welt.handle(nr).signal('contacted', anruf)
    await welt.asAnna((db) => remindFall(db, welt.klick(nr), { titel: 'Anrufen', notiz: null, am: inSeconds(2) }))
    await eventually(async () => expect(await welt.listVorgaenge(nr)).toMatchObject([{ status: 'FAELLIG' }]))
    await welt.asAnna((db) =>
      documentFall(db, welt.klick(nr), { ergebnis: 'HINWEIS_GEGEBEN', kanal: null, notiz: null, vorgaenge: 'ERLEDIGT', sperreBis: null }),
    )
    await versionIs(nr, 5)
    await welt.closeByNight(nr)
  },
  'fall-ohne-bearbeitung': async (nr) => welt.closeByNight(nr),
  'fall-verschoben': async (nr) => {
    await welt.handle(nr).signal('reminder', { am: inSeconds(3600) })
    await versionIs(nr, 2)
    await welt.handle(nr).signal('reminder', { am: inSeconds(1) })
    await eventually(async () => expect(await welt.listVorgaenge(nr)).toMatchObject([{ status: 'FAELLIG' }]))
    await welt.handle(nr).signal('reminder', { am: null })
    await versionIs(nr, 5)
    await welt.closeByNight(nr)
  },
  'fall-zurueckgenommen': async (nr) => {
    for (const [name, arg] of [['documented', { ergebnis: 'FEHLBEFUND' }], ['reopened'], ['documented', { ergebnis: 'HINWEIS_GEGEBEN' }]] as const)
      await welt.handle(nr).signal(name, arg)
    await versionIs(nr, 4)
    await welt.handle(nr).signal('closed')
  },
  'fall-unverstanden': async (nr) => {
    await welt.handle(nr).signal('unsinn', { egal: 1 })
    await welt.handle(nr).signal('contacted', null)
    await eventually(async () => expect((await welt.listProtokoll(nr)).length).toBe(2))
    await welt.handle(nr).signal('obsolete')
  },
  'fall-geloescht': async (nr) => {
    await welt.database.owner.deleteFrom('outbox').where('ziel', '=', nr).execute()
    await welt.database.owner.deleteFrom('fall').where('id', '=', nr).execute()
    await welt.handle(nr).signal('replied')
  },
}

test.each(Object.entries(PFADE))('%s', async (name, geht) => {
  const nr = await welt.openFall()
  await eventually(async () => void (await welt.handle(nr).describe()))
  await geht(nr)
  await endIs(welt.handle(nr), 'COMPLETED')
  await replay(bundle, { name, history: await record(name, welt.handle(nr)) })
})

test('a long life continues as new: nothing is lost, hand signals go on counting, the clock stays', async () => {
  const nr = await welt.openFall()
  await eventually(async () => void (await welt.handle(nr).describe()))
  const { runId } = await welt.handle(nr).describe()
  const am = inSeconds(3600)
  await welt.handle(nr).signal('reminder', { am })
  for (let i = 0; i < 40; i += 1) await welt.handle(nr).signal('contacted', anruf)
  await eventually(async () => expect(await welt.readFall(nr)).toMatchObject({ versuche: 40, version: 42 }))
  await versionIs(nr, 42)
  expect(await welt.shown(nr)).toMatchObject({ VmStatus: 'WIEDERVORLAGE', VmFaellig: new Date(am), status: 'RUNNING' })
  expect((await welt.handle(nr).describe()).runId).not.toBe(runId)

  const first = welt.namespace.client.workflow.getHandle(welt.handle(nr).workflowId, runId)
  await replay(bundle, { name: 'fall-fortgesetzt', history: await record('fall-fortgesetzt', first) })
  await replay(bundle, { name: 'fall-fortsetzung', history: await record('fall-fortsetzung', welt.handle(nr)) })
})

test('a mail that is tried again, in its own time', async () => {
  resend.answers.push({ status: 500, name: 'internal_server_error' })
  const wer = { betrieb_id: welt.betrieb, art: 'KUNDE', an: 'a@kunde.example', betreff: 'x', inhalt: 'y' } as const
  const nr = await welt.database.worker.transaction().execute((db) => insertMail(db, { ...wer, senden_ab: inSeconds(2) }))
  const handle = welt.namespace.client.workflow.getHandle(mailId(nr))
  await eventually(async () => expect((await handle.describe()).status.name).toBe('COMPLETED'))
  await replay(bundle, { name: 'mail-versandt', history: await record('mail-versandt', handle) })
})

test('the reconciliation and the night', async () => {
  const { workflow } = welt.namespace.client
  const reconcile = await workflow.start('reconcile', { workflowId: 'reconcile-noch-einmal', taskQueue: 'nacht' })
  await reconcile.result()
  await replay(bundle, { name: 'reconcile', history: await record('reconcile', reconcile) })
  const leer = await workflow.start('nachtlauf', { workflowId: 'nachtlauf/plan', taskQueue: 'nacht' })
  await leer.result()
  await replay(bundle, { name: 'nachtlauf-ohne-betrieb', history: await record('nachtlauf-ohne-betrieb', leer) })

  await welt.database.owner.updateTable('betrieb').set({ anlauf_am: '2024-01-01T00:00:00Z' }).where('id', '=', welt.betrieb).execute()
  const nacht = await workflow.start('nachtlauf', { workflowId: 'nachtlauf/plan-2', taskQueue: 'nacht' })
  await nacht.result()
  await replay(bundle, { name: 'nachtlauf', history: await record('nachtlauf', nacht) })
})
