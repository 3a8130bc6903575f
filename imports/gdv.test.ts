/** What records say, in small deliveries of our own writer. How a file may be shaped: gdv-form.test.ts; sample files: gdv-dateien.test.ts. */
import { expect, test } from 'vitest'
import { type GdvLieferung, liesGdv } from '../test/support/gdv-lesen.ts'
import { type SatzKopf, datei, nachsatz, paket, satz, vorsatz } from '../test/support/gdv-schreiben.ts'

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
const mit = (sparte: string): SatzKopf => ({ ...KOPF, sparte })

interface Felder {
  adresse?: object
  police?: object
  weitere?: readonly string[]
  kopf?: SatzKopf
}
const lieferung = ({ adresse = {}, police = {}, weitere = [], kopf = KOPF }: Felder): Promise<GdvLieferung> =>
  liesGdv(datei(paket([satz('0100.1', kopf, { ...person, ...adresse }), satz('0200.1', kopf, { ...vertrag, ...police }), ...weitere])))
/** The only contract of a delivery. */
const einer = async (felder: Felder) => (await lieferung(felder)).vertraege[0]!

test('a broken field is a finding with package, line, byte and name, without its value; the rest of the record is read', async () => {
  const { vertraege, personen, befunde } = await lieferung({
    adresse: { Geburtsdatum: '31021990' },
    police: { Vertragsablauf: '00002027', GesbeitragNettoInWE: '00000008X90', Hauptfaelligkeit: '1.1.2027' },
  })
  expect(vertraege[0]).toMatchObject({ beginn: '2020-01-01', ablauf: null, beitragCent: null, hauptfaelligkeit: null, status: 'AKTIV' })
  expect(personen[0]).toMatchObject({ name: 'Weiß', geburtsdatum: null })
  expect(befunde).toEqual([
    { paket: 1, zeile: 3, byte: 116, feld: 'Gesamtbeitrag (Netto) in Währungseinheiten', text: 'Das ist keine Zahl; nicht übernommen.' },
    { paket: 1, zeile: 3, byte: 52, feld: 'Vertragsablauf', text: 'Tag oder Monat ist nicht bekannt („00“); nicht übernommen.' },
    { paket: 1, zeile: 3, byte: 60, feld: 'Hauptfälligkeit', text: 'Das ist kein Datum (erwartet TTMMJJJJ); nicht übernommen.' },
    { paket: 1, zeile: 2, byte: 226, feld: 'Geburtsdatum', text: 'Diesen Tag gibt es im Kalender nicht; nicht übernommen.' },
  ])
})

test.each([
  ['1', 'AKTIV'],
  ['2', 'AKTIV'],
  ['3', 'RUHEND'],
  ['4', 'STORNIERT'],
  ['5', 'RUHEND'],
  ['6', 'BEITRAGSFREI'],
  ['7', 'BEITRAGSFREI'],
])('Vertragsstatus %s is %s', async (code, status) => {
  const gelesen = await einer({ police: { Vertragsstatus: code, Abgangsdatum: '2026-06-30', Abgangsgrund: '12' } })
  expect(gelesen).toMatchObject({ status, abgangAm: '2026-06-30', merkmale: { roh: { abgangsgrund: '12' } } })
})

test('codes that are not known stay raw', async () => {
  expect(
    await einer({ police: { Vertragsstatus: '9', Zahlungsweise: '5', Aenderungsgrund: '0107', AFB: '3', AnteilInProz: '25000' } }),
  ).toMatchObject({
    status: 'UNBEKANNT',
    zahlungsweise: null,
    merkmale: { roh: { vertragsstatus: '9', zahlungsweise: '5', aenderungsgrund: '0107', fuehrung: '3', anteil: '25000' } },
  })
})

test('what is not said is null and no raw code', async () => {
  const gelesen = await einer({ police: { Vertragsstatus: null, Zahlungsweise: null, GesbeitragNettoInWE: null, Waehrungsschluessel: null } })
  expect(gelesen).toMatchObject({ status: 'UNBEKANNT', zahlungsweise: null, beitragCent: null, verlaengertSich: null, abgangAm: null, merkmale: {} })
  expect(gelesen.merkmale.roh).toBeUndefined()
})

