import { expect, test } from 'vitest'
import { alterText, datum, geld, mehrzahl, nameListe, nameVoll, tag, telefonLink, uhrzeit, zahl, zahlBis, zeitpunkt } from './format.ts'

test('dates are short with their weekday, and get a year where it is another one', () => {
  expect(tag('2026-11-23')).toBe('Mo 23.11.')
  expect(tag('2026-12-31', '2026-11-23')).toBe('Do 31.12.')
  expect(tag('2027-02-03', '2026-11-23')).toBe('Mi 03.02.2027')
  expect([datum('2026-11-23'), datum(null)]).toEqual(['23.11.2026', ''])
})

test('moments are told in Berlin time, near ones by word, on both sides of midnight and of summer time', () => {
  expect(uhrzeit('2026-11-23T03:12:00Z')).toBe('04:12 Uhr')
  expect(uhrzeit('2026-07-01T03:12:00Z')).toBe('05:12 Uhr')
  expect(zeitpunkt('2026-11-22T23:30:00Z', '2026-11-23')).toBe('heute, 00:30 Uhr')
  expect(zeitpunkt('2026-11-22T22:30:00Z', '2026-11-23')).toBe('gestern, 23:30 Uhr')
  expect(zeitpunkt('2026-11-24T09:00:00Z', '2026-11-23')).toBe('morgen, 10:00 Uhr')
  expect(zeitpunkt('2026-11-20T09:00:00Z', '2026-11-23')).toBe('Fr 20.11., 10:00 Uhr')
})

test('money, numbers and plurals read as German', () => {
  expect([geld(123456), geld(0), geld(-5), geld(null)]).toEqual(['1.234,56\u00a0€', '0,00\u00a0€', '-0,05\u00a0€', ''])
  expect([zahlBis(9_999, 10_000), zahlBis(10_000, 10_000), zahlBis(12_345, 10_000)]).toEqual(['9.999', '10.000+', '10.000+'])
  expect([zahl(1045), mehrzahl(1, 'Fall', 'Fälle'), mehrzahl(1045, 'Fall', 'Fälle'), mehrzahl(0, 'Vertrag', 'Verträge', 'kein Vertrag')]).toEqual([
    '1.045',
    '1 Fall',
    '1.045 Fälle',
    'kein Vertrag',
  ])
  expect([alterText('1995-03-14', '2026-11-23'), alterText(null, '2026-11-23')]).toEqual(['31 Jahre', ''])
})

test.each([
  ['040 1234567', 'tel:+49401234567'],
  ['+49 (0)40 / 123-45 67', 'tel:+49401234567'],
  ['0049 40 1234567', 'tel:+49401234567'],
  ['+43 1 5877300', 'tel:+4315877300'],
  ['0171/2345678', 'tel:+491712345678'],
])('%s dials %s', (nummer, link) => expect(telefonLink(nummer)).toBe(link))

test('names stand as sorted in lists and as spoken elsewhere', () => {
  const marie = { titel: 'Dr.', vorname: 'Marie', name: 'Hoffmann' }
  expect([nameListe(marie), nameVoll(marie), nameListe({ name: 'Bäckerei Öz GmbH', vorname: null })]).toEqual([
    'Hoffmann, Dr. Marie',
    'Dr. Marie Hoffmann',
    'Bäckerei Öz GmbH',
  ])
})
