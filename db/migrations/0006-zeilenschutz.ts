import { type Kysely, sql } from 'kysely'

const BETRIEB = `betrieb_id = nullif(current_setting('app.betrieb', true), '')::int`
const VERMITTLER = `vermittler_id = ANY (nullif(current_setting('app.vermittler', true), '')::int[])`
const SUPERVISOR = `current_setting('app.rolle', true) = 'SUPERVISOR'`
const KUNDE = `EXISTS (SELECT FROM kunde k WHERE k.id = kunde_id)`

/** Which rows the web role sees: the Betrieb's, and of those what the visible Vermittler look after. */
const SICHTBAR: Record<string, string> = {
  betrieb: `id = nullif(current_setting('app.betrieb', true), '')::int`,
  vermittler: BETRIEB,
  versicherer: BETRIEB,
  agenturnummer: BETRIEB,
  regel: BETRIEB,
  haushalt: BETRIEB,
  kunde: `${BETRIEB} AND ${VERMITTLER}`,
  kundennummer: `${BETRIEB} AND ${KUNDE}`,
  beziehung: `${BETRIEB} AND ${KUNDE}`,
  vertrag: `${BETRIEB} AND ${KUNDE}`,
  einwilligung: `${BETRIEB} AND ${KUNDE}`,
  portalzugang: `${BETRIEB} AND ${KUNDE}`,
  import: `${BETRIEB} AND ${SUPERVISOR}`,
  nachtlauf: BETRIEB,
  nachtlauf_gevo: BETRIEB,
  fall: `${BETRIEB} AND ${VERMITTLER}`,
  vorgang: `${BETRIEB} AND ${VERMITTLER}`,
  aktion: BETRIEB,
  mail: `${BETRIEB} AND (${VERMITTLER} OR ${KUNDE})`,
  kontakt: `${BETRIEB} AND ${KUNDE}`,
  dokumentation: `${BETRIEB} AND ${KUNDE}`,
  protokoll: `${BETRIEB} AND ${KUNDE}`,
  outbox: BETRIEB,
}

/** What the web role may write, column rights where a row is not its to change as a whole. Append-only tables get INSERT only. */
const SCHREIBRECHTE = `
  GRANT SELECT ON betrieb, vermittler, versicherer, agenturnummer, regel, haushalt, kunde, kundennummer, beziehung, vertrag, einwilligung,
    portalzugang, import, nachtlauf, nachtlauf_gevo, fall, vorgang, aktion, mail, kontakt, dokumentation, protokoll TO vm_web;
  GRANT SELECT (id, epoch, letzte_sicherung_am) ON installation TO vm_web;
  GRANT UPDATE (name, ort, bundesland, tagesquote, anlauf_am) ON betrieb TO vm_web;
  GRANT UPDATE (vorname, name, telefon, rolle, aktiv) ON vermittler TO vm_web;
  GRANT INSERT, UPDATE ON versicherer, agenturnummer, regel, haushalt, kunde, kundennummer, beziehung, vertrag, einwilligung,
    portalzugang, import, fall, vorgang, aktion, mail TO vm_web;
  GRANT DELETE ON beziehung, agenturnummer TO vm_web;
  GRANT INSERT ON nachtlauf, kontakt, dokumentation, protokoll, outbox TO vm_web;

  GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO vm_web, vm_worker;
  GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO vm_worker;
  GRANT DELETE ON outbox, beziehung, kundennummer TO vm_worker;
  REVOKE UPDATE ON protokoll, kontakt, dokumentation FROM vm_worker;
`

