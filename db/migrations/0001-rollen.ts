import { type Kysely, sql } from 'kysely'

/**
 * Database roles. The connected user owns everything and migrates; it must not be a superuser (superusers pass row-level
 * security even where it is forced). The others log in with passwords that `migrate` derives from the secret.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const role of ['vm_web', 'vm_worker', 'vm_portal', 'vm_auth']) {
    await sql`DO ${sql.lit(`BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role} LOGIN; END IF; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END`)}`.execute(
      db,
    )
  }
  await sql`
    DO $$ BEGIN EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO vm_worker', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO vm_web, vm_portal, vm_auth', current_database());
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO vm_web, vm_worker, vm_portal;
  `.execute(db)
}
