import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Kundendaten } from '../domain/kunde.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lieferung, importWorte, meldungen } from '../test/support/importieren.ts'
import { insertBetrieb, insertVermittler, insertVertrag } from '../test/support/welt.ts'
import { saveAngaben } from './angaben.ts'
import { decideAbweichung, listAbweichungen } from './abweichungen.ts'
import { listZeilen } from './importe-lesen.ts'
import { updateKunde } from './kunden.ts'
import { updateVertrag } from './vertraege.ts'

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
const importiere = (lieferung: Lieferung) => importWorte(database.worker, betrieb, meldungen(lieferung))
const kunden = () => database.owner.selectFrom('kunde').selectAll().where('betrieb_id', '=', betrieb).orderBy('id').execute()
const vertraege = () => database.owner.selectFrom('vertrag').selectAll().where('betrieb_id', '=', betrieb).orderBy('id').execute()
/** A person changes these fields in the form. */
async function tippe(felder: Partial<Kundendaten>) {
  const [row] = await kunden()
  const { art, status, anrede, titel, vorname, name, namenszusatz, geburtsdatum, strasse, plz, ort, land, telefon, mobil, email } = row!
  const { familienstand, erwerbsstatus, beruf, kunde_seit, werbewiderspruch_am, eingeschraenkt_am, verstorben_am } = row!
  const bisher = { art, status, anrede, titel, vorname, name, namenszusatz, geburtsdatum, strasse, plz, ort, land, telefon, mobil, email }
  const rest = { familienstand, erwerbsstatus, beruf, kunde_seit, werbewiderspruch_am, eingeschraenkt_am, verstorben_am }
  expect(await als((db) => updateKunde(db, row!.id, row!.version, { ...bisher, ...rest, ...felder }))).toEqual({ art: 'GESPEICHERT' })
  return row!.id
}
const ANNA = { nummerVersicherer: 'N1', telefon: '040 1', email: 'anna@kunde.example' }

test('what a person typed stays; the contradiction is written down once, follows later deliveries, and is decided', async () => {
  await importiere({ stand: '2026-01-01', zeilen: [{ person: ANNA, vertrag: {} }] })
  const kunde = await tippe({ telefon: '0171 999', beruf: 'Ärztin' })
  const zweite = await importiere({
    stand: '2026-02-01',
    zeilen: [{ person: { ...ANNA, email: 'neu@kunde.example', beruf: 'Lehrerin' }, vertrag: {} }],
  })
  expect(zweite.zaehler).toMatchObject({ abweichungen: 2, kundenGeaendert: 1 })
  expect(await kunden()).toMatchObject([
    {
      telefon: '0171 999',
      beruf: 'Ärztin',
      email: 'neu@kunde.example',
      quelle: 'GDV',
      herkunft: { telefon: { quelle: 'HAND' }, beruf: { quelle: 'HAND' } },
    },
  ])
  const offen = () => als((db) => listAbweichungen(db, kunde))
  expect(await offen()).toMatchObject([
    { feld: 'telefon', hier: '0171 999', geliefert: '040 1', stand: '2026-02-01' },
    { feld: 'beruf', hier: 'Ärztin', geliefert: 'Lehrerin' },
  ])
  await importiere({ stand: '2026-03-01', zeilen: [{ person: { ...ANNA, telefon: '040 2', beruf: 'ÄRZTIN' }, vertrag: {} }] })
  const [einzige, ...weitere] = await offen()
  expect([einzige, weitere]).toMatchObject([{ feld: 'telefon', geliefert: '040 2', stand: '2026-03-01' }, []])

  expect(await als((db) => decideAbweichung(db, { id: einzige!.id, kunde, entscheidung: 'BEHALTEN', person: karin.id }))).toBe(true)
  expect(await als((db) => decideAbweichung(db, { id: einzige!.id, kunde, entscheidung: 'UEBERNEHMEN', person: karin.id }))).toBe(false)
  await importiere({ stand: '2026-04-01', zeilen: [{ person: { ...ANNA, telefon: '040 2' }, vertrag: {} }] })
  expect(await offen()).toEqual([])
  await importiere({ stand: '2026-05-01', zeilen: [{ person: { ...ANNA, telefon: '040 3' }, vertrag: {} }] })
  const [neue] = await offen()
  await als((db) => decideAbweichung(db, { id: neue!.id, kunde, entscheidung: 'UEBERNEHMEN', person: karin.id }))
  expect(await kunden()).toMatchObject([{ telefon: '040 3', suchtext: expect.stringContaining(' 0403') }])
  // From here on deliveries lead again.
  await importiere({ stand: '2026-06-01', zeilen: [{ person: { ...ANNA, telefon: '040 4' }, vertrag: {} }] })
  expect([await kunden(), await offen()]).toMatchObject([[{ telefon: '040 4' }], []])
})

