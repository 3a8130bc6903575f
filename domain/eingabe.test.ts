import { expect, test } from 'vitest'
import { readBetrag, readEmail, readTag, readTelefon, readWahl } from './eingabe.ts'

const HEUTE = '2026-11-23'

test.each([
  ['23.11.2026', '2026-11-23'],
  ['23.11.26', '2026-11-23'],
  ['3.1.27', '2027-01-03'],
  ['23.11.', '2026-11-23'],
  ['1.3', '2026-03-01'],
  ['23/11/2026', '2026-11-23'],
  ['23 11 2026', '2026-11-23'],
  ['23. 11. 2026', '2026-11-23'],
  ['231126', '2026-11-23'],
  ['23112026', '2026-11-23'],
  ['2026-11-23', '2026-11-23'],
  ['  1.7.98 ', '1998-07-01'],
  ['31.12.60', '2060-12-31'],
  ['29.02.2028', '2028-02-29'],
  ['', null],
])('the date %j is read as %j', (text, wert) => {
  expect(readTag(text, HEUTE)).toEqual({ ok: true, wert })
})

test('a birthday with two digits is always past', () => {
  expect(readTag('1.1.27', HEUTE, 'VERGANGEN')).toEqual({ ok: true, wert: '1927-01-01' })
  expect(readTag('1.1.26', HEUTE, 'VERGANGEN')).toEqual({ ok: true, wert: '2026-01-01' })
})

test('a date that does not exist says so, anything else shows how it looks right', () => {
  expect(readTag('31.02.2027', HEUTE)).toEqual({ ok: false, fehler: 'Das Datum 31.02.2027 gibt es nicht.' })
  expect(readTag('29.2.27', HEUTE)).toEqual({ ok: false, fehler: 'Das Datum 29.02.2027 gibt es nicht.' })
  expect(readTag('bald', HEUTE)).toEqual({ ok: false, fehler: '„bald“ ist kein Datum. Richtig ist zum Beispiel 23.11.2026.' })
  expect(readTag('01.01.0001', HEUTE)).toMatchObject({ ok: false })
})

test.each([
  ['1.234,56', 123456],
  ['1234,5', 123450],
  ['1234.56 €', 123456],
  ['1 234,56 EUR', 123456],
  ['1.234', 123400],
  ['1.234.567,89', 123456789],
  ['1,234.56', 123456],
  ['0', 0],
  ['96,40', 9640],
  ['500,-', 50000],
  ['12.5', 1250],
  ['', null],
])('the amount %j is %j cents', (text, wert) => {
  expect(readBetrag(text)).toEqual({ ok: true, wert })
})

test.each(['zwölf', '1,234', '-5', '1.23.4', '12,345,6', '1.2345'])('the amount %j is refused with an example', (text) => {
  expect(readBetrag(text)).toEqual({ ok: false, fehler: `„${text}“ ist kein Betrag. Richtig ist zum Beispiel 1.234,56.` })
})

test('a phone number stays as typed, a word is none', () => {
  expect(readTelefon(' 040  / 123-45 67 ')).toEqual({ ok: true, wert: '040 / 123-45 67' })
  expect(readTelefon('+49 (0)40 1234567')).toMatchObject({ ok: true })
  expect(readTelefon('bitte anrufen')).toMatchObject({ ok: false })
  expect(readTelefon('123')).toMatchObject({ ok: false })
})

test('an e-mail address keeps its name and folds its domain', () => {
  expect(readEmail('Elif.Celik@Kunde.Example')).toEqual({ ok: true, wert: 'Elif.Celik@kunde.example' })
  for (const text of ['elif', 'elif@kunde', 'elif@@kunde.de', 'a b@kunde.de', 'a@b.de, c@d.de']) expect(readEmail(text)).toMatchObject({ ok: false })
})

test('a code that is not on the list is refused', () => {
  expect(readWahl('A', ['A', 'B'])).toEqual({ ok: true, wert: 'A' })
  expect(readWahl('', ['A'])).toEqual({ ok: true, wert: null })
  expect(readWahl('C', ['A', 'B'])).toMatchObject({ ok: false })
})
