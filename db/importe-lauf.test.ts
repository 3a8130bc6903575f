import { readFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { datei, nachsatz, satz, vorsatz } from '../test/support/gdv-schreiben.ts'
import { verschiebeGdv } from '../test/support/gdv-verschieben.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from '../test/support/welt.ts'
import { type Sofortauftrag, importNow } from './importe-sofort.ts'
import { type Antwort, decideZweifel, listFragen } from './importe-zweifel.ts'
import { releaseImport } from './importe.ts'
import { runImport } from './importe-lauf.ts'
import { setAgenturnummer } from './importe-agentur.ts'
import { listBefunde } from './importe-befunde.ts'
import { listOffeneAgenturnummern } from './importe-lesen.ts'

const DATEN = path.join(import.meta.dirname, '../test/daten/gdv')
const muster = readFileSync(path.join(DATEN, 'musterdatei_2009.txt'))
const leben = ['Leben_Wagnis2_Riester.GDV', 'Leben_Wagnis3_Risikoversicherung.GDV', 'Leben_Wagnis4_BU.GDV'].map((datei) =>
  readFileSync(path.join(DATEN, datei)),
)
const HEUTE = '2026-11-23'

let database: TestDatabase
let betrieb: number
let karin: { id: number; token: string }
let anna: { id: number; token: string }

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  betrieb = await insertBetrieb(database.owner)
  karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
  anna = await insertVermittler(database.owner, betrieb)
})

function importiere(bytes: Uint8Array, felder: Partial<Sofortauftrag> = {}) {
  return importNow(database.worker, { betrieb, datei: 'lieferung.gdv', bytes, person: null, heute: HEUTE, ...felder })
}
const bericht = async (id: number) =>
  (await database.owner.selectFrom('import').select('zaehler').where('id', '=', id).executeTakeFirstOrThrow()).zaehler
const fragen = async () => [...(await offene('PERSON')), ...(await offene('HAUSHALT'))]
const offene = async (art: 'PERSON' | 'HAUSHALT') => (await database.web.withSession(karin.token, (db) => listFragen(db, { art })))!.fragen
/** Answers a question and lets the worker carry it out. */
async function antworte(frage: number, antwort: Antwort) {
  const ok = await database.web.withSession(karin.token, (db) => decideZweifel(db, frage, antwort, karin.id))
  const { import_id: id } = await database.owner.selectFrom('import_zweifel').select('import_id').where('id', '=', frage).executeTakeFirstOrThrow()
  const { anlauf } = await database.owner.selectFrom('import').select('anlauf').where('id', '=', id).executeTakeFirstOrThrow()
  await runImport(database.worker, { id, anlauf, heute: HEUTE })
  return ok
}
/** A Supervisor believes what the brake held. */
async function freigeben(id: number) {
  await database.web.withSession(karin.token, (db) => releaseImport(db, id, karin.id))
  const { anlauf } = await database.owner.selectFrom('import').select('anlauf').where('id', '=', id).executeTakeFirstOrThrow()
  return runImport(database.worker, { id, anlauf, heute: HEUTE })
}
const als = async <T>(work: Parameters<typeof database.web.withSession<T>>[1]) => (await database.web.withSession(karin.token, work))!
const kunden = () => database.owner.selectFrom('kunde').selectAll().where('betrieb_id', '=', betrieb).orderBy('nummer').execute()
const vertraege = () => database.owner.selectFrom('vertrag').selectAll().where('betrieb_id', '=', betrieb).orderBy('id').execute()
const ersetze = (bytes: Uint8Array, alt: string, neu: string) => Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll(alt, neu), 'latin1')