test('a field a person emptied is not filled again', async () => {
  await importiere({ stand: '2026-01-01', zeilen: [{ person: ANNA, vertrag: {} }] })
  const kunde = await tippe({ email: null })
  await importiere({ stand: '2026-02-01', zeilen: [{ person: ANNA, vertrag: {} }] })
  expect(await kunden()).toMatchObject([{ email: null, telefon: '040 1' }])
  expect(await als((db) => listAbweichungen(db, kunde))).toMatchObject([{ feld: 'email', hier: null, geliefert: 'anna@kunde.example' }])
})

test('half an address is never mixed with half of another', async () => {
  await importiere({ stand: '2026-01-01', zeilen: [{ person: ANNA, vertrag: {} }] })
  const kunde = await tippe({ strasse: 'Kai 7' })
  await importiere({ stand: '2026-02-01', zeilen: [{ person: { ...ANNA, strasse: 'Ring 1', plz: '80331', ort: 'München' }, vertrag: {} }] })
  expect(await kunden()).toMatchObject([{ strasse: 'Kai 7', plz: '20095', ort: 'Hamburg' }])
  const abweichungen = await als((db) => listAbweichungen(db, kunde))
  expect(abweichungen).toMatchObject([
    { feld: 'strasse', hier: 'Kai 7', geliefert: 'Ring 1' },
    { feld: 'plz', hier: '20095', geliefert: '80331' },
    { feld: 'ort', hier: 'Hamburg', geliefert: 'München' },
  ])
  // One word decides all of it, and the address is the insurer's again.
  expect(await als((db) => decideAbweichung(db, { id: abweichungen[1]!.id, kunde, entscheidung: 'UEBERNEHMEN', person: karin.id }))).toBe(true)
  expect(await kunden()).toMatchObject([{ strasse: 'Ring 1', plz: '80331', ort: 'München' }])
  expect(await als((db) => listAbweichungen(db, kunde))).toEqual([])
  await importiere({ stand: '2026-03-01', zeilen: [{ person: { ...ANNA, strasse: 'Allee 9', plz: '80333', ort: 'München' }, vertrag: {} }] })
  expect(await kunden()).toMatchObject([{ strasse: 'Allee 9', plz: '80333' }])
})

test('a delivery never empties a field', async () => {
  await importiere({ stand: '2026-01-01', zeilen: [{ person: ANNA, vertrag: { ablauf: '2030-01-01', produkt: 'Komfort' } }] })
  const leer = { nummerVersicherer: 'N1', strasse: null, plz: null, ort: null }
  await importiere({ stand: '2026-02-01', zeilen: [{ person: leer, vertrag: { beginn: null, beitragCent: null } }] })
  expect(await kunden()).toMatchObject([{ telefon: '040 1', strasse: 'Fleet 3', version: 1 }])
  expect(await vertraege()).toMatchObject([{ ablauf: '2030-01-01', produkt: 'Komfort', beginn: '2020-01-01', beitrag_cent: 9900, version: 1 }])
})

