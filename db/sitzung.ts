/** The web's only way to the data: a handle inside a transaction whose context was set by a checked session. */
import { type Kysely, type Transaction, sql } from 'kysely'
import type { Rolle, Schema } from './schema.ts'
import { type PoolOptions, createDb, createPool } from './verbindung.ts'

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
  /** Whether the database answers. */
  ping(): Promise<boolean>
  close(): Promise<void>
}

/** The raw kysely stays in here. `connectionString` is role web's. */
export function openWebDatabase(connectionString: string, options: PoolOptions = {}): WebDatabase {
  const db = createDb(createPool(connectionString, 'vm_web', { max: 20, ...options }))
  return {
    withSession: (token, work) =>
      db.transaction().execute(async (trx) => {
        const person = await beginSession(trx, token)
        return person && work(trx, person)
      }),
    withoutSession: (work) => db.transaction().execute(work),
    ping: () =>
      sql`SELECT 1`.execute(db).then(
        () => true,
        () => false,
      ),
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
