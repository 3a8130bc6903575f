import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, antwort, sqlOf } from '../test/support/gevo.ts'
import gevo from './kein-kontakt.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const MIT: Lage = { vertraege: [{}] }
const LANGE_HER = { am: '2025-10-20T10:00:00Z' }
const TREFFER: Lage = { ...MIT, kontakte: [LANGE_HER] }

describe('trifft zu', () => {
  test.each<[string, Lage]>([
    ['spoken to 13 months ago', TREFFER],
    ['never, customer for years', { ...MIT, kunde: { kunde_seit: '2020-01-01' } }],
    ['only a letter since', { ...MIT, kontakte: [LANGE_HER, { am: '2026-10-01T10:00:00Z', kanal: 'BRIEF', ergebnis: 'NACHRICHT_VERSANDT' }] }],
    ['only tried in vain since', { ...MIT, kontakte: [LANGE_HER, { am: '2026-10-01T10:00:00Z', ergebnis: 'NICHT_ERREICHT' }] }],
    ['never, nobody said since when: recorded here two years ago', { ...MIT, kunde: { kunde_seit: null, erstellt_am: '2024-11-01T00:00:00Z' } }],
    ['twelve months and a day ago', { ...MIT, kontakte: [{ am: '2025-11-22T10:00:00Z' }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft zu'))
})

describe('trifft nicht zu', () => {
  test.each<[string, Lage]>([
    ['exactly twelve months ago', { ...MIT, kontakte: [{ am: '2025-11-23T10:00:00Z' }] }],
    [
      'the customer wrote himself',
      { ...MIT, kontakte: [LANGE_HER, { am: '2026-10-01T10:00:00Z', kanal: 'EMAIL', richtung: 'EIN', ergebnis: 'NACHRICHT_VERSANDT' }] },
    ],
    ['a customer of half a year', { ...MIT, kunde: { kunde_seit: '2026-05-01' } }],
    ['only a foreign contract', { vertraege: [{ bestandsart: 'FREMD' }], kontakte: [LANGE_HER] }],
    ['the contract is cancelled', { vertraege: [{ status: 'STORNIERT' }], kontakte: [LANGE_HER] }],
    ['who has died', { ...TREFFER, kunde: { ...TREFFER.kunde, verstorben_am: '2026-01-01' } }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft nicht zu'))
})

describe('unbekannt', () => {
  test.each<[string, Lage]>([
    ['since when he is a customer', { ...MIT, kunde: { kunde_seit: null, erstellt_am: '2026-06-01T00:00:00Z' } }],
    ['the office began with this system in June', { ...TREFFER, beginn: '2026-06-01' }],
    ['whether the contract exists', { vertraege: [{ status: 'UNBEKANNT' }], kontakte: [LANGE_HER] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('unbekannt'))
})

test('its SQL', () => expect(sqlOf(database, gevo, STICHTAG)).toMatchSnapshot())
