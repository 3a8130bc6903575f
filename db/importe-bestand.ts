/** What a delivery may meet: the stored contracts, customer numbers and customers that could be the delivered ones. Read in three statements. */
import { sql } from 'kysely'
import type { GdvLieferung } from '../imports/gdv.ts'
import { loadAgenturnummern } from './importe-agentur.ts'
import type { KundeRow, VertragRow } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export interface Bestand {
  vertraege: VertragRow[]
  kunden: KundeRow[]
  /** 'VU|number' → kunde id; the Vermittler's own numbers stand under the empty VU. */
  kundennummern: Map<string, number>
  /** 'VU|Agenturnummer' → Vermittler. */
  agenturnummern: Map<string, number>
  /** Gets the customers of unmapped numbers. */
  supervisor: number
}

export async function loadBestand(db: WebDb, betrieb: number, lieferung: GdvLieferung): Promise<Bestand> {
  const vertraege = await listVertraege(db, betrieb, lieferung)
  const kundennummern = await loadKundennummern(db, betrieb, lieferung)
  const ids = [...vertraege.map(({ kunde_id }) => kunde_id), ...kundennummern.values()]
  return {
    vertraege,
    kundennummern,
    kunden: await listKunden(db, betrieb, lieferung, ids),
    agenturnummern: await loadAgenturnummern(db, betrieb),
    supervisor: await getSupervisor(db, betrieb),
  }
}

async function listVertraege(db: WebDb, betrieb: number, lieferung: GdvLieferung): Promise<VertragRow[]> {
  return db
    .selectFrom('vertrag')
    .selectAll()
    .where('betrieb_id', '=', betrieb)
    .where(sql<boolean>`(vu_nummer, vsnr_norm) IN (SELECT * FROM unnest(${lieferung.vertraege.map(({ vuNummer }) => vuNummer)}::text[],
      ${lieferung.vertraege.map(({ vsnrNorm }) => vsnrNorm)}::text[]))`)
    .execute()
}

async function loadKundennummern(db: WebDb, betrieb: number, { kunden, vertraege }: GdvLieferung): Promise<Map<string, number>> {
  const paare = [...kunden, ...vertraege].flatMap(nummernOf)
  const rows = await db
    .selectFrom('kundennummer')
    .selectAll()
    .where('betrieb_id', '=', betrieb)
    .where(
      sql<boolean>`(vu_nummer, nummer) IN (SELECT * FROM unnest(${paare.map(([vu]) => vu)}::text[], ${paare.map(([, nummer]) => nummer)}::text[]))`,
    )
    .execute()
  return new Map(rows.map((row) => [`${row.vu_nummer}|${row.nummer}`, row.kunde_id]))
}

/** The numbers under which a person was delivered: the insurer's, the Vermittler's own. */
export function nummernOf(wer: {
  vuNummer: string
  nummerVersicherer: string | null
  nummerVermittler: string | null
}): (readonly [vu: string, nummer: string])[] {
  const versicherer = wer.nummerVersicherer === null ? [] : [[wer.vuNummer, wer.nummerVersicherer] as const]
  return wer.nummerVermittler === null ? versicherer : [...versicherer, ['', wer.nummerVermittler] as const]
}

/** By id, by a birthday of the delivery, or without a birthday in one of its places: the names are compared in memory. */
async function listKunden(db: WebDb, betrieb: number, { kunden, vertraege }: GdvLieferung, ids: number[]): Promise<KundeRow[]> {
  const personen = [...kunden, ...vertraege.flatMap(({ versicherte }) => versicherte)]
  const geburtstage = personen.map(({ geburtsdatum }) => geburtsdatum).filter((tag) => tag !== null)
  const orte = kunden.filter(({ geburtsdatum }) => geburtsdatum === null).map(({ plz }) => plz ?? '')
  return db
    .selectFrom('kunde')
    .selectAll()
    .where('betrieb_id', '=', betrieb)
    .where(sql<boolean>`(id = ANY (${ids}::int[]) OR geburtsdatum = ANY (${[...new Set(geburtstage)]}::date[])
      OR (geburtsdatum IS NULL AND coalesce(plz, '') = ANY (${[...new Set(orte)]}::text[])))`)
    .orderBy('id')
    .execute()
}

async function getSupervisor(db: WebDb, betrieb: number): Promise<number> {
  const row = await db
    .selectFrom('vermittler')
    .select('id')
    .where('betrieb_id', '=', betrieb)
    .where('rolle', '=', 'SUPERVISOR')
    .orderBy('aktiv', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!row) throw new Error(`Der Betrieb ${betrieb} hat keinen Supervisor; ohne ihn ist niemand da, der den Bestand aufnimmt.`)
  return row.id
}
