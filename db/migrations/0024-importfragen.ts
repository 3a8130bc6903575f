import { type Kysely, sql } from 'kysely'

/** What a Supervisor's pages ask of imports, found without reading whole tables; many customers change hands in one step. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE INDEX vertrag_agentur ON vertrag (betrieb_id, vu_nummer, agenturnummer, kunde_id) WHERE agenturnummer IS NOT NULL AND vu_nummer IS NOT NULL;

    CREATE INDEX import_zweifel_lieferung ON import_zweifel (betrieb_id, import_id, art) WHERE entscheidung IS NULL;

    -- Numbers of a Betrieb's contracts without a Vermittler, and how many customers stand under each, counted up to hoechstens + 1.
    -- Jumps from number to number. As the owner: row by row, the policy of vertrag would read kunde for every contract counted.
    CREATE FUNCTION offene_agenturnummern(b integer, hoechstens integer) RETURNS TABLE (vu_nummer text, nummer text, kunden integer)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      IF session_user = 'vm_web' AND b IS DISTINCT FROM supervisor_betrieb() THEN RAISE EXCEPTION 'BETRIEB_FREMD'; END IF;
      RETURN QUERY
        WITH RECURSIVE paar AS (
          (SELECT t.vu_nummer AS vu, t.agenturnummer AS nr FROM vertrag t WHERE t.betrieb_id = b AND t.agenturnummer IS NOT NULL AND t.vu_nummer IS NOT NULL
            ORDER BY t.vu_nummer, t.agenturnummer LIMIT 1)
          UNION ALL
          SELECT n.vu, n.nr FROM paar p, LATERAL (SELECT t.vu_nummer AS vu, t.agenturnummer AS nr FROM vertrag t WHERE t.betrieb_id = b
            AND t.agenturnummer IS NOT NULL AND t.vu_nummer IS NOT NULL AND (t.vu_nummer, t.agenturnummer) > (p.vu, p.nr)
            ORDER BY t.vu_nummer, t.agenturnummer LIMIT 1) n)
        SELECT p.vu, p.nr, (SELECT count(*)::int FROM (SELECT DISTINCT t.kunde_id FROM vertrag t WHERE t.betrieb_id = b AND t.vu_nummer = p.vu
          AND t.agenturnummer = p.nr ORDER BY t.kunde_id LIMIT hoechstens + 1) k)
        FROM paar p WHERE NOT EXISTS (SELECT FROM agenturnummer a WHERE a.betrieb_id = b AND a.vu_nummer = p.vu AND a.nummer = p.nr);
    END $$;

    -- kunde_zuordnen for many at once; whoever is with the new Vermittler already, or not visible, stays as he is. Returns how many moved.
    CREATE FUNCTION kunden_zuordnen(kunden integer[], neu integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE b integer := nullif(current_setting('app.betrieb', true), '')::int; sichtbar integer[] := nullif(current_setting('app.vermittler', true), '')::int[];
      bewegt integer[];
    BEGIN
      IF NOT EXISTS (SELECT FROM vermittler w WHERE w.id = neu AND w.betrieb_id = b AND w.aktiv) THEN RAISE EXCEPTION 'VERMITTLER_UNBEKANNT'; END IF;
      WITH da AS (
        UPDATE kunde k SET vermittler_id = neu, version = version + 1, geaendert_am = now()
        WHERE k.id = ANY (kunden) AND k.betrieb_id = b AND k.vermittler_id = ANY (sichtbar) AND k.vermittler_id <> neu RETURNING k.id)
      SELECT array_agg(id) INTO bewegt FROM da;
      UPDATE fall f SET vermittler_id = neu WHERE f.kunde_id = ANY (bewegt) AND f.vermittler_id <> neu;
      UPDATE vorgang g SET vermittler_id = neu WHERE g.kunde_id = ANY (bewegt) AND g.vermittler_id <> neu;
      RETURN coalesce(cardinality(bewegt), 0);
    END $$;

    REVOKE EXECUTE ON FUNCTION offene_agenturnummern(integer, integer), kunden_zuordnen(integer[], integer) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION offene_agenturnummern(integer, integer), kunden_zuordnen(integer[], integer) TO vm_web, vm_worker;
  `.execute(db)
}
