/** What a Fall's workflow records in PostgreSQL. Each activity may run twice and answers the row's current Stand, null where no row is left. */
import { ApplicationFailure } from '@temporalio/common'
import { codeOf, isPermanent } from '../db/fehler.ts'
import { type Auftrag, recordRefusal, withStand } from '../db/faelle.ts'
import { type Faelligkeit, fireDue } from '../db/faelligkeiten.ts'
import { type Sperre, takeHandSignal } from '../db/handsignale.ts'
import type { Db } from '../db/verbindung.ts'
import type { Stand } from '../domain/fall.ts'
import type { HandEreignis } from '../domain/messages.ts'

export interface FallDeps {
  /** As the worker. */
  db: Db
  /** Last day on which the same question is not asked again, for this result given now. */
  sperreBis: Sperre
}

interface Wen {
  fall: number
  betrieb: number
}

export type FallActivities = ReturnType<typeof createFallActivities>

export function createFallActivities({ db, sperreBis }: FallDeps) {
  return {
    /** The instant `am` of the Stand with this `version` has come. */
    async fireReminder(faelligkeit: Faelligkeit): Promise<Stand | null> {
      const stand = await fireDue(db, faelligkeit)
      // Taken or moved, the version has grown. Else rows contradict each other: tried again slowly instead of in a circle.
      if (stand?.version === faelligkeit.version) throw ApplicationFailure.create({ message: 'FAELLIGKEIT_UNSTIMMIG', type: 'FAELLIGKEIT_UNSTIMMIG' })
      return stand
    },

    async takeHandSignal({ fall, betrieb, aktion, ereignis }: Wen & { aktion: string; ereignis: HandEreignis }): Promise<Stand | null> {
      const auftrag: Auftrag = { fall, betrieb, aktion, quelle: 'SIGNAL', person: null }
      try {
        return await withStand(db, fall, (trx) => takeHandSignal(trx, auftrag, ereignis, sperreBis))
      } catch (error) {
        if (!isPermanent(error)) throw error
        return withStand(db, fall, (trx) => recordRefusal(trx, auftrag, { signal: ereignis.art, grund: codeOf(error) }))
      }
    },

    /** A signal that was not understood. */
    async recordRefusal({ fall, betrieb, aktion, signal, grund }: Wen & { aktion: string; signal: string; grund: string }): Promise<Stand | null> {
      const auftrag: Auftrag = { fall, betrieb, aktion, quelle: 'SIGNAL', person: null }
      return withStand(db, fall, (trx) => recordRefusal(trx, auftrag, { signal, grund }))
    },
  }
}
