/**
 * Reminders that all fall due within the same minute: how late each fires, and that none is lost or fires twice. Goal: 0 and 0.
 * Size: BENCH_WIEDERVORLAGEN (default 5,000). A quarter as many come in a month and must not fire.
 */
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { ausloesungen } from '../test/chaos/pruefung.ts'
import { insertWelt } from '../test/chaos/welt.ts'
import { drained, startWorkerProcess, stopWorkerProcess } from './prozesse.ts'
import type { Umgebung } from './umgebung.ts'

/** Workflows a second that are certainly started until the minute begins, and seconds for the worker to come up. */
const STARTS = 60
const ANLAUF = 20
const GEDULD = 600_000

export async function benchWiedervorlagen(umgebung: Umgebung): Promise<Record<string, object | number>> {
  const faellig = Number(process.env['BENCH_WIEDERVORLAGEN'] ?? 5_000)
  const { owner } = umgebung
  const faelle = Math.round(faellig * 1.25)
  const von = ANLAUF + faelle / STARTS
  const beginn = Date.now()
  await insertWelt(owner, { makler: 20, faelle, von, bis: von + 60 })
  const worker = startWorkerProcess(umgebung)
  try {
    await drained(umgebung, worker)
    const bereit = (Date.now() - beginn) / 1_000
    for (const spaetestens = beginn + von * 1_000 + GEDULD; Date.now() < spaetestens && (await countWartende(umgebung)) > 0;) await setTimeout(1_000)
    const { rows } = await sql<{ n: number; p50: number; p99: number; max: number; doppelt: number }>`
      SELECT count(*) AS n, percentile_cont(0.5) WITHIN GROUP (ORDER BY spaet) AS p50, percentile_cont(0.99) WITHIN GROUP (ORDER BY spaet) AS p99, max(spaet) AS max,
        count(*) FILTER (WHERE vorher = 'due') AS doppelt
      FROM (SELECT extract(epoch FROM am - gesetzt_auf)::float8 AS spaet, vorher FROM (${ausloesungen}) a) x`.execute(owner)
    const { n, p50, p99, max, doppelt } = rows[0]!
    return {
      'Verspätung in s': { n, p50, p99, max },
      'alle zugestellt nach s': bereit,
      'die Minute beginnt nach s': von,
      verloren: await countWartende(umgebung),
      doppelt,
    }
  } finally {
    await stopWorkerProcess(worker)
  }
}

async function countWartende({ owner }: Umgebung): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`SELECT count(*) AS n FROM vorgang WHERE status = 'OFFEN' AND faellig_am < now() + interval '1 day'`.execute(owner)
  return rows[0]!.n
}