test('capitals and spelled-out umlauts take no better spelling away, whatever insurer comes last; a better one is taken', async () => {
  const gut = { ...ANNA, name: 'Müller-Groß', vorname: 'Jörg', strasse: 'Große Straße 5', ort: 'Lübeck' }
  const arm = { ...ANNA, name: 'MUELLER-GROSS', vorname: 'Joerg', strasse: 'Grosse Str. 5', ort: 'LÜBECK' }
  await importiere({ stand: '2026-01-01', zeilen: [{ person: arm, vertrag: {} }] })
  expect((await importiere({ stand: '2026-02-01', zeilen: [{ person: gut, vertrag: {} }] })).zaehler).toMatchObject({ kundenGeaendert: 1 })
  expect((await importiere({ stand: '2026-03-01', zeilen: [{ person: arm, vertrag: {} }] })).zaehler).toMatchObject({ kundenUnveraendert: 1 })
  expect(await kunden()).toMatchObject([{ name: 'Müller-Groß', vorname: 'Jörg', strasse: 'Große Straße 5', ort: 'Lübeck', version: 2 }])
  // Within one delivery, too.
  await importiere({
    stand: '2026-03-02',
    zeilen: [
      { person: gut, vertrag: {} },
      { person: arm, vertrag: { vsnr: 'HR 2', vsnrNorm: 'HR2' } },
    ],
  })
  expect(await kunden()).toMatchObject([{ name: 'Müller-Groß', ort: 'Lübeck', version: 2 }])
  const geheiratet = { ...arm, name: 'WEISS' }
  await importiere({ stand: '2026-04-01', zeilen: [{ person: geheiratet, vertrag: {} }] })
  expect(await kunden()).toMatchObject([{ name: 'WEISS', vorname: 'Jörg', version: 3 }])
})

test('a changed premium keeps the one before, in the rhythm of today', async () => {
  await importiere({ stand: '2026-01-01', zeilen: [{ person: ANNA, vertrag: { beitragCent: 12_000, zahlungsweise: 'JAEHRLICH' } }] })
  await importiere({ stand: '2026-02-01', zeilen: [{ person: ANNA, vertrag: { beitragCent: 1_000, zahlungsweise: 'MONATLICH' } }] })
  expect((await vertraege())[0]).toMatchObject({ beitrag_cent: 1_000, merkmale: {} })
  const dritte = await importiere({ stand: '2026-03-01', zeilen: [{ person: ANNA, vertrag: { beitragCent: 1_200, zahlungsweise: 'MONATLICH' } }] })
  expect((await vertraege())[0]!.merkmale).toEqual({ beitragVorherCent: 1_000, beitragGeaendertAm: '2026-03-01' })
  const zeilen = await als((db) => listZeilen(db, dritte.id, { art: 'VERTRAG', folge: 'GEAENDERT' }))
  expect(zeilen).toMatchObject([{ vsnr: 'HR 1', vorher: { beitrag_cent: 1_000 }, nachher: { beitrag_cent: 1_200 } }])
})

test('a new number renumbers the contract that was there, from either side, and does not make a second one', async () => {
  await importiere({ stand: '2026-01-01', zeilen: [{ person: ANNA, vertrag: {} }] })
  const [alt] = await vertraege()
  await importiere({ stand: '2026-02-01', zeilen: [{ person: ANNA, vertrag: { vsnr: 'NEU 1', vsnrNorm: 'NEU1', vsnrAlt: 'HR1' } }] })
  expect(await vertraege()).toMatchObject([{ id: alt!.id, vsnr: 'NEU 1', vsnr_norm: 'NEU1', version: 2 }])
  // The record of the old number says it has been replaced: its cancellation is not the contract's.
  const abgeloest = { vsnr: 'NEU 1', vsnrNorm: 'NEU1', vsnrNeu: 'NEU2', status: 'STORNIERT' as const, abgangAm: '2026-02-28' }
  await importiere({ stand: '2026-03-01', zeilen: [{ person: ANNA, vertrag: abgeloest }] })
  expect(await vertraege()).toMatchObject([{ id: alt!.id, vsnr_norm: 'NEU2', status: 'AKTIV', abgang_am: null }])
  const neu = { vsnr: 'NEU 3', vsnrNorm: 'NEU3' }
  await importiere({
    stand: '2026-04-01',
    zeilen: [{ person: ANNA, vertrag: { ...neu, beitragCent: 5 } }, { vertrag: { ...abgeloest, vsnr: 'NEU 2', vsnrNorm: 'NEU2', vsnrNeu: 'NEU3' } }],
  })
  expect(await vertraege()).toMatchObject([{ id: alt!.id, vsnr: 'NEU 3', vsnr_norm: 'NEU3', beitrag_cent: 5, status: 'AKTIV' }])
})

