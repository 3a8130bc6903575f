/**
 * The Nachtlauf: one row per Betrieb and run, one per rule in it. Everything in it may be called twice and killed anywhere:
 * what was done is in the rows. Runs as the worker.
 *
 * Order: close what was documented on earlier days (so that what is free again can be found the same night), ask each rule
 * (open, then end), escalate, report.
 */
import { sql } from 'kysely'
import { sortRegeln } from '../domain/reihenfolge.ts'
import type { Regel } from './bestand.ts'
import type { Trx } from './faelle.ts'
import { deleteDelivered } from './outbox.ts'
import { type Vorgabe, ensureRegeln } from './regeln.ts'
import type { Tag } from './schema.ts'
import type { Db } from './verbindung.ts'

/** The runs of several Betriebe for one day: the night goes through them as one set. */
export interface Nacht {
  stichtag: Tag
  /** Ids of rows in nachtlauf. */
  laeufe: number[]
}

/** Runs that ask the rules in the same order. */
export interface Reihe {
  laeufe: number[]
  gevos: string[]
}

/**
 * The planned night: a run for each released Betrieb. A run of the same day that is under way is joined; one of an earlier
 * day was left behind and is given up; a Betrieb that already has a later day is left alone (its windows have moved on).
 */
export async function beginNacht(db: Db, katalog: readonly Vorgabe[], stichtag: Tag): Promise<Nacht> {
  return db.transaction().execute(async (trx) => {
    await ensureRegeln(trx, katalog)
    await sql`WITH alt AS (UPDATE nachtlauf SET status = 'FEHLER', beendet_am = now() WHERE status = 'LAEUFT' AND stichtag < ${stichtag} RETURNING id)
      UPDATE nachtlauf_gevo g SET unentschieden = NULL FROM alt WHERE g.nachtlauf_id = alt.id AND g.unentschieden IS NOT NULL`.execute(trx)
    await sql`INSERT INTO nachtlauf (betrieb_id, stichtag, anlass, status) SELECT b.id, ${stichtag}::date, 'PLAN', 'LAEUFT' FROM betrieb b
      WHERE b.anlauf_am IS NOT NULL AND NOT EXISTS (SELECT FROM nachtlauf l WHERE l.betrieb_id = b.id AND l.stichtag > ${stichtag})
      ORDER BY b.id ON CONFLICT (betrieb_id) WHERE status = 'LAEUFT' DO NOTHING`.execute(trx)
    const { rows } = await sql<{ id: number }>`SELECT id FROM nachtlauf WHERE status = 'LAEUFT' AND stichtag = ${stichtag} ORDER BY id`.execute(trx)
    const laeufe = rows.map(({ id }) => id)
    await insertGevos(trx, katalog, laeufe)
    return { stichtag, laeufe }
  })
}

/** A run whose row already stands (by hand or the watchdog's). No runs where it has ended. */
export async function beginLauf(db: Db, katalog: readonly Vorgabe[], id: number): Promise<Nacht> {
  return db.transaction().execute(async (trx) => {
    await ensureRegeln(trx, katalog)
    const lauf = await trx.selectFrom('nachtlauf').select(['stichtag', 'status']).where('id', '=', id).executeTakeFirst()
    if (lauf?.status !== 'LAEUFT') return { stichtag: lauf?.stichtag ?? '', laeufe: [] }
    await insertGevos(trx, katalog, [id])
    return { stichtag: lauf.stichtag, laeufe: [id] }
  })
}

/**
 * The catalogue's order; where a Betrieb with a daily quota has priorities of its own, theirs: the quota is shared in the order in which rules are asked.
 * Every run stands in one of them.
 */
export async function listReihen(db: Db, katalog: readonly Regel[], { laeufe }: Nacht): Promise<Reihe[]> {
  const { rows } = await sql<{ id: number; prios: Record<string, number> }>`
    SELECT l.id, jsonb_object_agg(s.gevo, s.prio) AS prios FROM nachtlauf l JOIN betrieb b ON b.id = l.betrieb_id
      JOIN nachtlauf_gevo g ON g.nachtlauf_id = l.id JOIN regel_stand s ON s.betrieb_id = g.betrieb_id AND s.gevo = g.gevo AND s.version = g.regel_version
    WHERE l.id = ANY (${laeufe}::integer[]) AND b.tagesquote IS NOT NULL AND s.prio IS NOT NULL GROUP BY l.id`.execute(db)
  const eigene = new Map(rows.map(({ id, prios }) => [id, prios]))
  const reihen = new Map<string, Reihe>()
  for (const lauf of laeufe) {
    const gevos = sortRegeln(katalog, eigene.get(lauf)).map(({ code }) => code)
    const reihe = reihen.get(gevos.join()) ?? { laeufe: [], gevos }
    reihe.laeufe.push(lauf)
    reihen.set(gevos.join(), reihe)
  }
  return [...reihen.values()]
}

/** Ends the runs: FEHLER where a step failed or a rule was not finished. */
export async function finishNacht(db: Db, { laeufe }: Nacht, vollstaendig = true): Promise<void> {
  await sql`UPDATE nachtlauf l SET beendet_am = now(),
      status = CASE WHEN NOT ${vollstaendig}::boolean OR EXISTS (SELECT FROM nachtlauf_gevo g WHERE g.nachtlauf_id = l.id AND NOT g.fertig) THEN 'FEHLER' ELSE 'FERTIG' END
    WHERE l.id = ANY (${laeufe}::integer[]) AND l.status = 'LAEUFT'`.execute(db)
  await sql`UPDATE nachtlauf_gevo SET unentschieden = NULL WHERE nachtlauf_id = ANY (${laeufe}::integer[]) AND unentschieden IS NOT NULL`.execute(db)
  await deleteDelivered(db)
}

/** The settings the whole run uses, as they stand at its beginning: who saves meanwhile changes the next night, and a repeat finds them here. */
async function insertGevos(db: Trx, katalog: readonly Vorgabe[], laeufe: readonly number[]): Promise<void> {
  await sql`INSERT INTO nachtlauf_gevo (nachtlauf_id, betrieb_id, gevo, regel_version)
    SELECT l.id, l.betrieb_id, r.gevo, r.version FROM nachtlauf l JOIN regel r ON r.betrieb_id = l.betrieb_id AND r.an AND r.gevo = ANY (${katalog.map(({ code }) => code)}::text[])
    WHERE l.id = ANY (${laeufe}::integer[]) AND NOT EXISTS (SELECT FROM nachtlauf_gevo g WHERE g.nachtlauf_id = l.id)
    ON CONFLICT DO NOTHING`.execute(db)
}
