import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { METADATA_ENCODING_KEY } from '@temporalio/common'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fallId } from '../domain/messages.ts'
import { type FallWelt, createFallWelt, inSeconds } from '../test/support/faelle.ts'
import { eventually } from '../test/support/temporal.ts'
import { insertVermittler } from '../test/support/welt.ts'

let welt: FallWelt
let karin: { id: number }
let readFall: FallWelt['readFall'], listProtokoll: FallWelt['listProtokoll'], handle: FallWelt['handle']

beforeAll(async () => {
  welt = await createFallWelt()
  ;({ readFall, listProtokoll, handle } = welt)
  karin = await insertVermittler(welt.database.owner, welt.betrieb)
  await welt.startWorker()
})
afterAll(() => welt?.close())

async function openFall(): Promise<number> {
  const nr = await welt.openFall()
  await eventually(async () => void (await handle(nr).describe()))
  return nr
}
/** A Fall that still goes on takes a proper signal. */
async function expectGoesOn(nr: number): Promise<void> {
  const { version } = await readFall(nr)
  await handle(nr).signal('replied')
  await eventually(async () => expect((await listProtokoll(nr)).at(-1)).toMatchObject({ ereignis: 'replied', quelle: 'SIGNAL' }))
  expect((await readFall(nr)).version).toBeGreaterThan(version)
}

test('each signal by hand is recorded as a click would be', async () => {
  const nr = await openFall()
  const am = inSeconds(3600)
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
  for (const [name, arg] of signals) await handle(nr).signal(name, arg)
  await eventually(async () => expect(await readFall(nr)).toMatchObject({ status: 'GESCHLOSSEN', version: 10, vermittler_id: karin.id }))
  expect((await listProtokoll(nr)).map((p) => p['ereignis'])).toEqual(signals.map(([name]) => name))
  expect(await readFall(nr)).toMatchObject({ erinnerung_am: am, offene_vorgaenge: 1, ergebnis: 'HINWEIS_GEGEBEN', sperre_bis: expect.any(String) })
  const rows = await welt.database.owner.selectFrom('outbox').select('signal').where('ziel', '=', nr).execute()
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
  await handle(nr).signal(name, ...args)
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
  const { client, namespace } = welt.namespace
  const workflowExecution = { workflowId: fallId('G01', nr) }
  await client.workflowService.signalWorkflowExecution({ namespace, workflowExecution, signalName: 'contacted', input: { payloads: [payload] } })
  await eventually(async () => expect(await listProtokoll(nr)).toMatchObject([{ ereignis: 'abgelehnt', grund: 'KANAL_FEHLT' }]))
  await expectGoesOn(nr)
})

test('the same id twice is one event, the same id for two Fälle is two', async () => {
  const [a, b] = [await openFall(), await openFall()]
  const anruf = { id: 'sammel-7', kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT' }
  for (const nr of [a, a, b]) await handle(nr).signal('contacted', anruf)
  await expectGoesOn(a)
  await expectGoesOn(b)
  expect((await listProtokoll(a)).length).toBe(2)
  expect((await listProtokoll(b)).length).toBe(2)
})

test('thirty signals at once are all recorded, in order', async () => {
  const nr = await openFall()
  await Promise.all(Array.from({ length: 30 }, () => handle(nr).signal('contacted', { kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT' })))
  await eventually(async () => expect(await readFall(nr)).toMatchObject({ versuche: 30, version: 31 }))
})

test('the Temporal CLI is understood', async () => {
  const nr = await openFall()
  const { address, namespace } = welt.namespace
  const temporal = path.join(homedir(), '.cache/vorgangsmanagement/bin/temporal')
  const to = ['--address', address, '--namespace', namespace, '--workflow-id', fallId('G01', nr)]
  await promisify(execFile)(temporal, ['workflow', 'signal', ...to, '--name', 'documented', '--input', '{"ergebnis":"HINWEIS_GEGEBEN"}'])
  await eventually(async () => expect(await readFall(nr)).toMatchObject({ status: 'DOKUMENTIERT', ergebnis: 'HINWEIS_GEGEBEN' }))
})
