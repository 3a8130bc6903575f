/** Processes that must live: started again when they die, given up when they die too often, stopped when asked. */
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { nachrangig } from './nachrangig.ts'
import { createInterface } from 'node:readline'

export interface Prozess {
  pid: number
  /** Resolves with how it ended ("Code 1", "Signal SIGKILL"). */
  ended: Promise<string>
  stop(): Promise<void>
}

export interface Kind {
  name: string
  /** Resolves when the process does its work. An error that is `endgueltig` ends it at once: another try cannot help. */
  start: () => Promise<Prozess>
}

export interface Aufsicht {
  /** Resolves with the reason, in German, when it died too often. */
  aufgegeben: Promise<string>
  stop(): Promise<void>
}

export interface Geduld {
  /** So many deaths within `fenster` milliseconds end it. */
  tode?: number
  fenster?: number
  /** First pause, milliseconds; doubled with every death in the window. */
  pause?: number
}

const LONGEST_PAUSE = 15_000

/**
 * Resolves when the process has come up once, was given up, or `signal` was aborted (then it is not started again; `stop` still has to be called).
 * A first start may fail like any later one.
 */
export async function hold(
  kind: Kind,
  melde: (text: string) => void,
  signal: AbortSignal,
  { tode = 5, fenster = 300_000, pause = 500 }: Geduld = {},
): Promise<Aufsicht> {
  const own = new AbortController()
  const stopping = AbortSignal.any([own.signal, signal])
  let current: Prozess | undefined
  let up = (): void => undefined
  const firstUp = new Promise<void>((resolve) => (up = resolve))

  const once = async (): Promise<{ how: string; endgueltig?: boolean }> => {
    try {
      current = await kind.start()
    } catch (error) {
      const { message: how, endgueltig = false } = error as Error & { endgueltig?: boolean }
      return { how, endgueltig }
    }
    up()
    if (stopping.aborted) await current.stop()
    const how = await current.ended
    current = undefined
    return { how }
  }

  /** Undefined: was asked to stop. */
  const live = async (): Promise<string | undefined> => {
    const deaths: number[] = []
    while (!stopping.aborted) {
      const { how, endgueltig } = await once()
      if (stopping.aborted) break
      if (endgueltig) return how
      const now = Date.now()
      deaths.push(now)
      const recent = deaths.filter((at) => at > now - fenster).length
      if (recent >= tode) return `${kind.name} ist ${recent}-mal in ${fenster / 60_000} Minuten ausgefallen, zuletzt: ${how}.`
      const wait = Math.min(pause * 2 ** (recent - 1), LONGEST_PAUSE)
      melde(`${kind.name} ist ausgefallen (${how}); neuer Start in ${(wait / 1000).toLocaleString('de-DE')} s.`)
      await sleep(wait, stopping)
    }
    up()
    return undefined
  }

  const loop = live()
  const aufgegeben = loop.then((grund) => grund ?? new Promise<never>(() => undefined))
  await Promise.race([firstUp, aufgegeben])
  return {
    aufgegeben,
    stop: async () => {
      own.abort()
      await current?.stop()
      await loop
    },
  }
}

export interface NodeKind {
  name: string
  /** Relative to the project. */
  file: string
  env: NodeJS.ProcessEnv
  schreibe: (name: string, line: string) => void
  /** Less urgent than the others. */
  nice?: boolean
  /** Of Node itself. */
  flags?: readonly string[]
  /** Milliseconds from the request to end until it is made to. */
  frist: number
}

const ROOT = path.join(import.meta.dirname, '..')

/**
 * Of the web process (start:web in package.json has the same): what a page leaves behind is collected in 16 MB. Left to itself, Node gives it more and more
 * room for half an hour: 70 MB more memory for the same clicks, and none of them quicker.
 */
export const WEB_FLAGS = ['--min-semi-space-size=16', '--max-semi-space-size=16'] as const

/** Starts a TypeScript file as a process of its own. Ends with this process even when that is killed. */
export function startNode({ name, file, env, schreibe, nice = false, flags = [], frist }: NodeKind): Prozess {
  const eltern = new URL('./eltern.mjs', import.meta.url).href
  const args = [...flags, '--import', eltern, '--import', 'tsx', path.join(ROOT, file)]
  // Detached: Ctrl-C goes to a whole process group, but children end in their order.
  const program = nice ? nachrangig(process.execPath, args) : ([process.execPath, args] as const)
  const child = spawn(...program, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true })
  for (const stream of [child.stdout!, child.stderr!]) createInterface({ input: stream }).on('line', (line) => schreibe(name, line))
  const ended = endOf(child)
  return { pid: child.pid ?? -1, ended, stop: () => end(child, ended, frist) }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `Signal ${signal}` : `Code ${code}`))
    child.once('error', (error) => resolve(error.message))
  })
}

export async function end(child: ChildProcess, ended: Promise<unknown>, frist: number): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), frist)
  await ended
  clearTimeout(late)
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
