import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, type Vertrag, antwort, frage, sqlOf } from '../test/support/gevo.ts'
import gevo from './vertrag-laeuft-bald-ab.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const vertrag = (felder: Vertrag): Lage => ({ vertraege: [{ sparte: 'HAUSRAT', ablauf: '2027-01-01', verlaengert_sich: 'NEIN', ...felder }] })

describe('trifft zu', () => {
  test.each<[string, Lage]>([
    ['does not renew, ends on 1 January', vertrag({})],
    // In force until the day before; the day itself still belongs to the window.
    ['ends today', vertrag({ ablauf: STICHTAG })],
    ['ends in 90 days', vertrag({ ablauf: '2027-02-21' })],
    ['a foreign contract', vertrag({ bestandsart: 'FREMD' })],
    ['a Sparte whose renewal is unknown', vertrag({ sparte: 'SONSTIGE', verlaengert_sich: null })],
    [
      'the same, unconfirmed for years, on the day it ends',
      vertrag({ sparte: 'TRANSPORT', verlaengert_sich: null, ablauf: STICHTAG, bestaetigt_am: null }),
    ],
    ['Bausparen, by default', vertrag({ sparte: 'BAUSPAREN', verlaengert_sich: null })],
    ['a company', { ...vertrag({}), kunde: { art: 'FIRMA', geburtsdatum: null } }],
    // A hint within the existing contract is no advertising.
    ['objected to advertising', { ...vertrag({}), kunde: { werbewiderspruch_am: '2026-01-01' } }],
    ['a threshold of the Betrieb', { ...vertrag({ ablauf: '2027-03-01' }), werte: { tage: 120 } }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft zu'))
})

describe('trifft nicht zu', () => {
  test.each<[string, Lage]>([
    ['ended yesterday', vertrag({ ablauf: '2026-11-22' })],
    ['ends in 91 days', vertrag({ ablauf: '2027-02-22' })],
    ['renews, a person says', vertrag({ verlaengert_sich: 'JA' })],
    ['a Kfz contract that renews on 1 January, by default', vertrag({ sparte: 'KFZ', verlaengert_sich: null })],
    ['life insurance', vertrag({ sparte: 'LV' })],
    ['Risikoleben', vertrag({ sparte: 'RLV', verlaengert_sich: null })],
    ['Rente', vertrag({ sparte: 'RV', verlaengert_sich: null })],
    ['Berufsunfähigkeit', vertrag({ sparte: 'BU', verlaengert_sich: null })],
    ['cancelled', vertrag({ status: 'STORNIERT' })],
    ['begins tomorrow', vertrag({ beginn: '2026-11-24' })],
    ['dead', { ...vertrag({}), kunde: { verstorben_am: '2026-01-01' } }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft nicht zu'))
})

describe('unbekannt', () => {
  test.each<[string, Lage, string[]]>([
    ['status unknown', vertrag({ status: 'UNBEKANNT' }), ['status']],
    ['begin unknown', vertrag({ beginn: null }), ['beginn']],
    ['Ablauf unknown', vertrag({ ablauf: null }), ['ablauf']],
  ])('%s', async (_, lage, unbekannt) => {
    expect(await frage(database, gevo, STICHTAG, lage)).toMatchObject([{ lage: 'UNBEKANNT', unbekannt }])
  })
})

test('an unknown renewal is a Fall of its own kind: to be checked', async () => {
  const [treffer] = await frage(database, gevo, STICHTAG, vertrag({ sparte: 'TRANSPORT', verlaengert_sich: null }))
  expect(treffer).toMatchObject({
    unbekannt: ['verlaengert_sich'],
    schluessel: `v${treffer!.vertrag_id}:2027-01-01`,
    frist: '2027-01-01',
    bearbeiten_bis: null,
    dringlichkeit: 39,
    befund: { sparte: 'TRANSPORT', ablauf: '2027-01-01', verlaengertSich: null, vuNummer: '5342', bestandsart: 'EIGEN' },
  })
  expect(gevo.anlass(treffer!.befund)).toBe('Transport läuft am 01.01.2027 ab, Verlängerung prüfen')
  expect(gevo.erklaere(treffer!.befund, treffer!.unbekannt, STICHTAG)).toContain(
    'Verlängerung prüfen. Unbekannt war: ob sich der Vertrag verlängert.',
  )
})

test('a foreign contract that ends says so, and what was only assumed', async () => {
  const [treffer] = await frage(database, gevo, STICHTAG, vertrag({ sparte: 'BAUSPAREN', verlaengert_sich: null, bestandsart: 'FREMD' }))
  expect(gevo.anlass(treffer!.befund)).toBe('Bausparen (fremd) endet am 01.01.2027')
  expect(gevo.erklaere(treffer!.befund, treffer!.unbekannt, STICHTAG)).toBe(
    'Aktiver Vertrag, dessen Ablauf in die nächsten 90 Tage fällt und der sich nicht verlängert. ' +
      'Am 23.11.2026: Bausparen, Ablauf 01.01.2027. Er verlängert sich nicht (angenommen, so üblich in dieser Sparte).',
  )
})

test('its SQL', () => expect(sqlOf(database, gevo, STICHTAG)).toMatchSnapshot())
