import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'
import type { HandEreignis } from '../domain/messages.ts'
import { takeHandSignal } from './handsignale.ts'

let database: TestDatabase
let betrieb: number
let anna: { id: number }
let ben: { id: number }
let kunde: number
let fall: number

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  betrieb = await insertBetrieb(database.owner)
  anna = await insertVermittler(database.owner, betrieb)
  ben = await insertVermittler(database.owner, betrieb)
  kunde = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
  fall = await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde })
})

let count = 0
const signal = (ereignis: HandEreignis) =>
  database.worker
    .transaction()
    .execute((db) => takeHandSignal(db, { fall, betrieb, aktion: `hand-${++count}`, quelle: 'SIGNAL', person: null }, ereignis, () => '2027-11-23'))

test('a customer handed over by hand goes with all Fälle, and the other workflows are told', async () => {
  const anderer = await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde }, { gevo: 'G02' })
  expect(await signal({ art: 'reassigned', vermittler: ben.id })).toMatchObject({ ok: true, stand: { version: 2 } })
  const faelle = await database.owner
    .selectFrom('fall')
    .select(['id', 'vermittler_id', 'version'])
    .where('kunde_id', '=', kunde)
    .orderBy('id')
    .execute()
  expect(faelle).toEqual([fall, anderer].map((id) => ({ id, vermittler_id: ben.id, version: 2 })))
  const outbox = await database.owner.selectFrom('outbox').select(['ziel', 'signal']).where('betrieb_id', '=', betrieb).execute()
  expect(outbox).toEqual([{ ziel: anderer, signal: 'reassigned' }])
})

test('a Vermittler of another Betrieb is refused, in the protokoll, and nothing moves', async () => {
  const fremd = await insertVermittler(database.owner, await insertBetrieb(database.owner))
  expect(await signal({ art: 'reassigned', vermittler: fremd.id })).toMatchObject({ ok: true, stand: { version: 1 } })
  const eintrag = await database.owner.selectFrom('protokoll').select(['ereignis', 'codes']).where('fall_id', '=', fall).execute()
  expect(eintrag).toEqual([{ ereignis: 'abgelehnt', codes: { signal: 'reassigned', grund: 'VERMITTLER_UNBEKANNT' } }])
})

test('a result of a Vorgang does not document a Fall of the night', async () => {
  await signal({ art: 'documented', ergebnis: 'ERLEDIGT' })
  expect(await signal({ art: 'documented', ergebnis: 'ABGELEHNT_NACH_BERATUNG' })).toMatchObject({ ok: true, stand: { status: 'DOKUMENTIERT' } })
  const row = await database.owner.selectFrom('fall').select(['ergebnis', 'sperre_bis']).where('id', '=', fall).executeTakeFirstOrThrow()
  expect(row).toEqual({ ergebnis: 'ABGELEHNT_NACH_BERATUNG', sperre_bis: '2027-11-23' })
})

test('a reminder by hand makes one Vorgang, moves it and deletes it', async () => {
  await signal({ art: 'reminder', am: '2026-12-01T08:00:00.000Z' })
  await signal({ art: 'reminder', am: '2026-12-02T08:00:00.000Z' })
  const vorgaenge = () => database.owner.selectFrom('vorgang').select(['status', 'faellig_am']).where('fall_id', '=', fall).execute()
  expect(await vorgaenge()).toEqual([{ status: 'OFFEN', faellig_am: '2026-12-02T08:00:00.000Z' }])
  expect(await signal({ art: 'reminder', am: null })).toMatchObject({ ok: true, stand: { erinnerungAm: null, offeneVorgaenge: 0 } })
  expect(await vorgaenge()).toEqual([{ status: 'GELOESCHT', faellig_am: '2026-12-02T08:00:00.000Z' }])
})
