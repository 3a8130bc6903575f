import { type Kysely, sql } from 'kysely'

/** The portfolio: Haushalte, Kunden, Beziehungen, Verträge, consents, portal access, imports. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE haushalt (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE
    );

    CREATE TABLE kunde (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      vermittler_id integer NOT NULL REFERENCES vermittler,
      haushalt_id integer REFERENCES haushalt ON DELETE SET NULL,
      -- "K-004711", unique in the Betrieb.
      nummer text NOT NULL,
      art text NOT NULL CHECK (art IN ('NATUERLICH', 'FIRMA')),
      status text NOT NULL DEFAULT 'AKTIV' CHECK (status IN ('INTERESSENT', 'AKTIV', 'EHEMALIG')),
      anrede text CHECK (anrede IN ('HERR', 'FRAU', 'FIRMA')),
      titel text, vorname text, name text NOT NULL, namenszusatz text,
      geburtsdatum date,
      strasse text, plz text, ort text, land text,
      telefon text, mobil text, email text,
      familienstand text CHECK (familienstand IN ('LEDIG', 'VERHEIRATET', 'GESCHIEDEN', 'VERWITWET', 'GETRENNT', 'SONSTIGES')),
      erwerbsstatus text CHECK (erwerbsstatus IN ('ANGESTELLT', 'SELBSTSTAENDIG', 'AZUBI', 'BEAMTER', 'STUDENT', 'SCHUELER', 'RENTNER', 'OHNE')),
      beruf text,
      kunde_seit date,
      werbewiderspruch_am date,
      -- Restriction of processing (Art. 18 DSGVO), death, deletion pending: excluded from every rule.
      eingeschraenkt_am date, verstorben_am date, loeschen_ab date,
      quelle text NOT NULL DEFAULT 'HAND' CHECK (quelle IN ('HAND', 'GDV', 'BIPRO', 'CSV', 'KUNDE', 'DEMO')),
      quelle_stand date,
      -- Folded by domain/suchtext.ts (ä, ae and a are one), for the search function only.
      suchtext text NOT NULL DEFAULT '',
      version integer NOT NULL DEFAULT 1,
      erstellt_am timestamptz NOT NULL DEFAULT now(),
      geaendert_am timestamptz NOT NULL DEFAULT now(),
      UNIQUE (betrieb_id, nummer)
    );
    CREATE INDEX kunde_vermittler ON kunde (betrieb_id, vermittler_id);
    CREATE INDEX kunde_geburt ON kunde (betrieb_id, geburtsdatum);
    CREATE INDEX kunde_haushalt ON kunde (haushalt_id);

    -- Under which numbers insurers and the Vermittler's old program know a Kunde (GDV 0100 TDS 2); vu_nummer '' = the Vermittler's own.
    CREATE TABLE kundennummer (
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      vu_nummer text NOT NULL,
      nummer text NOT NULL,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      PRIMARY KEY (betrieb_id, vu_nummer, nummer)
    );
    CREATE INDEX ON kundennummer (kunde_id);

    -- "kunde ist art von zu_kunde": Anna ist KIND von Peter.
    CREATE TABLE beziehung (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      zu_kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      art text NOT NULL CHECK (art IN ('EHEPARTNER', 'KIND', 'GESETZLICHER_VERTRETER', 'INHABER')),
      UNIQUE (kunde_id, zu_kunde_id, art)
    );
    CREATE INDEX ON beziehung (zu_kunde_id);

    CREATE TABLE vertrag (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      vu_nummer text,
      vsnr text, vsnr_norm text,
      agenturnummer text,
      sparte_gdv text,
      -- Codes of domain/sparten.ts; UNBEKANNT where the delivery does not say.
      sparte text NOT NULL,
      produkt text,
      beginn date, ablauf date, hauptfaelligkeit date,
      beitrag_cent bigint, zahlungsweise text CHECK (zahlungsweise IN ('JAEHRLICH', 'HALBJAEHRLICH', 'VIERTELJAEHRLICH', 'MONATLICH', 'EINMALIG', 'BEITRAGSFREI')),
      status text NOT NULL CHECK (status IN ('ANTRAG', 'AKTIV', 'BEITRAGSFREI', 'RUHEND', 'STORNIERT', 'ABGELAUFEN', 'UNBEKANNT')),
      abgang_am date,
      bestandsart text NOT NULL CHECK (bestandsart IN ('EIGEN', 'FREMD')),
      -- null: nothing recorded, the default of the Sparte is assumed and shown as assumed.
      verlaengert_sich text CHECK (verlaengert_sich IN ('JA', 'NEIN')),
      verlaengert_quelle text CHECK (verlaengert_quelle IN ('PERSON', 'KLAUSEL')),
      kuendigungsfrist_monate integer,
      versicherte_person_id integer REFERENCES kunde ON DELETE SET NULL,
      versicherte_person_name text,
      -- What else a rule may read (Wagnisart, Elementar, Kennzeichen …) and the raw codes of the delivery.
      merkmale jsonb NOT NULL DEFAULT '{}',
      quelle text NOT NULL DEFAULT 'HAND' CHECK (quelle IN ('HAND', 'GDV', 'BIPRO', 'CSV', 'KUNDE', 'DEMO')),
      quelle_stand date,
      -- Last day a delivery or a person confirmed this contract.
      bestaetigt_am date,
      version integer NOT NULL DEFAULT 1,
      erstellt_am timestamptz NOT NULL DEFAULT now(),
      geaendert_am timestamptz NOT NULL DEFAULT now()
    );
    CREATE UNIQUE INDEX vertrag_nummer ON vertrag (betrieb_id, vu_nummer, vsnr_norm, sparte_gdv) NULLS NOT DISTINCT WHERE vsnr_norm IS NOT NULL;
    CREATE INDEX vertrag_kunde ON vertrag (kunde_id);
    CREATE INDEX vertrag_ablauf ON vertrag (betrieb_id, ablauf);

    CREATE TABLE einwilligung (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      kunde_id integer NOT NULL REFERENCES kunde ON DELETE CASCADE,
      kanal text NOT NULL CHECK (kanal IN ('TELEFON', 'EMAIL', 'CHAT', 'SMS')),
      text_version text NOT NULL,
      form text NOT NULL,
      erteilt_am date NOT NULL,
      widerrufen_am date,
      letzte_nutzung_am date
    );
    CREATE INDEX ON einwilligung (kunde_id);

    CREATE TABLE portalzugang (
      kunde_id integer PRIMARY KEY REFERENCES kunde ON DELETE CASCADE,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      status text NOT NULL CHECK (status IN ('EINGELADEN', 'AKTIV', 'GESPERRT')),
      benutzername text,
      eingeladen_am timestamptz, letzte_anmeldung_am timestamptz
    );

    CREATE TABLE import (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      datei text NOT NULL,
      pruefsumme text NOT NULL,
      status text NOT NULL CHECK (status IN ('LAEUFT', 'FERTIG', 'FEHLER')),
      -- Counts by kind: pakete, saetze, kundenNeu, kundenGeaendert, kundenUnveraendert, vertraegeNeu, …
      zaehler jsonb NOT NULL DEFAULT '{}',
      -- Findings: [{paket, zeile, byte, feld, text}]
      befunde jsonb NOT NULL DEFAULT '[]',
      von_vermittler_id integer REFERENCES vermittler ON DELETE SET NULL,
      gestartet_am timestamptz NOT NULL DEFAULT now(),
      beendet_am timestamptz
    );
    CREATE INDEX ON import (betrieb_id, gestartet_am DESC);
  `.execute(db)
}
