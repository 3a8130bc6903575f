/** Who is to be told about a child: until its 18th birthday nobody else (§§ 1629, 2 BGB). */
import { sql } from 'kysely'
import { inReichweite } from './bestand.ts'
import type { KundeRow } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export interface Elternteil extends Pick<KundeRow, 'id' | 'art' | 'anrede' | 'titel' | 'vorname' | 'name' | 'email' | 'haushalt_id'> {
  /** Nobody has recorded it: an adult of the child's household, old enough. */
  angenommen: boolean
}

/** Years between a child and whoever is taken for a parent without a word about it. */
const ABSTAND = 16

/**
 * Parents and legal representatives who may be written to; where none is recorded, who may be a parent by household and age. Of more than one, those who
 * live with the child come first, then who has an e-mail address. Customers the person may not see are left out.
 */
export async function listEltern(db: WebDb, kind: number): Promise<Elternteil[]> {
  const { rows } = await sql<Elternteil>`
    WITH kind AS (SELECT id, haushalt_id, geburtsdatum FROM kunde WHERE id = ${kind}),
      erfasst AS (SELECT b.zu_kunde_id AS id FROM beziehung b JOIN kind ON b.kunde_id = kind.id WHERE b.art = 'KIND'
        UNION SELECT b.kunde_id FROM beziehung b JOIN kind ON b.zu_kunde_id = kind.id WHERE b.art = 'GESETZLICHER_VERTRETER'),
      eltern AS (SELECT id, false AS angenommen FROM erfasst
        UNION ALL SELECT h.id, true FROM kunde h JOIN kind ON h.haushalt_id = kind.haushalt_id
          WHERE h.geburtsdatum <= kind.geburtsdatum - make_interval(years => ${ABSTAND}) AND NOT EXISTS (SELECT FROM erfasst))
    SELECT a.id, a.art, a.anrede, a.titel, a.vorname, a.name, a.email, a.haushalt_id, e.angenommen FROM eltern e JOIN kunde a ON a.id = e.id CROSS JOIN kind
    WHERE a.art = 'NATUERLICH' AND ${inReichweite('a', 'V')}
    ORDER BY coalesce(a.haushalt_id = kind.haushalt_id, false) DESC, a.email IS NULL, a.geburtsdatum, a.id`.execute(db)
  return rows
}
