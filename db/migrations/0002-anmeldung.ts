import { type Kysely, sql } from 'kysely'

/** Login tables as better-auth wants them, in a schema only the auth role enters. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE SCHEMA auth;
    GRANT USAGE ON SCHEMA auth TO vm_auth;

    CREATE TABLE auth."user" (
      id text PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE, "emailVerified" boolean NOT NULL DEFAULT false,
      image text, "createdAt" timestamptz NOT NULL DEFAULT now(), "updatedAt" timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE auth.session (
      id text PRIMARY KEY, token text NOT NULL UNIQUE, "userId" text NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
      "expiresAt" timestamptz NOT NULL, "ipAddress" text, "userAgent" text,
      "createdAt" timestamptz NOT NULL DEFAULT now(), "updatedAt" timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX ON auth.session ("userId");
    CREATE TABLE auth.account (
      id text PRIMARY KEY, "accountId" text NOT NULL, "providerId" text NOT NULL, "userId" text NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
      "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz,
      scope text, password text, "createdAt" timestamptz NOT NULL DEFAULT now(), "updatedAt" timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX ON auth.account ("userId");
    CREATE TABLE auth.verification (
      id text PRIMARY KEY, identifier text NOT NULL, value text NOT NULL, "expiresAt" timestamptz NOT NULL,
      "createdAt" timestamptz NOT NULL DEFAULT now(), "updatedAt" timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX ON auth.verification (identifier);
    CREATE TABLE auth."rateLimit" (id text PRIMARY KEY, key text NOT NULL UNIQUE, count integer NOT NULL, "lastRequest" bigint NOT NULL);

    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA auth TO vm_auth;
  `.execute(db)
}
