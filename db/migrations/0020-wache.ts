import { type Kysely, sql } from 'kysely'

const SUPERVISOR = `current_setting('app.rolle', true) = 'SUPERVISOR'`
const EIGEN = `(betrieb_id IS NULL OR betrieb_id = nullif(current_setting('app.betrieb', true), '')::int)`

/** What the worker knows and the web does not: that it lives, whether Temporal answers, the disk; and what the watch has found wrong. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- One row, of the worker that wrote last. About the installation: numbers, versions and addresses only.
    CREATE TABLE herzschlag (
      id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
      am timestamptz NOT NULL,
      version text NOT NULL,
      revision integer NOT NULL,
      -- Null: Temporal answers. Else since when it does not.
      temporal_weg_seit timestamptz,
      temporal_version text,
      temporal_ui text,
      -- Bytes of the fullest disk that holds data.
      platte_frei bigint,
      platte_gesamt bigint
    );

    CREATE TABLE stoerung (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      -- Null: of the whole installation.
      betrieb_id integer REFERENCES betrieb ON DELETE CASCADE,
      ursache text NOT NULL CHECK (ursache IN ('NACHT_FEHLT', 'OUTBOX_ALT', 'WORKFLOW_AUFGABE', 'SICHERUNG_ALT', 'PLATTE_VOLL')),
      -- Stands in the log, too.
      kennung uuid NOT NULL DEFAULT gen_random_uuid(),
      codes jsonb NOT NULL DEFAULT '{}',
      seit timestamptz NOT NULL DEFAULT now(),
      beendet_am timestamptz,
      gemailt_am timestamptz
    );
    CREATE UNIQUE INDEX stoerung_offen ON stoerung (ursache, betrieb_id) NULLS NOT DISTINCT WHERE beendet_am IS NULL;
    CREATE INDEX stoerung_seit ON stoerung (seit DESC);

    -- Each try of a mail has a workflow and an idempotency key of its own.
    ALTER TABLE mail ADD COLUMN anlauf integer NOT NULL DEFAULT 1;
    CREATE INDEX mail_gescheitert ON mail (betrieb_id, id DESC) WHERE status IN ('FEHLER', 'UNGEWISS');
    DO $$ DECLARE art text; BEGIN
      SELECT pg_get_constraintdef(oid) INTO STRICT art FROM pg_constraint WHERE conrelid = 'mail'::regclass AND conname = 'mail_art_check';
      EXECUTE 'ALTER TABLE mail DROP CONSTRAINT mail_art_check, ADD CONSTRAINT mail_art_check ' || replace(art, 'ARRAY[', 'ARRAY[''STOERUNG''::text, ');
    END $$;

    -- How many messages of the own Betrieb wait for Temporal, and since when.
    CREATE FUNCTION outbox_lage() RETURNS TABLE (tiefe bigint, aelteste timestamptz) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      RETURN QUERY SELECT count(*), min(o.erstellt_am) FROM outbox o WHERE o.zugestellt_am IS NULL AND o.betrieb_id = supervisor_betrieb();
    END $$;
    REVOKE EXECUTE ON FUNCTION outbox_lage() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION outbox_lage() TO vm_web;

    GRANT SELECT ON kysely_migration TO vm_web;
    GRANT SELECT ON herzschlag, stoerung TO vm_web;
    GRANT SELECT, INSERT, UPDATE ON herzschlag, stoerung TO vm_worker;
    GRANT USAGE ON SEQUENCE stoerung_id_seq TO vm_worker;
  `.execute(db)
  for (const [tabelle, sichtbar] of [
    ['herzschlag', SUPERVISOR],
    ['stoerung', `${SUPERVISOR} AND ${EIGEN}`],
  ])
    await sql
      .raw(`
      ALTER TABLE ${tabelle} ENABLE ROW LEVEL SECURITY;
      ALTER TABLE ${tabelle} FORCE ROW LEVEL SECURITY;
      CREATE POLICY eigner ON ${tabelle} TO CURRENT_USER USING (true) WITH CHECK (true);
      CREATE POLICY worker ON ${tabelle} TO vm_worker USING (true) WITH CHECK (true);
      CREATE POLICY web_lesen ON ${tabelle} FOR SELECT TO vm_web USING (${sichtbar});
    `)
      .execute(db)
}
