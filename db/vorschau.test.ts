import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { katalog } from '../gevos/katalog.ts'
import versicherungsluecken from '../gevos/versicherungsluecken-junge-kunden.ts'
import vertragLaeuftBaldAb from '../gevos/vertrag-laeuft-bald-ab.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { runNacht } from '../test/support/nacht.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from '../test/support/welt.ts'
import { insertAltbestand, listAltbestand, undoAltbestand } from './altbestand.ts'
import type { Regel } from './bestand.ts'
import { saveRegel } from './regeln.ts'
import type { Person, WebDb } from './sitzung.ts'
import { mitGeduld, nurLesen } from './geduld.ts'
import { countVorschau, countVorschauen, countWartende, listVorschau } from './vorschau.ts'

const HEUTE = '2026-11-23'

let database: TestDatabase
let betrieb: number
let karin: { id: number; token: string }
let anna: { id: number; token: string }
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  await database.owner.updateTable('betrieb').set({ anlauf_am: null }).execute()
  betrieb = await insertBetrieb(database.owner)
  karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
  anna = await insertVermittler(database.owner, betrieb)
})

const alsKarin = <T>(work: (db: WebDb, person: Person) => Promise<T>) => database.web.withSession(karin.token, work) as Promise<T>
const kunde = (felder = {}) => insertKunde(database.owner, { betrieb, vermittler: anna.id }, felder)
const erledigt = (k: number, felder: object) =>
  insertFall(
    database.owner,
    { betrieb, vermittler: anna.id, kunde: k },
    { schluessel: `k${k}`, status: 'GESCHLOSSEN', dokumentiert_am: '2026-03-12T10:00:00Z', geschlossen_am: '2026-03-13T03:00:00Z', ...felder },
  )
const zaehle = (stichtag = HEUTE, regel: Regel = versicherungsluecken) => alsKarin((db, person) => countVorschau(db, regel, { person, stichtag }))
const liste = (stichtag = HEUTE) => alsKarin((db, person) => listVorschau(db, versicherungsluecken, { person, stichtag }))

test('what the preview counts as new is what the night opens, for every rule', async () => {
  const gesperrt = await kunde()
  await erledigt(gesperrt, { ergebnis: 'ABGELEHNT_NACH_BERATUNG', sperre_bis: '2028-03-12' })
  const offen = await kunde()
  await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde: offen }, { schluessel: `k${offen}` })
  await kunde()
  await kunde({ geburtsdatum: null })
  const alt = await kunde({ geburtsdatum: '1960-01-01' })
  await insertVertrag(database.owner, { betrieb, kunde: alt }, { ablauf: '2027-01-01', verlaengert_sich: 'NEIN' })
  const vorschau = await alsKarin((db, person) => countVorschauen(db, katalog, { person, stichtag: HEUTE }))
  expect(vorschau.find(({ code }) => code === 'G01')).toMatchObject({ zahlen: { NEU: 1, OFFEN: 1, GESPERRT: 1, GEPRUEFT: 0, UNBEKANNT: 1 } })

  const lauf = await runNacht(database.worker, HEUTE)
  const opened = await database.owner.selectFrom('nachtlauf_gevo').select(['gevo', 'eroeffnet']).where('nachtlauf_id', '=', lauf!).execute()
  for (const { gevo, eroeffnet } of opened) expect([gevo, vorschau.find(({ code }) => code === gevo)!.zahlen.NEU]).toEqual([gevo, eroeffnet])
  expect(opened.length).toBeGreaterThan(1)
})

test('another day, with today’s portfolio: who will be 18, and whose Sperrfrist will be over', async () => {
  await kunde({ geburtsdatum: '2009-03-01' })
  await erledigt(await kunde(), { ergebnis: 'ABGESCHLOSSEN', sperre_bis: '2027-02-28' })
  expect((await zaehle('2027-02-28'))!.zahlen).toMatchObject({ NEU: 0, GESPERRT: 1 })
  expect((await zaehle('2027-03-01'))!.zahlen).toMatchObject({ NEU: 2, GESPERRT: 0 })
  expect((await zaehle('1900-01-01'))!.zahlen.NEU).toBe(0)
})

