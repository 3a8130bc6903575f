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

/** What was done longer ago is found with its customer: this page would have to read ever more of it. */
export const ERLEDIGT_TAGE = 30

/** Pages (from 1) per group; ERLEDIGT (of the last thirty days) newest first, the others by their moment. */
export async function listVorgaenge(
  db: WebDb,
  { heute, vermittler, seiten = {} }: Filter & { seiten?: Partial<Record<Gruppe, number>> },
): Promise<{ zeilen: Vorgangszeile[]; zahlen: Record<Gruppe, number> }> {
  const ab = (g: Gruppe): number => ((seiten[g] ?? 1) - 1) * SEITENLAENGE
  const offene = GRUPPEN.filter((g) => g !== 'ERLEDIGT')
  const seite = (g: Gruppe): RawBuilder<unknown> => sql`(r.gruppe = ${g} AND r.platz > ${ab(g)} AND r.platz <= ${ab(g) + SEITENLAENGE})`
  const von = vermittler === undefined ? sql`true` : sql`g.vermittler_id = ${vermittler}`
  const erledigt = sql`g.status = 'ERLEDIGT' AND g.erledigt_am >= (${heute}::date - ${sql.lit(ERLEDIGT_TAGE)})::timestamp AT TIME ZONE 'Europe/Berlin' AND ${von}`
  const { rows } = await sql<Vorgangszeile & { zahlen: Record<Gruppe, number> }>`
    WITH offen AS (
      SELECT g.id, g.faellig_am, CASE WHEN (g.faellig_am AT TIME ZONE 'Europe/Berlin')::date < ${heute}::date THEN 'UEBERFAELLIG'
        WHEN (g.faellig_am AT TIME ZONE 'Europe/Berlin')::date = ${heute}::date THEN 'HEUTE' ELSE 'KOMMEND' END AS gruppe
      FROM vorgang g WHERE g.status IN ('OFFEN', 'FAELLIG') AND ${von}
    ), reihe AS (
      SELECT r.id, r.gruppe, r.platz FROM (SELECT *, row_number() OVER (PARTITION BY gruppe ORDER BY faellig_am, id) AS platz FROM offen) r
        WHERE ${sql.join(offene.map(seite), sql` OR `)}
      UNION ALL SELECT e.id, 'ERLEDIGT', row_number() OVER () FROM (
        SELECT g.id FROM vorgang g WHERE ${erledigt} ORDER BY g.erledigt_am DESC, g.id LIMIT ${SEITENLAENGE} OFFSET ${ab('ERLEDIGT')}) e
    ), zahlen AS (
      SELECT json_build_object('ERLEDIGT', (SELECT count(*) FROM vorgang g WHERE ${erledigt}),
        ${sql.join(offene.flatMap((g) => [sql`${g}::text`, sql`count(*) FILTER (WHERE gruppe = ${g})`]))}) AS zahlen FROM offen
    )
    SELECT z.zahlen, zeile.* FROM zahlen z LEFT JOIN (
      SELECT r.platz, r.gruppe, ${SPALTEN} FROM reihe r ${VERBUNDEN}
    ) zeile ON true ORDER BY zeile.gruppe = 'ERLEDIGT', CASE WHEN zeile.gruppe <> 'ERLEDIGT' THEN zeile.faellig_am END, zeile.platz`.execute(db)
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
