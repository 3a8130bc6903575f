/** Connections to PostgreSQL, one small pool per role. Type parsers are set once, here. */
import { createHmac } from 'node:crypto'
import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { gemeinsam } from './gemeinsam.ts'
import type { Schema } from './schema.ts'
import { prepareStatements } from './vorbereitet.ts'

export type Role = 'vm_web' | 'vm_worker' | 'vm_auth' | 'vm_portal'
export type Db = Kysely<Schema>

const { builtins } = pg.types
pg.types.setTypeParser(builtins.DATE, (text) => text)
pg.types.setTypeParser(builtins.INT8, Number)
pg.types.setTypeParser(builtins.NUMERIC, Number)
pg.types.setTypeParser(1016 as never, (text: string) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(Number)))
/** PostgreSQL prints '2026-11-23 04:10:00+00'; sessions run in UTC. */
pg.types.setTypeParser(builtins.TIMESTAMPTZ, (text) => (text.endsWith('infinity') ? text : new Date(text).toISOString()))

/** Milliseconds: a click must not hang, the night may take its time. */
const TIMEOUTS: Record<Role | 'owner', { statement: number; lock: number }> = {
  vm_web: { statement: 10_000, lock: 5_000 },
  vm_portal: { statement: 10_000, lock: 5_000 },
  vm_auth: { statement: 10_000, lock: 5_000 },
  vm_worker: { statement: 900_000, lock: 30_000 },
  owner: { statement: 0, lock: 30_000 },
}

/**
 * Milliseconds until a connection that nobody needs is closed. A new one costs a login and plans each statement again: if clicks come too fast for those
 * that are open, more of them open, and each makes the rush worse (50 clicks a second beside Temporal: p99 1,100 ms with ten seconds, 220 with ten minutes).
 */
const RUHE: Record<Role | 'owner', number> = { vm_web: 600_000, vm_portal: 600_000, vm_auth: 10_000, vm_worker: 10_000, owner: 10_000 }

/** The role's address, derived from the owner's: same server, password derived from the installation's secret. */
export function roleUrl(databaseUrl: string, role: Role, secret: string): string {
  const url = new URL(databaseUrl)
  url.username = role
  url.password = rolePassword(role, secret)
  return url.toString()
}

export function rolePassword(role: Role, secret: string): string {
  return createHmac('sha256', secret).update(`postgres:${role}`).digest('base64url')
}

export interface PoolOptions {
  max?: number
  searchPath?: string
  onError?: (error: Error) => void
}

export function createPool(connectionString: string, role: Role | 'owner', { max = 10, searchPath, onError }: PoolOptions = {}): pg.Pool {
  const { statement, lock } = TIMEOUTS[role]
  // Imports fill temporary tables; their buffers can only be set before a session's first one.
  const buffers = role === 'vm_web' || role === 'vm_worker' ? ' -c temp_buffers=32MB' : ''
  // A click finds its rows by index. A plan is kept as long as the statistics are: one made while a table was empty (a fresh office, counters just
  // folded) would go on reading it whole once it is full. Where there is no index the table is read all the same; PostgreSQL before 18 would compile such a plan.
  // Nor is one good that starts further processes: it takes 10 ms before the first row.
  const clicks = role === 'vm_web' ? ' -c enable_seqscan=off -c jit=off -c max_parallel_workers_per_gather=0' : ''
  const options = `-c TimeZone=UTC -c statement_timeout=${statement} -c lock_timeout=${lock}${buffers}${clicks}${searchPath ? ` -c search_path=${searchPath}` : ''}`
  const pool = new pg.Pool({
    connectionString,
    max,
    options,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: RUHE[role],
    // A firewall forgets a connection on which nothing is said; the next click would wait on it for minutes.
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    // COPY cannot share a connection with what was sent behind it.
    pipeline: role === 'vm_web',
    application_name: role,
  })
  // Clicks repeat the same few statements; the others run theirs once, and large ones are better planned for their values.
  if (role === 'vm_web') pool.on('connect', prepareStatements)
  // Without a listener a connection that the server ends would end this process: the pool listens to those that wait, nobody to those in use.
  pool.on('error', (error) => onError?.(error))
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

const POOLS = new WeakMap<Db, pg.Pool>()

export function createDb(pool: pg.Pool): Db {
  const db: Db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  POOLS.set(db, pool)
  return db
}

/** Kysely on this one connection. What is asked at the same time is not made to wait for each other, as in kysely's own transactions. */
function onConnection(query: pg.PoolClient['query']): Kysely<Schema> {
  const eine = { query, release: () => undefined }
  return new Kysely({ dialect: new PostgresDialect({ pool: { connect: async () => eine, end: async () => undefined } as never }) })
}

/** What kysely sends for a transaction of its own: within another one it would end that. */
const STEUERT = /^(begin|start transaction|commit|rollback)/

/**
 * One transaction of a click: what is asked together (gemeinsam.ts) is sent together and answered in order, for a click's time is mostly the way to PostgreSQL
 * and back. Rolled back when `work` throws; what is asked after its end is refused.
 */
export async function withPipeline<T>(pool: pg.Pool, work: (trx: Transaction<Schema>) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let beendet = false
  const query = (text: string, values?: unknown[]): unknown => {
    if (beendet) throw new Error('Die Transaktion ist schon zu Ende.')
    if (STEUERT.test(text)) throw new Error('In der Transaktion einer Anfrage beginnt und endet keine zweite.')
    return client.query(text, values)
  }
  let fehler: Error | undefined
  try {
    const [, ergebnis] = await gemeinsam([client.query('BEGIN'), work(onConnection(query as pg.PoolClient['query']) as Transaction<Schema>)])
    beendet = true
    // After an error that nobody passed on PostgreSQL answers COMMIT with ROLLBACK.
    if ((await client.query('COMMIT')).command !== 'COMMIT') throw new Error('Die Transaktion war schon abgebrochen: Nichts wurde gespeichert.')
    return ergebnis
  } catch (error) {
    beendet = true
    await client.query('ROLLBACK').catch((gescheitert: Error) => (fehler = gescheitert))
    throw error
  } finally {
    client.release(fehler)
  }
}

export interface Leitung {
  /** Statements of the transaction. */
  trx: Transaction<Schema>
  /** The same connection bare, for COPY. */
  client: pg.PoolClient
}

/** One transaction on one connection that can also COPY. Rolled back when `work` throws. */
export async function withLeitung<T>(db: Db, work: (leitung: Leitung) => Promise<T>): Promise<T> {
  const client = await POOLS.get(db)!.connect()
  let fehler: Error | undefined
  try {
    return await onConnection(client.query.bind(client))
      .transaction()
      .execute((trx) => work({ trx, client }))
  } catch (error) {
    fehler = error instanceof Error ? error : new Error('Transaktion abgebrochen')
    throw error
  } finally {
    // After an error in the middle of a COPY nobody knows what the connection waits for.
    client.release(fehler)
  }
}
