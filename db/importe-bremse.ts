/**
 * Whether a delivery is believed: a third of a portfolio that turns cancelled overnight (or alive again) is an error of the sender more
 * often than the truth. Reasons are sentences for the Supervisor. Needs l_paket and l_vertrag, before anything is written.
 */
import { sql } from 'kysely'
import type { Trx } from './faelle.ts'
import type { Paket } from './importe-eingang.ts'
import type { Importgrund, Liefert } from './schema.ts'

/** Fewer than so many changes prove nothing, whatever their share. */
const MINDESTENS = 5
const LEBEND = sql`('AKTIV', 'BEITRAGSFREI', 'RUHEND')`
const tagDe = (tag: string): string => tag.split('-').toReversed().join('.')
const zahlDe = (zahl: number): string => zahl.toLocaleString('de-DE')

export interface Urteil {
  gruende: Importgrund[]
  /** By source: whether what it delivers is a whole portfolio. */
  liefert: Map<number, Liefert>
}

export async function judge(
  trx: Trx,
  { betrieb, pakete, liefert }: { betrieb: number; pakete: readonly Paket[]; liefert: Liefert | null },
): Promise<Urteil> {
  const { rows } = await sql<{ prozent: number }>`SELECT importbremse_prozent AS prozent FROM betrieb WHERE id = ${betrieb}`.execute(trx)
  const quellen = await judgeQuellen(trx, betrieb, { liefert, prozent: rows[0]!.prozent })
  return {
    gruende: [...checkSummen(pakete), ...(await checkStand(trx)), ...(await checkStatus(trx, betrieb, rows[0]!.prozent)), ...quellen.gruende],
    liefert: quellen.liefert,
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
  const { rows } = await sql<{ wer: string; n: number; von: number }>`
    WITH wechsel AS (
      SELECT t.id, t.vu_nummer, k.vermittler_id FROM (SELECT DISTINCT ON (vertrag_id) vertrag_id, status, stand FROM l_vertrag
          WHERE vertrag_id IS NOT NULL AND status IS NOT NULL AND NOT abgeloest ORDER BY vertrag_id, runde DESC) v
        JOIN vertrag t ON t.id = v.vertrag_id JOIN kunde k ON k.id = t.kunde_id
        WHERE (t.status IN ${LEBEND}) <> (v.status IN ${LEBEND}) AND t.status NOT IN ('ANTRAG', 'UNBEKANNT') AND (t.quelle_stand IS NULL OR t.quelle_stand <= v.stand)),
    je AS (
      SELECT 'Versicherer ' || coalesce(u.name, w.vu_nummer, 'ohne Nummer') AS wer, w.n,
        (SELECT count(*) FROM vertrag t WHERE t.betrieb_id = ${betrieb} AND t.vu_nummer IS NOT DISTINCT FROM w.vu_nummer) AS von
      FROM (SELECT vu_nummer, count(*) AS n FROM wechsel GROUP BY 1) w LEFT JOIN versicherer u ON u.betrieb_id = ${betrieb} AND u.vu_nummer = w.vu_nummer
      UNION ALL
      SELECT 'Bestand von ' || m.vorname || ' ' || m.name, w.n,
        (SELECT count(*) FROM vertrag t JOIN kunde k ON k.id = t.kunde_id WHERE t.betrieb_id = ${betrieb} AND k.vermittler_id = w.vermittler_id)
      FROM (SELECT vermittler_id, count(*) AS n FROM wechsel GROUP BY 1) w JOIN vermittler m ON m.id = w.vermittler_id)
    SELECT * FROM je WHERE n >= ${MINDESTENS} AND n * 100 > von * ${prozent} ORDER BY n DESC, wer DESC`.execute(trx)
  return rows.map(({ wer, n, von }) => ({
    art: 'STATUSWECHSEL',
    text: `${wer}: ${zahlDe(n)} von ${zahlDe(von)} Verträgen (${Math.round((n * 100) / von)} %) würden ihren Status wechseln, von laufend zu beendet oder umgekehrt. Ab ${prozent} % wird nachgefragt.`,
    n,
    von,
  }))
}

interface Quellenlage {
  id: number
  name: string
  liefert: Liefert | null
  bekannt: number
  getroffen: number
}

async function judgeQuellen(
  trx: Trx,
  betrieb: number,
  { liefert, prozent }: { liefert: Liefert | null; prozent: number },
): Promise<{ gruende: Importgrund[]; liefert: Map<number, Liefert> }> {
  const { rows } = await sql<Quellenlage>`
    SELECT q.id, q.name, q.liefert, count(t.id) AS bekannt, count(t.id) FILTER (WHERE v.vertrag_id IS NOT NULL) AS getroffen
    FROM importquelle q LEFT JOIN vertrag t ON t.betrieb_id = ${betrieb} AND t.importquelle_id = q.id AND t.status IN ${LEBEND} AND t.fehlt_seit IS NULL
      LEFT JOIN (SELECT DISTINCT vertrag_id FROM l_vertrag WHERE vertrag_id IS NOT NULL) v ON v.vertrag_id = t.id
    WHERE q.id IN (SELECT quelle_id FROM l_paket) GROUP BY q.id ORDER BY q.name`.execute(trx)
  const gruende: Importgrund[] = []
  const arten = new Map<number, Liefert>()
  for (const quelle of rows) {
    // Said for this delivery, else for the source; else what brings more than half of what is known is a whole portfolio.
    const art = liefert ?? quelle.liefert ?? (quelle.bekannt > 0 && quelle.getroffen * 2 > quelle.bekannt ? 'BESTAND' : 'AENDERUNG')
    arten.set(quelle.id, art)
    const fehlt = quelle.bekannt - quelle.getroffen
    if (art === 'BESTAND' && fehlt >= MINDESTENS && fehlt * 100 > quelle.bekannt * prozent)
      gruende.push({
        art: 'SCHWUND',
        text: `${quelle.name}: ${zahlDe(fehlt)} von ${zahlDe(quelle.bekannt)} bekannten Verträgen (${Math.round((fehlt * 100) / quelle.bekannt)} %) sind nicht mehr dabei. Liefert diese Quelle nur Änderungen, legen Sie das bitte fest.`,
        n: fehlt,
        von: quelle.bekannt,
      })
  }
  return { gruende, liefert: arten }
}

/** What a whole portfolio does not hold any more is marked, never cancelled. Returns how many. */
export async function markMissing(
  trx: Trx,
  { betrieb, importId, liefert }: { betrieb: number; importId: number; liefert: Urteil['liefert'] },
): Promise<number> {
  const ganze = [...liefert].filter(([, art]) => art === 'BESTAND').map(([id]) => id)
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