/** Settings, staff, imports: only a Supervisor writes them. */
const NUR_SUPERVISOR = ['betrieb', 'vermittler', 'versicherer', 'agenturnummer', 'regel', 'nachtlauf']

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [tabelle, sichtbar] of Object.entries(SICHTBAR)) {
    const schreibbar = NUR_SUPERVISOR.includes(tabelle) ? `${sichtbar} AND ${SUPERVISOR}` : sichtbar
    await sql
      .raw(`
      ALTER TABLE ${tabelle} ENABLE ROW LEVEL SECURITY;
      ALTER TABLE ${tabelle} FORCE ROW LEVEL SECURITY;
      CREATE POLICY eigner ON ${tabelle} TO CURRENT_USER USING (true) WITH CHECK (true);
      CREATE POLICY worker ON ${tabelle} TO vm_worker USING (true) WITH CHECK (true);
      CREATE POLICY web_lesen ON ${tabelle} FOR SELECT TO vm_web USING (${sichtbar});
      CREATE POLICY web_anlegen ON ${tabelle} FOR INSERT TO vm_web WITH CHECK (${schreibbar});
      CREATE POLICY web_aendern ON ${tabelle} FOR UPDATE TO vm_web USING (${schreibbar}) WITH CHECK (${schreibbar});
      CREATE POLICY web_loeschen ON ${tabelle} FOR DELETE TO vm_web USING (${schreibbar});
    `)
      .execute(db)
  }
  await sql.raw(SCHREIBRECHTE).execute(db)

  await sql`
    -- Checks a session and sets the context of this transaction: the only way into the data for the web role.
    -- A Supervisor sees every Vermittler of the Betrieb, a Vermittler only himself.
    CREATE FUNCTION sitzung_beginnen(sitzung text) RETURNS TABLE (
      vermittler_id integer, betrieb_id integer, rolle text, vorname text, name text, email text, betrieb text, betrieb_ort text, demo boolean, einstellungen jsonb
    ) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE v record; kennung bytea := sha256(convert_to(sitzung, 'UTF8'));
    BEGIN
      SELECT v1.*, b.name AS betrieb_name, b.ort AS ort, b.demo AS ist_demo, s.zuletzt_am INTO v
        FROM auth.sitzung s JOIN vermittler v1 ON v1.anmeldung_id = s.konto_id JOIN betrieb b ON b.id = v1.betrieb_id
        WHERE s.id = kennung AND s.laeuft_ab_am > now() AND s.zuletzt_am > now() - interval '24 hours' AND v1.aktiv;
      IF NOT FOUND THEN RETURN; END IF;
      -- Rarely, and never waiting for another request of the same session.
      IF v.zuletzt_am < now() - interval '10 minutes' THEN
        UPDATE auth.sitzung SET zuletzt_am = now()
          WHERE id = (SELECT id FROM auth.sitzung WHERE id = kennung FOR UPDATE SKIP LOCKED);
      END IF;
      PERFORM set_config('app.betrieb', v.betrieb_id::text, true), set_config('app.person', v.id::text, true), set_config('app.rolle', v.rolle, true),
        set_config('app.vermittler', CASE WHEN v.rolle = 'SUPERVISOR'
          THEN (SELECT array_agg(w.id)::text FROM vermittler w WHERE w.betrieb_id = v.betrieb_id) ELSE ARRAY[v.id]::text END, true);
      RETURN QUERY SELECT v.id, v.betrieb_id, v.rolle, v.vorname, v.name, v.email, v.betrieb_name, v.ort, v.ist_demo, v.einstellungen;
    END $$;

    -- Hands a Kunde with Fälle and Vorgänge to another Vermittler (a policy that hides the new row forbids a plain update).
    CREATE FUNCTION kunde_zuordnen(kunde integer, neu integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE b integer := nullif(current_setting('app.betrieb', true), '')::int; sichtbar integer[] := nullif(current_setting('app.vermittler', true), '')::int[];
    BEGIN
      IF NOT EXISTS (SELECT FROM vermittler w WHERE w.id = neu AND w.betrieb_id = b AND w.aktiv) THEN RAISE EXCEPTION 'VERMITTLER_UNBEKANNT'; END IF;
      UPDATE kunde k SET vermittler_id = neu, version = version + 1, geaendert_am = now() WHERE k.id = kunde AND k.betrieb_id = b AND k.vermittler_id = ANY (sichtbar);
      IF NOT FOUND THEN RAISE EXCEPTION 'KUNDE_UNBEKANNT'; END IF;
      UPDATE fall f SET vermittler_id = neu WHERE f.kunde_id = kunde AND f.vermittler_id <> neu;
      UPDATE vorgang g SET vermittler_id = neu WHERE g.kunde_id = kunde AND g.vermittler_id <> neu;
    END $$;

    -- The next numbers for Kunden of a Betrieb ("K-000124" …): returns the first of them. Also looks at what was put in past this function.
    CREATE FUNCTION naechste_kundennummern(b integer, anzahl integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE letzte integer;
    BEGIN
      IF session_user = 'vm_web' AND b IS DISTINCT FROM nullif(current_setting('app.betrieb', true), '')::int THEN RAISE EXCEPTION 'BETRIEB_FREMD'; END IF;
      UPDATE betrieb SET kundennummer = anzahl + greatest(kundennummer,
          (SELECT max(substring(k.nummer FROM '^K-([0-9]{1,9})$')::int) FROM kunde k WHERE k.betrieb_id = b))
        WHERE id = b RETURNING kundennummer INTO letzte;
      IF letzte IS NULL THEN RAISE EXCEPTION 'BETRIEB_UNBEKANNT'; END IF;
      RETURN letzte - anzahl + 1;
    END $$;

    -- Removes the demo Betrieb of the asking Supervisor, whole. A real Betrieb is never removed this way.
    CREATE FUNCTION demo_entfernen() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE b integer := nullif(current_setting('app.betrieb', true), '')::int; konten text[];
    BEGIN
      IF current_setting('app.rolle', true) IS DISTINCT FROM 'SUPERVISOR' THEN RAISE EXCEPTION 'NICHT_DEMO'; END IF;
      -- Pressed twice: the second waits, and finds it gone.
      PERFORM FROM betrieb WHERE id = b FOR UPDATE;
      IF NOT FOUND THEN RETURN; END IF;
      IF NOT EXISTS (SELECT FROM betrieb WHERE id = b AND demo) THEN RAISE EXCEPTION 'NICHT_DEMO'; END IF;
      SELECT array_agg(anmeldung_id) INTO konten FROM vermittler WHERE betrieb_id = b;
      DELETE FROM fall WHERE betrieb_id = b;
      DELETE FROM kunde WHERE betrieb_id = b;
      DELETE FROM betrieb WHERE id = b;
      DELETE FROM auth.konto WHERE id = ANY (konten);
    END $$;

    -- First run: whether anybody is set up yet, and the first Betrieb with its Supervisor against the one-time token.
    CREATE FUNCTION einrichtung_offen() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
      SELECT einrichtung_hash IS NOT NULL FROM installation $$;
    -- Returns the Supervisor's account.
    CREATE FUNCTION betrieb_einrichten(token text, betrieb_name text, betrieb_ort text, land text, s_vorname text, s_name text, s_email text, hash text, tag date)
    RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE b integer; konto text := gen_random_uuid();
    BEGIN
      UPDATE installation SET einrichtung_hash = NULL WHERE einrichtung_hash = encode(sha256(convert_to(token, 'UTF8')), 'hex');
      IF NOT FOUND THEN RAISE EXCEPTION 'TOKEN_UNGUELTIG'; END IF;
      INSERT INTO auth.konto (id, email, passwort) VALUES (konto, lower(s_email), hash);
      INSERT INTO betrieb (name, ort, bundesland, beginn) VALUES (betrieb_name, betrieb_ort, land, tag) RETURNING id INTO b;
      INSERT INTO vermittler (betrieb_id, anmeldung_id, vorname, name, email, rolle) VALUES (b, konto, s_vorname, s_name, s_email, 'SUPERVISOR');
      RETURN konto;
    END $$;

    -- The Supervisor's own Betrieb; anything else is refused.
    CREATE FUNCTION supervisor_betrieb() RETURNS integer LANGUAGE plpgsql STABLE AS $$
    BEGIN
      IF current_setting('app.rolle', true) IS DISTINCT FROM 'SUPERVISOR' THEN RAISE EXCEPTION 'NUR_SUPERVISOR'; END IF;
      RETURN nullif(current_setting('app.betrieb', true), '')::int;
    END $$;

    -- A new person with an account that opens only through a link. Unique violation (23505) when the address has an account.
    CREATE FUNCTION mitarbeiter_anlegen(m_vorname text, m_name text, m_email text, m_telefon text, m_rolle text)
    RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE b integer := supervisor_betrieb(); konto text := gen_random_uuid(); neu integer;
    BEGIN
      INSERT INTO auth.konto (id, email) VALUES (konto, lower(m_email));
      INSERT INTO vermittler (betrieb_id, anmeldung_id, vorname, name, email, telefon, rolle)
        VALUES (b, konto, m_vorname, m_name, m_email, m_telefon, m_rolle) RETURNING id INTO neu;
      -- From here on the Supervisor sees the new person's rows, too.
      PERFORM set_config('app.vermittler', (SELECT array_agg(w.id)::text FROM vermittler w WHERE w.betrieb_id = b), true);
      RETURN neu;
    END $$;

    -- Another address to log in with: ends what was sent to the old one.
    CREATE FUNCTION mitarbeiter_email(wer integer, neu text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE b integer := supervisor_betrieb(); kennung text;
    BEGIN
      UPDATE vermittler v SET email = neu WHERE v.id = wer AND v.betrieb_id = b RETURNING v.anmeldung_id INTO kennung;
      UPDATE auth.konto SET email = lower(neu) WHERE id = kennung;
      DELETE FROM auth.zugangslink WHERE konto_id = kennung;
    END $$;

    -- A fresh link for a person of the Betrieb; earlier ones end. False when the person has no account or may not enter.
    CREATE FUNCTION zugangslink_anlegen(wer integer, hash bytea, link_art text, gueltig interval)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE b integer := supervisor_betrieb(); kennung text;
    BEGIN
      SELECT v.anmeldung_id INTO kennung FROM vermittler v WHERE v.id = wer AND v.betrieb_id = b AND v.aktiv;
      IF kennung IS NULL THEN RETURN false; END IF;
      -- Two at once: the later one must see the earlier one's link to end it.
      PERFORM FROM auth.konto k WHERE k.id = kennung FOR UPDATE;
      DELETE FROM auth.zugangslink WHERE konto_id = kennung;
      INSERT INTO auth.zugangslink (id, konto_id, art, laeuft_ab_am) VALUES (hash, kennung, link_art, now() + gueltig);
      RETURN true;
    END $$;

    -- Who of the Betrieb has set a password yet, and when each was last here.
    CREATE FUNCTION mitarbeiter_zugaenge() RETURNS TABLE (vermittler_id integer, bereit boolean, zuletzt_am timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      RETURN QUERY SELECT v.id, k.passwort IS NOT NULL, (SELECT max(s.zuletzt_am) FROM auth.sitzung s WHERE s.konto_id = k.id)
        FROM vermittler v JOIN auth.konto k ON k.id = v.anmeldung_id WHERE v.betrieb_id = supervisor_betrieb();
    END $$;

    -- Own settings (appearance, keys): the only part of the own row a Vermittler writes.
    CREATE FUNCTION eigene_einstellung(schluessel text, wert jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
      UPDATE vermittler SET einstellungen = einstellungen || jsonb_build_object(schluessel, wert) WHERE id = nullif(current_setting('app.person', true), '')::int $$;

    -- Whoever is deactivated is out at once, and stays out after coming back.
    CREATE FUNCTION zugang_beenden() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      DELETE FROM auth.sitzung WHERE konto_id = NEW.anmeldung_id;
      DELETE FROM auth.zugangslink WHERE konto_id = NEW.anmeldung_id;
      RETURN NULL;
    END $$;
    CREATE TRIGGER zugang_beenden AFTER UPDATE OF aktiv ON vermittler FOR EACH ROW WHEN (OLD.aktiv AND NOT NEW.aktiv) EXECUTE FUNCTION zugang_beenden();

    -- For the login's role: whom an account belongs to, as long as that person may enter; and the mail with the link.
    CREATE FUNCTION konto_person(konto text) RETURNS TABLE (vermittler_id integer, vorname text, name text, email text, betrieb text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
      SELECT v.id, v.vorname, v.name, v.email, b.name FROM vermittler v JOIN betrieb b ON b.id = v.betrieb_id WHERE v.anmeldung_id = konto AND v.aktiv $$;
    CREATE FUNCTION zugang_mailen(konto text, mail_betreff text, mail_inhalt text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
      WITH neu AS (
        INSERT INTO mail (betrieb_id, art, vermittler_id, an, betreff, inhalt)
        SELECT v.betrieb_id, 'ZUGANG', v.id, v.email, mail_betreff, mail_inhalt FROM vermittler v WHERE v.anmeldung_id = konto AND v.aktiv
        RETURNING betrieb_id, id)
      INSERT INTO outbox (betrieb_id, art, ziel) SELECT betrieb_id, 'MAIL', id FROM neu $$;

    REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION sitzung_beginnen(text), kunde_zuordnen(integer, integer), demo_entfernen(), einrichtung_offen(),
      betrieb_einrichten(text, text, text, text, text, text, text, text, date), supervisor_betrieb(), mitarbeiter_anlegen(text, text, text, text, text),
      mitarbeiter_email(integer, text), zugangslink_anlegen(integer, bytea, text, interval), mitarbeiter_zugaenge(), eigene_einstellung(text, jsonb) TO vm_web;
    GRANT EXECUTE ON FUNCTION konto_person(text), zugang_mailen(text, text, text) TO vm_auth;
    GRANT EXECUTE ON FUNCTION protokoll_verketten() TO vm_web, vm_worker;
    GRANT EXECUTE ON FUNCTION kunde_zuordnen(integer, integer) TO vm_worker;
    GRANT EXECUTE ON FUNCTION naechste_kundennummern(integer, integer) TO vm_web, vm_worker;
  `.execute(db)
}
