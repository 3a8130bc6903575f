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
  GRANT INSERT, UPDATE ON vermittler, versicherer, agenturnummer, regel, haushalt, kunde, kundennummer, beziehung, vertrag, einwilligung,
    portalzugang, import, fall, vorgang, aktion, mail TO vm_web;
  GRANT DELETE ON beziehung, agenturnummer TO vm_web;
  GRANT INSERT ON nachtlauf, kontakt, dokumentation, protokoll, outbox TO vm_web;

  GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO vm_web, vm_worker;
  GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO vm_worker;
  GRANT DELETE ON outbox, beziehung, kundennummer TO vm_worker;
  REVOKE UPDATE ON protokoll, kontakt, dokumentation FROM vm_worker;
`

/** Settings, staff, imports: only a Supervisor writes them. */
const NUR_SUPERVISOR = ['betrieb', 'versicherer', 'agenturnummer', 'regel', 'nachtlauf']

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
    DECLARE v record;
    BEGIN
      SELECT v1.*, b.name AS betrieb_name, b.ort AS ort, b.demo AS ist_demo INTO v
        FROM auth.session s JOIN vermittler v1 ON v1.anmeldung_id = s."userId" JOIN betrieb b ON b.id = v1.betrieb_id
        WHERE s.token = sitzung AND s."expiresAt" > now() AND v1.aktiv;
      IF NOT FOUND THEN RETURN; END IF;
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
      IF current_setting('app.rolle', true) <> 'SUPERVISOR' OR NOT EXISTS (SELECT FROM betrieb WHERE id = b AND demo) THEN RAISE EXCEPTION 'NICHT_DEMO'; END IF;
      SELECT array_agg(anmeldung_id) INTO konten FROM vermittler WHERE betrieb_id = b;
      DELETE FROM fall WHERE betrieb_id = b;
      DELETE FROM kunde WHERE betrieb_id = b;
      DELETE FROM betrieb WHERE id = b;
      DELETE FROM auth."user" WHERE id = ANY (konten);
    END $$;

    -- First run: whether anybody is set up yet, and the first Betrieb with its Supervisor against the one-time token.
    CREATE FUNCTION einrichtung_offen() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
      SELECT einrichtung_hash IS NOT NULL FROM installation $$;
    CREATE FUNCTION betrieb_einrichten(token text, anmeldung text, betrieb_name text, land text, s_vorname text, s_name text, s_email text, tag date)
    RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE b integer;
    BEGIN
      UPDATE installation SET einrichtung_hash = NULL WHERE einrichtung_hash = encode(sha256(convert_to(token, 'UTF8')), 'hex');
      IF NOT FOUND THEN RAISE EXCEPTION 'TOKEN_UNGUELTIG'; END IF;
      INSERT INTO betrieb (name, bundesland, beginn) VALUES (betrieb_name, land, tag) RETURNING id INTO b;
      INSERT INTO vermittler (betrieb_id, anmeldung_id, vorname, name, email, rolle) VALUES (b, anmeldung, s_vorname, s_name, s_email, 'SUPERVISOR');
      RETURN b;
    END $$;

    REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION sitzung_beginnen(text), kunde_zuordnen(integer, integer), demo_entfernen(), einrichtung_offen(),
      betrieb_einrichten(text, text, text, text, text, text, text, date) TO vm_web;
    GRANT EXECUTE ON FUNCTION protokoll_verketten() TO vm_web, vm_worker;
    GRANT EXECUTE ON FUNCTION kunde_zuordnen(integer, integer) TO vm_worker;
    GRANT EXECUTE ON FUNCTION naechste_kundennummern(integer, integer) TO vm_web, vm_worker;
  `.execute(db)
}
