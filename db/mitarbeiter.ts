/** The people of a Betrieb: their profiles, accesses and agency numbers. All of it is the Supervisor's. */
import { sql } from 'kysely'
import { newToken, tokenHash, type Linkart } from './anmeldung.ts'
import type { Rolle, Zeitpunkt } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export interface Profil {
  vorname: string
  name: string
  telefon: string | null
  rolle: Rolle
}

export interface Mitarbeiter extends Profil {
  id: number
  email: string
  aktiv: boolean
  /** Has set a password. */
  bereit: boolean
  /** Last page of a session that still lives. */
  zuletztAm: Zeitpunkt | null
  /** Customers in the person's portfolio. */
  kunden: number
}

/** Active ones first, each in the order of the phone book. */
export async function listMitarbeiter(db: WebDb): Promise<Mitarbeiter[]> {
  const { rows } = await sql<Mitarbeiter>`
    SELECT v.id, v.vorname, v.name, v.email, v.telefon, v.rolle, v.aktiv, coalesce(z.bereit, false) AS bereit, z.zuletzt_am AS "zuletztAm",
      (SELECT count(*) FROM kunde k WHERE k.vermittler_id = v.id) AS kunden
    FROM vermittler v LEFT JOIN mitarbeiter_zugaenge() z ON z.vermittler_id = v.id
    ORDER BY v.aktiv DESC, v.name COLLATE telefonbuch, v.vorname COLLATE telefonbuch, v.id`.execute(db)
  return rows
}

export async function findMitarbeiter(db: WebDb, id: number): Promise<Mitarbeiter | undefined> {
  return (await listMitarbeiter(db)).find((einer) => einer.id === id)
}

/** Returns the number. The account opens only through a link. Throws PostgreSQL's unique violation (23505) when the address has an account. */
export async function insertMitarbeiter(db: WebDb, { vorname, name, telefon, rolle, email }: Profil & { email: string }): Promise<number> {
  const { rows } = await sql<{ id: number }>`SELECT mitarbeiter_anlegen(${vorname}, ${name}, ${email}, ${telefon}, ${rolle}) AS id`.execute(db)
  return rows[0]!.id
}

export async function setProfil(db: WebDb, id: number, profil: Profil): Promise<void> {
  await db.updateTable('vermittler').set(profil).where('id', '=', id).execute()
}

/** Another address to log in with; open links end. Throws PostgreSQL's unique violation (23505) when it has an account. */
export async function setMitarbeiterEmail(db: WebDb, id: number, email: string): Promise<void> {
  await sql`SELECT mitarbeiter_email(${id}, ${email})`.execute(db)
}

/** Deactivating ends every session and link of the person at once (trigger zugang_beenden). */
export async function setAktiv(db: WebDb, id: number, aktiv: boolean): Promise<void> {
  await db.updateTable('vermittler').set({ aktiv }).where('id', '=', id).execute()
}

/**
 * Whether somebody else could still administer the Betrieb: a Supervisor who may enter and has set a password. Locks the Supervisors, so that two do not
 * remove each other at once.
 */
export async function gibtAnderenSupervisor(db: WebDb, ohne: number): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    SELECT v.id FROM vermittler v JOIN mitarbeiter_zugaenge() z ON z.vermittler_id = v.id
    WHERE v.rolle = 'SUPERVISOR' AND v.aktiv AND z.bereit ORDER BY v.id FOR UPDATE OF v`.execute(db)
  return rows.some(({ id }) => id !== ohne)
}

/** The token of a fresh link; undefined when the person may not enter. Earlier links end. */
export async function insertZugangslink(db: WebDb, id: number, art: Linkart, minuten: number): Promise<string | undefined> {
  const token = newToken()
  const { rows } = await sql<{ ok: boolean }>`
    SELECT zugangslink_anlegen(${id}, ${tokenHash(token)}, ${art}, make_interval(mins => ${minuten})) AS ok`.execute(db)
  return rows[0]!.ok ? token : undefined
}

export interface AgenturnummerZeile {
  vuNummer: string
  versicherer: string | null
  nummer: string
}

export async function listAgenturnummern(db: WebDb, vermittler: number): Promise<AgenturnummerZeile[]> {
  const { rows } = await sql<AgenturnummerZeile>`
    SELECT a.vu_nummer AS "vuNummer", u.name AS versicherer, a.nummer
    FROM agenturnummer a LEFT JOIN versicherer u ON u.betrieb_id = a.betrieb_id AND u.vu_nummer = a.vu_nummer
    WHERE a.vermittler_id = ${vermittler} ORDER BY u.name COLLATE telefonbuch NULLS LAST, a.vu_nummer, a.nummer`.execute(db)
  return rows
}

/** Who has the number with this insurer. */
export async function findAgenturVermittler(
  db: WebDb,
  vuNummer: string,
  nummer: string,
): Promise<{ id: number; vorname: string; name: string } | undefined> {
  return db
    .selectFrom('agenturnummer as a')
    .innerJoin('vermittler as v', 'v.id', 'a.vermittler_id')
    .select(['v.id', 'v.vorname', 'v.name'])
    .where('a.vu_nummer', '=', vuNummer)
    .where('a.nummer', '=', nummer)
    .executeTakeFirst()
}

/** Customers stay where they are; the next delivery asks whom the number belongs to. */
export async function deleteAgenturnummer(db: WebDb, vermittler: number, vuNummer: string, nummer: string): Promise<void> {
  await db
    .deleteFrom('agenturnummer')
    .where('vermittler_id', '=', vermittler)
    .where('vu_nummer', '=', vuNummer)
    .where('nummer', '=', nummer)
    .execute()
}
