import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, type Vertrag, antwort, frage, sqlOf } from '../test/support/gevo.ts'
import gevo from './versicherungsluecken-junge-kunden.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const vertraege = (n: number, felder: Vertrag = {}): Vertrag[] => Array.from({ length: n }, () => felder)
const geboren = (geburtsdatum: string | null, stichtag = STICHTAG): Lage => ({ stichtag, kunde: { geburtsdatum } })
const dazu = (vertrag: Vertrag): Lage => ({ vertraege: [...vertraege(3), vertrag] })

describe('trifft zu', () => {
  test.each<[string, Lage]>([
    ['18 today', geboren('2008-11-23')],
    ['34, 35 tomorrow', geboren('1991-11-24')],
    // The day of birth counts: 18 on the 1st of March (§§ 187 Abs. 2, 188 Abs. 2 BGB).
    ['born on 29 February, 18 on 1 March of a common year', geboren('2008-02-29', '2026-03-01')],
    ['born on 29 February, still 34 on 28 February of a common year', geboren('1992-02-29', '2027-02-28')],
    ['no contract at all', { vertraege: [] }],
    ['three own contracts', { vertraege: vertraege(3) }],
    ['four contracts, one of them foreign', dazu({ bestandsart: 'FREMD' })],
    ['four contracts, one of them cancelled', dazu({ status: 'STORNIERT' })],
    ['the fourth contract has run out', dazu({ status: 'ABGELAUFEN' })],
    ['the fourth contract is only applied for', dazu({ status: 'ANTRAG' })],
    ['the fourth contract begins tomorrow', dazu({ beginn: '2026-11-24' })],
    ['the fourth contract does not renew and ends today', dazu({ ablauf: STICHTAG, verlaengert_sich: 'NEIN' })],
    ['the fourth contract is a life insurance that ended', dazu({ sparte: 'RLV', ablauf: '2026-06-01' })],
    ['the fourth contract was left on this day', dazu({ abgang_am: STICHTAG })],
    ['one unknown contract beside two cannot make more than three', { vertraege: [...vertraege(2), { status: 'UNBEKANNT' }] }],
    ['a threshold of the Betrieb', { werte: { hoechstens: 4 }, vertraege: vertraege(4) }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft zu'))
})

describe('trifft nicht zu', () => {
  test.each<[string, Lage]>([
    ['17, 18 tomorrow', geboren('2008-11-24')],
    ['35 today', geboren('1991-11-23')],
    ['born on 29 February, still 17 on 28 February of a common year', geboren('2008-02-29', '2026-02-28')],
    ['born on 29 February, 35 on 1 March of a common year', geboren('1992-02-29', '2027-03-01')],
    ['four own contracts', { vertraege: vertraege(4) }],
    ['a Kfz contract that renewed on 1 January counts on', { stichtag: '2027-01-02', ...dazu({ sparte: 'KFZ', ablauf: '2027-01-01' }) }],
    ['a contract free of premiums counts', dazu({ status: 'BEITRAGSFREI' })],
    ['the fourth contract does not renew and ends tomorrow', dazu({ ablauf: '2026-11-24', verlaengert_sich: 'NEIN' })],
    ['renewal, confirmed 13 months ago to the day', dazu({ ablauf: '2026-01-01', bestaetigt_am: '2025-10-23' })],
    ['a company', { kunde: { art: 'FIRMA', geburtsdatum: null } }],
    ['no longer a customer', { kunde: { status: 'EHEMALIG' } }],
    ['dead', { kunde: { verstorben_am: '2026-01-01' } }],
    ['processing restricted', { kunde: { eingeschraenkt_am: '2026-01-01' } }],
    ['to be deleted', { kunde: { loeschen_ab: '2027-01-01' } }],
    ['objected to advertising', { kunde: { werbewiderspruch_am: '2026-01-01' } }],
    ['an unknown birthday with four contracts does not matter', { ...geboren(null), vertraege: vertraege(4) }],
  ])('%s', async (_, lage) => expect(await antwort(database, gevo, STICHTAG, lage)).toBe('trifft nicht zu'))
})

describe('unbekannt', () => {
  test.each<[string, Lage, string[]]>([
    ['birthday unknown', geboren(null), ['geburtsdatum']],
    ['a fourth contract of unknown status', dazu({ status: 'UNBEKANNT' }), ['status']],
    ['a fourth contract of unknown begin', dazu({ beginn: null }), ['beginn']],
    [
      'a fourth contract that should have renewed, nobody has said so for 13 months',
      dazu({ ablauf: '2026-01-01', bestaetigt_am: '2025-10-22' }),
      ['bestaetigt_am'],
    ],
    ['the same, never confirmed', dazu({ ablauf: '2026-01-01', bestaetigt_am: null }), ['bestaetigt_am']],
    [
      'a fourth contract whose renewal is unknown, run out and unconfirmed',
      dazu({ sparte: 'SONSTIGE', ablauf: '2026-01-01', bestaetigt_am: null }),
      ['bestaetigt_am'],
    ],
  ])('%s', async (_, lage, unbekannt) => {
    expect(await frage(database, gevo, STICHTAG, lage)).toMatchObject([{ lage: 'UNBEKANNT', unbekannt }])
  })
})

test('the finding holds the values read and says them in German', async () => {
  const lage = { vertraege: [{ sparte: 'KFZ' as const, ablauf: '2026-01-01' }, { sparte: 'HAUSRAT' as const }, { status: 'UNBEKANNT' as const }] }
  const [treffer] = await frage(database, gevo, STICHTAG, lage)
  expect(treffer).toMatchObject({
    befund: { geburtsdatum: '1995-03-14', eigeneAktive: 2, sparten: ['HAUSRAT', 'KFZ'], angenommen: ['KFZ'] },
    schluessel: `k${treffer!.kunde_id}`,
    frist: null,
    bearbeiten_bis: '2027-02-21',
    vertrag_id: null,
  })
  expect(gevo.erklaere(treffer!.befund, treffer!.unbekannt, STICHTAG)).toBe(
    'Privatkunde zwischen 18 und 34 Jahren mit höchstens 3 aktiven eigenen Verträgen. ' +
      'Am 23.11.2026: 31 Jahre (geboren 14.03.1995), 2 eigene aktive Verträge (Hausrat, Kfz). ' +
      'Angenommen ist, dass sich verlängert hat: Kfz. Unbekannt war: der Status eines Vertrags.',
  )
  expect(gevo.anlass(treffer!.befund)).toBe('2 eigene aktive Verträge: Hausrat, Kfz')
})

test('its SQL', () => expect(sqlOf(database, gevo, STICHTAG)).toMatchSnapshot())
