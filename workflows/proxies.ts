/** The activities as the workflows call them, with their limits, all in one place. */
import { type ActivityOptions, proxyActivities } from '@temporalio/workflow'
import { TASK_QUEUES } from '../domain/messages.ts'
import type { FallActivities } from '../activities/fall.ts'
import type { MailActivities } from '../activities/mail.ts'
import type { ReconcileActivities } from '../activities/reconcile.ts'

/** PostgreSQL may be away for hours: a Fall waits, it never fails. */
const FALL: ActivityOptions = {
  taskQueue: TASK_QUEUES.faelle,
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
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
