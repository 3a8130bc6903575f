import { createReadStream } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { VERSICHERER } from '../db/demo/versicherer.ts'
import { type Tabellenfeld, TABELLENFELDER, checkZuordnung, toZuordnung } from '../domain/tabellenfelder.ts'
import { type Zellwert, toCsv, toXlsx } from '../test/support/tabellen-schreiben.ts'
import type { Befund, GeliefertePerson, GelieferterVertrag, Meldung, Paketende } from './lieferung.ts'
import { type Tabellenlage, type Tabellenvorschlag, proposeTabelle, readTabelle } from './tabelle.ts'
import { readSparte } from './tabelle-sparte.ts'
import { splitName } from './tabelle-name.ts'
import { NAMEN, splitNamen } from './tabelle-ueberschriften.ts'

const DATEN = path.join(import.meta.dirname, '../test/daten/tabellen')
const LAGE: Tabellenlage = { format: 'CSV', heute: '2026-11-23', versicherer: VERSICHERER.map(({ vu, name }) => ({ vuNummer: vu, name })) }

type Quelle = string | Uint8Array
const strom = (quelle: Quelle) => (typeof quelle === 'string' ? createReadStream(path.join(DATEN, quelle)) : einStueck(quelle))
async function* einStueck(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
async function schlage(quelle: Quelle, lage: Partial<Tabellenlage> = {}): Promise<Tabellenvorschlag> {
  const vorschlag = await proposeTabelle(strom(quelle), { ...LAGE, ...lage })
  if ('fehler' in vorschlag) throw new Error(vorschlag.fehler)
  return vorschlag
}
interface Gelesen {
  personen: GeliefertePerson[]
  vertraege: GelieferterVertrag[]
  befunde: Befund[]
  ende: Paketende | undefined
}
async function lies(quelle: Quelle, { spalten, ...lage }: Partial<Tabellenlage> & { spalten?: unknown } = {}): Promise<Gelesen> {
  const zuordnung = spalten ?? (await schlage(quelle, lage)).zuordnung
  const gelesen: Gelesen = { personen: [], vertraege: [], befunde: [], ende: undefined }
  const meldungen: AsyncIterable<Meldung> = readTabelle(strom(quelle), { ...LAGE, ...lage, spalten: zuordnung })
  for await (const meldung of meldungen) {
    if (meldung.art === 'person') gelesen.personen.push(meldung.person)
    if (meldung.art === 'vertrag') gelesen.vertraege.push(meldung.vertrag)
    if (meldung.art === 'befund') gelesen.befunde.push(meldung.befund)
    if (meldung.art === 'paketEnde') gelesen.ende = meldung.paket
  }
  return gelesen
}
const felder = async (quelle: Quelle) => (await schlage(quelle)).zuordnung.felder
const csv = (...zeilen: string[][]) => Buffer.from(toCsv(zeilen))

test('a broker program’s export: title rows, Windows-1252, German dates and money, totals', async () => {
  const { sicher, ueberschriften, zuordnung } = await schlage('bestand-windows-1252.csv')
  expect([sicher, ueberschriften[0], zuordnung.felder.at(-1)]).toEqual([true, 'Kd.-Nr.', null])
  const { personen, vertraege, befunde, ende } = await lies('bestand-windows-1252.csv')
  expect(ende).toEqual({ nr: 1, saetze: 7, abgelehnt: null, summenStimmen: null })
  expect(personen[0]).toMatchObject({
    zeile: 5,
    nummerVermittler: '1001',
    anrede: 'FRAU',
    titel: 'Dr.',
    vorname: 'Jördis',
    name: 'Weiß',
    geburtsdatum: '1990-03-05',
    strasse: 'Große Fleetstraße 12 a',
    familienstand: 'VERHEIRATET',
    kundeSeit: '2015-02-01',
    maklervollmachtAm: '2015-02-01',
    einwilligungen: [
      { kanal: 'TELEFON', erteiltAm: '2024-05-14', form: 'Formular vom 14.05.2024' },
      { kanal: 'EMAIL', erteiltAm: '2024-05-14', form: 'Formular vom 14.05.2024' },
    ],
  })
  expect(personen[3]).toMatchObject({ vorname: 'Can', geburtsdatum: '1985-01-01', familienstand: 'LEDIG', einwilligungen: [] })
  expect(personen[4]).toMatchObject({ art: 'FIRMA', anrede: 'FIRMA', name: 'Müller Gerüstbau GmbH', geburtsdatum: null })
  expect(vertraege[1]).toMatchObject({ person: 6, vuNummer: '90101', beitragCent: 123456, zahlungsweise: 'HALBJAEHRLICH', ablauf: '2027-07-01' })
  expect(vertraege[2]).toMatchObject({
    vuNummer: '',
    bestandsart: 'FREMD',
    beginn: '2018-10-01',
    merkmale: { roh: { versicherer: 'Unbekannte Assekuranz' } },
  })
  expect(befunde.map(({ zeile, feld }) => [zeile, feld])).toEqual([
    [7, 'Gesellschaft'],
    [12, null],
  ])
})

test('a pool’s export: BOM, commas, whole names, premiums of a year', async () => {
  const { personen, vertraege, befunde } = await lies('pool-utf8-bom.csv')
  expect(personen.map(({ titel, vorname, name, art, plz }) => [titel, vorname, name, art, plz])).toEqual([
    ['Dr.', 'Anna', 'von der Heide', 'NATUERLICH', '20251'],
    [null, 'Łukasz', 'Kowalski', 'NATUERLICH', '28195'],
    [null, null, 'Bäckerei Çelik e. K.', 'FIRMA', '50667'],
  ])
  expect(vertraege.map((v) => [v.sparte, v.status, v.bestandsart, v.beitragCent, v.zahlungsweise])).toEqual([
    ['PHV', 'AKTIV', 'EIGEN', 10000, 'MONATLICH'],
    ['RLV', 'AKTIV', 'FREMD', 24050, 'JAEHRLICH'],
    ['RECHTSSCHUTZ', 'STORNIERT', 'EIGEN', 36000, 'JAEHRLICH'],
  ])
  expect(befunde).toEqual([])
})

test('headings that say nothing: told by what stands below, and not certain', async () => {
  const vorschlag = await schlage('nur-inhalt.txt')
  expect(vorschlag.spalten.map(({ feld, woran }) => [feld, woran])).toEqual([
    ['vollname', 'INHALT'],
    ['geburtsdatum', 'INHALT'],
    ['email', 'INHALT'],
    ['plz', 'INHALT'],
    ['strasse', 'INHALT'],
  ])
  expect(vorschlag.sicher).toBe(false)
  expect((await lies('nur-inhalt.txt')).personen[1]).toMatchObject({
    vorname: 'Björn',
    name: 'Lütjens',
    geburtsdatum: '1966-09-17',
    strasse: 'Feldweg 12',
  })
})

test('contracts of others: insurers in words, day and month of the Hauptfälligkeit, a whole address in one cell', async () => {
  const { personen, vertraege } = await lies('fremdvertraege.txt')
  expect(personen[0]).toMatchObject({ strasse: 'Große Fleetstraße 12 a', plz: '20095', ort: 'Hamburg' })
  expect(vertraege.map((v) => [v.vuNummer, v.sparte, v.bestandsart, v.hauptfaelligkeit])).toEqual([
    ['90301', 'KV_VOLL', 'FREMD', '2027-01-01'],
    ['90401', 'RECHTSSCHUTZ', 'FREMD', '2027-04-15'],
  ])
})

test('every doubtful cell is reported with row, heading and what would be right; the rest of the row is read; nobody is quoted', async () => {
  const { personen, vertraege, befunde } = await lies('fehlerhaft.csv')
  expect(befunde.map(({ zeile, feld, text }) => `${zeile} ${feld ?? '–'}: ${text}`)).toMatchInlineSnapshot(`
    [
      "2 Geburtsdatum: Das ist kein Datum. Richtig ist zum Beispiel 31.12.2025. Die Angabe wurde nicht übernommen.",
      "2 E-Mail: Das ist keine E-Mail-Adresse. Richtig ist zum Beispiel name@beispiel.de. Die Angabe wurde nicht übernommen.",
      "2 Einwilligung Telefon: Das Datum der Einwilligung fehlt; ohne dieses ist sie nicht nachweisbar und wurde nicht übernommen.",
      "2 Ablauf: Der Ablauf liegt vor dem Beginn; beides wurde übernommen, wie es da steht.",
      "2 Zahlungsweise: „dann und wann“ ist als Zahlweise nicht bekannt. Bekannt sind: jährlich, halbjährlich, vierteljährlich, monatlich, einmalig, beitragsfrei. Die Angabe wurde nicht übernommen.",
      "2 Beitrag: Der Betrag ist negativ. Die Angabe wurde nicht übernommen.",
      "2 Status: „läuft noch“ ist als Vertragsstatus nicht bekannt. Bekannt sind: aktiv, beitragsfrei, ruhend, Antrag, storniert, abgelaufen. Die Angabe wurde nicht übernommen.",
      "3 Nachname: Der Nachname fehlt; der Kunde wurde nicht übernommen.",
      "3 Vertragsnummer: Die Versicherungsschein-Nummer fehlt; der Vertrag wurde nicht übernommen.",
      "4 Geburtsdatum: Das Datum liegt in der Zukunft. Die Angabe wurde nicht übernommen.",
      "4 Einwilligung Telefon: Richtig ist das Datum der Einwilligung, zum Beispiel 31.12.2025, oder „ja“ und „nein“. Die Angabe wurde nicht übernommen.",
      "4 Vertragsnummer: Excel hat die Nummer gerundet. Formatieren Sie die Spalte als Text und tragen Sie die Nummer neu ein. Der Vertrag wurde nicht übernommen.",
      "5 Beginn: Das ist kein Datum. Richtig ist zum Beispiel 31.12.2025. Die Angabe wurde nicht übernommen.",
      "5 Beitrag: Das ist kein Betrag. Richtig ist zum Beispiel 1.234,56. Die Angabe wurde nicht übernommen.",
      "6 –: Die Zeile hat 17 Spalten, die Überschrift 15; sie wurde nicht übernommen. Vermutlich steht in einem Text das Trennzeichen: Setzen Sie solche Texte in Anführungszeichen.",
      "7 Vertragsnummer: Die Versicherungsschein-Nummer fehlt; der Vertrag wurde nicht übernommen.",
      "8 Sparte: Die Sparte „Weltraumschrott“ ist nicht bekannt; der Vertrag wurde ohne Sparte übernommen.",
    ]
  `)
  expect(personen.map(({ name }) => name)).toEqual(['Falke', 'Krähe', 'Meise'])
  expect(vertraege.map(({ vsnr, sparte }) => [vsnr, sparte])).toEqual([
    ['V-1', 'PHV'],
    ['V-4', 'GLAS'],
    ['V-6', 'UNBEKANNT'],
  ])
  const texte = befunde.map(({ text }) => text).join(' ')
  for (const wort of ['Falke', 'Krähe', 'ute', 'tim@', '31.02.1970', 'Max']) expect(texte).not.toContain(wort)
})

test('a workbook: the sheet with the headings, date cells, numbers, a PLZ that lost its zero', async () => {
  const zeilen: Zellwert[][] = [
    ['Unser Bestand', null, null],
    [],
    ['Name', 'Vorname', 'Geburtsdatum', 'PLZ', 'Straße', 'VU-Nr.', 'Vertragsnummer', 'Sparte', 'Beitrag', 'Zahlweise', 'Elementar'],
    ['Weiß', 'Anna', new Date('1990-03-05T00:00:00Z'), 1067, 'Fleet 3', 90101, 4711, 'Wohngebäude', 89.9, 'jährlich', true],
    [],
    ['Kaya', 'Elif', '7.7.77', '20095', { fehler: '#NV' }, 90101, 2 ** 60, 'PHV', 45, 'monatlich', null],
  ]
  const bytes = toXlsx({ Hinweise: [['Bitte beachten']], Kunden: zeilen })
  const { personen, vertraege, befunde } = await lies(bytes, { format: 'EXCEL' })
  expect(personen).toMatchObject([
    { zeile: 4, vorname: 'Anna', geburtsdatum: '1990-03-05', plz: '01067', strasse: 'Fleet 3' },
    { zeile: 6, vorname: 'Elif', geburtsdatum: '1977-07-07', plz: '20095', strasse: null },
  ])
  expect(vertraege).toMatchObject([{ vsnr: '4711', sparte: 'WOHNGEBAEUDE', beitragCent: 8990, merkmale: { elementar: 'JA' } }])
  expect(befunde.map(({ zeile, feld, text }) => [zeile, feld, text])).toEqual([
    [null, null, 'Das Tabellenblatt „Hinweise“ wurde nicht gelesen; gelesen wird nur das mit den passenden Überschriften.'],
    [6, 'Vertragsnummer', expect.stringContaining('Excel hat die Nummer gerundet')],
  ])
})

test.each([
  ['Name;Vorname', ['name', 'vorname']],
  ['Kunde;Vorname', ['name', 'vorname']],
  ['VN_Nachname;VN_Vorname;VN Geb.-Datum', ['name', 'vorname', 'geburtsdatum']],
  ['Name;Geburtsdatum;Versicherte Person;Geburtsdatum', ['vollname', 'geburtsdatum', 'versichertePerson', 'versichertePersonGeburt']],
  ['Name;Vorname;Beitrag in EUR;Jahresbeitrag', ['name', 'vorname', 'beitrag', null]],
  ['Name;Vorname;Kundenstatus;Betreuer;IBAN;lfd. Nr.', ['name', 'vorname', null, null, null, null]],
  ['NACHNAME;VORNAME;STRASSE;E-MAIL-ADRESSE;HANDY-NR.', ['name', 'vorname', 'strasse', 'email', 'mobil']],
] as const)('headings %s', async (kopf, erwartet) => {
  const werte = kopf
    .split(';')
    .map((name) => (/geb/i.test(name) ? '05.03.1990' : /name|kunde|person/i.test(name) && !/vor|nach/i.test(name) ? 'Anna Weiß' : ''))
  expect(await felder(Buffer.from(`${kopf}\n${werte.join(';')}\n`))).toEqual(erwartet)
})

test('no heading is a name of two fields', () => {
  const alle = Object.entries(NAMEN).flatMap(([feld, namen]) => [...new Set(splitNamen(namen))].map((name) => ({ feld, name })))
  const doppelt = [...Map.groupBy(alle, ({ name }) => name).values()].filter((gruppe) => gruppe.length > 1)
  expect(doppelt).toEqual([])
})

test.each([
  ['Privathaftpflicht', 'PHV'],
  ['PHV', 'PHV'],
  ['Haftpflicht Privat', 'PHV'],
  ['Hundehalterhaftpflicht', 'THV'],
  ['Betriebshaftpflicht', 'BHV'],
  ['Haftpflicht', 'HAFTPFLICHT'],
  ['Kfz', 'KFZ'],
  ['KFZ-Haftpflicht', 'KFZ'],
  ['Kraftfahrt', 'KFZ'],
  ['BU', 'BU'],
  ['Berufsunfähigkeitsversicherung', 'BU'],
  ['Risikolebensversicherung', 'RLV'],
  ['Rürup-Rente', 'RV'],
  ['Kapitallebensversicherung', 'LV'],
  ['Hausrat', 'HAUSRAT'],
  ['Wohngebäude', 'WOHNGEBAEUDE'],
  ['PKV', 'KV_VOLL'],
  ['Zahnzusatz', 'KV_ZUSATZ'],
  ['Krankenversicherung', 'KV'],
  ['Pflegetagegeld', 'PFLEGE'],
  ['040 Haftpflicht (PHV)', 'PHV'],
  ['130', 'HAUSRAT'],
  ['051 KH', 'KFZ'],
  ['Reiserücktritt', 'SONSTIGE'],
  ['Weltraumschrott', undefined],
])('Sparte %s is %s', (wort, sparte) => {
  expect(readSparte(wort)?.sparte).toBe(sparte)
})

test.each([
  ['Anna Weiß', null, null, 'Anna', 'Weiß'],
  ['Frau Dr. med. Anna von der Heide', 'FRAU', 'Dr. med.', 'Anna', 'von der Heide'],
  ['Heide, Dr. Anna', null, 'Dr.', 'Anna', 'Heide'],
  ['Heide, Anna von der', null, null, 'Anna', 'von der Heide'],
  ['Herr Jean-Luc Müller-Lüdenscheidt', 'HERR', null, 'Jean-Luc', 'Müller-Lüdenscheidt'],
  ['Elbe Bau GmbH & Co. KG', 'FIRMA', null, null, 'Elbe Bau GmbH & Co. KG'],
  ['Weiß', null, null, null, 'Weiß'],
])('the name %s', (text, anrede, titel, vorname, name) => {
  expect(splitName(text)).toEqual({ anrede, titel, vorname, name })
})

test('a consent needs its day; “nein” is none; ways may stand as words', async () => {
  const kopf = ['Name', 'Vorname', 'Einwilligung', 'Einwilligung am', 'Nachweis der Einwilligung']
  const { personen, befunde } = await lies(
    csv(
      kopf,
      ['Weiß', 'Anna', 'Telefon, E-Mail', '14.05.2024', 'Beratungsprotokoll'],
      ['Kaya', 'Elif', 'SMS', '', ''],
      ['Adam', 'Ida', 'ja', '14.05.2024', ''],
      ['Ober', 'Jo', 'nein', '', ''],
    ),
  )
  expect(personen.map(({ einwilligungen }) => einwilligungen.map(({ kanal, form }) => `${kanal} ${form}`))).toEqual([
    ['TELEFON Beratungsprotokoll', 'EMAIL Beratungsprotokoll'],
    [],
    [],
    [],
  ])
  expect(befunde.map(({ zeile, text }) => [zeile, text.split('.')[0]])).toEqual([
    [3, 'Das Datum der Einwilligung fehlt; ohne dieses ist sie nicht nachweisbar und wurde nicht übernommen'],
    [4, 'Für welchen Weg die Einwilligung gilt, ist nicht zu erkennen'],
  ])
})

test('what the table does not say may be said for all of it', async () => {
  const bytes = csv(['Name', 'Vorname', 'Schein'], ['Weiß', 'Anna', 'V1'])
  const { zuordnung } = await schlage(bytes)
  expect((await lies(bytes)).vertraege[0]).toMatchObject({ status: 'UNBEKANNT', bestandsart: 'EIGEN', sparte: 'UNBEKANNT' })
  expect((await lies(bytes, { spalten: { ...zuordnung, ohneStatus: 'AKTIV', ohneBestandsart: 'FREMD' } })).vertraege[0]).toMatchObject({
    status: 'AKTIV',
    bestandsart: 'FREMD',
  })
})

test('a mapping that cannot be believed says what is missing', () => {
  const maengel = (...liste: (Tabellenfeld | null)[]) => checkZuordnung(toZuordnung({ felder: liste }, liste.length)).maengel.length
  expect([maengel('name', 'vorname'), maengel('vsnr', 'status'), maengel('vollname', 'vsnr')]).toEqual([0, 0, 0])
  expect([
    maengel('vorname'),
    maengel('name', 'name'),
    maengel('name', 'vollname'),
    maengel('name', 'sparte'),
    maengel('name', 'vsnr', 'beitrag', 'jahresbeitrag'),
  ]).toEqual([1, 1, 1, 1, 1])
  expect(checkZuordnung(toZuordnung({ felder: ['name', 'vsnr'] }, 2)).hinweise.length).toBeGreaterThan(2)
})

test('a stored mapping that does not fit any more is read as far as it goes', () => {
  expect(toZuordnung({ felder: ['name', 'gibtesnicht', 7] }, 4).felder).toEqual(['name', null, null, null])
  expect(toZuordnung(null, 1)).toEqual({ felder: [null], ohneStatus: 'UNBEKANNT', ohneBestandsart: 'EIGEN' })
})

test('fuzz: whatever stands in the cells, each row is taken or reported, and nothing crashes', async () => {
  const spalten = Object.keys(TABELLENFELDER) as Tabellenfeld[]
  const zelle = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom(
      '',
      '-',
      '31.12.2025',
      '30.02.2000',
      '1e99',
      '999999999999999999',
      'ja',
      'nein',
      '0',
      '00000',
      '=1+1',
      'x'.repeat(500),
      '\u0000',
      '٣٤',
      'PHV',
      'Dr.',
      ', ,',
      '@',
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(zelle, { minLength: spalten.length, maxLength: spalten.length + 1 }), { maxLength: 4 }), async (werte) => {
      const kopf = spalten.map((feld) => TABELLENFELDER[feld][1])
      const bytes = csv(['Name', 'Vorname', ...kopf.slice(2)], ...werte)
      const { personen, vertraege, befunde, ende } = await lies(bytes, { spalten: { felder: spalten } })
      const zeilen = new Set([...personen, ...vertraege, ...befunde].map(({ zeile }) => zeile))
      expect(ende?.abgelehnt ?? null).toBeNull()
      expect(zeilen.size).toBeGreaterThanOrEqual(ende!.saetze)
    }),
    { numRuns: 40 },
  )
})
