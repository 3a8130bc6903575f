/** Accounts for the login, as better-auth keeps them (a user and one account of provider 'credential' whose accountId is the user's id). */
import { randomUUID } from 'node:crypto'
import { type QueryExecutorProvider, sql } from 'kysely'
import { hashPassword } from './passwort.ts'

export interface NeueAnmeldung {
  email: string
  /** As shown, "Karin Lindner". */
  name: string
  /** Plain text; null for an account whose password is set through a link. */
  passwort: string | null
}

/** Role owner or auth. Returns the user's id (`vermittler.anmeldung_id`). Throws PostgreSQL's unique violation (23505) when the address has an account. */
export async function insertAnmeldung(db: QueryExecutorProvider, { email, name, passwort }: NeueAnmeldung): Promise<string> {
  const id = randomUUID()
  const hash = passwort === null ? null : await hashPassword(passwort)
  // better-auth looks addresses up in lower case.
  await sql`
    WITH konto AS (INSERT INTO auth."user" (id, name, email, "emailVerified") VALUES (${id}, ${name}, ${email.trim().toLowerCase()}, true) RETURNING id)
    INSERT INTO auth.account (id, "accountId", "providerId", "userId", password) SELECT ${randomUUID()}, id, 'credential', id, ${hash}::text FROM konto
  `.execute(db)
  return id
}

/** Sets a new password and ends every session of the account. Role owner or auth. */
export async function setPasswort(db: QueryExecutorProvider, anmeldung: string, passwort: string): Promise<void> {
  const hash = await hashPassword(passwort)
  await sql`
    WITH ende AS (DELETE FROM auth.session WHERE "userId" = ${anmeldung})
    UPDATE auth.account SET password = ${hash}, "updatedAt" = now() WHERE "userId" = ${anmeldung} AND "providerId" = 'credential'
  `.execute(db)
}
