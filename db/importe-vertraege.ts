/**
 * Delivered contracts → rows in `vertrag` (which one: importe-vertragsnummern.ts); a change of number renumbers the contract that was there.
 * The same contract several times in one delivery is taken one after the other, as if it had come in several.
 */
import { sql } from 'kysely'
import type { Trx } from './faelle.ts'
import { findStored } from './importe-vertragsnummern.ts'
import { type Uebernahme, changes, contradicts, isHand, isHandEmptied, sequence } from './importe-wahrheit.ts'

export type Vertragszahlen = Record<
  'vertraegeNeu' | 'vertraegeGeaendert' | 'vertraegeUnveraendert' | 'vertraegeAelter' | 'vertraegeOhneKunde',
  number
>

/** What GDV cannot tell apart: a finer Sparte that is known stays. */
const GROB = ['HAFTPFLICHT', 'KV', 'SONSTIGE', 'UNBEKANNT']
/** Raw codes speak of one delivery only: gone when the next does not repeat them. (Earlier versions kept some beside the others.) */
const ROHE_CODES = ['roh', 'zahlungsweise', 'vertragsstatus', 'abgangsgrund', 'waehrung']
const RATEN = sql.raw(`'{"JAEHRLICH":1,"HALBJAEHRLICH":2,"VIERTELJAEHRLICH":4,"MONATLICH":12}'::jsonb`)

/** Fields a person may have typed. */
const FELDER = [
  'vsnr',
  'sparte',
  'produkt',
  'beginn',
  'ablauf',
  'hauptfaelligkeit',
  'beitrag_cent',
  'zahlungsweise',
  'bestandsart',
  'verlaengert_sich',
  'kuendigungsfrist_monate',
] as const
type Feld = (typeof FELDER)[number]
/** Everything an update writes, beside dates and version. */
const SPALTEN = [
  ...FELDER,
  'status',
  'abgang_am',
  'kunde_id',
  'vsnr_norm',
  'vu_nummer',
  'agenturnummer',
  'sparte_gdv',
  'verlaengert_quelle',
  'versicherte_person_id',
  'versicherte_person_name',
  'merkmale',
] as const

/** Needs l_ziel, too: the customers are there. Contracts of persons in doubt wait with them. */
export async function storeVertraege(trx: Trx, auftrag: Uebernahme): Promise<Vertragszahlen> {
  await prepare(trx, auftrag)
  const { rows } = await sql<{ runden: number }>`SELECT coalesce(max(runde), 0)::int AS runden FROM l_vertrag`.execute(trx)
  for (let runde = 1; runde <= rows[0]!.runden; runde++) {
    if (runde > 1) await findStored(trx, auftrag.betrieb, runde)
    await updateRunde(trx, auftrag, runde)
    await insertRunde(trx, auftrag, runde)
  }
  const { rows: zahlen } = await sql<Vertragszahlen>`
    SELECT count(*) FILTER (WHERE folge = 'NEU') AS "vertraegeNeu", count(*) FILTER (WHERE folge = 'GEAENDERT') AS "vertraegeGeaendert",
      count(*) FILTER (WHERE folge = 'GLEICH') AS "vertraegeUnveraendert", count(*) FILTER (WHERE folge = 'AELTER') AS "vertraegeAelter",
      (SELECT count(*) FROM l_vertrag WHERE kunde_id IS NULL AND NOT wartet) AS "vertraegeOhneKunde"
    FROM (SELECT DISTINCT ON (vertrag_id) folge FROM l_folge ORDER BY vertrag_id, array_position(ARRAY['NEU', 'GEAENDERT', 'GLEICH', 'AELTER'], folge)) f`.execute(
    trx,
  )
  return zahlen[0]!
}

