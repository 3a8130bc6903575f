/**
 * Whether a delivery is believed: a third of a portfolio that turns cancelled overnight (or alive again) is an error of the sender more
 * often than the truth. Reasons are sentences for the Supervisor. Needs l_paket and l_vertrag, before anything is written.
 */
import { sql } from 'kysely'
import type { Trx } from './faelle.ts'
import type { Paket } from './importe-eingang.ts'
import type { Beurteilung, Importgrund, Liefert } from './schema.ts'

/** Fewer than so many changes prove nothing, whatever their share. */
const MINDESTENS = 5
/** Contracts a reason names. */
const BEISPIELE = 5
const LEBEND = sql`('AKTIV', 'BEITRAGSFREI', 'RUHEND')`
const tagDe = (tag: string): string => tag.split('-').toReversed().join('.')
const zahlDe = (zahl: number): string => zahl.toLocaleString('de-DE')

export interface Urteil {
  gruende: Importgrund[]
  /** By source: whether what it delivers is a whole portfolio. */
  quellen: Beurteilung[]
}

export async function judge(
  trx: Trx,
  { betrieb, pakete, liefert }: { betrieb: number; pakete: readonly Paket[]; liefert: Liefert | null },
): Promise<Urteil> {
  const { rows } = await sql<{ prozent: number }>`SELECT importbremse_prozent AS prozent FROM betrieb WHERE id = ${betrieb}`.execute(trx)
  const quellen = await judgeQuellen(trx, betrieb, { liefert, prozent: rows[0]!.prozent })
  return {
    gruende: [...checkSummen(pakete), ...(await checkStand(trx)), ...(await checkStatus(trx, betrieb, rows[0]!.prozent)), ...quellen.gruende],
    quellen: quellen.quellen,
  }
}

function checkSummen(pakete: readonly Paket[]): Importgrund[] {
  return pakete
    .filter(({ abgelehnt, summenStimmen }) => abgelehnt === null && summenStimmen === false)
    .map(({ nr, absender }) => ({
      art: 'SUMMEN' as const,
      text: `Paket ${nr}${absender ? ` (${absender})` : ''}: Die Kontrollsummen des Absenders stimmen nicht mit dem Inhalt überein. Möglicherweise fehlt ein Teil der Datei.`,
    }))
}

async function checkStand(trx: Trx): Promise<Importgrund[]> {
  const { rows } = await sql<{ name: string; stand: string; letzter: string }>`
    SELECT q.name, min(p.stand) AS stand, q.letzter_stand AS letzter FROM l_paket p JOIN importquelle q ON q.id = p.quelle_id
    WHERE p.stand < q.letzter_stand GROUP BY q.id ORDER BY q.name`.execute(trx)
  return rows.map(({ name, stand, letzter }) => ({
    art: 'VERALTET',
    text: `${name}: Die Lieferung hat den Stand ${tagDe(stand)}; übernommen ist bereits der Stand ${tagDe(letzter)}.`,
  }))
}

/** The last word of each delivered contract against what is stored. */
async function checkStatus(trx: Trx, betrieb: number, prozent: number): Promise<Importgrund[]> {
  const { rows } = await sql<{ wer: string; n: number; beendet: number; von: number; beispiele: { vertrag: number; nach: string }[] }>`
    WITH wechsel AS (
      SELECT t.id, t.vu_nummer, k.vermittler_id, v.status FROM (SELECT DISTINCT ON (vertrag_id) vertrag_id, status, stand FROM l_vertrag
          WHERE vertrag_id IS NOT NULL AND status IS NOT NULL AND NOT abgeloest ORDER BY vertrag_id, runde DESC) v
        JOIN vertrag t ON t.id = v.vertrag_id JOIN kunde k ON k.id = t.kunde_id
        WHERE (t.status IN ${LEBEND}) <> (v.status IN ${LEBEND}) AND t.status NOT IN ('ANTRAG', 'UNBEKANNT') AND (t.quelle_stand IS NULL OR t.quelle_stand <= v.stand)),
    je AS (
      SELECT coalesce(u.name || ' (VU ' || w.vu_nummer || ')', 'VU ' || w.vu_nummer, 'Ohne Versicherer') AS wer, w.n, w.beendet, w.beispiele,
        (SELECT count(*) FROM vertrag t WHERE t.betrieb_id = ${betrieb} AND t.vu_nummer IS NOT DISTINCT FROM w.vu_nummer) AS von
      FROM (SELECT vu_nummer, ${gezaehlt()} FROM wechsel GROUP BY 1) w LEFT JOIN versicherer u ON u.betrieb_id = ${betrieb} AND u.vu_nummer = w.vu_nummer
      UNION ALL
      SELECT 'Bestand von ' || m.vorname || ' ' || m.name, w.n, w.beendet, w.beispiele,
        (SELECT count(*) FROM vertrag t JOIN kunde k ON k.id = t.kunde_id WHERE t.betrieb_id = ${betrieb} AND k.vermittler_id = w.vermittler_id)
      FROM (SELECT vermittler_id, ${gezaehlt()} FROM wechsel GROUP BY 1) w JOIN vermittler m ON m.id = w.vermittler_id)
    SELECT * FROM je WHERE n >= ${MINDESTENS} AND n * 100 > von * ${prozent} ORDER BY n DESC, wer DESC`.execute(trx)
  return rows.map(({ wer, n, beendet, von, beispiele }) => ({
    art: 'STATUSWECHSEL',
    text: `${wer}: ${zahlDe(n)} von ${zahlDe(von)} Verträgen (${Math.round((n * 100) / von)} %) würden ihren Status wechseln, ${richtung(n, beendet)}. Ab ${prozent} % wird nachgefragt.`,
    n,
    von,
    beispiele,
  }))
}

