import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { datei, nachsatz, satz, vorsatz } from '../test/support/gdv-schreiben.ts'
import { verschiebeGdv } from '../test/support/gdv-verschieben.ts'
import { type GdvLieferung, readGdv } from './gdv.ts'
import type { Zeichensatz } from './zeichensatz.ts'

const DATEN = path.join(import.meta.dirname, '../test/daten/gdv')
const lies = (name: string) => readFileSync(path.join(DATEN, name))
const muster = lies('musterdatei_2009.txt')

/** One line a contract, as a person would check it against the bytes. */
function tafel({ vertraege, kunden }: GdvLieferung): string[] {
  return vertraege.map((v) =>
    [
      v.zeile,
      v.vsnr,
      `${v.sparteGdv} ${v.sparte}`,
      `${v.beginn} bis ${v.ablauf}, HF ${v.hauptfaelligkeit}`,
      `${v.beitragCent} ${v.zahlungsweise} ${v.status}`,
      [kunden[v.kunde!]!.vorname, kunden[v.kunde!]!.name, kunden[v.kunde!]!.geburtsdatum].join(' '),
    ].join(' | '),
  )
}

test('the sample of 2009, field by field', () => {
  const lieferung = readGdv(muster)
  expect(lieferung.pakete).toEqual([
    { nr: 1, vuNummer: '9999', absender: 'XXX Versicherung AG', zeichensatz: 'ISO-8859-1', stand: '2004-07-22', saetze: 165, abgelehnt: false },
  ])
  expect(tafel(lieferung)).toEqual([
    '5 | 59999999999 | 030 UNFALL | 2004-05-01 bis 2009-05-01, HF 2005-05-01 | 41141 JAEHRLICH AKTIV | Martina Kitzelpfütze 1979-11-11',
    '16 | 59999999998 | 030 UNFALL | 2004-05-01 bis 2009-05-01, HF 2005-05-01 | 2550 MONATLICH AKTIV | Rudolf Pollsmann 1979-11-11',
    '27 | 59999999997 | 030 UNFALL | 2004-06-01 bis 2009-06-01, HF 2005-06-01 | 36764 JAEHRLICH AKTIV | Rudolf Pooosmann 1979-11-11',
    '50 | 59999999996 | 030 UNFALL | 2004-05-05 bis 2009-05-05, HF 2005-05-05 | 22500 JAEHRLICH AKTIV | Rudolf Pollimann 1979-12-12',
    '61 | 59999999995 | 040 PHV | 2004-08-04 bis 2008-07-01, HF 2005-07-01 | 11250 JAEHRLICH AKTIV | Wilhelm Fresy 1979-12-12',
    '70 | 59999999994 | 040 THV | 2004-08-04 bis 2008-08-01, HF 2004-08-01 | 9000 JAEHRLICH AKTIV | Wilhelm Fresy 1979-12-12',
    '82 | 59999999993 | 040 HAFTPFLICHT | 2004-08-04 bis 2008-08-01, HF 2004-08-01 | 19810 JAEHRLICH AKTIV | Wilhelm Fresy 1979-12-12',
    '91 | 59999999992 | 040 HAFTPFLICHT | 2004-08-04 bis 2008-08-01, HF 2004-08-01 | 7640 JAEHRLICH AKTIV | Wilhelm Fresy 1979-12-12',
    '100 | 59999999991 | 040 HAFTPFLICHT | 2004-08-04 bis 2005-09-01, HF 2004-09-01 | 63000 EINMALIG AKTIV | Wilhelm Fresy 1979-12-12',
    '109 | 59999999990 | 050 KFZ | 2004-07-01 bis 2005-01-01, HF 2005-01-01 | 110795 JAEHRLICH AKTIV | Herbert Gillensvier 1979-12-12',
    '121 | 59999999989 | 050 KFZ | 2004-07-01 bis 2005-01-01, HF 2005-01-01 | 20116 MONATLICH AKTIV | Hans Gillensdrei 1977-07-07',
    '131 | 59999999988 | 050 KFZ | 2004-07-01 bis 2005-01-01, HF 2005-01-01 | 18478 HALBJAEHRLICH AKTIV | Herbert Gillenszwei 1977-07-07',
    '141 | 59999999987 | 050 KFZ | 2004-07-01 bis 2005-01-01, HF 2005-01-01 | 100871 HALBJAEHRLICH AKTIV | Wolfgang Gillenseins 1977-07-07',
    '153 | 59999999986 | 040 PHV | 2002-12-23 bis 2004-12-23, HF 2004-12-23 | 4700 JAEHRLICH AKTIV | Anton Auszeilerbx 1977-07-07',
    '153 | 59999999986 | 130 HAUSRAT | 2002-12-23 bis 2004-12-23, HF 2004-12-23 | 11985 JAEHRLICH AKTIV | Anton Auszeilerbx 1977-07-07',
  ])
  expect(new Set(lieferung.vertraege.map(({ vuNummer, agenturnummer }) => `${vuNummer} ${agenturnummer}`))).toEqual(new Set(['9999 9999009999']))
})

