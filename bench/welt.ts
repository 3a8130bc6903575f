/** A Betrieb for measuring: its people with open sessions, customers set-based. */
import { sql } from 'kysely'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import type { Db } from '../db/verbindung.ts'

export interface Welt {
  betrieb: number
  vermittler: { id: number; token: string }[]
  kunden: number[]
}

export async function insertWelt(db: Db, { vermittler: n, kunden }: { vermittler: number; kunden: number }): Promise<Welt> {
  // No night here: it would find that these customers need no Fall.
  const betrieb = await insertBetrieb(db, { anlauf_am: null })
  const vermittler = await Promise.all(Array.from({ length: n }, () => insertVermittler(db, betrieb)))
  const ids = vermittler.map(({ id }) => id)
  const { rows } = await sql<{ id: number }>`
    INSERT INTO kunde (betrieb_id, vermittler_id, nummer, art, vorname, name, geburtsdatum, email)
    SELECT ${betrieb}, (${ids}::int[])[1 + i % ${n}], 'B-' || ${betrieb} || '-' || i, 'NATUERLICH', 'Elif', 'Çelik', '1995-03-14', 'e@kunde.example'
    FROM generate_series(1, ${kunden}) i RETURNING id`.execute(db)
  return { betrieb, vermittler, kunden: rows.map(({ id }) => id) }
}

/** One open Fall per customer, without a message to Temporal. Returns their numbers with their Vermittler's session. */
export async function insertFaelle(db: Db, welt: Welt, gevo = 'G01'): Promise<{ id: number; token: string }[]> {
  const { rows } = await sql<{ id: number; vermittler_id: number }>`
    INSERT INTO fall (betrieb_id, vermittler_id, kunde_id, gevo, schluessel, prio, befund, stichtag, epoch, status)
    SELECT k.betrieb_id, k.vermittler_id, k.id, ${gevo}, 'k' || k.id || '-' || gen_random_uuid(), 3,
      '{"geburtsdatum":"1995-03-14","eigeneAktive":0,"sparten":[]}', '2026-11-23', 1, 'OFFEN'
    FROM kunde k WHERE k.betrieb_id = ${welt.betrieb} ORDER BY k.id RETURNING id, vermittler_id`.execute(db)
  const token = new Map(welt.vermittler.map((v) => [v.id, v.token]))
  return rows.map(({ id, vermittler_id }) => ({ id, token: token.get(vermittler_id)! }))
}
