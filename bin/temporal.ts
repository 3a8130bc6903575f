/** The embedded Temporal server: one program with a file of its own, on this machine only. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import type { Client } from '@temporalio/client'
import { DEADLINE, connectClient, ensureSearchAttributes } from '../relay/temporal.ts'
import { nachrangig } from './nachrangig.ts'
import { freePort, isFree } from './ports.ts'
import { type Programm, type Suche, findTemporal } from './temporal-finden.ts'

export interface EmbeddedTemporal {
  address: string
  /** Temporal's web UI. */
  uiUrl: string
  namespace: string
  pid: number
  /** Resolves when the process has ended, whoever ended it. */
  ended: Promise<void>
  stop(): Promise<void>
}

export interface TemporalOptions extends Suche {
  /** Folder of the server's file and log; made where missing. */
  dir: string
  namespace?: string
  /** Wanted ports; a taken one is replaced by a free one. */
  port?: number
  uiPort?: number
  /** Looked for when missing. */
  programm?: Programm
}

export const NAMESPACE = 'vorgangsmanagement'
/** What is ready within this time is called started, milliseconds. */
const READY_MS = 60_000
const STOP_MS = 10_000
/** The server keeps what is closed for 24 h unless told otherwise. */
const RETENTION_DAYS = 90

/** Resolves when the namespace answers, with its search attributes and retention set. Throws in German when no server is to be had or it does not start. */
export async function startTemporal({
  dir,
  namespace = NAMESPACE,
  port = 7233,
  uiPort = 8233,
  programm,
  ...suche
}: TemporalOptions): Promise<EmbeddedTemporal> {
  const { file, server } = programm ?? (await findTemporal(suche))
  mkdirSync(dir, { recursive: true })
  const ports = { port: await takePort(port), uiPort: await takePort(uiPort) }
  // The server never migrates its file: another version gets another file, and the reconciliation fills it.
  const child = launch(file, { ...ports, namespace, data: path.join(dir, `temporal-${server}.db`), log: path.join(dir, 'temporal.log') })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  const stop = (): Promise<void> => end(child, ended)

  const address = `127.0.0.1:${ports.port}`
  try {
    await prepare(address, namespace, ended)
  } catch (error) {
    await stop()
    throw Object.assign(new Error(`Der Temporal-Server ist nicht hochgekommen (Protokoll: ${path.join(dir, 'temporal.log')}).`, { cause: error }), {
      name: 'Temporal',
    })
  }
  return { address, uiUrl: `http://127.0.0.1:${ports.uiPort}/namespaces/${namespace}/workflows`, namespace, pid: child.pid!, ended, stop }
}

/** It may compute on half of them at a time: what a click brings about takes a fifth less of them then, and the next click finds one free. */
const PROZESSOREN = String(Math.max(1, Math.floor(availableParallelism() / 2)))

interface Launch {
  port: number
  uiPort: number
  namespace: string
  data: string
  log: string
}

function launch(file: string, { port, uiPort, namespace, data, log }: Launch): ChildProcess {
  const where = ['--ip', '127.0.0.1', '--port', String(port), '--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)]
  // The default journal does 2.5 times fewer starts a second; full: an acknowledged signal survives a power cut.
  const disk = ['--db-filename', data, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=full']
  // A task of a workflow that was lost ten times (workers killed, an overloaded machine) would wait ten minutes for its next attempt.
  const fristen = ['--dynamic-config-value', 'history.workflowTaskRetryMaxInterval="10s"']
  const out = openSync(log, 'a', 0o600)
  // Detached: Ctrl-C goes to a whole process group, but this one has to end after the worker.
  const wie = ['server', 'start-dev', ...where, ...disk, ...fristen, '--namespace', namespace, '--log-level', 'error']
  const child = spawn(...nachrangig(file, wie), { env: { GOMAXPROCS: PROZESSOREN, ...process.env }, stdio: ['ignore', out, out], detached: true })
  closeSync(out)
  return child
}

async function prepare(address: string, namespace: string, ended: Promise<void>): Promise<void> {
  const client = connectClient({ connectionOptions: { address }, namespace })
  let gone = false
  void ended.then(() => (gone = true))
  try {
    await untilReady(client, () => gone)
    await client.connection.withDeadline(Date.now() + READY_MS, () => setUp(client))
  } finally {
    await client.connection.close()
  }
}

async function untilReady(client: Client, gone: () => boolean): Promise<void> {
  const { namespace } = client.options
  for (const late = Date.now() + READY_MS; ;) {
    try {
      await client.connection.withDeadline(Date.now() + DEADLINE, () => client.workflowService.describeNamespace({ namespace }))
      return
    } catch (error) {
      if (gone() || Date.now() > late) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** At every start: on a namespace that exists the server's own flags do nothing. */
async function setUp(client: Client): Promise<void> {
  await ensureSearchAttributes(client)
  const workflowExecutionRetentionTtl = { seconds: (RETENTION_DAYS * 86_400) as never }
  await client.workflowService.updateNamespace({ namespace: client.options.namespace, config: { workflowExecutionRetentionTtl } })
}

async function takePort(wanted: number): Promise<number> {
  return (await isFree(wanted)) ? wanted : freePort()
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(late)
}
