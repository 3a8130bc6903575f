import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { HEUTE, type Lieferung, importWorte, leseWorte, meldungen } from '../test/support/importieren.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import { discardImport, releaseImport, setLiefert, unmarkMissing } from './importe.ts'
import { runImport } from './importe-lauf.ts'
import { findImport, listZeilen } from './importe-lesen.ts'
import { listQuellen, saveQuelle } from './importquellen.ts'
import { setAgenturnummer } from './importe-agentur.ts'
import type { GelieferterVertrag } from '../imports/lieferung.ts'

let database: TestDatabase
let betrieb: number
let karin: { id: number; token: string }
let anna: { id: number; token: string }

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  betrieb = await insertBetrieb(database.owner)
  karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
  anna = await insertVermittler(database.owner, betrieb)
})

const als = async <T>(work: Parameters<typeof database.web.withSession<T>>[1]) => (await database.web.withSession(karin.token, work))!
const importiere = (lieferung: Lieferung) => importWorte(database.worker, betrieb, meldungen(lieferung))
const vertraege = () => database.owner.selectFrom('vertrag').selectAll().where('betrieb_id', '=', betrieb).orderBy('vsnr_norm').execute()
/** As many customers with one contract each; `anders` says how some contracts look this time. */
const bestand = (stand: string, anzahl: number, anders: (i: number) => Partial<GelieferterVertrag> | null = () => ({}), vu = '5342'): Lieferung => ({
  stand,
  vu,
  zeilen: Array.from({ length: anzahl }, (_, i) => ({ i, vertrag: anders(i) })).flatMap(({ i, vertrag }) =>
    vertrag === null
      ? []
      : [
          {
            person: { name: `Kunde${i}`, strasse: `Weg ${i}`, nummerVersicherer: `N${i}`, agenturnummer: i % 2 ? 'A1' : null },
            vertrag: { vsnr: `V${i + 10}`, vsnrNorm: `V${i + 10}`, ...vertrag },
          },
        ],
  ),
})
async function nochmal(id: number) {
  const { anlauf } = await database.owner.selectFrom('import').select('anlauf').where('id', '=', id).executeTakeFirstOrThrow()
  return runImport(database.worker, { id, anlauf, heute: HEUTE, lesen: leseWorte })
}
const storniert = (bis: number) => (i: number) => (i < bis ? { status: 'STORNIERT' as const, abgangAm: '2026-01-31' } : {})

test('more status changes than the brake allows are held back with their reasons; a fifth is believed', async () => {
  await importiere(bestand('2026-01-01', 30))
  expect((await importiere(bestand('2026-02-01', 30, storniert(6)))).status).toBe('FERTIG')
  const vorher = await vertraege()
  const zweite = await importiere(bestand('2026-03-01', 30, storniert(13)))
  expect(zweite).toMatchObject({
    status: 'QUARANTAENE',
    beendet_am: null,
    gruende: [
      {
        art: 'STATUSWECHSEL',
        n: 7,
        von: 30,
        text: expect.stringMatching(/^VU 5342: 7 von 30 Verträgen \(23 %\) würden ihren Status wechseln, von laufend auf beendet/),
      },
      { art: 'STATUSWECHSEL', n: 7, von: 30, text: expect.stringMatching(/^Bestand von Anna Weber: 7 von 30/) },
    ],
  })
  expect(await vertraege()).toEqual(vorher)
  // The insurer's error of 2025: cancelled contracts delivered as running.
  await database.owner.updateTable('betrieb').set({ importbremse_prozent: 10 }).where('id', '=', betrieb).execute()
  expect((await importiere(bestand('2026-04-01', 30))).gruende).toMatchObject([{ n: 6 }, { n: 6 }])
})

test('a few changes in a small portfolio prove nothing', async () => {
  await importiere(bestand('2026-01-01', 5))
  expect((await importiere(bestand('2026-02-01', 5, storniert(4)))).status).toBe('FERTIG')
})

test('one Vermittler’s portfolio is looked at by itself', async () => {
  await database.worker
    .transaction()
    .execute((db) => setAgenturnummer(db, { betrieb, vuNummer: '5342', nummer: 'A1', vermittler: anna.id, person: null }))
  await database.owner.updateTable('vermittler').set({ vorname: 'Bea' }).where('id', '=', anna.id).execute()
  await importiere(bestand('2026-01-01', 60))
  const zweite = await importiere(bestand('2026-02-01', 60, (i) => (i % 2 && i < 20 ? { status: 'STORNIERT' } : {})))
  expect(zweite.gruende).toMatchObject([{ text: expect.stringMatching(/^Bestand von Bea Weber: 10 von 30 Verträgen \(33 %\)/) }])
})

test('control totals that do not agree hold a delivery back', async () => {
  const bericht = await importiere({ ...bestand('2026-01-01', 2), summenStimmen: false })
  expect(bericht).toMatchObject({ status: 'QUARANTAENE', gruende: [{ art: 'SUMMEN', text: expect.stringContaining('Testversicherung') }] })
  expect(await vertraege()).toEqual([])
})

test('what a Supervisor releases is taken over without the brake; what he discards never', async () => {
  await importiere(bestand('2026-01-01', 10))
  const { id } = await importiere(bestand('2026-02-01', 10, storniert(10)))
  expect(await als((db) => releaseImport(db, id, karin.id))).toBe(true)
  expect(await nochmal(id)).toBe('FERTIG')
  expect(new Set((await vertraege()).map(({ status }) => status))).toEqual(new Set(['STORNIERT']))
  expect(await als((db) => findImport(db, id))).toMatchObject({
    status: 'FERTIG',
    gruende: [],
    zaehler: { vertraegeGeaendert: 10 },
    freigegeben_von: karin.id,
  })

  const zurueck = await importiere(bestand('2026-03-01', 10))
  expect(await als((db) => discardImport(db, zurueck.id))).toBe(true)
  expect(await nochmal(zurueck.id)).toBe('VERWORFEN')
  expect(new Set((await vertraege()).map(({ status }) => status))).toEqual(new Set(['STORNIERT']))
})

