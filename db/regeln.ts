/** The rules of a Betrieb: on or off, thresholds, Sperrfrist, priority; every change is an edition of its own (table regel_stand, by trigger). */
import { type Kysely, sql } from 'kysely'
import type { Regel } from './bestand.ts'
import type { Schema, Zeitpunkt } from './schema.ts'
import type { Person, WebDb } from './sitzung.ts'

/** A rule and whether it is on where nobody has said otherwise. */
export type Vorgabe = Pick<Regel, 'code' | 'vorgabeAn'>

/**
 * Every Betrieb gets a row for every rule. A rule that comes with a new version is off where Fälle are being opened already: nobody is
 * asked about thousands of customers overnight. (No row at all: a Betrieb that has just been made.)
 */
export async function ensureRegeln(db: Kysely<Schema>, katalog: readonly Vorgabe[]): Promise<void> {
  const codes = katalog.map(({ code }) => code)
  const an = katalog.map(({ vorgabeAn = true }) => vorgabeAn)
  await sql`INSERT INTO regel (betrieb_id, gevo, an)
    SELECT b.id, g.code, g.an AND (b.anlauf_am IS NULL OR NOT EXISTS (SELECT FROM regel r WHERE r.betrieb_id = b.id))
    FROM betrieb b CROSS JOIN unnest(${codes}::text[], ${an}::boolean[]) AS g (code, an) ON CONFLICT DO NOTHING`.execute(db)
}

/** What a Betrieb says of a rule; null and missing names: as the GeVo says. */
export interface Regeleinstellung {
  an: boolean
  werte: Record<string, number>
  prio: number | null
  sperrfristMonate: number | null
}

export interface Regelstand extends Regeleinstellung {
  gevo: string
  /** 0 = never said anything. */
  version: number
  am: Zeitpunkt | null
  /** "Weber, Anna"; null for the beginning and for who has left. */
  von: string | null
}

/** What the Betrieb says of each rule of the catalogue today. */
export async function listRegeln(db: WebDb, katalog: readonly Vorgabe[]): Promise<Regelstand[]> {
  const { rows } = await sql<Regelstand>`
    SELECT r.gevo, r.version, r.an, r.werte, r.prio, r.sperrfrist_monate AS "sperrfristMonate", r.geaendert_am AS am, v.name || ', ' || v.vorname AS von
    FROM regel r LEFT JOIN vermittler v ON v.id = r.geaendert_von`.execute(db)
  return katalog.map(({ code, vorgabeAn = true }) => {
    const neu: Regelstand = { gevo: code, version: 0, an: vorgabeAn, werte: {}, prio: null, sperrfristMonate: null, am: null, von: null }
    return rows.find(({ gevo }) => gevo === code) ?? neu
  })
}

export async function getRegel(db: WebDb, vorgabe: Vorgabe): Promise<Regelstand> {
  return (await listRegeln(db, [vorgabe]))[0]!
}

/** Newest first. */
export async function listRegelstaende(db: WebDb, gevo: string): Promise<Regelstand[]> {
  const { rows } = await sql<Regelstand>`
    SELECT s.gevo, s.version, s.an, s.werte, s.prio, s.sperrfrist_monate AS "sperrfristMonate", s.am, v.name || ', ' || v.vorname AS von
    FROM regel_stand s LEFT JOIN vermittler v ON v.id = s.von WHERE s.gevo = ${gevo} ORDER BY s.version DESC LIMIT 200`.execute(db)
  return rows
}

/** Onto the edition the person saw; else what stands there now. Row-level security refuses whoever is no Supervisor. */
export async function saveRegel(
  db: WebDb,
  person: Pick<Person, 'id' | 'betriebId'>,
  { gevo, gesehen, ...neu }: Regeleinstellung & { gevo: string; gesehen: number },
): Promise<'GESPEICHERT' | 'KONFLIKT'> {
  const werte = JSON.stringify(neu.werte)
  // A new rule has no row before its first night; two who save it at once meet in its key.
  await db
    .insertInto('regel')
    .values({
      betrieb_id: person.betriebId,
      gevo,
      an: neu.an,
      werte,
      prio: neu.prio,
      sperrfrist_monate: neu.sperrfristMonate,
      geaendert_von: person.id,
    })
    .onConflict((oc) => oc.doNothing())
    .execute()
  const jetzt = await db
    .selectFrom('regel')
    .select(['version', 'an', 'prio', 'sperrfrist_monate', sql<boolean>`werte = ${werte}::jsonb`.as('gleich')])
    .where('betrieb_id', '=', person.betriebId)
    .where('gevo', '=', gevo)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (jetzt.gleich && jetzt.an === neu.an && jetzt.prio === neu.prio && jetzt.sperrfrist_monate === neu.sperrfristMonate) return 'GESPEICHERT'
  if (jetzt.version !== gesehen) return 'KONFLIKT'
  await db
    .updateTable('regel')
    .set({ an: neu.an, werte, prio: neu.prio, sperrfrist_monate: neu.sperrfristMonate, geaendert_von: person.id })
    .where('betrieb_id', '=', person.betriebId)
    .where('gevo', '=', gevo)
    .execute()
  return 'GESPEICHERT'
}

export interface Anlauf {
  /** Null = the nights are not released yet. */
  anlaufAm: Zeitpunkt | null
  /** New Fälle a day and Vermittler; null = no limit. */
  tagesquote: number | null
}

export async function getAnlauf(db: WebDb, { betriebId }: Pick<Person, 'betriebId'>): Promise<Anlauf> {
  const row = await db.selectFrom('betrieb').select(['anlauf_am', 'tagesquote']).where('id', '=', betriebId).executeTakeFirstOrThrow()
  return { anlaufAm: row.anlauf_am, tagesquote: row.tagesquote }
}

export interface NewAnlauf {
  /** Code of the GeVo → on or off; what is not named stays as it is. */
  an: Readonly<Record<string, boolean>>
  tagesquote: number | null
}

/** Releases the nights (or changes their settings). Only a Supervisor may: row-level security refuses everybody else. */
export async function saveAnlauf(db: WebDb, person: Pick<Person, 'id' | 'betriebId'>, { an, tagesquote }: NewAnlauf): Promise<void> {
  for (const [gevo, ist] of Object.entries(an))
    await sql`INSERT INTO regel AS r (betrieb_id, gevo, an, geaendert_von) VALUES (${person.betriebId}, ${gevo}, ${ist}, ${person.id})
      ON CONFLICT (betrieb_id, gevo) DO UPDATE SET an = excluded.an, geaendert_von = excluded.geaendert_von WHERE r.an <> excluded.an`.execute(db)
  await db
    .updateTable('betrieb')
    .set({ tagesquote, anlauf_am: sql<string>`coalesce(anlauf_am, now())` })
    .where('id', '=', person.betriebId)
    .execute()
}
