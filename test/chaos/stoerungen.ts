/** What goes wrong, when and for how long: drawn from a seed, so that a run that finds something can be repeated. */
import type { Wuerfel } from '../../db/demo/wuerfel.ts'
import type { Anlage, Leitung, Ziel } from './anlage.ts'
import { WEISEN, type Weise } from './toxiproxy.ts'

export type Stoerung = { nach: number } & (
  | { art: 'TOD'; ziel: Ziel; /** One of PostgreSQL's processes instead of its first one. */ einer?: boolean }
  | { art: 'HALT'; ziel: Ziel; sekunden: number }
  | { art: 'LEITUNG'; leitung: Leitung; weise: Weise; sekunden: number }
)

const ZIELE = ['web', 'worker', 'temporal', 'postgres'] as const
const LEITUNGEN = ['makler-web', 'web-postgres', 'worker-postgres', 'worker-temporal', 'worker-resend'] as const

/** `nach` and `dauer` in seconds. On the average one every three seconds; they overlap. */
export function planStoerungen(wuerfel: Wuerfel, dauer: number): Stoerung[] {
  const plan: Stoerung[] = []
  for (let nach = 2; nach < dauer - 2; nach += wuerfel.zahl(10, 60) / 10) {
    const art = wuerfel.gewichtet([
      ['TOD', 4],
      ['HALT', 3],
      ['LEITUNG', 4],
    ] as const)
    const sekunden = Math.min(wuerfel.zahl(5, 80) / 10, dauer - nach)
    if (art === 'TOD') plan.push({ nach, art, ziel: wuerfel.eines(ZIELE), einer: wuerfel.chance(0.4) })
    else if (art === 'HALT') plan.push({ nach, art, ziel: wuerfel.eines(ZIELE), sekunden })
    else plan.push({ nach, art, leitung: wuerfel.eines(LEITUNGEN), weise: wuerfel.eines(Object.keys(WEISEN) as Weise[]), sekunden })
  }
  return plan
}

/** Runs the plan to its end, or until `signal` is aborted; every disturbance is over when it resolves. */
export async function stoere(anlage: Anlage, plan: readonly Stoerung[], signal: AbortSignal): Promise<void> {
  const beginn = Date.now()
  const laufend: Promise<void>[] = []
  for (const stoerung of plan) {
    await warte(beginn + stoerung.nach * 1000 - Date.now(), signal)
    if (signal.aborted) break
    laufend.push(tue(anlage, stoerung, signal))
  }
  await Promise.all(laufend)
}

/** "TOD worker": how they are counted. */
export function nenne(stoerung: Stoerung): string {
  if (stoerung.art === 'LEITUNG') return `${stoerung.leitung} ${stoerung.weise}`
  return `${stoerung.art} ${stoerung.ziel}${stoerung.art === 'TOD' && stoerung.ziel === 'postgres' && stoerung.einer ? ' (ein Prozess)' : ''}`
}

async function tue(anlage: Anlage, stoerung: Stoerung, signal: AbortSignal): Promise<void> {
  if (stoerung.art === 'TOD') {
    const [erster, ...weitere] = anlage.pids(stoerung.ziel)
    const opfer = stoerung.einer && weitere.length > 0 ? weitere[Math.floor(stoerung.nach * 10) % weitere.length] : erster
    if (opfer) sende(opfer, 'SIGKILL')
  } else if (stoerung.art === 'HALT') {
    const pids = anlage.pids(stoerung.ziel)
    for (const pid of pids) sende(pid, 'SIGSTOP')
    await warte(stoerung.sekunden * 1000, signal)
    for (const pid of pids) sende(pid, 'SIGCONT')
  } else {
    const { ende } = await anlage.leitungen.stoere(stoerung.leitung, stoerung.weise)
    await warte(stoerung.sekunden * 1000, signal)
    await ende()
  }
}

/** A process that has gone meanwhile needs nothing any more. */
export function sende(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function warte(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
