import { type Kysely, sql } from 'kysely'

const BETRIEB = `betrieb_id = nullif(current_setting('app.betrieb', true), '')::int`
const SUPERVISOR = `current_setting('app.rolle', true) = 'SUPERVISOR'`

/** Read by everybody of the Betrieb (a Fall shows its Regelstand), or only by the Supervisor; written by the Supervisor. */
const SICHTBAR: Record<string, string> = {
  regel_stand: BETRIEB,
  altbestand: `${BETRIEB} AND ${SUPERVISOR}`,
  altbestand_schluessel: `${BETRIEB} AND ${SUPERVISOR}`,
}

/** Every edition of a rule's settings, what a Supervisor has looked through in bulk, and a Sperrfrist that ends early. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Thresholds are whole numbers: one that is not would fail its rule in the night of every Betrieb.
    CREATE FUNCTION ganze_zahlen(werte jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN jsonb_typeof(werte) = 'object' THEN NOT EXISTS (SELECT FROM jsonb_each(werte) e WHERE NOT
        CASE WHEN jsonb_typeof(e.value) = 'number' THEN e.value::numeric = trunc(e.value::numeric) AND abs(e.value::numeric) <= 1000000 ELSE false END) ELSE false END $$;
    -- A threshold as it is read: what is missing, no whole number or out of bounds is the GeVo's own. Never fails.
    CREATE FUNCTION regelwert(werte jsonb, name text, vorgabe integer, von integer, bis integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN jsonb_typeof(werte -> name) = 'number' THEN
        CASE WHEN (werte ->> name)::numeric BETWEEN von AND bis AND (werte ->> name)::numeric = trunc((werte ->> name)::numeric)
          THEN (werte ->> name)::numeric::integer ELSE vorgabe END ELSE vorgabe END $$;
    REVOKE EXECUTE ON FUNCTION ganze_zahlen(jsonb), regelwert(jsonb, text, integer, integer, integer) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION ganze_zahlen(jsonb), regelwert(jsonb, text, integer, integer, integer) TO vm_web, vm_worker;

    UPDATE regel SET werte = '{}' WHERE NOT ganze_zahlen(werte);
    ALTER TABLE regel
      ADD CONSTRAINT regel_werte_check CHECK (ganze_zahlen(werte)),
      -- Null: as the GeVo says.
      ADD COLUMN prio smallint CHECK (prio BETWEEN 1 AND 4),
      ADD COLUMN sperrfrist_monate smallint CHECK (sperrfrist_monate BETWEEN 1 AND 60);

    CREATE TABLE regel_stand (
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      gevo text NOT NULL,
      version integer NOT NULL,
      an boolean NOT NULL,
      werte jsonb NOT NULL CHECK (ganze_zahlen(werte)),
      prio smallint,
      sperrfrist_monate smallint,
      am timestamptz NOT NULL DEFAULT now(),
      von integer REFERENCES vermittler ON DELETE SET NULL,
      PRIMARY KEY (betrieb_id, gevo, version)
    );
    INSERT INTO regel_stand (betrieb_id, gevo, version, an, werte, am, von)
      SELECT betrieb_id, gevo, version, an, werte, geaendert_am, geaendert_von FROM regel;

    -- Whoever changes a rule makes a new edition of it; nobody can change one without.
    CREATE FUNCTION regel_zaehlen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (NEW.an, NEW.werte, NEW.prio, NEW.sperrfrist_monate) IS DISTINCT FROM (OLD.an, OLD.werte, OLD.prio, OLD.sperrfrist_monate) THEN
        NEW.version := OLD.version + 1;
        NEW.geaendert_am := now();
      ELSE
        NEW.version := OLD.version;
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER regel_zaehlen BEFORE UPDATE ON regel FOR EACH ROW EXECUTE FUNCTION regel_zaehlen();
    CREATE FUNCTION regel_festhalten() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      INSERT INTO regel_stand (betrieb_id, gevo, version, an, werte, prio, sperrfrist_monate, am, von)
        VALUES (NEW.betrieb_id, NEW.gevo, NEW.version, NEW.an, NEW.werte, NEW.prio, NEW.sperrfrist_monate, NEW.geaendert_am, NEW.geaendert_von)
        ON CONFLICT DO NOTHING;
      RETURN NULL;
    END $$;
    CREATE TRIGGER regel_festhalten AFTER INSERT OR UPDATE ON regel FOR EACH ROW EXECUTE FUNCTION regel_festhalten();

    -- "Altbestand geprüft": findings of one rule that a Supervisor has looked through in bulk; held back until bis (a day of the night, inclusive).
    CREATE TABLE altbestand (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      gevo text NOT NULL,
      bis date NOT NULL,
      grund text NOT NULL CHECK (grund <> ''),
      anzahl integer NOT NULL,
      am timestamptz NOT NULL DEFAULT now(),
      von integer REFERENCES vermittler ON DELETE SET NULL,
      zurueckgenommen_am timestamptz,
      zurueckgenommen_von integer REFERENCES vermittler ON DELETE SET NULL
    );
    CREATE INDEX altbestand_regel ON altbestand (betrieb_id, gevo);
    CREATE TABLE altbestand_schluessel (
      altbestand_id integer NOT NULL REFERENCES altbestand ON DELETE CASCADE,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      schluessel text NOT NULL,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      PRIMARY KEY (altbestand_id, schluessel)
    );
    CREATE INDEX ON altbestand_schluessel (kunde_id);
    CREATE INDEX ON altbestand_schluessel (betrieb_id);

    -- A Sperrfrist that no longer holds, by a Supervisor's word or a new Anlass; why stands in the protokoll.
    ALTER TABLE fall ADD COLUMN sperre_aufgehoben_am timestamptz;
    ALTER TABLE protokoll DROP CONSTRAINT protokoll_quelle_check;
    -- BESTAND: the portfolio changed (a delivery).
    ALTER TABLE protokoll ADD CONSTRAINT protokoll_quelle_check CHECK (quelle IN ('KLICK', 'TIMER', 'SIGNAL', 'NACHT', 'BESTAND'));

    -- Who declined after advice is asked again when something in life has changed (address, job, family), whoever wrote it: a person or a delivery.
    -- A field that only became known is no change.
    CREATE FUNCTION sperre_aufheben(kunde integer, anlass text) RETURNS void LANGUAGE sql AS $$
      WITH frei AS (
        UPDATE fall f SET sperre_aufgehoben_am = now()
        WHERE f.kunde_id = kunde AND f.status = 'GESCHLOSSEN' AND f.ergebnis = 'ABGELEHNT_NACH_BERATUNG' AND f.sperre_aufgehoben_am IS NULL
          AND f.sperre_bis >= (now() AT TIME ZONE 'Europe/Berlin')::date
        RETURNING f.id, f.betrieb_id, f.kunde_id, f.version)
      INSERT INTO protokoll (betrieb_id, fall_id, kunde_id, ereignis, version, quelle, vermittler_id, codes)
        SELECT betrieb_id, id, kunde_id, 'unlocked', version, CASE WHEN nullif(current_setting('app.person', true), '') IS NULL THEN 'BESTAND' ELSE 'KLICK' END,
          nullif(current_setting('app.person', true), '')::int, jsonb_build_object('anlass', anlass) FROM frei $$;
    CREATE FUNCTION kunde_neuer_anlass() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM sperre_aufheben(NEW.id, CASE
        WHEN OLD.anschriftschluessel <> NEW.anschriftschluessel AND OLD.plz <> '' AND OLD.strasse <> '' THEN 'ANSCHRIFT'
        WHEN OLD.familienstand <> NEW.familienstand THEN 'FAMILIE' ELSE 'BERUF' END);
      RETURN NULL;
    END $$;
    CREATE TRIGGER kunde_neuer_anlass AFTER UPDATE OF strasse, plz, familienstand, erwerbsstatus, beruf ON kunde FOR EACH ROW
      WHEN ((OLD.anschriftschluessel <> NEW.anschriftschluessel AND OLD.plz <> '' AND OLD.strasse <> '' AND NEW.plz <> '' AND NEW.strasse <> '')
        OR OLD.familienstand <> NEW.familienstand OR OLD.erwerbsstatus <> NEW.erwerbsstatus OR lower(OLD.beruf) <> lower(NEW.beruf))
      EXECUTE FUNCTION kunde_neuer_anlass();
    CREATE FUNCTION beziehung_neuer_anlass() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM sperre_aufheben(NEW.kunde_id, 'FAMILIE'), sperre_aufheben(NEW.zu_kunde_id, 'FAMILIE');
      RETURN NULL;
    END $$;
    CREATE TRIGGER beziehung_neuer_anlass AFTER INSERT ON beziehung FOR EACH ROW WHEN (NEW.art IN ('EHEPARTNER', 'KIND')) EXECUTE FUNCTION beziehung_neuer_anlass();
    REVOKE EXECUTE ON FUNCTION regel_zaehlen(), regel_festhalten(), sperre_aufheben(integer, text), kunde_neuer_anlass(), beziehung_neuer_anlass() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION regel_zaehlen(), regel_festhalten(), sperre_aufheben(integer, text), kunde_neuer_anlass(), beziehung_neuer_anlass() TO vm_web, vm_worker;
  `.execute(db)

  for (const [tabelle, sichtbar] of Object.entries(SICHTBAR))
    await sql
      .raw(`
      ALTER TABLE ${tabelle} ENABLE ROW LEVEL SECURITY;
      ALTER TABLE ${tabelle} FORCE ROW LEVEL SECURITY;
      CREATE POLICY eigner ON ${tabelle} TO CURRENT_USER USING (true) WITH CHECK (true);
      CREATE POLICY worker ON ${tabelle} TO vm_worker USING (true) WITH CHECK (true);
      CREATE POLICY web_lesen ON ${tabelle} FOR SELECT TO vm_web USING (${sichtbar});
      CREATE POLICY web_anlegen ON ${tabelle} FOR INSERT TO vm_web WITH CHECK (${sichtbar} AND ${SUPERVISOR});
      CREATE POLICY web_aendern ON ${tabelle} FOR UPDATE TO vm_web USING (${sichtbar} AND ${SUPERVISOR}) WITH CHECK (${sichtbar} AND ${SUPERVISOR});
    `)
      .execute(db)

  // Editions are written by the trigger alone: nobody else may add or change one.
  await sql`
    GRANT SELECT ON regel_stand TO vm_web, vm_worker;
    GRANT SELECT, INSERT ON altbestand, altbestand_schluessel TO vm_web;
    GRANT UPDATE (zurueckgenommen_am, zurueckgenommen_von) ON altbestand TO vm_web;
    GRANT SELECT ON altbestand, altbestand_schluessel TO vm_worker;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO vm_web, vm_worker;
  `.execute(db)
}
