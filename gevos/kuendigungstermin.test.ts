import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, antwort, frage, sqlOf } from '../test/support/gevo.ts'
import gevo from './kuendigungstermin.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const HAUSRAT = { sparte: 'HAUSRAT', beginn: '2018-01-01', hauptfaelligkeit: '2027-03-01' } as const
const NEU = { ...HAUSRAT, beginn: '2026-03-01' } as const
const TREFFER: Lage = { vertraege: [HAUSRAT] }

describe('trifft zu', () => {
  test.each<[string, Lage]>([
    ['not looked through for years', TREFFER],
    ['the notice must be there today', { vertraege: [{ ...HAUSRAT, hauptfaelligkeit: '2027-02-24' }] }],
    ['on the sixtieth day', { vertraege: [{ ...HAUSRAT, hauptfaelligkeit: '2027-04-23' }] }],
    ['one month’s notice', { vertraege: [{ ...HAUSRAT, hauptfaelligkeit: '2027-01-15', kuendigungsfrist_monate: 1 }] }],
    [
      'new, but ten per cent dearer',
      { vertraege: [{ ...NEU, beitrag_cent: 11000, merkmale: { beitragVorherCent: 10000, beitragGeaendertAm: '2026-08-01' } }] },
    ],
    ['looked through 24 months and a day ago', { vertraege: [{ ...HAUSRAT, merkmale: { geprueftAm: '2024-11-22' } }] }],
    ['Kfz due in summer has one month', { stichtag: '2026-05-01', vertraege: [{ ...HAUSRAT, sparte: 'KFZ', hauptfaelligkeit: '2026-07-01' }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft zu'))
})

describe('trifft nicht zu', () => {
  test.each<[string, Lage]>([
    ['a day too late', { vertraege: [{ ...HAUSRAT, hauptfaelligkeit: '2027-02-23' }] }],
    ['a day too early', { vertraege: [{ ...HAUSRAT, hauptfaelligkeit: '2027-04-25' }] }],
    ['Kfz of 1 January has its season', { vertraege: [{ ...HAUSRAT, sparte: 'KFZ', hauptfaelligkeit: '2027-01-01' }] }],
    ['life insurance', { vertraege: [{ ...HAUSRAT, sparte: 'LV', verlaengert_sich: 'JA' }] }],
    ['it does not renew', { vertraege: [{ ...HAUSRAT, verlaengert_sich: 'NEIN' }] }],
    [
      'new, nine per cent dearer',
      { vertraege: [{ ...NEU, beitrag_cent: 10900, merkmale: { beitragVorherCent: 10000, beitragGeaendertAm: '2026-08-01' } }] },
    ],
    [
      'dearer, but that was long ago',
      { vertraege: [{ ...NEU, beitrag_cent: 20000, merkmale: { beitragVorherCent: 10000, beitragGeaendertAm: '2025-08-01' } }] },
    ],
    ['looked through exactly 24 months ago', { vertraege: [{ ...HAUSRAT, merkmale: { geprueftAm: '2024-11-23' } }] }],
    ['free of premiums before', { vertraege: [{ ...NEU, beitrag_cent: 100, merkmale: { beitragVorherCent: 0, beitragGeaendertAm: '2026-08-01' } }] }],
    ['Krankenversicherung', { vertraege: [{ ...HAUSRAT, sparte: 'KV_VOLL' }] }],
    ['looked through a year ago', { vertraege: [{ ...HAUSRAT, merkmale: { geprueftAm: '2025-11-22' } }] }],
    ['who has died', { ...TREFFER, kunde: { ...TREFFER.kunde, verstorben_am: '2026-01-01' } }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft nicht zu'))
})

describe('unbekannt', () => {
  test.each<[string, Lage]>([
    ['the office began with this system this year', { ...TREFFER, beginn: '2026-01-01' }],
    ['the due date', { vertraege: [{ ...HAUSRAT, hauptfaelligkeit: null }] }],
    ['whether it renews', { vertraege: [{ ...HAUSRAT, sparte: 'TRANSPORT' }] }],
    ['the status', { vertraege: [{ ...HAUSRAT, status: 'UNBEKANNT' }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('unbekannt'))
})

test('a due date of 1 January and three months: arrival by 30 September', async () => {
  const [treffer] = await frage(database, gevo, '2026-09-01', { vertraege: [{ ...HAUSRAT, hauptfaelligkeit: '2020-01-01' }] })
  expect(treffer).toMatchObject({ frist: '2026-09-30', befund: { hauptfaelligkeit: '2027-01-01', absenden: '2026-09-23', fristAngenommen: true } })
})

test('its SQL', () => expect(sqlOf(database, gevo, STICHTAG)).toMatchSnapshot())
