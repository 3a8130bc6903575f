/** A whole night, step by step as the workflow runs it, without Temporal. */
import { closeDocumented, escalate, followKunden } from '../../db/nachtlauf-enden.ts'
import { runGevo } from '../../db/nachtlauf-gevo.ts'
import { beginNacht, finishNacht, listReihen } from '../../db/nachtlauf.ts'
import type { Regel } from '../../db/bestand.ts'
import type { Db } from '../../db/verbindung.ts'
import { katalog } from '../../gevos/katalog.ts'

/** `db` as the worker; `regeln`: only these. Returns the number of the first run, undefined where no Betrieb has been released. */
export async function runNacht(db: Db, stichtag: string, regeln: readonly Regel[] = katalog): Promise<number | undefined> {
  const nacht = await beginNacht(db, regeln, stichtag)
  await followKunden(db, nacht)
  await closeDocumented(db, nacht)
  for (const { laeufe, gevos } of await listReihen(db, regeln, nacht))
    for (const gevo of gevos)
      await runGevo(
        db,
        { ...nacht, laeufe },
        regeln.find(({ code }) => code === gevo)!,
      )
  await escalate(db, nacht)
  await finishNacht(db, nacht)
  return nacht.laeufe[0]
}

/** The two rules most tests are about: one that closes a gap, one that watches a Frist. */
export const ZWEI_REGELN = katalog.filter(({ code }) => code === 'G01' || code === 'G02')
