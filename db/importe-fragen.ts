/** Questions an import leaves for a person: who could not be told apart (held back with the contracts), who seems to live together. */
import { sql } from 'kysely'
import type { Trx } from './faelle.ts'
import type { Uebernahme } from './importe-wahrheit.ts'

/** A question that stands already gets the newer delivery. Needs l_gruppe, l_kandidat, l_ziel. Returns how many there are. */
export async function insertZweifel(trx: Trx, { betrieb, importId }: Uebernahme): Promise<number> {
  const { numAffectedRows } = await sql`
    INSERT INTO import_zweifel (betrieb_id, import_id, art, schluessel, kunde_id, kandidaten, geliefert)
    SELECT ${betrieb}, ${importId}, g.zweifel, w.wer, c.kandidaten[1], c.kandidaten,
      jsonb_build_object('personen', w.personen, 'vertraege', coalesce(v.vertraege, '[]'))
    FROM l_gruppe g
    JOIN (SELECT k.gruppe, (array_agg(p.wer ORDER BY p.stand DESC, p.nr DESC))[1] AS wer, jsonb_agg(to_jsonb(p) ORDER BY p.stand, p.nr) AS personen
      FROM l_gruppe g2 JOIN l_knoten k USING (gruppe) JOIN l_person l USING (knoten) JOIN e_person p USING (nr) WHERE g2.zweifel IS NOT NULL GROUP BY 1) w USING (gruppe)
    LEFT JOIN (SELECT k.gruppe, jsonb_agg(to_jsonb(e) ORDER BY e.nr) AS vertraege FROM l_gruppe g3 JOIN l_knoten k USING (gruppe) JOIN l_person l USING (knoten)
      JOIN e_vertrag e ON e.person = l.nr WHERE g3.zweifel IS NOT NULL GROUP BY 1) v USING (gruppe)
    JOIN (SELECT gruppe, array_agg(DISTINCT kunde) AS kandidaten FROM (
        SELECT c.gruppe, c.kunde FROM l_kandidat c UNION ALL
        SELECT g4.gruppe, z.kunde_id FROM l_gruppe g4 JOIN l_gruppe o ON o.gruppe = g4.kandidat_gruppe JOIN l_ziel z ON z.ziel = o.ziel) alle GROUP BY 1) c USING (gruppe)
    WHERE g.zweifel IS NOT NULL
    ON CONFLICT (betrieb_id, art, schluessel) DO UPDATE SET import_id = excluded.import_id, geliefert = excluded.geliefert, kandidaten = excluded.kandidaten,
      kunde_id = excluded.kunde_id WHERE import_zweifel.entscheidung IS NULL`.execute(trx)
  return Number(numAffectedRows ?? 0)
}

/** Puts back what was held, for the answered questions of an import. Returns how many there are. */
export async function restoreAnswered(trx: Trx, importId: number): Promise<number> {
  await sql`
    CREATE TEMP TABLE l_antwort ON COMMIT DROP AS SELECT id, schluessel, geliefert FROM import_zweifel
    WHERE import_id = ${importId} AND entscheidung IN ('DERSELBE', 'NEU') AND uebernommen_am IS NULL`.execute(trx)
  await sql`INSERT INTO e_person SELECT p.* FROM l_antwort a, jsonb_populate_recordset(NULL::e_person, a.geliefert -> 'personen') p`.execute(trx)
  await sql`INSERT INTO e_vertrag SELECT v.* FROM l_antwort a, jsonb_populate_recordset(NULL::e_vertrag, a.geliefert -> 'vertraege') v`.execute(trx)
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM l_antwort`.execute(trx)
  return rows[0]!.n
}

/** The answers are carried out: who it was is remembered for the next delivery, what was delivered is forgotten. */
export async function closeAnswered(trx: Trx): Promise<void> {
  await sql`
    UPDATE import_zweifel z SET uebernommen_am = now(), geliefert = '{}', ziel_kunde_id = coalesce(z.ziel_kunde_id, (
      SELECT t.kunde_id FROM l_knoten k JOIN l_gruppe g USING (gruppe) JOIN l_ziel t USING (ziel) WHERE k.wer = z.schluessel LIMIT 1))
    FROM l_antwort a WHERE a.id = z.id`.execute(trx)
}

/** A household of so many is a home or an office. */
const HOECHSTENS_IM_HAUSHALT = 8

/** Same family name, same address, no common Haushalt yet, and at least one of them new: proposed, never done. Returns how many. */
export async function proposeHaushalte(trx: Trx, { betrieb, importId }: Uebernahme): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM l_ziel WHERE neu`.execute(trx)
  if (rows[0]!.n === 0) return 0
  const { numAffectedRows } = await sql`
    INSERT INTO import_zweifel (betrieb_id, import_id, art, schluessel, kunde_id, kandidaten)
    SELECT ${betrieb}::int, ${importId}::int, 'HAUSHALT', familie || '|' || anschriftschluessel, min(id), array_agg(id ORDER BY id)
    FROM (SELECT k.id, split_part(k.namensschluessel, '|', 1) AS familie, k.anschriftschluessel, k.haushalt_id, z.neu
      FROM kunde k LEFT JOIN l_ziel z ON z.kunde_id = k.id
      WHERE k.betrieb_id = ${betrieb} AND k.art = 'NATUERLICH' AND k.strasse IS NOT NULL AND k.plz IS NOT NULL) k
    GROUP BY familie, anschriftschluessel
    HAVING count(*) BETWEEN 2 AND ${HOECHSTENS_IM_HAUSHALT} AND bool_or(neu) AND (count(DISTINCT haushalt_id) <> 1 OR bool_or(haushalt_id IS NULL))
    ON CONFLICT (betrieb_id, art, schluessel) DO UPDATE SET kandidaten = excluded.kandidaten, import_id = excluded.import_id,
      entscheidung = NULL, entschieden_am = NULL, entschieden_von = NULL, uebernommen_am = NULL
      WHERE import_zweifel.kandidaten <> excluded.kandidaten`.execute(trx)
  return Number(numAffectedRows ?? 0)
}
