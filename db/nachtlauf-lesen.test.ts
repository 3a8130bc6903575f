import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { ZWEI_REGELN, runNacht } from '../test/support/nacht.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from '../test/support/welt.ts'
import { beginLauf, finishNacht } from './nachtlauf.ts'
import { findNachtlauf, findStand, getNachtlauf, listNachtlaeufe, startNachtlauf } from './nachtlauf-lesen.ts'
import { dueStichtag, startMissed } from './nachtlauf-waechter.ts'
import { getAnlauf, listRegeln, saveAnlauf } from './regeln.ts'
import type { Person, WebDb } from './sitzung.ts'
import { countVorschauen } from './vorschau.ts'

const HEUTE = '2026-11-23'

let database: TestDatabase
let betrieb: number
let karin: { id: number; token: string }
let anna: { id: number; token: string }

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  await database.owner.updateTable('betrieb').set({ anlauf_am: null }).execute()
  await database.owner.updateTable('nachtlauf').set({ status: 'FERTIG', beendet_am: '2026-11-01T00:00:00Z' }).execute()
  betrieb = await insertBetrieb(database.owner)
  karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
  anna = await insertVermittler(database.owner, betrieb)
})

const alsKarin = <T>(work: (db: WebDb, person: Person) => Promise<T>) => database.web.withSession(karin.token, work) as Promise<T>
const listLaeufe = () => database.owner.selectFrom('nachtlauf').selectAll().where('betrieb_id', '=', betrieb).orderBy('id').execute()
const listOutbox = () =>
  database.owner.selectFrom('outbox').select(['art', 'ziel']).where('betrieb_id', '=', betrieb).where('art', '=', 'NACHTLAUF').execute()

describe('by hand', () => {
  test('a Supervisor starts the own Betrieb’s night; a second start joins the first', async () => {
    const erster = await alsKarin((db, person) => startNachtlauf(db, person, HEUTE))
    expect(erster).toEqual({ id: expect.any(Number), neu: true })
    expect(await alsKarin((db, person) => startNachtlauf(db, person, HEUTE))).toEqual({ id: erster.id, neu: false })
    expect(await listOutbox()).toEqual([{ art: 'NACHTLAUF', ziel: erster.id }])

    const nacht = await beginLauf(database.worker, [{ code: 'G01' }, { code: 'G02' }], erster.id)
    expect(nacht).toEqual({ stichtag: HEUTE, laeufe: [erster.id] })
    const unterwegs = await alsKarin((db) => getNachtlauf(db, erster.id))
    expect(unterwegs).toMatchObject({ status: 'LAEUFT', von: 'Karin Lindner', fertig: 0, regeln: 2, dauer: null })
    await finishNacht(database.worker, nacht)
    expect(await alsKarin((db) => getNachtlauf(db, erster.id))).toMatchObject({ status: 'FEHLER' })
    expect(await beginLauf(database.worker, [{ code: 'G01' }], erster.id)).toMatchObject({ laeufe: [] })
  })

  test('a Vermittler may not', async () => {
    await expect(database.web.withSession(anna.token, (db, person) => startNachtlauf(db, person, HEUTE))).rejects.toThrow('row-level security')
  })
})

test('the report: every finding is opened, kept, held back or waiting; a night of another Betrieb is not there', async () => {
  for (let i = 0; i < 3; i++) await insertKunde(database.owner, { betrieb, vermittler: anna.id })
  const alt = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
  await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde: alt }, { schluessel: `k${alt}` })
  await database.owner.updateTable('betrieb').set({ tagesquote: 2 }).where('id', '=', betrieb).execute()
  expect(await alsKarin(findStand)).toBeUndefined()

  const lauf = (await runNacht(database.worker, HEUTE, ZWEI_REGELN))!
  const bericht = await alsKarin((db) => getNachtlauf(db, lauf))
  expect(bericht).toMatchObject({ status: 'FERTIG', gefunden: 4, eroeffnet: 2, behalten: 1, wartend: 1, gesperrt: 0, fertig: 2, regeln: 2 })
  expect(bericht.gevos.map((g) => [g.gevo, g.gefunden])).toEqual([
    ['G01', 4],
    ['G02', 0],
  ])
  expect(await alsKarin((db) => listNachtlaeufe(db))).toHaveLength(1)
  expect(await alsKarin(findStand)).toEqual({ id: lauf, stichtag: HEUTE, am: bericht.beendetAm, eroeffnet: 2 })

  const fremd = await insertVermittler(database.owner, await insertBetrieb(database.owner), { rolle: 'SUPERVISOR' })
  expect(await database.web.withSession(fremd.token, (db) => findNachtlauf(db, lauf))).toBeUndefined()
})

