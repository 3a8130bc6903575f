/** Where the Temporal server's program comes from when no server is named: the machine, the cache, a download, a build. */
import { execFile, spawn } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Programm {
  file: string
  /** The server's version ('1.29.1'), not the CLI's: files belong to it. */
  server: string
}

export interface Suche {
  /** Folder for what is downloaded or built. */
  cache?: string
  /** Folders as in PATH. */
  pfad?: string
  /** Told what takes long. */
  melde?: (text: string) => void
  /** Ends a download or build under way. */
  signal?: AbortSignal
  /** Whether downloading and building are allowed; default yes. */
  holen?: boolean
}

/** The newest tag `go install` takes: later ones carry a `replace` in go.mod. */
const CLI = 'github.com/temporalio/cli/cmd/temporal@v1.5.1'
/** Where the SDK downloads from; milliseconds to find out whether that can be reached. */
const DOWNLOAD = 'https://temporal.download'
const REACHABLE_MS = 4_000
const DOWNLOAD_MS = 120_000
const EXE = process.platform === 'win32' ? '.exe' : ''

export const CACHE = path.join(homedir(), '.cache', 'vorgangsmanagement', 'bin')

/** Throws with the three ways to get one when there is none. */
export async function findTemporal({
  cache = CACHE,
  pfad = process.env['PATH'] ?? '',
  melde = () => undefined,
  signal = new AbortController().signal,
  holen = true,
}: Suche = {}): Promise<Programm> {
  const cached = path.join(cache, `temporal${EXE}`)
  const ways = [
    async () => onPath('temporal', pfad),
    async () => cached,
    async () => downloaded(cache),
    ...(holen ? [async () => download(cache, melde, signal), async () => build(cache, pfad, melde, signal)] : []),
  ]
  for (const way of ways) {
    const file = await way().catch(() => undefined)
    const server = file && (await serverVersion(file))
    if (file && server) return { file, server }
  }
  throw Object.assign(new Error(THREE_WAYS), { name: 'Temporal' })
}

const THREE_WAYS = `Auf diesem Rechner ist kein Temporal-Server zu finden und keiner zu beschaffen. Drei Wege dahin:
  1. Das Programm „temporal“ (Temporal CLI) von https://temporal.io/setup/install-temporal-cli laden und in den PATH legen.
  2. Go von https://go.dev/dl installieren und erneut starten: Der Server wird dann einmalig gebaut (etwa 3 Minuten).
  3. Einen vorhandenen Server oder Temporal Cloud nennen: TEMPORAL_ADDRESS=RECHNER:7233 (und TEMPORAL_NAMESPACE).`

/** A file that is there but does not run, or is something else of that name, is passed over. */
async function serverVersion(file: string): Promise<string | undefined> {
  if (!existsSync(file)) return undefined
  const { stdout } = await run(file, ['--version'], { timeout: 20_000 }).catch(() => ({ stdout: '' }))
  return /\(Server (\d+\.\d+\.\d+[\w.-]*)/.exec(stdout)?.[1]
}

function onPath(name: string, pfad: string): string | undefined {
  return pfad
    .split(path.delimiter)
    .filter(Boolean)
    .map((dir) => path.join(dir, name + EXE))
    .find(isExecutable)
}

function downloaded(cache: string): string | undefined {
  if (!existsSync(cache)) return undefined
  const name = readdirSync(cache).find((file) => file.startsWith('temporal-sdk-typescript-') && !file.endsWith('.downloading'))
  return name && path.join(cache, name)
}

/** The SDK's own download, in a process of its own: it also starts the server once. */
async function download(cache: string, melde: (text: string) => void, signal: AbortSignal): Promise<string | undefined> {
  await fetch(DOWNLOAD, { method: 'HEAD', signal: AbortSignal.timeout(REACHABLE_MS) })
  melde('Der Temporal-Server wird geladen (einmalig) …')
  mkdirSync(cache, { recursive: true })
  const server = { executable: { type: 'cached-download', downloadDir: cache } }
  const script = `const { TestWorkflowEnvironment } = await import('@temporalio/testing')
    const env = await TestWorkflowEnvironment.createLocal(${JSON.stringify({ server })}); await env.teardown()`
  await run(process.execPath, ['--input-type=module', '-e', script], { cwd: path.join(import.meta.dirname, '..'), timeout: DOWNLOAD_MS, signal })
  return downloaded(cache)
}

async function build(cache: string, pfad: string, melde: (text: string) => void, signal: AbortSignal): Promise<string | undefined> {
  const go = onPath('go', pfad)
  if (!go) return undefined
  melde('Der Temporal-Server wird gebaut (einmalig, etwa 3 Minuten) …')
  mkdirSync(cache, { recursive: true })
  const ok = await new Promise<boolean>((resolve) => {
    const env = { ...process.env, GOBIN: cache }
    const child = spawn(go, ['install', CLI], { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true })
    // Go's compilers are processes of their own.
    const kill = (): void => void (child.pid && process.kill(-child.pid, 'SIGTERM'))
    signal.addEventListener('abort', kill, { once: true })
    const lines: string[] = []
    child.stderr.on('data', (data: Buffer) => void lines.push(data.toString()))
    child.on('error', () => resolve(false))
    child.on('exit', (code) => {
      signal.removeEventListener('abort', kill)
      if (code !== 0 && !signal.aborted) melde(`Der Bau ist gescheitert:\n${lines.join('').trim().split('\n').slice(-5).join('\n')}`)
      resolve(code === 0)
    })
  })
  return ok ? path.join(cache, `temporal${EXE}`) : undefined
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
