/** The whole product in a scratch folder, each part a process of its own that is started again when it dies, with lines between them that can be cut. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Client } from '@temporalio/client'
import { type Aufsicht, type Prozess, WEB_FLAGS, hold, startNode } from '../../bin/kinder.ts'
import { freePort } from '../../bin/ports.ts'
import { startPostgres } from '../../bin/postgres.ts'
import { NAMESPACE } from '../../bin/temporal.ts'
import { migrate } from '../../db/migrate.ts'
import { type Db, createDb, createPool, roleUrl } from '../../db/verbindung.ts'
import { connectClient } from '../../relay/temporal.ts'
import { pfade } from '../../web/pfade.ts'
import { type FakeResend, startFakeResend } from '../support/resend.ts'
import { sende } from './stoerungen.ts'
import { type Leitungen, openLeitungen } from './toxiproxy.ts'

export type Ziel = 'web' | 'worker' | 'temporal' | 'postgres'
export type Leitung = 'makler-web' | 'web-postgres' | 'worker-postgres' | 'worker-temporal' | 'worker-resend'

export interface Anlage {
  /** Where brokers find the app: behind a line. */
  url: string
  leitungen: Leitungen
  resend: FakeResend
  /** As the owner, and Temporal's client: past all lines. */
  owner: Db
  worker: Db
  client: Client
  /** Processes of a part, its first one first; empty while it is down. */
  pids(ziel: Ziel): number[]
  /** How often each part was started. */
  starts: Record<Ziel, number>
  /** Whether it has said so since its last start. */
  isWorkerBereit(): boolean
  /** Resolves when every part answers again. */
  bereit(): Promise<void>
  stop(): Promise<void>
}

/** Starts a Temporal server on a port, in a folder; the same again after it died. */
export type TemporalStart = (wo: { dir: string; port: number }) => Promise<Prozess>

export interface Anlagenplan {
  /** From `createOrdner`. */
  dir: string
  startTemporal: TemporalStart
  /** Nothing is started again once it is aborted. */
  signal: AbortSignal
  /** Further settings of web and worker. */
  env?: Record<string, string>
}

const SECRET = 'nur-fuer-stoerungen-und-nirgends-sonst'
/** Dies as often as it likes, is back at once. */
const GEDULD = { tode: Infinity, fenster: 1_000, pause: 300 }

/** Where root's PostgreSQL may go, too. */
export function createOrdner(): string {
  const base = process.getuid?.() === 0 ? '/var/lib/vorgangsmanagement' : tmpdir()
  mkdirSync(base, { recursive: true, mode: 0o755 })
  const dir = mkdtempSync(path.join(base, `chaos-${process.env['TESTLAUF'] ?? ''}-`))
  chmodSync(dir, 0o755)
  return dir
}