describe('Anlauf', () => {
  test('before the first night a Supervisor sees what each rule would find, without any Fall being opened', async () => {
    await insertKunde(database.owner, { betrieb, vermittler: anna.id })
    const alt = await insertKunde(database.owner, { betrieb, vermittler: anna.id }, { geburtsdatum: null })
    await insertVertrag(database.owner, { betrieb, kunde: alt }, { ablauf: '2027-01-01', verlaengert_sich: 'NEIN' })
    await database.owner.updateTable('betrieb').set({ anlauf_am: null }).where('id', '=', betrieb).execute()
    expect(await alsKarin(getAnlauf)).toEqual({ anlaufAm: null, tagesquote: null })
    const vorschau = await alsKarin((db, person) => countVorschauen(db, ZWEI_REGELN, { person, stichtag: HEUTE }))
    const zahlen = (code: string) => vorschau.find((v) => v.code === code)!.zahlen
    expect(zahlen('G02')).toMatchObject({ NEU: 1, UNBEKANNT: 0, OFFEN: 0 })
    expect(zahlen('G01')).toMatchObject({ NEU: 1, UNBEKANNT: 1, OFFEN: 0 })
    expect(await database.owner.selectFrom('fall').select('id').where('betrieb_id', '=', betrieb).execute()).toEqual([])
  })

  test('released, with a rule off and a quota; what does not change keeps its version', async () => {
    await database.owner.updateTable('betrieb').set({ anlauf_am: null }).where('id', '=', betrieb).execute()
    const save = (an: Record<string, boolean>, tagesquote: number | null) => alsKarin((db, person) => saveAnlauf(db, person, { an, tagesquote }))
    await save({ G01: false, G02: true }, 5)
    await save({ G01: false, G02: false }, null)
    expect(await database.owner.selectFrom('betrieb').select(['tagesquote', 'anlauf_am']).where('id', '=', betrieb).executeTakeFirst()).toEqual({
      tagesquote: null,
      anlauf_am: expect.any(String),
    })
    const regeln = await database.owner
      .selectFrom('regel')
      .select(['gevo', 'an', 'version', 'geaendert_von'])
      .where('betrieb_id', '=', betrieb)
      .orderBy('gevo')
      .execute()
    expect(regeln).toEqual([
      { gevo: 'G01', an: false, version: 1, geaendert_von: karin.id },
      { gevo: 'G02', an: false, version: 2, geaendert_von: karin.id },
    ])
    expect((await alsKarin((db) => listRegeln(db, [{ code: 'G01' }, { code: 'G02' }, { code: 'G99' }]))).map((r) => r.an)).toEqual([
      false,
      false,
      true,
    ])
  })
})

describe('the watchdog', () => {
  test.each([
    ['2026-11-23T03:09:59.000Z', '2026-11-22'],
    ['2026-11-23T03:10:00.000Z', '2026-11-23'],
    ['2026-07-01T02:10:00.000Z', '2026-07-01'],
    ['2026-10-25T03:10:00.000Z', '2026-10-25'],
    ['2026-11-22T23:30:00.000Z', '2026-11-22'],
  ])('at %s the newest due Stichtag is %s', (jetzt, stichtag) => {
    expect(dueStichtag(jetzt, '04:10').stichtag).toBe(stichtag)
  })

  const MORGENS = '2026-11-23T07:00:00.000Z'
  test('a missed night is started, once; one that is complete is not', async () => {
    expect(await startMissed(database.worker, MORGENS, '04:10')).toBe(1)
    expect(await startMissed(database.worker, MORGENS, '04:10')).toBe(0)
    const [lauf] = await listLaeufe()
    expect(lauf).toMatchObject({ stichtag: HEUTE, anlass: 'WAECHTER', status: 'LAEUFT' })
    expect(await listOutbox()).toEqual([{ art: 'NACHTLAUF', ziel: lauf!.id }])
    await database.owner.updateTable('nachtlauf').set({ status: 'FERTIG' }).execute()
    expect(await startMissed(database.worker, MORGENS, '04:10')).toBe(0)
  })

  test('the planned night has a quarter of an hour to begin by itself', async () => {
    expect(await startMissed(database.worker, '2026-11-23T03:20:00.000Z', '04:10')).toBe(1)
    expect((await listLaeufe())[0]!.stichtag).toBe('2026-11-22')
  })

  test('a night that fails is tried three times a day, no more', async () => {
    const versuche: number[] = []
    for (let i = 0; i < 5; i++) {
      versuche.push(await startMissed(database.worker, MORGENS, '04:10'))
      await database.owner.updateTable('nachtlauf').set({ status: 'FEHLER' }).where('betrieb_id', '=', betrieb).execute()
    }
    expect(versuche).toEqual([1, 1, 1, 0, 0])
  })

  test('a run whose workflow was lost is sent for again after an hour', async () => {
    await startMissed(database.worker, MORGENS, '04:10')
    await database.owner.updateTable('outbox').set({ zugestellt_am: MORGENS }).where('betrieb_id', '=', betrieb).execute()
    await database.owner.updateTable('nachtlauf').set({ gestartet_am: '2026-11-23T05:30:00Z' }).where('betrieb_id', '=', betrieb).execute()
    expect(await startMissed(database.worker, MORGENS, '04:10')).toBe(1)
    expect(await listOutbox()).toHaveLength(2)
  })

  test('a Betrieb released this morning waits for its first night', async () => {
    await database.owner.updateTable('betrieb').set({ anlauf_am: '2026-11-23T06:00:00Z' }).where('id', '=', betrieb).execute()
    expect(await startMissed(database.worker, MORGENS, '04:10')).toBe(0)
  })
})
