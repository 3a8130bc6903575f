/** Does what the worker would do: takes every import that waits, in order. */
import { runImport } from '../../db/importe-lauf.ts'
import type { Db } from '../../db/verbindung.ts'

export async function runImporte(worker: Db, heute = '2026-11-23'): Promise<void> {
  const wartende = await worker.selectFrom('import').select(['id', 'anlauf']).where('status', '=', 'WARTET').orderBy('id').execute()
  for (const lauf of wartende) await runImport(worker, { ...lauf, heute })
}
