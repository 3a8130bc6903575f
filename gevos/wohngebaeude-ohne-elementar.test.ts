import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, antwort, sqlOf } from '../test/support/gevo.ts'
import gevo from './wohngebaeude-ohne-elementar.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const HAUS = { sparte: 'WOHNGEBAEUDE', sparte_gdv: '140', merkmale: { elementar: 'NEIN' } } as const
const TREFFER: Lage = { vertraege: [HAUS] }

describe('trifft zu', () => {
  test.each<[string, Lage]>([
    ['not included', TREFFER],
    ['a foreign contract', { vertraege: [{ ...HAUS, bestandsart: 'FREMD' }] }],
    ['a firm’s building', { kunde: { art: 'FIRMA', geburtsdatum: null }, vertraege: [HAUS] }],
    ['paused', { vertraege: [{ ...HAUS, status: 'RUHEND' }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft zu'))
})

describe('trifft nicht zu', () => {
  test.each<[string, Lage]>([
    ['included', { vertraege: [{ ...HAUS, merkmale: { elementar: 'JA' } }] }],
    ['cancelled', { vertraege: [{ ...HAUS, status: 'STORNIERT' }] }],
    ['Hausrat', { vertraege: [{ ...HAUS, sparte: 'HAUSRAT' }] }],
    ['who objects to advertising', { ...TREFFER, kunde: { werbewiderspruch_am: '2026-01-01' } }],
    ['who has died', { ...TREFFER, kunde: { ...TREFFER.kunde, verstorben_am: '2026-01-01' } }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft nicht zu'))
})

describe('unbekannt', () => {
  test.each<[string, Lage]>([
    ['whether it is included', { vertraege: [{ sparte: 'WOHNGEBAEUDE' }] }],
    ['whether the contract exists', { vertraege: [{ ...HAUS, status: 'UNBEKANNT' }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('unbekannt'))
})

test('its SQL', () => expect(sqlOf(database, gevo, STICHTAG)).toMatchSnapshot())
