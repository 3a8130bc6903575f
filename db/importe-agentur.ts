/** Under which number an insurer knows which Vermittler (GDV bytes 33–42): the mapping that decides whose portfolio a customer enters. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { WebDb } from './sitzung.ts'
import { reassignKunde } from './zuordnung.ts'

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
  for (const kunde of kunden) {
    const ergebnis = await reassignKunde(db, { kunde, betrieb, neu: vermittler, aktion: `agentur/${randomUUID()}`, person })
    if (!ergebnis.ok) throw new Error(ergebnis.fehler)
  }
  return kunden.length
}

async function listKundenUnter(
  db: WebDb,
  { betrieb, vuNummer, nummer, bisher, vermittler }: Zuordnung & { betrieb: number; bisher: number | undefined },
): Promise<number[]> {
  const rows = await db
    .selectFrom('kunde as k')
    .innerJoin('vermittler as v', 'v.id', 'k.vermittler_id')
    .select('k.id')
    .where('k.betrieb_id', '=', betrieb)
    .where('k.vermittler_id', '<>', vermittler)
    .where((eb) => (bisher === undefined ? eb('v.rolle', '=', 'SUPERVISOR') : eb('k.vermittler_id', '=', bisher)))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('vertrag as t')
          .select('t.id')
          .whereRef('t.kunde_id', '=', 'k.id')
          .where('t.vu_nummer', '=', vuNummer)
          .where('t.agenturnummer', '=', nummer),
      ),
    )
    .orderBy('k.id')
    .execute()
  return rows.map(({ id }) => id)
}

/** `kunde_zuordnen` looks at the session's context; the worker's role has none, so this transaction gets the Betrieb's. */
async function ensureContext(db: WebDb, betrieb: number): Promise<void> {
  await sql`SELECT set_config('app.betrieb', ${String(betrieb)}, true),
      set_config('app.vermittler', (SELECT array_agg(id)::text FROM vermittler WHERE betrieb_id = ${betrieb}), true)
    WHERE coalesce(current_setting('app.betrieb', true), '') = ''`.execute(db)
}
