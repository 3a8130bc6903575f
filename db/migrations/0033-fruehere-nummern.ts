import { type Kysely, sql } from 'kysely'

/**
 * Numbers a contract went under before its insurer gave it another (normalised): deliveries and people still name them.
 * Full numbers are found, not their beginnings.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE vertrag ADD COLUMN vsnr_frueher text[] NOT NULL DEFAULT '{}';
    CREATE INDEX vertrag_vsnr_frueher ON vertrag USING gin (vsnr_frueher) WHERE vsnr_frueher <> '{}';

    CREATE OR REPLACE FUNCTION suche_kunden(worte text[], q_nummer text, q_telefon text) RETURNS SETOF integer
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
        SELECT k.id FROM vertrag v JOIN kunde k ON k.id = v.kunde_id
          WHERE q_nummer <> '' AND v.betrieb_id = b AND v.vsnr_frueher <> '{}' AND v.vsnr_frueher @> ARRAY[q_nummer] AND k.vermittler_id = ANY (sichtbar)
        UNION
        SELECT k.id FROM kundennummer n JOIN kunde k ON k.id = n.kunde_id
          WHERE q_nummer <> '' AND n.betrieb_id = b AND n.nummer LIKE q_nummer || '%' AND k.vermittler_id = ANY (sichtbar);
    END $$;
  `.execute(db)
}
