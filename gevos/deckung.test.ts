/** Who is covered, asked through a rule that only wants to know: Risikoleben, which couples often take crosswise, and cover of a household. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Frage } from '../db/bestand.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Lage, antwort } from '../test/support/gevo.ts'
import { decktHaushalt, decktPerson } from './deckung.ts'
import type { Gevo } from './gevo.ts'
import buFehlt from './bu-fehlt.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const risikoleben = fehlt((frage) => decktPerson(frage, { sparten: ['RLV'], grob: ['LV', 'UNBEKANNT'] }))
const rechtsschutz = fehlt((frage) => decktHaushalt(frage, { sparten: ['RECHTSSCHUTZ'], grob: ['UNBEKANNT'] }))

const RLV = { sparte: 'RLV', ablauf: '2050-01-01' } as const
const PARTNER = { vorname: 'Can', geburtsdatum: '1990-01-01' } as const
const beimPartner = (vertrag: NonNullable<Lage['vertraege']>[number]): Lage => ({ haushalt: [{ person: PARTNER, vertraege: [vertrag] }] })

describe('Risikoleben, crosswise', () => {
  test.each<[string, Lage, string]>([
    ['own contract on the own life', { vertraege: [{ ...RLV, versichert: 'KUNDE' }] }, 'gedeckt'],
    ['own contract on the partner’s life: not covered himself', { vertraege: [{ ...RLV, versichert: 0 }], haushalt: [{ person: PARTNER }] }, 'fehlt'],
    ['the partner’s contract on his life', beimPartner({ ...RLV, versichert: 'KUNDE' }), 'gedeckt'],
    ['the partner’s contract on the partner’s own life', beimPartner({ ...RLV, versichert: 0 }), 'fehlt'],
    ['the partner’s contract names him', beimPartner({ ...RLV, versicherte_person_name: 'Elif Çelik' }), 'gedeckt'],
    ['the partner’s contract does not say on whose life', beimPartner(RLV), 'unbekannt'],
    ['his own does not say it either', { vertraege: [RLV] }, 'unbekannt'],
    [
      'one that is unknown and one that is known',
      { vertraege: [RLV], haushalt: [{ person: PARTNER, vertraege: [{ ...RLV, versichert: 'KUNDE' }] }] },
      'gedeckt',
    ],
    ['a foreign contract covers as well', { vertraege: [{ ...RLV, versichert: 'KUNDE', bestandsart: 'FREMD' }] }, 'gedeckt'],
    ['it ended today', { vertraege: [{ ...RLV, ablauf: STICHTAG, versichert: 'KUNDE' }] }, 'fehlt'],
    ['it ends tomorrow', { vertraege: [{ ...RLV, ablauf: '2026-11-24', versichert: 'KUNDE' }] }, 'gedeckt'],
    ['a Leben of unknown kind', { vertraege: [{ sparte: 'LV', versichert: 'KUNDE' }] }, 'unbekannt'],
    ['contracts of a stranger cover nobody here', { vertraege: [{ ...RLV, versicherte_person_name: 'Max Muster' }] }, 'fehlt'],
  ])('%s', async (_, lage, erwartet) => expect(await deckt(risikoleben, lage)).toBe(erwartet))
})

describe('cover of a household', () => {
  const RECHT = { sparte: 'RECHTSSCHUTZ' } as const
  test.each<[string, Lage, string]>([
    ['the Versicherungsnehmer', { vertraege: [RECHT] }, 'gedeckt'],
    ['also where another person is named as insured', { vertraege: [{ ...RECHT, versichert: 0 }], haushalt: [{ person: PARTNER }] }, 'gedeckt'],
    ['the partner’s family contract', beimPartner({ ...RECHT, merkmale: { familie: 'JA' } }), 'gedeckt'],
    ['the partner’s contract for one', beimPartner({ ...RECHT, merkmale: { familie: 'NEIN' } }), 'fehlt'],
    ['the partner’s contract for one that names him', beimPartner({ ...RECHT, versichert: 'KUNDE', merkmale: { familie: 'NEIN' } }), 'gedeckt'],
    ['whether it covers the family is unknown', beimPartner(RECHT), 'unbekannt'],
    ['a family contract of unknown status', beimPartner({ ...RECHT, status: 'UNBEKANNT', merkmale: { familie: 'JA' } }), 'unbekannt'],
  ])('%s', async (_, lage, erwartet) => expect(await deckt(rechtsschutz, lage)).toBe(erwartet))
})

async function deckt(regel: Gevo, lage: Lage): Promise<string> {
  const gefunden = await antwort(database, regel, STICHTAG, lage)
  return { 'trifft zu': 'fehlt', 'trifft nicht zu': 'gedeckt', unbekannt: 'unbekannt' }[gefunden]!
}

/** Asks about the customer alone, not about the rest of the household. */
function fehlt(deckung: (frage: Frage) => ReturnType<typeof decktPerson>): Gevo {
  const erkenne: Gevo['erkenne'] = (frage) =>
    frage.db
      .selectFrom(frage.bestand.kunden.as('k'))
      .innerJoin(frage.regel.as('r'), 'r.betrieb_id', 'k.betrieb_id')
      .leftJoin(deckung(frage).as('d'), 'd.kunde_id', 'k.id')
      .select(['k.betrieb_id', 'k.vermittler_id', 'k.id as kunde_id'])
      .select([
        sql<null>`NULL::integer`.as('vertrag_id'),
        sql<string>`'k' || k.id`.as('schluessel'),
        sql<Record<string, unknown>>`'{}'::jsonb`.as('befund'),
        sql<string[]>`coalesce(d.fehlt, '{}')`.as('unbekannt'),
        sql<null>`NULL::date`.as('frist'),
        sql<null>`NULL::date`.as('bearbeiten_bis'),
        sql<'TRIFFT' | 'UNBEKANNT'>`coalesce(d.deckt, 'TRIFFT')`.as('lage'),
        sql<number>`0`.as('dringlichkeit'),
      ])
      .where(sql<boolean>`d.deckt IS DISTINCT FROM 'JA' AND k.vorname = 'Elif'`)
  return { ...buFehlt, erkenne }
}
