/** Which stored contract a delivered one means: by insurer, number and Sparte, through every change of number. */
import { sql } from 'kysely'
import type { Trx } from './faelle.ts'

/**
 * A record under a number its contract no longer has, as if it said so itself: what replaced it is remembered. Before persons are matched.
 * A contract that goes under that number now is meant first.
 */
export async function recallNumbers(trx: Trx, betrieb: number): Promise<void> {
  const gleiche = (t: string) =>
    sql`coalesce(${sql.ref(`${t}.vu_nummer`)}, '') = e.vu AND (${sql.ref(`${t}.sparte_gdv`)} IS NOT DISTINCT FROM e.sparte_gdv OR ${sql.ref(`${t}.sparte_gdv`)} IS NULL OR e.sparte_gdv IS NULL)`
  await sql`
    UPDATE e_vertrag z SET vsnr_neu = m.vsnr_norm FROM (
      SELECT DISTINCT ON (e.nr) e.nr, t.vsnr_norm
      FROM (SELECT vu_nummer, sparte_gdv, vsnr_norm, id, unnest(vsnr_frueher) AS frueher FROM vertrag WHERE betrieb_id = ${betrieb} AND vsnr_frueher <> '{}') t
      JOIN e_vertrag e ON e.vsnr_norm = t.frueher AND ${gleiche('t')}
      WHERE e.vsnr_neu IS NULL
        AND NOT EXISTS (SELECT FROM vertrag d WHERE d.betrieb_id = ${betrieb} AND d.vsnr_norm = e.vsnr_norm AND ${gleiche('d')})
      ORDER BY e.nr, t.id) m
    WHERE m.nr = z.nr`.execute(trx)
}

/**
 * l_vertrag: e_vertrag with the number it goes under from now on, its turn (`runde`), and the stored contract it means (`vertrag_id`).
 * Needs l_person, l_knoten, l_gruppe.
 */
export async function matchVertraege(trx: Trx, betrieb: number): Promise<void> {
  await sql`
    CREATE TEMP TABLE l_vertrag ON COMMIT DROP AS
      SELECT v.nr, v.paket, v.vu, v.nummer, v.alte, v.abgeloest, v.sparte_gdv, v.sparte, v.stand, v.status, v.nummer_vu, v.nummer_vm, v.vp_schluessel, v.vp_geburt,
        row_number() OVER (PARTITION BY v.vu, v.nummer, v.sparte_gdv, CASE WHEN v.sparte_gdv IS NULL THEN v.sparte END ORDER BY v.stand, v.abgeloest DESC, v.nr)::int AS runde,
        g.ziel, g.zweifel IS NOT NULL AS wartet, false AS neu, NULL::int AS vertrag_id, NULL::int AS kunde_id, NULL::int AS vp_id
      FROM (SELECT *, vsnr_neu IS NOT NULL AND vsnr_neu <> vsnr_norm AS abgeloest,
          CASE WHEN vsnr_neu IS NOT NULL AND vsnr_neu <> vsnr_norm THEN vsnr_neu ELSE vsnr_norm END AS nummer,
          CASE WHEN vsnr_neu IS NOT NULL AND vsnr_neu <> vsnr_norm THEN vsnr_norm WHEN vsnr_alt <> vsnr_norm THEN vsnr_alt END AS alte
        FROM e_vertrag) v
      LEFT JOIN l_person l ON l.nr = v.person LEFT JOIN l_knoten k USING (knoten) LEFT JOIN l_gruppe g USING (gruppe)`.execute(trx)
  await sql`ANALYZE l_vertrag (nr, vu, nummer, alte, runde, ziel, sparte_gdv)`.execute(trx)
  await findStored(trx, betrieb, null)
  await sql`ANALYZE l_vertrag (vertrag_id, runde)`.execute(trx)
}

/**
 * Number and Sparte, else a contract of that number without GDV Sparte (by hand, from a table), else the number it had before; last a
 * contract of this customer under that number of which one side does not know the insurer (a table that names it in words).
 */
export async function findStored(trx: Trx, betrieb: number, runde: number | null): Promise<void> {
  const offen = sql`v.vertrag_id IS NULL AND (${runde}::int IS NULL OR v.runde = ${runde})`
  const vereinbar = sql`(t.sparte_gdv IS NOT DISTINCT FROM v.sparte_gdv OR t.sparte_gdv IS NULL OR v.sparte_gdv IS NULL)`
  const rang = (ab: number) =>
    sql`CASE WHEN t.sparte_gdv = v.sparte_gdv THEN ${ab}::int WHEN t.sparte = v.sparte THEN ${ab + 1}::int ELSE ${ab + 2}::int END`
  await sql`
    UPDATE l_vertrag v SET vertrag_id = m.id FROM (
      SELECT DISTINCT ON (nr) nr, id FROM (
        SELECT v.nr, t.id, ${rang(0)} AS rang
        FROM l_vertrag v JOIN vertrag t ON t.betrieb_id = ${betrieb} AND t.vsnr_norm = v.nummer AND coalesce(t.vu_nummer, '') = v.vu
        WHERE ${offen} AND ${vereinbar}
        UNION ALL
        SELECT v.nr, t.id, ${rang(10)}
        FROM l_vertrag v JOIN vertrag t ON t.betrieb_id = ${betrieb} AND t.vsnr_norm = v.alte AND coalesce(t.vu_nummer, '') = v.vu
        WHERE ${offen} AND v.alte IS NOT NULL AND ${vereinbar}
        UNION ALL
        SELECT v.nr, t.id, ${rang(20)}
        FROM l_vertrag v JOIN vertrag t ON t.betrieb_id = ${betrieb} AND t.vsnr_norm = v.nummer AND (t.vu_nummer IS NULL) <> (v.vu = '')
          JOIN l_gruppe g ON g.ziel = v.ziel AND g.kunde = t.kunde_id
        WHERE ${offen} AND ${vereinbar} AND (t.sparte = v.sparte OR 'UNBEKANNT' IN (t.sparte, v.sparte) OR 'HAFTPFLICHT' IN (t.sparte, v.sparte))
      ) alle ORDER BY nr, rang, id) m
    WHERE m.nr = v.nr`.execute(trx)
  // One stored contract is one delivered one: of two Sparten under a number typed without Sparte, the one that fits best.
  await sql`
    UPDATE l_vertrag v SET vertrag_id = NULL FROM (
      SELECT v.nr, row_number() OVER (PARTITION BY v.runde, v.vertrag_id
        ORDER BY coalesce(t.vu_nummer, '') = v.vu DESC, coalesce(t.sparte_gdv = v.sparte_gdv, false) DESC, v.sparte = t.sparte DESC, v.nr) AS n
      FROM l_vertrag v JOIN vertrag t ON t.id = v.vertrag_id) d
    WHERE d.nr = v.nr AND d.n > 1`.execute(trx)
}
