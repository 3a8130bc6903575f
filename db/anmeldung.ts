/** Accounts and sessions: who may enter, and proof of it. Runs as role vm_auth, which sees nothing of the portfolio. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { type Kysely, type QueryExecutorProvider, sql } from 'kysely'
import { hashPassword, verifyPassword } from './passwort.ts'
import type { Schema } from './schema.ts'
import { type PoolOptions, createDb, createPool } from './verbindung.ts'
import { type Bremse, forgetVersuche, takeVersuch } from './versuche.ts'

/** Sees the schema auth only. */
export type AuthDatabase = Kysely<Schema>

export interface NeueAnmeldung {
  email: string
  /** Plain text; null for an account whose password is set through a link. */
  passwort: string | null
}

export type Anmeldeergebnis =
  | { ok: true; konto: string; token: string }
  | { ok: false; grund: 'FALSCH' | 'GESPERRT' | 'STAU' }
  | { ok: false; grund: 'GEBREMST'; bis: string }

/** Whom an account belongs to. */
export interface Kontoperson {
  konto: string
  vorname: string
  name: string
  email: string
  betrieb: string
}

export type Linkart = 'EINLADUNG' | 'PASSWORT'

/** A session ends after seven days, or a day without a page (migration 0006). */
const SITZUNG_TAGE = 7
const TOKEN_BYTES = 32
/** What an unknown address is checked against, so that it takes as long as a known one. Nobody knows its password. */
const NIEMAND = '$argon2id$v=19$m=47104,t=1,p=1$GDlzX3/JmRu09yv1PpgmOg$1eKgitv/eofy524SQjITv7SMLeOL71pjKac7wNQEHjU'

/** `connectionString` is role auth's. */
export function openAuthDatabase(connectionString: string, options: PoolOptions = {}): AuthDatabase {
  return createDb(createPool(connectionString, 'vm_auth', { max: 4, ...options }))
}

/** Checks address and password. `bremsen` count the tries; each is taken before the password is looked at, so that parallel guesses count too. */
export async function signIn(db: AuthDatabase, email: string, passwort: string, bremsen: readonly Bremse[]): Promise<Anmeldeergebnis> {
  for (const bremse of bremsen) {
    const bis = await takeVersuch(db, bremse)
    if (bis) return { ok: false, grund: 'GEBREMST', bis }
  }
  const konto = await findKonto(db, email)
  const richtig = await verifyPassword(konto?.passwort ?? NIEMAND, passwort)
  if (richtig === undefined) return { ok: false, grund: 'STAU' }
  if (!konto?.passwort || !richtig) return { ok: false, grund: 'FALSCH' }
  if (!(await findKontoperson(db, konto.id))) return { ok: false, grund: 'GESPERRT' }
  await forgetVersuche(db, bremsen)
  return { ok: true, konto: konto.id, token: await insertSitzung(db, konto.id) }
}

/** A new session of the account; returns the token for the cookie, kept nowhere else. */
export async function insertSitzung(db: QueryExecutorProvider, konto: string): Promise<string> {
  const token = newToken()
  await sql`
    WITH alt AS (DELETE FROM auth.sitzung WHERE laeuft_ab_am < now())
    INSERT INTO auth.sitzung (id, konto_id, laeuft_ab_am) VALUES (${tokenHash(token)}, ${konto}, now() + make_interval(days => ${SITZUNG_TAGE}))
  `.execute(db)
  return token
}

export async function deleteSitzung(db: QueryExecutorProvider, token: string): Promise<void> {
  await sql`DELETE FROM auth.sitzung WHERE id = ${tokenHash(token)}`.execute(db)
}

