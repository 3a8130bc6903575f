/**
 * Whether a person is covered by a group of contracts: yes, no or unknown, over own and foreign contracts. One row per person, for whom no
 * contract says anything there is none: that is a no. (Written as UNIONs over indexed equalities: one pass, never a person times contracts.)
 */
import { type AliasableExpression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Frage } from '../db/bestand.ts'
import type { Sparte } from '../domain/sparten.ts'
import { aktiv, merkmal, woranEsFehlt } from './bausteine.ts'

/** `deckt` is never NEIN: such a person has no row. */
export interface Deckung {
  kunde_id: number
  deckt: 'JA' | 'UNBEKANNT'
  /** Fields for want of which it is unknown (words of texte.ts). */
  fehlt: string[] | null
}

interface Gruppe {
  sparten: readonly Sparte[]
  /** Too coarse to know whether they belong to the group: active ones make the answer unknown. */
  grob: readonly Sparte[]
}

/**
 * Schadenversicherung: the Versicherungsnehmer, who is named as insured beside him, and the household where the contract covers the family
 * (unknown whether it does: unknown).
 */
export function decktHaushalt({ db, bestand, stichtag }: Frage, { sparten, grob }: Gruppe): AliasableExpression<Deckung> {
  const vertraege = db
    .selectFrom(bestand.vertraege.as('v'))
    .innerJoin(bestand.personen.as('n'), 'n.id', 'v.kunde_id')
    .select(['v.kunde_id', 'n.haushalt_id', 'v.versicherte_person_id', merkmal('v', 'familie').as('familie')])
    .select([aktiv('v', stichtag).as('aktiv'), woranEsFehlt('v').as('fehlt'), sql<SqlBool>`v.sparte IN (${codes(grob)})`.as('grob')])
    .where('v.sparte', 'in', [...sparten, ...grob])
    .where(sql<boolean>`${aktiv('v', stichtag)} <> 'NEIN'`)
  const genannt = db
    .selectFrom(vertraege.as('c'))
    .select(sql<number>`unnest(array_remove(ARRAY[c.kunde_id, c.versicherte_person_id], NULL))`.as('kunde_id'))
    .select([
      sql<'JA' | 'UNBEKANNT'>`CASE WHEN c.grob OR c.aktiv = 'UNBEKANNT' THEN 'UNBEKANNT' ELSE 'JA' END`.as('deckt'),
      sql<string | null>`CASE WHEN c.grob THEN 'sparte' WHEN c.aktiv = 'UNBEKANNT' THEN c.fehlt END`.as('fehlt'),
    ])
  const mit = db
    .selectFrom(vertraege.as('c'))
    .innerJoin(bestand.personen.as('m'), 'm.haushalt_id', 'c.haushalt_id')
    .select(['m.id as kunde_id'])
    .select([
      sql<'JA' | 'UNBEKANNT'>`CASE WHEN c.familie = 'JA' AND c.aktiv = 'JA' AND NOT c.grob THEN 'JA' ELSE 'UNBEKANNT' END`.as('deckt'),
      sql<string | null>`CASE WHEN c.grob THEN 'sparte' WHEN c.familie IS NULL THEN 'familie' WHEN c.aktiv = 'UNBEKANNT' THEN c.fehlt END`.as(
        'fehlt',
      ),
    ])
    .whereRef('m.id', '<>', 'c.kunde_id')
    .where('m.art', '=', 'NATUERLICH')
    .where(sql<boolean>`c.familie IS DISTINCT FROM 'NEIN'`)
  return zusammen(db, genannt.unionAll(mit))
}

/**
 * Personenversicherung: the insured person, who need not be the Versicherungsnehmer (Risikoleben is often taken crosswise). Without a link the
 * delivered names say who it is, among the household; without a name it may be anybody of it.
 */