test('the list says why somebody is held back and until when, new ones first', async () => {
  await erledigt(await kunde({ name: 'Alt' }), { ergebnis: 'ABGELEHNT_NACH_BERATUNG', sperre_bis: '2028-03-12' })
  await kunde({ name: 'Neu' })
  expect(await liste()).toMatchObject([
    { name: 'Neu', folge: 'NEU', vermittler: 'Weber, Anna', sperre_bis: null },
    { name: 'Alt', folge: 'GESPERRT', sperre_bis: '2028-03-12', sperre_ergebnis: 'ABGELEHNT_NACH_BERATUNG' },
  ])
})

test('thresholds that are only tried', async () => {
  await kunde({ geburtsdatum: '1986-11-23' })
  const mit = (probe: Record<string, number>) => alsKarin((db, person) => countVorschau(db, versicherungsluecken, { person, stichtag: HEUTE, probe }))
  expect((await mit({}))!.zahlen.NEU).toBe(0)
  expect((await mit({ alterBis: 40 }))!.zahlen.NEU).toBe(1)
  expect(await database.owner.selectFrom('regel').select('gevo').where('betrieb_id', '=', betrieb).execute()).toEqual([])
})

test('the daily quota leaves the rest waiting, per Vermittler', async () => {
  await database.owner.updateTable('betrieb').set({ tagesquote: 2 }).where('id', '=', betrieb).execute()
  for (let i = 0; i < 3; i++) await kunde()
  await insertKunde(database.owner, { betrieb, vermittler: karin.id })
  const wartend = await alsKarin(async (db, person) => {
    const blick = { person, stichtag: HEUTE }
    return countWartende(db, blick, await countVorschauen(db, [versicherungsluecken], blick))
  })
  expect(wartend).toBe(1)
})

test('nothing in a preview can write, and the transaction goes on', async () => {
  const schreiben = (db: WebDb) => nurLesen(db, () => db.updateTable('betrieb').set({ ort: 'Kiel' }).execute())
  await expect(alsKarin(schreiben)).rejects.toThrow('read-only')
  const danach = await alsKarin(async (db, person) => {
    await nurLesen(db, () => db.selectFrom('kunde').select('id').execute())
    return db.updateTable('betrieb').set({ ort: 'Kiel' }).where('id', '=', person.betriebId).executeTakeFirstOrThrow()
  })
  expect(danach.numUpdatedRows).toBe(1n)
})

test('what takes too long ends with an answer, and the time-out is over with it', async () => {
  const langsam = await alsKarin(async (db) => {
    const erst = await nurLesen(db, () => sql`SELECT pg_sleep(5)`.execute(db), 50)
    return [erst, (await sql<{ t: string }>`SELECT current_setting('statement_timeout') AS t`.execute(db)).rows[0]!.t]
  })
  expect(langsam).toEqual([undefined, '10s'])
  expect(await alsKarin((db, person) => countVorschauen(db, [versicherungsluecken], { person, stichtag: HEUTE }, 0))).toEqual([])
})

test('what is written with a rule’s answer is written whole or not at all', async () => {
  const ort = () => database.owner.selectFrom('betrieb').select('ort').where('id', '=', betrieb).executeTakeFirstOrThrow()
  const schreiben = (db: WebDb, name: string) => db.updateTable('betrieb').set({ ort: name }).execute()
  await alsKarin((db) => mitGeduld(db, () => schreiben(db, 'Kiel')))
  expect(await ort()).toEqual({ ort: 'Kiel' })
  const langsam = await alsKarin((db) =>
    mitGeduld(db, async () => [await schreiben(db, 'Bonn'), await sql`SELECT pg_sleep(5)`.execute(db)], { geduld: 50 }),
  )
  expect([langsam, await ort()]).toEqual([undefined, { ort: 'Kiel' }])
})

