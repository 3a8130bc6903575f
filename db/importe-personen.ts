/**
 * Who is who: delivered persons (e_person) that are one, then whether we have them. In sets: one node is one name, birthday and address;
 * nodes that share a number or a contract and are alike are one group; a group is a stored customer, a new one, or a question for a person.
 *
 * Leaves l_person (delivered person → node), l_knoten (node → group), l_gruppe (group → `kunde`, `zweifel`, or neither: new) and l_kandidat.
 */
import { sql } from 'kysely'
import type { Trx } from './faelle.ts'

/** Why two sides are one: the smaller is believed first. From 8 on only a person can say. */
const WEG = { ENTSCHIEDEN: 0, NUMMER: 1, VERTRAG: 2, PERSON: 3, OHNE_ANSCHRIFT: 4, ANDERE_ANSCHRIFT: 8, ANDERER_NAME: 9 } as const
/** A number that stands at so many different persons of one delivery is nobody's (a filler). */
const HOECHSTENS_JE_NUMMER = 5

export async function matchPersonen(trx: Trx, betrieb: number): Promise<void> {
  await createKnoten(trx)
  await joinKnoten(trx)
  await findKandidaten(trx, betrieb)
  await createGruppen(trx, betrieb)
}

async function createKnoten(trx: Trx): Promise<void> {
  await sql`
    CREATE TEMP TABLE l_knoten ON COMMIT DROP AS
      SELECT min(nr) AS knoten, min(nr) AS gruppe, wer, min(name_key) AS name_key, min(vorname_key) AS vorname_key,
        min(name_key) || '|' || min(vorname_key) AS namen, min(geburtsdatum) AS geburtsdatum, min(anschrift) AS anschrift, min(plz) AS plz, min(art) AS art
      FROM e_person GROUP BY wer`.execute(trx)
  await sql`CREATE INDEX ON l_knoten (knoten)`.execute(trx)
  await sql`ANALYZE l_knoten`.execute(trx)
  await sql`
    CREATE TEMP TABLE l_person ON COMMIT DROP AS SELECT p.nr, k.knoten FROM e_person p JOIN l_knoten k USING (wer)`.execute(trx)
  await sql`CREATE INDEX ON l_person (nr)`.execute(trx)
  await sql`ANALYZE l_person`.execute(trx)
  // N: number of a customer ('' = the Vermittler's own), V: number of a contract.
  await sql`
    CREATE TEMP TABLE l_nummer ON COMMIT DROP AS
      SELECT DISTINCT knoten, art, vu, nummer FROM (
        SELECT l.knoten, 'N' AS art, p.vu, p.nummer_vu AS nummer FROM e_person p JOIN l_person l USING (nr) WHERE p.nummer_vu IS NOT NULL
        UNION ALL SELECT l.knoten, 'N', '', p.nummer_vm FROM e_person p JOIN l_person l USING (nr) WHERE p.nummer_vm IS NOT NULL
        -- The contract's number of the customer counts where his address names none: often it is that of a household or a former one.
        UNION ALL SELECT l.knoten, 'N', v.vu, v.nummer_vu FROM e_vertrag v JOIN l_person l ON l.nr = v.person JOIN e_person p ON p.nr = v.person
          WHERE v.nummer_vu IS NOT NULL AND p.nummer_vu IS NULL
        UNION ALL SELECT l.knoten, 'N', '', v.nummer_vm FROM e_vertrag v JOIN l_person l ON l.nr = v.person JOIN e_person p ON p.nr = v.person
          WHERE v.nummer_vm IS NOT NULL AND p.nummer_vm IS NULL
        UNION ALL SELECT l.knoten, 'V', v.vu, n FROM e_vertrag v JOIN l_person l ON l.nr = v.person,
          unnest(ARRAY[v.vsnr_norm, v.vsnr_alt, v.vsnr_neu]) n WHERE n IS NOT NULL) alle`.execute(trx)
  await sql`ANALYZE l_nummer`.execute(trx)
  await sql`
    CREATE TEMP TABLE l_geteilt ON COMMIT DROP AS
      SELECT art, vu, nummer, min(knoten) AS erster, count(*) AS n FROM l_nummer GROUP BY art, vu, nummer HAVING count(*) > 1`.execute(trx)
  await sql`ANALYZE l_geteilt`.execute(trx)
}