test('a premium in another currency is not taken', async () => {
  const { vertraege, befunde } = await lieferung({ police: { Waehrungsschluessel: 'CHF' } })
  expect(vertraege[0]).toMatchObject({ beitragCent: null, merkmale: { roh: { waehrung: 'CHF' } } })
  expect(befunde[0]).toMatchObject({ byte: 113, feld: 'Währungsschlüssel' })
})

test('Kündigungsklausel: the yes says that the contract renews, the no is only kept', async () => {
  const klausel = (wert: string) => einer({ weitere: [satz('0200.2', KOPF, { Kuendigungsklausel: wert, GesbeitragBruttoInWE: 10698 })] })
  expect(await klausel('1')).toMatchObject({ verlaengertSich: 'JA', merkmale: { beitragBruttoCent: 10698, roh: { kuendigungsklausel: '1' } } })
  expect(await klausel('0')).toMatchObject({ verlaengertSich: null, merkmale: { roh: { kuendigungsklausel: '0' } } })
})

test('a change of number: the old one, the new one, and one that says neither', async () => {
  const referenz = (SpezifikationReferenzVsNr: string | null) => einer({ police: { ReferenzVsNr: 'hv 4700', SpezifikationReferenzVsNr } })
  expect(await referenz('1')).toMatchObject({ vsnrAlt: 'HV4700', vsnrNeu: null, vsnrNorm: 'HV4711' })
  expect(await referenz('2')).toMatchObject({ vsnrAlt: null, vsnrNeu: 'HV4700' })
  expect(await referenz(null)).toMatchObject({ vsnrAlt: null, vsnrNeu: null })
})

test.each([
  ['Privathaftpflichtversicherung', 'PHV'],
  ['PHV Komfort', 'PHV'],
  ['Tierhalterhaftpflicht', 'THV'],
  ['Betriebshaftpflicht', 'BHV'],
  ['Haus- und Grundbesitzer', 'HAFTPFLICHT'],
])('liability „%s“ is %s', async (text, sparte) => {
  expect(await einer({ weitere: [satz('0220.040.2', KOPF, { Wagnistext: text })] })).toMatchObject({ sparte, merkmale: { wagnistexte: [text] } })
})

test.each([
  ['9001', 'PHV'],
  ['3001', 'THV'],
  ['8007', 'HAFTPFLICHT'],
])('liability without a text: Wagnisart %s is %s', async (Wagnisart, sparte) => {
  expect(await einer({ weitere: [satz('0220.040.1', KOPF, { Wagnisart })] })).toMatchObject({ sparte, merkmale: { wagnisarten: [Wagnisart] } })
})

test('liability: the text of the product and of the Wagnis speak, too, and come before the Wagnisart', async () => {
  expect((await einer({ weitere: [satz('0200.2', KOPF, { Produktname: 'Privat-Haftpflicht' })] })).sparte).toBe('PHV')
  const teile = [satz('0220.040.1', KOPF, { Wagnisart: '9001' }), satz('0220.040.2', KOPF, { Wagnisbeschreibung: 'Halter eines Pferdes' })]
  expect((await einer({ weitere: teile })).sparte).toBe('THV')
})

test.each([
  [['1'], 'LV'],
  [['7', '4'], 'LV'],
  [['2'], 'RV'],
  [['9', '5'], 'RV'],
  [['3', '4'], 'RLV'],
  [['8'], 'BU'],
  [['6'], 'UNBEKANNT'],
])('life with Wagnisart %j is %s', async (wagnisarten, sparte) => {
  const teile = { '1': '13', '3': '13', '4': '48', '8': '48' } as Record<string, string>
  const weitere = wagnisarten.map((art) => satz(`0220.010.${teile[art] ?? art}.1`, mit('010'), { Wagnisart: art }))
  expect(await einer({ weitere, kopf: mit('010') })).toMatchObject({ sparte, merkmale: { wagnisarten } })
})

