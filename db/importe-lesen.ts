/** What imports brought, for the Supervisor's pages, and the agency numbers nobody is mapped to yet. */
import { type Selectable, sql } from 'kysely'
import type { Agenturnummer } from './importe-agentur.ts'
import type { ImportBefund, ImportTable, ImportZeileTable, ImportquelleTable, Liefert } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export type Import = Selectable<ImportTable>
export const ZEILEN_JE_SEITE = 50

export interface ImportInListe extends Omit<Import, 'befunde' | 'pruefsumme' | 'vorschlag' | 'freigegeben_am' | 'freigegeben_von'> {
  /** "Lindner, Karin"; null from the command line. */
  person: string | null
  /** Name of the source; null until it is known. */
  quelle: string | null
  /** Questions a person has not answered yet. */
  zweifel: number
}

/** Newest first, the last hundred. */
export async function listImporte(db: WebDb): Promise<ImportInListe[]> {
  const { rows } = await sql<ImportInListe>`
    SELECT i.id, i.betrieb_id, i.datei, i.status, i.zaehler, i.von_vermittler_id, i.gestartet_am, i.beendet_am, i.format, i.quelle_id, i.liefert,
      i.stand, i.bytes, i.fortschritt, i.bewegt_am, i.abbruch_gewuenscht, i.anlauf, i.gruende, v.name || ', ' || v.vorname AS person, q.name AS quelle,
      (SELECT count(*) FROM import_zweifel z WHERE z.import_id = i.id AND z.entscheidung IS NULL) AS zweifel
    FROM import i LEFT JOIN vermittler v ON v.id = i.von_vermittler_id LEFT JOIN importquelle q ON q.id = i.quelle_id
    ORDER BY i.id DESC LIMIT 100`.execute(db)
  return rows
}

/** The same sentence at many places. */
export interface Befundgruppe {
  text: string
  feld: string | null
  /** Of those that are kept (see zaehler.befunde for all). */
  anzahl: number
  /** The first few places. */
  orte: Pick<ImportBefund, 'paket' | 'zeile' | 'byte'>[]
}

export interface Importbericht extends Import {
  person: string | null
  quelle: Selectable<ImportquelleTable> | null
  /** Largest group first. */
  gruppen: Befundgruppe[]
  zweifel: number
  /** Rows of import_zeile by kind: 'KUNDE NEU', 'VERTRAG GEAENDERT', … */
  zeilen: Record<string, number>
}

const ORTE = 5

