/** What imports brought, for the Supervisor's pages, and the agency numbers nobody is mapped to yet. */
import { type Selectable, sql } from 'kysely'
import type { Sparte } from '../domain/sparten.ts'
import { KUNDEN_GEZAEHLT } from './abweichungen.ts'
import type { Agenturnummer } from './importe-agentur.ts'
import { befundart } from './importe-befunde.ts'
import { PERSONENFRAGEN } from './importe-zweifel.ts'
import { findQuelle } from './importquellen.ts'
import type { ImportBefund, ImportTable, ImportZeileTable, Importgrund, ImportquelleTable, VertragTable } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export type Import = Selectable<ImportTable>
export const ZEILEN_JE_SEITE = 50

export interface ImportInListe extends Omit<
  Import,
  'befunde' | 'pruefsumme' | 'vorschlag' | 'freigegeben_am' | 'freigegeben_von' | 'pakete' | 'beurteilung'
> {
  /** "Lindner, Karin"; null from the command line. */
  person: string | null
  /** Name of the source; null until it is known. */
  quelle: string | null
  /** Persons a person has not said of yet whether they are customers. */
  zweifel: number
}

/** Newest first; one page, or all of a source. */
export async function listImporte(
  db: WebDb,
  { seite = 1, quelle }: { seite?: number; quelle?: number } = {},
): Promise<{ importe: ImportInListe[]; gesamt: number }> {
  const von = quelle === undefined ? sql`import i` : sql`(SELECT * FROM import WHERE quelle_id = ${quelle}) i`
  const { rows } = await sql<ImportInListe>`
    SELECT i.id, i.betrieb_id, i.datei, i.status, i.zaehler, i.von_vermittler_id, i.gestartet_am, i.beendet_am, i.format, i.quelle_id, i.liefert,
      i.stand, i.bytes, i.fortschritt, i.bewegt_am, i.abbruch_gewuenscht, i.anlauf, i.gruende, v.name || ', ' || v.vorname AS person, q.name AS quelle,
      (SELECT count(*) FROM import_zweifel z WHERE z.import_id = i.id AND z.entscheidung IS NULL AND z.art IN ${PERSONENFRAGEN}) AS zweifel
    FROM ${von} LEFT JOIN vermittler v ON v.id = i.von_vermittler_id LEFT JOIN importquelle q ON q.id = i.quelle_id
    ORDER BY i.id DESC LIMIT ${ZEILEN_JE_SEITE} OFFSET ${(seite - 1) * ZEILEN_JE_SEITE}`.execute(db)
  const { rows: zahl } = await sql<{ n: number }>`SELECT count(*) AS n FROM ${von}`.execute(db)
  return { importe: rows, gesamt: zahl[0]!.n }
}

/** The same finding at many places. */
export interface Befundgruppe {
  /** The sentence; values that differ from place to place are left out. */
  text: string
  feld: string | null
  anzahl: number
  /** The first few places. */
  orte: Pick<ImportBefund, 'paket' | 'zeile' | 'byte'>[]
}

export interface Importbericht extends Import {
  person: string | null
  quelle: Selectable<ImportquelleTable> | null
  /** "Lindner, Karin", where it was released from quarantine. */
  freigegeben: string | null
  /** Largest group first. */
  gruppen: Befundgruppe[]
  zweifel: number
  haushalte: number
  /** Rows of import_zeile by kind: 'KUNDE NEU', 'VERTRAG GEAENDERT', … */
  zeilen: Record<string, number>
  /** An earlier import of the very same file that was taken over. */
  gleiche: number | null
  /** Whether the bytes are still there: only then can it be begun again. */
  wiederholbar: boolean
}

const ORTE = 5

