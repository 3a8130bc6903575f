import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactFall } from '../db/kontakte.ts'
import { documentFall, reopenFall } from '../db/dokumentationen.ts'
import type { Antwort, Auftrag, Trx } from '../db/faelle.ts'
import { insertOutbox } from '../db/faelle.ts'
import { deleteVorgang, finishVorgang, moveVorgang, openVorgang, remindFall } from '../db/vorgaenge.ts'
import { fallId } from '../domain/messages.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type TestWorker, eventually, sleep, startTestWorker } from '../test/support/temporal.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'

let database: TestDatabase
let worker: TestWorker
let betrieb: number
let anna: { id: number; token: string }
let kunde: number

beforeAll(async () => {
  database = await createTestDatabase()
  betrieb = await insertBetrieb(database.owner)
  anna = await insertVermittler(database.owner, betrieb)
  kunde = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
  worker = await startTestWorker({ database })
})
afterAll(async () => {
  await worker?.stop()
  await database.drop()
})

let schluessel = 0
/** A Fall as the night opens it: row and outbox. */
async function openFall(): Promise<number> {
  const nr = await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde }, { schluessel: `k${++schluessel}` })
  const stand = { epoch: 1, version: 1, status: 'OFFEN', erinnerungAm: null, offeneVorgaenge: 0 } as const
  await database.worker.transaction().execute((db) => insertOutbox(db, { betrieb, fall: nr, signal: null, stand }))
  return nr
}
const klick = (fall: number): Auftrag => ({ fall, betrieb, aktion: randomUUID(), quelle: 'KLICK', person: anna.id })
const asAnna = async (work: (db: Trx) => Promise<Antwort>): Promise<Antwort> => (await database.web.withSession(anna.token, work))!
const listVorgaenge = (nr: number) => database.owner.selectFrom('vorgang').selectAll().where('fall_id', '=', nr).orderBy('id').execute()
const listProtokoll = async (nr: number): Promise<string[]> =>
  (await database.owner.selectFrom('protokoll').select('ereignis').where('fall_id', '=', nr).orderBy('id').execute()).map((p) => p.ereignis)
const describe = (nr: number, gevo = 'G01') => worker.namespace.client.workflow.getHandle(fallId(gevo, nr)).describe()
const shown = async (nr: number, gevo = 'G01') => {
  const { status, typedSearchAttributes } = await describe(nr, gevo)
  return { ...Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])), status: status.name }
}
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString()
const HINWEIS = { ergebnis: 'HINWEIS_GEGEBEN', kanal: 'TELEFON', notiz: null, sperreBis: null } as const

