/** A whole night, step by step as the workflow runs it, without Temporal. */
import { closeDocumented, escalate } from '../../db/nachtlauf-enden.ts'
import { runGevo } from '../../db/nachtlauf-gevo.ts'
import { beginNacht, finishNacht } from '../../db/nachtlauf.ts'
import type { Db } from '../../db/verbindung.ts'
import { katalog } from '../../gevos/katalog.ts'

/** `db` as the worker. Returns the number of the first run, undefined where no Betrieb has been released. */
export async function runNacht(db: Db, stichtag: string): Promise<number | undefined> {
  const nacht = await beginNacht(db, katalog, stichtag)
  await closeDocumented(db, nacht)
  for (const regel of katalog) await runGevo(db, nacht, regel)
  await escalate(db, nacht)
  await finishNacht(db, nacht)
  return nacht.laeufe[0]
}
