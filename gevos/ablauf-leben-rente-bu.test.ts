import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, antwort, sqlOf } from '../test/support/gevo.ts'
import gevo from './ablauf-leben-rente-bu.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const LV = { sparte: 'LV', sparte_gdv: '010', ablauf: '2027-06-01' } as const
const TREFFER: Lage = { vertraege: [LV] }

describe('trifft zu', () => {
  test.each<[string, Lage]>([
    ['a life insurance in half a year', TREFFER],
    ['it ends today', { vertraege: [{ ...LV, ablauf: '2026-11-23' }] }],
    ['the last day of the window', { vertraege: [{ ...LV, ablauf: '2027-11-23' }] }],
    ['a pension', { vertraege: [{ ...LV, sparte: 'RV' }] }],
    ['a foreign BU', { vertraege: [{ ...LV, sparte: 'BU', bestandsart: 'FREMD' }] }],
    ['also one that goes on: its Ablauf is a day of decision', { vertraege: [{ ...LV, verlaengert_sich: 'JA' }] }],
    ['Risikoleben', { vertraege: [{ ...LV, sparte: 'RLV' }] }],
    ['paid up', { vertraege: [{ ...LV, status: 'BEITRAGSFREI' }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft zu'))
})

describe('trifft nicht zu', () => {
  test.each<[string, Lage]>([
    ['a day too far', { vertraege: [{ ...LV, ablauf: '2027-11-24' }] }],
    ['it ended yesterday', { vertraege: [{ ...LV, ablauf: '2026-11-22' }] }],
    ['Hausrat is not meant', { vertraege: [{ ...LV, sparte: 'HAUSRAT' }] }],
    ['it left early', { vertraege: [{ ...LV, abgang_am: '2026-11-23' }] }],
    ['not begun', { vertraege: [{ ...LV, beginn: '2026-11-24' }] }],
    ['cancelled', { vertraege: [{ ...LV, status: 'STORNIERT' }] }],
    ['who has died', { ...TREFFER, kunde: { ...TREFFER.kunde, verstorben_am: '2026-01-01' } }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft nicht zu'))
})

describe('unbekannt', () => {
  test.each<[string, Lage]>([
    ['the end', { vertraege: [{ ...LV, ablauf: null }] }],
    ['the status', { vertraege: [{ ...LV, status: 'UNBEKANNT' }] }],
    ['the beginning', { vertraege: [{ ...LV, beginn: null }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('unbekannt'))
})

test('its SQL', () => expect(sqlOf(database, gevo, STICHTAG)).toMatchSnapshot())