/** Whose contract it is, and who is insured. */
async function prepare(trx: Trx, { betrieb }: Uebernahme): Promise<void> {
  await sql`CREATE TEMP TABLE l_folge (vertrag_id int, folge text) ON COMMIT DROP`.execute(trx)
  await sql`UPDATE l_vertrag v SET kunde_id = z.kunde_id FROM l_ziel z WHERE z.ziel = v.ziel AND NOT v.wartet`.execute(trx)
  await sql`UPDATE l_vertrag v SET kunde_id = t.kunde_id FROM vertrag t WHERE t.id = v.vertrag_id AND v.kunde_id IS NULL AND NOT v.wartet`.execute(
    trx,
  )
  await sql`
    UPDATE l_vertrag v SET kunde_id = kn.kunde_id FROM kundennummer kn
    WHERE v.kunde_id IS NULL AND NOT v.wartet AND kn.betrieb_id = ${betrieb}
      AND ((kn.vu_nummer = v.vu AND kn.nummer = v.nummer_vu) OR (kn.vu_nummer = '' AND kn.nummer = v.nummer_vm))`.execute(trx)
  // A contract of the same delivery may have brought the customer that a later turn without address needs.
  await sql`
    UPDATE l_vertrag v SET kunde_id = o.kunde_id FROM l_vertrag o
    WHERE v.kunde_id IS NULL AND NOT v.wartet AND o.kunde_id IS NOT NULL AND o.vu = v.vu AND o.nummer = v.nummer`.execute(trx)
  await sql`
    UPDATE l_vertrag v SET vp_id = CASE WHEN m.eigen THEN v.kunde_id WHEN m.n = 1 THEN m.id END FROM (
      SELECT v.nr, count(*) AS n, min(k.id) AS id, bool_or(k.id = v.kunde_id) AS eigen FROM l_vertrag v
        JOIN kunde k ON k.betrieb_id = ${betrieb} AND k.namensschluessel = v.vp_schluessel AND k.geburtsdatum = v.vp_geburt
        WHERE v.vp_schluessel IS NOT NULL GROUP BY v.nr) m
    WHERE m.nr = v.nr`.execute(trx)
  await sql`ANALYZE l_vertrag (kunde_id, vertrag_id, runde)`.execute(trx)
}

async function insertRunde(trx: Trx, { betrieb, importId, quelle }: Uebernahme, runde: number): Promise<void> {
  await sql`
    UPDATE l_vertrag v SET vertrag_id = n.id, neu = true FROM (
      SELECT nr, nextval(${sequence('vertrag')})::int AS id FROM (SELECT nr FROM l_vertrag
        WHERE runde = ${runde} AND vertrag_id IS NULL AND kunde_id IS NOT NULL AND NOT wartet ORDER BY nr) x) n
    WHERE n.nr = v.nr`.execute(trx)
  const neue = sql`l_vertrag v WHERE v.neu AND v.runde = ${runde}`
  await sql`
    INSERT INTO vertrag (id, betrieb_id, kunde_id, vu_nummer, vsnr, vsnr_norm, vsnr_frueher, agenturnummer, sparte_gdv, sparte, produkt, beginn, ablauf, hauptfaelligkeit,
      beitrag_cent, zahlungsweise, status, abgang_am, bestandsart, verlaengert_sich, verlaengert_quelle, kuendigungsfrist_monate,
      versicherte_person_id, versicherte_person_name, merkmale, quelle, quelle_stand, bestaetigt_am, importquelle_id) OVERRIDING SYSTEM VALUE
    SELECT v.vertrag_id, ${betrieb}, v.kunde_id, nullif(v.vu, ''), CASE WHEN v.abgeloest THEN v.nummer ELSE e.vsnr END, v.nummer,
      CASE WHEN v.alte IS NULL THEN '{}' ELSE ARRAY[v.alte] END, e.agentur, v.sparte_gdv, v.sparte,
      e.produkt, e.beginn, e.ablauf, e.hauptfaelligkeit, e.beitrag_cent, e.zahlungsweise, CASE WHEN v.abgeloest THEN 'UNBEKANNT' ELSE coalesce(v.status, 'UNBEKANNT') END,
      CASE WHEN NOT v.abgeloest THEN e.abgang_am END, e.bestandsart, e.verlaengert_sich, CASE WHEN e.verlaengert_sich IS NOT NULL THEN 'KLAUSEL' END,
      e.kuendigungsfrist_monate, v.vp_id, e.vp_name, e.merkmale, ${quelle}, v.stand, v.stand, q.quelle_id
    FROM l_vertrag v JOIN e_vertrag e USING (nr) JOIN l_paket q ON q.nr = v.paket WHERE v.neu AND v.runde = ${runde} ORDER BY v.nr`.execute(trx)
  await sql`INSERT INTO l_folge SELECT v.vertrag_id, 'NEU' FROM ${neue}`.execute(trx)
  await sql`INSERT INTO import_zeile (import_id, betrieb_id, art, folge, objekt_id, kunde_id)
    SELECT ${importId}, ${betrieb}, 'VERTRAG', 'NEU', v.vertrag_id, v.kunde_id FROM ${neue} ORDER BY v.vertrag_id`.execute(trx)
}

