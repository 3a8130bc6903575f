/** "Altbestand geprüft": what a rule finds today, looked through by a Supervisor in bulk and held back until a day. */
import { sql } from 'kysely'
import type { Regel } from './bestand.ts'
import type { Tag, Zeitpunkt } from './schema.ts'
import type { Person, WebDb } from './sitzung.ts'
import { treffer } from './vorschau.ts'

/** Rules that hit nearly everybody on a portfolio that comes in as a whole: what was done before is not known to the system. */
export const ALTBESTANDSREGELN: readonly string[] = ['G16', 'G18', 'G20']

export interface Altbestand {
  id: number
  bis: Tag
  grund: string
  anzahl: number
  am: Zeitpunkt
  /** "Weber, Anna" */
  von: string | null
  zurueckgenommenAm: Zeitpunkt | null
  zurueckgenommenVon: string | null
}

/** Newest first. */
export async function listAltbestand(db: WebDb, gevo: string): Promise<Altbestand[]> {
  const { rows } = await sql<Altbestand>`
    SELECT a.id, a.bis, a.grund, a.anzahl, a.am, v.name || ', ' || v.vorname AS von, a.zurueckgenommen_am AS "zurueckgenommenAm",
      w.name || ', ' || w.vorname AS "zurueckgenommenVon"
    FROM altbestand a LEFT JOIN vermittler v ON v.id = a.von LEFT JOIN vermittler w ON w.id = a.zurueckgenommen_von
    WHERE a.gevo = ${gevo} ORDER BY a.id DESC`.execute(db)
  return rows
}

export interface NewAltbestand {
  person: Pick<Person, 'id' | 'betriebId'>
  stichtag: Tag
  /** Last day of the night on which they are held back. */
  bis: Tag
  grund: string
}

/** Marks what the rule would open on `stichtag`; open Fälle stay. Returns how many; nothing is written where there is none. To be called mitGeduld. */
export async function insertAltbestand(db: WebDb, regel: Regel, { person, stichtag, bis, grund }: NewAltbestand): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    WITH ${treffer(db, regel, { person, stichtag })}, neu AS MATERIALIZED (SELECT betrieb_id, schluessel, kunde_id FROM beurteilt WHERE folge = 'NEU'),
    kopf AS (
      INSERT INTO altbestand (betrieb_id, gevo, bis, grund, anzahl, von)
      SELECT ${person.betriebId}, ${regel.code}, ${bis}::date, ${grund}, n, ${person.id} FROM (SELECT count(*)::integer AS n FROM neu) z WHERE n > 0 RETURNING id),
    zeilen AS (
      INSERT INTO altbestand_schluessel (altbestand_id, betrieb_id, schluessel, kunde_id)
      SELECT kopf.id, neu.betrieb_id, neu.schluessel, neu.kunde_id FROM kopf CROSS JOIN neu RETURNING 1)
    SELECT count(*)::integer AS n FROM zeilen`.execute(db)
  return rows[0]!.n
}

/** From the next night on they are found again. False where it was taken back already, or is not there. */
export async function undoAltbestand(db: WebDb, { id: von }: Pick<Person, 'id'>, gevo: string, id: number): Promise<boolean> {
  const row = await db
    .updateTable('altbestand')
    .set({ zurueckgenommen_am: sql<string>`now()`, zurueckgenommen_von: von })
    .where('id', '=', id)
    .where('gevo', '=', gevo)
    .where('zurueckgenommen_am', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