test('the premiums add up to the control total of the Nachsatz: 4.806,00 €', () => {
  const gesamt = muster
    .toString('latin1')
    .split('\n')
    .find((zeile) => zeile.startsWith('9999'))!
    .slice(24, 39)
  expect(readGdv(muster).vertraege.reduce((summe, { beitragCent }) => summe + beitragCent!, 0)).toBe(Number(gesamt))
})

test('an address with everything in it', () => {
  expect(readGdv(muster).kunden[1]).toEqual({
    paket: 1,
    zeile: 13,
    vuNummer: '9999',
    agenturnummer: '9999009999',
    nummerVersicherer: 'W45WWW',
    nummerVermittler: null,
    adresskennzeichen: '01',
    art: 'NATUERLICH',
    anrede: 'HERR',
    titel: null,
    vorname: 'Rudolf',
    name: 'Pollsmann',
    namenszusatz: null,
    geburtsdatum: '1979-11-11',
    strasse: 'Elsholunderstr. 10',
    plz: '50825',
    ort: 'Köln',
    land: 'D',
    telefon: '0221 12345899',
    mobil: null,
    email: 'polly@example.com',
    familienstand: null,
  })
})

test('an e-mail address written with (a) is read with @, and each is a finding with its place', () => {
  const { befunde } = readGdv(muster)
  expect(befunde).toHaveLength(11)
  expect(befunde[0]).toMatchObject({ paket: 1, zeile: 15, byte: 107, feld: 'Kommunikationsnummer 6' })
})

test('the three life deliveries: pension, term life, disability', () => {
  const [riester, risiko, bu] = ['Leben_Wagnis2_Riester.GDV', 'Leben_Wagnis3_Risikoversicherung.GDV', 'Leben_Wagnis4_BU.GDV'].map((name) =>
    readGdv(lies(name)),
  )
  expect([riester, risiko, bu].flatMap((lieferung) => tafel(lieferung!))).toEqual([
    '6 | 1162617975 | 010 RV | 2011-10-01 bis 2052-10-01, HF 2013-10-01 | 6950 MONATLICH AKTIV | Horst Schmid 1986-03-14',
    '6 | 1162602999 | 010 RLV | 2011-08-01 bis 2021-08-01, HF 2013-08-01 | 12421 MONATLICH AKTIV | Kerstin Krumbir 1954-08-12',
    '6 | 1162617977 | 010 BU | 2011-10-01 bis 2047-10-01, HF 2013-10-01 | 5102 MONATLICH AKTIV | Horst Schmid 1986-03-14',
  ])
  expect(risiko!.vertraege[0]!.versicherte).toEqual([{ name: 'Batzer', vorname: 'Roland', geburtsdatum: '1956-06-30' }])
  expect(riester!.kunden[0]).toMatchObject({ email: 'Horst.Schmid86@yahoo.de', nummerVersicherer: null, agenturnummer: '00085869' })
  expect(riester!.befunde.map(({ text }) => text)).toEqual(['Der Nachsatz nennt 1251 Sätze, im Paket sind 12.'])
})

const zeilen = muster
  .toString('latin1')
  .split('\n')
  .filter((zeile) => zeile !== '')
const roh = (teile: readonly string[], ende: string) => Buffer.from(teile.join(ende) + ende, 'latin1')
const inhalt = ({ vertraege, kunden }: GdvLieferung) => ({ vertraege, kunden })

