/**
 * The counts of Fälle that are not closed (0019-fallzaehler): kept by triggers as rows that add up, folded by the worker. Counting the Fälle
 * themselves costs a large Betrieb tens of milliseconds for each click.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Schema } from './schema.ts'
import type { Db } from './verbindung.ts'

const supervisor = sql`current_setting('app.rolle', true) = 'SUPERVISOR'`
const eigene = sql`vermittler_id = ANY (nullif(current_setting('app.vermittler', true), '')::int[])`

/**
 * Rows that add up to what the asking person sees of each Frist; a sum may stand in several of them. A Supervisor's are the Betrieb's own sums, a Vermittler's
 * the own ones; what is not folded yet comes on top.
 */
export function zaehlerzeilen(vermittler: number | undefined): RawBuilder<unknown> {
  const zeilen = sql`SELECT gevo, status, frist, n FROM fall_zaehler`
  if (vermittler !== undefined) return sql`(${zeilen} WHERE vermittler_id = ${vermittler})`
  return sql`(${zeilen} WHERE gefaltet AND vermittler_id IS NULL AND ${supervisor}
    UNION ALL ${zeilen} WHERE gefaltet AND ${eigene} AND NOT ${supervisor}
    UNION ALL ${zeilen} WHERE NOT gefaltet AND ${supervisor} UNION ALL ${zeilen} WHERE NOT gefaltet AND ${eigene} AND NOT ${supervisor})`
}

/** The same without Fristen (0029-fallsumme): few rows, however many Fälle there are. */
export function summenzeilen(vermittler: number | undefined): RawBuilder<unknown> {
  const summen = sql`SELECT gevo, dokumentiert, wartet, stichtag, n FROM fall_summe`
  const offen = sql`SELECT gevo, status = 'DOKUMENTIERT' AS dokumentiert, wartet, stichtag, n FROM fall_zaehler WHERE NOT gefaltet`
  if (vermittler !== undefined) return sql`(${summen} WHERE vermittler_id = ${vermittler} UNION ALL ${offen} AND vermittler_id = ${vermittler})`
  return sql`(${summen} WHERE vermittler_id IS NULL AND ${supervisor}
    UNION ALL ${summen} WHERE ${eigene} AND NOT ${supervisor}
    UNION ALL ${offen} AND ${supervisor} UNION ALL ${offen} AND ${eigene} AND NOT ${supervisor})`
}

/**
 * What was added since the last time becomes part of the sums, in one transaction: nobody sees a sum without its parts, or with both. Returns how many rows
 * were folded. Folded rows of fall_zaehler are only asked for Fristen: they are one for each day, whatever else is different about the Fälle.
 */
export async function foldZaehler(db: Db): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ gefaltet: number; leer: string[] | null; leereSummen: string[] | null }>`
      WITH faltet AS MATERIALIZED (SELECT set_config('app.faltet', 'mit summe', true)),
      weg AS (DELETE FROM fall_zaehler WHERE NOT gefaltet RETURNING *),
      beide AS (
        SELECT betrieb_id, vermittler_id, gevo, status = 'DOKUMENTIERT' AS dokumentiert, wartet, frist, stichtag, n FROM weg
        UNION ALL SELECT betrieb_id, NULL, gevo, status = 'DOKUMENTIERT', wartet, frist, stichtag, n FROM weg),
      zaehler AS (
        INSERT INTO fall_zaehler AS z (betrieb_id, vermittler_id, gevo, status, wartet, frist, stichtag, n, gefaltet)
        SELECT betrieb_id, vermittler_id, gevo, CASE WHEN dokumentiert THEN 'DOKUMENTIERT' ELSE 'OFFEN' END, false, CASE WHEN NOT dokumentiert THEN frist END, NULL,
          sum(n), true FROM beide, faltet GROUP BY 1, 2, 3, 4, 6 HAVING sum(n) <> 0
        ON CONFLICT (betrieb_id, vermittler_id, gevo, status, wartet, frist, stichtag) WHERE gefaltet DO UPDATE SET n = z.n + excluded.n
        RETURNING z.ctid, z.n),
      summe AS (${addSummen(sql`SELECT betrieb_id, vermittler_id, gevo, dokumentiert, wartet, stichtag, sum(n) FROM beide GROUP BY 1, 2, 3, 4, 5, 6`)})
      SELECT (SELECT count(*) FROM weg) AS gefaltet, (SELECT array_agg(ctid::text) FROM zaehler WHERE n = 0) AS leer,
        (SELECT array_agg(ctid::text) FROM summe WHERE n = 0) AS "leereSummen"`.execute(trx)
    const { gefaltet, leer, leereSummen } = rows[0]!
    if (leer) await sql`DELETE FROM fall_zaehler WHERE ctid = ANY (${leer}::tid[])`.execute(trx)
    await deleteLeere(trx, leereSummen)
    return gefaltet
  })
}

/** The sums of nights before the last complete one: which of them opened a Fall is nobody's question any more. */
export async function foldNaechte(db: Db): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ leere: string[] | null }>`
      WITH weg AS (
        DELETE FROM fall_summe s USING (SELECT betrieb_id, max(stichtag) AS stichtag FROM nachtlauf WHERE status = 'FERTIG' GROUP BY betrieb_id) l
        WHERE s.betrieb_id = l.betrieb_id AND s.stichtag < l.stichtag RETURNING s.*),
      summe AS (${addSummen(sql`SELECT betrieb_id, vermittler_id, gevo, dokumentiert, wartet, NULL::date, sum(n) FROM weg GROUP BY 1, 2, 3, 4, 5`)})
      SELECT (SELECT array_agg(ctid::text) FROM summe WHERE n = 0) AS leere`.execute(trx)
    await deleteLeere(trx, rows[0]!.leere)
  })
}

function addSummen(zeilen: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    INSERT INTO fall_summe AS s (betrieb_id, vermittler_id, gevo, dokumentiert, wartet, stichtag, n) ${zeilen} HAVING sum(n) <> 0
    ON CONFLICT (betrieb_id, vermittler_id, gevo, dokumentiert, wartet, stichtag) DO UPDATE SET n = s.n + excluded.n RETURNING s.ctid, s.n`
}

async function deleteLeere(db: Kysely<Schema>, summen: string[] | null): Promise<void> {
  if (summen) await sql`DELETE FROM fall_summe WHERE ctid = ANY (${summen}::tid[])`.execute(db)
}
