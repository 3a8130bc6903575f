import { createReadStream, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { toZuordnung } from '../domain/tabellenfelder.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { HEUTE, importWorte, meldungen } from '../test/support/importieren.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import { insertImport } from './importe.ts'
import { runImport } from './importe-lauf.ts'
import { findImport } from './importe-lesen.ts'
import { findSpalten, previewSpalten, saveSpalten } from './importe-spalten.ts'
import { importNow } from './importe-sofort.ts'
import { deleteOldBytes } from './importe-waechter.ts'
import { setVersicherer } from './versicherer.ts'

const DATEN = path.join(import.meta.dirname, '../test/daten/tabellen')
const BESTAND = path.join(DATEN, 'bestand-windows-1252.csv')

let database: TestDatabase
let betrieb: number
let karin: { id: number; token: string }

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  betrieb = await insertBetrieb(database.owner)
  karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
})

const als = async <T>(work: Parameters<typeof database.web.withSession<T>>[1]) => (await database.web.withSession(karin.token, work))!
const put = async (name: string, inhalt: string) =>
  (await als((db) => insertImport(db, { betrieb, person: karin.id, dateien: [{ name, bytes: Buffer.from(inhalt) }] })))[0]!
async function run(id: number) {
  const { anlauf } = await database.owner.selectFrom('import').select('anlauf').where('id', '=', id).executeTakeFirstOrThrow()
  return runImport(database.worker, { id, anlauf, heute: HEUTE })
}
const importiere = (datei: string | Uint8Array, name = 'bestand.csv') =>
  importNow(database.worker, {
    betrieb,
    datei: name,
    bytes: typeof datei === 'string' ? createReadStream(datei) : datei,
    person: null,
    heute: HEUTE,
    bestaetige: ({ zuordnung }, bisher) => (bisher ? undefined : zuordnung),
  })
const kunden = () => database.owner.selectFrom('kunde').selectAll().where('betrieb_id', '=', betrieb).orderBy('id').execute()
const vertraege = () => database.owner.selectFrom('vertrag').selectAll().where('betrieb_id', '=', betrieb).orderBy('id').execute()
const versicherer = async (...namen: [nummer: string, name: string][]) => {
  for (const [nummer, name] of namen) await als((db) => setVersicherer(db, betrieb, nummer, name))
}

test('the columns of a table are confirmed once for each source; then tables with these headings are taken by themselves', async () => {
  const id = await put('bestand.csv', 'Name;Vorname;Schein\nWeiß;Anna;V1\nKaya;Elif;V2\n')
  expect(await run(id)).toBe('ZUORDNUNG')
  const ansicht = (await als((db) => findSpalten(db, id)))!
  expect(ansicht).toMatchObject({ status: 'ZUORDNUNG', quelle: 'bestand.csv', bestaetigt: false, zuordnung: { felder: ['name', 'vorname', 'vsnr'] } })
  expect(await kunden()).toEqual([])
  expect(await als((db) => saveSpalten(db, id, ansicht.zuordnung))).toBe(1)
  expect(await als((db) => saveSpalten(db, id, ansicht.zuordnung))).toBe(0)
  expect(await run(id)).toBe('FERTIG')
  expect((await kunden()).map(({ vorname, name, quelle }) => [vorname, name, quelle])).toEqual([
    ['Anna', 'Weiß', 'CSV'],
    ['Elif', 'Kaya', 'CSV'],
  ])
  expect(await run(await put('oktober.csv', 'NAME;Vorname;Schein\nWeiß;Anna;V1\nYilmaz;Ece;V3\n'))).toBe('FERTIG')
  expect(await run(await put('andere.csv', 'Schein;Name;Vorname\nV1;Weiß;Anna\n'))).toBe('ZUORDNUNG')
})

test('several files with the same headings wait together and go on together', async () => {
  const beide = [await put('a.csv', 'Name;Schein\nWeiß;V1\n'), await put('b.csv', 'Name;Schein\nKaya;V2\n')]
  expect([await run(beide[0]!), await run(beide[1]!)]).toEqual(['ZUORDNUNG', 'ZUORDNUNG'])
  expect(await als((db) => saveSpalten(db, beide[1]!, toZuordnung({ felder: ['name', 'vsnr'] }, 2)))).toBe(2)
  expect([await run(beide[0]!), await run(beide[1]!)]).toEqual(['FERTIG', 'FERTIG'])
})

test('the answer to a column stays with its Betrieb', async () => {
  const id = await put('bestand.csv', 'Name;Schein\nWeiß;V1\n')
  await run(id)
  const fremd = await insertVermittler(database.owner, await insertBetrieb(database.owner), { rolle: 'SUPERVISOR' })
  expect(await database.web.withSession(fremd.token, (db) => findSpalten(db, id))).toBeUndefined()
  expect(await database.web.withSession(fremd.token, (db) => saveSpalten(db, id, toZuordnung({}, 2)))).toBeUndefined()
})

