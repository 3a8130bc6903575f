import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactFall } from '../db/kontakte.ts'
import { documentFall, reopenFall } from '../db/dokumentationen.ts'
import { deleteVorgang, finishVorgang, moveVorgang, openVorgang, remindFall } from '../db/vorgaenge.ts'
import { type FallWelt, createFallWelt, inSeconds } from '../test/support/faelle.ts'
import { eventually, sleep } from '../test/support/temporal.ts'

let welt: FallWelt
let openFall: FallWelt['openFall'],
  asAnna: FallWelt['asAnna'],
  klick: FallWelt['klick'],
  shown: FallWelt['shown'],
  listVorgaenge: FallWelt['listVorgaenge']

beforeAll(async () => {
  welt = await createFallWelt()
  ;({ openFall, asAnna, klick, shown, listVorgaenge } = welt)
  await welt.startWorker()
})
afterAll(() => welt?.close())

const listEvents = async (nr: number) => (await welt.listProtokoll(nr)).map((p) => p['ereignis'])
const HINWEIS = { ergebnis: 'HINWEIS_GEGEBEN', kanal: 'TELEFON', notiz: null, sperreBis: null } as const

test('a Fall lives: opened, contacted, its reminder fires once, documented, closed by the night', async () => {
  const nr = await openFall()
  await eventually(async () =>
    expect(await shown(nr)).toMatchObject({ VmGevo: 'G01', VmStatus: 'OFFEN', VmBetrieb: welt.betrieb, VmVersion: 1, status: 'RUNNING' }),
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

  await welt.closeByNight(nr)
  await eventually(async () => expect(await shown(nr)).toMatchObject({ VmStatus: 'GESCHLOSSEN', VmVersion: 6, status: 'COMPLETED' }))
  expect(await listEvents(nr)).toEqual(['contacted', 'reminder', 'due', 'documented'])
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
  expect(await listEvents(nr)).toEqual(['reminder', 'reminder', 'reminder', 'reminder'])
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
  await welt.closeByNight(nr)
  await eventually(async () => expect(await listVorgaenge(nr)).toMatchObject([{ status: 'FAELLIG' }]))
  expect(await shown(nr)).toMatchObject({ status: 'RUNNING' })
  const [vorgang] = await listVorgaenge(nr)
  await asAnna((db) => finishVorgang(db, klick(nr), vorgang!.id))
  await eventually(async () => expect(await shown(nr)).toMatchObject({ status: 'COMPLETED' }))
})

test('a Vorgang made by hand is a workflow of its own and due at its instant', async () => {
  const { fall: _, ...auftrag } = klick(0)
  await asAnna((db) =>
    openVorgang(db, auftrag, {
      kunde: welt.kunde,
      vermittler: welt.anna.id,
      stichtag: '2026-11-23',
      titel: 'Rückruf',
      notiz: null,
      am: inSeconds(1),
    }),
  )
  const { id: nr } = await welt.database.owner.selectFrom('fall').select('id').where('gevo', '=', 'VORGANG').executeTakeFirstOrThrow()
  await eventually(async () => expect(await listVorgaenge(nr)).toMatchObject([{ status: 'FAELLIG' }]))
  expect(await shown(nr, 'VORGANG')).toMatchObject({ status: 'RUNNING' })
})

test('a Fall whose row is gone ends', async () => {
  const nr = await openFall()
  await eventually(async () => expect(await shown(nr)).toMatchObject({ status: 'RUNNING' }))
  await welt.database.owner.deleteFrom('outbox').where('ziel', '=', nr).execute()
  await welt.database.owner.deleteFrom('fall').where('id', '=', nr).execute()
  await welt.handle(nr).signal('reopened')
  await eventually(async () => expect(await shown(nr)).toMatchObject({ status: 'COMPLETED' }))
})

test('what operations see: readable summary, details in German with a link', async () => {
  const nr = await openFall()
  const handle = welt.handle(nr)
  await eventually(async () => expect(await (await handle.describe()).staticSummary()).toBe(`G01 · Fall ${nr} · Betrieb ${welt.betrieb}`))
  const metadata = await handle.query<{ currentDetails: string }, []>('__temporal_workflow_metadata')
  expect(metadata.currentDetails).toContain(`### G01 · Fall ${nr}: offen`)
  expect(metadata.currentDetails).toContain(`https://vorgang.test/faelle/${nr}`)
})
