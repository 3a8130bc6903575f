import { type Kysely, sql } from 'kysely'

const BETRIEB = `betrieb_id = nullif(current_setting('app.betrieb', true), '')::int`
const VERMITTLER = `vermittler_id = ANY (nullif(current_setting('app.vermittler', true), '')::int[])`
const SUPERVISOR = `current_setting('app.rolle', true) = 'SUPERVISOR'`

/** Counts of Fälle kept as they change, and the lists' orders as indexes: what a click shows must not depend on how much is open. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    LOCK TABLE fall IN SHARE ROW EXCLUSIVE MODE;

    -- The customer's place in the phone book: the lists sort by it, and an index cannot reach into another table.
    ALTER TABLE fall ADD COLUMN sortiername text COLLATE telefonbuch NOT NULL DEFAULT '';
    UPDATE fall f SET sortiername = concat_ws(', ', k.name, k.vorname) FROM kunde k WHERE k.id = f.kunde_id AND f.status <> 'GESCHLOSSEN';
    CREATE FUNCTION fall_sortiername() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      NEW.sortiername := coalesce((SELECT concat_ws(', ', k.name, k.vorname) FROM kunde k WHERE k.id = NEW.kunde_id), '');
      RETURN NEW;
    END $$;
    CREATE TRIGGER fall_sortiername BEFORE INSERT ON fall FOR EACH ROW EXECUTE FUNCTION fall_sortiername();
    CREATE FUNCTION kunde_umbenannt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      UPDATE fall SET sortiername = concat_ws(', ', NEW.name, NEW.vorname) WHERE kunde_id = NEW.id AND sortiername <> '';
      RETURN NULL;
    END $$;
    CREATE TRIGGER kunde_umbenannt AFTER UPDATE OF name, vorname ON kunde FOR EACH ROW
      WHEN ((OLD.name, OLD.vorname) IS DISTINCT FROM (NEW.name, NEW.vorname)) EXECUTE FUNCTION kunde_umbenannt();

    -- To be worked now and without a reminder, in the order of their urgency: of a Betrieb, and of one Vermittler. CASE, because PostgreSQL does not
    -- take coalesce for leakproof and would not look into the index for a place in the order.
    CREATE INDEX fall_reihe ON fall (betrieb_id, gevo, (CASE WHEN frist IS NULL THEN 'infinity' ELSE frist END), prio, (CASE WHEN bearbeiten_bis IS NULL THEN 'infinity' ELSE bearbeiten_bis END), sortiername, id)
      WHERE status IN ('OFFEN', 'IN_ARBEIT') AND offene_vorgaenge = 0;
    CREATE INDEX fall_reihe_vermittler ON fall (betrieb_id, vermittler_id, gevo, (CASE WHEN frist IS NULL THEN 'infinity' ELSE frist END), prio, (CASE WHEN bearbeiten_bis IS NULL THEN 'infinity' ELSE bearbeiten_bis END), sortiername, id)
      WHERE status IN ('OFFEN', 'IN_ARBEIT') AND offene_vorgaenge = 0;
    DROP INDEX fall_liste;
    -- With a reminder, by its moment.
    CREATE INDEX fall_wiedervorlage ON fall (betrieb_id, gevo, erinnerung_am, id, vermittler_id) WHERE status IN ('OFFEN', 'IN_ARBEIT') AND offene_vorgaenge > 0;
    CREATE INDEX vorgang_faellig ON vorgang (betrieb_id, vermittler_id, fall_id) WHERE status = 'FAELLIG';

    -- How many Fälle of the catalogue are not closed. What changes is added as a row (nobody waits for anybody); the worker folds the rows into
    -- sums: one for each Vermittler, and one of the whole Betrieb (vermittler_id null).
    CREATE TABLE fall_zaehler (
      betrieb_id integer NOT NULL,
      vermittler_id integer,
      gevo text NOT NULL,
      status text NOT NULL,
      -- Has an open Vorgang.
      wartet boolean NOT NULL,
      frist date,
      -- The night that opened it, while it is untouched; null once a later night is complete.
      stichtag date,
      n integer NOT NULL,
      gefaltet boolean NOT NULL DEFAULT false,
      CHECK (gefaltet OR vermittler_id IS NOT NULL)
    );
    CREATE UNIQUE INDEX fall_zaehler_summe ON fall_zaehler (betrieb_id, vermittler_id, gevo, status, wartet, frist, stichtag) NULLS NOT DISTINCT WHERE gefaltet;
    CREATE INDEX fall_zaehler_offen ON fall_zaehler (betrieb_id) WHERE NOT gefaltet;
    CREATE INDEX fall_zaehler_nacht ON fall_zaehler (betrieb_id, stichtag) WHERE gefaltet AND stichtag IS NOT NULL;

    CREATE FUNCTION fall_zaehlen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        INSERT INTO fall_zaehler (betrieb_id, vermittler_id, gevo, status, wartet, frist, stichtag, n)
        SELECT betrieb_id, vermittler_id, gevo, status, offene_vorgaenge > 0, frist, CASE WHEN status = 'OFFEN' THEN stichtag END, count(*) FROM neu
        WHERE status <> 'GESCHLOSSEN' AND gevo <> 'VORGANG' GROUP BY 1, 2, 3, 4, 5, 6, 7;
      ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO fall_zaehler (betrieb_id, vermittler_id, gevo, status, wartet, frist, stichtag, n)
        SELECT betrieb_id, vermittler_id, gevo, status, offene_vorgaenge > 0, frist, CASE WHEN status = 'OFFEN' THEN stichtag END, -count(*) FROM alt
        WHERE status <> 'GESCHLOSSEN' AND gevo <> 'VORGANG' GROUP BY 1, 2, 3, 4, 5, 6, 7;
      ELSE
        INSERT INTO fall_zaehler (betrieb_id, vermittler_id, gevo, status, wartet, frist, stichtag, n)
        SELECT betrieb_id, vermittler_id, gevo, status, offene_vorgaenge > 0, frist, CASE WHEN status = 'OFFEN' THEN stichtag END, sum(d)
        FROM (SELECT betrieb_id, vermittler_id, gevo, status, offene_vorgaenge, frist, stichtag, 1 AS d FROM neu
          UNION ALL SELECT betrieb_id, vermittler_id, gevo, status, offene_vorgaenge, frist, stichtag, -1 FROM alt) beide
        WHERE status <> 'GESCHLOSSEN' AND gevo <> 'VORGANG' GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(d) <> 0;
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER fall_zaehlen_neu AFTER INSERT ON fall REFERENCING NEW TABLE AS neu FOR EACH STATEMENT EXECUTE FUNCTION fall_zaehlen();
    CREATE TRIGGER fall_zaehlen_anders AFTER UPDATE ON fall REFERENCING OLD TABLE AS alt NEW TABLE AS neu FOR EACH STATEMENT EXECUTE FUNCTION fall_zaehlen();
    CREATE TRIGGER fall_zaehlen_weg AFTER DELETE ON fall REFERENCING OLD TABLE AS alt FOR EACH STATEMENT EXECUTE FUNCTION fall_zaehlen();

    INSERT INTO fall_zaehler (betrieb_id, vermittler_id, gevo, status, wartet, frist, stichtag, n, gefaltet)
      SELECT betrieb_id, vermittler_id, gevo, status, wartet, frist, stichtag, count(*), true
      FROM (SELECT betrieb_id, vermittler_id, gevo, status, offene_vorgaenge > 0 AS wartet, frist, CASE WHEN status = 'OFFEN' THEN stichtag END AS stichtag
        FROM fall WHERE status <> 'GESCHLOSSEN' AND gevo <> 'VORGANG') f
      GROUP BY GROUPING SETS ((betrieb_id, vermittler_id, gevo, status, wartet, frist, stichtag), (betrieb_id, gevo, status, wartet, frist, stichtag));

    REVOKE EXECUTE ON FUNCTION fall_sortiername(), kunde_umbenannt(), fall_zaehlen() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION fall_sortiername(), kunde_umbenannt(), fall_zaehlen() TO vm_web, vm_worker;
  `.execute(db)
  await sql
    .raw(`
    ALTER TABLE fall_zaehler ENABLE ROW LEVEL SECURITY;
    ALTER TABLE fall_zaehler FORCE ROW LEVEL SECURITY;
    CREATE POLICY eigner ON fall_zaehler TO CURRENT_USER USING (true) WITH CHECK (true);
    CREATE POLICY worker ON fall_zaehler TO vm_worker USING (true) WITH CHECK (true);
    CREATE POLICY web_lesen ON fall_zaehler FOR SELECT TO vm_web USING (${BETRIEB} AND (${VERMITTLER} OR (vermittler_id IS NULL AND ${SUPERVISOR})));
    GRANT SELECT ON fall_zaehler TO vm_web;
    GRANT SELECT, INSERT, UPDATE, DELETE ON fall_zaehler TO vm_worker;
  `)
    .execute(db)
}