async function updateRunde(trx: Trx, auftrag: Uebernahme, runde: number): Promise<void> {
  const { betrieb, importId, quelle } = auftrag
  const zeilen = sql`l_vertrag v JOIN e_vertrag e USING (nr) JOIN vertrag t ON t.id = v.vertrag_id WHERE v.runde = ${runde} AND NOT v.wartet AND v.kunde_id IS NOT NULL`
  await sql`INSERT INTO l_folge SELECT t.id, 'AELTER' FROM ${zeilen} AND t.quelle_stand > v.stand`.execute(trx)
  await insertAbweichungen(trx, auftrag, runde)
  await sql`
    CREATE TEMP TABLE l_vertrag_neu ON COMMIT DROP AS SELECT v.nr, t.id, v.stand, v.paket, ${newValues()}, ${formerNumbers()} AS vsnr_frueher
    FROM ${zeilen} AND (t.quelle_stand IS NULL OR t.quelle_stand <= v.stand)`.execute(trx)
  await sql`ANALYZE l_vertrag_neu (nr, id)`.execute(trx)
  await sql`
    CREATE TEMP TABLE l_anders ON COMMIT DROP AS SELECT n.id, d.felder, d.vorher, d.nachher FROM l_vertrag_neu n JOIN vertrag k USING (id) ${changes(SPALTEN)}
    WHERE (${sql.join(
      SPALTEN.map((spalte) => sql`k.${sql.ref(spalte)} IS DISTINCT FROM n.${sql.ref(spalte)}`),
      sql` OR `,
    )})`.execute(trx)
  await sql`INSERT INTO l_folge SELECT n.id, CASE WHEN a.id IS NULL THEN 'GLEICH' ELSE 'GEAENDERT' END FROM l_vertrag_neu n LEFT JOIN l_anders a USING (id)`.execute(
    trx,
  )
  // What was new in an earlier turn of this delivery stays new; what changed twice keeps its first "before".
  await sql`
    INSERT INTO import_zeile (import_id, betrieb_id, art, folge, objekt_id, kunde_id, vorher, nachher)
    SELECT ${importId}, ${betrieb}, 'VERTRAG', 'GEAENDERT', a.id, n.kunde_id, a.vorher, a.nachher FROM l_anders a JOIN l_vertrag_neu n USING (id)
    WHERE NOT EXISTS (SELECT FROM import_zeile i WHERE i.import_id = ${importId} AND i.art = 'VERTRAG' AND i.folge = 'NEU' AND i.objekt_id = a.id)
    ON CONFLICT (import_id, art, folge, objekt_id) DO UPDATE SET vorher = excluded.vorher || import_zeile.vorher, nachher = import_zeile.nachher || excluded.nachher`.execute(
    trx,
  )
  await sql`
    UPDATE vertrag t SET ${sql.join(SPALTEN.map((spalte) => sql`${sql.ref(spalte)} = n.${sql.ref(spalte)}`))},
      herkunft = (t.herkunft - a.felder) || CASE WHEN t.quelle = ${quelle} THEN '{}'::jsonb ELSE
        (SELECT coalesce(jsonb_object_agg(f, jsonb_build_object('quelle', ${quelle}::text, 'am', n.stand)), '{}') FROM unnest(a.felder) f) END,
      version = t.version + 1, geaendert_am = now()
    FROM l_anders a JOIN l_vertrag_neu n USING (id) WHERE t.id = a.id`.execute(trx)
  await sql`
    UPDATE vertrag t SET quelle_stand = n.stand, bestaetigt_am = greatest(t.bestaetigt_am, n.stand), importquelle_id = coalesce(q.quelle_id, t.importquelle_id), fehlt_seit = NULL,
      vsnr_frueher = n.vsnr_frueher
    FROM l_vertrag_neu n JOIN l_paket q ON q.nr = n.paket WHERE t.id = n.id AND (t.quelle_stand IS DISTINCT FROM n.stand OR t.bestaetigt_am IS NULL
      OR t.bestaetigt_am < n.stand OR t.fehlt_seit IS NOT NULL OR t.vsnr_frueher <> n.vsnr_frueher OR t.importquelle_id IS DISTINCT FROM coalesce(q.quelle_id, t.importquelle_id))`.execute(
    trx,
  )
  await sql`DROP TABLE l_vertrag_neu; DROP TABLE l_anders`.execute(trx)
}

