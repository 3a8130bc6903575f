/** The sample files, every value against the bytes it comes from. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type GdvLieferung, liesGdv } from '../test/support/gdv-lesen.ts'
import { findSatzbild, findTeilsatz } from './gdv-satzbild.ts'

const DATEN = path.join(import.meta.dirname, '../test/daten/gdv')
const lies = (name: string) => readFileSync(path.join(DATEN, name))
const muster = lies('musterdatei_2009.txt')
const DATEIEN = ['musterdatei_2009.txt', 'Leben_Wagnis2_Riester.GDV', 'Leben_Wagnis3_Risikoversicherung.GDV', 'Leben_Wagnis4_BU.GDV']

/** One line a contract, as a person would check it against the bytes. */
function tafel({ vertraege, personen }: GdvLieferung): string[] {
  return vertraege.map((v) => {
    const person = personen.find(({ nr }) => nr === v.person)!
    return [
      v.zeile,
      v.vsnr,
      `${v.sparteGdv} ${v.sparte}`,
      `${v.beginn} bis ${v.ablauf}, HF ${v.hauptfaelligkeit}`,
      `${v.beitragCent} ${v.zahlungsweise} ${v.status}`,
      [person.vorname, person.name, person.geburtsdatum].join(' '),
    ].join(' | ')
  })
}

