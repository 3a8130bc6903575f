import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Kundendaten, readKunde } from '../domain/kunde.ts'
import { readVertrag } from '../domain/vertrag.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from '../test/support/welt.ts'
import { listAngehoerige } from './haushalte.ts'
import { contactFall } from './kontakte.ts'
import { findKundenakte } from './kundenakte.ts'
import { findKunde, insertKunde as anlegen, listDoppelte, listKunden, updateKunde } from './kunden.ts'
import type { WebDb } from './sitzung.ts'
import { insertHandvertrag, listVersicherer, listVertraege } from './vertraege.ts'
import { openVorgang } from './vorgaenge.ts'
import { listZeitleiste } from './zeitleiste.ts'
import { reassignKunde } from './zuordnung.ts'

const HEUTE = '2026-11-23'

let database: TestDatabase
let betrieb: number
let anna: { id: number; token: string }
let ben: { id: number; token: string }
let karin: { id: number; token: string }

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  betrieb = await insertBetrieb(database.owner)
  anna = await insertVermittler(database.owner, betrieb)
  ben = await insertVermittler(database.owner, betrieb, { vorname: 'Ben', name: 'Groß' })
  karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
})

const as = async <T>(wer: { token: string }, work: (db: WebDb) => Promise<T>): Promise<T> => (await database.web.withSession(wer.token, work))!
const daten = (felder: Record<string, string>): Kundendaten => {
  const gelesen = readKunde({ art: 'NATUERLICH', ...felder }, HEUTE)
  if (!gelesen.ok) throw new Error(JSON.stringify(gelesen.fehler))
  return gelesen.werte
}

test('customers stand in the order of the phone book, fifty to a page, and can be cut to one Vermittler', async () => {
  for (const name of ['Zander', 'Müller', 'Muster', 'Mueller', 'Özdemir', 'Ahrens'])
    await insertKunde(database.owner, { betrieb, vermittler: anna.id }, { name, vorname: 'A' })
  const { kunden, gesamt } = await as(karin, (db) => listKunden(db, {}))
  expect(kunden.map((k) => k.name)).toEqual(['Ahrens', 'Mueller', 'Müller', 'Muster', 'Özdemir', 'Zander'])
  expect([gesamt, kunden[0]!.vermittler]).toEqual([6, 'Weber, Anna'])
  expect((await as(karin, (db) => listKunden(db, { vermittler: ben.id }))).gesamt).toBe(0)
  for (let i = 0; i < 50; i++) await insertKunde(database.owner, { betrieb, vermittler: ben.id })
  const zweite = await as(karin, (db) => listKunden(db, { seite: 2 }))
  expect([zweite.kunden.length, zweite.gesamt]).toEqual([6, 56])
})

test('a customer made by hand gets the next number, is found at once and belongs to who made it', async () => {
  const id = await as(anna, (db) => anlegen(db, { betrieb, vermittler: anna.id, daten: daten({ name: 'Öztürk', vorname: 'Can' }) }))
  const kunde = await as(anna, (db) => findKunde(db, id))
  expect(kunde).toMatchObject({ nummer: 'K-000001', quelle: 'HAND', status: 'AKTIV' })
  expect((await as(anna, (db) => listKunden(db, { q: 'oeztuerk' }))).kunden.map((k) => k.id)).toEqual([id])
  expect(await as(ben, (db) => findKunde(db, id))).toBeUndefined()
})

test('who already has the name and not another birthday is hinted at', async () => {
  await as(anna, (db) => anlegen(db, { betrieb, vermittler: anna.id, daten: daten({ name: 'Müller', vorname: 'Jan', geburtsdatum: '1.2.1990' }) }))
  const hinweise = async (felder: Record<string, string>) => (await as(anna, (db) => listDoppelte(db, daten(felder)))).length
  expect(await hinweise({ name: 'Mueller', vorname: 'Jan', geburtsdatum: '01.02.90' })).toBe(1)
  expect(await hinweise({ name: 'Mueller', vorname: 'Jan' })).toBe(1)
  expect(await hinweise({ name: 'Mueller', vorname: 'Jan', geburtsdatum: '02.02.90' })).toBe(0)
})

