import { type Kysely, sql } from 'kysely'

/**
 * Tables (CSV, Excel) bring contracts without GDV's Sparte. Parts of a bundle stand there under one number: without that Sparte it is our own
 * that tells them apart.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE UNIQUE INDEX vertrag_nummer_sparte ON vertrag (betrieb_id, vu_nummer, vsnr_norm, sparte_gdv, (CASE WHEN sparte_gdv IS NULL THEN sparte END))
      NULLS NOT DISTINCT WHERE vsnr_norm IS NOT NULL;
    DROP INDEX vertrag_nummer;
    ALTER INDEX vertrag_nummer_sparte RENAME TO vertrag_nummer;
  `.execute(db)
}