test('the sample of 2009, contract by contract', async () => {
  const lieferung = await liesGdv(muster)
  expect(lieferung.pakete).toEqual([
    {
      nr: 1,
      vuNummer: '9999',
      absender: 'XXX Versicherung AG',
      zeichensatz: 'ISO-8859-1',
      stand: '2004-07-22',
      saetze: 165,
      abgelehnt: null,
      summenStimmen: true,
    },
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
  expect(
    lieferung.vertraege.map(({ merkmale }) => [merkmale.kennzeichen, merkmale.kfzTeile?.join('+'), merkmale.sfKh, merkmale.sfVk]).slice(9, 13),
  ).toEqual([
    ['K-WB 4444', 'KH+TK+UNFALL', '1/2', undefined],
    ['K-WB 3333', 'KH+VK', '0', '0'],
    ['K-WG 2222', 'KH+VK', '0', '0'],
    ['K-WG 1111', 'KH+VK+UNFALL', '1/2', '1/2'],
  ])
  expect(lieferung.vertraege.at(-1)!.merkmale).toMatchObject({ wohnflaeche: 103, unterversicherungsverzicht: 'JA', buendel: '000' })
})

test('an address with everything in it', async () => {
  expect((await liesGdv(muster)).personen[1]).toEqual({
    nr: 1,
    paket: 1,
    zeile: 13,
    vuNummer: '9999',
    rolle: 'VN',
    agenturnummer: '9999009999',
    nummerVersicherer: 'W45WWW',
    nummerVermittler: null,
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
    erwerbsstatus: null,
    beruf: null,
    kundeSeit: null,
    einwilligungen: [],
    maklervollmachtAm: null,
  })
})

test('an e-mail address written with (a) is read with @, and each is a finding with its place', async () => {
  const { befunde } = await liesGdv(muster)
  expect(befunde).toHaveLength(11)
  expect(befunde[0]).toMatchObject({ paket: 1, zeile: 15, byte: 107, feld: 'Kommunikationsnummer 6' })
})

test('the three life deliveries: pension, term life, disability; their control totals are of a larger file', async () => {
  const [riester, risiko, bu] = await Promise.all(DATEIEN.slice(1).map((name) => liesGdv(lies(name))))
  expect([riester, risiko, bu].flatMap((lieferung) => tafel(lieferung!))).toEqual([
    '6 | 1162617975 | 010 RV | 2011-10-01 bis 2052-10-01, HF 2013-10-01 | 6950 MONATLICH AKTIV | Horst Schmid 1986-03-14',
    '6 | 1162602999 | 010 RLV | 2011-08-01 bis 2021-08-01, HF 2013-08-01 | 12421 MONATLICH AKTIV | Kerstin Krumbir 1954-08-12',
    '6 | 1162617977 | 010 BU | 2011-10-01 bis 2047-10-01, HF 2013-10-01 | 5102 MONATLICH AKTIV | Horst Schmid 1986-03-14',
  ])
  expect(risiko!.vertraege[0]!.versicherte).toEqual([{ name: 'Batzer', vorname: 'Roland', geburtsdatum: '1956-06-30' }])
  expect(risiko!.vertraege[0]!.merkmale.summeCent).toBe(150_000_00)
  expect(risiko!.pakete[0]!.zeichensatz).toBe('MacRoman')
  expect(riester!.personen[0]).toMatchObject({ email: 'Horst.Schmid86@yahoo.de', agenturnummer: '00085869', beruf: 'Lagerarbeiter/in' })
  expect(riester!.pakete[0]!.summenStimmen).toBe(false)
  expect(riester!.befunde.map(({ byte, text }) => [byte, text])).toEqual([
    [5, 'Der Nachsatz nennt 1251 Sätze, im Paket sind 12.'],
    [25, 'Der Nachsatz nennt als Gesamtbeitrag 8.373,84, im Paket sind es 69,50.'],
  ])
})

/** Where a value stands, written down once more by hand (reference: description VU-Vermittler), and how it is spelled there. */
const STELLEN: readonly [wert: 'person' | 'vertrag', feld: string, von: number, bis: number, spelling: 'text' | 'datum' | 'cent'][] = [
  ['person', 'name', 44, 73, 'text'],
  ['person', 'vorname', 104, 133, 'text'],
  ['person', 'titel', 134, 153, 'text'],
  ['person', 'land', 154, 156, 'text'],
  ['person', 'plz', 157, 162, 'text'],
  ['person', 'ort', 163, 187, 'text'],
  ['person', 'strasse', 188, 217, 'text'],
  ['person', 'geburtsdatum', 226, 233, 'datum'],
  ['person', 'agenturnummer', 33, 42, 'text'],
  ['vertrag', 'vsnr', 14, 30, 'text'],
  ['vertrag', 'agenturnummer', 33, 42, 'text'],
  ['vertrag', 'beginn', 44, 51, 'datum'],
  ['vertrag', 'ablauf', 52, 59, 'datum'],
  ['vertrag', 'hauptfaelligkeit', 60, 67, 'datum'],
  ['vertrag', 'nummerVersicherer', 159, 175, 'text'],
]

test.each(DATEIEN)('%s: persons and contracts say what stands at their bytes', async (name) => {
  const lieferung = await liesGdv(lies(name))
  const zeilen = lies(name).toString('latin1').split('\n')
  const erwartet = (zeile: number, von: number, bis: number, spelling: string) => {
    const roh = zeilen[zeile - 1]!.slice(von - 1, bis).trim()
    if (roh === '') return null
    return spelling === 'datum' ? `${roh.slice(4)}-${roh.slice(2, 4)}-${roh.slice(0, 2)}` : roh
  }
  for (const [art, feld, von, bis, spelling] of STELLEN) {
    for (const eintrag of art === 'person' ? lieferung.personen : lieferung.vertraege) {
      const wert = (eintrag as unknown as Record<string, unknown>)[feld]
      expect([eintrag.zeile, feld, wert]).toEqual([eintrag.zeile, feld, erwartet(eintrag.zeile, von, bis, spelling)])
    }
  }
  for (const { zeile, beitragCent, merkmale } of lieferung.vertraege)
    if (!merkmale.buendel) expect(beitragCent).toBe(Number(zeilen[zeile - 1]!.slice(115, 127)))
})

/** The bytes of every record with the German names of what is read of it, then what was read: to be laid side by side. */
test.each(DATEIEN)('%s: bytes and values side by side', async (name) => {
  const bytes = lies(name)
  const { pakete, personen, vertraege, mahnungen, schaeden, befunde } = await liesGdv(bytes)
  const zeilen = bytes.toString('latin1').split('\n')
  const saetze = zeilen.flatMap((roh, stelle) => {
    if (roh.trim() === '') return []
    const teil = findTeilsatz(findSatzbild(roh.slice(0, 4), roh.slice(10, 13)), roh.padEnd(256))
    const felder = Object.values(teil?.felder ?? {}).filter(([von, bis]) => /[^ 0]/.test(roh.slice(von - 1, bis)))
    return [
      `Zeile ${stelle + 1}: ${teil?.schluessel ?? '?'}`,
      ...felder.map(([von, bis, feld]) => `  ${`${von}-${bis}`.padEnd(8)}"${roh.slice(von - 1, bis)}" ${feld}`),
    ]
  })
  const gelesen = [...pakete, ...personen, ...vertraege, ...mahnungen, ...schaeden, ...befunde].map(render)
  await expect([...saetze, '', ...gelesen, ''].join('\n')).toMatchFileSnapshot(path.join(DATEN, `${name}.gelesen.txt`))
})

/** What is said, one value a line. */
function render(eintrag: object): string {
  const werte = Object.entries(eintrag).filter(([, wert]) => wert !== null && !(Array.isArray(wert) && wert.length === 0))
  return werte.map(([feld, wert], stelle) => `${stelle === 0 ? '' : '  '}${feld}: ${JSON.stringify(wert)}`).join('\n')
}