test.each([
  ['CR/LF', roh(zeilen, '\r\n')],
  ['no line ends', roh(zeilen, '')],
  [
    'cut trailing blanks',
    roh(
      zeilen.map((zeile) => zeile.trimEnd()),
      '\n',
    ),
  ],
  ['blank lines and an end-of-file mark', Buffer.concat([roh(zeilen, '\n\n'), Buffer.from('\x1a')])],
])('%s: the same customers and contracts', (_, bytes) => {
  const ohneZeilen = (lieferung: GdvLieferung) => JSON.stringify(inhalt(lieferung)).replaceAll(/"zeile":\d+/g, '')
  expect(ohneZeilen(readGdv(bytes))).toBe(ohneZeilen(readGdv(muster)))
})

test('two packages of two insurers in one file', () => {
  const beide = Buffer.concat([muster, lies('Leben_Wagnis4_BU.GDV')])
  const { pakete, vertraege } = readGdv(beide)
  expect(pakete.map(({ nr, vuNummer, saetze }) => [nr, vuNummer, saetze])).toEqual([
    [1, '9999', 165],
    [2, '1104', 14],
  ])
  expect(vertraege.at(-1)).toMatchObject({ paket: 2, sparte: 'BU', stand: '2012-10-01' })
})

test('a missing Nachsatz is a finding, the next Vorsatz begins the next package', () => {
  const { pakete, befunde, vertraege } = readGdv(Buffer.concat([roh(zeilen.slice(0, -1), '\n'), muster]))
  expect(pakete).toHaveLength(2)
  expect(vertraege).toHaveLength(30)
  expect(befunde).toContainEqual(expect.objectContaining({ paket: 1, text: expect.stringContaining('Nachsatz 9999 fehlt') }))
})

test('records without a Vorsatz are not taken', () => {
  const { pakete, vertraege, befunde } = readGdv(roh(zeilen.slice(2), '\n'))
  expect([pakete[0]!.abgelehnt, vertraege]).toEqual([true, []])
  expect(befunde.map(({ text }) => text)).toEqual([
    'Vor diesen Sätzen fehlt der Vorsatz 0001; nichts davon wurde übernommen.',
    'Die Datei enthält kein lesbares GDV-Paket (Vorsatz 0001 bis Nachsatz 9999).',
  ])
})

const KOPF = { vuNummer: '5342', sparte: '040', vsnr: 'HV-4711', agenturnummer: 'A17' }
const person = {
  Name1: 'Weiß',
  Name3: 'Jürgen',
  Geburtsdatum: '1990-02-28',
  Adresskennzeichen: '01',
  PLZ: '20095',
  Ort: 'Hamburg',
  Str: 'Am Fleet 3',
}
const vertrag = {
  Vertragsbeginn: '2020-01-01',
  Vertragsablauf: '2027-01-01',
  Zahlungsweise: '1',
  Vertragsstatus: '1',
  Waehrungsschluessel: 'EUR',
  GesbeitragNettoInWE: 8990,
}
const lieferung = (adresse: object = {}, police: object = {}, weitere: readonly string[] = [], kopf = KOPF) => {
  const saetze = [satz('0100.1', kopf, { ...person, ...adresse }), satz('0200.1', kopf, { ...vertrag, ...police }), ...weitere]
  return readGdv(datei([vorsatz('5342', '2026-11-01'), ...saetze, nachsatz(saetze.length)]))
}

test('a broken field is a finding with package, line, byte and name; the rest of the record is read', () => {
  const { vertraege, kunden, befunde } = lieferung({ Geburtsdatum: '31021990' }, { Vertragsablauf: '00002027', GesbeitragNettoInWE: '00000008X90' })
  expect(vertraege[0]).toMatchObject({ beginn: '2020-01-01', ablauf: null, beitragCent: null, status: 'AKTIV' })
  expect(kunden[0]).toMatchObject({ name: 'Weiß', geburtsdatum: null })
  expect(befunde).toEqual([
    { paket: 1, zeile: 2, byte: 226, feld: 'Geburtsdatum', text: 'Das Datum 31.02.1990 gibt es nicht; nicht übernommen.' },
    { paket: 1, zeile: 3, byte: 116, feld: 'Gesamtbeitrag (Netto) in Währungseinheiten', text: '„00000008X90“ ist kein Betrag; nicht übernommen.' },
    { paket: 1, zeile: 3, byte: 52, feld: 'Vertragsablauf', text: 'Tag oder Monat ist nicht bekannt („00002027“); nicht übernommen.' },
  ])
})