export async function findImport(db: WebDb, id: number): Promise<Importbericht | undefined> {
  const row = await db
    .selectFrom('import as i')
    .leftJoin('vermittler as v', 'v.id', 'i.von_vermittler_id')
    .leftJoin('vermittler as f', 'f.id', 'i.freigegeben_von')
    .selectAll('i')
    .select([
      sql<string | null>`v.name || ', ' || v.vorname`.as('person'),
      sql<string | null>`f.name || ', ' || f.vorname`.as('freigegeben'),
      sql<number>`(SELECT count(*) FROM import_zweifel z WHERE z.import_id = i.id AND z.entscheidung IS NULL AND z.art IN ${PERSONENFRAGEN})`.as(
        'zweifel',
      ),
      sql<number>`(SELECT count(*) FROM import_zweifel z WHERE z.import_id = i.id AND z.entscheidung IS NULL AND z.art = 'HAUSHALT')`.as('haushalte'),
      sql<number | null>`(SELECT max(g.id) FROM import g WHERE g.betrieb_id = i.betrieb_id AND g.pruefsumme = i.pruefsumme AND g.id < i.id
        AND g.status = 'FERTIG')`.as('gleiche'),
      sql<boolean>`EXISTS (SELECT FROM import_datei d WHERE d.import_id = i.id)`.as('wiederholbar'),
    ])
    .where('i.id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const quelle = row.quelle_id === null ? undefined : await findQuelle(db, row.quelle_id)
  return { ...row, quelle: quelle ?? null, gruppen: groupBefunde(row.befunde), zeilen: readZeilenzahlen(row.zaehler) }
}

/** Each row of import_zeile was counted when it was written (and again where answers added some): counting them costs more than the page. */
function readZeilenzahlen(z: Record<string, number>): Importbericht['zeilen'] {
  return {
    'KUNDE NEU': z['kundenNeu'] ?? 0,
    'KUNDE GEAENDERT': z['kundenGeaendert'] ?? 0,
    'VERTRAG NEU': z['vertraegeNeu'] ?? 0,
    'VERTRAG GEAENDERT': z['vertraegeGeaendert'] ?? 0,
    'VERTRAG FEHLT': z['vertraegeFehlen'] ?? 0,
  }
}

function groupBefunde(befunde: readonly ImportBefund[]): Befundgruppe[] {
  const gruppen = Map.groupBy(befunde, befundart)
  return [...gruppen]
    .map(([art, alle]) => ({
      text: alle.every(({ text }) => text === alle[0]!.text) ? alle[0]!.text : art.slice(art.indexOf('|') + 1),
      feld: alle[0]!.feld ?? null,
      anzahl: alle[0]!.anzahl ?? alle.length,
      orte: alle.slice(0, ORTE).map(({ paket, zeile, byte }) => ({ ...(paket && { paket }), ...(zeile && { zeile }), ...(byte && { byte }) })),
    }))
    .toSorted((a, b) => b.anzahl - a.anzahl)
}

export interface Beispiel {
  vertrag: number
  kunde: number
  /** "Weber, Anna" */
  name: string
  sparte: Sparte
  vsnr: string | null
  status: VertragTable['status']
}

/** The contracts a reason of the quarantine names, as they stand now. */
export async function listBeispiele(db: WebDb, gruende: readonly Importgrund[]): Promise<Map<number, Beispiel>> {
  const ids = gruende.flatMap(({ beispiele = [] }) => beispiele.map(({ vertrag }) => vertrag))
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Beispiel>`
    SELECT t.id AS vertrag, k.id AS kunde, concat_ws(', ', k.name, k.vorname) AS name, t.sparte, t.vsnr, t.status
    FROM vertrag t JOIN kunde k ON k.id = t.kunde_id WHERE t.id = ANY (${ids}::int[])`.execute(db)
  return new Map(rows.map((row) => [row.vertrag, row]))
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
  sparte: Sparte | null
  vsnr: string | null
  versicherer: string | null
  /** The changed fields, before and after; null for NEU. */
  vorher: Record<string, unknown> | null
  nachher: Record<string, unknown> | null
}

/** One page of the difference, in the order of the rows' ids. */
export async function listZeilen(db: WebDb, id: number, { art, folge, seite = 1 }: Zeilenfilter): Promise<Importzeile[]> {
  const { rows } = await sql<Importzeile>`
    SELECT z.objekt_id AS objekt, z.kunde_id AS kunde, concat_ws(', ', k.name, k.vorname) AS name, k.nummer AS kundennummer,
      t.sparte, t.vsnr, coalesce(u.name, 'VU ' || t.vu_nummer) AS versicherer, z.vorher, z.nachher
    FROM (SELECT * FROM import_zeile WHERE import_id = ${id} AND art = ${art} AND folge = ${folge}
      ORDER BY objekt_id LIMIT ${ZEILEN_JE_SEITE} OFFSET ${(seite - 1) * ZEILEN_JE_SEITE}) z
    JOIN kunde k ON k.id = z.kunde_id
    LEFT JOIN vertrag t ON z.art = 'VERTRAG' AND t.id = z.objekt_id
    LEFT JOIN versicherer u ON u.betrieb_id = t.betrieb_id AND u.vu_nummer = t.vu_nummer
    ORDER BY z.objekt_id`.execute(db)
  return rows
}

export interface OffeneAgenturnummer extends Agenturnummer {
  versicherer: string | null
  /** See KUNDEN_GEZAEHLT. */
  kunden: number
}

/** Agency numbers of a Betrieb's contracts without a Vermittler, largest first. */
export async function listOffeneAgenturnummern(db: WebDb, betrieb: number): Promise<OffeneAgenturnummer[]> {
  const { rows } = await sql<OffeneAgenturnummer>`
    SELECT o.vu_nummer AS "vuNummer", o.nummer, u.name AS versicherer, o.kunden FROM offene_agenturnummern(${betrieb}, ${KUNDEN_GEZAEHLT}) o
    LEFT JOIN versicherer u ON u.betrieb_id = ${betrieb} AND u.vu_nummer = o.vu_nummer ORDER BY o.kunden DESC, o.vu_nummer, o.nummer`.execute(db)
  return rows
}