test('life: sums in whole euros, Riester by its Altersvorsorgevermögen, insured person and Beruf', async () => {
  const kopf = mit('010')
  const vp = satz('0220.010.0.1', kopf, { Wagnisart: '0', NameVp: 'Weiß', VornameVp: 'Jürgen', GeburtsdatumVp: '1990-02-28', BerufText: 'Bäcker' })
  const wagnis = (art: string, felder: object) => satz('0220.010.13.1', kopf, { Wagnisart: art, ...felder })
  const summen = { ErlebensfallVsInWEZumAblauf: 40_000, TodesfallVsInWEZumAblauf: 60_000 }
  const kapital = await lieferung({ weitere: [vp, wagnis('1', summen)], kopf })
  expect(kapital.vertraege[0]!.merkmale.summeCent).toBe(40_000_00)
  expect(kapital.vertraege[0]!.versicherte).toEqual([{ name: 'Weiß', vorname: 'Jürgen', geburtsdatum: '1990-02-28' }])
  expect(kapital.personen[0]!.beruf).toBe('Bäcker')
  expect((await einer({ weitere: [wagnis('3', summen)], kopf })).merkmale.summeCent).toBe(60_000_00)
  const rente = (vermoegen: number) => {
    const zulage = satz('0220.010.2.3', kopf, { Altersvorsorgevermoegen: vermoegen }).split('')
    zulage[59] = '2'
    return einer({ weitere: [satz('0220.010.2.1', kopf, { Wagnisart: '2' }), zulage.join('')], kopf })
  }
  expect((await rente(1_234_56)).merkmale.riester).toBe('JA')
  expect((await rente(0)).merkmale.riester).toBeUndefined()
})

test('Krankenversicherung: three records of one Teildatensatz each; the monthly premium becomes what is paid each time', async () => {
  const kopf = mit('020')
  const weitere = [
    satz('0220.020.1.1', kopf, { NameVersichertenPersonVp: 'Weiß', VornameVersichertenPersonVp: 'Mia', GeburtsdatumVp: '2015-05-05' }),
    satz('0220.020.2.1', kopf, {}),
    satz('0220.020.3.1', kopf, {}),
  ]
  const { vertraege, befunde } = await lieferung({ weitere, kopf, police: { Zahlungsweise: '4', GesbeitragNettoInWE: 10_000 } })
  expect(vertraege[0]).toMatchObject({ sparte: 'KV', beitragCent: 30_000, zahlungsweise: 'VIERTELJAEHRLICH' })
  expect(vertraege[0]!.versicherte).toEqual([{ name: 'Weiß', vorname: 'Mia', geburtsdatum: '2015-05-05' }])
  expect(befunde).toEqual([])
  const ohne = await lieferung({ weitere, kopf, police: { Zahlungsweise: '5', GesbeitragNettoInWE: 10_000 } })
  expect([ohne.vertraege[0]!.beitragCent, ohne.befunde[0]!.feld]).toEqual([null, 'Zahlungsweise'])
})

test('Hausrat: address of the risk, sum, square metres, Unterversicherungsverzicht, natural hazards', async () => {
  const kopf = mit('130')
  const felder = { PLZRisikoanschrift: '22041', Risikoort: 'Hamburg', RisikoStr: 'Seeweg 1', GesVersssummeInWE: 52_000, WohnflaecheQm: 80 }
  const hausrat = (weitere: object) => einer({ weitere: [satz('0210.130.1', kopf, { ...felder, ...weitere })], kopf })
  expect(await hausrat({ UnterversVerzicht: '0', VersicherteGefahren: 'FELSM' })).toMatchObject({
    sparte: 'HAUSRAT',
    merkmale: {
      risikoanschrift: 'Seeweg 1, 22041 Hamburg',
      summeCent: 52_000_00,
      wohnflaeche: 80,
      unterversicherungsverzicht: 'NEIN',
      elementar: 'JA',
    },
  })
  const { merkmale } = await hausrat({ UnterversVerzicht: 'X', VersicherteGefahren: 'FELS' })
  expect([merkmale.unterversicherungsverzicht, merkmale.elementar, merkmale.roh]).toEqual([undefined, undefined, { unterversicherungsverzicht: 'X' }])
})

