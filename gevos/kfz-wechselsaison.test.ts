import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, antwort, frage, sqlOf } from '../test/support/gevo.ts'
import gevo from './kfz-wechselsaison.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const KFZ = { sparte: 'KFZ', sparte_gdv: '050', hauptfaelligkeit: '2027-01-01', ablauf: '2027-01-01' } as const
const TREFFER: Lage = { vertraege: [KFZ] }

describe('trifft zu', () => {
  test.each<[string, Lage]>([
    ['1 January', TREFFER],
    ['stored years ago, rolls on', { vertraege: [{ ...KFZ, hauptfaelligkeit: '2019-01-01' }] }],
    ['a foreign contract', { vertraege: [{ ...KFZ, bestandsart: 'FREMD' }] }],
    ['the first day of the season', { ...TREFFER, stichtag: '2026-10-01' }],
    ['the last day of the season', { ...TREFFER, stichtag: '2026-11-30' }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft zu'))
})

describe('trifft nicht zu', () => {
  test.each<[string, Lage]>([
    ['the day before the season', { ...TREFFER, stichtag: '2026-09-30' }],
    ['the day after', { ...TREFFER, stichtag: '2026-12-01' }],
    ['1 January, but only the year after', { vertraege: [{ ...KFZ, hauptfaelligkeit: '2028-01-01' }] }],
    ['due in summer', { vertraege: [{ ...KFZ, hauptfaelligkeit: '2026-07-01' }] }],
    ['Hausrat', { vertraege: [{ ...KFZ, sparte: 'HAUSRAT' }] }],
    ['cancelled', { vertraege: [{ ...KFZ, status: 'STORNIERT' }] }],
    ['who has died', { ...TREFFER, kunde: { ...TREFFER.kunde, verstorben_am: '2026-01-01' } }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft nicht zu'))
})

describe('unbekannt', () => {
  test.each<[string, Lage]>([
    ['the due date', { vertraege: [{ ...KFZ, hauptfaelligkeit: null }] }],
    ['the status', { vertraege: [{ ...KFZ, status: 'UNBEKANNT' }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('unbekannt'))
})

test('the notice arrives by 30 November and is sent five Werktage before, by the holidays of the Bundesland', async () => {
  const [treffer] = await frage(database, gevo, STICHTAG, TREFFER)
  expect(treffer).toMatchObject({ frist: '2026-11-30', befund: { zugang: '2026-11-30', absenden: '2026-11-23', hauptfaelligkeit: '2027-01-01' } })
  // 30 November 2025 is a Sunday; in Sachsen Buß- und Bettag (19.11.2025) lies before.
  const [sachsen] = await frage(database, gevo, '2025-11-10', { vertraege: [{ ...KFZ, hauptfaelligkeit: '2026-01-01' }], bundesland: 'SN' })
  expect(sachsen).toMatchObject({ befund: { zugang: '2025-11-30', absenden: '2025-11-24' } })
})

test('its SQL', () => expect(sqlOf(database, gevo, STICHTAG)).toMatchSnapshot())