test('the sample delivery becomes ten customers and fifteen contracts in the Supervisor’s portfolio', async () => {
  const bericht = await importiere(muster)
  expect(bericht).toMatchObject({
    status: 'FERTIG',
    zaehler: { pakete: 1, paketeAbgelehnt: 0, saetze: 165, kundenNeu: 10, vertraegeNeu: 15, vertraegeOhneKunde: 0, befunde: 11 },
  })
  const alle = await kunden()
  expect(alle.map(({ nummer, name, vorname, geburtsdatum, email }) => [nummer, name, vorname, geburtsdatum, email].join(' '))).toEqual([
    'K-000001 Kitzelpfütze Martina 1979-11-11 ',
    'K-000002 Pollsmann Rudolf 1979-11-11 polly@example.com',
    'K-000003 Pooosmann Rudolf 1979-11-11 poooy@example.com',
    'K-000004 Pollimann Rudolf 1979-12-12 polli@example.com',
    'K-000005 Fresy Wilhelm 1979-12-12 wilhelm.fresy@example.com',
    'K-000006 Gillensvier Herbert 1979-12-12 ',
    'K-000007 Gillensdrei Hans 1977-07-07 ',
    'K-000008 Gillenszwei Herbert 1977-07-07 gillenszwei@example.com',
    'K-000009 Gillenseins Wolfgang 1977-07-07 gillenseins@example.com',
    'K-000010 Auszeilerbx Anton 1977-07-07 juergen.rabennstale@example.com',
  ])
  expect(new Set(alle.map(({ vermittler_id, quelle, quelle_stand, status }) => `${vermittler_id} ${quelle} ${quelle_stand} ${status}`))).toEqual(
    new Set([`${karin.id} GDV 2004-07-22 AKTIV`]),
  )
  const fresy = (await vertraege()).filter(({ kunde_id }) => kunde_id === alle[4]!.id)
  expect(fresy.map(({ sparte }) => sparte)).toEqual(['PHV', 'THV', 'HAFTPFLICHT', 'HAFTPFLICHT', 'HAFTPFLICHT'])
})

test('the insured person is the customer of that name and birthday; several are kept by name', async () => {
  await importiere(muster)
  const [martina, pollsmann] = await kunden()
  const unfall = (await vertraege()).filter(({ sparte }) => sparte === 'UNFALL')
  expect(unfall.map((v) => [v.vsnr, v.versicherte_person_id, v.versicherte_person_name])).toEqual([
    ['59999999999', martina!.id, 'Martina Kitzelpfütze'],
    ['59999999998', pollsmann!.id, 'Rudolf Pollsmann'],
    ['59999999997', null, 'Rudolf Pollsmann, Martina Kitzelpfütze'],
    ['59999999996', null, 'Rudolf Pollsmann'],
  ])
})

test('life deliveries without customer numbers meet by name, birthday and address', async () => {
  for (const bytes of leben) {
    const { id, status } = await importiere(bytes)
    if (status === 'QUARANTAENE') await freigeben(id)
  }
  const [horst, kerstin, ...weitere] = await kunden()
  expect(weitere).toEqual([])
  expect(
    (await vertraege()).map((v) => [v.kunde_id, v.sparte, v.ablauf, v.beitrag_cent, v.versicherte_person_id, v.versicherte_person_name]),
  ).toEqual([
    [horst!.id, 'RV', '2052-10-01', 6950, horst!.id, 'Horst Schmid'],
    [kerstin!.id, 'RLV', '2021-08-01', 12421, null, 'Roland Batzer'],
    [horst!.id, 'BU', '2047-10-01', 5102, horst!.id, 'Horst Schmid'],
  ])
})

test('the same file twice changes nothing', async () => {
  await importiere(muster)
  const vorher = [await kunden(), await vertraege()]
  const zweiter = await importiere(muster)
  expect(zweiter.zaehler).toMatchObject({
    kundenNeu: 0,
    kundenGeaendert: 0,
    kundenUnveraendert: 10,
    vertraegeNeu: 0,
    vertraegeGeaendert: 0,
    vertraegeUnveraendert: 15,
  })
  expect([await kunden(), await vertraege()]).toEqual(vorher)
  const importe = await database.owner.selectFrom('import').selectAll().where('betrieb_id', '=', betrieb).execute()
  expect(importe.map(({ status, pruefsumme }) => [status, pruefsumme])).toEqual([
    ['FERTIG', importe[0]!.pruefsumme],
    ['FERTIG', importe[0]!.pruefsumme],
  ])
})