test('a delivery under a number the contract no longer has means that contract: it keeps its number and whether it is in force', async () => {
  const unter = (nummer: string, felder: object = {}) => ({ person: ANNA, vertrag: { vsnr: nummer, vsnrNorm: nummer.replace(' ', ''), ...felder } })
  await importiere({ stand: '2026-01-01', zeilen: [unter('HR 1')] })
  await importiere({ stand: '2026-02-01', zeilen: [unter('HR 2', { vsnrAlt: 'HR1' })] })
  await importiere({ stand: '2026-03-01', zeilen: [unter('HR 3', { vsnrAlt: 'HR2' })] })
  const eins = [{ vsnr: 'HR 3', vsnr_norm: 'HR3', vsnr_frueher: ['HR1', 'HR2'], status: 'AKTIV', beitrag_cent: 9900 }]
  expect(await vertraege()).toMatchObject(eins)
  // An old list: nothing is second, nothing has ended.
  const alt = await importiere({ stand: '2026-04-01', zeilen: [unter('HR 1', { status: 'STORNIERT' }), unter('HR 2', { beitragCent: 9_950 })] })
  expect(alt.zaehler).toMatchObject({ vertraegeNeu: 0, vertraegeGeaendert: 1 })
  expect(await vertraege()).toMatchObject([{ ...eins[0], beitrag_cent: 9_950 }])
  // Both numbers in one delivery: what stands under the newer one counts.
  const beide = await importiere({ stand: '2026-05-01', zeilen: [unter('HR 3', { status: 'STORNIERT' }), unter('HR 1', { beitragCent: 1 })] })
  expect(beide.zaehler).toMatchObject({ vertraegeNeu: 0 })
  expect(await vertraege()).toMatchObject([{ ...eins[0], status: 'STORNIERT' }])
  // Another contract under the old number is another contract, and so is another Sparte or another insurer.
  const andere = await importiere({ stand: '2026-06-01', zeilen: [unter('HR 1', { sparteGdv: '040', sparte: 'HAFTPFLICHT' })] })
  expect(andere.zaehler).toMatchObject({ vertraegeNeu: 1 })
})

test('a contract that comes with its former number is known by it from then on', async () => {
  await importiere({ stand: '2026-01-01', zeilen: [{ person: ANNA, vertrag: { vsnr: 'B', vsnrNorm: 'B', vsnrAlt: 'A' } }] })
  expect(await vertraege()).toMatchObject([{ vsnr_norm: 'B', vsnr_frueher: ['A'] }])
  await importiere({ stand: '2026-02-01', zeilen: [{ person: ANNA, vertrag: { vsnr: 'A', vsnrNorm: 'A' } }] })
  expect(await vertraege()).toMatchObject([{ vsnr: 'B', vsnr_norm: 'B', version: 1, bestaetigt_am: '2026-02-01' }])
})

