/** What the System page shows (role web, a Supervisor): the record's own state, and what the worker has told of itself. */
import { type Selectable, sql } from 'kysely'
import type { HerzschlagTable, MailTable, StoerungTable, Zeitpunkt } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export type Herzschlag = Selectable<HerzschlagTable>
export type Stoerung = Selectable<StoerungTable>
export type Fehlmail = Pick<Selectable<MailTable>, 'id' | 'art' | 'an' | 'betreff' | 'status' | 'fehler' | 'erstellt_am'>

export interface Nacht {
  id: number
  stichtag: string
  status: 'LAEUFT' | 'FERTIG' | 'FEHLER'
  beendet_am: Zeitpunkt | null
  eroeffnet: number
}

export interface Systemlage {
  herzschlag: Herzschlag | null
  /** Waiting for Temporal, of this Betrieb. */
  outbox: { tiefe: number; aelteste: Zeitpunkt | null }
  sicherung: Zeitpunkt | null
  datenbank: string
  migration: string
  naechte: Nacht[]
  fehlmails: Fehlmail[]
  /** How many there are beyond those listed, these included. */
  fehlmailsGesamt: number
  /** Those that last, then the newest that are over. */
  stoerungen: Stoerung[]
}

const ZEILEN = 10

export async function getSystemlage(db: WebDb): Promise<Systemlage> {
  const { rows } = await sql<Omit<Systemlage, 'herzschlag'>>`
    SELECT (SELECT jsonb_build_object('tiefe', o.tiefe, 'aelteste', o.aelteste) FROM outbox_lage() o) AS outbox,
      (SELECT letzte_sicherung_am FROM installation) AS sicherung, current_setting('server_version') AS datenbank,
      (SELECT max(name) FROM kysely_migration) AS migration,
      (SELECT coalesce(jsonb_agg(n), '[]') FROM (
        SELECT l.id, l.stichtag, l.status, l.beendet_am, (SELECT coalesce(sum(g.eroeffnet), 0) FROM nachtlauf_gevo g WHERE g.nachtlauf_id = l.id) AS eroeffnet
        FROM nachtlauf l ORDER BY l.stichtag DESC, l.id DESC LIMIT 5) n) AS naechte,
      (SELECT coalesce(jsonb_agg(m), '[]') FROM (
        SELECT id, art, an, betreff, status, fehler, erstellt_am FROM mail WHERE status IN ('FEHLER', 'UNGEWISS') ORDER BY id DESC LIMIT ${ZEILEN}) m) AS fehlmails,
      (SELECT count(*) FROM mail WHERE status IN ('FEHLER', 'UNGEWISS')) AS "fehlmailsGesamt",
      (SELECT coalesce(jsonb_agg(s), '[]') FROM (SELECT * FROM stoerung ORDER BY beendet_am IS NOT NULL, seit DESC LIMIT ${ZEILEN}) s) AS stoerungen`.execute(
    db,
  )
  const herzschlag = (await db.selectFrom('herzschlag').selectAll().executeTakeFirst()) ?? null
  return { ...rows[0]!, herzschlag }
}
