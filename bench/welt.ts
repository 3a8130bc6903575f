/** A Betrieb for measuring: its people with open sessions, customers set-based. */
import { type RawBuilder, sql } from 'kysely'
import { foldNaechte, foldZaehler } from '../db/fallzaehler.ts'
import { STAND_JSON } from '../db/nachtlauf-stand.ts'
import { katalog } from '../gevos/katalog.ts'
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

/** Every open Fall gets its workflow, as after a night. */
export async function tellTemporal(db: Db, { betrieb }: Welt): Promise<void> {
  await sql`INSERT INTO outbox (betrieb_id, spur, art, ziel, stand) SELECT betrieb_id, 1, 'FALL', id, ${STAND_JSON} FROM fall
    WHERE betrieb_id = ${betrieb} AND status <> 'GESCHLOSSEN' ORDER BY id`.execute(db)
}

export interface Buero {
  supervisor: string
  vermittler: string[]
}

/**
 * One Fall per customer, spread over Vermittler and catalogue by chance; half with a Frist around today, three in a hundred waiting for a reminder, one with
 * a due one, one documented today. Opened by this night or an earlier one.
 */
export async function insertBuero(db: Db, { faelle, vermittler: n }: { faelle: number; vermittler: number }): Promise<Buero> {
  const betrieb = await insertBetrieb(db)
  const supervisor = await insertVermittler(db, betrieb, { rolle: 'SUPERVISOR' })
  const leute = []
  for (let i = 0; i < n; i++) leute.push(await insertVermittler(db, betrieb))
  const ids = leute.map(({ id }) => id)
  const codes = katalog.map(({ code }) => code)
  await sql`INSERT INTO nachtlauf (betrieb_id, stichtag, anlass, status, beendet_am) VALUES (${betrieb}, current_date, 'PLAN', 'FERTIG', now())`.execute(
    db,
  )
  await sql`
    INSERT INTO kunde (betrieb_id, vermittler_id, nummer, art, vorname, name, geburtsdatum, email)
    SELECT ${betrieb}, (${ids}::int[])[1 + i % ${n}], 'B-' || i, 'NATUERLICH', 'Elif', (ARRAY['Çelik', 'Müller', 'Weber', 'Ärger', 'Zander'])[1 + i % 5] || chr(97 + i % 26) || i,
      '1995-03-14', 'e@kunde.example' FROM generate_series(1, ${faelle}) i`.execute(db)
  const wurf = (nr: number, seiten: number): RawBuilder<unknown> => sql`((hashint8extended(k.id, ${nr}) & 1073741823) % ${seiten})::int`
  await sql`
    INSERT INTO fall (betrieb_id, vermittler_id, kunde_id, gevo, schluessel, prio, befund, stichtag, epoch, status, frist, bearbeiten_bis, erinnerung_am,
      offene_vorgaenge, ergebnis, dokumentiert_am)
    SELECT betrieb_id, vermittler_id, id, (${codes}::text[])[1 + ${wurf(1, codes.length)}], 'k' || id, 3, '{"geburtsdatum":"1995-03-14","eigeneAktive":0,"sparten":[]}',
      current_date - CASE WHEN ${wurf(2, 10)} = 0 THEN 0 ELSE 1 + ${wurf(3, 60)} END, 1,
      CASE WHEN los = 4 THEN 'DOKUMENTIERT' WHEN los < 12 THEN 'IN_ARBEIT' ELSE 'OFFEN' END,
      CASE WHEN ${wurf(4, 2)} = 0 THEN current_date - 5 + ${wurf(5, 90)} END, current_date + ${wurf(6, 90)},
      CASE WHEN los < 3 THEN now() + make_interval(hours => 1 + ${wurf(7, 400)}) END, CASE WHEN los < 4 THEN 1 ELSE 0 END,
      CASE WHEN los = 4 THEN 'HINWEIS_GEGEBEN' END, CASE WHEN los = 4 THEN now() END
    FROM (SELECT *, ${wurf(8, 100)} AS los FROM kunde k WHERE betrieb_id = ${betrieb} ORDER BY id) k`.execute(db)
  await sql`
    INSERT INTO vorgang (betrieb_id, fall_id, kunde_id, vermittler_id, titel, status, faellig_am)
    SELECT betrieb_id, id, kunde_id, vermittler_id, 'Anrufen', CASE WHEN erinnerung_am IS NULL THEN 'FAELLIG' ELSE 'OFFEN' END,
      coalesce(erinnerung_am, now() - interval '1 hour') FROM fall WHERE betrieb_id = ${betrieb} AND offene_vorgaenge > 0`.execute(db)
  return { supervisor: supervisor.token, vermittler: leute.map(({ token }) => token) }
}

/** As the worker leaves them behind within an hour: counts folded, statistics fresh. */
export async function settle({ owner, worker }: { owner: Db; worker: Db }): Promise<void> {
  await foldZaehler(worker)
  await foldNaechte(worker)
  await sql`VACUUM ANALYZE`.execute(owner)
}
