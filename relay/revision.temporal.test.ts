/** An upgrade that running workflows could not replay: what waits under the old revision is carried over from the rows, beside the old worker. */
import { fileURLToPath } from 'node:url'
import { NativeConnection, Worker } from '@temporalio/worker'
import type { SearchAttributePair } from '@temporalio/common'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from 'kysely'
import { findOpenFall } from '../db/abgleich.ts'
import { documentFall } from '../db/dokumentationen.ts'
import { remindFall } from '../db/vorgaenge.ts'
import { REVISION, TASK_QUEUES, faelleQueue, fallId, mailId } from '../domain/messages.ts'
import { AUFSTIEG_FAELLE, type FallWelt, createFallWelt, inSeconds } from '../test/support/faelle.ts'
import { type FakeResend, startFakeResend } from '../test/support/resend.ts'
import { PUBLIC_URL, eventually } from '../test/support/temporal.ts'
import { insertFall } from '../test/support/welt.ts'
import { bundleWorkflows } from '../bin/workflow-bundle.ts'
import { suchattribute } from '../workflows/anzeige.ts'
import { reconcile } from './reconcile.ts'

const ALT = faelleQueue(REVISION - 1)
const FAELLE = AUFSTIEG_FAELLE
/** So many of them are documented while they are carried over. */
const KLICKS = Math.floor(FAELLE / 3)
/** Seconds until the reminders: all must be waiting under the new revision by then. */
const VORLAUF = 40 + FAELLE / 10
/** Milliseconds until a list shows all of them. */
const ALLE = 20_000 + FAELLE * 40

const HINWEIS = { ergebnis: 'HINWEIS_GEGEBEN', kanal: 'TELEFON', notiz: null, vorgaenge: 'BLEIBEN', sperreBis: null } as const

let welt: FallWelt
let resend: FakeResend
let alterWorker: { stop(): Promise<void> }

beforeAll(async () => {
  welt = await createFallWelt()
  resend = await startFakeResend()
  alterWorker = await startOld()
})
afterAll(async () => {
  await alterWorker?.stop()
  await welt?.close()
  await resend?.close()
})

/** Only runs workflows: what they call has not changed. */
async function startOld(): Promise<{ stop(): Promise<void> }> {
  const connection = await NativeConnection.connect({ address: welt.namespace.address })
  const payloadConverterPath = fileURLToPath(new URL('../workflows/payload-converter.ts', import.meta.url))
  const worker = await Worker.create({
    connection,
    namespace: welt.namespace.namespace,
    taskQueue: ALT,
    workflowBundle: await bundleWorkflows(),
    dataConverter: { payloadConverterPath },
  })
  const run = worker.run()
  return {
    stop: async () => {
      worker.shutdown()
      await run
      await connection.close()
    },
  }
}

/** As an earlier version of the program started it. */
async function startWaiting(nr: number, taskQueue: string): Promise<void> {
  const row = (await findOpenFall(welt.database.worker, nr))!
  const input = { ...row, link: `${PUBLIC_URL}/faelle/${nr}` }
  const typedSearchAttributes = suchattribute(input, input.stand).filter((pair): pair is SearchAttributePair => pair.value !== null)
  await welt.namespace.client.workflow.start('fall', { workflowId: fallId('G01', nr), taskQueue, args: [input], typedSearchAttributes })
}
const run = () => reconcile({ db: welt.database.worker, client: welt.namespace.client, link: (nr) => `${PUBLIC_URL}/faelle/${nr}` })
const describeId = (id: string) => welt.namespace.client.workflow.getHandle(id).describe()
const count = async (query: string) => (await welt.namespace.client.workflow.count(query)).count
/** What Temporal shows of every running Fall: id, queue, instant, status. */
async function listWaiting(): Promise<string[]> {
  const waiting: string[] = []
  for await (const { workflowId, taskQueue, typedSearchAttributes } of welt.namespace.client.workflow.list({
    query: `WorkflowType = 'fall' AND ExecutionStatus = 'Running'`,
  })) {
    const shown = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]))
    waiting.push([workflowId, taskQueue, (shown['VmFaellig'] as Date | undefined)?.toISOString(), shown['VmStatus']].join(' '))
  }
  return waiting
}
const delivered = () => sql`UPDATE outbox SET zugestellt_am = now() WHERE zugestellt_am IS NULL`.execute(welt.database.owner)

