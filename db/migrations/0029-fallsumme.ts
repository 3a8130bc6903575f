import { type Kysely, sql } from 'kysely'

const BETRIEB = `betrieb_id = nullif(current_setting('app.betrieb', true), '')::int`
const VERMITTLER = `vermittler_id = ANY (nullif(current_setting('app.vermittler', true), '')::int[])`
const SUPERVISOR = `current_setting('app.rolle', true) = 'SUPERVISOR'`

/**
 * The counters once more, without their Fristen: a large Betrieb has thousands of folded rows, one for each day of each GeVo, and menu and lists ask for
 * the sum of them on every page. Kept by whoever folds (db/fallzaehler.ts); a worker of an older version, which does not know it, is refused to fold: its
 * rows stay, and every sum stays right.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE fall_summe (
      betrieb_id integer NOT NULL,
      -- Null: the Betrieb's.
      vermittler_id integer,
      gevo text NOT NULL,
      dokumentiert boolean NOT NULL,
      wartet boolean NOT NULL,
      stichtag date,
      n integer NOT NULL
    );
    CREATE UNIQUE INDEX fall_summe_eine ON fall_summe (betrieb_id, vermittler_id, gevo, dokumentiert, wartet, stichtag) NULLS NOT DISTINCT;

    LOCK TABLE fall_zaehler IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO fall_summe SELECT betrieb_id, vermittler_id, gevo, status = 'DOKUMENTIERT', wartet, stichtag, sum(n) FROM fall_zaehler WHERE gefaltet
      GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0;

    CREATE FUNCTION fall_zaehler_faltet_wer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ALTE_FASSUNG_FALTET'; END $$;
    CREATE TRIGGER fall_zaehler_faltet BEFORE INSERT ON fall_zaehler FOR EACH ROW
      WHEN (NEW.gefaltet AND current_setting('app.faltet', true) IS DISTINCT FROM 'mit summe') EXECUTE FUNCTION fall_zaehler_faltet_wer();
    REVOKE EXECUTE ON FUNCTION fall_zaehler_faltet_wer() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION fall_zaehler_faltet_wer() TO vm_web, vm_worker;
  `.execute(db)
  await sql
    .raw(`
    ALTER TABLE fall_summe ENABLE ROW LEVEL SECURITY;
    ALTER TABLE fall_summe FORCE ROW LEVEL SECURITY;
    CREATE POLICY eigner ON fall_summe TO CURRENT_USER USING (true) WITH CHECK (true);
    CREATE POLICY worker ON fall_summe TO vm_worker USING (true) WITH CHECK (true);
    CREATE POLICY web_lesen ON fall_summe FOR SELECT TO vm_web USING (${BETRIEB} AND (${SUPERVISOR} OR ${VERMITTLER}));
    GRANT SELECT ON fall_summe TO vm_web;
    GRANT SELECT, INSERT, UPDATE, DELETE ON fall_summe TO vm_worker;
  `)
    .execute(db)
}
