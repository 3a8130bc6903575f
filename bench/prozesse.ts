/** Web and worker as processes of their own, as `npm start` runs them, and requests as a browser sends them. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { WEB_FLAGS } from '../bin/kinder.ts'
import { nachrangig } from '../bin/nachrangig.ts'
import { pfade } from '../web/pfade.ts'
import type { Umgebung } from './umgebung.ts'

export interface Webprozess {
  port: number
  pid: number
  /** Statements since the last time it was asked. */
  zaehle(): Promise<number>
  /** Serves a bare handler beside the app; returns its port. */
  bar(art: { bar: number } | { liste: string }): Promise<number>
  stop(): void
}

/** `proxy`: behind one, so that X-Forwarded-For says who asks. */
export async function startWeb({ ownerUrl, url }: Umgebung, { proxy = false } = {}): Promise<Webprozess> {
  const server = fork(path.join(import.meta.dirname, 'server.ts'), {
    execArgv: [...WEB_FLAGS, '--import', 'tsx'],
    env: { ...process.env, OWNER: ownerUrl, WEB: url('vm_web'), AUTH: url('vm_auth'), ...(proxy && { PROXY: '1' }) },
  })
  const answer = async <T>(): Promise<T> => ((await once(server, 'message')) as [T])[0]
  const { port } = await answer<{ port: number }>()
  return {
    port,
    pid: server.pid!,
    zaehle: async () => {
      server.send('zaehle')
      return (await answer<{ statements: number }>()).statements
    },
    bar: async (art) => {
      server.send(art)
      return (await answer<{ bar: number }>()).bar
    },
    stop: () => server.disconnect(),
  }
}

export function startWorkerProcess({ ownerUrl, secret, temporal, dir }: Umgebung): ChildProcess {
  const env = {
    ...process.env,
    DATA_DIR: dir,
    DATABASE_URL: ownerUrl,
    SESSION_SECRET: secret,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
  }
  const args = ['--import', new URL('../bin/eltern.mjs', import.meta.url).href, '--import', 'tsx', 'worker.ts']
  return spawn(...nachrangig(process.execPath, args), { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
}

export async function stopWorkerProcess(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  worker.kill('SIGTERM')
  await once(worker, 'exit')
}

/** Until Temporal has every message. */
export async function drained({ owner }: Umgebung, worker: ChildProcess): Promise<void> {
  for (;;) {
    if (worker.exitCode !== null) throw new Error('Der Worker ist von selbst zu Ende gegangen.')
    const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM outbox WHERE zugestellt_am IS NULL`.execute(owner)
    if (rows[0]!.n === 0) return
    await setTimeout(500)
  }
}

/** Until a process has little to do: what was just told to it (thousands of workflows) has come to its end. */
export async function idle(pid: number, hoechstensS = 300): Promise<void> {
  const ruhig = 0.2
  for (let sekunde = 0, still = 0; still < 3 && sekunde < hoechstensS; sekunde++) {
    const vorher = cpu(pid)
    await setTimeout(1_000)
    still = cpu(pid) - vorher < ruhig ? still + 1 : 0
  }
}

/** Seconds of CPU a process has used (proc_pid_stat(5): fields 14 and 15, in hundredths). */
function cpu(pid: number): number {
  const felder = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(felder[11]) + Number(felder[12])) / 100
}

/** Megabytes of memory a process holds. */
export function rss(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_000
}

export interface Anfrage {
  agent: http.Agent
  port: number
  /** Of the session; '' without one. */
  token: string
  headers?: Record<string, string>
  /** What is no failure besides 200. */
  erlaubt?: readonly number[]
}

export function get(pfad: string, anfrage: Anfrage): Promise<void> {
  return send('GET', pfad, anfrage)
}

/** A form as htmx sends it from the list. */
export function post(pfad: string, form: Record<string, string>, { headers, ...anfrage }: Anfrage): Promise<void> {
  const htmx = {
    'Content-Type': 'application/x-www-form-urlencoded',
    Origin: 'http://localhost',
    'Sec-Fetch-Site': 'same-origin',
    'HX-Request': 'true',
    'HX-Request-Type': 'partial',
    'HX-Current-URL': `http://localhost${pfade.gevo('versicherungsluecken-junge-kunden')}`,
  }
  return send('POST', pfad, { ...anfrage, headers: { ...htmx, ...headers } }, new URLSearchParams(form).toString())
}

function send(method: string, pfad: string, { agent, port, token, headers, erlaubt = [] }: Anfrage, body?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const mit = { ...(token && { Cookie: `sitzung=${token}` }), ...headers }
    const request = http.request({ agent, port, host: '127.0.0.1', path: pfad, method, headers: mit }, (response) => {
      const status = response.statusCode!
      let text = ''
      if (status === 200) response.resume()
      else response.on('data', (part: Buffer) => (text += part.toString()))
      response.on('end', () =>
        status === 200 || erlaubt.includes(status) ? resolve() : reject(new Error(`${method} ${pfad}: ${status} ${text.slice(0, 300)}`)),
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}