const versicherteHand = sql`(${isHandEmptied('t', 'versicherte_person_id')}
  OR ${isHand('t', 'versicherte_person_id')} AND (t.versicherte_person_id IS NOT NULL OR t.versicherte_person_name IS NOT NULL))`

/** The stored row t after the delivered row e (v: its number, its customer). */
function newValues() {
  const v = {
    vsnr: sql`CASE WHEN v.abgeloest AND t.vsnr_norm = v.nummer THEN t.vsnr WHEN v.abgeloest THEN v.nummer WHEN t.vsnr_norm = v.nummer AND t.quelle = 'HAND' THEN t.vsnr ELSE e.vsnr END`,
  } as Partial<Record<Feld, ReturnType<typeof sql>>>
  v.sparte = sql`CASE WHEN v.sparte IN (${sql.join(GROB.map((sparte) => sql.lit(sparte)))}) AND t.sparte <> 'UNBEKANNT' THEN t.sparte ELSE v.sparte END`
  const einfach = FELDER.map((feld) => {
    const geliefert = v[feld] ?? sql`e.${sql.ref(feld)}`
    const hier = sql`t.${sql.ref(feld)}`
    // The number and its spelling follow the insurer: by it the contract is found the next time.
    if (feld === 'vsnr') return sql`${geliefert} AS vsnr`
    return sql`CASE WHEN ${geliefert} IS NULL OR ${isHandEmptied('t', feld)} OR (${isHand('t', feld)} AND ${hier} IS NOT NULL) THEN ${hier} ELSE ${geliefert} END AS ${sql.ref(feld)}`
  })
  // An insurer knows best whether its contract is in force, unless a person has said otherwise of exactly this.
  const status = sql`CASE WHEN v.status IS NULL OR v.abgeloest OR ${isHandEmptied('t', 'status')} THEN t.status ELSE v.status END`
  return sql.join([
    ...einfach,
    sql`${status} AS status`,
    sql`CASE WHEN v.abgeloest OR ${isHandEmptied('t', 'status')} THEN t.abgang_am ELSE coalesce(e.abgang_am, CASE WHEN ${status} <> 'AKTIV' THEN t.abgang_am END) END AS abgang_am`,
    sql`v.kunde_id`,
    sql`v.nummer AS vsnr_norm`,
    sql`coalesce(t.vu_nummer, nullif(v.vu, '')) AS vu_nummer`,
    sql`coalesce(e.agentur, t.agenturnummer) AS agenturnummer`,
    sql`coalesce(v.sparte_gdv, t.sparte_gdv) AS sparte_gdv`,
    sql`CASE WHEN e.verlaengert_sich IS NOT NULL AND NOT (${isHand('t', 'verlaengert_sich')} AND t.verlaengert_sich IS NOT NULL) THEN 'KLAUSEL' ELSE t.verlaengert_quelle END AS verlaengert_quelle`,
    // Who is insured is one answer in two columns; typed once, it is the person's.
    sql`CASE WHEN e.vp_name IS NULL OR ${versicherteHand} THEN t.versicherte_person_id ELSE v.vp_id END AS versicherte_person_id`,
    sql`CASE WHEN ${versicherteHand} THEN t.versicherte_person_name ELSE coalesce(e.vp_name, t.versicherte_person_name) END AS versicherte_person_name`,
    sql`(t.merkmale - ARRAY[${sql.join(ROHE_CODES.map((code) => sql.lit(code)))}]::text[]) || (e.merkmale - ${saidByHand()}) || ${premiumChange()} AS merkmale`,
  ])
}

