/** The rules of a Betrieb: on or off, and the Anlauf, in which a Supervisor looks at the numbers before the first night. */
import { type Kysely, sql } from 'kysely'
import { type Regel, ask } from './bestand.ts'
import type { Schema, Tag, Zeitpunkt } from './schema.ts'
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

export interface Regelvorschau {
  code: string
  an: boolean
  /** Fälle the rule would open now, before Sperrfrist and quota. */
  treffer: number
  /** Could not be decided for want of a field. */
  unbekannt: number
  /** Of `treffer`, those that are already open. */
  offen: number
}

export interface Anlauf {
  anlaufAm: Zeitpunkt | null
  /** New Fälle a day and Vermittler; null = no limit. */
  tagesquote: number | null
  regeln: Regelvorschau[]
}

/** What each rule finds in the person's Betrieb on `stichtag`, whether it is on or off. Reads only (a Supervisor's Betrieb of 100,000 takes seconds). */
export async function previewRegeln(db: WebDb, regeln: readonly Regel[], { betriebId }: Pick<Person, 'betriebId'>, stichtag: Tag): Promise<Anlauf> {
  const betrieb = await db.selectFrom('betrieb').select(['anlauf_am', 'tagesquote']).where('id', '=', betriebId).executeTakeFirstOrThrow()
  const vorschau: Regelvorschau[] = []
  for (const regel of regeln) {
    const { rows } = await sql<Omit<Regelvorschau, 'code'>>`
      SELECT coalesce((SELECT r.an FROM regel r WHERE r.betrieb_id = ${betriebId} AND r.gevo = ${regel.code}), true) AS an, (count(*) FILTER (WHERE t.lage = 'TRIFFT'))::integer AS treffer, (count(*) FILTER (WHERE t.lage = 'UNBEKANNT'))::integer AS unbekannt,
          (count(*) FILTER (WHERE t.lage = 'TRIFFT' AND f.id IS NOT NULL))::integer AS offen
        FROM ${ask(db, regel, { betriebe: [betriebId], stichtag, auchAus: true }).as('t')}
        LEFT JOIN fall f ON f.betrieb_id = t.betrieb_id AND f.gevo = ${regel.code} AND f.schluessel = t.schluessel AND f.status <> 'GESCHLOSSEN'`.execute(
      db,
    )
    vorschau.push({ code: regel.code, ...rows[0]! })
  }
  return { anlaufAm: betrieb.anlauf_am, tagesquote: betrieb.tagesquote, regeln: vorschau }
}

export interface NewAnlauf {
  /** Code of the GeVo → on or off; what is not named stays as it is. */
  an: Readonly<Record<string, boolean>>
  tagesquote: number | null
}

/** Releases the nights (or changes their settings). Only what changes raises a rule's version. Only a Supervisor may: row-level security refuses everybody else. */
export async function saveAnlauf(db: WebDb, person: Pick<Person, 'id' | 'betriebId'>, { an, tagesquote }: NewAnlauf): Promise<void> {
  for (const [gevo, ist] of Object.entries(an))
    await sql`INSERT INTO regel AS r (betrieb_id, gevo, an, geaendert_von) VALUES (${person.betriebId}, ${gevo}, ${ist}, ${person.id})
      ON CONFLICT (betrieb_id, gevo) DO UPDATE SET an = excluded.an, geaendert_von = excluded.geaendert_von
      WHERE r.an <> excluded.an`.execute(db)
  await db
    .updateTable('betrieb')
    .set({ tagesquote, anlauf_am: sql<string>`coalesce(anlauf_am, now())` })
    .where('id', '=', person.betriebId)
    .execute()
}
