import { expect, test } from 'vitest'
import { readKunde } from './kunde.ts'
import { jahresbeitrag, readVertrag, verlaengertSich } from './vertrag.ts'

const HEUTE = '2026-11-23'
const fehler = (gelesen: ReturnType<typeof readKunde> | ReturnType<typeof readVertrag>) => (gelesen.ok ? {} : gelesen.fehler)

test('a person is read as typed, a company has neither birthday nor family', () => {
  const person = readKunde(
    { art: 'NATUERLICH', name: ' Çelik ', vorname: 'Elif', geburtsdatum: '14.3.95', plz: '20095', familienstand: 'LEDIG' },
    HEUTE,
  )
  expect(person).toMatchObject({ ok: true, werte: { name: 'Çelik', geburtsdatum: '1995-03-14', anrede: null, status: 'AKTIV', email: null } })
  const firma = readKunde(
    { art: 'FIRMA', name: 'Tischlerei Groß', vorname: 'x', geburtsdatum: '1.1.1990', familienstand: 'LEDIG', anrede: 'HERR' },
    HEUTE,
  )
  expect(firma).toMatchObject({ ok: true, werte: { anrede: 'FIRMA', vorname: null, geburtsdatum: null, familienstand: null } })
})

test('all errors of a form are told at once, each with what is wrong', () => {
  expect(
    fehler(
      readKunde({ art: 'NATUERLICH', name: '', geburtsdatum: '31.2.1990', plz: '123', email: 'x', telefon: 'abc', verstorben_am: '1.1.2027' }, HEUTE),
    ),
  ).toEqual({
    name: 'Der Nachname fehlt.',
    geburtsdatum: 'Das Datum 31.02.1990 gibt es nicht.',
    plz: '„123“ ist keine deutsche Postleitzahl. Richtig sind fünf Ziffern, zum Beispiel 20095.',
    email: '„x“ ist keine E-Mail-Adresse. Richtig ist zum Beispiel name@beispiel.de.',
    telefon: '„abc“ ist keine Telefonnummer. Richtig ist zum Beispiel 040 1234567 oder +49 40 1234567.',
    verstorben_am: 'Das Datum 01.01.2027 liegt in der Zukunft.',
  })
  expect(fehler(readKunde({ art: 'NATUERLICH', name: 'Moser', plz: '1010', land: 'Österreich' }, HEUTE))).toEqual({})
})

test.each(['', 'D', 'de', 'Deutschland'])('the country “%s” is Germany, which needs no name', (land) => {
  expect(readKunde({ art: 'NATUERLICH', name: 'Moser', plz: '20095', land }, HEUTE)).toMatchObject({ ok: true, werte: { land: null } })
})

test('a contract needs Sparte, insurer and whether it is ours; an amount needs its rhythm', () => {
  expect(Object.keys(fehler(readVertrag({}, HEUTE)))).toEqual(['sparte', 'bestandsart', 'vu_nummer'])
  const gut = { sparte: 'HAUSRAT', bestandsart: 'EIGEN', vu_nummer: '5342' }
  expect(fehler(readVertrag({ ...gut, beitrag: '96,40' }, HEUTE))).toEqual({
    zahlungsweise: 'Bitte wählen Sie, wie oft dieser Beitrag gezahlt wird.',
  })
  expect(fehler(readVertrag({ ...gut, beginn: '1.1.27', ablauf: '1.1.26' }, HEUTE))).toEqual({ ablauf: 'Der Ablauf liegt vor dem Beginn.' })
  expect(fehler(readVertrag({ ...gut, vu_nummer: 'NEU', vu_neu: 'Allianz' }, HEUTE))).toHaveProperty('vu_neu')
  expect(readVertrag({ ...gut, beitrag: '1.234,5', zahlungsweise: 'MONATLICH', versicherte_person: '17' }, HEUTE)).toMatchObject({
    ok: true,
    werte: { beitrag_cent: 123450, versicherte_person_id: 17, verlaengert_sich: null },
  })
})

test('a year costs the instalments of a year; a single premium nothing, an unknown rhythm is unknown', () => {
  expect(jahresbeitrag({ beitrag_cent: 1000, zahlungsweise: 'VIERTELJAEHRLICH' })).toBe(4000)
  expect(jahresbeitrag({ beitrag_cent: 100000, zahlungsweise: 'EINMALIG' })).toBe(0)
  expect(jahresbeitrag({ beitrag_cent: 1000, zahlungsweise: null })).toBe(null)
  expect(jahresbeitrag({ beitrag_cent: null, zahlungsweise: 'BEITRAGSFREI' })).toBe(0)
})

test('what a person recorded goes before the default of the Sparte, which is only assumed', () => {
  expect(verlaengertSich({ sparte: 'HAUSRAT', verlaengert_sich: null })).toEqual({ antwort: 'JA', angenommen: true })
  expect(verlaengertSich({ sparte: 'HAUSRAT', verlaengert_sich: 'NEIN' })).toEqual({ antwort: 'NEIN', angenommen: false })
  expect(verlaengertSich({ sparte: 'TRANSPORT', verlaengert_sich: null })).toEqual({ antwort: null, angenommen: false })
})