test('a newer delivery corrects and confirms, an older one does not come back', async () => {
  await importiere(muster)
  const neuer = ersetze(ersetze(muster, '2207200422072004', '2207200422072005'), 'Salb 77', 'Hang 9 ')
  expect((await importiere(neuer)).zaehler).toMatchObject({ kundenGeaendert: 1, vertraegeGeaendert: 0, vertraegeUnveraendert: 15 })
  expect((await kunden()).at(-1)).toMatchObject({ strasse: 'Hang 9', version: 2, quelle_stand: '2005-07-22' })
  expect(await vertraege()).toMatchObject(Array.from({ length: 15 }, () => ({ version: 1, bestaetigt_am: '2005-07-22' })))
  const aelter = await importiere(muster)
  expect(aelter).toMatchObject({ status: 'QUARANTAENE', gruende: [{ art: 'VERALTET', text: expect.stringContaining('Stand 22.07.2004') }] })
  expect(await freigeben(aelter.id)).toBe('FERTIG')
  expect(await bericht(aelter.id)).toMatchObject({ kundenGeaendert: 0, vertraegeAelter: 15 })
  expect((await kunden()).at(-1)).toMatchObject({ strasse: 'Hang 9', version: 2 })
})

test('what a person typed is only completed', async () => {
  await importiere(muster)
  const [, pollsmann] = await kunden()
  await database.owner
    .updateTable('kunde')
    .set({ quelle: 'HAND', telefon: '0221 999999', email: null, strasse: 'Neue Gasse 1', plz: null })
    .where('id', '=', pollsmann!.id)
    .execute()
  await importiere(muster)
  expect((await kunden())[1]).toMatchObject({
    telefon: '0221 999999',
    email: 'polly@example.com',
    strasse: 'Neue Gasse 1',
    plz: null,
    quelle: 'HAND',
  })
})

test('a contract made by hand is met by the delivery, not doubled', async () => {
  const kunde = await insertKunde(
    database.owner,
    { betrieb, vermittler: anna.id },
    { name: 'Kitzelpfütze', vorname: 'Martina', geburtsdatum: '1979-11-11' },
  )
  const id = await insertVertrag(
    database.owner,
    { betrieb, kunde },
    {
      vu_nummer: '9999',
      vsnr: '5 9999999-999',
      vsnr_norm: '59999999999',
      sparte: 'UNFALL',
      sparte_gdv: null,
      quelle: 'HAND',
      verlaengert_sich: 'NEIN',
    },
  )
  expect((await importiere(muster)).zaehler).toMatchObject({ kundenNeu: 9, vertraegeNeu: 14, vertraegeGeaendert: 1 })
  expect((await vertraege())[0]).toMatchObject({ id, kunde_id: kunde, ablauf: '2009-05-01', quelle: 'HAND', verlaengert_sich: 'NEIN' })
  expect((await vertraege())[0]!.herkunft).toMatchObject({ ablauf: { quelle: 'GDV', am: '2004-07-22' } })
})

test('a mapped agency number sends customers into the Vermittler’s portfolio', async () => {
  const zuordnung = { betrieb, vuNummer: '9999', nummer: '9999009999', vermittler: anna.id, person: null }
  await database.worker.transaction().execute((db) => setAgenturnummer(db, zuordnung))
  await importiere(muster)
  expect(new Set((await kunden()).map(({ vermittler_id }) => vermittler_id))).toEqual(new Set([anna.id]))
})

test('a later mapping moves the customers of that number with their Fälle, but not whom a person handed over', async () => {
  await importiere(muster)
  const ben = await insertVermittler(database.owner, betrieb)
  const [martina, pollsmann] = await kunden()
  const fall = await insertFall(database.owner, { betrieb, vermittler: karin.id, kunde: martina!.id })
  await database.owner.updateTable('kunde').set({ vermittler_id: ben.id }).where('id', '=', pollsmann!.id).execute()
  const zuordnung = { betrieb, vuNummer: '9999', nummer: '9999009999', vermittler: anna.id, person: null }
  const bewegt = await database.worker.transaction().execute((db) => setAgenturnummer(db, zuordnung))
  expect(bewegt).toBe(9)
  const [m, p, ...rest] = await kunden()
  expect([m!.vermittler_id, p!.vermittler_id, new Set(rest.map((k) => k.vermittler_id))]).toEqual([anna.id, ben.id, new Set([anna.id])])
  const row = await database.owner.selectFrom('fall').select('vermittler_id').where('id', '=', fall).executeTakeFirstOrThrow()
  expect(row.vermittler_id).toBe(anna.id)
})

