import { type Kysely, sql } from 'kysely'

/** What was documented today, of one GeVo and newest first: in a large Betrieb thousands by the evening, and every list shows the first fifty of its own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX fall_erledigt ON fall (betrieb_id, gevo, dokumentiert_am DESC, id DESC, vermittler_id) WHERE status = 'DOKUMENTIERT'`.execute(
    db,
  )
}