test('a whole portfolio tells what is missing: marked, listed, never cancelled; delivered again it is there again', async () => {
  await importiere(bestand('2026-01-01', 10))
  const zweite = await importiere(bestand('2026-02-01', 10, (i) => (i < 2 ? null : {})))
  expect(zweite).toMatchObject({ status: 'FERTIG', liefert: 'BESTAND', zaehler: { vertraegeFehlen: 2 } })
  expect((await vertraege()).map(({ fehlt_seit, status }) => [fehlt_seit, status]).slice(0, 3)).toEqual([
    ['2026-02-01', 'AKTIV'],
    ['2026-02-01', 'AKTIV'],
    [null, 'AKTIV'],
  ])
  const zeilen = await als((db) => listZeilen(db, zweite.id, { art: 'VERTRAG', folge: 'FEHLT' }))
  expect(zeilen).toMatchObject([{ name: 'Kunde0, Anna' }, { name: 'Kunde1, Anna' }])
  expect((await als((db) => findImport(db, zweite.id)))!.zeilen).toMatchObject({ 'VERTRAG FEHLT': 2, 'VERTRAG NEU': 0 })
  expect((await importiere(bestand('2026-03-01', 10))).zaehler).toMatchObject({ vertraegeFehlen: 0, vertraegeUnveraendert: 10 })
  expect((await vertraege()).filter(({ fehlt_seit }) => fehlt_seit !== null)).toEqual([])
})

test('a delivery that was no whole portfolio after all: what it marked as missing is not missing', async () => {
  await importiere(bestand('2026-01-01', 10))
  const zweite = await importiere(bestand('2026-02-01', 10, (i) => (i < 2 ? null : {})))
  expect(zweite.beurteilung).toMatchObject([{ liefert: 'BESTAND', woher: 'INHALT', bekannt: 10, getroffen: 8 }])
  expect((await vertraege()).filter(({ fehlt_seit }) => fehlt_seit !== null)).toHaveLength(2)
  expect(await als((db) => unmarkMissing(db, zweite.id))).toBe(2)
  expect((await vertraege()).filter(({ fehlt_seit }) => fehlt_seit !== null)).toEqual([])
  expect(await als((db) => findImport(db, zweite.id))).toMatchObject({ liefert: 'AENDERUNG', zeilen: { 'VERTRAG FEHLT': 2 } })
  const nochmals = await database.web.withSession(karin.token, (db) => unmarkMissing(db, zweite.id))
  expect(nochmals).toBeUndefined()
})

test('changes only tell nothing of what they leave out', async () => {
  await importiere(bestand('2026-01-01', 10))
  expect(await importiere(bestand('2026-02-01', 10, (i) => (i < 3 ? {} : null)))).toMatchObject({
    liefert: 'AENDERUNG',
    zaehler: { vertraegeFehlen: 0 },
  })
  const [quelle] = await als((db) => listQuellen(db))
  expect(quelle).toMatchObject({ kennung: 'GDV 5342', name: 'Testversicherung (GDV 5342)', letzter_stand: '2026-02-01', importe: 2, liefert: null })
  await als((db) => saveQuelle(db, quelle!.id, { name: 'Testversicherung', liefert: 'AENDERUNG' }))
  expect(await importiere(bestand('2026-03-01', 10, (i) => (i < 9 ? {} : null)))).toMatchObject({
    liefert: 'AENDERUNG',
    zaehler: { vertraegeFehlen: 0 },
  })
})

test('a whole portfolio that has lost too much is held back, until somebody says that it brings changes only', async () => {
  await importiere(bestand('2026-01-01', 20))
  const zweite = await importiere(bestand('2026-02-01', 20, (i) => (i < 8 ? null : {})))
  expect(zweite).toMatchObject({
    status: 'QUARANTAENE',
    gruende: [{ art: 'SCHWUND', n: 8, von: 20, text: expect.stringContaining('(40 %) sind nicht mehr dabei') }],
  })
  expect(await als((db) => setLiefert(db, zweite.id, 'AENDERUNG'))).toBe(true)
  // Looked at anew, with the brake on: nothing else was wrong with it.
  expect(await nochmal(zweite.id)).toBe('FERTIG')
  expect(await als((db) => findImport(db, zweite.id))).toMatchObject({
    freigegeben_am: null,
    beurteilung: [{ liefert: 'AENDERUNG', woher: 'LIEFERUNG', bekannt: 20, getroffen: 12 }],
  })
  expect((await vertraege()).filter(({ fehlt_seit }) => fehlt_seit !== null)).toEqual([])
})

test('two insurers in one file are two sources: nothing is missing of the one that is not in it', async () => {
  await importWorte(database.worker, betrieb, [
    ...meldungen(bestand('2026-01-01', 6)),
    ...meldungen({ ...bestand('2026-01-01', 6, () => ({}), '1104'), nr: 2 }),
  ])
  await importiere(bestand('2026-02-01', 6))
  expect((await vertraege()).filter(({ fehlt_seit }) => fehlt_seit !== null)).toEqual([])
  expect((await als((db) => listQuellen(db))).map(({ kennung }) => kennung).toSorted()).toEqual(['GDV 1104', 'GDV 5342'])
})