function gezaehlt() {
  return sql`count(*) AS n, count(*) FILTER (WHERE status NOT IN ${LEBEND}) AS beendet,
    to_jsonb((array_agg(jsonb_build_object('vertrag', id, 'nach', status) ORDER BY id))[1:${sql.lit(BEISPIELE)}]) AS beispiele`
}

function richtung(n: number, beendet: number): string {
  if (beendet === n) return 'von laufend auf beendet'
  if (beendet === 0) return 'von beendet auf laufend'
  return `${zahlDe(beendet)} von laufend auf beendet, ${zahlDe(n - beendet)} von beendet auf laufend`
}

interface Quellenlage {
  id: number
  name: string
  liefert: Liefert | null
  bekannt: number
  getroffen: number
  fehlende: number[] | null
}

async function judgeQuellen(
  trx: Trx,
  betrieb: number,
  { liefert, prozent }: { liefert: Liefert | null; prozent: number },
): Promise<{ gruende: Importgrund[]; quellen: Beurteilung[] }> {
  const { rows } = await sql<Quellenlage>`
    SELECT q.id, q.name, q.liefert, count(t.id) AS bekannt, count(t.id) FILTER (WHERE v.vertrag_id IS NOT NULL) AS getroffen,
      (array_agg(t.id ORDER BY t.id) FILTER (WHERE v.vertrag_id IS NULL AND t.id IS NOT NULL))[1:${sql.lit(BEISPIELE)}] AS fehlende
    FROM importquelle q LEFT JOIN vertrag t ON t.betrieb_id = ${betrieb} AND t.importquelle_id = q.id AND t.status IN ${LEBEND} AND t.fehlt_seit IS NULL
      LEFT JOIN (SELECT DISTINCT vertrag_id FROM l_vertrag WHERE vertrag_id IS NOT NULL) v ON v.vertrag_id = t.id
    WHERE q.id IN (SELECT quelle_id FROM l_paket) GROUP BY q.id ORDER BY q.name`.execute(trx)
  const gruende: Importgrund[] = []
  const quellen = rows.map((quelle): Beurteilung => {
    const { id, name, bekannt, getroffen } = quelle
    // Said for this delivery, else for the source; else what brings more than half of what is known is a whole portfolio.
    const inhalt = bekannt > 0 && getroffen * 2 > bekannt ? 'BESTAND' : 'AENDERUNG'
    const woher = liefert ? 'LIEFERUNG' : quelle.liefert ? 'QUELLE' : 'INHALT'
    return { quelle: id, name, bekannt, getroffen, woher, liefert: liefert ?? quelle.liefert ?? inhalt }
  })
  for (const [stelle, { liefert: art, name, bekannt, getroffen }] of quellen.entries()) {
    const fehlt = bekannt - getroffen
    if (art === 'BESTAND' && fehlt >= MINDESTENS && fehlt * 100 > bekannt * prozent)
      gruende.push({
        art: 'SCHWUND',
        text: `${name}: ${zahlDe(fehlt)} von ${zahlDe(bekannt)} bekannten Verträgen (${Math.round((fehlt * 100) / bekannt)} %) sind nicht mehr dabei. Liefert diese Quelle nur Änderungen, legen Sie das bitte fest.`,
        n: fehlt,
        von: bekannt,
        beispiele: (rows[stelle]!.fehlende ?? []).map((vertrag) => ({ vertrag })),
      })
  }
  return { gruende, quellen }
}

/** What a whole portfolio does not hold any more is marked, never cancelled. Returns how many. */
export async function markMissing(
  trx: Trx,
  { betrieb, importId, quellen }: { betrieb: number; importId: number; quellen: Urteil['quellen'] },
): Promise<number> {
  const ganze = quellen.filter(({ liefert }) => liefert === 'BESTAND').map(({ quelle }) => quelle)
  if (ganze.length === 0) return 0
  const { numAffectedRows } = await sql`
    WITH fehlt AS (
      UPDATE vertrag t SET fehlt_seit = q.stand FROM (SELECT quelle_id, max(stand) AS stand FROM l_paket WHERE quelle_id = ANY (${ganze}::int[]) GROUP BY 1) q
      WHERE t.betrieb_id = ${betrieb} AND t.importquelle_id = q.quelle_id AND t.status IN ${LEBEND} AND t.fehlt_seit IS NULL AND t.quelle_stand <= q.stand
        AND NOT EXISTS (SELECT FROM l_vertrag v WHERE v.vertrag_id = t.id)
      RETURNING t.id, t.kunde_id)
    INSERT INTO import_zeile (import_id, betrieb_id, art, folge, objekt_id, kunde_id) SELECT ${importId}, ${betrieb}, 'VERTRAG', 'FEHLT', id, kunde_id FROM fehlt
    ON CONFLICT DO NOTHING`.execute(trx)
  return Number(numAffectedRows ?? 0)
}
