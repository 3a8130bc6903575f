/** The overview's numbers: how much of each GeVo is open, and what to say when nothing is. */
import { sql } from 'kysely'
import { type Filter, LAUF, von } from './arbeitsvorrat.ts'
import { zaehlerzeilen } from './fallzaehler.ts'
import type { Tag } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export interface Gevozahlen {
  gevo: string
  offen: number
  /** Opened by the newest complete Nachtlauf and not touched yet. */
  neu: number
  /** The Frist has passed. */
  ueberfaellig: number
  naechsteFrist: Tag | null
  /** Fristen of today and the next seven days. */
  bald: number
}

export interface Lage {
  kunden: boolean
  /** Whether the first night was released. */
  anlauf: boolean
  erledigt: number
  /** Vorgänge that come tomorrow. */
  morgen: number
}

export async function listUeberblick(db: WebDb, { heute, vermittler }: Filter): Promise<Gevozahlen[]> {
  // First by Frist: the parts of a sum may cancel each other out.
  const { rows } = await sql<Gevozahlen>`
    WITH ${LAUF}, tage AS (
      SELECT z.gevo, z.frist, sum(z.n) AS n, sum(z.n) FILTER (WHERE z.stichtag = (SELECT stichtag FROM lauf)) AS neu
      FROM ${zaehlerzeilen(vermittler)} z WHERE z.status <> 'DOKUMENTIERT' GROUP BY z.gevo, z.frist HAVING sum(z.n) <> 0)
    SELECT gevo, sum(n) AS offen, coalesce(sum(neu), 0) AS neu, coalesce(sum(n) FILTER (WHERE frist < ${heute}::date), 0) AS ueberfaellig,
      min(frist) FILTER (WHERE frist >= ${heute}::date) AS "naechsteFrist",
      coalesce(sum(n) FILTER (WHERE frist BETWEEN ${heute}::date AND ${heute}::date + 7), 0) AS bald
    FROM tage GROUP BY gevo`.execute(db)
  return rows
}

/** What an empty overview has to say. */
export async function getLage(db: WebDb, { heute, vermittler }: Filter): Promise<Lage> {
  const { rows } = await sql<Lage>`
    SELECT EXISTS (SELECT FROM kunde) AS kunden, EXISTS (SELECT FROM betrieb WHERE anlauf_am IS NOT NULL) AS anlauf,
      (SELECT coalesce(sum(z.n), 0) FROM ${zaehlerzeilen(vermittler)} z WHERE z.status = 'DOKUMENTIERT') AS erledigt,
      (SELECT count(*) FROM vorgang f WHERE f.status = 'OFFEN' AND f.faellig_am >= (${heute}::date + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
        AND f.faellig_am < (${heute}::date + 2)::timestamp AT TIME ZONE 'Europe/Berlin' AND ${von(vermittler)}) AS morgen`.execute(db)
  return rows[0]!
}
