/** Where deliveries come from: what a Supervisor says of each, and what it brought last. */
import { type Selectable, sql } from 'kysely'
import type { ImportquelleTable, Liefert, Tag } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export interface Quelle extends Selectable<ImportquelleTable> {
  importe: number
  /** The last few deliveries, newest first. */
  letzte: { id: number; datei: string; stand: Tag | null; liefert: Liefert | null }[]
}

const LETZTE = 3

export async function listQuellen(db: WebDb): Promise<Quelle[]> {
  const { rows } = await sql<Quelle>`
    SELECT q.*, (SELECT count(*) FROM import i WHERE i.quelle_id = q.id) AS importe,
      (SELECT coalesce(jsonb_agg(l ORDER BY l.id DESC), '[]') FROM (SELECT i.id, i.datei, i.stand, i.liefert FROM import i
        WHERE i.quelle_id = q.id AND i.status = 'FERTIG' ORDER BY i.id DESC LIMIT ${LETZTE}) l) AS letzte
    FROM importquelle q ORDER BY q.name, q.id`.execute(db)
  return rows
}

export async function findQuelle(db: WebDb, id: number): Promise<Selectable<ImportquelleTable> | undefined> {
  return db.selectFrom('importquelle').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Its name, and whether it delivers everything (null: judge by what comes). */
export async function saveQuelle(db: WebDb, id: number, { name, liefert }: { name: string; liefert: Liefert | null }): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('importquelle').set({ name, liefert }).where('id', '=', id).executeTakeFirst()
  return numUpdatedRows > 0n
}
