import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { METADATA_ENCODING_KEY } from '@temporalio/common'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertOutbox } from '../db/faelle.ts'
import { fallId } from '../domain/messages.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type TestWorker, eventually, startTestWorker } from '../test/support/temporal.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'

let database: TestDatabase
let worker: TestWorker
let betrieb: number
let anna: { id: number }
let karin: { id: number }
let kunde: number

beforeAll(async () => {
  database = await createTestDatabase()
  betrieb = await insertBetrieb(database.owner)
  anna = await insertVermittler(database.owner, betrieb)
  karin = await insertVermittler(database.owner, betrieb)
  kunde = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
  worker = await startTestWorker({ database })
})
afterAll(async () => {
  await worker?.stop()
  await database.drop()
})

let schluessel = 0
async function openFall(): Promise<number> {
  const nr = await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde }, { schluessel: `k${++schluessel}` })
  const stand = { epoch: 1, version: 1, status: 'OFFEN', erinnerungAm: null, offeneVorgaenge: 0 } as const
  await database.worker.transaction().execute((db) => insertOutbox(db, { betrieb, fall: nr, signal: null, stand }))
  await eventually(async () => void (await handleOf(nr).describe()))
  return nr
}
const handleOf = (nr: number) => worker.namespace.client.workflow.getHandle(fallId('G01', nr))
const readFall = (nr: number) => database.owner.selectFrom('fall').selectAll().where('id', '=', nr).executeTakeFirstOrThrow()
const listProtokoll = async (nr: number) =>
  (await database.owner.selectFrom('protokoll').select(['ereignis', 'codes', 'quelle']).where('fall_id', '=', nr).orderBy('id').execute()).map(
    ({ ereignis, codes, quelle }) => ({ ereignis, quelle, ...codes }),
  )
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString()
/** A Fall that still goes on takes a proper signal. */
async function expectGoesOn(nr: number): Promise<void> {
  const { version } = await readFall(nr)
  await handleOf(nr).signal('replied')
  await eventually(async () => expect((await listProtokoll(nr)).at(-1)).toMatchObject({ ereignis: 'replied', quelle: 'SIGNAL' }))
  expect((await readFall(nr)).version).toBeGreaterThan(version)
}

test('each signal by hand is recorded as a click would be', async () => {
  const nr = await openFall()
  const am = inAnHour()
  const signals: [string, unknown?][] = [
    ['contacted', { kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT' }],
    ['reminder', { am }],
    ['replied'],
    ['reassigned', { vermittler: karin.id }],
    ['documented', { ergebnis: 'FEHLBEFUND' }],
    ['reopened'],
    ['obsolete'],
    ['documented', { ergebnis: 'HINWEIS_GEGEBEN' }],
    ['closed'],
  ]
  for (const [name, arg] of signals) await handleOf(nr).signal(name, arg)
  await eventually(async () => expect(await readFall(nr)).toMatchObject({ status: 'GESCHLOSSEN', version: 10, vermittler_id: karin.id }))
  expect((await listProtokoll(nr)).map((p) => p.ereignis)).toEqual(signals.map(([name]) => name))
  expect(await readFall(nr)).toMatchObject({ erinnerung_am: am, offene_vorgaenge: 1, ergebnis: 'HINWEIS_GEGEBEN', sperre_bis: expect.any(String) })
  const rows = await database.owner.selectFrom('outbox').select('signal').where('ziel', '=', nr).execute()
  expect(rows).toEqual([{ signal: null }])
})

test.each([
  ['contacted', [], 'KANAL_FEHLT'],
  ['contacted', [null], 'KANAL_FEHLT'],
  ['documented', [{ ergebnis: 'KEINE_LUST' }], 'ERGEBNIS_FEHLT'],
  ['documented', [{ ergebnis: 'ERLEDIGT' }], 'ERGEBNIS_PASST_NICHT'],
  ['documented', ['ABGESCHLOSSEN'], 'ERGEBNIS_FEHLT'],
  ['reminder', [{ am: 'morgen' }], 'ZEITPUNKT_FEHLT'],
  ['reminder', [{ am: '0000-01-01T00:00:00Z' }], 'ZEITPUNKT_FEHLT'],
  ['reassigned', [{ vermittler: 9_007_199_254_740_991 }], 'VERMITTLER_FEHLT'],
  ['reassigned', [{ vermittler: 2_147_483_647 }], 'VERMITTLER_UNBEKANNT'],
  ['reopened', [], 'NICHT_DOKUMENTIERT'],
  ['closed', [[1, 2, 3]], 'NICHT_DOKUMENTIERT'],
  ['gibtEsNicht', [{ kunde: 'Frau Çelik' }], 'SIGNAL_UNBEKANNT'],
])('%s with %j is refused as %s in the protokoll and the Fall goes on', async (name, args, grund) => {
  const nr = await openFall()
  await handleOf(nr).signal(name, ...args)
  await eventually(async () => expect(await listProtokoll(nr)).toMatchObject([{ ereignis: 'abgelehnt', quelle: 'SIGNAL', grund }]))
  expect(await readFall(nr)).toMatchObject({ status: 'OFFEN', version: 1 })
  await expectGoesOn(nr)
})

test.each([
  ['bytes that are no JSON', { metadata: { [METADATA_ENCODING_KEY]: Buffer.from('json/plain') }, data: Buffer.from('{kaputt') }],
  ['an unknown encoding', { metadata: { [METADATA_ENCODING_KEY]: Buffer.from('x/y') }, data: Buffer.from('a') }],
  ['no encoding at all', { data: Buffer.from([0, 1, 2]) }],
])('a signal with %s does not stop the Fall', async (_what, payload) => {
  const nr = await openFall()
  const { client, namespace } = worker.namespace
  const workflowExecution = { workflowId: fallId('G01', nr) }
  await client.workflowService.signalWorkflowExecution({ namespace, workflowExecution, signalName: 'contacted', input: { payloads: [payload] } })
  await eventually(async () => expect(await listProtokoll(nr)).toMatchObject([{ ereignis: 'abgelehnt', grund: 'KANAL_FEHLT' }]))
  await expectGoesOn(nr)
})

test('the same id twice is one event, the same id for two Fälle is two', async () => {
  const [a, b] = [await openFall(), await openFall()]
  const anruf = { id: 'sammel-7', kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT' }
  for (const nr of [a, a, b]) await handleOf(nr).signal('contacted', anruf)
  await expectGoesOn(a)
  await expectGoesOn(b)
  expect((await listProtokoll(a)).length).toBe(2)
  expect((await listProtokoll(b)).length).toBe(2)
})

test('thirty signals at once are all recorded, in order', async () => {
  const nr = await openFall()
  await Promise.all(Array.from({ length: 30 }, () => handleOf(nr).signal('contacted', { kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT' })))
  await eventually(async () => expect(await readFall(nr)).toMatchObject({ versuche: 30, version: 31 }))
})

test('the Temporal CLI is understood', async () => {
  const nr = await openFall()
  const { address, namespace } = worker.namespace
  const temporal = path.join(homedir(), '.cache/vorgangsmanagement/bin/temporal')
  const to = ['--address', address, '--namespace', namespace, '--workflow-id', fallId('G01', nr)]
  await promisify(execFile)(temporal, ['workflow', 'signal', ...to, '--name', 'documented', '--input', '{"ergebnis":"HINWEIS_GEGEBEN"}'])
  await eventually(async () => expect(await readFall(nr)).toMatchObject({ status: 'DOKUMENTIERT', ergebnis: 'HINWEIS_GEGEBEN' }))
})
