import { type Kysely, sql } from 'kysely'

/** Fälle and what was done about them, the protokoll, and the messages to Temporal (outbox). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE nachtlauf (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      stichtag date NOT NULL,
      anlass text NOT NULL CHECK (anlass IN ('PLAN', 'HAND', 'WAECHTER')),
      status text NOT NULL CHECK (status IN ('LAEUFT', 'FERTIG', 'FEHLER')),
      von_vermittler_id integer REFERENCES vermittler ON DELETE SET NULL,
      gestartet_am timestamptz NOT NULL DEFAULT now(),
      beendet_am timestamptz,
      -- Counts of the last step: eskaliert, geschlossen.
      zaehler jsonb NOT NULL DEFAULT '{}'
    );
    CREATE UNIQUE INDEX nachtlauf_laeuft ON nachtlauf (betrieb_id) WHERE status = 'LAEUFT';
    CREATE INDEX nachtlauf_stichtag ON nachtlauf (betrieb_id, stichtag DESC, id DESC);

    CREATE TABLE nachtlauf_gevo (
      nachtlauf_id integer NOT NULL REFERENCES nachtlauf ON DELETE CASCADE,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      gevo text NOT NULL,
      regel_version integer NOT NULL,
      gefunden integer NOT NULL DEFAULT 0,
      eroeffnet integer NOT NULL DEFAULT 0,
      behalten integer NOT NULL DEFAULT 0,
      gesperrt integer NOT NULL DEFAULT 0,
      wartend integer NOT NULL DEFAULT 0,
      beendet integer NOT NULL DEFAULT 0,
      entfallen integer NOT NULL DEFAULT 0,
      unbekannt integer NOT NULL DEFAULT 0,
      dauer_ms integer NOT NULL DEFAULT 0,
      fertig boolean NOT NULL DEFAULT false,
      PRIMARY KEY (nachtlauf_id, gevo)
    );

    CREATE TABLE fall (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      vermittler_id integer NOT NULL REFERENCES vermittler,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      vertrag_id integer REFERENCES vertrag ON DELETE SET NULL,
      -- Code of the GeVo ("G01", "VORGANG") and the business key of the case, made of our own numbers.
      gevo text NOT NULL,
      schluessel text NOT NULL,
      regel_version integer NOT NULL DEFAULT 1,
      prio smallint NOT NULL,
      -- Values read when it was found, and names of fields that were unknown.
      befund jsonb NOT NULL DEFAULT '{}',
      unbekannt text[] NOT NULL DEFAULT '{}',
      frist date,
      bearbeiten_bis date,
      stichtag date NOT NULL,
      eroeffnet_am timestamptz NOT NULL DEFAULT now(),
      nachtlauf_id integer REFERENCES nachtlauf ON DELETE SET NULL,

      epoch integer NOT NULL,
      version integer NOT NULL DEFAULT 1,
      status text NOT NULL CHECK (status IN ('OFFEN', 'IN_ARBEIT', 'DOKUMENTIERT', 'GESCHLOSSEN')),
      erinnerung_am timestamptz,
      offene_vorgaenge integer NOT NULL DEFAULT 0,
      befund_entfallen_am timestamptz,
      eskaliert_am date,
      versuche integer NOT NULL DEFAULT 0,
      ergebnis text,
      dokumentiert_am timestamptz,
      -- Last day on which the same key is not opened again; null = none, 9999-12-31 = for good.
      sperre_bis date,
      geschlossen_am timestamptz,
      geschlossen_grund text
    );
    CREATE UNIQUE INDEX fall_offen ON fall (betrieb_id, gevo, schluessel) WHERE status <> 'GESCHLOSSEN';
    CREATE INDEX fall_liste ON fall (betrieb_id, vermittler_id, gevo) WHERE status <> 'GESCHLOSSEN';
    CREATE INDEX fall_schluessel ON fall (betrieb_id, gevo, schluessel);
    CREATE INDEX fall_kunde ON fall (kunde_id);
    CREATE INDEX fall_frist ON fall (betrieb_id, frist) WHERE status IN ('OFFEN', 'IN_ARBEIT') AND eskaliert_am IS NULL;
    CREATE INDEX fall_dokumentiert ON fall (betrieb_id, dokumentiert_am) WHERE status = 'DOKUMENTIERT';
    CREATE INDEX fall_tag ON fall (betrieb_id, vermittler_id, stichtag);

    CREATE TABLE vorgang (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      fall_id bigint NOT NULL REFERENCES fall ON DELETE CASCADE,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      vermittler_id integer NOT NULL REFERENCES vermittler,
      titel text NOT NULL,
      notiz text,
      -- OFFEN is coming, FAELLIG has fired and waits for the person.
      status text NOT NULL CHECK (status IN ('OFFEN', 'FAELLIG', 'ERLEDIGT', 'GELOESCHT')),
      faellig_am timestamptz NOT NULL,
      faellig_geworden_am timestamptz,
      -- The reminder mail that tells of it.
      mail_id bigint,
      erledigt_am timestamptz,
      erstellt_am timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX vorgang_fall ON vorgang (fall_id);
    CREATE INDEX vorgang_offen ON vorgang (betrieb_id, vermittler_id, faellig_am) WHERE status IN ('OFFEN', 'FAELLIG');
    CREATE INDEX vorgang_erledigt ON vorgang (betrieb_id, vermittler_id, erledigt_am DESC) WHERE status = 'ERLEDIGT';
    CREATE INDEX ON vorgang (kunde_id);

    -- Every action a person or a hand signal asked for, once: a repeat gets the first answer.
    CREATE TABLE aktion (
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      id text NOT NULL,
      antwort jsonb,
      am timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (betrieb_id, id)
    );

    CREATE TABLE mail (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      art text NOT NULL CHECK (art IN ('KUNDE', 'ERINNERUNG', 'ZUGANG')),
      kunde_id integer REFERENCES kunde ON DELETE CASCADE,
      fall_id bigint REFERENCES fall ON DELETE SET NULL,
      -- Who sends it (KUNDE) or gets it (ERINNERUNG, ZUGANG).
      vermittler_id integer REFERENCES vermittler ON DELETE CASCADE,
      an text NOT NULL,
      betreff text NOT NULL,
      inhalt text NOT NULL,
      status text NOT NULL DEFAULT 'GEPLANT' CHECK (status IN ('GEPLANT', 'SENDET', 'GESENDET', 'ABGELEGT', 'FEHLER', 'UNGEWISS')),
      senden_ab timestamptz NOT NULL DEFAULT now(),
      versuche integer NOT NULL DEFAULT 0,
      -- First moment it was handed to the provider: an idempotency key is remembered for 24 h only.
      uebergeben_am timestamptz,
      gesendet_am timestamptz,
      anbieter_id text,
      fehler text,
      erstellt_am timestamptz NOT NULL DEFAULT now()
    );
    CREATE UNIQUE INDEX mail_erinnerung ON mail (vermittler_id) WHERE art = 'ERINNERUNG' AND status = 'GEPLANT';
    CREATE INDEX mail_betrieb ON mail (betrieb_id, id DESC);
    CREATE INDEX ON mail (kunde_id);
    CREATE INDEX ON mail (fall_id);

    CREATE TABLE kontakt (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      fall_id bigint REFERENCES fall ON DELETE CASCADE,
      vermittler_id integer REFERENCES vermittler,
      kanal text NOT NULL CHECK (kanal IN ('TELEFON', 'EMAIL', 'BRIEF', 'PERSOENLICH', 'CHAT')),
      richtung text NOT NULL DEFAULT 'AUS' CHECK (richtung IN ('AUS', 'EIN')),
      ergebnis text NOT NULL,
      versuch integer,
      notiz text,
      mail_id bigint REFERENCES mail ON DELETE SET NULL,
      einwilligung_id integer REFERENCES einwilligung ON DELETE SET NULL,
      am timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX kontakt_kunde ON kontakt (kunde_id, am DESC);
    CREATE INDEX kontakt_fall ON kontakt (fall_id);

    CREATE TABLE dokumentation (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      fall_id bigint NOT NULL REFERENCES fall ON DELETE CASCADE,
      vermittler_id integer REFERENCES vermittler,
      kanal text CHECK (kanal IN ('TELEFON', 'EMAIL', 'BRIEF', 'PERSOENLICH', 'CHAT')),
      ergebnis text NOT NULL,
      notiz text,
      -- § 61 VVG, where advice was given.
      anlass text, wuensche text, rat text, gruende text, entscheidung text,
      sperre_bis date,
      -- Vorgänge this documentation ticked off, for undo.
      erledigte_vorgaenge bigint[] NOT NULL DEFAULT '{}',
      am timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX dokumentation_fall ON dokumentation (fall_id, id DESC);
    CREATE INDEX ON dokumentation (kunde_id);

    CREATE TABLE protokoll (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      fall_id bigint NOT NULL REFERENCES fall ON DELETE CASCADE,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      -- Event (contacted, due, …) or 'opened', 'escalated', 'abgelehnt'.
      ereignis text NOT NULL,
      -- The Fall's version after it.
      version integer NOT NULL,
      quelle text NOT NULL CHECK (quelle IN ('KLICK', 'TIMER', 'SIGNAL', 'NACHT')),
      vermittler_id integer REFERENCES vermittler,
      codes jsonb NOT NULL DEFAULT '{}',
      -- May be emptied by an erasure; its hash stays.
      inhalt jsonb,
      inhalt_hash bytea,
      am timestamptz NOT NULL DEFAULT now(),
      hash bytea NOT NULL
    );
    CREATE INDEX protokoll_fall ON protokoll (fall_id, id DESC);
    CREATE INDEX protokoll_kunde ON protokoll (kunde_id, id DESC);

    CREATE FUNCTION protokoll_verketten() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE vorher bytea;
    BEGIN
      SELECT p.hash INTO vorher FROM protokoll p WHERE p.fall_id = NEW.fall_id ORDER BY p.id DESC LIMIT 1;
      NEW.inhalt_hash := CASE WHEN NEW.inhalt IS NULL THEN NULL ELSE sha256(convert_to(NEW.inhalt::text, 'UTF8')) END;
      NEW.hash := sha256(coalesce(vorher, ''::bytea) || convert_to(concat_ws('|', NEW.id, NEW.betrieb_id, NEW.fall_id, NEW.kunde_id, NEW.ereignis,
        NEW.version, NEW.quelle, NEW.vermittler_id, NEW.codes::text, extract(epoch FROM NEW.am), encode(NEW.inhalt_hash, 'hex')), 'UTF8'));
      RETURN NEW;
    END $$;
    CREATE TRIGGER protokoll_verketten BEFORE INSERT ON protokoll FOR EACH ROW EXECUTE FUNCTION protokoll_verketten();

    -- Messages to Temporal, committed with what happened. Lane 0 = clicks and timers, 1 = the night's starts.
    CREATE TABLE outbox (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      spur smallint NOT NULL DEFAULT 0,
      art text NOT NULL CHECK (art IN ('FALL', 'MAIL', 'NACHTLAUF')),
      -- Number of the fall, mail or nachtlauf.
      ziel bigint NOT NULL,
      -- Signal name; null = start only.
      signal text,
      stand jsonb,
      erstellt_am timestamptz NOT NULL DEFAULT now(),
      versuche integer NOT NULL DEFAULT 0,
      naechster_versuch_am timestamptz NOT NULL DEFAULT now(),
      zugestellt_am timestamptz,
      fehler text
    );
    CREATE INDEX outbox_offen ON outbox (spur, id) WHERE zugestellt_am IS NULL;
    CREATE INDEX outbox_ziel ON outbox (art, ziel, id) WHERE zugestellt_am IS NULL;
    CREATE INDEX outbox_zugestellt ON outbox (zugestellt_am) WHERE zugestellt_am IS NOT NULL;
  `.execute(db)
}