test('the numbers nobody is mapped to are told to the Supervisor of the Betrieb alone', async () => {
  await importiere(muster)
  const offene = (wer: { token: string }, welcher = betrieb) => database.web.withSession(wer.token, (db) => listOffeneAgenturnummern(db, welcher))
  expect(await offene(karin)).toEqual([{ vuNummer: '9999', nummer: '9999009999', versicherer: null, kunden: 10 }])
  await expect(offene(anna)).rejects.toThrow('NUR_SUPERVISOR')
  await expect(offene(karin, await insertBetrieb(database.owner))).rejects.toThrow('BETRIEB_FREMD')
  await als((db) => setAgenturnummer(db, { betrieb, vuNummer: '9999', nummer: '9999009999', vermittler: anna.id, person: karin.id }))
  expect(await offene(karin)).toEqual([])
})

test('every finding is kept with its place, however many there are of a kind; begun again, none twice', async () => {
  const saetze = Array.from({ length: 300 }, (_, i) => [
    satz('0100.1', { ...KOPF, vsnr: `HR ${i}` }, { ...ANNA, Name1: `Weiß${i}`, Geburtsdatum: '31021978' }),
    satz('0200.1', { ...KOPF, vsnr: `HR ${i}` }, { Vertragsbeginn: '2020-01-01', Vertragsstatus: '1' }),
  ]).flat()
  const { id, zaehler, befunde } = await importiere(datei([vorsatz('5342', '2026-01-01'), ...saetze, nachsatz(saetze.length + 1)]))
  expect(zaehler).toMatchObject({ befunde: 301, befundeAufgehoben: 301 })
  expect(befunde).toHaveLength(6)
  await freigeben(id)
  const alle = await als((db) => listBefunde(db, id))
  expect(alle.filter(({ feld }) => feld === 'Geburtsdatum').map(({ zeile }) => zeile)).toEqual(Array.from({ length: 300 }, (_, i) => 2 + i * 2))
  expect(alle).toHaveLength(301)
})

test('nothing of a rejected package is stored, the rest is', async () => {
  const zeilen = muster.toString('latin1').split('\n')
  const ohneVorsatz = zeilen.slice(2).join('\n')
  const gemischt = Buffer.concat([Buffer.from(ohneVorsatz, 'latin1'), leben[0]!])
  const { id } = await importiere(gemischt)
  await freigeben(id)
  expect(await bericht(id)).toMatchObject({ pakete: 1, paketeAbgelehnt: 1, kundenNeu: 1, vertraegeNeu: 1 })
  const nichts = await importiere(Buffer.from('Das ist ein Brief und keine Lieferung.'))
  expect(nichts).toMatchObject({ status: 'FEHLER', zaehler: { pakete: 0 }, gruende: [{ text: expect.stringContaining('nichts übernommen') }] })
  expect((await kunden()).map(({ name }) => name)).toEqual(['Schmid'])
})

const KOPF = { vuNummer: '5342', sparte: '130', vsnr: 'HR 1', agenturnummer: 'A1' }
const ANNA = { Name1: 'Weiß', Name3: 'Anna', Geburtsdatum: '1990-03-05', Adresskennzeichen: '01', PLZ: '20095', Ort: 'Hamburg', Str: 'Fleet 3' }
function lieferung(stand: string, { kopf = KOPF, adresse = {}, vertrag = {} }: { kopf?: typeof KOPF; adresse?: object; vertrag?: object }) {
  const saetze = [
    satz('0100.1', kopf, { ...ANNA, ...adresse }),
    satz('0100.2', kopf, { PersonenKundenNrVersicherers: 'N1' }),
    satz('0200.1', kopf, { Vertragsbeginn: '2020-01-01', Vertragsstatus: '1', Zahlungsweise: '1', GesbeitragNettoInWE: 9900, ...vertrag }),
  ]
  return datei([vorsatz(kopf.vuNummer, stand), ...saetze, nachsatz(saetze.length)])
}