/** Marriage changes the name, a correction the birthday, a move the address: who shares a number and changed not everything is one. */
async function joinKnoten(trx: Trx): Promise<void> {
  await sql`
    CREATE TEMP TABLE l_kante ON COMMIT DROP AS
      SELECT g.erster AS a, b.knoten AS b FROM l_geteilt g JOIN l_nummer b USING (art, vu, nummer)
        JOIN l_knoten ka ON ka.knoten = g.erster JOIN l_knoten kb ON kb.knoten = b.knoten
        WHERE b.knoten <> g.erster AND ${isAlike('ka', 'kb')}
      UNION
      SELECT o.erster, k.knoten FROM l_knoten k
        JOIN (SELECT namen, geburtsdatum, min(knoten) AS erster, bool_or(anschrift = '|') AS ohne FROM l_knoten
          WHERE geburtsdatum IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1) o USING (namen, geburtsdatum)
        JOIN l_knoten e ON e.knoten = o.erster
        WHERE o.ohne AND k.knoten <> o.erster AND (k.anschrift = '|' OR e.anschrift = '|')`.execute(trx)
  await sql`
    CREATE TEMP TABLE l_nachbar ON COMMIT DROP AS SELECT a AS von, b AS zu FROM l_kante UNION SELECT b, a FROM l_kante`.execute(trx)
  for (;;) {
    const { numAffectedRows } = await sql`
      UPDATE l_knoten k SET gruppe = m.gruppe
      FROM (SELECT n.von, min(z.gruppe) AS gruppe FROM l_nachbar n JOIN l_knoten z ON z.knoten = n.zu GROUP BY n.von) m
      WHERE m.von = k.knoten AND m.gruppe < k.gruppe`.execute(trx)
    if (Number(numAffectedRows ?? 0) === 0) return
  }
}

/** The stored customers a group may be, and on what grounds. */
async function findKandidaten(trx: Trx, betrieb: number): Promise<void> {
  const kunde = sql`(SELECT id, split_part(namensschluessel, '|', 1) AS name_key, split_part(namensschluessel, '|', 2) AS vorname_key, namensschluessel AS namen,
    geburtsdatum, anschriftschluessel AS anschrift, plz, art FROM kunde WHERE betrieb_id = ${betrieb})`
  await sql`
    CREATE TEMP TABLE l_kandidat ON COMMIT DROP AS
      SELECT DISTINCT ON (gruppe, kunde) gruppe, kunde, weg FROM (
        SELECT k.gruppe, z.ziel_kunde_id AS kunde, ${WEG.ENTSCHIEDEN}::int AS weg FROM l_knoten k
          JOIN import_zweifel z ON z.betrieb_id = ${betrieb} AND z.schluessel = k.wer AND z.ziel_kunde_id IS NOT NULL
        UNION ALL
        SELECT k.gruppe, c.id, CASE WHEN ${isAlike('k', 'c')} THEN ${WEG.NUMMER}::int ELSE ${WEG.ANDERER_NAME}::int END FROM l_nummer n
          JOIN l_knoten k USING (knoten)
          JOIN kundennummer kn ON kn.betrieb_id = ${betrieb} AND kn.vu_nummer = n.vu AND kn.nummer = n.nummer
          JOIN ${kunde} c ON c.id = kn.kunde_id
          WHERE n.art = 'N' AND NOT EXISTS (SELECT FROM l_geteilt g WHERE g.art = 'N' AND g.vu = n.vu AND g.nummer = n.nummer AND g.n > ${HOECHSTENS_JE_NUMMER})
        UNION ALL
        SELECT k.gruppe, c.id, ${WEG.VERTRAG}::int FROM l_nummer n
          JOIN l_knoten k USING (knoten)
          JOIN vertrag t ON t.betrieb_id = ${betrieb} AND t.vsnr_norm = n.nummer AND coalesce(t.vu_nummer, '') = n.vu
          JOIN ${kunde} c ON c.id = t.kunde_id
          WHERE n.art = 'V' AND ${isAlike('k', 'c')}
        UNION ALL
        SELECT k.gruppe, c.id, CASE WHEN k.anschrift = c.anschrift THEN ${WEG.PERSON}::int
            WHEN k.anschrift = '|' OR c.anschrift = '|' THEN ${WEG.OHNE_ANSCHRIFT}::int ELSE ${WEG.ANDERE_ANSCHRIFT}::int END
          FROM l_knoten k JOIN ${kunde} c USING (namen)
          WHERE k.geburtsdatum IS NOT DISTINCT FROM c.geburtsdatum AND (k.anschrift = c.anschrift OR k.geburtsdatum IS NOT NULL)
      ) alle ORDER BY gruppe, kunde, weg`.execute(trx)
  await sql`ANALYZE l_kandidat`.execute(trx)
}

