/** Nachtläufe as a person sees and starts them (role web). */
import { sql } from 'kysely'
import type { Tag, Zeitpunkt } from './schema.ts'
import type { Person, WebDb } from './sitzung.ts'

export interface NachtlaufZeile {
  id: number
  stichtag: Tag
  anlass: 'PLAN' | 'HAND' | 'WAECHTER'
  status: 'LAEUFT' | 'FERTIG' | 'FEHLER'
  /** Who started it by hand. */
  von: string | null
  gestartetAm: Zeitpunkt
  beendetAm: Zeitpunkt | null
  /** Milliseconds; null while it runs. */
  dauer: number | null
  gefunden: number
  eroeffnet: number
  behalten: number
  gesperrt: number
  wartend: number
  beendet: number
  entfallen: number
  unbekannt: number
  /** Rules done, of how many. */
  fertig: number
  regeln: number
  geschlossen: number
  eskaliert: number
}

export interface GevoZeile {
  gevo: string
  regelVersion: number
  /** Findings; each is one of eroeffnet, behalten, gesperrt, wartend. */
  gefunden: number
  eroeffnet: number
  /** Already open. */
  behalten: number
  /** Kept back by a Sperrfrist or a FEHLBEFUND. */
  gesperrt: number
  /** Above the daily quota. */
  wartend: number
  /** Closed because the finding is gone. */
  beendet: number
  /** Somebody was working on it: marked "Befund entfallen". */
  entfallen: number
  unbekannt: number
  dauer: number
  fertig: boolean
}

export interface Nachtlaufbericht extends NachtlaufZeile {
  gevos: GevoZeile[]
}

/** Newest first. */
export async function listNachtlaeufe(db: WebDb, limit = 30): Promise<NachtlaufZeile[]> {
  return selectNachtlaeufe(db, sql`true`, limit)
}

export async function findNachtlauf(db: WebDb, id: number): Promise<Nachtlaufbericht | undefined> {
  const [zeile] = await selectNachtlaeufe(db, sql`l.id = ${id}`, 1)
  if (!zeile) return undefined
  const { rows } = await sql<GevoZeile>`
    SELECT gevo, regel_version AS "regelVersion", gefunden, eroeffnet, behalten, gesperrt, wartend, beendet, entfallen, unbekannt, dauer_ms AS dauer, fertig
    FROM nachtlauf_gevo WHERE nachtlauf_id = ${id} ORDER BY gevo`.execute(db)
  return { ...zeile, gevos: rows }
}

/** Throws where there is none. */
export async function getNachtlauf(db: WebDb, id: number): Promise<Nachtlaufbericht> {
  const bericht = await findNachtlauf(db, id)
  if (!bericht) throw new Error(`Nachtlauf ${id} unbekannt`)
  return bericht
}

/** "Stand: …": the last run that ended, when, and how many Fälle it opened; undefined before the first night. */
export async function findStand(db: WebDb): Promise<{ id: number; stichtag: Tag; am: Zeitpunkt; eroeffnet: number } | undefined> {
  const { rows } = await sql<{ id: number; stichtag: Tag; am: Zeitpunkt; eroeffnet: number }>`
    SELECT l.id, l.stichtag, l.beendet_am AS am, (SELECT coalesce(sum(g.eroeffnet), 0)::integer FROM nachtlauf_gevo g WHERE g.nachtlauf_id = l.id) AS eroeffnet
    FROM nachtlauf l WHERE l.status = 'FERTIG' ORDER BY l.stichtag DESC, l.id DESC LIMIT 1`.execute(db)
  return rows[0]
}

/**
 * Starts the person's Betrieb's own run; `heute` in Europe/Berlin. One that is already running is answered instead.
 * Only a Supervisor may (row-level security refuses everybody else).
 */
export async function startNachtlauf(
  db: WebDb,
  { id, betriebId }: Pick<Person, 'id' | 'betriebId'>,
  heute: Tag,
): Promise<{ id: number; neu: boolean }> {
  const neu = await sql<{ id: number }>`INSERT INTO nachtlauf (betrieb_id, stichtag, anlass, status, von_vermittler_id)
    VALUES (${betriebId}, ${heute}, 'HAND', 'LAEUFT', ${id}) ON CONFLICT (betrieb_id) WHERE status = 'LAEUFT' DO NOTHING RETURNING id`.execute(db)
  const [lauf] = neu.rows
  if (!lauf) {
    const laeuft = await db
      .selectFrom('nachtlauf')
      .select('id')
      .where('betrieb_id', '=', betriebId)
      .where('status', '=', 'LAEUFT')
      .executeTakeFirstOrThrow()
    return { id: laeuft.id, neu: false }
  }
  await db.insertInto('outbox').values({ betrieb_id: betriebId, art: 'NACHTLAUF', ziel: lauf.id, signal: null, stand: null }).execute()
  return { id: lauf.id, neu: true }
}

async function selectNachtlaeufe(db: WebDb, welche: ReturnType<typeof sql>, limit: number): Promise<NachtlaufZeile[]> {
  const { rows } = await sql<NachtlaufZeile>`
    SELECT l.id, l.stichtag, l.anlass, l.status, v.vorname || ' ' || v.name AS von, l.gestartet_am AS "gestartetAm", l.beendet_am AS "beendetAm",
      round(extract(epoch FROM l.beendet_am - l.gestartet_am) * 1000)::integer AS dauer, z.*,
      coalesce((l.zaehler ->> 'geschlossen')::integer, 0) AS geschlossen, coalesce((l.zaehler ->> 'eskaliert')::integer, 0) AS eskaliert
    FROM nachtlauf l LEFT JOIN vermittler v ON v.id = l.von_vermittler_id CROSS JOIN LATERAL (
      SELECT coalesce(sum(g.gefunden), 0)::integer AS gefunden, coalesce(sum(g.eroeffnet), 0)::integer AS eroeffnet,
        coalesce(sum(g.behalten), 0)::integer AS behalten, coalesce(sum(g.gesperrt), 0)::integer AS gesperrt,
        coalesce(sum(g.wartend), 0)::integer AS wartend, coalesce(sum(g.beendet), 0)::integer AS beendet,
        coalesce(sum(g.entfallen), 0)::integer AS entfallen, coalesce(sum(g.unbekannt), 0)::integer AS unbekannt,
        (count(*) FILTER (WHERE g.fertig))::integer AS fertig, count(*)::integer AS regeln
      FROM nachtlauf_gevo g WHERE g.nachtlauf_id = l.id) z
    WHERE ${welche} ORDER BY l.id DESC LIMIT ${limit}`.execute(db)
  return rows
}
