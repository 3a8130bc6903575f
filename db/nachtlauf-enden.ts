/**
 * The set door, second half: what the night changes in open Fälle. In batches of 1,000, each its own transaction with its protokoll,
 * its messages and its count, so that a click never waits long and a killed run goes on where it stood. A Fall somebody is just
 * saving is passed over and taken at the end. Held to the results of `advance` by a test.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Nacht } from './nachtlauf.ts'
import { STAND_JSON } from './nachtlauf-stand.ts'
import type { Schema } from './schema.ts'

const BATCH = 1_000

/** One kind of change to a set of Fälle. */
interface Aenderung {
  /** Which Fälle (f) are due, checked under lock: one that was changed no longer is. */
  faellig: RawBuilder<unknown>
  /** Tables to join f with, if any. */
  mit?: RawBuilder<unknown>
  set: RawBuilder<unknown>
  ereignis: 'obsolete' | 'closed' | 'escalated' | 'reassigned'
  codes: RawBuilder<unknown>
  /** Whether the workflow is told. */
  nachricht: boolean
  /** What goes along in the same statement (from geaendert): mostly the run's count. */
  dazu: RawBuilder<unknown>
}

/**
 * The finding is gone: who has not begun is closed, somebody else's work is only marked, once. If the finding comes back later,
 * the mark stays (the person has read it); the Fall is found as open and goes on.
 */
export async function endObsolete(db: Kysely<Schema>, laeufe: readonly number[], gevo: string): Promise<void> {
  await change(db, {
    mit: sql`JOIN pg_temp.enden e ON e.id = f.id`,
    faellig: sql`(f.status = 'OFFEN' OR (f.status = 'IN_ARBEIT' AND f.befund_entfallen_am IS NULL))`,
    set: sql`befund_entfallen_am = now(), version = f.version + 1,
      status = CASE WHEN f.status = 'OFFEN' THEN 'GESCHLOSSEN' ELSE f.status END,
      geschlossen_am = CASE WHEN f.status = 'OFFEN' THEN now() END,
      geschlossen_grund = CASE WHEN f.status = 'OFFEN' THEN (SELECT e.grund FROM pg_temp.enden e WHERE e.id = f.id) END`,
    ereignis: 'obsolete',
    codes: sql`jsonb_build_object('grund', (SELECT e.grund FROM pg_temp.enden e WHERE e.id = n.id))`,
    nachricht: true,
    dazu: sql`UPDATE nachtlauf_gevo g SET beendet = g.beendet + z.zu, entfallen = g.entfallen + z.n - z.zu
      FROM (SELECT betrieb_id, count(*) AS n, count(*) FILTER (WHERE status = 'GESCHLOSSEN') AS zu FROM geaendert GROUP BY betrieb_id) z
      WHERE g.nachtlauf_id = ANY (${laeufe}::integer[]) AND g.gevo = ${gevo} AND g.betrieb_id = z.betrieb_id`,
  })
}

/** Documented before the Stichtag (by the Berlin date, whenever the run happens): gone from the list this morning. */
export async function closeDocumented(db: Kysely<Schema>, nacht: Nacht): Promise<void> {
  await change(db, {
    faellig: sql`f.status = 'DOKUMENTIERT' AND f.dokumentiert_am < ${nacht.stichtag}::date::timestamp AT TIME ZONE 'Europe/Berlin' AND ${inNacht(nacht)}`,
    set: sql`status = 'GESCHLOSSEN', version = f.version + 1, geschlossen_am = now(), geschlossen_grund = 'DOKUMENTIERT'`,
    ereignis: 'closed',
    codes: sql`jsonb_build_object('grund', 'DOKUMENTIERT')`,
    nachricht: true,
    dazu: count(nacht, 'geschlossen'),
  })
}

/** A Frist that has passed goes to the Supervisor, once. No event of the Fall itself: version and workflow stay as they are. */
export async function escalate(db: Kysely<Schema>, nacht: Nacht): Promise<void> {
  await change(db, {
    faellig: sql`f.status IN ('OFFEN', 'IN_ARBEIT') AND f.eskaliert_am IS NULL AND f.frist < ${nacht.stichtag} AND ${inNacht(nacht)}`,
    set: sql`eskaliert_am = ${nacht.stichtag}`,
    ereignis: 'escalated',
    codes: sql`jsonb_build_object('frist', n.frist)`,
    nachricht: false,
    dazu: count(nacht, 'eskaliert'),
  })
}