test.each([
  [['1'], 'JA'],
  [['0'], 'NEIN'],
  [['0', '1'], 'JA'],
  [[' '], undefined],
  [['2'], undefined],
])('Wohngebäude: Elementarschäden %j of its objects is %s', async (codes, elementar) => {
  const kopf = mit('140')
  const weitere = codes.map((Elementarschaeden) => satz('0220.140.2', kopf, { Elementarschaeden }))
  expect((await einer({ weitere, kopf })).merkmale.elementar).toBe(elementar)
})

test('Kfz: parts, classes, number plate; a part that was excluded is none', async () => {
  const kopf = mit('050')
  const { merkmale, sparte, sparteGdv } = await einer({
    kopf,
    weitere: [
      satz('0210.050.1', kopf, { AmtlichesKennzeichen: 'HH-AB  123' }),
      satz('0220.051.1', mit('051'), { KhSfSKlasse: 'SF12' }),
      satz('0220.052.1', mit('052'), { KfvSfSKlasse: 'SF8', KfvAusschluss: '2025-12-31' }),
      satz('0220.053.1', mit('053'), { KftAusschluss: '2027-01-01' }),
      satz('0220.055.1', mit('055'), { Bausteinbezeichnung: 'Auto-Schutzbrief' }),
    ],
  })
  expect([sparte, sparteGdv]).toEqual(['KFZ', '050'])
  expect(merkmale).toEqual({ kennzeichen: 'HH-AB 123', kfzTeile: ['KH', 'TK', 'SCHUTZBRIEF'], sfKh: 'SF12', sfVk: 'SF8' })
})

test('Rechtsschutz says below 0200 how it is paid and when it falls due', async () => {
  const kopf = mit('070')
  const weitere = [satz('0210.070.1', kopf, { Zahlungsweise: '2', Hauptfaelligkeit: '2027-03-01', BeitragInWE: 4_500 })]
  expect(await einer({ weitere, kopf, police: { Zahlungsweise: null } })).toMatchObject({
    sparte: 'RECHTSSCHUTZ',
    zahlungsweise: 'HALBJAEHRLICH',
    hauptfaelligkeit: '2027-03-01',
  })
})

test.each([
  ['089', '0210.080.2', 'Produktname'],
  ['171', '0210.170.2', 'Produktname'],
  ['249', '0210.000.1', 'Spartenbezeichnung'],
])('Sparte %s is written like %s', async (sparte, schluessel, feld) => {
  expect(await einer({ weitere: [satz(schluessel, mit(sparte), { [feld]: 'Sturm' })], kopf: mit(sparte) })).toMatchObject({
    sparte: 'SONSTIGE',
    sparteGdv: sparte,
    produkt: 'Sturm',
  })
})

test('a bundle is one contract for each Sparte, with the status and the premium of its 0210', async () => {
  const kopf = { ...mit('000'), buendel: '1' }
  const teil = (sparte: string) => ({ ...kopf, sparte })
  const weitere = [
    satz('0210.040.1', teil('040'), { Vertragsstatus: '1', GesbeitragInWE: 4_700 }),
    satz('0220.040.2', teil('040'), { Wagnistext: 'PHV' }),
    satz('0210.130.1', teil('130'), { Vertragsstatus: '4', GesbeitragInWE: 11_985, WohnflaecheQm: 70 }),
  ]
  const { vertraege } = await lieferung({ weitere, kopf, police: { GesbeitragNettoInWE: 16_685 } })
  expect(vertraege).toMatchObject([
    { sparte: 'PHV', status: 'AKTIV', beitragCent: 4_700, merkmale: { buendel: '000' } },
    { sparte: 'HAUSRAT', status: 'STORNIERT', beitragCent: 11_985, merkmale: { buendel: '000', wohnflaeche: 70 } },
  ])
})

test('dunning: a booking that came back; an ordinary one is none', async () => {
  const buchung = (felder: object) =>
    satz('0400.1', KOPF, {
      Sollstellungsart: '20',
      AbrechnungszeitraumVon: '2026-10-01',
      Waehrungsschluessel: 'EUR',
      GesbeitragBruttoInWE: 10_698,
      ...felder,
    })
  const { mahnungen } = await lieferung({ weitere: [buchung({}), buchung({ Retourengrund: '03' }), buchung({ Retourengrund: '00' })] })
  expect(mahnungen).toEqual([
    {
      paket: 1,
      zeile: 5,
      vuNummer: '5342',
      vsnrNorm: 'HV4711',
      sparteGdv: '040',
      art: '20',
      grund: '03',
      betragCent: 10_698,
      faelligAm: '2026-10-01',
    },
  ])
})