test('Altbestand geprüft: held back until the day, counted as gesperrt, and found again when taken back', async () => {
  await kunde()
  await kunde()
  const offen = await kunde()
  await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde: offen }, { schluessel: `k${offen}` })
  const mark = () =>
    alsKarin((db, person) => insertAltbestand(db, versicherungsluecken, { person, stichtag: HEUTE, bis: '2027-11-23', grund: 'Papierakten 2026' }))
  expect(await mark()).toBe(2)
  expect(await mark()).toBe(0)
  expect((await zaehle())!.zahlen).toMatchObject({ NEU: 0, OFFEN: 1, GEPRUEFT: 2 })
  expect((await zaehle('2027-11-24'))!.zahlen).toMatchObject({ NEU: 2, GEPRUEFT: 0 })
  const lauf = await runNacht(database.worker, HEUTE)
  const bericht = database.owner.selectFrom('nachtlauf_gevo').select(['eroeffnet', 'gesperrt']).where('gevo', '=', 'G01')
  expect(await bericht.where('nachtlauf_id', '=', lauf!).executeTakeFirst()).toEqual({ eroeffnet: 0, gesperrt: 2 })

  const [marke, ...rest] = await alsKarin((db) => listAltbestand(db, 'G01'))
  expect([marke, rest]).toMatchObject([
    { anzahl: 2, bis: '2027-11-23', grund: 'Papierakten 2026', von: 'Lindner, Karin', zurueckgenommenAm: null },
    [],
  ])
  expect(await alsKarin((db, person) => undoAltbestand(db, person, 'G01', marke!.id))).toBe(true)
  expect(await alsKarin((db, person) => undoAltbestand(db, person, 'G01', marke!.id))).toBe(false)
  expect((await alsKarin((db) => listAltbestand(db, 'G01')))[0]).toMatchObject({ zurueckgenommenVon: 'Lindner, Karin' })
  const zweiter = await runNacht(database.worker, HEUTE)
  expect(await bericht.where('nachtlauf_id', '=', zweiter!).executeTakeFirst()).toEqual({ eroeffnet: 2, gesperrt: 0 })
})

test('a Vermittler cannot mark, and another Betrieb sees nothing of it', async () => {
  await kunde()
  const neu = { stichtag: HEUTE, bis: '2027-11-23', grund: 'x' }
  await expect(database.web.withSession(anna.token, (db, person) => insertAltbestand(db, versicherungsluecken, { person, ...neu }))).rejects.toThrow(
    'row-level security',
  )
  await alsKarin((db, person) => insertAltbestand(db, versicherungsluecken, { person, ...neu }))
  const fremd = await insertVermittler(database.owner, await insertBetrieb(database.owner), { rolle: 'SUPERVISOR' })
  expect(await database.web.withSession(fremd.token, (db) => listAltbestand(db, 'G01'))).toEqual([])
  expect(await database.web.withSession(anna.token, (db) => listAltbestand(db, 'G01'))).toEqual([])
})

test('two Supervisors at once: the second is told', async () => {
  const neu = { gevo: 'G02', an: true, werte: { tage: 60 }, prio: null, sperrfristMonate: null }
  const save = (gesehen: number, mehr = {}) => alsKarin((db, person) => saveRegel(db, person, { ...neu, gesehen, ...mehr }))
  expect(await save(0)).toBe('GESPEICHERT')
  expect(await save(0)).toBe('GESPEICHERT')
  expect(await save(0, { werte: { tage: 120 } })).toBe('KONFLIKT')
  expect(await save(1, { werte: { tage: 120 } })).toBe('GESPEICHERT')
  await insertVertrag(database.owner, { betrieb, kunde: await kunde() }, { ablauf: '2027-03-01', verlaengert_sich: 'NEIN' })
  expect((await zaehle(HEUTE, vertragLaeuftBaldAb))!.zahlen.NEU).toBe(1)
})
