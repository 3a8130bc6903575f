import { type Kysely, sql } from 'kysely'

const SICHTBAR = `betrieb_id = nullif(current_setting('app.betrieb', true), '')::int AND current_setting('app.rolle', true) = 'SUPERVISOR'`

/** Every finding of an import, to be downloaded whole; names that deliveries do not spell worse and worse; and what makes an import lighter. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE import_befund (
      import_id integer NOT NULL REFERENCES import ON DELETE CASCADE,
      -- In the order of the file.
      nr integer NOT NULL,
      betrieb_id integer NOT NULL,
      paket integer,
      zeile integer,
      byte integer,
      feld text,
      text text NOT NULL,
      PRIMARY KEY (import_id, nr)
    );
    -- A delivered word in the place of the one before, unless it is the same, only without its umlauts or in capitals: who delivers "MUELLER" does not
    -- say that it is not "Müller". Umlauts count more than small letters.
    CREATE FUNCTION uebernimm_wort(bisher text, neu text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    BEGIN
      IF neu IS NULL THEN RETURN bisher; END IF;
      IF bisher IS NULL OR bisher = neu THEN RETURN neu; END IF;
      IF ((octet_length(neu) > length(neu)), neu <> upper(neu)) >= ((octet_length(bisher) > length(bisher)), bisher <> upper(bisher)) THEN RETURN neu; END IF;
      RETURN CASE WHEN falten_anschrift('', bisher) = falten_anschrift('', neu) THEN bisher ELSE neu END;
    END $$;
    CREATE AGGREGATE letztes_wort(text) (SFUNC = uebernimm_wort, STYPE = text);
    REVOKE EXECUTE ON FUNCTION uebernimm_wort(text, text), letztes_wort(text) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION uebernimm_wort(text, text), letztes_wort(text) TO vm_worker;
    -- An import goes only with its Betrieb, and with that go the customers and these rows: asking for it at each of 300,000 brought nothing.
    ALTER TABLE import_zeile DROP CONSTRAINT import_zeile_import_id_fkey;
    -- Uploaded files come in as fast as the disk takes them: compressing took longer than everything else about them, and they go after 90 days.
    ALTER TABLE import_datei ALTER COLUMN bytes SET STORAGE EXTERNAL;
  `.execute(db)
  await sql
    .raw(`
    ALTER TABLE import_befund ENABLE ROW LEVEL SECURITY;
    ALTER TABLE import_befund FORCE ROW LEVEL SECURITY;
    CREATE POLICY eigner ON import_befund TO CURRENT_USER USING (true) WITH CHECK (true);
    CREATE POLICY worker ON import_befund TO vm_worker USING (true) WITH CHECK (true);
    CREATE POLICY web_lesen ON import_befund FOR SELECT TO vm_web USING (${SICHTBAR});
    GRANT SELECT ON import_befund TO vm_web;
    GRANT SELECT, INSERT, DELETE ON import_befund TO vm_worker;
  `)
    .execute(db)
}
