import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, antwort, sqlOf } from '../test/support/gevo.ts'
import gevo from './werbeeinwilligung-fehlt.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const TREFFER: Lage = {}
const GEFRAGT = { ergebnis: 'HINWEIS_GEGEBEN', dokumentiert_am: '2026-01-15T10:00:00Z' } as const

describe('trifft zu', () => {
  test.each<[string, Lage]>([
    ['none', TREFFER],
    ['with a contract', { vertraege: [{}] }],
    ['asked twelve months and a day ago', { dokumentiert: [{ ...GEFRAGT, dokumentiert_am: '2025-11-22T10:00:00Z' }] }],
    ['asked about something else', { dokumentiert: [{ ...GEFRAGT, gevo: 'G01' }] }],
    ['wrong contact data: nobody was asked', { dokumentiert: [{ ...GEFRAGT, ergebnis: 'KONTAKTDATEN_FALSCH' }] }],
    ['only for SMS', { ...TREFFER, einwilligungen: [{ kanal: 'SMS' }] }],
    ['revoked long ago', { ...TREFFER, einwilligungen: [{ widerrufen_am: '2025-01-01' }] }],
    ['given for tomorrow', { ...TREFFER, einwilligungen: [{ erteilt_am: '2026-11-24' }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft zu'))
})

describe('trifft nicht zu', () => {
  test.each<[string, Lage]>([
    ['by e-mail', { ...TREFFER, einwilligungen: [{ kanal: 'EMAIL' }] }],
    ['by telephone', { ...TREFFER, einwilligungen: [{ kanal: 'TELEFON' }] }],
    ['revoked for e-mail, still there for the telephone', { ...TREFFER, einwilligungen: [{ widerrufen_am: '2025-01-01' }, { kanal: 'TELEFON' }] }],
    ['revoked half a year ago: not asked again so soon', { ...TREFFER, einwilligungen: [{ widerrufen_am: '2026-05-01' }] }],
    ['asked in January', { dokumentiert: [GEFRAGT] }],
    ['revoked exactly twelve months ago', { einwilligungen: [{ widerrufen_am: '2025-11-23' }] }],
    ['a firm', { ...TREFFER, kunde: { art: 'FIRMA' } }],
    ['who objects to advertising', { ...TREFFER, kunde: { werbewiderspruch_am: '2026-01-01' } }],
    ['who has died', { ...TREFFER, kunde: { ...TREFFER.kunde, verstorben_am: '2026-01-01' } }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft nicht zu'))
})

test('its SQL', () => expect(sqlOf(database, gevo, STICHTAG)).toMatchSnapshot())