test('who marries and moves stays the same customer, known by the insurer’s number', async () => {
  await importiere(lieferung('2026-01-01', {}))
  const bericht = await importiere(lieferung('2026-06-01', { adresse: { Name1: 'Schwarz', Str: 'Kai 7' } }))
  expect(bericht.zaehler).toMatchObject({ kundenNeu: 0, kundenGeaendert: 1, vertraegeUnveraendert: 1 })
  expect(await kunden()).toMatchObject([{ name: 'Schwarz', strasse: 'Kai 7', version: 2, suchtext: expect.stringContaining('schwarz') }])
})

test('a number that the insurer gave to somebody else is a question, and nothing is written until it is answered', async () => {
  await importiere(lieferung('2026-01-01', {}))
  const [anna] = await kunden()
  const deniz = { Name1: 'Yilmaz', Name3: 'Deniz', Geburtsdatum: '1988-01-01' }
  const zweiter = await importiere(lieferung('2026-06-01', { kopf: { ...KOPF, vsnr: 'HR 2' }, adresse: deniz }))
  expect(zweiter.zaehler).toMatchObject({ kundenNeu: 0, vertraegeNeu: 0, zweifel: 1 })
  const [frage] = await fragen()
  expect(frage).toMatchObject({
    art: 'NUMMER',
    geliefert: { person: { name: 'Yilmaz' }, vertraege: [{ vsnr: 'HR 2' }] },
    kandidaten: [{ id: anna!.id, name: 'Weiß' }],
  })
  expect(await antworte(frage!.id, { entscheidung: 'DERSELBE', kunde: 999_999 })).toBe(false)
  expect(await antworte(frage!.id, { entscheidung: 'NEU' })).toBe(true)
  expect(await antworte(frage!.id, { entscheidung: 'NEU' })).toBe(false)
  expect(await kunden()).toMatchObject([{ name: 'Weiß' }, { name: 'Yilmaz' }])
  expect(await vertraege()).toMatchObject([{ vsnr: 'HR 1' }, { vsnr: 'HR 2', kunde_id: (await kunden())[1]!.id }])
  expect(await bericht(zweiter.id)).toMatchObject({ kundenNeu: 1, vertraegeNeu: 1 })
  expect(await fragen()).toEqual([])
  // The answer is remembered.
  expect((await importiere(lieferung('2026-07-01', { kopf: { ...KOPF, vsnr: 'HR 2' }, adresse: deniz }))).zaehler).toMatchObject({
    zweifel: 0,
    kundenNeu: 0,
    vertraegeUnveraendert: 1,
  })
})

test('the same name and birthday at another address is a question; DERSELBE takes person and contracts to the customer', async () => {
  await importiere(lieferung('2026-01-01', {}))
  const kopf = { ...KOPF, vuNummer: '1104', vsnr: 'LV 9', sparte: '010' }
  const umgezogen = { Str: 'Kai 7', PLZ: '80331', Ort: 'München' }
  expect((await importiere(lieferung('2026-02-01', { kopf, adresse: umgezogen }))).zaehler).toMatchObject({ zweifel: 1, vertraegeNeu: 0 })
  const [frage] = await fragen()
  const [anna] = await kunden()
  expect(frage).toMatchObject({ art: 'ANSCHRIFT', kandidaten: [{ id: anna!.id }] })
  await antworte(frage!.id, { entscheidung: 'DERSELBE', kunde: anna!.id })
  expect(await kunden()).toMatchObject([{ id: anna!.id, strasse: 'Kai 7', ort: 'München' }])
  expect(await vertraege()).toMatchObject([{ vsnr: 'HR 1' }, { vsnr: 'LV 9', kunde_id: anna!.id }])
  const zeilen = await database.owner.selectFrom('import_zweifel').select(['geliefert', 'ziel_kunde_id']).where('betrieb_id', '=', betrieb).execute()
  expect(zeilen).toEqual([{ geliefert: {}, ziel_kunde_id: anna!.id }])
})