test('the preview shows rows as they would be stored, under any mapping', async () => {
  const id = await put('bestand.csv', 'Name;Geburtsdatum\n"Weiß, Anna";5.3.90\nKaya;gestern\n')
  await run(id)
  const ansicht = (await als((db) => findSpalten(db, id)))!
  const [anna, elif] = await als((db) => previewSpalten(db, ansicht, ansicht.zuordnung, HEUTE))
  expect(anna).toMatchObject({ nr: 2, person: { vorname: 'Anna', name: 'Weiß', geburtsdatum: '1990-03-05' }, vertrag: null, befunde: [] })
  expect(elif).toMatchObject({ nr: 3, person: { geburtsdatum: null }, befunde: [{ zeile: 3, feld: 'Geburtsdatum' }] })
  const anders = await als((db) => previewSpalten(db, ansicht, toZuordnung({ felder: ['name', null] }, 2), HEUTE))
  expect(anders[0]).toMatchObject({ person: { vorname: null, name: 'Weiß, Anna', geburtsdatum: null } })
})

test('a broker program’s table becomes customers, contracts of others, consents and powers of attorney; again it changes nothing', async () => {
  await versicherer(['90101', 'Elbtal Versicherung AG'], ['90104', 'Weserlicht Versicherung a. G.'])
  const erster = await importiere(BESTAND)
  expect(erster).toMatchObject({ status: 'FERTIG', zaehler: { saetze: 7, kundenNeu: 4, vertraegeNeu: 5, vertraegeOhneKunde: 0, zweifel: 0 } })
  expect((await kunden()).map((k) => [k.name, k.vorname, k.art, k.geburtsdatum, k.plz, k.strasse])).toEqual([
    ['Weiß', 'Jördis', 'NATUERLICH', '1990-03-05', '20095', 'Große Fleetstraße 12 a'],
    ['Özdemir', 'Can', 'NATUERLICH', '1985-01-01', '04103', 'Deichweg 3'],
    ['Müller Gerüstbau GmbH', null, 'FIRMA', null, '27568', 'Hafenring 7'],
    ['Schmidt', 'Jürgen', 'NATUERLICH', '1955-12-31', '99084', 'Am Markt 1'],
  ])
  expect((await vertraege()).map((v) => [v.vu_nummer, v.vsnr, v.sparte, v.bestandsart, v.status, v.beitrag_cent, v.zahlungsweise])).toEqual([
    ['90101', 'ET-1000001-05', 'PHV', 'EIGEN', 'AKTIV', 8990, 'JAEHRLICH'],
    ['90101', 'ET-2000001-05', 'HAUSRAT', 'EIGEN', 'AKTIV', 123456, 'HALBJAEHRLICH'],
    [null, '77/123-4', 'BU', 'FREMD', 'AKTIV', 6410, 'MONATLICH'],
    ['90104', 'W123456/7', 'KFZ', 'EIGEN', 'BEITRAGSFREI', 5400, 'MONATLICH'],
    ['90101', 'ET-3000001-09', 'BHV', 'EIGEN', 'STORNIERT', 41000, 'VIERTELJAEHRLICH'],
  ])
  const db = database.owner
  const einwilligungen = await db
    .selectFrom('einwilligung')
    .select(['kanal', 'erteilt_am', 'form'])
    .where('betrieb_id', '=', betrieb)
    .orderBy('kanal')
    .execute()
  expect(einwilligungen).toEqual([
    { kanal: 'EMAIL', erteilt_am: '2024-05-14', form: 'Formular vom 14.05.2024' },
    { kanal: 'TELEFON', erteilt_am: '2024-05-14', form: 'Formular vom 14.05.2024' },
  ])
  const vollmachten = await db.selectFrom('maklervollmacht').select('erteilt_am').where('betrieb_id', '=', betrieb).orderBy('erteilt_am').execute()
  expect(vollmachten.map(({ erteilt_am }) => erteilt_am)).toEqual(['2015-02-01', '2019-06-20'])
  const nummern = await db.selectFrom('kundennummer').select(['vu_nummer', 'nummer']).where('betrieb_id', '=', betrieb).orderBy('nummer').execute()
  expect(nummern).toEqual(['1001', '1002', '1003', '1004'].map((nummer) => ({ vu_nummer: '', nummer })))
  expect(erster.gruppen.map(({ text }) => text)).toEqual([
    expect.stringContaining('Der Versicherer „Unbekannte Assekuranz“ ist nicht bekannt.'),
    'Das ist eine Summenzeile; sie wurde nicht übernommen.',
  ])

  const vorher = [await kunden(), await vertraege()]
  const zweiter = await importiere(BESTAND)
  expect(zweiter.zaehler).toMatchObject({
    kundenNeu: 0,
    kundenGeaendert: 0,
    kundenUnveraendert: 4,
    vertraegeNeu: 0,
    vertraegeGeaendert: 0,
    vertraegeUnveraendert: 5,
  })
  expect([await kunden(), await vertraege()]).toEqual(vorher)
})

