/** An import's work. It may be repeated: until it commits, nothing of it is there. What a person watches stands in the row. */
import { ApplicationFailure } from '@temporalio/common'
import { Context } from '@temporalio/activity'
import { codeOf, isPermanent } from '../db/fehler.ts'
import { runImport } from '../db/importe-lauf.ts'
import { failImport, isNext, stopImport } from '../db/importe-stand.ts'
import type { Db } from '../db/verbindung.ts'
import { berlinTag } from '../domain/kalender.ts'
import type { ImportInput } from '../domain/messages.ts'

export type ImportActivities = ReturnType<typeof createImportActivities>

const BEAT = 5_000

export function createImportActivities({ db }: { db: Db }) {
  return {
    /** Whether no earlier import of the Betrieb is under way. */
    awaitTurn: ({ nr }: ImportInput): Promise<boolean> => isNext(db, nr),

    /** Returns where the import stands afterwards. */
    async takeImport({ nr, anlauf }: ImportInput): Promise<string> {
      const { cancellationSignal, heartbeat } = Context.current()
      const timer = setInterval(() => heartbeat(), BEAT)
      // A worker that is to end, or a workflow that was cancelled: rolled back at the next step.
      const onSchritt = (): void => {
        if (cancellationSignal.aborted) throw ApplicationFailure.retryable('IMPORT_UNTERBROCHEN', 'IMPORT_UNTERBROCHEN')
      }
      try {
        return await runImport(db, { id: nr, anlauf, heute: berlinTag(new Date().toISOString()), onSchritt })
      } catch (error) {
        throw isPermanent(error) ? ApplicationFailure.nonRetryable(codeOf(error), codeOf(error)) : error
      } finally {
        clearInterval(timer)
      }
    },

    /** Its workflow was cancelled in Temporal. */
    cancelImportRow: ({ nr, anlauf }: ImportInput): Promise<void> => stopImport(db, { id: nr, anlauf }),

    /** Failed for good. */
    giveUpImport: ({ nr, anlauf }: ImportInput): Promise<void> => failImport(db, { id: nr, anlauf, code: 'wiederholt gescheitert' }),
  }
}