/** What was known, the number it had until now, and the one the delivery says it had. */
function formerNumbers() {
  return sql`CASE WHEN t.vsnr_norm = v.nummer AND (v.alte IS NULL OR v.alte = ANY (t.vsnr_frueher)) THEN t.vsnr_frueher
    ELSE ARRAY(SELECT DISTINCT n FROM unnest(t.vsnr_frueher || t.vsnr_norm || v.alte) n WHERE n <> v.nummer ORDER BY n) END`
}

/** What a person has said of a contract beyond its columns stands under the same names in `herkunft`. */
function saidByHand() {
  return sql`ARRAY(SELECT feld FROM jsonb_each(t.herkunft) AS h (feld, woher) WHERE woher ->> 'quelle' IN ('HAND', 'KUNDE'))`
}

/** The premium before, in the rhythm in which it is paid now, where it is another for the year. */
function premiumChange() {
  const rate = (zeile: string) => sql`(${RATEN} ->> ${sql.ref(`${zeile}.zahlungsweise`)})::numeric`
  const vorher = sql`round(t.beitrag_cent * coalesce(${rate('t')} / coalesce(${rate('e')}, ${rate('t')}), 1))::bigint`
  return sql`CASE WHEN t.beitrag_cent > 0 AND e.beitrag_cent > 0 AND NOT ${isHand('t', 'beitrag_cent')} AND abs(${vorher} - e.beitrag_cent) > 1
    THEN jsonb_build_object('beitragVorherCent', ${vorher}, 'beitragGeaendertAm', v.stand) ELSE '{}'::jsonb END`
}

async function insertAbweichungen(trx: Trx, { betrieb, importId }: Uebernahme, runde: number): Promise<void> {
  const felder = sql.join(
    [...FELDER.filter((feld) => feld !== 'vsnr'), 'status'].map((feld) => sql`(${feld}, t.${sql.ref(feld)}::text, v.${sql.ref(feld)}::text)`),
  )
  const paare = sql`l_vertrag d JOIN e_vertrag v USING (nr) JOIN vertrag t ON t.id = d.vertrag_id`
  await sql`
    DELETE FROM abweichung a USING (SELECT t.id, x.feld FROM ${paare} CROSS JOIN LATERAL (VALUES ${felder}) x (feld, hier, geliefert)
      WHERE d.runde = ${runde} AND x.hier = x.geliefert) g WHERE a.vertrag_id = g.id AND a.feld = g.feld AND a.entscheidung IS NULL`.execute(trx)
  await sql`
    INSERT INTO abweichung (betrieb_id, kunde_id, vertrag_id, feld, hier, geliefert, import_id, stand)
    SELECT ${betrieb}, d.kunde_id, d.vertrag_id, v.feld, v.hier, v.geliefert, ${importId}, d.stand
    FROM (SELECT d.kunde_id, t.id AS vertrag_id, d.stand, t.herkunft, t.quelle, x.* FROM ${paare} CROSS JOIN LATERAL (VALUES ${felder}) x (feld, hier, geliefert)
      WHERE d.runde = ${runde} AND NOT d.wartet AND d.kunde_id IS NOT NULL AND NOT d.abgeloest AND (t.quelle IN ('HAND', 'KUNDE') OR t.herkunft <> '{}')
        AND (t.quelle_stand IS NULL OR t.quelle_stand <= d.stand) AND NOT (x.feld = 'sparte' AND x.geliefert IN (${sql.join(GROB.map((s) => sql.lit(s)))}))) d
    CROSS JOIN LATERAL (SELECT d.feld, d.hier, d.geliefert) v
    WHERE v.geliefert IS NOT NULL AND CASE WHEN v.feld = 'status' THEN d.herkunft -> 'status' ->> 'quelle' ELSE coalesce(d.herkunft -> v.feld ->> 'quelle', d.quelle) END
        IN ('HAND', 'KUNDE') AND (v.hier IS NOT NULL OR d.herkunft ? v.feld) AND ${contradicts()}
      AND NOT EXISTS (SELECT FROM abweichung a WHERE a.vertrag_id = d.vertrag_id AND a.feld = v.feld AND a.entscheidung = 'BEHALTEN' AND a.geliefert = v.geliefert)
    ON CONFLICT (kunde_id, vertrag_id, feld) WHERE entscheidung IS NULL
      DO UPDATE SET hier = excluded.hier, geliefert = excluded.geliefert, import_id = excluded.import_id, stand = excluded.stand`.execute(trx)
}

