/** The steps of the Nachtlauf. Each may be repeated; what was done stands in the rows of nachtlauf and nachtlauf_gevo. */
import { ApplicationFailure } from '@temporalio/common'
import { heartbeat } from '@temporalio/activity'
import { type Nacht, type Reihe, beginLauf, beginNacht, finishNacht, listReihen } from '../db/nachtlauf.ts'
import { closeDocumented, escalate, followKunden } from '../db/nachtlauf-enden.ts'
import { runGevo } from '../db/nachtlauf-gevo.ts'
import { insertAnker, sumOfAnker } from '../db/protokollpruefung.ts'
import { codeOf, isPermanent } from '../db/fehler.ts'
import type { Regel } from '../db/bestand.ts'
import type { Db } from '../db/verbindung.ts'
import { berlinTag } from '../domain/kalender.ts'

export interface NachtDeps {
  /** As the worker. */
  db: Db
  katalog: readonly Regel[]
}

/** What the workflow holds of it: ids and codes. */
export interface Nachtplan extends Nacht {
  /** One after the other. The history of a night that was under way when the program was exchanged knows only one order: `gevos`. */
  reihen?: Reihe[]
  gevos?: string[]
}

export type NachtActivities = ReturnType<typeof createNachtActivities>

/** Milliseconds. A statement over a large portfolio takes its time; the heartbeat says that the process is alive. */
const BEAT = 5_000

export function createNachtActivities({ db, katalog }: NachtDeps) {
  return {
    /** `nr`: the run that stands already; without it all released Betriebe, for the Berlin date of `geplant` (UTC instant). */
    async beginNachtlauf({ nr, geplant }: { nr: number | null; geplant: string }): Promise<Nachtplan> {
      if (nr !== null && !Number.isSafeInteger(nr)) throw ApplicationFailure.nonRetryable('NACHTLAUF_UNBEKANNT', 'NACHTLAUF_UNBEKANNT')
      const nacht = nr === null ? await beginNacht(db, katalog, berlinTag(geplant)) : await beginLauf(db, katalog, nr)
      return { ...nacht, reihen: await listReihen(db, katalog, nacht) }
    },

    /** What the days before have left behind. */
    closeDocumented: (nacht: Nacht): Promise<void> =>
      beating(async () => {
        await followKunden(db, nacht)
        await closeDocumented(db, nacht)
      }),

    async runGevo({ gevo, ...nacht }: Nacht & { gevo: string }): Promise<void> {
      const regel = katalog.find(({ code }) => code === gevo)
      // Taken out of the catalogue while the night was running: its row stays unfinished, and the run says so.
      if (regel) await beating(() => runGevo(db, nacht, regel))
    },

    escalate: (nacht: Nacht): Promise<void> => beating(() => escalate(db, nacht)),

    /** What it returns is nobody's input: it stands in Temporal's history as a witness outside of the database. */
    async finishNachtlauf({ vollstaendig, ...nacht }: Nacht & { vollstaendig: boolean }): Promise<{ anker: number; summe: string }> {
      await finishNacht(db, nacht, vollstaendig)
      return sumOfAnker(await insertAnker(db))
    },
  }
}

/** What is wrong with the data or the rule itself is not tried again: the others must not wait for it. */
async function beating<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => heartbeat(), BEAT)
  try {
    return await work()
  } catch (error) {
    throw isPermanent(error) ? ApplicationFailure.nonRetryable(codeOf(error), codeOf(error)) : error
  } finally {
    clearInterval(timer)
  }
}
