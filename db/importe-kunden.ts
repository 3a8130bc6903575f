/**
 * Groups of delivered persons → rows in `kunde`. What is delivered leads where deliveries wrote; what a person typed is completed, and
 * where the delivery says otherwise it is written down (abweichung); nothing is ever emptied.
 */
import { sql } from 'kysely'
import { suchtext } from '../domain/suchtext.ts'
import { ANSCHRIFTSFELDER } from './abweichungen.ts'
import type { Trx } from './faelle.ts'
import { KUNDENWERTE } from './importe-zeilen.ts'
import { type Uebernahme, changes, contradicts, isHand, isHandEmptied, sequence } from './importe-wahrheit.ts'

type Feld = keyof typeof KUNDENWERTE
const FELDER = Object.keys(KUNDENWERTE) as Feld[]
/** Half of an old address beside half of a new one would be worse than none: it is taken as a whole. */
const ANSCHRIFT: readonly Feld[] = ANSCHRIFTSFELDER
/** Senders write these in capitals or without umlauts: see uebernimm_wort() in the database. */
const GESCHRIEBEN: readonly Feld[] = ['vorname', 'name', 'strasse', 'ort']
const GESUCHT: readonly Feld[] = ['name', 'vorname', 'namenszusatz', 'strasse', 'plz', 'ort', 'email', 'telefon', 'mobil']

export type Kundenzahlen = Record<'kundenNeu' | 'kundenGeaendert' | 'kundenUnveraendert' | 'abweichungen', number>

/** Leaves l_ziel: one row for each customer the delivery speaks of, with `kunde_id`; groups in doubt are not in it. */
export async function storeKunden(trx: Trx, auftrag: Uebernahme): Promise<Kundenzahlen> {
  await createZiele(trx, auftrag)
  await insertKunden(trx, auftrag)
  const abweichungen = await insertAbweichungen(trx, auftrag)
  await updateKunden(trx, auftrag)
  await insertBeiwerk(trx, auftrag)
  const { rows } = await sql<Kundenzahlen>`
    SELECT count(*) FILTER (WHERE neu) AS "kundenNeu", count(*) FILTER (WHERE a.id IS NOT NULL) AS "kundenGeaendert",
      count(*) FILTER (WHERE NOT neu AND a.id IS NULL) AS "kundenUnveraendert", ${abweichungen}::bigint AS abweichungen
    FROM l_ziel z LEFT JOIN l_kunde_neu a ON a.id = z.kunde_id`.execute(trx)
  return rows[0]!
}

/** The last word of each field: deliveries in the order of their days, then of the file. Nearly everybody was delivered in one way only. */
async function createZiele(trx: Trx, { betrieb, supervisor }: Uebernahme): Promise<void> {
  await sql`
    CREATE TEMP TABLE l_inhalt ON COMMIT DROP AS
      SELECT g.ziel, p.inhalt, max(p.stand) AS stand, max(p.nr) AS nr FROM e_person p JOIN l_person l USING (nr) JOIN l_knoten k USING (knoten)
        JOIN l_gruppe g USING (gruppe) WHERE g.zweifel IS NULL GROUP BY 1, 2`.execute(trx)
  await sql`ANALYZE l_inhalt`.execute(trx)
  const einzeln = sql.join(FELDER.map((feld) => sql`p.${sql.ref(feld)}`))
  const letzter = (feld: Feld) =>
    GESCHRIEBEN.includes(feld)
      ? sql`letztes_wort(p.${sql.ref(feld)} ORDER BY i.stand, i.nr)`
      : sql`(array_agg(p.${sql.ref(feld)} ORDER BY i.stand DESC, i.nr DESC) FILTER (WHERE p.${sql.ref(feld)} IS NOT NULL))[1]`
  const vereint = sql.join(FELDER.map((feld) => sql`${letzter(feld)} AS ${sql.ref(feld)}`))
  await sql`
    CREATE TEMP TABLE l_ziel ON COMMIT DROP AS
      WITH viele AS (SELECT ziel FROM l_inhalt GROUP BY ziel HAVING count(*) > 1), werte AS (
        SELECT i.ziel, i.stand, p.suchworte, ${einzeln} FROM l_inhalt i JOIN e_person p USING (nr) WHERE i.ziel NOT IN (SELECT ziel FROM viele)
        UNION ALL
        SELECT i.ziel, max(i.stand), NULL, ${vereint} FROM l_inhalt i JOIN e_person p USING (nr) WHERE i.ziel IN (SELECT ziel FROM viele) GROUP BY i.ziel)
      SELECT w.*, g.kunde IS NULL AS neu, coalesce(g.kunde, nextval(${sequence('kunde')})::int) AS kunde_id,
        coalesce(a.vermittler, ${supervisor}::int) AS vermittler
      FROM werte w JOIN l_gruppe g ON g.gruppe = w.ziel LEFT JOIN (
        SELECT g.ziel, (array_agg(a.vermittler_id ORDER BY p.nr))[1] AS vermittler FROM e_person p JOIN l_person l USING (nr) JOIN l_knoten k USING (knoten)
          JOIN l_gruppe g USING (gruppe) JOIN agenturnummer a ON a.betrieb_id = ${betrieb} AND a.vu_nummer = p.vu AND a.nummer = p.agentur GROUP BY 1) a
        ON a.ziel = w.ziel`.execute(trx)
  await sql`CREATE INDEX ON l_ziel (ziel)`.execute(trx)
  await sql`ANALYZE l_ziel`.execute(trx)
}

