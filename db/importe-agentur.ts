/** Under which number an insurer knows which Vermittler (GDV bytes 33–42): the mapping that decides whose portfolio a customer enters. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { WebDb } from './sitzung.ts'
import { reassignKunde, reassignKunden } from './zuordnung.ts'

export interface Zuordnung {
  vuNummer: string
  nummer: string
  vermittler: number
}

export interface Agenturnummer {
  vuNummer: string
  nummer: string
}

/** 'VU|number' → Vermittler. */
export async function loadAgenturnummern(db: WebDb, betrieb: number): Promise<Map<string, number>> {
  const rows = await db.selectFrom('agenturnummer').selectAll().where('betrieb_id', '=', betrieb).execute()
  return new Map(rows.map((row) => [`${row.vu_nummer}|${row.nummer}`, row.vermittler_id]))
}

/**
 * Maps a number to a Vermittler. Customers with a contract under it move along, if they lie where the number sent them so far (its earlier
 * Vermittler, or a Supervisor): who was handed to somebody by a person stays there. Returns how many moved.
 */
export async function setAgenturnummer(
  db: WebDb,
  { betrieb, vuNummer, nummer, vermittler, person }: Zuordnung & { betrieb: number; person: number | null },
): Promise<number> {
  const bisher = (await loadAgenturnummern(db, betrieb)).get(`${vuNummer}|${nummer}`)
  if (bisher === vermittler) return 0
  await db
    .insertInto('agenturnummer')
    .values({ betrieb_id: betrieb, vu_nummer: vuNummer, nummer, vermittler_id: vermittler })
    .onConflict((oc) => oc.columns(['betrieb_id', 'vu_nummer', 'nummer']).doUpdateSet({ vermittler_id: vermittler }))
    .execute()
  await ensureContext(db, betrieb)
  const kunden = await listKundenUnter(db, { betrieb, vuNummer, nummer, bisher, vermittler })
  // Whoever has a Fall is handed over singly, so that its protokoll says so; the others, mostly all of a first delivery, at once.
  for (const { kunde } of kunden.filter(({ faelle }) => faelle)) {
    const ergebnis = await reassignKunde(db, { kunde, betrieb, neu: vermittler, aktion: `agentur/${randomUUID()}`, person })
    if (!ergebnis.ok) throw new Error(ergebnis.fehler)
  }
  const ohne = kunden.filter(({ faelle }) => !faelle).map(({ kunde }) => kunde)
  for (let ab = 0; ab < ohne.length; ab += STAPEL) await reassignKunden(db, ohne.slice(ab, ab + STAPEL), vermittler)
  return kunden.length
}

/** Customers in one statement: it must end before the time-out of a click. */
const STAPEL = 5_000

interface KundeUnter {
  kunde: number
  /** A Fall that lives, or one of its Vorgänge. */
  faelle: boolean
}

async function listKundenUnter(
  db: WebDb,
  { betrieb, vuNummer, nummer, bisher, vermittler }: Zuordnung & { betrieb: number; bisher: number | undefined },
): Promise<KundeUnter[]> {
  const woher = bisher === undefined ? sql`v.rolle = 'SUPERVISOR'` : sql`k.vermittler_id = ${bisher}`
  const { rows } = await sql<KundeUnter>`
    SELECT k.id AS kunde, EXISTS (SELECT FROM fall f WHERE f.kunde_id = k.id AND (f.status <> 'GESCHLOSSEN' OR f.offene_vorgaenge > 0)) AS faelle
    FROM (SELECT DISTINCT kunde_id FROM vertrag WHERE betrieb_id = ${betrieb} AND vu_nummer = ${vuNummer} AND agenturnummer = ${nummer}) t
      JOIN kunde k ON k.id = t.kunde_id JOIN vermittler v ON v.id = k.vermittler_id
    WHERE k.vermittler_id <> ${vermittler} AND ${woher} ORDER BY k.id`.execute(db)
  return rows
}

/** `kunde_zuordnen` and `kunden_zuordnen` look at the session's context; the worker's role has none, so this transaction gets the Betrieb's. */
async function ensureContext(db: WebDb, betrieb: number): Promise<void> {
  await sql`SELECT set_config('app.betrieb', ${String(betrieb)}, true),
      set_config('app.vermittler', (SELECT array_agg(id)::text FROM vermittler WHERE betrieb_id = ${betrieb}), true)
    WHERE coalesce(current_setting('app.betrieb', true), '') = ''`.execute(db)
}