test('who saves onto an older version gets what stands there now, and nothing is overwritten', async () => {
  const id = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
  const neu = (telefon: string) => daten({ name: 'Çelik', vorname: 'Elif', telefon })
  expect(await as(karin, (db) => updateKunde(db, id, 1, neu('040 111111')))).toEqual({ art: 'GESPEICHERT' })
  expect(await as(anna, (db) => updateKunde(db, id, 1, neu('040 222222')))).toMatchObject({
    art: 'KONFLIKT',
    jetzt: { telefon: '040 111111', version: 2 },
  })
  expect(await as(anna, (db) => updateKunde(db, id, 2, neu('040 222222')))).toEqual({ art: 'GESPEICHERT' })
  expect(await as(ben, (db) => updateKunde(db, id, 3, neu('040 333333')))).toEqual({ art: 'UNBEKANNT' })
})

test('a customer is handed over: open and documented Fälle and Vorgänge go along, each with its protokoll and its message', async () => {
  const kunde = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
  const offen = await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde })
  const doku = await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde }, { gevo: 'G02', schluessel: 'v1', status: 'DOKUMENTIERT' })
  const zu = await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde }, { gevo: 'G03', status: 'GESCHLOSSEN' })
  const vorgang = { kunde, vermittler: anna.id, stichtag: HEUTE, titel: 'Anrufen', notiz: null, am: '2026-12-01T08:00:00.000Z' }
  await as(anna, (db) => openVorgang(db, { betrieb, aktion: 'v', quelle: 'KLICK', person: anna.id }, vorgang))
  const uebergeben = (aktion: string, neu = ben.id) => as(karin, (db) => reassignKunde(db, { kunde, betrieb, neu, aktion, person: karin.id }))

  expect(await uebergeben('u1')).toEqual({ ok: true, faelle: 3 })
  expect(await uebergeben('u1')).toEqual({ ok: true, faelle: 0 })
  const faelle = await database.owner
    .selectFrom('fall')
    .select(['id', 'vermittler_id', 'version'])
    .where('kunde_id', '=', kunde)
    .orderBy('id')
    .execute()
  expect(faelle.map((f) => f.vermittler_id)).toEqual([ben.id, ben.id, ben.id, ben.id])
  expect(faelle.filter((f) => f.version === 2).length).toBe(3)
  const protokoll = await database.owner
    .selectFrom('protokoll')
    .selectAll()
    .where('kunde_id', '=', kunde)
    .where('ereignis', '=', 'reassigned')
    .execute()
  expect(protokoll.map((p) => [p.fall_id, p.vermittler_id, p.codes]).slice(0, 2)).toEqual([
    [offen, karin.id, { vermittler: ben.id }],
    [doku, karin.id, { vermittler: ben.id }],
  ])
  expect(protokoll.some((p) => p.fall_id === zu)).toBe(false)
  const outbox = await database.owner
    .selectFrom('outbox')
    .select('ziel')
    .where('betrieb_id', '=', betrieb)
    .where('signal', '=', 'reassigned')
    .execute()
  expect(outbox.length).toBe(3)
  expect((await as(ben, (db) => findKundenakte(db, kunde)))!.vorgaenge).toMatchObject([{ titel: 'Anrufen', status: 'OFFEN' }])
  expect(await as(anna, (db) => findKunde(db, kunde))).toBeUndefined()
})

test('nobody who left and nobody of another Betrieb takes a customer over', async () => {
  const kunde = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
  const weg = await insertVermittler(database.owner, betrieb, { aktiv: false })
  const fremd = await insertVermittler(database.owner, await insertBetrieb(database.owner))
  for (const neu of [weg.id, fremd.id])
    expect(await as(karin, (db) => reassignKunde(db, { kunde, betrieb, neu, aktion: `x${neu}`, person: karin.id }))).toMatchObject({ ok: false })
})

