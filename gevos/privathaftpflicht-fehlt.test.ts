import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, antwort, frage, sqlOf } from '../test/support/gevo.ts'
import gevo from './privathaftpflicht-fehlt.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const TREFFER: Lage = {}
const PHV = { sparte: 'PHV', sparte_gdv: '040' } as const

describe('trifft zu', () => {
  test.each<[string, Lage]>([
    ['nothing at all', TREFFER],
    ['18 today', { kunde: { geburtsdatum: '2008-11-23' } }],
    ['only other contracts', { vertraege: [{ sparte: 'HAUSRAT' }, { sparte: 'THV' }] }],
    ['the PHV was cancelled', { vertraege: [{ ...PHV, status: 'STORNIERT' }] }],
    ['the PHV begins tomorrow', { vertraege: [{ ...PHV, beginn: '2026-11-24' }] }],
    [
      'the partner’s PHV is for singles',
      { haushalt: [{ person: { geburtsdatum: '1990-01-01' }, vertraege: [{ ...PHV, merkmale: { familie: 'NEIN' } }] }] },
    ],
    ['the household has none: one Fall for both', { haushalt: [{ person: { geburtsdatum: '1990-01-01' } }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft zu'))
})

describe('trifft nicht zu', () => {
  test.each<[string, Lage]>([
    ['17, 18 tomorrow', { kunde: { geburtsdatum: '2008-11-24' } }],
    ['a firm', { kunde: { art: 'FIRMA', geburtsdatum: null } }],
    ['an own PHV', { vertraege: [PHV] }],
    ['a foreign PHV', { vertraege: [{ ...PHV, bestandsart: 'FREMD' }] }],
    [
      'covered by the partner’s family contract',
      { haushalt: [{ person: { geburtsdatum: '1990-01-01' }, vertraege: [{ ...PHV, merkmale: { familie: 'JA' } }] }] },
    ],
    [
      'named as insured in the partner’s contract',
      { haushalt: [{ person: { geburtsdatum: '1990-01-01' }, vertraege: [{ ...PHV, versichert: 'KUNDE', merkmale: { familie: 'NEIN' } }] }] },
    ],
    [
      'covered by the contract of one who may not be written to',
      {
        haushalt: [
          { person: { geburtsdatum: '1990-01-01', werbewiderspruch_am: '2026-01-01' }, vertraege: [{ ...PHV, merkmale: { familie: 'JA' } }] },
        ],
      },
    ],
    ['who has died', { ...TREFFER, kunde: { ...TREFFER.kunde, verstorben_am: '2026-01-01' } }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft nicht zu'))
})

describe('unbekannt', () => {
  test.each<[string, Lage]>([
    ['the birthday is unknown', { kunde: { geburtsdatum: null } }],
    ['whether the partner’s PHV covers the family', { haushalt: [{ person: { geburtsdatum: '1990-01-01' }, vertraege: [PHV] }] }],
    ['a Haftpflicht of unknown kind', { vertraege: [{ sparte: 'HAFTPFLICHT' }] }],
    ['the status of the PHV', { vertraege: [{ ...PHV, status: 'UNBEKANNT' }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('unbekannt'))
})

test('a household is one Fall, carried by its eldest adult', async () => {
  const treffer = await frage(database, gevo, STICHTAG, {
    kunde: { geburtsdatum: '1992-05-05' },
    haushalt: [{ person: { geburtsdatum: '1990-01-01' } }, { person: { geburtsdatum: '2015-01-01' } }],
  })
  expect(treffer).toHaveLength(1)
  expect(treffer[0]).toMatchObject({ lage: 'TRIFFT', befund: { geburtsdatum: '1990-01-01', haushalt: true } })
  expect(treffer[0]!.schluessel).toMatch(/^h\d+$/)
})

test('its SQL', () => expect(sqlOf(database, gevo, STICHTAG)).toMatchSnapshot())
