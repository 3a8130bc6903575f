/** Fälle started per second by the relay vs. a bare `client.workflow.start` loop of the same workflow on the same server. Goal ≥ 0.9. */
import { sql } from 'kysely'
import { TASK_QUEUES, type FallInput, fallId } from '../domain/messages.ts'
import { runRelay } from '../relay/deliver.ts'
import { connectClient } from '../relay/temporal.ts'
import { type Messung, combine, runLoad } from './messen.ts'
import type { Umgebung } from './umgebung.ts'
import { insertWelt } from './welt.ts'

const RUNDEN = 3
const STARTS = 600
const PARALLEL = 16

export interface Relaymessung {
  bar: Messung
  relay: Messung
  verhaeltnis: number
}

export async function benchRelay({ owner, worker, temporal }: Umgebung): Promise<Relaymessung> {
  const welt = await insertWelt(owner, { vermittler: 1, kunden: RUNDEN * STARTS })
  const client = connectClient({ connectionOptions: { address: temporal.address }, namespace: temporal.namespace })
  const stand = { epoch: 1, version: 1, status: 'OFFEN', erinnerungAm: null, offeneVorgaenge: 0 } as const
  const start = (nr: number): Promise<unknown> => {
    const input: FallInput = { nr, betrieb: welt.betrieb, gevo: 'BENCH', stand, link: 'http://localhost/faelle' }
    return client.workflow.start('fall', { workflowId: fallId('BENCH', nr), taskQueue: TASK_QUEUES.faelle, args: [input] })
  }

  const bar: Messung[] = []
  const relay: Messung[] = []
  for (let runde = 0; runde < RUNDEN; runde++) {
    const wer = welt.kunden.slice(runde * STARTS, (runde + 1) * STARTS)
    bar.push(await runLoad(STARTS, PARALLEL, (i) => start(runde * STARTS + i + 1)))
    await sql`
      WITH neu AS (
        INSERT INTO fall (betrieb_id, vermittler_id, kunde_id, gevo, schluessel, prio, befund, stichtag, epoch, status)
        SELECT ${welt.betrieb}, ${welt.vermittler[0]!.id}, k, 'G01', 'relay-' || k, 3, '{}', '2026-11-23', 1, 'OFFEN' FROM unnest(${wer}::int[]) k
        RETURNING id)
      INSERT INTO outbox (betrieb_id, spur, art, ziel, stand) SELECT ${welt.betrieb}, 1, 'FALL', id, ${JSON.stringify(stand)} FROM neu`.execute(owner)
    relay.push(await drain(worker, client))
  }
  await client.connection.close()
  const [a, b] = [combine(bar), combine(relay)]
  return { bar: a, relay: b, verhaeltnis: b.proSekunde / a.proSekunde }
}

/** Runs the relay until its lane is empty. */
async function drain(db: Umgebung['worker'], client: ReturnType<typeof connectClient>): Promise<Messung> {
  const stop = new AbortController()
  const beginn = performance.now()
  const running = runRelay({ db, client, link: () => 'http://localhost/faelle', signal: stop.signal, parallel: PARALLEL })
  const offen = (): Promise<{ n: number }> =>
    db
      .selectFrom('outbox')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('zugestellt_am', 'is', null)
      .executeTakeFirstOrThrow()
  while ((await offen()).n > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  const dauer = (performance.now() - beginn) / 1000
  stop.abort()
  await running
  return { n: STARTS, dauer, proSekunde: STARTS / dauer, p50: 0, p99: 0 }
}
