/** The overview's numbers: how much of each GeVo is open, and what to say when nothing is. */
import { type RawBuilder, sql } from 'kysely'
import { type Filter, LAUF, von } from './arbeitsvorrat.ts'
import { summenzeilen, zaehlerzeilen } from './fallzaehler.ts'
import type { Tag } from './schema.ts'
import type { WebDb } from './sitzung.ts'
import { executeInOnePlan } from './vorbereitet.ts'

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
  /** The portfolio is being looked through right now; released, but no night has come to its end yet; null otherwise, and where there is nobody to look at. */
  nacht: 'LAEUFT' | 'BEVOR' | null
  erledigt: number
  /** Vorgänge that come tomorrow. */
  morgen: number
}

export async function listUeberblick(db: WebDb, { heute, vermittler }: Filter): Promise<Gevozahlen[]> {
  const fristen = (wo: RawBuilder<unknown>): RawBuilder<unknown> =>
    // Per day first: the parts of a sum may cancel each other out.
    sql`SELECT z.gevo, z.frist, sum(z.n) AS n FROM ${zaehlerzeilen(vermittler)} z WHERE z.status <> 'DOKUMENTIERT' AND ${wo} GROUP BY z.gevo, z.frist HAVING sum(z.n) <> 0`
  const ueberblick = sql<Gevozahlen>`
    WITH ${LAUF}, summe AS (
      SELECT z.gevo, sum(z.n) AS offen, coalesce(sum(z.n) FILTER (WHERE z.stichtag = (SELECT stichtag FROM lauf)), 0) AS neu
      FROM ${summenzeilen(vermittler)} z WHERE NOT z.dokumentiert GROUP BY z.gevo),
    nah AS (
      SELECT gevo, sum(n) FILTER (WHERE frist < ${heute}::date) AS vorbei, min(frist) FILTER (WHERE frist >= ${heute}::date) AS naechste, sum(n) FILTER (WHERE frist >= ${heute}::date) AS bald
      FROM (${fristen(sql`z.frist <= ${heute}::date + 7`)}) t GROUP BY gevo)
    SELECT s.gevo, s.offen, s.neu, coalesce(n.vorbei, 0) AS ueberfaellig, coalesce(n.bald, 0) AS bald,
      coalesce(n.naechste, (SELECT f.frist FROM (${fristen(sql`z.frist > ${heute}::date + 7 AND z.gevo = s.gevo`)}) f ORDER BY f.frist LIMIT 1)) AS "naechsteFrist"
    FROM summe s LEFT JOIN nah n ON n.gevo = s.gevo`
  return executeInOnePlan(db, ueberblick)
}

/** What an overview has to say; of what only an empty one tells nothing is read where it is not `leer`. */
export async function getLage(db: WebDb, { heute, vermittler, leer }: Filter & { leer: boolean }): Promise<Lage> {
  const { rows } = await sql<Lage>`
    SELECT k.kunden, EXISTS (SELECT FROM betrieb WHERE anlauf_am IS NOT NULL) AS anlauf,
      CASE WHEN NOT k.kunden THEN NULL WHEN EXISTS (SELECT FROM nachtlauf WHERE status = 'LAEUFT') THEN 'LAEUFT'
        WHEN EXISTS (SELECT FROM betrieb WHERE anlauf_am IS NOT NULL) AND NOT EXISTS (SELECT FROM nachtlauf WHERE status = 'FERTIG') THEN 'BEVOR' END AS nacht,
      CASE WHEN ${leer}::boolean THEN (SELECT coalesce(sum(z.n), 0) FROM ${summenzeilen(vermittler)} z WHERE z.dokumentiert) ELSE 0 END AS erledigt,
      CASE WHEN ${leer}::boolean THEN (SELECT count(*) FROM vorgang f WHERE f.status = 'OFFEN' AND f.faellig_am >= (${heute}::date + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
        AND f.faellig_am < (${heute}::date + 2)::timestamp AT TIME ZONE 'Europe/Berlin' AND ${von(vermittler)}) ELSE 0 END AS morgen
    FROM (SELECT NOT ${leer}::boolean OR EXISTS (SELECT FROM kunde) AS kunden) k`.execute(db)
  return rows[0]!
}
