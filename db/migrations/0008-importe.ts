import { type Kysely, sql } from 'kysely'

const BETRIEB = `betrieb_id = nullif(current_setting('app.betrieb', true), '')::int`
const SUPERVISOR = `current_setting('app.rolle', true) = 'SUPERVISOR'`
const KUNDE = `EXISTS (SELECT FROM kunde k WHERE k.id = kunde_id)`

/** Which rows the web role sees: deliveries are the Supervisor's; what they say of a Kunde is seen with the Kunde. */
const SICHTBAR: Record<string, string> = {
  importquelle: `${BETRIEB} AND ${SUPERVISOR}`,
  import_datei: `${BETRIEB} AND ${SUPERVISOR}`,
  import_zeile: `${BETRIEB} AND ${SUPERVISOR}`,
  import_zweifel: `${BETRIEB} AND ${SUPERVISOR}`,
  abweichung: `${BETRIEB} AND ${KUNDE}`,
  mahnung: `${BETRIEB} AND ${KUNDE}`,
  schaden: `${BETRIEB} AND ${KUNDE}`,
  maklervollmacht: `${BETRIEB} AND ${KUNDE}`,
}

/**
 * Imports as durable jobs: the bytes, their source, the difference they made, what a person has to decide; where a field's value
 * comes from; dunnings, claims, powers of attorney.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The folding by which names are compared: the same as falte() of domain/suchtext.ts (a test holds the two together).
    CREATE FUNCTION falten(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE
        WHEN t IS NULL THEN ''
        WHEN octet_length(t) = length(t) THEN btrim(regexp_replace(translate(lower(t COLLATE "C"), '''' || chr(96), ''), '[^a-z0-9]+', ' ', 'g')) COLLATE "default"
        ELSE btrim(regexp_replace(regexp_replace(
          replace(replace(replace(replace(replace(replace(replace(replace(replace(
            normalize(lower(replace(replace(replace(replace(replace(replace(normalize(t, NFC),
              'ä', 'äe'), 'ö', 'öe'), 'ü', 'üe'), 'Ä', 'äe'), 'Ö', 'öe'), 'Ü', 'üe') COLLATE "und-x-icu"), NFD),
            'ß', 'ss'), 'ø', 'o'), 'æ', 'ae'), 'œ', 'oe'), 'ł', 'l'), 'đ', 'd'), 'ð', 'd'), 'þ', 'th'), 'ı', 'i'),
          '[\u0300-\u036f''\u0060’]', '', 'g') COLLATE "und-x-icu", '[^[:alnum:]]+', ' ', 'g')) COLLATE "default"
      END $$;
    CREATE FUNCTION falten_name(name text, vorname text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT falten(name) || '|' || falten(vorname) $$;
    CREATE FUNCTION falten_anschrift(plz text, strasse text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT coalesce(plz, '') || '|' || regexp_replace(falten(strasse), 'strasse( |$)', 'str\\1') $$;
    REVOKE EXECUTE ON FUNCTION falten(text), falten_name(text, text), falten_anschrift(text, text) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION falten(text), falten_name(text, text), falten_anschrift(text, text) TO vm_web, vm_worker;

    ALTER TABLE kunde
      ADD COLUMN namensschluessel text NOT NULL GENERATED ALWAYS AS (falten_name(name, vorname)) STORED,
      ADD COLUMN anschriftschluessel text NOT NULL GENERATED ALWAYS AS (falten_anschrift(plz, strasse)) STORED,
      -- Field → {quelle, am}, for fields whose value comes from elsewhere than the row's quelle.
      ADD COLUMN herkunft jsonb NOT NULL DEFAULT '{}';
    CREATE INDEX kunde_person ON kunde (betrieb_id, namensschluessel);

    ALTER TABLE vertrag
      ADD COLUMN herkunft jsonb NOT NULL DEFAULT '{}',
      -- Day of the first complete delivery that did not hold it any more; nobody cancels it for that.
      ADD COLUMN fehlt_seit date,
      -- The source that delivered it last (importquelle.id; sources are never deleted singly).
      ADD COLUMN importquelle_id integer;

    -- Status changes in more than so many per cent of a portfolio are not believed by themselves.
    ALTER TABLE betrieb ADD COLUMN importbremse_prozent integer NOT NULL DEFAULT 20 CHECK (importbremse_prozent BETWEEN 1 AND 100);
    GRANT UPDATE (importbremse_prozent) ON betrieb TO vm_web;

    CREATE TABLE importquelle (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      -- 'GDV 5342', or the fingerprint of a table's headings.
      kennung text NOT NULL,
      name text NOT NULL,
      -- Whether it delivers everything each time or only what changed; null = not said, judged by what comes.
      liefert text CHECK (liefert IN ('BESTAND', 'AENDERUNG')),
      -- Which column means what, as a person confirmed it (CSV, Excel).
      spalten jsonb,
      letzter_stand date,
      UNIQUE (betrieb_id, kennung)
    );

    -- LAEUFT is how an older version names an import under way.
    ALTER TABLE import DROP CONSTRAINT import_status_check;
    ALTER TABLE import
      ADD CONSTRAINT import_status_check CHECK (status IN ('LAEUFT', 'WARTET', 'LIEST', 'ZUORDNUNG', 'PRUEFT', 'UEBERNIMMT', 'FERTIG',
        'QUARANTAENE', 'VERWORFEN', 'ABGEBROCHEN', 'FEHLER')),
      ADD COLUMN format text CHECK (format IN ('GDV', 'CSV', 'EXCEL')),
      ADD COLUMN quelle_id integer REFERENCES importquelle,
      ADD COLUMN liefert text CHECK (liefert IN ('BESTAND', 'AENDERUNG')),
      -- Last day the delivery speaks of.
      ADD COLUMN stand date,
      ADD COLUMN bytes bigint NOT NULL DEFAULT 0,
      -- What is being done, and how far: {schritt, bytes, saetze, personen, vertraege}.
      ADD COLUMN fortschritt jsonb NOT NULL DEFAULT '{}',
      ADD COLUMN bewegt_am timestamptz NOT NULL DEFAULT now(),
      ADD COLUMN abbruch_gewuenscht boolean NOT NULL DEFAULT false,
      -- Raised whenever the job begins anew; a run of an earlier one ends by itself.
      ADD COLUMN anlauf integer NOT NULL DEFAULT 1,
      -- Why it is in quarantine or failed: [{art, text, n, von}].
      ADD COLUMN gruende jsonb NOT NULL DEFAULT '[]',
      -- The columns the reader proposes for a table nobody has confirmed yet.
      ADD COLUMN vorschlag jsonb,
      ADD COLUMN freigegeben_am timestamptz,
      ADD COLUMN freigegeben_von integer REFERENCES vermittler ON DELETE SET NULL;
    CREATE INDEX import_offen ON import (betrieb_id, id) WHERE status IN ('WARTET', 'LIEST', 'PRUEFT', 'UEBERNIMMT');

    CREATE TABLE import_datei (
      import_id integer NOT NULL REFERENCES import ON DELETE CASCADE,
      nr integer NOT NULL,
      betrieb_id integer NOT NULL,
      bytes bytea NOT NULL CHECK (length(bytes) <= 1048576),
      PRIMARY KEY (import_id, nr)
    );

    -- The difference an import made: what is new, changed (the changed fields only), or missing from a complete delivery.
    CREATE TABLE import_zeile (
      import_id integer NOT NULL REFERENCES import ON DELETE CASCADE,
      betrieb_id integer NOT NULL,
      art text NOT NULL CHECK (art IN ('KUNDE', 'VERTRAG')),
      folge text NOT NULL CHECK (folge IN ('NEU', 'GEAENDERT', 'FEHLT')),
      -- kunde.id or vertrag.id.
      objekt_id integer NOT NULL,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      vorher jsonb,
      nachher jsonb,
      PRIMARY KEY (import_id, art, folge, objekt_id)
    );
    CREATE INDEX ON import_zeile (kunde_id);

    -- What nobody but a person can know: whether a delivered person is one we have. Held back until decided.
    CREATE TABLE import_zweifel (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      import_id integer NOT NULL REFERENCES import ON DELETE CASCADE,
      art text NOT NULL CHECK (art IN ('NUMMER', 'ANSCHRIFT', 'MEHRERE', 'HAUSHALT')),
      -- Who it is about, folded: the same question is asked once, and its answer is remembered.
      schluessel text NOT NULL,
      -- The first candidate; with it the question goes.
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      kandidaten integer[] NOT NULL,
      -- {personen: [...], vertraege: [...]} as delivered; emptied when taken over.
      geliefert jsonb NOT NULL DEFAULT '{}',
      entscheidung text CHECK (entscheidung IN ('DERSELBE', 'NEU', 'ZUSAMMEN', 'GETRENNT')),
      ziel_kunde_id integer REFERENCES kunde ON DELETE SET NULL,
      entschieden_am timestamptz,
      entschieden_von integer REFERENCES vermittler ON DELETE SET NULL,
      uebernommen_am timestamptz,
      erstellt_am timestamptz NOT NULL DEFAULT now(),
      UNIQUE (betrieb_id, art, schluessel)
    );
    CREATE INDEX ON import_zweifel (kunde_id);
    CREATE INDEX ON import_zweifel (ziel_kunde_id);
    CREATE INDEX ON import_zweifel (import_id);

    -- A delivery contradicts what a person typed.
    CREATE TABLE abweichung (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      vertrag_id integer REFERENCES vertrag ON DELETE CASCADE,
      feld text NOT NULL,
      hier text,
      geliefert text NOT NULL,
      import_id integer REFERENCES import ON DELETE SET NULL,
      -- Day of the delivery.
      stand date NOT NULL,
      erstellt_am timestamptz NOT NULL DEFAULT now(),
      entscheidung text CHECK (entscheidung IN ('UEBERNEHMEN', 'BEHALTEN')),
      entschieden_am timestamptz,
      entschieden_von integer REFERENCES vermittler ON DELETE SET NULL
    );
    CREATE UNIQUE INDEX abweichung_offen ON abweichung (kunde_id, vertrag_id, feld) NULLS NOT DISTINCT WHERE entscheidung IS NULL;
    CREATE INDEX ON abweichung (kunde_id);
    CREATE INDEX ON abweichung (vertrag_id);

    -- GDV 0400: a premium that was not paid. Codes are raw.
    CREATE TABLE mahnung (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      vertrag_id integer NOT NULL REFERENCES vertrag ON DELETE CASCADE,
      art text,
      grund text,
      betrag_cent bigint,
      faellig_am date,
      gemeldet_am date NOT NULL,
      UNIQUE NULLS NOT DISTINCT (vertrag_id, art, grund, betrag_cent, faellig_am)
    );
    CREATE INDEX ON mahnung (kunde_id);

    -- GDV 0500.
    CREATE TABLE schaden (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      vertrag_id integer NOT NULL REFERENCES vertrag ON DELETE CASCADE,
      schadennummer text NOT NULL,
      schaden_am date,
      gemeldet_am date,
      ursache text,
      erledigt text CHECK (erledigt IN ('JA', 'NEIN')),
      quelle_stand date NOT NULL,
      UNIQUE (vertrag_id, schadennummer)
    );
    CREATE INDEX ON schaden (kunde_id);

    CREATE TABLE maklervollmacht (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      erteilt_am date NOT NULL,
      widerrufen_am date,
      quelle text NOT NULL CHECK (quelle IN ('HAND', 'GDV', 'BIPRO', 'CSV', 'KUNDE', 'DEMO')),
      UNIQUE (kunde_id, erteilt_am)
    );

    ALTER TABLE outbox DROP CONSTRAINT outbox_art_check;
    ALTER TABLE outbox ADD CONSTRAINT outbox_art_check CHECK (art IN ('FALL', 'MAIL', 'NACHTLAUF', 'IMPORT'));
  `.execute(db)

  for (const [tabelle, sichtbar] of Object.entries(SICHTBAR))
    await sql
      .raw(`
      ALTER TABLE ${tabelle} ENABLE ROW LEVEL SECURITY;
      ALTER TABLE ${tabelle} FORCE ROW LEVEL SECURITY;
      CREATE POLICY eigner ON ${tabelle} TO CURRENT_USER USING (true) WITH CHECK (true);
      CREATE POLICY worker ON ${tabelle} TO vm_worker USING (true) WITH CHECK (true);
      CREATE POLICY web_lesen ON ${tabelle} FOR SELECT TO vm_web USING (${sichtbar});
      CREATE POLICY web_anlegen ON ${tabelle} FOR INSERT TO vm_web WITH CHECK (${sichtbar});
      CREATE POLICY web_aendern ON ${tabelle} FOR UPDATE TO vm_web USING (${sichtbar}) WITH CHECK (${sichtbar});
    `)
      .execute(db)

  await sql`
    GRANT SELECT ON importquelle, import_datei, import_zeile, import_zweifel, abweichung, mahnung, schaden, maklervollmacht TO vm_web;
    GRANT INSERT, UPDATE ON importquelle TO vm_web;
    GRANT INSERT ON import_datei TO vm_web;
    GRANT UPDATE ON import_zweifel, abweichung TO vm_web;
    GRANT SELECT, INSERT, UPDATE ON importquelle, import_datei, import_zeile, import_zweifel, abweichung, mahnung, schaden, maklervollmacht TO vm_worker;
    GRANT DELETE ON import_datei, import_zweifel, abweichung TO vm_worker;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO vm_web, vm_worker;
  `.execute(db)
}
