import { type Kysely, sql } from 'kysely'

/** What a night asks of every rule: which findings told to be wrong still hold their question back. Few, among everything that was ever closed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX fall_fehlbefund ON fall (betrieb_id, gevo)
    WHERE status = 'GESCHLOSSEN' AND ergebnis = 'FEHLBEFUND' AND sperre_aufgehoben_am IS NULL`.execute(db)
}
