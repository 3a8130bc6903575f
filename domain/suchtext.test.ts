import { expect, test } from 'vitest'
import { falte, telefonZiffern, toSuchtext } from './suchtext.ts'

test.each(['Müller', 'Mueller', 'MULLER', 'müller', 'MÜLLER', 'Mu\u0308ller'])('%s is the same name', (name) => {
  expect(falte(name)).toEqual(['muller'])
})

test('Straße is Strasse, Çelik is Celik, Øde is Ode', () => {
  expect(falte('Straße')).toEqual(falte('STRASSE'))
  expect(falte('Çelik-Yılmaz')).toEqual(['celik', 'yilmaz'])
  expect(falte('Øde')).toEqual(falte('Ode'))
})

test('the beginning of a name finds the name, wherever it is cut', () => {
  for (const name of ['Mueller', 'Müller', 'Bauer', 'Schröder', 'Goebel', 'Queens'])
    for (let n = 1; n <= name.length; n++) expect(falte(name)[0]!.startsWith(falte(name.slice(0, n))[0]!)).toBe(true)
})

test('a customer is stored with name, number, place, address and phone', () => {
  const kunde = { nummer: 'K-004711', vorname: 'Elif', name: 'Çelik', ort: 'Köln', email: 'elif@kunde.example', telefon: '+49 (0)40 / 123-45 67' }
  expect(toSuchtext(kunde)).toBe(' k004711 elif celik koln elif kunde example 0401234567')
})

test('a phone number is found however it is written', () => {
  for (const text of ['040 1234567', '+49 40 1234567', '0049 (0)40/1234567', '(040) 12-345-67']) expect(telefonZiffern(text)).toBe('0401234567')
})
