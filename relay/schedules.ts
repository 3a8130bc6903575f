/** The nightly Schedule in Temporal: made at the first start, brought up to date at every other, safe to repeat. */
import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy, type ScheduleOptions } from '@temporalio/client'
import { NACHTPLAN_ID, TASK_QUEUES } from '../domain/messages.ts'
import { ZONE } from '../domain/kalender.ts'

/**
 * Once a night at `nightAt` ('HH:MM', Berlin), never a second one beside a first, caught up to 12 hours late. A night longer than
 * that is missed here and found by the watchdog (db/nachtlauf-waechter.ts). Who paused it in the Temporal UI finds it paused.
 */
export async function ensureNachtplan(client: Client, nightAt: string): Promise<void> {
  const plan = nachtplan(nightAt)
  try {
    await client.schedule.create(plan)
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
    const { spec, action, policies } = plan
    await client.schedule.getHandle(NACHTPLAN_ID).update(({ state }) => ({ spec, action, ...(policies && { policies }), state }))
  }
}

/**
 * Hour and minute of 'HH:MM'. Between 2 and 3 summer time skips or doubles the hour: a run in it would happen never or twice.
 * https://docs.temporal.io/schedule#spec
 */
export function readNightAt(text: string): { hour: number; minute: number } {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? []
  if (hour === undefined) throw new Error(`NIGHT_AT: „${text}“ ist keine Uhrzeit. Richtig ist zum Beispiel 04:10.`)
  if (Number(hour) === 2) throw new Error(`NIGHT_AT: ${text} liegt in der Stunde der Zeitumstellung. Bitte eine Uhrzeit vor 2 oder ab 3 Uhr wählen.`)
  return { hour: Number(hour), minute: Number(minute) }
}

function nachtplan(nightAt: string): ScheduleOptions {
  return {
    scheduleId: NACHTPLAN_ID,
    spec: { calendars: [{ ...readNightAt(nightAt), comment: 'jede Nacht' }], timezone: ZONE },
    action: {
      type: 'startWorkflow',
      workflowType: 'nachtlauf',
      workflowId: 'nachtlauf/plan',
      taskQueue: TASK_QUEUES.nacht,
      args: [],
      staticSummary: 'Nachtlauf aller Betriebe',
      staticDetails: 'Schließt dokumentierte Fälle, fragt jede Regel, eröffnet und beendet Fälle, meldet vergangene Fristen.',
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '12 hours' },
  }
}
