import { expect, test } from 'vitest'
import { absendenBis } from './fristen.ts'

test.each([
  // Monday; the week before has no holiday anywhere.
  ['2026-11-30', 'HH', '2026-11-23'],
  // Buß- und Bettag (18.11.2026) is a holiday in Sachsen only.
  ['2026-11-23', 'HH', '2026-11-16'],
  ['2026-11-23', 'SN', '2026-11-13'],
  // Over Christmas, New Year and a weekend: 25., 26. and 1. do not count.
  ['2027-01-04', 'NW', '2026-12-24'],
  // A Sunday is not moved: counted from the day itself.
  ['2026-09-13', 'BY', '2026-09-07'],
])('what must arrive on %s in %s is sent by %s', (zugang, land, bis) => expect(absendenBis(zugang, land)).toBe(bis))
