import { type Kysely, sql } from 'kysely'

/**
 * Search and order of the customer list. Trigram operators are not leakproof, so a policy would keep the index from being used:
 * the search runs as one function of the owner that filters by the asking person itself.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    -- Names sort as in the phone book (DIN 5007-2): Müller beside Mueller.
    CREATE COLLATION telefonbuch (provider = icu, locale = 'de-u-co-phonebk');
    CREATE INDEX kunde_suche ON kunde USING gin (suchtext gin_trgm_ops);
    CREATE INDEX kunde_name ON kunde (betrieb_id, name COLLATE telefonbuch, vorname COLLATE telefonbuch, id);
    CREATE INDEX vertrag_vsnr ON vertrag (betrieb_id, vsnr_norm text_pattern_ops) WHERE vsnr_norm IS NOT NULL;
    CREATE INDEX kundennummer_suche ON kundennummer (betrieb_id, nummer text_pattern_ops);

    -- Kunden of the asking person whose words begin with every word of worte (folded by domain/suchtext.ts), or whose number, policy number
    -- or phone begins with q_nummer (letters and digits in capitals; '' = none) or q_telefon (digits; '' = none).
    CREATE FUNCTION suche_kunden(worte text[], q_nummer text, q_telefon text) RETURNS SETOF integer
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
    DECLARE
      b integer := nullif(current_setting('app.betrieb', true), '')::int;
      sichtbar integer[] := nullif(current_setting('app.vermittler', true), '')::int[];
      muster text[] := ARRAY(SELECT '% ' || w || '%' FROM unnest(worte) w ORDER BY length(w) DESC);
    BEGIN
      RETURN QUERY
        SELECT k.id FROM kunde k
          WHERE k.betrieb_id = b AND k.vermittler_id = ANY (sichtbar) AND cardinality(muster) > 0 AND k.suchtext LIKE muster[1] AND k.suchtext LIKE ALL (muster)
        UNION
        SELECT k.id FROM kunde k
          WHERE q_telefon <> '' AND k.betrieb_id = b AND k.vermittler_id = ANY (sichtbar) AND k.suchtext LIKE '% ' || q_telefon || '%'
        UNION
        SELECT k.id FROM kunde k
          WHERE q_nummer ~ '^K?[0-9]{1,6}$' AND k.betrieb_id = b AND k.vermittler_id = ANY (sichtbar) AND k.nummer = 'K-' || lpad(ltrim(q_nummer, 'K'), 6, '0')
        UNION
        SELECT k.id FROM vertrag v JOIN kunde k ON k.id = v.kunde_id
          WHERE q_nummer <> '' AND v.betrieb_id = b AND v.vsnr_norm LIKE q_nummer || '%' AND k.vermittler_id = ANY (sichtbar)
        UNION
        SELECT k.id FROM kundennummer n JOIN kunde k ON k.id = n.kunde_id
          WHERE q_nummer <> '' AND n.betrieb_id = b AND n.nummer LIKE q_nummer || '%' AND k.vermittler_id = ANY (sichtbar);
    END $$;

    REVOKE EXECUTE ON FUNCTION suche_kunden(text[], text, text) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION suche_kunden(text[], text, text) TO vm_web;
  `.execute(db)
}