/** Role owner or auth. Returns the account's id (`vermittler.anmeldung_id`). Throws PostgreSQL's unique violation (23505) when the address has an account. */
export async function insertAnmeldung(db: QueryExecutorProvider, { email, passwort }: NeueAnmeldung): Promise<string> {
  const id = randomUUID()
  const hash = passwort === null ? null : await hashPassword(passwort)
  await sql`INSERT INTO auth.konto (id, email, passwort) VALUES (${id}, ${normal(email)}, ${hash}::text)`.execute(db)
  return id
}

/** Sets a new password, ends every session and every open link of the account. Role owner or auth. */
export async function setPasswort(db: QueryExecutorProvider, konto: string, passwort: string): Promise<void> {
  const hash = await hashPassword(passwort)
  await sql`
    WITH sitzungen AS (DELETE FROM auth.sitzung WHERE konto_id = ${konto}), links AS (DELETE FROM auth.zugangslink WHERE konto_id = ${konto})
    UPDATE auth.konto SET passwort = ${hash} WHERE id = ${konto}
  `.execute(db)
}

/** The active person an address belongs to. */
export async function findPersonByEmail(db: AuthDatabase, email: string): Promise<Kontoperson | undefined> {
  const konto = await findKonto(db, email)
  return konto && findKontoperson(db, konto.id)
}

/** Stores a link that ends after `minuten` and sends its mail; earlier links of the account end. */
export async function sendPasswortlink(
  db: AuthDatabase,
  konto: string,
  minuten: number,
  mail: (token: string) => { betreff: string; inhalt: string },
): Promise<void> {
  const token = newToken()
  const { betreff, inhalt } = mail(token)
  await db.transaction().execute(async (trx) => {
    // Two at once: the later one must see the earlier one's link to end it.
    await sql`SELECT FROM auth.konto WHERE id = ${konto} FOR UPDATE`.execute(trx)
    await sql`DELETE FROM auth.zugangslink WHERE konto_id = ${konto}`.execute(trx)
    await sql`
      INSERT INTO auth.zugangslink (id, konto_id, art, laeuft_ab_am)
      VALUES (${tokenHash(token)}, ${konto}, 'PASSWORT', now() + make_interval(mins => ${minuten}))`.execute(trx)
    await sql`SELECT zugang_mailen(${konto}, ${betreff}, ${inhalt})`.execute(trx)
  })
}

/** Whose password an open link sets. */
export async function findLink(db: AuthDatabase, token: string): Promise<(Kontoperson & { art: Linkart }) | undefined> {
  const { rows } = await sql<Kontoperson & { art: Linkart }>`
    SELECT l.konto_id AS konto, l.art, p.vorname, p.name, p.email, p.betrieb FROM auth.zugangslink l, konto_person(l.konto_id) p
    WHERE l.id = ${tokenHash(token)} AND l.laeuft_ab_am > now()`.execute(db)
  return rows[0]
}

/** Uses a link up; the account it belonged to, or undefined when somebody was faster or it has ended. */
export async function takeLink(db: AuthDatabase, token: string): Promise<string | undefined> {
  const { rows } = await sql<{ konto: string }>`
    DELETE FROM auth.zugangslink WHERE id = ${tokenHash(token)} AND laeuft_ab_am > now() RETURNING konto_id AS konto`.execute(db)
  return rows[0]?.konto
}

/** 256 random bits, safe in a cookie and a URL. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

/** What is stored of a token. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

async function findKonto(db: AuthDatabase, email: string): Promise<{ id: string; passwort: string | null } | undefined> {
  const { rows } = await sql<{ id: string; passwort: string | null }>`SELECT id, passwort FROM auth.konto WHERE email = ${normal(email)}`.execute(db)
  return rows[0]
}

async function findKontoperson(db: AuthDatabase, konto: string): Promise<Kontoperson | undefined> {
  const { rows } = await sql<Kontoperson>`SELECT ${konto}::text AS konto, vorname, name, email, betrieb FROM konto_person(${konto})`.execute(db)
  return rows[0]
}

/** Addresses are the same in any spelling. */
function normal(email: string): string {
  return email.trim().toLowerCase()
}
