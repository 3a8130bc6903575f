/** Sees to it that no night is missed: asked at worker start and hourly, it starts what should have been done by now. */
import { sql } from 'kysely'
import { berlinInstant, berlinTag, plusTage } from '../domain/kalender.ts'
import type { Tag, Zeitpunkt } from './schema.ts'
import type { Db } from './verbindung.ts'

/** So often a day a failed night is begun again by itself. */
const VERSUCHE = 3

/** The newest Stichtag whose night is due at `jetzt`, and since when. `nightAt` is 'HH:MM' in Berlin. */
export function dueStichtag(jetzt: Zeitpunkt, nightAt: string): { stichtag: Tag; seit: Zeitpunkt } {
  const heute = berlinTag(jetzt)
  const stichtag = berlinInstant(heute, nightAt) <= jetzt ? heute : plusTage(heute, -1)
  return { stichtag, seit: berlinInstant(stichtag, nightAt) }
}

/**
 * Starts a run for each released Betrieb without a complete one for the newest due Stichtag, and sends for those again that
 * were begun an hour ago and have neither ended nor moved. Leaves the planned night `gnade` minutes to begin by itself.
 * Returns how many it started or sent for.
 */
export async function startMissed(db: Db, jetzt: Zeitpunkt, nightAt: string, gnade = 15): Promise<number> {
  const { stichtag, seit } = dueStichtag(new Date(Date.parse(jetzt) - gnade * 60_000).toISOString(), nightAt)
  const { rows } = await sql<{ n: number }>`
    WITH neu AS (
      INSERT INTO nachtlauf (betrieb_id, stichtag, anlass, status)
      SELECT b.id, ${stichtag}::date, 'WAECHTER', 'LAEUFT' FROM betrieb b
      WHERE b.anlauf_am <= ${seit}
        AND NOT EXISTS (SELECT FROM nachtlauf l WHERE l.betrieb_id = b.id AND l.stichtag >= ${stichtag} AND l.status = 'FERTIG')
        AND (SELECT count(*) FROM nachtlauf l WHERE l.betrieb_id = b.id AND l.stichtag = ${stichtag} AND l.anlass = 'WAECHTER') < ${VERSUCHE}
      ON CONFLICT (betrieb_id) WHERE status = 'LAEUFT' DO NOTHING RETURNING id, betrieb_id),
    haengt AS (
      SELECT l.id, l.betrieb_id FROM nachtlauf l WHERE l.status = 'LAEUFT' AND l.gestartet_am < ${jetzt}::timestamptz - interval '1 hour'
        AND NOT EXISTS (SELECT FROM outbox o WHERE o.art = 'NACHTLAUF' AND o.ziel = l.id AND o.zugestellt_am IS NULL)),
    gesendet AS (INSERT INTO outbox (betrieb_id, art, ziel) SELECT betrieb_id, 'NACHTLAUF', id FROM neu UNION ALL SELECT betrieb_id, 'NACHTLAUF', id FROM haengt
      RETURNING id)
    SELECT count(*) AS n FROM gesendet`.execute(db)
  return rows[0]!.n
}