test('a record of an unknown kind is a finding, the others are read', () => {
  const { vertraege, befunde } = lieferung({}, {}, ['X2XX kaputt'.padEnd(256)])
  expect(vertraege).toHaveLength(1)
  expect(befunde).toEqual([{ paket: 1, zeile: 4, byte: 1, feld: 'Satzart', text: 'Die Satzart „X2XX“ gibt es nicht; der Satz wurde nicht gelesen.' }])
})

test('status: lebend and storniert are known, other codes stay raw', () => {
  expect(lieferung({}, { Vertragsstatus: '4', Abgangsdatum: '2026-06-30', Abgangsgrund: '12' }).vertraege[0]).toMatchObject({
    status: 'STORNIERT',
    abgangAm: '2026-06-30',
    merkmale: { abgangsgrund: '12' },
  })
  expect(lieferung({}, { Vertragsstatus: '7', Zahlungsweise: '5' }).vertraege[0]).toMatchObject({
    status: 'UNBEKANNT',
    zahlungsweise: null,
    merkmale: { vertragsstatus: '7', zahlungsweise: '5' },
  })
})

test.each([
  ['Privathaftpflichtversicherung', 'PHV'],
  ['PHV Komfort', 'PHV'],
  ['Tierhalterhaftpflicht', 'THV'],
  ['Betriebshaftpflicht', 'BHV'],
  ['Haus- und Grundbesitzer', 'HAFTPFLICHT'],
])('liability „%s“ is %s', (text, sparte) => {
  expect(lieferung({}, {}, [satz('0220.040.2', KOPF, { Wagnistext: text })]).vertraege[0]!.sparte).toBe(sparte)
})

test.each([
  [['1'], 'LV'],
  [['7', '4'], 'LV'],
  [['2'], 'RV'],
  [['9', '5'], 'RV'],
  [['3', '4'], 'RLV'],
  [['8'], 'BU'],
  [['6'], 'UNBEKANNT'],
])('life with Wagnisart %j is %s', (wagnisarten, sparte) => {
  const kopf = { ...KOPF, sparte: '010' }
  const teile = { '1': '13', '3': '13', '4': '48', '8': '48' } as Record<string, string>
  const wagnisse = wagnisarten.map((art) => satz(`0220.010.${teile[art] ?? art}.1`, kopf, { Wagnisart: art }))
  expect(lieferung({}, {}, wagnisse, kopf).vertraege[0]!.sparte).toBe(sparte)
})

test('a firm has no birthday and its name runs on; a mobile number is known by its digits', () => {
  const firma = lieferung({ Anredeschluessel: '3', Name1: 'Bäckerei Krüger', Name2: 'GmbH & Co. KG', Name3: null }).kunden[0]
  expect(firma).toMatchObject({
    art: 'FIRMA',
    anrede: 'FIRMA',
    name: 'Bäckerei Krüger',
    namenszusatz: 'GmbH & Co. KG',
    vorname: null,
    geburtsdatum: null,
  })
  const nummern = {
    Kommunikationstyp1: '10',
    KommunikationsNr1: '040 123456',
    Kommunikationstyp2: '30',
    KommunikationsNr2: '0171 2345678',
    Familienstand: '2',
  }
  const kopf = KOPF
  const saetze = [vorsatz('5342', '2026-11-01'), satz('0100.1', kopf, person), satz('0100.2', kopf, nummern), nachsatz(2)]
  expect(readGdv(datei(saetze)).kunden[0]).toMatchObject({ telefon: '040 123456', mobil: '0171 2345678', familienstand: 'VERHEIRATET' })
})

test.each<[Zeichensatz, string]>([
  ['ISO-8859-1', 'ISO-8859-1'],
  ['CP850', 'CP850'],
  ['UTF-8', 'UTF-8'],
])('umlauts written in %s come out right', (zeichensatz) => {
  const saetze = [vorsatz('5342', '2026-11-01'), satz('0100.1', KOPF, { ...person, Ort: 'Köln-Mülheim' }), satz('0200.1', KOPF, vertrag), nachsatz(2)]
  for (const gekuerzt of [false, true]) {
    const gelesen = readGdv(datei(saetze, { zeichensatz, gekuerzt, ende: '\n' }))
    expect(gelesen.pakete[0]!.zeichensatz).toBe(zeichensatz)
    expect(gelesen.kunden[0]).toMatchObject({ name: 'Weiß', vorname: 'Jürgen', ort: 'Köln-Mülheim' })
    expect(gelesen.vertraege[0]).toMatchObject({ ablauf: '2027-01-01', beitragCent: 8990 })
  }
})