/**
 * A Fall opened in the very moment in which its Kunde changed hands or name knows the old ones: the one transaction could not see the other. Until then it
 * is with the Vermittler for whom it was found.
 */
export async function followKunden(db: Kysely<Schema>, nacht: Nacht): Promise<void> {
  const name = sql`concat_ws(', ', k.name, k.vorname)`
  await sql`UPDATE fall f SET sortiername = ${name} FROM kunde k WHERE k.id = f.kunde_id AND f.status <> 'GESCHLOSSEN' AND f.sortiername <> ${name} AND ${inNacht(nacht)}`.execute(
    db,
  )
  await change(db, {
    mit: sql`JOIN kunde k ON k.id = f.kunde_id`,
    faellig: sql`f.status <> 'GESCHLOSSEN' AND f.vermittler_id <> k.vermittler_id AND ${inNacht(nacht)}`,
    set: sql`version = f.version + 1, vermittler_id = (SELECT k.vermittler_id FROM kunde k WHERE k.id = f.kunde_id)`,
    ereignis: 'reassigned',
    codes: sql`jsonb_build_object('vermittler', n.vermittler_id)`,
    nachricht: true,
    dazu: sql`UPDATE vorgang g SET vermittler_id = n.vermittler_id FROM geaendert n WHERE g.fall_id = n.id`,
  })
}

function inNacht({ laeufe }: Nacht): RawBuilder<unknown> {
  return sql`f.betrieb_id IN (SELECT l.betrieb_id FROM nachtlauf l WHERE l.id = ANY (${laeufe}::integer[]) AND l.status = 'LAEUFT')`
}

function count({ laeufe }: Nacht, zaehler: string): RawBuilder<unknown> {
  return sql`UPDATE nachtlauf l SET zaehler = jsonb_set(l.zaehler, ${sql.lit(`{${zaehler}}`)}, to_jsonb(coalesce((l.zaehler ->> ${sql.lit(zaehler)})::integer, 0) + z.n))
    FROM (SELECT betrieb_id, count(*) AS n FROM geaendert GROUP BY betrieb_id) z WHERE l.id = ANY (${laeufe}::integer[]) AND l.betrieb_id = z.betrieb_id`
}

/** First everybody who is free, then those who were just being changed by somebody else. */
async function change(db: Kysely<Schema>, aenderung: Aenderung): Promise<void> {
  for (const warten of [false, true]) while ((await changeBatch(db, aenderung, warten)) > 0);
}

async function changeBatch(
  db: Kysely<Schema>,
  { faellig, mit = sql``, set, ereignis, codes, nachricht, dazu }: Aenderung,
  warten: boolean,
): Promise<number> {
  const melden = sql`, nachricht AS (INSERT INTO outbox (betrieb_id, spur, art, ziel, signal, stand)
    SELECT betrieb_id, 1, 'FALL', id, ${ereignis}, ${STAND_JSON} FROM geaendert ORDER BY id)`
  const { rows } = await sql<{ n: number }>`
    WITH dran AS MATERIALIZED (
      SELECT f.id FROM fall f ${mit} WHERE ${faellig} ORDER BY f.id LIMIT ${sql.lit(BATCH)} FOR NO KEY UPDATE OF f ${warten ? sql`` : sql`SKIP LOCKED`}),
    geaendert AS (UPDATE fall f SET ${set} FROM dran WHERE f.id = dran.id RETURNING f.*),
    eintrag AS (
      INSERT INTO protokoll (betrieb_id, fall_id, kunde_id, ereignis, version, quelle, codes)
      SELECT n.betrieb_id, n.id, n.kunde_id, ${ereignis}, n.version, 'NACHT', ${codes} FROM geaendert n ORDER BY n.id)
    ${nachricht ? melden : sql``},
    dazu AS (${dazu})
    SELECT count(*) AS n FROM geaendert`.execute(db)
  return rows[0]!.n
}
