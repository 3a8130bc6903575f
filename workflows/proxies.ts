/** The activities as the workflows call them, with their limits, all in one place. */
import { type ActivityOptions, proxyActivities } from '@temporalio/workflow'
import { TASK_QUEUES } from '../domain/messages.ts'
import type { FallActivities } from '../activities/fall.ts'
import type { ImportActivities } from '../activities/import.ts'
import type { MailActivities } from '../activities/mail.ts'
import type { NachtActivities } from '../activities/nachtlauf.ts'
import type { ReconcileActivities } from '../activities/reconcile.ts'

/**
 * PostgreSQL may be away for hours: a Fall waits, it never fails. The longest pause is what a reminder is late once PostgreSQL is back; what a worker
 * took along when it died is missed after `startToCloseTimeout` (an attempt still under way then does no harm: both have the same action id).
 */
const FALL: ActivityOptions = {
  taskQueue: TASK_QUEUES.faelle,
  startToCloseTimeout: '5 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '8 seconds' },
}
export const { fireReminder } = proxyActivities<FallActivities>({ ...FALL, summary: 'Wiedervorlage wird fällig' })
export const { takeHandSignal } = proxyActivities<FallActivities>({ ...FALL, summary: 'Signal von Hand wird eingetragen' })
export const { recordRefusal } = proxyActivities<FallActivities>({ ...FALL, summary: 'Nicht verstandenes Signal wird vermerkt' })

export const { sendMail } = proxyActivities<MailActivities>({
  taskQueue: TASK_QUEUES.mail,
  summary: 'Mail wird versandt',
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '3 days',
  retry: { initialInterval: '10 seconds', maximumInterval: '30 minutes' },
})
export const { giveUpMail } = proxyActivities<MailActivities>({ ...FALL, summary: 'Mail wird als nicht versandt vermerkt' })

export const { reconcileFaelle } = proxyActivities<ReconcileActivities>({
  taskQueue: TASK_QUEUES.nacht,
  summary: 'Fälle mit der Datenbank abgleichen',
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
})

/** A step that fails for good gives up after about two minutes and leaves the night to the others; beginning and reporting wait. */
const NACHT: ActivityOptions = {
  taskQueue: TASK_QUEUES.nacht,
  startToCloseTimeout: '2 hours',
  // Longer than any standstill, short enough that a night whose worker dies goes on at once.
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 3, maximumInterval: '1 minute', maximumAttempts: 6 },
}
const WARTET: ActivityOptions = {
  taskQueue: TASK_QUEUES.nacht,
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
}
export const { beginNachtlauf } = proxyActivities<NachtActivities>({ ...WARTET, summary: 'Nachtlauf beginnen' })
export const { closeDocumented } = proxyActivities<NachtActivities>({ ...NACHT, summary: 'Dokumentierte Fälle schließen' })
export const { escalate } = proxyActivities<NachtActivities>({ ...NACHT, summary: 'Vergangene Fristen melden' })
export const { finishNachtlauf } = proxyActivities<NachtActivities>({ ...WARTET, summary: 'Nachtlauf abschließen' })
/** The GeVo's code is the summary. */
export const runGevo = (auftrag: Parameters<NachtActivities['runGevo']>[0]): Promise<void> =>
  proxyActivities<NachtActivities>({ ...NACHT, summary: `GeVo ${auftrag.gevo}` }).runGevo(auftrag)

/** PostgreSQL may be away for hours; what fails again and again for another reason is told to the Supervisor after about twenty minutes. */
const IMPORT: ActivityOptions = {
  taskQueue: TASK_QUEUES.nacht,
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute', maximumAttempts: 25 },
}
export const { takeImport } = proxyActivities<ImportActivities>({ ...IMPORT, summary: 'Lieferung einlesen und übernehmen' })
export const { awaitTurn } = proxyActivities<ImportActivities>({ ...WARTET, summary: 'Auf frühere Importe warten' })
export const { giveUpImport } = proxyActivities<ImportActivities>({ ...WARTET, summary: 'Import als gescheitert vermerken' })
export const { cancelImportRow } = proxyActivities<ImportActivities>({ ...WARTET, summary: 'Import als abgebrochen vermerken' })