test('a contract by hand is confirmed today; the same policy number of the same insurer is refused however it is written', async () => {
  const kunde = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
  await insertVertrag(database.owner, { betrieb, kunde }, { vu_nummer: '5342', vsnr_norm: '599', sparte_gdv: '130' })
  const eingabe = {
    sparte: 'PHV',
    bestandsart: 'FREMD',
    vu_nummer: 'NEU',
    vu_neu: '4711',
    versicherer_name: 'Alte Elbe',
    beitrag: '96,40',
    zahlungsweise: 'JAEHRLICH',
    verlaengert_sich: 'JA',
  }
  const add = async (felder: Record<string, string>) => {
    const gelesen = readVertrag({ ...eingabe, ...felder }, HEUTE)
    if (!gelesen.ok) throw new Error(JSON.stringify(gelesen.fehler))
    return as(karin, (db) => insertHandvertrag(db, { betrieb, kunde, daten: gelesen.werte, heute: HEUTE, darfBenennen: true }))
  }
  expect(await add({ vsnr: '12/34' })).toBeTypeOf('number')
  expect(await add({ vsnr: '00 12-34' })).toBe('DOPPELT')
  expect(await add({ vu_nummer: '5342', vsnr: '5-9-9' })).toBe('DOPPELT')
  expect(await add({})).toBeTypeOf('number')
  const [, phv] = await as(anna, (db) => listVertraege(db, kunde)).then((v) => [v, v.find((t) => t.sparte === 'PHV')!] as const)
  expect(phv).toMatchObject({
    versicherer: 'Alte Elbe',
    bestandsart: 'FREMD',
    verlaengert_quelle: 'PERSON',
    bestaetigt_am: HEUTE,
    beitrag_cent: 9640,
  })
  expect(await as(anna, listVersicherer)).toEqual([
    { vu_nummer: '4711', name: 'Alte Elbe' },
    { vu_nummer: '5342', name: 'VU 5342' },
  ])
})

test('the household shows everybody once, with the relation seen from the customer', async () => {
  const { id: haushalt } = await database.owner.insertInto('haushalt').values({ betrieb_id: betrieb }).returning('id').executeTakeFirstOrThrow()
  const add = (vorname: string, geburtsdatum: string) =>
    insertKunde(database.owner, { betrieb, vermittler: anna.id }, { vorname, geburtsdatum, haushalt_id: haushalt })
  const [peter, maria, lena] = [await add('Peter', '1970-01-01'), await add('Maria', '1972-01-01'), await add('Lena', '2008-01-01')]
  const ist = (kunde: number, art: 'EHEPARTNER' | 'KIND', zu: number) =>
    database.owner.insertInto('beziehung').values({ betrieb_id: betrieb, kunde_id: kunde, zu_kunde_id: zu, art }).execute()
  await ist(maria, 'EHEPARTNER', peter)
  await ist(peter, 'EHEPARTNER', maria)
  await ist(lena, 'KIND', peter)
  const sicht = async (kunde: number) => (await as(anna, (db) => listAngehoerige(db, kunde))).map((a) => [a.vorname, a.beziehung, a.umgekehrt])
  expect(await sicht(peter)).toEqual([
    ['Maria', 'EHEPARTNER', false],
    ['Lena', 'KIND', false],
  ])
  expect(await sicht(lena)).toEqual([
    ['Peter', 'KIND', true],
    ['Maria', null, false],
  ])
})

test('the timeline tells what happened, newest first, with who and how the mail fared; of one Fall or of the customer', async () => {
  const kunde = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
  const fall = await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde })
  const auftrag = { fall, betrieb, quelle: 'KLICK', person: anna.id } as const
  const mail = { an: 'elif.celik@kunde.example', betreff: 'Ihre Absicherung', inhalt: 'Guten Tag' }
  await as(anna, (db) => contactFall(db, { ...auftrag, aktion: 'a' }, { kanal: 'EMAIL', ergebnis: 'NACHRICHT_VERSANDT', mail }))
  await as(anna, (db) => contactFall(db, { ...auftrag, aktion: 'b' }, { kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT', notiz: 'Mailbox' }))
  const wen = { betrieb_id: betrieb, kunde_id: kunde, kanal: 'PERSOENLICH', ergebnis: 'GESPROCHEN', am: '2026-01-01T10:00:00Z' } as const
  await database.owner.insertInto('kontakt').values(wen).execute()
  const desFalls = await as(anna, (db) => listZeitleiste(db, { fall }))
  expect(desFalls).toMatchObject([
    { ereignis: 'contacted', codes: { kanal: 'TELEFON', versuch: 1 }, inhalt: { notiz: 'Mailbox' }, person: 'Weber, Anna', mail: null, gevo: 'G01' },
    { ereignis: 'contacted', codes: { kanal: 'EMAIL' }, mail: 'GEPLANT' },
  ])
  const desKunden = await as(anna, (db) => listZeitleiste(db, { kunde }))
  expect(desKunden.map((e) => [e.anker.slice(0, 1), e.codes['kanal']])).toEqual([
    ['p', 'TELEFON'],
    ['p', 'EMAIL'],
    ['k', 'PERSOENLICH'],
  ])
  expect(await as(anna, (db) => listZeitleiste(db, { kunde }, { limit: 1 }))).toHaveLength(1)
  expect(await as(ben, (db) => listZeitleiste(db, { fall }))).toEqual([])
})