test('a contract typed by hand keeps what was typed, but its insurer says whether it is in force', async () => {
  await importiere({ stand: '2026-01-01', zeilen: [{ person: ANNA, vertrag: {} }] })
  const [anna] = await kunden()
  const hand = { vu_nummer: '5342', vsnr: 'PHV-9', vsnr_norm: 'PHV9', sparte: 'PHV' as const, sparte_gdv: null, quelle: 'HAND' as const }
  const id = await insertVertrag(
    database.owner,
    { betrieb, kunde: anna!.id },
    { ...hand, status: 'ANTRAG', beitrag_cent: 5_000, zahlungsweise: 'JAEHRLICH' },
  )
  const geliefert = {
    vsnr: 'PHV9',
    vsnrNorm: 'PHV9',
    sparte: 'HAFTPFLICHT' as const,
    sparteGdv: '040',
    beitragCent: 6_000,
    status: 'AKTIV' as const,
    ablauf: '2027-01-01',
  }
  await importiere({ stand: '2026-02-01', zeilen: [{ person: ANNA, vertrag: geliefert }] })
  expect((await vertraege()).find((v) => v.id === id)).toMatchObject({
    sparte: 'PHV',
    sparte_gdv: '040',
    status: 'AKTIV',
    beitrag_cent: 5_000,
    ablauf: '2027-01-01',
    quelle: 'HAND',
    herkunft: { ablauf: { quelle: 'GDV' }, status: { quelle: 'GDV' } },
  })
  expect(await als((db) => listAbweichungen(db, anna!.id))).toMatchObject([{ vertrag: id, feld: 'beitrag_cent', hier: '5000', geliefert: '6000' }])
})

test('a delivered contract that a person edits: what was changed stays, the rest goes on following the insurer', async () => {
  const geliefert = { produkt: 'Basis', versicherte: [{ name: 'Weiß', vorname: 'Kim', geburtsdatum: null }] }
  await importiere({ stand: '2026-01-01', zeilen: [{ person: ANNA, vertrag: geliefert }] })
  const [alt] = await vertraege()
  const { sparte, vu_nummer, vsnr, produkt, beitrag_cent, zahlungsweise, beginn, ablauf, hauptfaelligkeit, status, bestandsart } = alt!
  const unberuehrt = { sparte, vu_nummer, vsnr, beginn, ablauf, hauptfaelligkeit, status, bestandsart, zahlungsweise, beitrag_cent, produkt }
  const daten = { ...unberuehrt, versicherer_name: null, verlaengert_sich: null, versicherte_person_id: null }
  const edit = (gesehen: number, felder: object) =>
    als((db) =>
      updateVertrag(db, alt!.id, gesehen, {
        betrieb,
        daten: { ...daten, versicherte_person_name: 'Toni Weiß', ...felder },
        heute: '2026-01-15',
        darfBenennen: false,
      }),
    )
  expect(await edit(alt!.version, { beitrag_cent: 5_000 })).toEqual({ art: 'GESPEICHERT' })
  expect(await edit(alt!.version, { beitrag_cent: 6_000 })).toMatchObject({ art: 'KONFLIKT', jetzt: { beitrag_cent: 5_000 } })
  await importiere({ stand: '2026-02-01', zeilen: [{ person: ANNA, vertrag: { ...geliefert, beitragCent: 7_000, produkt: 'Komfort' } }] })
  expect(await vertraege()).toMatchObject([
    { id: alt!.id, vsnr_norm: alt!.vsnr_norm, beitrag_cent: 5_000, produkt: 'Komfort', versicherte_person_name: 'Toni Weiß' },
  ])
  expect(await als((db) => listAbweichungen(db, alt!.kunde_id))).toMatchObject([
    { vertrag: alt!.id, feld: 'beitrag_cent', hier: '5000', geliefert: '7000' },
  ])
})

