import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'
import { documentFall, reopenFall } from './dokumentationen.ts'
import type { Auftrag } from './faelle.ts'
import { contactFall } from './kontakte.ts'
import { fireReminder, remindFall } from './vorgaenge.ts'

let database: TestDatabase
let betrieb: number
let anna: { id: number; token: string }
let fall: number

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  betrieb = await insertBetrieb(database.owner)
  anna = await insertVermittler(database.owner, betrieb)
  const kunde = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
  fall = await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde })
})

const klick = (aktion: string, mehr: Partial<Auftrag> = {}): Auftrag => ({ fall, betrieb, aktion, quelle: 'KLICK', person: anna.id, ...mehr })
const readFall = () => database.owner.selectFrom('fall').selectAll().where('id', '=', fall).executeTakeFirstOrThrow()
const count = async (table: 'kontakt' | 'protokoll' | 'outbox' | 'mail' | 'dokumentation') =>
  (
    await database.owner
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('betrieb_id', '=', betrieb)
      .executeTakeFirstOrThrow()
  ).n

test('a documented Fall writes dokumentation, protokoll and outbox in one go', async () => {
  const antwort = await database.web.withSession(anna.token, (db) =>
    documentFall(db, klick('a1'), { ergebnis: 'HINWEIS_GEGEBEN', kanal: 'TELEFON', notiz: 'Ruhig', vorgaenge: 'BLEIBEN', sperreBis: '2027-02-23' }),
  )
  expect(antwort).toMatchObject({ ok: true, stand: { status: 'DOKUMENTIERT', version: 2 } })
  expect(await readFall()).toMatchObject({ status: 'DOKUMENTIERT', ergebnis: 'HINWEIS_GEGEBEN', sperre_bis: '2027-02-23' })
  expect([await count('dokumentation'), await count('protokoll'), await count('outbox')]).toEqual([1, 1, 1])
})

test('the same click twenty times at once has one effect and one answer', async () => {
  const klicks = Array.from({ length: 20 }, () =>
    database.web.withSession(anna.token, (db) => contactFall(db, klick('doppelt'), { kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT' })),
  )
  const antworten = await Promise.all(klicks)
  for (const antwort of antworten) expect(antwort).toEqual(antworten[0])
  expect([await count('kontakt'), (await readFall()).versuche]).toEqual([1, 1])
})

test('a reminder fires once, makes one mail, and undo brings back what the documentation had ticked off', async () => {
  const am = '2026-12-01T08:00:00.000Z'
  await database.web.withSession(anna.token, (db) => remindFall(db, klick('w1'), { titel: 'Anrufen', notiz: null, am }))
  expect(await readFall()).toMatchObject({ erinnerung_am: am, offene_vorgaenge: 1, status: 'IN_ARBEIT' })
  const timer = (aktion: string) =>
    database.worker.transaction().execute((db) => fireReminder(db, klick(aktion, { quelle: 'TIMER', person: null }), am))
  expect(await timer('t1')).toMatchObject({ ok: true, stand: { erinnerungAm: null, offeneVorgaenge: 1 } })
  expect(await timer('t2')).toMatchObject({ ok: false, grund: 'NICHT_MEHR_GESETZT' })
  expect(await count('mail')).toBe(1)

  const doku = { ergebnis: 'ABGESCHLOSSEN', kanal: 'TELEFON', notiz: null, vorgaenge: 'ERLEDIGT', sperreBis: null } as const
  await database.web.withSession(anna.token, (db) => documentFall(db, klick('d1'), doku))
  expect(await readFall()).toMatchObject({ offene_vorgaenge: 0, status: 'DOKUMENTIERT' })
  await database.web.withSession(anna.token, (db) => reopenFall(db, klick('r1')))
  expect(await readFall()).toMatchObject({ offene_vorgaenge: 1, status: 'IN_ARBEIT', sperre_bis: null })
})

test('undo takes back the objection to advertising that the documentation had brought, and no other', async () => {
  const widerspruch = async (): Promise<string | null> =>
    (
      await database.owner
        .selectFrom('kunde as k')
        .innerJoin('fall as f', 'f.kunde_id', 'k.id')
        .select('k.werbewiderspruch_am')
        .where('f.id', '=', fall)
        .executeTakeFirstOrThrow()
    ).werbewiderspruch_am
  const heute = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' })
  const doku = { ergebnis: 'WERBEWIDERSPRUCH', kanal: 'TELEFON', notiz: null, vorgaenge: 'BLEIBEN', sperreBis: null } as const
  const documentIt = (aktion: string, wo = fall) => database.web.withSession(anna.token, (db) => documentFall(db, klick(aktion, { fall: wo }), doku))
  const reopenIt = (aktion: string, wo = fall) => database.web.withSession(anna.token, (db) => reopenFall(db, klick(aktion, { fall: wo })))
  await documentIt('w1')
  expect(await widerspruch()).toBe(heute)
  await reopenIt('w2')
  expect(await widerspruch()).toBeNull()

  const { kunde_id } = await readFall()
  const zweiter = await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde: kunde_id }, { schluessel: 'zweiter' })
  await documentIt('w3')
  await documentIt('w4', zweiter)
  await reopenIt('w5')
  expect(await widerspruch()).toBe(heute)

  await database.owner.updateTable('kunde').set({ werbewiderspruch_am: '2026-01-05' }).where('id', '=', kunde_id).execute()
  await documentIt('w6')
  await reopenIt('w7')
  await reopenIt('w8', zweiter)
  expect(await widerspruch()).toBe('2026-01-05')
})

test('another person’s change since the form was shown is a conflict, one’s own is not', async () => {
  const karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
  await database.web.withSession(karin.token, (db) =>
    contactFall(db, klick('k1', { person: karin.id, gesehen: 1 }), { kanal: 'TELEFON', ergebnis: 'GESPROCHEN' }),
  )
  const konflikt = await database.web.withSession(anna.token, (db) =>
    contactFall(db, klick('k2', { gesehen: 1 }), { kanal: 'TELEFON', ergebnis: 'GESPROCHEN' }),
  )
  expect(konflikt).toMatchObject({ ok: false, grund: 'KONFLIKT', stand: { version: 2 } })
})

test('a Fall of another Betrieb is not there', async () => {
  const fremd = await insertBetrieb(database.owner)
  const otto = await insertVermittler(database.owner, fremd, { rolle: 'SUPERVISOR' })
  const antwort = await database.web.withSession(otto.token, (db) =>
    contactFall(db, klick('f1', { betrieb: fremd, person: otto.id }), { kanal: 'TELEFON', ergebnis: 'GESPROCHEN' }),
  )
  expect(antwort).toMatchObject({ ok: false, grund: 'FALL_UNBEKANNT' })
})