/** Dunnings and claims, where their contract is known. */
export async function storeEreignisse(trx: Trx, { betrieb }: Uebernahme): Promise<{ mahnungenNeu: number; schaedenNeu: number }> {
  const vertrag = sql`JOIN LATERAL (SELECT t.id, t.kunde_id FROM (
      SELECT * FROM vertrag WHERE betrieb_id = ${betrieb} AND vsnr_norm = e.vsnr_norm UNION ALL
      SELECT * FROM vertrag WHERE betrieb_id = ${betrieb} AND vsnr_frueher <> '{}' AND vsnr_frueher @> ARRAY[e.vsnr_norm]) t
    WHERE coalesce(t.vu_nummer, '') = e.vu
    ORDER BY t.vsnr_norm = e.vsnr_norm DESC, t.sparte_gdv IS NOT DISTINCT FROM e.sparte_gdv DESC, t.id LIMIT 1) t ON true`
  const mahnungen = await sql`
    INSERT INTO mahnung (betrieb_id, kunde_id, vertrag_id, art, grund, betrag_cent, faellig_am, gemeldet_am)
    SELECT ${betrieb}, t.kunde_id, t.id, e.art, e.grund, e.betrag_cent, e.faellig_am, e.stand FROM e_mahnung e ${vertrag} ORDER BY e.stand ON CONFLICT DO NOTHING`.execute(
    trx,
  )
  const schaeden = await sql<{ neu: boolean }>`
    INSERT INTO schaden (betrieb_id, kunde_id, vertrag_id, schadennummer, schaden_am, gemeldet_am, ursache, erledigt, quelle_stand)
    SELECT DISTINCT ON (t.id, e.schadennummer) ${betrieb}::int, t.kunde_id, t.id, e.schadennummer, e.schaden_am, e.gemeldet_am, e.ursache, e.erledigt, e.stand
    FROM e_schaden e ${vertrag} ORDER BY t.id, e.schadennummer, e.stand DESC
    ON CONFLICT (vertrag_id, schadennummer) DO UPDATE SET schaden_am = coalesce(excluded.schaden_am, schaden.schaden_am),
      gemeldet_am = coalesce(excluded.gemeldet_am, schaden.gemeldet_am), ursache = coalesce(excluded.ursache, schaden.ursache),
      erledigt = coalesce(excluded.erledigt, schaden.erledigt), quelle_stand = excluded.quelle_stand WHERE schaden.quelle_stand <= excluded.quelle_stand
    RETURNING xmax = 0 AS neu`.execute(trx)
  return { mahnungenNeu: Number(mahnungen.numAffectedRows ?? 0), schaedenNeu: schaeden.rows.filter(({ neu }) => neu).length }
}