test('consents, powers of attorney, dunnings and claims are kept, each once', async () => {
  const lieferung: Lieferung = {
    zeilen: [
      {
        person: { ...ANNA, einwilligungen: [{ kanal: 'EMAIL', erteiltAm: '2024-05-01', form: 'Papier' }], maklervollmachtAm: '2024-04-01' },
        vertrag: {},
      },
    ],
    weitere: [
      {
        art: 'mahnung',
        mahnung: {
          paket: 1,
          zeile: 9,
          vuNummer: '5342',
          vsnrNorm: 'HR1',
          sparteGdv: '130',
          art: '1',
          grund: '2',
          betragCent: 9900,
          faelligAm: '2026-10-01',
        },
      },
      {
        art: 'schaden',
        schaden: {
          paket: 1,
          zeile: 10,
          vuNummer: '5342',
          vsnrNorm: 'HR1',
          sparteGdv: '130',
          schadennummer: 'S1',
          schadenAm: '2026-09-01',
          gemeldetAm: null,
          ursache: '7',
          erledigt: 'NEIN',
        },
      },
    ],
  }
  expect((await importiere(lieferung)).zaehler).toMatchObject({ mahnungenNeu: 1, schaedenNeu: 1 })
  expect((await importiere(lieferung)).zaehler).toMatchObject({ mahnungenNeu: 0, schaedenNeu: 0, vertraegeUnveraendert: 1 })
  const [vertrag] = await vertraege()
  expect(await database.owner.selectFrom('einwilligung').selectAll().where('betrieb_id', '=', betrieb).execute()).toMatchObject([
    { kanal: 'EMAIL', form: 'Papier' },
  ])
  expect(await database.owner.selectFrom('maklervollmacht').selectAll().where('betrieb_id', '=', betrieb).execute()).toMatchObject([
    { erteilt_am: '2024-04-01' },
  ])
  expect(await als((db) => db.selectFrom('mahnung').selectAll().execute())).toMatchObject([{ vertrag_id: vertrag!.id, betrag_cent: 9900 }])
  expect(await als((db) => db.selectFrom('schaden').selectAll().execute())).toMatchObject([
    { vertrag_id: vertrag!.id, schadennummer: 'S1', erledigt: 'NEIN' },
  ])
})

test('with the customer goes everything an import kept about him', async () => {
  await importiere({ zeilen: [{ person: ANNA, vertrag: {} }] })
  await importiere({ zeilen: [{ person: { ...ANNA, vorname: 'Deniz', name: 'Yilmaz', geburtsdatum: '1980-01-01' }, vertrag: { vsnrNorm: 'X2' } }] })
  const [anna] = await kunden()
  await tippe({ telefon: '1' })
  await importiere({ zeilen: [{ person: ANNA, vertrag: {} }] })
  expect(await database.owner.selectFrom('import_zweifel').select('id').where('betrieb_id', '=', betrieb).execute()).toHaveLength(1)
  await database.owner.deleteFrom('kunde').where('id', '=', anna!.id).execute()
  for (const tabelle of ['import_zeile', 'import_zweifel', 'abweichung'] as const)
    expect(await database.owner.selectFrom(tabelle).selectAll().where('betrieb_id', '=', betrieb).execute()).toEqual([])
})

test('what a person said of a contract beyond its columns, and who is insured, is not taken back', async () => {
  await importiere({ stand: '2026-01-01', zeilen: [{ person: ANNA, vertrag: { merkmale: { kennzeichen: 'HH-A 1' } } }] })
  const [vertrag] = await vertraege()
  const [kunde] = await kunden()
  const angaben = { familie: 'JA', versicherte_person: kunde!.id } as const
  await als((db) => saveAngaben(db, kunde!.id, { kunde: {}, vertraege: new Map([[vertrag!.id, angaben]]) }, '2026-01-15'))
  const versicherte = [{ name: 'Yılmaz', vorname: 'Can', geburtsdatum: null }]
  await importiere({
    stand: '2026-02-01',
    zeilen: [{ person: ANNA, vertrag: { versicherte, merkmale: { familie: 'NEIN', kennzeichen: 'HH-B 2' } } }],
  })
  expect(await vertraege()).toMatchObject([{ versicherte_person_id: kunde!.id, merkmale: { familie: 'JA', kennzeichen: 'HH-B 2' } }])
})
