/** One open question about one customer: waits for messages and for the instant of the next reminder. PostgreSQL holds the record. */
import { condition, continueAsNew, defineSignal, setDefaultSignalHandler, setHandler, workflowInfo } from '@temporalio/workflow'
import { type Stand, needsClock, newer } from '../domain/fall.ts'
import { type FallInput, type Nachricht, SIGNALE, parseSignal } from '../domain/messages.ts'
import { showFall, wartetBis } from './anzeige.ts'
import { fireReminder, recordRefusal, takeHandSignal } from './proxies.ts'

/** A reminder years away is waited for in steps: Temporal's timers end at 292 years. */
const LONGEST_TIMER = 365 * 24 * 3600 * 1000

type Anlass = Nachricht | { art: 'faellig'; am: string }

export async function fall(input: FallInput): Promise<void> {
  const queue: Nachricht[] = []
  for (const name of SIGNALE) setHandler(defineSignal<unknown[]>(name), (...args) => void queue.push(parseSignal(name, args)))
  setDefaultSignalHandler((name, ...args) => void queue.push(parseSignal(name, args)))

  let { stand, handSignale = 0 } = input
  let shown = stand
  while (queue.length > 0 || needsClock(stand)) {
    if (queue.length === 0) shown = showFall(input, stand, shown)
    if (queue.length === 0 && workflowInfo().continueAsNewSuggested) return continueAsNew<typeof fall>({ ...input, stand, handSignale })

    const anlass = await nextAnlass(queue, stand)
    if (!anlass) continue
    if (anlass.art === 'stand') {
      stand = newer(stand, anlass.stand)
      continue
    }
    if (anlass.art !== 'faellig') handSignale += 1
    const current = await record(input, anlass, stand, `${workflowInfo().firstExecutionRunId}/${handSignale}`)
    if (!current) return
    stand = current
  }
  showFall(input, stand, shown)
}

/** The next message, or the reminder whose instant has come; undefined when only a step of a long wait is over. */
async function nextAnlass(queue: Nachricht[], { erinnerungAm }: Stand): Promise<Anlass | undefined> {
  const arrived = (): boolean => queue.length > 0
  if (erinnerungAm === null) await condition(arrived)
  else {
    const left = Date.parse(erinnerungAm) - Date.now()
    if (left > 0 && !arrived()) await condition(arrived, Math.min(left, LONGEST_TIMER), { summary: wartetBis('Wiedervorlage am', erinnerungAm) })
  }
  const nachricht = queue.shift()
  if (nachricht) return nachricht
  return erinnerungAm !== null && Date.parse(erinnerungAm) <= Date.now() ? { art: 'faellig', am: erinnerungAm } : undefined
}

/** Records it in PostgreSQL; returns the row's current Stand, null when there is no such row any more. */
function record({ nr, betrieb }: FallInput, anlass: Exclude<Anlass, { art: 'stand' }>, stand: Stand, lauf: string): Promise<Stand | null> {
  const wen = { fall: nr, betrieb }
  switch (anlass.art) {
    case 'faellig':
      return fireReminder({ ...wen, version: stand.version, am: anlass.am })
    case 'hand':
      return takeHandSignal({ ...wen, aktion: anlass.id ? `hand/${nr}/${anlass.id}` : `hand/${lauf}`, ereignis: anlass.ereignis })
    case 'unverstanden':
      return recordRefusal({ ...wen, aktion: `hand/${lauf}`, signal: anlass.signal, grund: anlass.grund })
  }
}