test('a contract whose insurer was not known by number takes it from the next delivery, whatever brings it', async () => {
  await importiere(Buffer.from('Name;Vorname;Geburtsdatum;Gesellschaft;Schein;Sparte\nWeiß;Anna;05.03.1990;Hansa;HR-4711;Hausrat\n'))
  expect(await vertraege()).toMatchObject([{ vu_nummer: null, vsnr: 'HR-4711' }])
  await importWorte(
    database.worker,
    betrieb,
    meldungen({
      stand: HEUTE,
      zeilen: [{ person: { strasse: null, plz: null, ort: null }, vertrag: { vsnr: 'HR-4711', vsnrNorm: 'HR4711', sparteGdv: '130' } }],
    }),
  )
  expect(await vertraege()).toMatchObject([{ vu_nummer: '5342', vsnr: 'HR-4711', sparte_gdv: '130', sparte: 'HAUSRAT' }])
  // The table comes again, still without a number: nothing is doubled, nothing lost.
  await importiere(Buffer.from('Name;Vorname;Geburtsdatum;Gesellschaft;Schein;Sparte\nWeiß;Anna;05.03.1990;Hansa;HR-4711;Hausrat\n'))
  expect(await vertraege()).toMatchObject([{ vu_nummer: '5342', vsnr: 'HR-4711' }])
  expect(await kunden()).toHaveLength(1)
})

test('the same number at two customers of unknown insurers stays with each', async () => {
  const kopf = 'Name;Vorname;Geburtsdatum;Gesellschaft;Schein;Sparte\n'
  await importiere(Buffer.from(`${kopf}Weiß;Anna;05.03.1990;Hansa;12345;Hausrat\n`))
  await importWorte(
    database.worker,
    betrieb,
    meldungen({ zeilen: [{ person: { vorname: 'Elif', name: 'Kaya' }, vertrag: { vsnr: '12345', vsnrNorm: '12345' } }] }),
  )
  expect((await vertraege()).map(({ vu_nummer }) => vu_nummer)).toEqual([null, '5342'])
})

test('parts of a bundle under one number are contracts of their own', async () => {
  const tabelle =
    'Name;Vorname;Geburtsdatum;VU-Nr.;Schein;Sparte;Beitrag\nWeiß;Anna;05.03.1990;5342;B-1;Glas;20,00\nWeiß;Anna;05.03.1990;5342;B-1;Hausrat;100,00\n'
  await importiere(Buffer.from(tabelle))
  const sparten = async () => (await vertraege()).map(({ sparte, beitrag_cent }) => `${sparte} ${beitrag_cent}`).toSorted()
  expect(await sparten()).toEqual(['GLAS 2000', 'HAUSRAT 10000'])
  const { zaehler } = await importiere(Buffer.from(tabelle))
  expect(zaehler).toMatchObject({ vertraegeNeu: 0, vertraegeUnveraendert: 2 })
  await importiere(Buffer.from(tabelle.replace('100,00', '120,00')))
  expect(await sparten()).toEqual(['GLAS 2000', 'HAUSRAT 12000'])
})

test('people of one name, told apart by nothing but their number, stay two', async () => {
  const tabelle = 'Kundennr;Name;Vorname\n1;Müller;Anna\n2;Müller;Anna\n'
  await importiere(Buffer.from(tabelle))
  expect(await kunden()).toHaveLength(2)
  expect((await importiere(Buffer.from(tabelle))).zaehler).toMatchObject({ kundenNeu: 0, kundenUnveraendert: 2 })
})

test('a row that is only a contract finds its customer by number', async () => {
  await importiere(Buffer.from('Kundennr;Name;VU-Nr.;Schein;Sparte\n7;Weiß GmbH;;;\n7;;5342;V-1;Glas\n'))
  expect(await vertraege()).toMatchObject([{ vsnr: 'V-1', kunde_id: (await kunden())[0]!.id }])
})

test.each([
  ['kaputt.xlsx', Buffer.from('PK\u0003\u0004kaputt'), 'unvollständig oder beschädigt'],
  ['alt.xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3]), 'im alten Format'],
  ['ohne-kopf.csv', Buffer.from('1;2;3\n4;5;6\n'), 'keine Zeile mit Überschriften'],
])('%s is refused with a sentence that helps, and nothing is stored', async (name, bytes, satz) => {
  const bericht = await importiere(bytes, name)
  expect(bericht).toMatchObject({ status: 'FEHLER', gruende: [{ text: expect.stringContaining(satz) }] })
  expect(await kunden()).toEqual([])
})

test('a table that breaks off in its middle leaves nothing', async () => {
  const anfang = readFileSync(BESTAND)
  const bericht = await importiere(Buffer.concat([anfang, Buffer.from('1009;Frau;;"Nie geschlossen;;;\r\n')]))
  expect(bericht).toMatchObject({ status: 'FEHLER', gruende: [{ text: expect.stringContaining('Ein Anführungszeichen wird nicht geschlossen') }] })
  expect(await kunden()).toEqual([])
})

test('rows kept for the preview go with the bytes', async () => {
  const id = await put('bestand.csv', 'Name;Schein\nWeiß;V1\n')
  await run(id)
  await database.owner.updateTable('import').set({ gestartet_am: '2026-01-01T00:00:00Z' }).where('id', '=', id).execute()
  expect(await deleteOldBytes(database.worker)).toBeGreaterThan(0)
  expect((await als((db) => findImport(db, id)))!.vorschlag).toBeNull()
})
