/** Clicks that ask a rule about a whole portfolio: a click's plans and time-out (verbindung.ts) are not made for that. */
import { sql } from 'kysely'
import { MENGENWEISE } from './mengenweise.ts'
import type { WebDb } from './sitzung.ts'

/** Milliseconds that everything asked for one page may take together: half of what a web server in front waits by default. */
export const GEDULD = 30_000

/** Nothing that `work` does can write, and it ends after `geduld`: then the answer is undefined. */
export async function nurLesen<T>(db: WebDb, work: () => Promise<T>, geduld = GEDULD): Promise<T | undefined> {
  const lesend = async (): Promise<T> => {
    await sql`SELECT set_config('transaction_read_only', 'on', true)`.execute(db)
    return work()
  }
  return mitGeduld(db, lesend, { geduld, behalte: false })
}

/** Undefined where it took longer than `geduld`: then nothing that `work` wrote is kept. Else its settings stay for the rest of the transaction. */
export async function mitGeduld<T>(db: WebDb, work: () => Promise<T>, { geduld = GEDULD, behalte = true } = {}): Promise<T | undefined> {
  await sql`SAVEPOINT geduld`.execute(db)
  let behalten = false
  try {
    await MENGENWEISE.execute(db)
    await sql`SELECT set_config('enable_seqscan', 'on', true), set_config('max_parallel_workers_per_gather', '2', true),
      set_config('lock_timeout', '0', true), set_config('statement_timeout', ${String(Math.max(1, Math.round(geduld)))}, true)`.execute(db)
    const ergebnis = await work()
    behalten = behalte
    return ergebnis
  } catch (error) {
    if ((error as { code?: unknown }).code === '57014') return undefined
    throw error
  } finally {
    // Going back ends what was set, too.
    await sql`${sql.raw(behalten ? 'RELEASE' : 'ROLLBACK TO')} SAVEPOINT geduld`.execute(db)
  }
}
