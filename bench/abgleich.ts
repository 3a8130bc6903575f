/**
 * Temporal's file is gone: how long until every open Fall has its workflow again, from the start of the worker on. Goal ≤ 2 min for 5,000, with every
 * Stand as in its row. Size: BENCH_ABGLEICH (default 5,000).
 */
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { RECONCILE_ID } from '../domain/messages.ts'
import { connectClient } from '../relay/temporal.ts'
import { checkTemporal } from '../test/chaos/pruefung-temporal.ts'
import { insertWelt } from '../test/chaos/welt.ts'
import { startWorkerProcess, stopWorkerProcess } from './prozesse.ts'
import type { Umgebung } from './umgebung.ts'

const IN_EINEM_MONAT = 30 * 86_400

export async function benchAbgleich(umgebung: Umgebung): Promise<Record<string, number>> {
  const faelle = Number(process.env['BENCH_ABGLEICH'] ?? 5_000)
  const { owner, temporal } = umgebung
  await insertWelt(owner, { makler: 20, faelle, von: IN_EINEM_MONAT, bis: IN_EINEM_MONAT })
  // As if they had been delivered long ago, to a file that is no more.
  await sql`DELETE FROM outbox`.execute(owner)
  const client = connectClient({ connectionOptions: { address: temporal.address }, namespace: temporal.namespace })
  const beginn = Date.now()
  const worker = startWorkerProcess(umgebung)
  try {
    const seit = (): number => (Date.now() - beginn) / 1_000
    const zaehle = async (): Promise<number> => (await client.workflow.count(`WorkflowType = 'fall' AND ExecutionStatus = 'Running'`)).count
    let erster: number | undefined
    while ((await zaehle()) < faelle) {
      if (worker.exitCode !== null) throw new Error('Der Worker ist von selbst zu Ende gegangen.')
      if (erster === undefined && (await zaehle()) > 0) erster = seit()
      await setTimeout(250)
    }
    const alle = seit()
    await client.workflow.getHandle(RECONCILE_ID).result()
    const fertig = seit()
    const befunde = Object.values(await checkTemporal(umgebung.worker, client)).reduce((n, rows) => n + rows.length, 0)
    return {
      Fälle: faelle,
      'erster Workflow nach s': erster ?? alle,
      'alle Workflows nach s': alle,
      'Abgleich fertig nach s': fertig,
      Abweichungen: befunde,
    }
  } finally {
    await stopWorkerProcess(worker)
    await client.connection.close()
  }
}
