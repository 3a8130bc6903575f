import { type Kysely, sql } from 'kysely'

/** Reminders by their instant, over all Betriebe: asked every few seconds which of them are late. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX fall_erinnerung ON fall (erinnerung_am) WHERE erinnerung_am IS NOT NULL`.execute(db)
}