export async function openAnlage({ dir, startTemporal, signal, env: weitere = {} }: Anlagenplan): Promise<Anlage> {
  const melde = (text: string): void => schreibe('aufsicht', text)
  const schreibe = (name: string, line: string): void => appendFileSync(path.join(dir, `${name}.log`), `${new Date().toISOString()} ${line}\n`)

  const laufend: Partial<Record<Ziel, Prozess>> = {}
  const starts = { web: 0, worker: 0, temporal: 0, postgres: 0 }
  const aufseher: Aufsicht[] = []
  const halte = async (ziel: Ziel, start: () => Promise<Prozess>): Promise<void> => {
    const kind = async (): Promise<Prozess> => {
      const prozess = await start()
      starts[ziel] += 1
      laufend[ziel] = prozess
      void prozess.ended.then(() => laufend[ziel] === prozess && delete laufend[ziel])
      return prozess
    }
    aufseher.push(await hold({ name: ziel, start: kind }, melde, signal, GEDULD))
  }
  const leitungen = await openLeitungen(dir)
  const resend = await startFakeResend()
  const [pgPort, temporalPort, webPort] = [await freePort(), await freePort(), await freePort()]
  const eingang: Record<Leitung, number> = {
    'makler-web': await leitungen.lege('makler-web', webPort),
    'web-postgres': await leitungen.lege('web-postgres', pgPort),
    'worker-postgres': await leitungen.lege('worker-postgres', pgPort),
    'worker-temporal': await leitungen.lege('worker-temporal', temporalPort),
    'worker-resend': await leitungen.lege('worker-resend', Number(new URL(resend.baseUrl).port)),
  }

  let ownerUrl = ''
  await halte('postgres', async () => {
    const server = await startPostgres({ dir: path.join(dir, 'postgres'), password: SECRET, port: pgPort })
    ownerUrl = server.url
    return { pid: server.pid, ended: untilGone(server.pid), stop: server.stop }
  })
  await migrate(ownerUrl, SECRET)
  await halte('temporal', () => startTemporal({ dir: path.join(dir, 'temporal'), port: temporalPort }))

  const url = `http://127.0.0.1:${eingang['makler-web']}`
  const durch = (leitung: Leitung): string => Object.assign(new URL(ownerUrl), { port: eingang[leitung] }).href
  const env = { ...process.env, DATA_DIR: dir, HOST: '127.0.0.1', PORT: String(webPort), PUBLIC_URL: url, SESSION_SECRET: SECRET, ...weitere }
  const post = {
    RESEND_API_KEY: 're_stoerung',
    RESEND_BASE_URL: `http://127.0.0.1:${eingang['worker-resend']}`,
    MAIL_FROM: 'post@makler.example',
  }
  const nach = { TEMPORAL_ADDRESS: `127.0.0.1:${eingang['worker-temporal']}`, TEMPORAL_NAMESPACE: NAMESPACE }
  await halte('web', async () =>
    startNode({
      name: 'web',
      file: 'server.ts',
      env: { ...env, ...post, DATABASE_URL: durch('web-postgres') },
      schreibe,
      flags: WEB_FLAGS,
      frist: 15_000,
    }),
  )
  let workerBereit = false
  const hoere = (name: string, line: string): void => {
    schreibe(name, line)
    if (line.includes('Worker läuft')) workerBereit = true
  }
  await halte('worker', async () => {
    workerBereit = false
    const umgebung = { ...env, ...post, ...nach, DATABASE_URL: durch('worker-postgres') }
    return startNode({ name: 'worker', file: 'worker.ts', env: umgebung, schreibe: hoere, nice: true, frist: 45_000 })
  })

  // Connections the kills end are no news here.
  const onError = (): void => undefined
  const owner = createDb(createPool(ownerUrl, 'owner', { max: 4, onError }))
  const worker = createDb(createPool(roleUrl(ownerUrl, 'vm_worker', SECRET), 'vm_worker', { max: 4, onError }))
  const client = connectClient({ connectionOptions: { address: `127.0.0.1:${temporalPort}` }, namespace: NAMESPACE }, 'stoerung')

  const antwortet = async (): Promise<boolean> =>
    workerBereit &&
    (await fetch(url + pfade.lebt(), { signal: AbortSignal.timeout(2_000) }).then(
      ({ ok }) => ok,
      () => false,
    )) &&
    (await client
      .withDeadline(Date.now() + 2_000, () => client.workflowService.describeNamespace({ namespace: NAMESPACE }))
      .then(
        () => true,
        () => false,
      ))
  return {
    url,
    leitungen,
    resend,
    owner,
    worker,
    client,
    starts,
    pids: (ziel) => {
      const pid = laufend[ziel]?.pid
      return pid === undefined ? [] : [pid, ...(ziel === 'postgres' ? childrenOf(pid) : [])]
    },
    isWorkerBereit: () => workerBereit,
    bereit: async () => {
      while (!signal.aborted && !(await antwortet())) await new Promise((resolve) => setTimeout(resolve, 200))
    },
    stop: async () => {
      for (const prozess of Object.values(laufend)) sende(prozess.pid, 'SIGCONT')
      await Promise.allSettled([owner.destroy(), worker.destroy()])
      for (const aufsicht of aufseher.toReversed()) await aufsicht.stop().catch((error: Error) => melde(error.message))
      await client.connection.close()
      await Promise.all([leitungen.close(), resend.close()])
    },
  }
}

/** Processes that have to do with this folder, by their arguments or their environment. */
export function listUebrige(dir: string): { pid: number; args: string }[] {
  const lines = execFileSync('ps', ['-A', 'eww', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 64e6 }).split('\n')
  return lines.filter((line) => line.includes(dir)).map((line) => ({ pid: Number.parseInt(line), args: line.trim().slice(0, 160) }))
}

/** Ends whatever is left of it; the processes' lines stay where `nach` says. */
export function removeOrdner(dir: string, nach: string): void {
  for (const { pid } of listUebrige(dir)) sende(pid, 'SIGKILL')
  mkdirSync(nach, { recursive: true })
  for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.log')) copyFileSync(path.join(dir, file), path.join(nach, path.basename(file)))
  rmSync(dir, { recursive: true, force: true })
}

function childrenOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).split('\n')
  return lines.map((line) => line.trim().split(/\s+/).map(Number)).flatMap(([kind, eltern]) => (eltern === pid ? [kind!] : []))
}

/** PostgreSQL is no child of ours that would tell us. */
async function untilGone(pid: number): Promise<string> {
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return 'der Prozess ist weg'
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
