/** What imports brought, for the Supervisor's pages, and the agency numbers nobody is mapped to yet. */
import { type Selectable, sql } from 'kysely'
import type { Agenturnummer } from './importe-agentur.ts'
import type { ImportTable } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export type Import = Selectable<ImportTable>

export interface ImportInListe extends Omit<Import, 'befunde' | 'pruefsumme'> {
  /** "Lindner, Karin"; null from the command line. */
  person: string | null
}

/** Newest first, the last hundred. */
export async function listImporte(db: WebDb): Promise<ImportInListe[]> {
  return db
    .selectFrom('import as i')
    .leftJoin('vermittler as v', 'v.id', 'i.von_vermittler_id')
    .select(['i.id', 'i.betrieb_id', 'i.datei', 'i.status', 'i.zaehler', 'i.von_vermittler_id', 'i.gestartet_am', 'i.beendet_am'])
    .select(sql<string | null>`v.name || ', ' || v.vorname`.as('person'))
    .orderBy('i.id', 'desc')
    .limit(100)
    .execute()
}

export async function findImport(db: WebDb, id: number): Promise<(Import & { person: string | null }) | undefined> {
  return db
    .selectFrom('import as i')
    .leftJoin('vermittler as v', 'v.id', 'i.von_vermittler_id')
    .selectAll('i')
    .select(sql<string | null>`v.name || ', ' || v.vorname`.as('person'))
    .where('i.id', '=', id)
    .executeTakeFirst()
}

export interface OffeneAgenturnummer extends Agenturnummer {
  versicherer: string | null
  kunden: number
  vertraege: number
}

/** Agency numbers of the portfolio's contracts without a Vermittler, largest first. */
export async function listOffeneAgenturnummern(db: WebDb): Promise<OffeneAgenturnummer[]> {
  const { rows } = await sql<OffeneAgenturnummer>`
    SELECT t.vu_nummer AS "vuNummer", t.agenturnummer AS nummer, u.name AS versicherer, count(DISTINCT t.kunde_id) AS kunden, count(*) AS vertraege
    FROM vertrag t LEFT JOIN versicherer u ON u.betrieb_id = t.betrieb_id AND u.vu_nummer = t.vu_nummer
    WHERE t.vu_nummer IS NOT NULL AND t.agenturnummer IS NOT NULL AND NOT EXISTS (
      SELECT FROM agenturnummer a WHERE a.betrieb_id = t.betrieb_id AND a.vu_nummer = t.vu_nummer AND a.nummer = t.agenturnummer)
    GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2`.execute(db)
  return rows
}
