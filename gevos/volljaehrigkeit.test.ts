import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, antwort, frage, sqlOf } from '../test/support/gevo.ts'
import gevo from './volljaehrigkeit.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const kind = (geburtsdatum: string): Lage => ({ kunde: { geburtsdatum }, haushalt: [] })
const TREFFER = kind('2008-12-03')

describe('trifft zu', () => {
  test.each<[string, Lage]>([
    ['18 in ten days', TREFFER],
    ['18 today', kind('2008-11-23')],
    ['18 on the ninetieth day', kind('2009-02-21')],
    ['born on 1 March, 18 in a leap year', { ...kind('2006-03-01'), stichtag: '2024-03-01' }],
    ['born on 29 February: 18 on 1 March of a common year', { ...kind('2008-02-29'), stichtag: '2026-03-01' }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft zu'))
})

describe('trifft nicht zu', () => {
  test.each<[string, Lage]>([
    ['18 yesterday', kind('2008-11-22')],
    ['18 on the ninety-first day', kind('2009-02-22')],
    ['born on 29 February: on 2 March it is over', { ...kind('2008-02-29'), stichtag: '2026-03-02' }],
    ['nobody’s child', { kunde: { geburtsdatum: '2008-12-03' } }],
    ['who has died', { ...TREFFER, kunde: { ...TREFFER.kunde, verstorben_am: '2026-01-01' } }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft nicht zu'))
})

describe('unbekannt', () => {
  test('the birthday of somebody of the household', async () =>
    expect(await antwort(database, gevo, STICHTAG, { kunde: { geburtsdatum: null }, haushalt: [] })).toBe('unbekannt'))
})

test('the Frist is the birthday, and the key hangs on it', async () => {
  const [treffer] = await frage(database, gevo, '2026-02-01', kind('2008-02-29'))
  expect(treffer).toMatchObject({ frist: '2026-03-01', befund: { achtzehn: '2026-03-01' } })
  expect(treffer!.schluessel).toMatch(/^k\d+:18:2026-03-01$/)
})

test('its SQL', () => expect(sqlOf(database, gevo, STICHTAG)).toMatchSnapshot())
