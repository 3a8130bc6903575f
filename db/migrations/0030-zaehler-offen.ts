import { type Kysely, sql } from 'kysely'

/** What is not folded yet, of one Vermittler: with the worker away it grows with every click of the whole office. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    DROP INDEX fall_zaehler_offen;
    CREATE INDEX fall_zaehler_offen ON fall_zaehler (betrieb_id, vermittler_id) WHERE NOT gefaltet;
  `.execute(db)
}
