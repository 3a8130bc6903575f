import { type Kysely, sql } from 'kysely'

/** What a rule of a night that is under way could not decide: missing fields ("status,beginn") → numbers of the customers. Emptied when the night ends. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE nachtlauf_gevo ADD COLUMN unentschieden jsonb`.execute(db)
}
