import { expect, test } from 'vitest'
import { falte, suchtext, suchworte, telefonZiffern } from './suchtext.ts'

test.each(['Müller', 'Mueller', 'MULLER', 'müller', 'MÜLLER', 'Mu\u0308ller'])('%s is the same name for the search', (name) => {
  expect(suchworte(name)).toEqual(['muller'])
})

test('the beginning of a name finds the name, wherever it is cut', () => {
  for (const name of ['Mueller', 'Müller', 'Bauer', 'Schröder', 'Goebel', 'Queens', 'Ærø'])
    for (let n = 1; n <= name.length; n++) expect(suchworte(name)[0]!.startsWith(suchworte(name.slice(0, n))[0]!)).toBe(true)
})

test('a customer is stored with name, number, place, address and phone', () => {
  const kunde = { nummer: 'K-004711', vorname: 'Elif', name: 'Çelik', ort: 'Köln', email: 'elif@kunde.example', telefon: '+49 (0)40 / 123-45 67' }
  expect(suchtext(kunde)).toBe(' k004711 elif celik koln elif kunde example 0401234567')
  expect(suchtext({ nummer: 'K-000001', name: 'Müller-Groß', vorname: 'Jörg' })).toBe(' k000001 jorg muller gross')
})

test('a phone number is found however it is written', () => {
  for (const text of ['040 1234567', '+49 40 1234567', '0049 (0)40/1234567', '(040) 12-345-67']) expect(telefonZiffern(text)).toBe('0401234567')
})

test('two names compare with umlauts written out; foreign letters and marks fall away', () => {
  expect(falte("O'Neill-Łukasz  (geb. Bjørn)")).toBe('oneill lukasz geb bjorn')
  expect(falte('Mu\u0308ller')).toBe('mueller')
})
