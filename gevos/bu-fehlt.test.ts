import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, antwort, sqlOf } from '../test/support/gevo.ts'
import gevo from './bu-fehlt.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const ANGESTELLT = { erwerbsstatus: 'ANGESTELLT' } as const
const TREFFER: Lage = { kunde: ANGESTELLT }
const BU = { sparte: 'BU', sparte_gdv: '010', versichert: 'KUNDE', verlaengert_sich: 'NEIN', ablauf: '2055-01-01' } as const
/** Nobody is linked as the insured person. */
const OFFEN = { sparte: 'BU', verlaengert_sich: 'NEIN', ablauf: '2055-01-01' } as const

describe('trifft zu', () => {
  test.each<[string, Lage]>([
    ['an employee without any', TREFFER],
    ['self-employed', { kunde: { erwerbsstatus: 'SELBSTSTAENDIG' } }],
    ['an apprentice of 18 today', { kunde: { erwerbsstatus: 'AZUBI', geburtsdatum: '2008-11-23' } }],
    ['55, 56 tomorrow', { kunde: { erwerbsstatus: 'BEAMTER', geburtsdatum: '1970-11-24' } }],
    ['the BU ended', { kunde: ANGESTELLT, vertraege: [{ ...BU, ablauf: '2026-11-23' }] }],
    ['Risikoleben is no BU', { kunde: ANGESTELLT, vertraege: [{ ...BU, sparte: 'RLV' }] }],
    [
      'crosswise: own contract, but the partner is insured',
      { kunde: ANGESTELLT, vertraege: [{ ...BU, versichert: 0 }], haushalt: [{ person: { erwerbsstatus: 'OHNE' } }] },
    ],
    ['two other names stand in the contract', { kunde: ANGESTELLT, vertraege: [{ ...OFFEN, versicherte_person_name: 'Can Çelik, Ece Çelik' }] }],
    ['somebody else’s name stands in the contract', { kunde: ANGESTELLT, vertraege: [{ ...OFFEN, versicherte_person_name: 'Can Çelik' }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft zu'))
})

describe('trifft nicht zu', () => {
  test.each<[string, Lage]>([
    ['17', { kunde: { erwerbsstatus: 'AZUBI', geburtsdatum: '2008-11-24' } }],
    ['56 today', { kunde: { erwerbsstatus: 'ANGESTELLT', geburtsdatum: '1970-11-23' } }],
    ['a student', { kunde: { erwerbsstatus: 'STUDENT' } }],
    ['in pension', { kunde: { erwerbsstatus: 'RENTNER' } }],
    ['an own BU', { kunde: ANGESTELLT, vertraege: [BU] }],
    ['a foreign BU', { kunde: ANGESTELLT, vertraege: [{ ...BU, bestandsart: 'FREMD' }] }],
    ['one of two names, spelled by the insurer', { kunde: ANGESTELLT, vertraege: [{ ...OFFEN, versicherte_person_name: 'CAN CELIK, ELIF CELIK' }] }],
    [
      'named in the partner’s contract',
      {
        kunde: ANGESTELLT,
        haushalt: [{ person: { vorname: 'Can', erwerbsstatus: 'OHNE' }, vertraege: [{ ...OFFEN, versicherte_person_name: 'Elif Çelik' }] }],
      },
    ],
    ['own name in the contract', { kunde: ANGESTELLT, vertraege: [{ ...OFFEN, versicherte_person_name: 'Elif Çelik' }] }],
    ['a BU added to a pension', { kunde: ANGESTELLT, vertraege: [{ ...BU, sparte: 'RV', merkmale: { wagnisarten: ['2', '4'] } }] }],
    ['insured in the partner’s contract', { kunde: ANGESTELLT, haushalt: [{ person: { erwerbsstatus: 'OHNE' }, vertraege: [BU] }] }],
    ['who has died', { ...TREFFER, kunde: { ...TREFFER.kunde, verstorben_am: '2026-01-01' } }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft nicht zu'))
})

describe('unbekannt', () => {
  test.each<[string, Lage]>([
    ['the work', { kunde: { erwerbsstatus: null } }],
    ['the birthday', { kunde: { erwerbsstatus: 'ANGESTELLT', geburtsdatum: null } }],
    [
      'who is insured in the partner’s BU: it may be taken crosswise',
      { kunde: ANGESTELLT, haushalt: [{ person: { erwerbsstatus: 'OHNE' }, vertraege: [OFFEN] }] },
    ],
    ['who is insured in the own BU', { kunde: ANGESTELLT, vertraege: [OFFEN] }],
    ['the status of the BU', { kunde: ANGESTELLT, vertraege: [{ ...BU, status: 'UNBEKANNT' }] }],
    ['a contract of unknown Sparte', { kunde: ANGESTELLT, vertraege: [{ sparte: 'UNBEKANNT', versichert: 'KUNDE' }] }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('unbekannt'))
})

test('its SQL', () => expect(sqlOf(database, gevo, STICHTAG)).toMatchSnapshot())