test('a Fall lives: opened, contacted, its reminder fires once, documented, closed by the night', async () => {
  const nr = await openFall()
  await eventually(async () =>
    expect(await shown(nr)).toMatchObject({ VmGevo: 'G01', VmStatus: 'OFFEN', VmBetrieb: betrieb, VmVersion: 1, status: 'RUNNING' }),
  )

  await asAnna((db) => contactFall(db, klick(nr), { kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT' }))
  const am = inSeconds(2)
  await asAnna((db) => remindFall(db, klick(nr), { titel: 'Anrufen', notiz: null, am }))
  await eventually(async () => expect(await shown(nr)).toMatchObject({ VmStatus: 'WIEDERVORLAGE', VmVersion: 3, VmFaellig: new Date(am) }))

  await eventually(async () => expect(await listVorgaenge(nr)).toMatchObject([{ status: 'FAELLIG' }]))
  const [vorgang] = await listVorgaenge(nr)
  expect(Date.parse(vorgang!.faellig_geworden_am!)).toBeGreaterThanOrEqual(Date.parse(am))
  await eventually(async () => expect(await shown(nr)).toMatchObject({ VmStatus: 'IN_ARBEIT', VmVersion: 4 }))
  expect(await shown(nr)).not.toHaveProperty('VmFaellig')

  await asAnna((db) => documentFall(db, klick(nr), { ...HINWEIS, vorgaenge: 'ERLEDIGT' }))
  await eventually(async () => expect(await shown(nr)).toMatchObject({ VmStatus: 'DOKUMENTIERT', status: 'RUNNING' }))

  await closeByNight(nr)
  await eventually(async () => expect(await shown(nr)).toMatchObject({ VmStatus: 'GESCHLOSSEN', VmVersion: 6, status: 'COMPLETED' }))
  expect(await listProtokoll(nr)).toEqual(['contacted', 'reminder', 'due', 'documented'])
})

test('moving a reminder moves its timer, deleting cancels it', async () => {
  const nr = await openFall()
  await asAnna((db) => remindFall(db, klick(nr), { titel: 'Anrufen', notiz: null, am: inSeconds(1.5) }))
  const [vorgang] = await listVorgaenge(nr)
  await asAnna((db) => moveVorgang(db, klick(nr), vorgang!.id, inSeconds(3600)))
  await eventually(async () => expect(await shown(nr)).toMatchObject({ VmVersion: 3 }))
  await sleep(2_500)
  expect(await listVorgaenge(nr)).toMatchObject([{ status: 'OFFEN' }])

  await asAnna((db) => moveVorgang(db, klick(nr), vorgang!.id, inSeconds(2)))
  await eventually(async () => expect(await shown(nr)).toMatchObject({ VmVersion: 4 }))
  await asAnna((db) => deleteVorgang(db, klick(nr), vorgang!.id))
  await eventually(async () => expect(await shown(nr)).toMatchObject({ VmStatus: 'IN_ARBEIT', VmVersion: 5 }))
  await sleep(2_500)
  expect(await listProtokoll(nr)).toEqual(['reminder', 'reminder', 'reminder', 'reminder'])
})

test('undo brings a documented Fall back, and its reminder with it', async () => {
  const nr = await openFall()
  await asAnna((db) => remindFall(db, klick(nr), { titel: 'Anrufen', notiz: null, am: inSeconds(3) }))
  await asAnna((db) => documentFall(db, klick(nr), { ...HINWEIS, vorgaenge: 'ERLEDIGT' }))
  await asAnna((db) => reopenFall(db, klick(nr)))
  await eventually(async () => expect(await shown(nr)).toMatchObject({ VmStatus: 'WIEDERVORLAGE', VmVersion: 4 }))
  await eventually(async () => expect(await listVorgaenge(nr)).toMatchObject([{ status: 'FAELLIG' }]))
})

test('a Vorgang outlives its Fall: the workflow ends with the Vorgang', async () => {
  const nr = await openFall()
  await asAnna((db) => remindFall(db, klick(nr), { titel: 'Police prüfen', notiz: null, am: inSeconds(1) }))
  await asAnna((db) => documentFall(db, klick(nr), { ...HINWEIS, vorgaenge: 'BLEIBEN' }))
  await closeByNight(nr)
  await eventually(async () => expect(await listVorgaenge(nr)).toMatchObject([{ status: 'FAELLIG' }]))
  expect((await describe(nr)).status.name).toBe('RUNNING')
  const [vorgang] = await listVorgaenge(nr)
  await asAnna((db) => finishVorgang(db, klick(nr), vorgang!.id))
  await eventually(async () => expect((await describe(nr)).status.name).toBe('COMPLETED'))
})

test('a Vorgang made by hand is a workflow of its own and due at its instant', async () => {
  const { fall: _, ...auftrag } = klick(0)
  await asAnna((db) =>
    openVorgang(db, auftrag, { kunde, vermittler: anna.id, stichtag: '2026-11-23', titel: 'Rückruf', notiz: null, am: inSeconds(1) }),
  )
  const { id: nr } = await database.owner.selectFrom('fall').select('id').where('gevo', '=', 'VORGANG').executeTakeFirstOrThrow()
  await eventually(async () => expect(await listVorgaenge(nr)).toMatchObject([{ status: 'FAELLIG' }]))
  expect((await describe(nr, 'VORGANG')).status.name).toBe('RUNNING')
})

test('a Fall whose row is gone ends', async () => {
  const nr = await openFall()
  await eventually(async () => expect((await describe(nr)).status.name).toBe('RUNNING'))
  await database.owner.deleteFrom('outbox').where('ziel', '=', nr).execute()
  await database.owner.deleteFrom('fall').where('id', '=', nr).execute()
  await worker.namespace.client.workflow.getHandle(fallId('G01', nr)).signal('reopened')
  await eventually(async () => expect((await describe(nr)).status.name).toBe('COMPLETED'))
})

test('what operations see: readable summary, details in German with a link', async () => {
  const nr = await openFall()
  const handle = worker.namespace.client.workflow.getHandle(fallId('G01', nr))
  await eventually(async () => expect(await (await handle.describe()).staticSummary()).toBe(`G01 · Fall ${nr} · Betrieb ${betrieb}`))
  const metadata = await handle.query<{ currentDetails: string }, []>('__temporal_workflow_metadata')
  expect(metadata.currentDetails).toContain(`### G01 · Fall ${nr}: offen`)
  expect(metadata.currentDetails).toContain(`https://vorgang.test/faelle/${nr}`)
})

/** As the night's set statement does it. */
async function closeByNight(nr: number): Promise<void> {
  const fall = await database.owner
    .updateTable('fall')
    .set((eb) => ({ status: 'GESCHLOSSEN', version: eb('version', '+', 1) }))
    .where('id', '=', nr)
    .returningAll()
    .executeTakeFirstOrThrow()
  const stand = { epoch: 1, version: fall.version, status: fall.status, erinnerungAm: fall.erinnerung_am, offeneVorgaenge: fall.offene_vorgaenge }
  await database.worker.transaction().execute((db) => insertOutbox(db, { betrieb, fall: nr, signal: 'closed', stand }))
}
