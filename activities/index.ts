/** All activities, made of what they need. */
import { findGevo, katalog } from '../gevos/katalog.ts'
import type { Sperre } from '../db/handsignale.ts'
import { berlinTag } from '../domain/kalender.ts'
import { sperrfristVon } from '../domain/regel.ts'
import { sperreBis } from '../domain/sperrfrist.ts'
import { createFallActivities } from './fall.ts'
import { createImportActivities } from './import.ts'
import { type MailDeps, createMailActivities } from './mail.ts'
import { createNachtActivities } from './nachtlauf.ts'
import { createReconcileActivities } from './reconcile.ts'

export interface ActivityDeps extends MailDeps {
  reconcile: (beat: () => void) => Promise<Record<string, number>>
}

export function createActivities(deps: ActivityDeps) {
  const heute = (): string => berlinTag(new Date().toISOString())
  // A GeVo that has left the catalogue is not asked again anyway.
  const sperre: Sperre = (gevo, ergebnis, monate) => sperreBis(sperrfristVon(findGevo(gevo)?.sperrfrist ?? 'EREIGNIS', monate), ergebnis, heute())
  return {
    ...createFallActivities({ db: deps.db, sperreBis: sperre }),
    ...createMailActivities(deps),
    ...createImportActivities(deps),
    ...createNachtActivities({ db: deps.db, katalog }),
    ...createReconcileActivities(deps),
  }
}