test('claims: number, days, cause, whether it is settled; also without their contract', async () => {
  const kopf = { ...KOPF, vsnr: 'ANDERE-1' }
  const weitere = [
    satz('0500.1', kopf, { SchadenNrVu: 'S-1', Schadendatum: '2026-05-04', Schadenmeldedatum: '2026-05-06', ErledigterSchaden: '1' }),
    satz('0500.2', kopf, { SchadenursacheAlleSparten: '0815' }),
    satz('0500.1', kopf, { SchadenNrVu: null }),
  ]
  const { schaeden, befunde } = await lieferung({ weitere })
  expect(schaeden).toEqual([
    {
      paket: 1,
      zeile: 4,
      vuNummer: '5342',
      vsnrNorm: 'ANDERE1',
      sparteGdv: '040',
      schadennummer: 'S-1',
      schadenAm: '2026-05-04',
      gemeldetAm: '2026-05-06',
      ursache: '0815',
      erledigt: 'JA',
    },
  ])
  expect(befunde).toMatchObject([{ zeile: 6, feld: 'Schadennummer des VU' }])
})

test('declarations of an application and the Geschäftsvorfall are kept as raw codes', async () => {
  const weitere = [
    satz('0202.1', KOPF, { EinwilligungZurDatenschutzklauselLiegtVor: '1', EinwilligungZurEntbindungVonSchweigepflicht: '0' }),
    satz('0052.1', KOPF, { KategorieGeschaeftsvorfalls: '110001000' }),
  ]
  expect((await einer({ weitere })).merkmale.roh).toEqual({ datenschutzklausel: '1', schweigepflichtentbindung: '0', geschaeftsvorfall: '110001000' })
})

test('a firm has no birthday and its name runs on; a mobile number is known by its digits', async () => {
  const firma = (await lieferung({ adresse: { Anredeschluessel: '3', Name1: 'Bäckerei Krüger', Name2: 'GmbH & Co. KG', Name3: null } })).personen[0]
  expect(firma).toMatchObject({
    art: 'FIRMA',
    anrede: 'FIRMA',
    name: 'Bäckerei Krüger',
    namenszusatz: 'GmbH & Co. KG',
    vorname: null,
    geburtsdatum: null,
  })
  const nummern = satz('0100.2', KOPF, {
    Kommunikationstyp1: '10',
    KommunikationsNr1: '040 123456',
    Kommunikationstyp2: '30',
    KommunikationsNr2: '0171 2345678',
    Familienstand: '2',
  })
  const { personen } = await liesGdv(datei(paket([satz('0100.1', KOPF, person), nummern])))
  expect(personen[0]).toMatchObject({ telefon: '040 123456', mobil: '0171 2345678', familienstand: 'VERHEIRATET' })
})

test('several addresses: the Versicherungsnehmer is the one with 01, others are handed over without a role; Berufe by number', async () => {
  const adresse = (name: string, Adresskennzeichen: string | null, nr: number) => [
    satz('0100.1', KOPF, { ...person, Name1: name, Adresskennzeichen }),
    satz('0100.2', KOPF, { LfdPersonenNrimGeVo: nr }),
  ]
  const beruf = (nr: number, text: string) => satz('0102.1', KOPF, { LfdPersonenNrImGeVo: nr, BerufTextBeruflicheStellung: text })
  const police = satz('0200.1', KOPF, vertrag)
  const { personen, vertraege } = await liesGdv(
    datei(paket([...adresse('Zahler', '05', 1), ...adresse('Nehmer', '01', 2), beruf(1, 'Bank'), beruf(2, 'Tischler'), police])),
  )
  expect(personen).toMatchObject([
    { name: 'Zahler', rolle: 'SONSTIGE', beruf: null },
    { name: 'Nehmer', rolle: 'VN', beruf: 'Tischler' },
  ])
  expect(vertraege[0]!.person).toBe(personen[1]!.nr)
  const ohne = await liesGdv(datei(paket([...adresse('Zahler', '05', 1), police])))
  expect([ohne.vertraege[0]!.person, ohne.befunde[0]!.text]).toEqual([
    null,
    'Zu diesem Vertrag fehlt die Adresse des Versicherungsnehmers (Satzart 0100).',
  ])
  const schweigt = await liesGdv(datei(paket([...adresse('Nehmer', null, 1), police])))
  expect(schweigt.vertraege[0]!.person).toBe(schweigt.personen[0]!.nr)
})

