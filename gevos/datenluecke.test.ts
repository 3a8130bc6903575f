import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, antwort, frage, sqlOf } from '../test/support/gevo.ts'
import gevo from './datenluecke.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const VOLL = { erwerbsstatus: 'STUDENT' } as const
const PHV = { sparte: 'PHV', hauptfaelligkeit: '2027-10-01' } as const
const FALSCH = { gevo: 'G18', ergebnis: 'KONTAKTDATEN_FALSCH', dokumentiert_am: '2026-05-01T10:00:00Z' } as const
const TREFFER: Lage = { kunde: { geburtsdatum: null } }

describe('trifft zu', () => {
  test.each<[string, Lage]>([
    ['the birthday', TREFFER],
    ['the work of somebody of 30', { kunde: { erwerbsstatus: null } }],
    ['the contact data were wrong', { kunde: { ...VOLL, geaendert_am: '2026-01-01T00:00:00Z' }, vertraege: [PHV], dokumentiert: [FALSCH] }],
    ['when the contract is due', { kunde: VOLL, vertraege: [{ ...PHV, hauptfaelligkeit: null }] }],
    ['whether the house has Elementar', { kunde: VOLL, vertraege: [PHV, { sparte: 'WOHNGEBAEUDE' }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft zu'))
})

describe('trifft nicht zu', () => {
  test.each<[string, Lage]>([
    ['everything is known', { kunde: VOLL, vertraege: [PHV] }],
    [
      'the contact data were wrong, somebody has put them right',
      { kunde: { ...VOLL, geaendert_am: '2026-06-01T00:00:00Z' }, vertraege: [PHV], dokumentiert: [FALSCH] },
    ],
    ['what nobody recorded before the office began', { beginn: '2026-01-01', kunde: VOLL, vertraege: [{ ...PHV, hauptfaelligkeit: '2027-03-01' }] }],
    ['a firm without contracts', { kunde: { art: 'FIRMA', geburtsdatum: null } }],
    ['of one who objects to advertising only advertising would need it', { kunde: { erwerbsstatus: null, werbewiderspruch_am: '2026-01-01' } }],
    ['who has died', { ...TREFFER, kunde: { ...TREFFER.kunde, verstorben_am: '2026-01-01' } }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft nicht zu'))
})

test('it names the fields once, and the rules they block', async () => {
  const [treffer] = await frage(database, gevo, STICHTAG, TREFFER)
  expect(treffer).toMatchObject({
    befund: { felder: ['erwerbsstatus', 'geburtsdatum'], regeln: ['G01', 'G06', 'G07'] },
    unbekannt: ['erwerbsstatus', 'geburtsdatum'],
  })
})

test('its SQL', () => expect(sqlOf(database, gevo, STICHTAG)).toMatchSnapshot())
