import { type Kysely, sql } from 'kysely'

/** Accounts and sessions, in a schema only the login's role enters. Tokens are kept as their SHA-256: a copy of the database opens nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE SCHEMA auth;
    GRANT USAGE ON SCHEMA auth TO vm_auth;
    GRANT USAGE ON SCHEMA public TO vm_auth;

    CREATE TABLE auth.konto (
      id text PRIMARY KEY,
      email text NOT NULL UNIQUE CHECK (email = lower(email)),
      -- argon2id as a PHC string; null until the person has set one.
      passwort text,
      erstellt_am timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE auth.sitzung (
      id bytea PRIMARY KEY,
      konto_id text NOT NULL REFERENCES auth.konto ON DELETE CASCADE,
      erstellt_am timestamptz NOT NULL DEFAULT now(),
      zuletzt_am timestamptz NOT NULL DEFAULT now(),
      laeuft_ab_am timestamptz NOT NULL
    );
    CREATE INDEX ON auth.sitzung (konto_id);
    -- A link that lets a person set a password, once.
    CREATE TABLE auth.zugangslink (
      id bytea PRIMARY KEY,
      konto_id text NOT NULL REFERENCES auth.konto ON DELETE CASCADE,
      art text NOT NULL CHECK (art IN ('EINLADUNG', 'PASSWORT')),
      laeuft_ab_am timestamptz NOT NULL
    );
    CREATE INDEX ON auth.zugangslink (konto_id);
    -- Tries within the running window, by account, device or network (hashed where it names a person).
    CREATE TABLE auth.versuch (schluessel text PRIMARY KEY, anzahl integer NOT NULL, seit timestamptz NOT NULL DEFAULT now());

    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA auth TO vm_auth;
  `.execute(db)
}