test(
  'what waits is carried over with the same due instants, rings once, and no click fails meanwhile',
  { timeout: 120_000 + FAELLE * 500 },
  async () => {
    const am = inSeconds(VORLAUF)
    const faelle = await welt.openFaelle(FAELLE)
    for (const fall of faelle) await welt.asAnna((db) => remindFall(db, welt.klick(fall), { titel: 'Anrufen', notiz: null, am }))
    const vergessen = await welt.openFall()
    await delivered()
    await Promise.all([...faelle, vergessen].map((fall) => startWaiting(fall, ALT)))
    const { id: mail } = await welt.database.owner
      .insertInto('mail')
      .values({ betrieb_id: welt.betrieb, art: 'KUNDE', an: 'a@b.example', betreff: 'x', inhalt: 'y', senden_ab: am })
      .returning('id')
      .executeTakeFirstOrThrow()
    await welt.namespace.client.workflow.start('mail', { workflowId: mailId(mail), taskQueue: ALT, args: [{ nr: mail, sendenAb: am }] })
    // Its end was never told: under the old revision nobody would hear it any more.
    await welt.database.owner.updateTable('fall').set({ version: 5, status: 'GESCHLOSSEN' }).where('id', '=', vergessen).execute()
    await eventually(async () => expect(await count(`TaskQueue = '${ALT}' AND ExecutionStatus = 'Running'`)).toBe(FAELLE + 2), ALLE)

    await welt.startWorker({ resend: { apiKey: 're_test', baseUrl: resend.baseUrl, from: 'post@lindner.example' }, maxCachedWorkflows: FAELLE })
    const klicke = async (): Promise<void> => {
      for (const fall of faelle.slice(0, KLICKS))
        expect(await welt.asAnna((db) => documentFall(db, welt.klick(fall), HINWEIS))).toMatchObject({ ok: true })
    }
    await Promise.all([klicke(), run()])

    await eventually(async () => expect(await count(`TaskQueue = '${ALT}' AND ExecutionStatus = 'Running'`)).toBe(0), ALLE)
    expect((await describeId(fallId('G01', vergessen))).status.name).toBe('TERMINATED')
    expect((await describeId(mailId(mail))).taskQueue).toBe(TASK_QUEUES.faelle)
    // Every one of them, with the instant it had and what was clicked meanwhile.
    const status = (fall: number): string => (faelle.indexOf(fall) < KLICKS ? 'DOKUMENTIERT' : 'WIEDERVORLAGE')
    await eventually(async () => {
      const erwartet = faelle.map((fall) => [fallId('G01', fall), TASK_QUEUES.faelle, am, status(fall)].join(' '))
      expect((await listWaiting()).toSorted()).toEqual(erwartet.toSorted())
    }, ALLE)
    expect(Date.now()).toBeLessThan(Date.parse(am))

    // ---- the moment comes: once for each, and each mail once, the Vermittler's telling of all of them
    const due = () =>
      sql<{ n: number; faelle: number }>`SELECT count(*) AS n, count(DISTINCT fall_id) AS faelle FROM protokoll WHERE ereignis = 'due'`.execute(
        welt.database.owner,
      )
    await eventually(async () => expect((await due()).rows).toEqual([{ n: FAELLE, faelle: FAELLE }]), VORLAUF * 1_000 + 60_000)
    await eventually(async () => expect(resend.sent.get(mailId(mail))).toBeDefined(), 30_000)
    await eventually(async () => expect([...resend.sent.values()].filter(({ subject }) => subject.includes('fällig'))).toHaveLength(1), 30_000)
    expect(resend.requests).toHaveLength(2)
    expect((await due()).rows).toEqual([{ n: FAELLE, faelle: FAELLE }])
  },
)

test('the worker of the older version leaves alone what the newer has taken', async () => {
  const fall = await insertFall(welt.database.owner, { betrieb: welt.betrieb, vermittler: welt.anna.id, kunde: welt.kunde }, { schluessel: 'neuer' })
  await startWaiting(fall, faelleQueue(REVISION + 1))
  const { runId } = await describeId(fallId('G01', fall))
  await eventually(async () => expect(await count(`TaskQueue = '${faelleQueue(REVISION + 1)}'`)).toBe(1))
  expect(await run()).toMatchObject({ uebernommen: 0 })
  expect((await describeId(fallId('G01', fall))).runId).toBe(runId)
})