test('UTF-8 whose fields were cut by bytes is read by bytes', () => {
  const adresse = satz('0100.1', KOPF, { ...person, Name1: Buffer.from('Weiß').toString('latin1') })
  const saetze = [vorsatz('5342', '2026-11-01'), adresse.replace('Jürgen ', Buffer.from('Jürgen').toString('latin1')), nachsatz(1)]
  expect(readGdv(Buffer.from(saetze.join('\r\n'), 'latin1')).kunden[0]).toMatchObject({ name: 'Weiß', vorname: 'Jürgen', geburtsdatum: '1990-02-28' })
})

test('CP1252 is known by what ISO-8859-1 does not have', () => {
  const saetze = [vorsatz('5342', '2026-11-01'), satz('0100.1', KOPF, { ...person, Name1: 'Weiß – „Großmann“' }), nachsatz(1)]
  const gelesen = readGdv(datei(saetze, { zeichensatz: 'CP1252' }))
  expect([gelesen.pakete[0]!.zeichensatz, gelesen.kunden[0]!.name]).toEqual(['CP1252', 'Weiß – „Großmann“'])
})

test('moving by 22 years moves every date and nothing else', () => {
  const verschoben = verschiebeGdv(muster, 22)
  expect(verschoben.length).toBe(muster.length)
  expect(Buffer.from(verschiebeGdv(verschoben, -22)).equals(muster)).toBe(true)
  const plus22 = (text: string) => text.replaceAll(/\b(19|20)\d\d(?=-\d\d-\d\d)/g, (jahr) => String(Number(jahr) + 22))
  expect(inhalt(readGdv(verschoben))).toEqual(JSON.parse(plus22(JSON.stringify(inhalt(readGdv(muster))))))
  expect(readGdv(verschoben).pakete[0]!.stand).toBe('2026-07-22')
})

const wort = fc.stringMatching(/^[A-ZÄÖÜ][a-zäöüß]{1,12}$/)
const tag = fc.date({ min: new Date('1920-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }).map((d) => d.toISOString().slice(0, 10))

test('what is written is read again, in every code page and with every line end', () => {
  const fall = fc.record({
    name: wort,
    vorname: wort,
    ort: wort,
    geburtsdatum: tag,
    beginn: tag,
    ablauf: tag,
    cent: fc.integer({ min: 0, max: 999_999_999 }),
    vsnr: fc.stringMatching(/^[A-Z1-9][A-Z0-9]{3,14}$/),
    zeichensatz: fc.constantFrom<Zeichensatz>('ISO-8859-1', 'UTF-8'),
    ende: fc.constantFrom('\r\n', '\n', ''),
    gekuerzt: fc.boolean(),
  })
  fc.assert(
    fc.property(fall, (f) => {
      const kopf = { ...KOPF, vsnr: f.vsnr }
      const saetze = [
        vorsatz('5342', '2026-11-01'),
        satz('0100.1', kopf, { ...person, Name1: f.name, Name3: f.vorname, Ort: f.ort, Geburtsdatum: f.geburtsdatum }),
        satz('0200.1', kopf, { ...vertrag, Vertragsbeginn: f.beginn, Vertragsablauf: f.ablauf, GesbeitragNettoInWE: f.cent }),
        nachsatz(2),
      ]
      const gelesen = readGdv(datei(saetze, { zeichensatz: f.zeichensatz, ende: f.ende, gekuerzt: f.gekuerzt && f.ende !== '' }))
      expect(gelesen.kunden).toMatchObject([{ name: f.name, vorname: f.vorname, ort: f.ort, geburtsdatum: f.geburtsdatum }])
      expect(gelesen.vertraege).toMatchObject([{ vsnr: f.vsnr, vsnrNorm: f.vsnr, beginn: f.beginn, ablauf: f.ablauf, beitragCent: f.cent, kunde: 0 }])
      expect(gelesen.befunde).toEqual([])
    }),
    { numRuns: 200 },
  )
})

test('no bytes at all make the reader fail', () => {
  const stueck = fc.oneof(fc.uint8Array({ maxLength: 600 }), fc.constantFrom(...zeilen.map((zeile) => Buffer.from(zeile + '\n', 'latin1'))))
  fc.assert(
    fc.property(fc.array(stueck, { maxLength: 12 }), (stuecke) => void readGdv(Buffer.concat(stuecke))),
    { numRuns: 300 },
  )
})