async function createGruppen(trx: Trx, betrieb: number): Promise<void> {
  // `ziel` is the group under which several groups of one customer are written together.
  await sql`
    CREATE TEMP TABLE l_gruppe ON COMMIT DROP AS
      SELECT g.gruppe, g.gruppe AS ziel, CASE WHEN b.weg < 8 AND b.n = 1 THEN b.kunde END AS kunde, NULL::int AS kandidat_gruppe,
        CASE WHEN b.weg < 8 AND b.n > 1 THEN 'MEHRERE' WHEN b.weg IS NULL OR b.weg < 8 OR e.neu THEN NULL
          WHEN b.nummer THEN 'NUMMER' ELSE 'ANSCHRIFT' END AS zweifel,
        coalesce(e.neu, false) AS entschieden_neu
      FROM (SELECT DISTINCT gruppe FROM l_knoten) g
      LEFT JOIN (SELECT gruppe, min(beste) AS weg, bool_or(weg = ${WEG.ANDERER_NAME}) AS nummer, min(kunde) FILTER (WHERE weg = beste) AS kunde,
          count(*) FILTER (WHERE weg = beste) AS n
        FROM (SELECT *, min(weg) OVER (PARTITION BY gruppe) AS beste FROM l_kandidat) c GROUP BY gruppe) b USING (gruppe)
      LEFT JOIN (SELECT DISTINCT k.gruppe, true AS neu FROM l_knoten k JOIN import_zweifel z ON z.betrieb_id = ${betrieb} AND z.schluessel = k.wer
        WHERE z.entscheidung = 'NEU' AND z.ziel_kunde_id IS NULL) e USING (gruppe)`.execute(trx)
  await sql`CREATE INDEX ON l_gruppe (gruppe)`.execute(trx)
  await sql`ANALYZE l_gruppe`.execute(trx)
  await sql`UPDATE l_gruppe g SET ziel = m.ziel FROM (SELECT kunde, min(gruppe) AS ziel FROM l_gruppe WHERE kunde IS NOT NULL GROUP BY kunde HAVING count(*) > 1) m
    WHERE m.kunde = g.kunde`.execute(trx)
  // Two new ones of one delivery may contradict each other, too: the first is taken, the others wait.
  await sql`
    UPDATE l_gruppe g SET zweifel = 'NUMMER', kandidat_gruppe = m.erste
    FROM (SELECT k.gruppe, min(o.erste) AS erste FROM l_knoten k JOIN l_nummer n USING (knoten)
      JOIN (SELECT n2.vu, n2.nummer, min(g2.gruppe) AS erste FROM l_geteilt s JOIN l_nummer n2 USING (art, vu, nummer) JOIN l_knoten k2 USING (knoten)
        JOIN l_gruppe g2 USING (gruppe) WHERE s.art = 'N' AND s.n <= ${HOECHSTENS_JE_NUMMER} AND g2.zweifel IS NULL GROUP BY 1, 2) o ON o.vu = n.vu AND o.nummer = n.nummer
      WHERE n.art = 'N' AND o.erste <> k.gruppe GROUP BY 1) m
    WHERE m.gruppe = g.gruppe AND g.kunde IS NULL AND g.zweifel IS NULL AND NOT g.entschieden_neu AND m.erste < g.gruppe`.execute(trx)
  await sql`
    UPDATE l_gruppe g SET zweifel = 'ANSCHRIFT', kandidat_gruppe = m.erste
    FROM (SELECT k.gruppe, min(o.erste) AS erste FROM l_knoten k
      JOIN (SELECT namen, geburtsdatum, min(gruppe) AS erste FROM l_knoten JOIN l_gruppe USING (gruppe)
        WHERE geburtsdatum IS NOT NULL AND kunde IS NULL AND zweifel IS NULL GROUP BY 1, 2 HAVING count(DISTINCT gruppe) > 1) o USING (namen, geburtsdatum)
      GROUP BY 1) m
    WHERE m.gruppe = g.gruppe AND g.kunde IS NULL AND g.zweifel IS NULL AND NOT g.entschieden_neu AND m.erste < g.gruppe`.execute(trx)
  await sql`ANALYZE l_gruppe`.execute(trx)
}

/** Two relations with name_key, vorname_key, geburtsdatum, art, plz. */
function isAlike(a: string, b: string) {
  const gleich = (feld: string) => sql`${sql.ref(`${a}.${feld}`)} = ${sql.ref(`${b}.${feld}`)}`
  return sql`((${gleich('name_key')} AND (${gleich('vorname_key')} OR ${gleich('geburtsdatum')}))
    OR (${gleich('vorname_key')} AND ${sql.ref(`${a}.vorname_key`)} <> '' AND ${gleich('geburtsdatum')})
    OR (${sql.ref(`${a}.art`)} = 'FIRMA' AND ${sql.ref(`${b}.art`)} = 'FIRMA' AND ${gleich('plz')}))`
}
