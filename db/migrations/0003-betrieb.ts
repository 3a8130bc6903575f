import { type Kysely, sql } from 'kysely'

/** The office: installation, Betrieb, Vermittler, numbers under which insurers know them, settings of the rules. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- One row. A restore raises the epoch, so that no Stand from before it ever wins.
    CREATE TABLE installation (
      id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
      epoch integer NOT NULL DEFAULT 1,
      einrichtung_hash text,
      letzte_sicherung_am timestamptz
    );
    INSERT INTO installation DEFAULT VALUES;

    CREATE TABLE betrieb (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      name text NOT NULL,
      ort text,
      bundesland text NOT NULL DEFAULT 'NW',
      demo boolean NOT NULL DEFAULT false,
      -- The Betrieb's first day with this system: before it, "no contact recorded" means unknown.
      beginn date NOT NULL,
      -- Set when a Supervisor has released the nights (Anlauf).
      anlauf_am timestamptz,
      -- New Fälle a day and Vermittler; null = no limit.
      tagesquote integer CHECK (tagesquote >= 0),
      -- Last number handed out ("K-004711"); never handed out twice.
      kundennummer integer NOT NULL DEFAULT 0,
      erstellt_am timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE vermittler (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      anmeldung_id text UNIQUE,
      vorname text NOT NULL,
      name text NOT NULL,
      email text NOT NULL,
      telefon text,
      rolle text NOT NULL CHECK (rolle IN ('VERMITTLER', 'SUPERVISOR')),
      aktiv boolean NOT NULL DEFAULT true,
      einstellungen jsonb NOT NULL DEFAULT '{}',
      erstellt_am timestamptz NOT NULL DEFAULT now(),
      UNIQUE (betrieb_id, email)
    );

    CREATE TABLE versicherer (
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      vu_nummer text NOT NULL,
      name text NOT NULL,
      PRIMARY KEY (betrieb_id, vu_nummer)
    );

    -- Under which number (GDV bytes 33-42) an insurer knows which Vermittler.
    CREATE TABLE agenturnummer (
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      vu_nummer text NOT NULL,
      nummer text NOT NULL,
      vermittler_id integer NOT NULL REFERENCES vermittler ON DELETE CASCADE,
      PRIMARY KEY (betrieb_id, vu_nummer, nummer)
    );

    -- A GeVo's settings in one Betrieb: on or off, thresholds (werte), and which edition of them the night used.
    CREATE TABLE regel (
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      gevo text NOT NULL,
      an boolean NOT NULL DEFAULT true,
      werte jsonb NOT NULL DEFAULT '{}',
      version integer NOT NULL DEFAULT 1,
      geaendert_am timestamptz NOT NULL DEFAULT now(),
      geaendert_von integer REFERENCES vermittler ON DELETE SET NULL,
      PRIMARY KEY (betrieb_id, gevo)
    );
  `.execute(db)
}
