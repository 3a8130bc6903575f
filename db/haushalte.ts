/** Who lives with a customer and how they are related. */
import { sql } from 'kysely'
import type { BeziehungTable, KundeRow } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export interface Angehoeriger extends Pick<KundeRow, 'id' | 'nummer' | 'titel' | 'vorname' | 'name' | 'art' | 'geburtsdatum'> {
  /** What the other is to this customer; null for a member of the household without a recorded relation. */
  beziehung: BeziehungTable['art'] | null
  /** true: the record reads the other way round (this customer is KIND of the other). */
  umgekehrt: boolean
  imHaushalt: boolean
  vertraege: number
}

/** Members of the household and everybody related, each once; customers the person may not see are left out. */
export async function listAngehoerige(db: WebDb, kunde: number): Promise<Angehoeriger[]> {
  const { rows } = await sql<Angehoeriger>`
    SELECT a.id, a.nummer, a.titel, a.vorname, a.name, a.art, a.geburtsdatum, b.art AS beziehung, coalesce(b.kunde_id = k.id, false) AS umgekehrt,
      coalesce(a.haushalt_id = k.haushalt_id, false) AS "imHaushalt",
      (SELECT count(*) FROM vertrag t WHERE t.kunde_id = a.id AND t.status IN ('AKTIV', 'BEITRAGSFREI', 'RUHEND')) AS vertraege
    FROM kunde k
      JOIN kunde a ON a.id <> k.id AND a.id IN (
        SELECT h.id FROM kunde h WHERE h.haushalt_id = k.haushalt_id
        UNION SELECT b1.kunde_id FROM beziehung b1 WHERE b1.zu_kunde_id = k.id
        UNION SELECT b2.zu_kunde_id FROM beziehung b2 WHERE b2.kunde_id = k.id)
      LEFT JOIN LATERAL (
        SELECT b0.art, b0.kunde_id FROM beziehung b0
        WHERE (b0.kunde_id = k.id AND b0.zu_kunde_id = a.id) OR (b0.kunde_id = a.id AND b0.zu_kunde_id = k.id) ORDER BY b0.id LIMIT 1) b ON true
    WHERE k.id = ${kunde}
    ORDER BY a.geburtsdatum NULLS LAST, a.id`.execute(db)
  return rows
}