export async function findImport(db: WebDb, id: number): Promise<Importbericht | undefined> {
  const row = await db
    .selectFrom('import as i')
    .leftJoin('vermittler as v', 'v.id', 'i.von_vermittler_id')
    .selectAll('i')
    .select([
      sql<string | null>`v.name || ', ' || v.vorname`.as('person'),
      sql<number>`(SELECT count(*) FROM import_zweifel z WHERE z.import_id = i.id AND z.entscheidung IS NULL)`.as('zweifel'),
      sql<Record<string, number>>`(SELECT coalesce(jsonb_object_agg(g.was, g.n), '{}') FROM (
        SELECT z.art || ' ' || z.folge AS was, count(*) AS n FROM import_zeile z WHERE z.import_id = i.id GROUP BY 1) g)`.as('zeilen'),
    ])
    .where('i.id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const quelle =
    row.quelle_id === null ? undefined : await db.selectFrom('importquelle').selectAll().where('id', '=', row.quelle_id).executeTakeFirst()
  return { ...row, quelle: quelle ?? null, gruppen: groupBefunde(row.befunde) }
}

function groupBefunde(befunde: readonly ImportBefund[]): Befundgruppe[] {
  const gruppen = Map.groupBy(befunde, ({ text, feld }) => `${feld ?? ''}|${text}`)
  return [...gruppen.values()]
    .map((alle) => ({
      text: alle[0]!.text,
      feld: alle[0]!.feld ?? null,
      anzahl: alle.length,
      orte: alle.slice(0, ORTE).map(({ paket, zeile, byte }) => ({ ...(paket && { paket }), ...(zeile && { zeile }), ...(byte && { byte }) })),
    }))
    .toSorted((a, b) => b.anzahl - a.anzahl)
}

export interface Zeilenfilter {
  art: ImportZeileTable['art']
  folge: ImportZeileTable['folge']
  /** From 1. */
  seite?: number
}

export interface Importzeile {
  /** kunde.id or vertrag.id. */
  objekt: number
  kunde: number
  /** "Weber, Anna" */
  name: string
  kundennummer: string
  /** Of a contract. */
  sparte: string | null
  vsnr: string | null
  versicherer: string | null
  /** The changed fields, before and after; null for NEU. */
  vorher: Record<string, unknown> | null
  nachher: Record<string, unknown> | null
}

/** One page of the difference, in the order of the rows' ids, and how many there are. */
export async function listZeilen(db: WebDb, id: number, { art, folge, seite = 1 }: Zeilenfilter): Promise<{ zeilen: Importzeile[]; gesamt: number }> {
  const { rows } = await sql<Importzeile>`
    SELECT z.objekt_id AS objekt, z.kunde_id AS kunde, concat_ws(', ', k.name, k.vorname) AS name, k.nummer AS kundennummer,
      t.sparte, t.vsnr, coalesce(u.name, 'VU ' || t.vu_nummer) AS versicherer, z.vorher, z.nachher
    FROM (SELECT * FROM import_zeile WHERE import_id = ${id} AND art = ${art} AND folge = ${folge}
      ORDER BY objekt_id LIMIT ${ZEILEN_JE_SEITE} OFFSET ${(seite - 1) * ZEILEN_JE_SEITE}) z
    JOIN kunde k ON k.id = z.kunde_id
    LEFT JOIN vertrag t ON z.art = 'VERTRAG' AND t.id = z.objekt_id
    LEFT JOIN versicherer u ON u.betrieb_id = t.betrieb_id AND u.vu_nummer = t.vu_nummer
    ORDER BY z.objekt_id`.execute(db)
  const { rows: zahl } = await sql<{
    n: number
  }>`SELECT count(*) AS n FROM import_zeile WHERE import_id = ${id} AND art = ${art} AND folge = ${folge}`.execute(db)
  return { zeilen: rows, gesamt: zahl[0]!.n }
}

export interface Quelle extends Selectable<ImportquelleTable> {
  importe: number
}

export async function listQuellen(db: WebDb): Promise<Quelle[]> {
  const { rows } = await sql<Quelle>`
    SELECT q.*, (SELECT count(*) FROM import i WHERE i.quelle_id = q.id) AS importe FROM importquelle q ORDER BY q.name, q.id`.execute(db)
  return rows
}

/** What a Supervisor says of a source: its name, whether it delivers everything (null: judge by what comes). */
export async function saveQuelle(db: WebDb, id: number, { name, liefert }: { name: string; liefert: Liefert | null }): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('importquelle').set({ name, liefert }).where('id', '=', id).executeTakeFirst()
  return numUpdatedRows > 0n
}

export interface OffeneAgenturnummer extends Agenturnummer {
  versicherer: string | null
  kunden: number
  vertraege: number
}

/** Agency numbers of the portfolio's contracts without a Vermittler, largest first. `betrieb`: where nobody's session cuts the rows. */
export async function listOffeneAgenturnummern(db: WebDb, betrieb?: number): Promise<OffeneAgenturnummer[]> {
  const { rows } = await sql<OffeneAgenturnummer>`
    SELECT t.vu_nummer AS "vuNummer", t.agenturnummer AS nummer, u.name AS versicherer, count(DISTINCT t.kunde_id) AS kunden, count(*) AS vertraege
    FROM vertrag t LEFT JOIN versicherer u ON u.betrieb_id = t.betrieb_id AND u.vu_nummer = t.vu_nummer
    WHERE t.vu_nummer IS NOT NULL AND t.agenturnummer IS NOT NULL AND (${betrieb ?? null}::integer IS NULL OR t.betrieb_id = ${betrieb ?? null}) AND NOT EXISTS (
      SELECT FROM agenturnummer a WHERE a.betrieb_id = t.betrieb_id AND a.vu_nummer = t.vu_nummer AND a.nummer = t.agenturnummer)
    GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2`.execute(db)
  return rows
}