export function decktPerson({ db, bestand, stichtag }: Frage, { sparten, grob }: Gruppe, zusatz = sql<boolean>`false`): AliasableExpression<Deckung> {
  const vertraege = db
    .selectFrom(bestand.vertraege.as('v'))
    .innerJoin(bestand.personen.as('n'), 'n.id', 'v.kunde_id')
    .select(['v.kunde_id', 'n.haushalt_id', 'v.versicherte_person_id', 'v.versicherte_person_name', heisst('v', 'n').as('selbst')])
    .select([aktiv('v', stichtag).as('aktiv'), woranEsFehlt('v').as('fehlt'), sql<boolean>`v.sparte IN (${codes(grob)})`.as('grob')])
    .where(sql<boolean>`(v.sparte IN (${codes([...sparten, ...grob])}) OR ${zusatz})`)
    .where(sql<boolean>`${aktiv('v', stichtag)} <> 'NEIN'`)
  const namenlos = sql<boolean>`(c.versicherte_person_id IS NULL AND c.versicherte_person_name IS NULL)`
  const antwort = [
    sql<'JA' | 'UNBEKANNT'>`CASE WHEN c.grob OR c.aktiv = 'UNBEKANNT' OR ${namenlos} THEN 'UNBEKANNT' ELSE 'JA' END`.as('deckt'),
    sql<string | null>`CASE WHEN c.grob THEN 'sparte' WHEN ${namenlos} THEN 'versicherte_person' WHEN c.aktiv = 'UNBEKANNT' THEN c.fehlt END`.as(
      'fehlt',
    ),
  ] as const
  const genannt = db
    .selectFrom(vertraege.as('c'))
    .select(sql<number>`coalesce(c.versicherte_person_id, c.kunde_id)`.as('kunde_id'))
    .select(antwort)
    .where(sql<boolean>`(c.versicherte_person_id IS NOT NULL OR ${namenlos} OR c.selbst)`)
  const imHaushalt = db
    .selectFrom(vertraege.as('c'))
    .innerJoin(bestand.personen.as('m'), 'm.haushalt_id', 'c.haushalt_id')
    .select('m.id as kunde_id')
    .select(antwort)
    .whereRef('m.id', '<>', 'c.kunde_id')
    .where('m.art', '=', 'NATUERLICH')
    .where('c.versicherte_person_id', 'is', null)
    .where(sql<boolean>`(${namenlos} OR ${heisst('c', 'm')})`)
  return zusammen(db, genannt.unionAll(imHaushalt))
}

/** Whether one of the names in contract `v` ("Elif Çelik, Can Çelik") is that of person `p`. */
function heisst(v: string, p: string): RawBuilder<boolean> {
  const name = sql`falten(concat_ws(' ', ${sql.ref(`${p}.vorname`)}, ${sql.ref(`${p}.name`)}))`
  return sql`coalesce(${name} IN (SELECT falten(x) FROM unnest(string_to_array(${sql.ref(`${v}.versicherte_person_name`)}, ', ')) x), false)`
}

type Einzeln = AliasableExpression<{ kunde_id: number; deckt: 'JA' | 'UNBEKANNT'; fehlt: string | null }>

function zusammen(db: Frage['db'], einzeln: Einzeln): AliasableExpression<Deckung> {
  return db
    .selectFrom(einzeln.as('e'))
    .select(['e.kunde_id'])
    .select([
      sql<'JA' | 'UNBEKANNT'>`CASE WHEN bool_or(e.deckt = 'JA') THEN 'JA' ELSE 'UNBEKANNT' END`.as('deckt'),
      sql<string[] | null>`array_agg(DISTINCT e.fehlt) FILTER (WHERE e.fehlt IS NOT NULL)`.as('fehlt'),
    ])
    .groupBy('e.kunde_id')
}

function codes(sparten: readonly Sparte[]) {
  return sparten.length === 0 ? sql`NULL` : sql.join(sparten.map((sparte) => sql.lit(sparte)))
}
