/** The menu "Vorgänge": reminders of Fälle and those made by hand, by when they are due. */
import { type RawBuilder, type Selectable, sql } from 'kysely'
import { SEITENLAENGE } from './arbeitsvorrat.ts'
import { danach } from './danach.ts'
import type { FallRow, KundeRow, Tag, VorgangTable } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export const GRUPPEN = ['UEBERFAELLIG', 'HEUTE', 'KOMMEND', 'ERLEDIGT'] as const
export type Gruppe = (typeof GRUPPEN)[number]

export interface Vorgangszeile
  extends
    Pick<Selectable<VorgangTable>, 'id' | 'fall_id' | 'kunde_id' | 'titel' | 'notiz' | 'status' | 'faellig_am' | 'erledigt_am'>,
    Pick<KundeRow, 'name' | 'vorname'> {
  gruppe: Gruppe
  kundentitel: string | null
  gevo: string
  /** Of the Fall: what a form has seen. */
  version: number
  fallstatus: FallRow['status']
  /** "Weber, Anna" */
  vermittler: string
}

interface Filter {
  heute: Tag
  vermittler?: number | undefined
}

/** Pages (from 1) per group; ERLEDIGT newest first, the others by their moment. */
export async function listVorgaenge(
  db: WebDb,
  { heute, vermittler, seiten = {} }: Filter & { seiten?: Partial<Record<Gruppe, number>> },
): Promise<{ zeilen: Vorgangszeile[]; zahlen: Record<Gruppe, number> }> {
  const seite = (g: Gruppe): RawBuilder<unknown> =>
    sql`(r.gruppe = ${g} AND r.platz > ${((seiten[g] ?? 1) - 1) * SEITENLAENGE} AND r.platz <= ${(seiten[g] ?? 1) * SEITENLAENGE})`
  const { rows } = await sql<Vorgangszeile & { zahlen: Record<Gruppe, number> }>`
    WITH alle AS (
      SELECT g.id, g.faellig_am, g.erledigt_am, CASE WHEN g.status = 'ERLEDIGT' THEN 'ERLEDIGT'
        WHEN (g.faellig_am AT TIME ZONE 'Europe/Berlin')::date < ${heute}::date THEN 'UEBERFAELLIG'
        WHEN (g.faellig_am AT TIME ZONE 'Europe/Berlin')::date = ${heute}::date THEN 'HEUTE' ELSE 'KOMMEND' END AS gruppe
      FROM vorgang g WHERE g.status <> 'GELOESCHT' AND ${vermittler === undefined ? sql`true` : sql`g.vermittler_id = ${vermittler}`}
    ), reihe AS MATERIALIZED (
      SELECT *, row_number() OVER (PARTITION BY gruppe ORDER BY erledigt_am DESC, faellig_am, id) AS platz FROM alle
    ), zahlen AS (
      SELECT json_build_object(${sql.join(GRUPPEN.flatMap((g) => [sql`${g}::text`, sql`count(*) FILTER (WHERE gruppe = ${g})`]))}) AS zahlen FROM alle
    )
    SELECT z.zahlen, zeile.* FROM zahlen z LEFT JOIN (
      SELECT r.platz, r.gruppe, ${SPALTEN} FROM reihe r ${VERBUNDEN} WHERE ${sql.join(GRUPPEN.map(seite), sql` OR `)}
    ) zeile ON true ORDER BY zeile.platz`.execute(db)
  return { zahlen: rows[0]!.zahlen, zeilen: rows.filter((row) => row.id !== null) }
}

/** With its Fall's version; undefined where the person may not see it. */
export async function findVorgang(db: WebDb, id: number): Promise<(Vorgangszeile & { bundesland: string }) | undefined> {
  const { rows } = await sql<Vorgangszeile & { bundesland: string }>`
    SELECT 'KOMMEND' AS gruppe, ${SPALTEN}, (SELECT b.bundesland FROM betrieb b WHERE b.id = g.betrieb_id) AS bundesland
    FROM (SELECT ${id}::bigint AS id) r ${VERBUNDEN}`.execute(db)
  return rows[0]
}

const SPALTEN = sql`g.id, g.fall_id, g.kunde_id, g.titel, g.notiz, g.status, g.faellig_am, g.erledigt_am, k.name, k.vorname, k.titel AS kundentitel,
  f.gevo, f.version, f.status AS fallstatus, v.name || ', ' || v.vorname AS vermittler`
const VERBUNDEN = sql`${danach('vorgang g', sql`g.id = r.id`)} ${danach('fall f', sql`f.id = g.fall_id`)} ${danach('kunde k', sql`k.id = g.kunde_id`)}
  ${danach('vermittler v', sql`v.id = g.vermittler_id`)}`