async function insertKunden(trx: Trx, { betrieb, importId, quelle }: Uebernahme): Promise<void> {
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM l_ziel WHERE neu`.execute(trx)
  if (rows[0]!.n === 0) return
  const spalten = sql.join(FELDER.map((feld) => sql.ref(feld)))
  // In the order of the file; numbers as domain/nummern.ts writes them.
  await sql`
    WITH erste AS MATERIALIZED (SELECT naechste_kundennummern(${betrieb}, ${rows[0]!.n}) AS zahl),
    neue AS (SELECT *, (SELECT zahl FROM erste) + row_number() OVER (ORDER BY ziel) - 1 AS zahl FROM l_ziel WHERE neu),
    nummeriert AS (SELECT *, CASE WHEN zahl < 1000000 THEN lpad(zahl::text, 6, '0') ELSE zahl::text END AS ziffern FROM neue)
    INSERT INTO kunde (id, betrieb_id, vermittler_id, nummer, suchtext, quelle, quelle_stand, ${spalten}) OVERRIDING SYSTEM VALUE
    SELECT kunde_id, ${betrieb}, vermittler, 'K-' || ziffern, ' k' || ziffern || coalesce(suchworte, ''), ${quelle}, stand, ${spalten} FROM nummeriert
    ORDER BY ziel`.execute(trx)
  await sql`INSERT INTO import_zeile (import_id, betrieb_id, art, folge, objekt_id, kunde_id)
    SELECT ${importId}, ${betrieb}, 'KUNDE', 'NEU', kunde_id, kunde_id FROM l_ziel WHERE neu ORDER BY kunde_id`.execute(trx)
  await refreshSuchtext(trx, sql`SELECT kunde_id FROM l_ziel WHERE neu AND suchworte IS NULL`)
}

const anschriftDa = sql`(k.strasse IS NOT NULL OR k.plz IS NOT NULL OR k.ort IS NOT NULL)`
/** Of the customer k: a person typed it, or a part of it. */
const anschriftHand = sql`(${anschriftDa} AND (${sql.join(
  ANSCHRIFT.map((feld) => isHand('k', feld)),
  sql` OR `,
)}))`

/** Field by field, for customers where anything delivered differs. */
async function updateKunden(trx: Trx, { betrieb, importId, quelle }: Uebernahme): Promise<void> {
  const k = (feld: Feld) => sql.ref(`k.${feld}`)
  const z = (feld: Feld) => sql.ref(`z.${feld}`)
  const neu = (feld: Feld) => {
    const ganz = ANSCHRIFT.includes(feld)
    const hand = ganz ? sql`(${anschriftHand} OR ${isHand('k', feld)})` : isHand('k', feld)
    const voll = ganz ? anschriftDa : sql`${k(feld)} IS NOT NULL`
    return sql`CASE WHEN ${z(feld)} IS NULL THEN ${k(feld)}
      WHEN ${hand} OR k.quelle_stand > z.stand THEN CASE WHEN ${voll} OR ${isHandEmptied('k', feld)} THEN ${k(feld)} ELSE coalesce(${k(feld)}, ${z(feld)}) END
      ELSE ${GESCHRIEBEN.includes(feld) ? sql`uebernimm_wort(${k(feld)}, ${z(feld)})` : z(feld)} END AS ${sql.ref(feld)}`
  }
  await sql`
    CREATE TEMP TABLE l_kunde_neu ON COMMIT DROP AS
      SELECT * FROM (SELECT k.id, z.stand, ${sql.join(FELDER.map(neu))} FROM l_ziel z JOIN kunde k ON k.id = z.kunde_id
        WHERE NOT z.neu AND (${sql.join(
          FELDER.map((feld) => sql`${z(feld)} <> ${k(feld)} OR (${z(feld)} IS NOT NULL AND ${k(feld)} IS NULL)`),
          sql` OR `,
        )})) n
      WHERE EXISTS (SELECT FROM kunde k WHERE k.id = n.id AND (${sql.join(
        FELDER.map((feld) => sql`k.${sql.ref(feld)} IS DISTINCT FROM n.${sql.ref(feld)}`),
        sql` OR `,
      )}))`.execute(trx)
  await sql`
    INSERT INTO import_zeile (import_id, betrieb_id, art, folge, objekt_id, kunde_id, vorher, nachher)
    SELECT ${importId}, ${betrieb}, 'KUNDE', 'GEAENDERT', k.id, k.id, d.vorher, d.nachher FROM l_kunde_neu n JOIN kunde k USING (id) ${changes(FELDER)}
    ON CONFLICT DO NOTHING`.execute(trx)
  await sql`
    UPDATE kunde k SET ${sql.join(FELDER.map((feld) => sql`${sql.ref(feld)} = n.${sql.ref(feld)}`))},
      herkunft = (k.herkunft - d.felder) || CASE WHEN k.quelle = ${quelle} THEN '{}'::jsonb ELSE
        (SELECT coalesce(jsonb_object_agg(f, jsonb_build_object('quelle', ${quelle}::text, 'am', n.stand)), '{}') FROM unnest(d.felder) f) END,
      version = k.version + 1, geaendert_am = now()
    FROM (SELECT n.*, d.felder AS geaendert FROM l_kunde_neu n JOIN kunde k USING (id) ${changes(FELDER)}) n CROSS JOIN LATERAL (SELECT n.geaendert AS felder) d
    WHERE k.id = n.id`.execute(trx)
  const gesucht = sql.join(
    GESUCHT.map((feld) => sql`${feld}`),
    sql`, `,
  )
  await refreshSuchtext(
    trx,
    sql`SELECT n.id FROM l_kunde_neu n JOIN import_zeile i ON i.import_id = ${importId} AND i.art = 'KUNDE' AND i.folge = 'GEAENDERT' AND i.objekt_id = n.id
      WHERE i.nachher ?| ARRAY[${gesucht}]::text[]`,
  )
  // A newer delivery that says the same moves the date, not the version.
  await sql`UPDATE kunde k SET quelle_stand = z.stand FROM l_ziel z WHERE k.id = z.kunde_id AND NOT z.neu AND (k.quelle_stand IS NULL OR k.quelle_stand < z.stand)`.execute(
    trx,
  )
}

/** Where the delivery says something else than a person typed; once for each field. */
async function insertAbweichungen(trx: Trx, { betrieb, importId }: Uebernahme): Promise<number> {
  const felder = sql.join(FELDER.map((feld) => sql`(${feld}, k.${sql.ref(feld)}::text, z.${sql.ref(feld)}::text)`))
  await sql`
    DELETE FROM abweichung a USING l_ziel z, kunde k, LATERAL (VALUES ${felder}) v (feld, hier, geliefert)
    WHERE a.kunde_id = z.kunde_id AND k.id = z.kunde_id AND a.vertrag_id IS NULL AND a.entscheidung IS NULL AND v.feld = a.feld
      AND v.geliefert IS NOT NULL AND NOT ${contradicts()}`.execute(trx)
  const { numAffectedRows } = await sql`
    INSERT INTO abweichung (betrieb_id, kunde_id, feld, hier, geliefert, import_id, stand)
    SELECT ${betrieb}, k.id, v.feld, v.hier, v.geliefert, ${importId}, z.stand
    FROM l_ziel z JOIN kunde k ON k.id = z.kunde_id CROSS JOIN LATERAL (VALUES ${felder}) v (feld, hier, geliefert)
    WHERE NOT z.neu AND (k.quelle IN ('HAND', 'KUNDE') OR k.herkunft <> '{}') AND (k.quelle_stand IS NULL OR k.quelle_stand <= z.stand)
      AND v.geliefert IS NOT NULL AND (CASE WHEN v.feld IN (${sql.join(ANSCHRIFT.map((feld) => sql.lit(feld)))}) THEN ${anschriftHand} ELSE false END
        OR coalesce(k.herkunft -> v.feld ->> 'quelle', k.quelle) IN ('HAND', 'KUNDE') AND (v.hier IS NOT NULL OR k.herkunft ? v.feld)) AND ${contradicts()}
      AND NOT EXISTS (SELECT FROM abweichung a WHERE a.kunde_id = k.id AND a.vertrag_id IS NULL AND a.feld = v.feld AND a.entscheidung = 'BEHALTEN' AND a.geliefert = v.geliefert)
    ON CONFLICT (kunde_id, vertrag_id, feld) WHERE entscheidung IS NULL
      DO UPDATE SET hier = excluded.hier, geliefert = excluded.geliefert, import_id = excluded.import_id, stand = excluded.stand`.execute(trx)
  return Number(numAffectedRows ?? 0)
}

/** Numbers, consents, powers of attorney: added, never taken away. */
async function insertBeiwerk(trx: Trx, { betrieb, quelle }: Uebernahme): Promise<void> {
  await sql`
    INSERT INTO kundennummer (betrieb_id, vu_nummer, nummer, kunde_id)
    SELECT DISTINCT ON (n.vu, n.nummer) ${betrieb}::int, n.vu, n.nummer, z.kunde_id FROM l_nummer n JOIN l_knoten k USING (knoten) JOIN l_gruppe g USING (gruppe)
      JOIN l_ziel z USING (ziel) WHERE n.art = 'N' AND NOT EXISTS (SELECT FROM l_geteilt s WHERE s.art = 'N' AND s.vu = n.vu AND s.nummer = n.nummer AND s.n > 5)
    ORDER BY n.vu, n.nummer, g.gruppe ON CONFLICT DO NOTHING`.execute(trx)
  await sql`
    INSERT INTO einwilligung (betrieb_id, kunde_id, kanal, text_version, form, erteilt_am)
    SELECT DISTINCT ${betrieb}::int, z.kunde_id, e ->> 'kanal', 'Import', e ->> 'form', (e ->> 'erteiltAm')::date
    FROM e_person p JOIN l_person l USING (nr) JOIN l_knoten k USING (knoten) JOIN l_gruppe g USING (gruppe) JOIN l_ziel z USING (ziel),
      jsonb_array_elements(p.einwilligungen) e
    WHERE p.einwilligungen IS NOT NULL AND NOT EXISTS (SELECT FROM einwilligung x WHERE x.kunde_id = z.kunde_id AND x.kanal = e ->> 'kanal'
      AND x.erteilt_am = (e ->> 'erteiltAm')::date)`.execute(trx)
  await sql`
    INSERT INTO maklervollmacht (betrieb_id, kunde_id, erteilt_am, quelle)
    SELECT DISTINCT ${betrieb}::int, z.kunde_id, p.vollmacht_am, ${quelle}
    FROM e_person p JOIN l_person l USING (nr) JOIN l_knoten k USING (knoten) JOIN l_gruppe g USING (gruppe) JOIN l_ziel z USING (ziel)
    WHERE p.vollmacht_am IS NOT NULL ON CONFLICT DO NOTHING`.execute(trx)
}

const STAPEL = 2_000

/** For customers whose words were put together from several sides: folded by domain/suchtext.ts. */
async function refreshSuchtext(trx: Trx, ids: ReturnType<typeof sql>): Promise<void> {
  const { rows } = await sql<{ id: number }>`SELECT id FROM (${ids}) x (id) ORDER BY id`.execute(trx)
  for (let ab = 0; ab < rows.length; ab += STAPEL) {
    const stapel = rows.slice(ab, ab + STAPEL).map(({ id }) => id)
    const kunden = await trx
      .selectFrom('kunde')
      .select(['id', 'nummer', ...GESUCHT])
      .where('id', 'in', stapel)
      .execute()
    await sql`UPDATE kunde k SET suchtext = n.suchtext FROM unnest(${kunden.map(({ id }) => id)}::int[], ${kunden.map((kunde) => suchtext(kunde as never))}::text[])
      AS n (id, suchtext) WHERE k.id = n.id`.execute(trx)
  }
}