test('the same contract twice in one package: each state with its own address', async () => {
  const stand = (ort: string, status: string) => [
    satz('0100.1', KOPF, { ...person, Ort: ort }),
    satz('0200.1', KOPF, { ...vertrag, Vertragsstatus: status }),
  ]
  const andere = { ...KOPF, vsnr: 'X1' }
  for (const dazwischen of [[], [satz('0100.1', andere, person), satz('0200.1', andere, vertrag)]]) {
    const { personen, vertraege } = await liesGdv(datei(paket([...stand('Bremen', '1'), ...dazwischen, ...stand('Köln', '4')])))
    const hv = vertraege.filter(({ vsnr }) => vsnr === 'HV-4711')
    expect(hv.map(({ status, person: nr }) => [status, personen.find((p) => p.nr === nr)!.ort])).toEqual([
      ['AKTIV', 'Bremen'],
      ['STORNIERT', 'Köln'],
    ])
  }
})

test('control totals: number of records, premiums, collection, claims', async () => {
  const saetze = [
    satz('0100.1', KOPF, person),
    satz('0200.1', KOPF, vertrag),
    satz('0400.1', KOPF, { GesbeitragBruttoInWE: 5_000, Vorzeichen4: '-', GesProvisionsbetragInWE: 300 }),
    satz('0500.1', KOPF, { SchadenNrVu: 'S1', BetragInWEGemaessZahlungsart: 70_000, SchadenbearbeitungskostInWE: 1_000 }),
  ]
  const alle = {
    Gesbeitrag: 8990,
    GesbeitragBruttoInkasso: 5_000,
    Vorzeichen: '-',
    GesprovisionsBetrag: 300,
    Verssleistungen: 70_000,
    Schadenbearbeitungskost: 1_000,
  }
  const lies = (anzahl: number, summen: Record<string, number | string>) =>
    liesGdv(datei([vorsatz('5342', '2026-11-01'), ...saetze, nachsatz(anzahl, summen)]))
  expect((await lies(4, alle)).pakete[0]!.summenStimmen).toBe(true)
  expect((await lies(0, {})).pakete[0]!.summenStimmen).toBeNull()
  for (const [feld, wert] of Object.entries({ ...alle, Gesbeitrag: 8991 })) {
    if (feld === 'Vorzeichen') continue
    const { pakete, befunde } = await lies(4, { ...alle, [feld]: Number(wert) + 1 })
    expect([feld, pakete[0]!.summenStimmen, befunde.length]).toEqual([feld, false, 1])
  }
  const { befunde } = await lies(5, alle)
  expect(befunde).toEqual([{ paket: 1, zeile: 6, byte: 5, feld: 'Anzahl der Sätze', text: 'Der Nachsatz nennt 5 Sätze, im Paket sind 4.' }])
})

test('a version of a record newer than ours is a finding, once, where such records come', async () => {
  const saetze = [satz('0100.1', KOPF, person), satz('0200.1', KOPF, vertrag), satz('0200.1', { ...KOPF, vsnr: 'X2' }, vertrag)]
  const lies = (fassungen: Record<string, string>) => liesGdv(datei([vorsatz('5342', '2026-11-01', fassungen), ...saetze, nachsatz(saetze.length)]))
  const { befunde } = await lies({ Satzart0200: '9.9', Satzart0210050: '9.9', Satzart0100: '1.0' })
  expect(befunde.filter(({ byte }) => byte !== null)).toEqual([
    {
      paket: 1,
      zeile: 1,
      byte: 102,
      feld: 'Satzart 0200',
      text: 'Die Fassung 9.9 ist neuer als die gelesene (2.5); einzelne Felder können falsch sein.',
    },
  ])
})
