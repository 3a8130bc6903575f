/** Outbox → Temporal. Delivers at least once: the Stand in every message makes a second delivery harmless. */
import { type Client, ServiceError, WorkflowNotFoundError } from '@temporalio/client'
import { needsClock } from '../domain/fall.ts'
import { fallId } from '../domain/messages.ts'
import { type Sendung, type Spur, listSendungen, lockRelay, markDelivered, markFailed } from '../db/outbox.ts'
import type { Db } from '../db/verbindung.ts'
import { DEADLINE, startFall, startImport, startMail, startNachtlauf } from './temporal.ts'

export interface RelayOptions {
  /** As the worker. */
  db: Db
  client: Client
  /** Where a person finds a Fall in the app. */
  link: (fall: number) => string
  /** Ends the relay; what is under way is finished first (at most one deadline). */
  signal: AbortSignal
  /** Workflows told side by side, per lane. */
  parallel?: number
  /** At most so many messages of the night per second: the clicks share the machine with it. */
  throttle?: number
  /** Told once when Temporal goes away, and when it is back. */
  onState?: (state: 'ok' | 'away', code: string) => void
}

/** Milliseconds. LISTEN/NOTIFY instead would cost 15–20 % of the clicks; an idle poll costs 0.3 ms. */
const POLL = 150
const LONGEST_PAUSE = 5_000
const BATCH = 256
/** So many delivered ones are marked at a time: a process that keeps dying within a batch still gets on. */
const MARK = 32

/** Runs until `signal` is aborted. Outages of PostgreSQL and Temporal are waited out. */
export async function runRelay(options: RelayOptions): Promise<void> {
  const { db, signal } = options
  while (!signal.aborted) {
    await lockRelay(
      db,
      () => !signal.aborted,
      (isHeld) => runLanes(options, isHeld),
    ).catch(() => undefined)
    await pause(POLL, signal)
  }
}

async function runLanes(options: RelayOptions, isHeld: () => Promise<boolean>): Promise<void> {
  const lost = new AbortController()
  const signal = AbortSignal.any([options.signal, lost.signal])
  const lanes = [runLane({ ...options, signal }, 0), runLane({ ...options, signal }, 1)]
  while (!signal.aborted) {
    await pause(1_000, signal)
    if (!(await isHeld())) lost.abort()
  }
  await Promise.all(lanes)
}

async function runLane(options: RelayOptions, spur: Spur): Promise<void> {
  const { signal } = options
  let failures = 0
  while (!signal.aborted) {
    const began = Date.now()
    const { read, away } = await deliverBatch(options, spur).catch((error: unknown) => ({ read: 0, away: codeOf(error) }))
    if (away !== undefined && failures++ === 0) options.onState?.('away', away)
    if (away === undefined && failures > 0 && read > 0) {
      failures = 0
      options.onState?.('ok', '')
    }
    if (away !== undefined) await pause(Math.min(LONGEST_PAUSE, POLL * 2 ** failures), signal)
    else if (spur === 1 && options.throttle) await pause((read / options.throttle) * 1_000 - (Date.now() - began), signal)
    if (away === undefined && read < BATCH) await pause(POLL, signal)
  }
}

/** One read of the outbox: targets side by side, the messages of one target in order. `away` is a code when Temporal does not answer. */
async function deliverBatch(options: RelayOptions, spur: Spur): Promise<{ read: number; away: string | undefined }> {
  const { db, signal, parallel = 16, throttle = BATCH } = options
  // Throttled, the night brings a second's worth at a time instead of a burst.
  const sendungen = await listSendungen(db, spur, spur === 1 ? Math.min(BATCH, throttle) : BATCH)
  const targets = [...Map.groupBy(sendungen, ({ art, ziel }) => `${art}/${ziel}`).values()]
  const delivered: number[] = []
  let away: string | undefined

  const next = async (): Promise<void> => {
    for (let target = targets.shift(); target && away === undefined && !signal.aborted; target = targets.shift())
      for (const sendung of target) {
        const failure = await deliver(options, sendung).catch((error: unknown) => error ?? new Error())
        if (failure) {
          const fehler = codeOf(failure)
          await markFailed(db, sendung.id, { fehler, away: isAway(failure) })
          if (isAway(failure)) away = fehler
          break
        }
        delivered.push(sendung.id)
        if (delivered.length >= MARK) await markDelivered(db, delivered.splice(0))
      }
  }
  await Promise.all(Array.from({ length: parallel }, next))
  await markDelivered(db, delivered)
  return { read: sendungen.length, away }
}

async function deliver({ client, link }: RelayOptions, { art, ziel, betrieb, signal, stand, fall, mail, anlauf }: Sendung): Promise<void> {
  await client.withDeadline(Date.now() + DEADLINE, async () => {
    if (art === 'NACHTLAUF') return startNachtlauf(client, ziel)
    if (art === 'IMPORT') return anlauf === undefined ? undefined : startImport(client, { nr: ziel, anlauf })
    if (art === 'MAIL') return mail && startMail(client, { nr: ziel, ...mail })
    if (!fall) return
    const message = signal && { name: signal, stand: stand ?? fall.stand }
    if (needsClock(fall.stand)) return startFall(client, { nr: ziel, betrieb, gevo: fall.gevo, stand: fall.stand, link: link(ziel), signal: message })
    // Nothing to wait for any more: whoever still runs is told, nobody is started.
    if (!message) return
    const handle = client.workflow.getHandle(fallId(fall.gevo, ziel))
    await handle.signal(message.name, message.stand).catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error
    })
  })
}

/** Temporal itself does not answer (or refuses for load), not this one message. https://grpc.io/docs/guides/status-codes */
function isAway(error: unknown): boolean {
  return ['GRPC_1', 'GRPC_4', 'GRPC_8', 'GRPC_13', 'GRPC_14'].includes(codeOf(error)) || !(error instanceof ServiceError)
}

function codeOf(error: unknown): string {
  const { cause, code } = error as { cause?: { code?: unknown }; code?: unknown }
  if (error instanceof ServiceError && typeof cause?.code === 'number') return `GRPC_${cause.code}`
  return typeof code === 'string' && /^\w+$/.test(code) ? code : error instanceof Error ? error.name : 'FEHLER'
}

/** Waits so many milliseconds, or until `signal` is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
