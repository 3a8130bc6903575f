/** The web's only way to the data: a handle inside a transaction whose context was set by a checked session. */
import { type Kysely, type Transaction, sql } from 'kysely'
import type { Rolle, Schema } from './schema.ts'
import { listMigrationen } from './migrate.ts'
import { type PoolOptions, createDb, createPool, withPipeline } from './verbindung.ts'

export interface Person {
  id: number
  betriebId: number
  betrieb: string
  betriebOrt: string | null
  demo: boolean
  rolle: Rolle
  vorname: string
  name: string
  email: string
  einstellungen: Record<string, unknown>
}

/** A transaction as role web, cut to what the person may see. */
export type WebDb = Transaction<Schema>

export interface WebDatabase {
  /** Runs `work` in one transaction as the session's person; undefined when there is no such session. */
  withSession<T>(token: string, work: (db: WebDb, person: Person) => Promise<T>): Promise<T | undefined>
  /** For the pages before anybody is known (first run): sees no row of any Betrieb. */
  withoutSession<T>(work: (db: WebDb) => Promise<T>): Promise<T>
  /** Why no page can be served, in German; undefined when all is well. A database that is newer than this code is no obstacle. */
  findHindernis(): Promise<string | undefined>
  close(): Promise<void>
}

/** The raw kysely stays in here. `connectionString` is role web's. */
export function openWebDatabase(connectionString: string, options: PoolOptions = {}): WebDatabase {
  const pool = createPool(connectionString, 'vm_web', { max: 20, ...options })
  const db = createDb(pool)
  return {
    withSession: (token, work) =>
      withPipeline(pool, async (trx) => {
        const person = await beginSession(trx, token)
        return person && work(trx, person)
      }),
    withoutSession: (work) => withPipeline(pool, work),
    findHindernis: async () => {
      try {
        const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(db)
        const da = new Set(rows.map(({ name }) => name))
        const fehlt = (await listMigrationen()).filter((name) => !da.has(name))
        return fehlt.length === 0 ? undefined : `Datenbank nicht auf dem neuesten Stand (es fehlt ${fehlt.join(', ')})`
      } catch {
        return 'Datenbank nicht erreichbar'
      }
    },
    close: () => db.destroy(),
  }
}

async function beginSession(db: Kysely<Schema>, token: string): Promise<Person | undefined> {
  const { rows } = await sql<{
    vermittler_id: number
    betrieb_id: number
    betrieb: string
    betrieb_ort: string | null
    demo: boolean
    rolle: Rolle
    vorname: string
    name: string
    email: string
    einstellungen: Record<string, unknown>
  }>`SELECT * FROM sitzung_beginnen(${token})`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const { vermittler_id: id, betrieb_id: betriebId, betrieb_ort: betriebOrt, ...rest } = row
  return { id, betriebId, betriebOrt, ...rest }
}
