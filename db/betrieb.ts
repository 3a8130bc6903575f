/** The Betrieb itself: first run, settings, the demo's end. */
import { type Kysely, sql } from 'kysely'
import type { Schema, Tag, Zeitpunkt } from './schema.ts'
import type { WebDatabase, WebDb } from './sitzung.ts'

export interface Einrichtung {
  /** One-time token from the log of the first start. */
  token: string
  betrieb: string
  ort: string | null
  bundesland: string
  vorname: string
  name: string
  email: string
  /** argon2id, from db/passwort.ts. */
  passwortHash: string
  /** Today in Berlin: the Betrieb's first day with this system. */
  tag: Tag
}

export interface Betriebsdaten {
  name: string
  ort: string | null
  bundesland: string
  tagesquote: number | null
  /** Share of a portfolio's contracts that may change their status in one delivery before a Supervisor is asked; 1–100. */
  importbremse_prozent: number
}

/** Whether the one-time token has not been used yet. */
export async function isEinrichtungOffen(web: WebDatabase): Promise<boolean> {
  const { rows } = await web.withoutSession((db) => sql<{ offen: boolean }>`SELECT einrichtung_offen() AS offen`.execute(db))
  return rows[0]!.offen
}

/**
 * Makes the Betrieb and its Supervisor and uses the token up, all or nothing. Returns the Supervisor's account.
 * Throws TOKEN_UNGUELTIG, or PostgreSQL's unique violation (23505) when the address has an account.
 */
export async function insertErsterBetrieb(web: WebDatabase, e: Einrichtung): Promise<string> {
  const { rows } = await web.withoutSession((db) =>
    sql<{ konto: string }>`
      SELECT betrieb_einrichten(${e.token}, ${e.betrieb}, ${e.ort}, ${e.bundesland}, ${e.vorname}, ${e.name}, ${e.email}, ${e.passwortHash}, ${e.tag}) AS konto
    `.execute(db),
  )
  return rows[0]!.konto
}

export async function getBetrieb(
  db: Kysely<Schema>,
  id: number,
): Promise<Betriebsdaten & { demo: boolean; beginn: Tag; anlauf_am: Zeitpunkt | null }> {
  return db
    .selectFrom('betrieb')
    .select(['name', 'ort', 'bundesland', 'tagesquote', 'importbremse_prozent', 'demo', 'beginn', 'anlauf_am'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

export async function setBetrieb(db: WebDb, id: number, daten: Betriebsdaten): Promise<void> {
  await db.updateTable('betrieb').set(daten).where('id', '=', id).execute()
}

/** When the database was last backed up; null = never. */
export async function findLetzteSicherung(db: WebDb): Promise<Zeitpunkt | null> {
  const row = await db.selectFrom('installation').select('letzte_sicherung_am').executeTakeFirst()
  return row?.letzte_sicherung_am ?? null
}

/** What goes with the demo Betrieb. */
export async function countBestand(db: WebDb): Promise<{ kunden: number; vertraege: number; mitarbeiter: number }> {
  const { rows } = await sql<{ kunden: number; vertraege: number; mitarbeiter: number }>`
    SELECT (SELECT count(*) FROM kunde) AS kunden, (SELECT count(*) FROM vertrag) AS vertraege, (SELECT count(*) FROM vermittler) AS mitarbeiter`.execute(
    db,
  )
  return rows[0]!
}

/** Removes the demo Betrieb with everybody in it, the asking Supervisor included. Throws NICHT_DEMO for a real one. */
export async function deleteDemo(db: WebDb): Promise<void> {
  await sql`SELECT demo_entfernen()`.execute(db)
}

/** A setting of the asking person's own ('thema', 'tasten'). */
export async function setEigeneEinstellung(db: WebDb, name: string, wert: string | boolean): Promise<void> {
  await sql`SELECT eigene_einstellung(${name}, ${JSON.stringify(wert)}::jsonb)`.execute(db)
}
