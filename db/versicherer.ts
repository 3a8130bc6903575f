/** Insurers by their number (BaFin), named by the Supervisor; a number without a name is shown as "VU 5342". */
import { sql } from 'kysely'
import type { WebDb } from './sitzung.ts'
import type { Db } from './verbindung.ts'

export interface Versicherer {
  vuNummer: string
  /** null: occurs in the portfolio, but nobody has named it yet. */
  name: string | null
  vertraege: number
}

/** Unnamed ones first, the most frequent on top; then by name. `nur` cuts to one number. */
export async function listVersicherer(db: WebDb, nur?: string): Promise<Versicherer[]> {
  const { rows } = await sql<Versicherer>`
    SELECT vu_nummer AS "vuNummer", u.name, coalesce(t.vertraege, 0) AS vertraege
    FROM versicherer u FULL JOIN (SELECT vu_nummer, count(*) AS vertraege FROM vertrag WHERE vu_nummer IS NOT NULL GROUP BY vu_nummer) t USING (vu_nummer)
    WHERE ${nur ?? null}::text IS NULL OR vu_nummer = ${nur ?? null}
    ORDER BY u.name IS NOT NULL, CASE WHEN u.name IS NULL THEN -coalesce(t.vertraege, 0) END, u.name COLLATE telefonbuch, vu_nummer`.execute(db)
  return rows
}

/** Those that have a name, of one Betrieb. */
export async function listVersicherernamen(db: WebDb | Db, betrieb: number): Promise<{ vuNummer: string; name: string }[]> {
  return db.selectFrom('versicherer').select(['vu_nummer as vuNummer', 'name']).where('betrieb_id', '=', betrieb).orderBy('vu_nummer').execute()
}

/** Names a number, new or known. */
export async function setVersicherer(db: WebDb, betrieb: number, vuNummer: string, name: string): Promise<void> {
  await db
    .insertInto('versicherer')
    .values({ betrieb_id: betrieb, vu_nummer: vuNummer, name })
    .onConflict((oc) => oc.columns(['betrieb_id', 'vu_nummer']).doUpdateSet({ name }))
    .execute()
}
