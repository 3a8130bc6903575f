/** The Betrieb under fire: brokers with passwords, and open Fälle with a reminder each, set-based. */
import { sql } from 'kysely'
import { insertAnmeldung } from '../../db/anmeldung.ts'
import { STAND_JSON } from '../../db/nachtlauf-stand.ts'
import type { Db } from '../../db/verbindung.ts'
import { insertBetrieb, insertVermittler } from '../support/welt.ts'

export interface Welt {
  betrieb: number
  makler: Person[]
}

export interface Person {
  id: number
  email: string
  faelle: { id: number; kunde: number }[]
}

export const PASSWORT = 'Regen Kante Ofen'

/** `von` and `bis`: seconds from now between which the reminders fall due; every fifth comes in a month instead. No night runs here. */
export async function insertWelt(
  db: Db,
  { makler: n, faelle, von, bis }: { makler: number; faelle: number; von: number; bis: number },
): Promise<Welt> {
  const betrieb = await insertBetrieb(db, { anlauf_am: null })
  const makler: Person[] = []
  for (let i = 0; i < n; i++) {
    const email = `makler${i + 1}@lindner.example`
    const anmeldung_id = await insertAnmeldung(db, { email, passwort: PASSWORT })
    const { id } = await insertVermittler(db, betrieb, { email, anmeldung_id })
    makler.push({ id, email, faelle: [] })
  }
  const ids = makler.map(({ id }) => id)
  const { rows } = await sql<{ id: number; kunde: number; vermittler: number }>`
    WITH kunden AS (
      INSERT INTO kunde (betrieb_id, vermittler_id, nummer, art, anrede, vorname, name, geburtsdatum, email, telefon)
      SELECT ${betrieb}, (${ids}::int[])[1 + i % ${n}], 'C-' || i, 'NATUERLICH', 'FRAU', 'Elif', 'Çelik', '1995-03-14', 'e' || i || '@kunde.example', '040 1'
      FROM generate_series(1, ${faelle}) i RETURNING id, vermittler_id, id % 5 = 0 AS spaeter),
    wann AS (
      SELECT k.*, date_trunc('second', now() + interval '1 second' * (${von}::float8 + random() * ${bis - von}::float8)
        + CASE WHEN spaeter THEN interval '30 days' ELSE interval '0' END) AS am FROM kunden k),
    neu AS (
      INSERT INTO fall (betrieb_id, vermittler_id, kunde_id, gevo, schluessel, prio, befund, stichtag, epoch, status, erinnerung_am, offene_vorgaenge)
      SELECT ${betrieb}, vermittler_id, id, 'G01', 'k' || id, 3, '{"geburtsdatum":"1995-03-14","eigeneAktive":0,"sparten":[]}', current_date, 1,
        'IN_ARBEIT', am, 1 FROM wann RETURNING *),
    vorgaenge AS (
      INSERT INTO vorgang (betrieb_id, fall_id, kunde_id, vermittler_id, titel, status, faellig_am)
      SELECT betrieb_id, id, kunde_id, vermittler_id, 'Anrufen', 'OFFEN', erinnerung_am FROM neu RETURNING id, fall_id, faellig_am),
    eintrag AS (
      INSERT INTO protokoll (betrieb_id, fall_id, kunde_id, ereignis, version, quelle, codes)
      SELECT n.betrieb_id, n.id, n.kunde_id, 'opened', 1, 'NACHT', jsonb_build_object('vorgang', v.id, 'am', v.faellig_am)
      FROM neu n JOIN vorgaenge v ON v.fall_id = n.id),
    nachricht AS (INSERT INTO outbox (betrieb_id, spur, art, ziel, stand) SELECT betrieb_id, 1, 'FALL', id, ${STAND_JSON} FROM neu ORDER BY id)
    SELECT id, kunde_id AS kunde, vermittler_id AS vermittler FROM neu`.execute(db)
  const nachId = new Map(makler.map((person) => [person.id, person]))
  for (const { id, kunde, vermittler } of rows) nachId.get(vermittler)!.faelle.push({ id, kunde })
  await sql`ANALYZE`.execute(db)
  return { betrieb, makler }
}
