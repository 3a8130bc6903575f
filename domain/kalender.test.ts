import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { ZONE, alter, berlinInstant, berlinTag, berlinZeit } from './kalender.ts'

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

test('the wall time is that of the time zone, asked in whatever order, around the changes of the clock too', () => {
  const rund = fc.constantFrom('2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '1996-10-27T01:00:00Z').map((i) => Date.parse(i))
  const nah = fc.tuple(rund, fc.integer({ min: -7_200_000, max: 7_200_000 })).map(([ms, d]) => new Date(ms + d))
  const instant = fc
    .oneof(nah, fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }))
    .map((d) => d.toISOString())
  fc.assert(
    fc.property(instant, (i) => {
      expect(berlinZeit(i)).toBe(
        Temporal.Instant.from(i).toZonedDateTimeISO(ZONE).toPlainDateTime().toString({ smallestUnit: 'second', roundingMode: 'trunc' }),
      )
    }),
    { numRuns: 2_000 },
  )
  expect(() => berlinZeit('gestern')).toThrow(RangeError)
})

test('a wall time becomes an instant, in the hour summer time skips the later one', () => {
  expect(berlinInstant('2026-12-01', '09:00')).toBe('2026-12-01T08:00:00.000Z')
  expect(berlinInstant('2026-03-29', '02:30')).toBe('2026-03-29T01:30:00.000Z')
})
