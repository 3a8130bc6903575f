import { type Kysely, sql } from 'kysely'

/**
 * Folded rows of fall_zaehler are only asked for Fristen since fall_summe has the rest: one for each day, instead of one for each mixture of status, reminder
 * and night besides. A worker of an older version may go on folding: its rows are more, and every sum stays right.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    LOCK TABLE fall_zaehler IN SHARE ROW EXCLUSIVE MODE;
    SELECT set_config('app.faltet', 'mit summe', true);
    CREATE TEMPORARY TABLE fristen ON COMMIT DROP AS
      SELECT betrieb_id, vermittler_id, gevo, CASE status WHEN 'DOKUMENTIERT' THEN status ELSE 'OFFEN' END AS status, CASE WHEN status <> 'DOKUMENTIERT' THEN frist END AS frist, sum(n) AS n
      FROM fall_zaehler WHERE gefaltet GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0;
    DELETE FROM fall_zaehler WHERE gefaltet;
    INSERT INTO fall_zaehler (betrieb_id, vermittler_id, gevo, status, wartet, frist, n, gefaltet)
      SELECT betrieb_id, vermittler_id, gevo, status, false, frist, n, true FROM fristen;
    DROP INDEX fall_zaehler_nacht;
  `.execute(db)
}