test('two insurers deliver the same person: one customer with both numbers', async () => {
  await importiere(lieferung('2026-01-01', {}))
  const kopf = { ...KOPF, vuNummer: '1104', vsnr: 'LV 9', sparte: '010' }
  expect((await importiere(lieferung('2026-01-01', { kopf, adresse: { Str: 'FLEET 3' } }))).zaehler).toMatchObject({ kundenNeu: 0, vertraegeNeu: 1 })
  const nummern = await database.owner.selectFrom('kundennummer').selectAll().where('betrieb_id', '=', betrieb).orderBy('vu_nummer').execute()
  expect(nummern.map(({ vu_nummer, nummer, kunde_id }) => [vu_nummer, nummer, kunde_id])).toEqual([
    ['1104', 'N1', nummern[0]!.kunde_id],
    ['5342', 'N1', nummern[0]!.kunde_id],
  ])
})

test('a cancellation arrives, its correction takes it back, an unreadable field loses nothing', async () => {
  await importiere(lieferung('2026-01-01', { vertrag: { Vertragsablauf: '2027-01-01' } }))
  await importiere(lieferung('2026-02-01', { vertrag: { Vertragsstatus: '4', Abgangsdatum: '2026-01-31', Abgangsgrund: '12' } }))
  expect(await vertraege()).toMatchObject([
    { status: 'STORNIERT', abgang_am: '2026-01-31', ablauf: '2027-01-01', merkmale: { roh: { abgangsgrund: '12' } } },
  ])
  await importiere(lieferung('2026-03-01', { vertrag: { Vertragsablauf: '99X' } }))
  expect(await vertraege()).toMatchObject([{ status: 'AKTIV', abgang_am: null, ablauf: '2027-01-01', merkmale: {}, version: 3 }])
})

test('a delivery dated in the future confirms nothing beyond today', async () => {
  await importiere(lieferung('2027-05-01', {}))
  expect(await vertraege()).toMatchObject([{ bestaetigt_am: HEUTE, quelle_stand: HEUTE }])
})

test('the sample moved by 22 years speaks of today: all contracts run, everybody is 25 to 27', async () => {
  await importiere(verschiebeGdv(muster, 22))
  const alle = await vertraege()
  expect(new Set(alle.map(({ bestaetigt_am, status }) => `${bestaetigt_am} ${status}`))).toEqual(new Set(['2026-07-22 AKTIV']))
  expect(alle.every(({ beginn, ablauf }) => beginn! <= HEUTE && ablauf! > HEUTE)).toBe(true)
  expect([...new Set((await kunden()).map(({ geburtsdatum }) => geburtsdatum))].sort()).toEqual(['1999-07-07', '2001-11-11', '2001-12-12'])
})

test('a demo Betrieb goes with its imports, sources and questions', async () => {
  await database.owner.updateTable('betrieb').set({ demo: true }).where('id', '=', betrieb).execute()
  await importiere(muster)
  await importiere(lieferung('2026-01-01', {}))
  await importiere(
    lieferung('2026-06-01', { kopf: { ...KOPF, vsnr: 'HR 2' }, adresse: { Name1: 'Yilmaz', Name3: 'Deniz', Geburtsdatum: '1988-01-01' } }),
  )
  expect(await fragen()).toHaveLength(1)
  await database.web.withSession(karin.token, (db) => sql`SELECT demo_entfernen()`.execute(db))
  for (const tabelle of ['import', 'import_datei', 'importquelle', 'import_zeile', 'import_zweifel', 'kunde'] as const)
    expect(await database.owner.selectFrom(tabelle).select('betrieb_id').where('betrieb_id', '=', betrieb).execute()).toEqual([])
})

test('an import works beside a night on the same connection', async () => {
  await database.worker.connection().execute(async (db) => {
    await sql`CREATE TEMP TABLE nacht (x int); INSERT INTO nacht VALUES (1); DROP TABLE nacht`.execute(db)
  })
  expect((await importiere(lieferung('2026-01-01', {}))).status).toBe('FERTIG')
})
