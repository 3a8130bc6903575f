import { expect, test } from 'vitest'
import { falte, suchtext } from './suchtext.ts'

test('a name with an umlaut is found however it is typed', () => {
  const text = suchtext({ name: 'Müller-Groß', vorname: 'Jörg', ort: 'Köln', nummer: 'K-000123' })
  expect(text).toBe('mueller gross joerg koeln k 000123 muller jorg koln')
  for (const getippt of ['müller', 'Mueller', 'muller', 'GROSS', 'groß', 'köln', 'k-000123']) expect(text).toContain(falte(getippt))
})

test('foreign letters and marks fall away, a name without them stays once', () => {
  expect(suchtext({ name: 'Çelik', vorname: 'Elif', ort: null, nummer: 'K-000001' })).toBe('celik elif k 000001')
  expect(falte("O'Neill-Łukasz  (geb. Bjørn)")).toBe('oneill lukasz geb bjorn')
})

test('umlauts count the same composed and decomposed', () => {
  expect(falte('Mu\u0308ller')).toBe('mueller')
})
