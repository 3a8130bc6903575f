import { expect, test } from 'vitest'
import { alter, berlinInstant, berlinTag } from './kalender.ts'

test.each([
  ['2008-11-23', '2026-11-22', 17],
  ['2008-11-23', '2026-11-23', 18],
  ['2000-02-29', '2018-02-28', 17],
  ['2000-02-29', '2018-03-01', 18],
  ['2000-02-29', '2020-02-29', 20],
])('who was born on %s is on %s %i years old', (geburtsdatum, tag, jahre) => {
  expect(alter(geburtsdatum, tag)).toBe(jahre)
})

test('the Berlin day begins at 22:00 UTC in summer and 23:00 UTC in winter', () => {
  expect([berlinTag('2026-07-01T21:59:59Z'), berlinTag('2026-07-01T22:00:00Z')]).toEqual(['2026-07-01', '2026-07-02'])
  expect([berlinTag('2026-12-01T22:59:59Z'), berlinTag('2026-12-01T23:00:00Z')]).toEqual(['2026-12-01', '2026-12-02'])
})

test('a wall time becomes an instant, in the hour summer time skips the later one', () => {
  expect(berlinInstant('2026-12-01', '09:00')).toBe('2026-12-01T08:00:00.000Z')
  expect(berlinInstant('2026-03-29', '02:30')).toBe('2026-03-29T01:30:00.000Z')
})
