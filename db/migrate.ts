/** Brings a database to the newest shape and gives the roles their passwords. Runs as the owner; safe to run again and side by side. */
import { promises as fs } from 'node:fs'
import path from 'node:path'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import { sql } from 'kysely'
import { type Role, createDb, createPool, rolePassword } from './verbindung.ts'

const FOLDER = path.join(import.meta.dirname, 'migrations')
const ROLES: readonly Role[] = ['vm_web', 'vm_worker', 'vm_auth', 'vm_portal']

/** Returns the names of the migrations that ran. Throws on the first that fails (it leaves nothing behind), and when the database is newer than the code. `bis`: the last to run; default all. */
export async function migrate(databaseUrl: string, secret: string, bis?: string): Promise<string[]> {
  const db = createDb(createPool(databaseUrl, 'owner', { max: 2 }))
  try {
    const provider = new FileMigrationProvider({ fs, path, migrationFolder: FOLDER })
    // Work done side by side has its numbers beforehand: one with a lower number may come later, and only adds.
    const migrator = new Migrator({ db, provider, allowUnorderedMigrations: true })
    await refuseNewer(db)
    const { error, results = [] } = await (bis === undefined ? migrator.migrateToLatest() : migrator.migrateTo(bis))
    if (error) throw error
    await setPasswords(db, secret)
    return results.map((result) => result.migrationName)
  } finally {
    await db.destroy()
  }
}

/** An older program must not write into what a newer one has made. */
async function refuseNewer(db: ReturnType<typeof createDb>): Promise<void> {
  const { rows: da } = await sql`SELECT FROM pg_tables WHERE schemaname = 'public' AND tablename = 'kysely_migration'`.execute(db)
  if (da.length === 0) return
  const bekannt = new Set(await listMigrationen())
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db)
  const fremd = rows.map(({ name }) => name).filter((name) => !bekannt.has(name))
  if (fremd.length > 0)
    throw Object.assign(
      new Error(
        `Die Datenbank ist neuer als dieses Programm (${fremd.join(', ')}). Starten Sie die neuere Programmversion, oder spielen Sie eine Sicherung von vorher ein: npm run restore -- DATEI --ersetzen. Es wurde nichts verändert.`,
      ),
      { name: 'Migration' },
    )
}

/** The names of all migrations of this code. */
export async function listMigrationen(): Promise<string[]> {
  const dateien = await fs.readdir(FOLDER)
  return dateien.map((datei) => path.basename(datei, '.ts')).toSorted()
}

async function setPasswords(db: ReturnType<typeof createDb>, secret: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    // Two starters at once would meet in the role catalogue ("tuple concurrently updated").
    await sql`SELECT pg_advisory_xact_lock(7236001)`.execute(trx)
    for (const role of ROLES) await sql`ALTER ROLE ${sql.id(role)} PASSWORD ${sql.lit(rolePassword(role, secret))}`.execute(trx)
  })
}
