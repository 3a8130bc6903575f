/** The worker process: workflows, activities, relay, schedules, and the checks at start and every hour. */
import type { Client } from '@temporalio/client'
import { NativeConnection, Runtime, Worker } from '@temporalio/worker'
import type { ClientConnectConfig } from '@temporalio/envconfig'
import pino from 'pino'
import { createActivities } from './activities/index.ts'
import { activityInterceptors } from './activities/fehler.ts'
import type { MailDeps } from './activities/mail.ts'
import { readConfig, reportConfig } from './bin/config.ts'
import { freePort } from './bin/ports.ts'
import { clusterDir } from './bin/postgres.ts'
import { version } from './bin/version.ts'
import { PAYLOAD_CONVERTER, loadWorkflows } from './bin/workflow-bundle.ts'
import { codeOf } from './db/fehler.ts'
import { fireOverdue } from './db/faelligkeiten.ts'
import { foldNaechte, foldZaehler } from './db/fallzaehler.ts'
import { deleteOldBytes, startLostImports } from './db/importe-waechter.ts'
import { startMissed } from './db/nachtlauf-waechter.ts'
import { deleteDelivered } from './db/outbox.ts'
import { type Db, createDb, createPool, roleUrl } from './db/verbindung.ts'
import { TASK_QUEUES } from './domain/messages.ts'
import { type RelayOptions, pause, runRelay } from './relay/deliver.ts'
import { reconcile } from './relay/reconcile.ts'
import { serveMetriken } from './relay/metriken.ts'
import { ensureNachtplan } from './relay/schedules.ts'
import { connectClient, ensureSearchAttributes, startReconcile } from './relay/temporal.ts'
import { type Log, installTelemetrie } from './relay/telemetrie.ts'
import { type Wache, runWache } from './relay/wache.ts'
import { pfade } from './web/pfade.ts'

export interface WorkerConfig extends Pick<MailDeps, 'resend' | 'publicUrl' | 'retryDelay'>, Pick<RelayOptions, 'throttle' | 'onState'> {
  /** As the worker. */
  db: Db
  temporal: ClientConnectConfig
  /** 'HH:MM' in Berlin; without it no night is planned or watched (tests). */
  nightAt?: string
  /** Looks after everything (relay/wache.ts); without it nobody does (tests). */
  wache?: Wache
  workflowBundle: { code: string }
  /** A cached workflow costs memory, one that is not replays its history (reliability: 300 ≈ 540 MB). */
  maxCachedWorkflows?: number
  log?: (entry: Log) => void
}

export interface RunningWorker {
  client: Client
  /** Ends everything in order, within about half a minute. */
  stop(): Promise<void>
  /** Rejects when a worker ends by itself. */
  done: Promise<void>
}

const HOUR = 3600 * 1000
const FALTUNG = 5_000
const NACHHOLEN = 1_000
/** A reminder so many seconds late is fired without its timer. Later than any timer of a machine that keeps up. */
const VERSPAETET = 2
const IDENTITY = 'vorgangsmanagement'

/** Comes up as soon as Temporal answers; until then it tries again with growing pauses, as long as `signal` is not aborted. */
export async function startWorker(config: WorkerConfig, signal = new AbortController().signal): Promise<RunningWorker> {
  const { db, publicUrl } = config
  const link = (fall: number): string => publicUrl + pfade.fall(fall)
  const client = connectClient(config.temporal, IDENTITY)
  const relayStop = new AbortController()
  const schluss = AbortSignal.any([signal, relayStop.signal])
  // Before Temporal answers: that it does not is what the watch has to say, what is due is due, and clicks come all the same.
  const wache = watch(config, client, schluss)
  const nachholen = every(config, NACHHOLEN, 'Wiedervorlagen nachholen', schluss, () => catchUp(config, schluss))
  // The fewer rows the counters have, the less a page adds up.
  const faltung = every(config, FALTUNG, 'Zähler falten', schluss, () => foldZaehler(db))
  const connection = await connectPatiently(config, signal)
  // What waits is told while the workers are still coming up.
  const relay = runRelay({ ...config, client, link, signal: relayStop.signal })
  const activities = createActivities({ ...config, reconcile: (beat) => reconcile({ db, client, link, beat }) })
  const workers = await createWorkers(config, connection, activities).catch(async (error: unknown) => {
    relayStop.abort()
    await relay
    throw error
  })
  const running = Promise.all(workers.map((worker) => worker.run()))
  await checkAll(config, client)
  const hourly = setInterval(() => void checkAll(config, client), HOUR)

  const end = async (): Promise<void> => {
    clearInterval(hourly)
    relayStop.abort()
    await Promise.all([relay, faltung, nachholen, wache])
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
    await running.catch(() => undefined)
    await connection.close()
    await client.connection.close()
  }
  let ended: Promise<void> | undefined
  return { client, done: running.then(() => undefined), stop: () => (ended ??= end()) }
}

/** What heals by itself: at start and every hour. One that fails does not keep the others from running. */
async function checkAll({ db, nightAt, log = () => undefined }: WorkerConfig, client: Client): Promise<void> {
  const checks: [name: string, run: () => Promise<unknown>][] = [
    ['Suchattribute', () => ensureSearchAttributes(client)],
    ['Nachtplan', async () => nightAt && ensureNachtplan(client, nightAt)],
    ['Nachtwächter', async () => nightAt && startMissed(db, new Date().toISOString(), nightAt)],
    ['Abgleich', () => startReconcile(client)],
    ['Postausgang aufräumen', () => deleteDelivered(db)],
    ['Importe fortsetzen', () => startLostImports(db)],
    ['Alte Importdateien löschen', () => deleteOldBytes(db)],
    ['Zähler früherer Nächte falten', () => foldNaechte(db)],
  ]
  for (const [name, run] of checks)
    await client
      .withDeadline(Date.now() + 10_000, run)
      .catch((error: unknown) => log({ level: 'warn', text: `${name}: nicht gelungen`, fehler: codeOf(error) }))
}

async function watch({ db, wache, nightAt, publicUrl, log = () => undefined }: WorkerConfig, client: Client, signal: AbortSignal): Promise<void> {
  if (wache) await runWache({ ...wache, db, client, nightAt, link: publicUrl + pfade.system(), signal, log })
}

/** Again and again, until `signal` is aborted; what fails is tried again, and said once. */
async function every(
  { log = () => undefined }: WorkerConfig,
  ms: number,
  name: string,
  signal: AbortSignal,
  run: () => Promise<unknown>,
): Promise<void> {
  for (let gesagt = ''; !signal.aborted; await pause(ms, signal)) {
    const fehler = await run().then(() => '', codeOf)
    if (fehler && fehler !== gesagt) log({ level: 'warn', text: `${name}: nicht gelungen`, fehler })
    gesagt = fehler
  }
}

async function catchUp({ db, log = () => undefined }: WorkerConfig, signal: AbortSignal): Promise<void> {
  const n = await fireOverdue(db, VERSPAETET, signal)
  if (n > 0) log({ level: 'warn', text: `${n} verspätete Wiedervorlagen nachgeholt` })
}

async function createWorkers(config: WorkerConfig, connection: NativeConnection, activities: object): Promise<Worker[]> {
  const { workflowBundle, maxCachedWorkflows = 300 } = config
  const shared = {
    connection,
    namespace: config.temporal.namespace ?? 'default',
    identity: IDENTITY,
    activities,
    interceptors: { activity: activityInterceptors },
    shutdownGraceTime: '30 seconds',
    shutdownForceTime: '40 seconds',
    // What waits for a worker that knows the workflow by heart and has died goes to the next one (default 10 s).
    stickyQueueScheduleToStartTimeout: '3 seconds',
  }
  const workflows = { workflowBundle, dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER } }
  return Promise.all([
    Worker.create({ ...shared, ...workflows, taskQueue: TASK_QUEUES.faelle, maxCachedWorkflows, maxConcurrentActivityTaskExecutions: 10 }),
    Worker.create({ ...shared, ...workflows, taskQueue: TASK_QUEUES.nacht, maxCachedWorkflows: 10, maxConcurrentActivityTaskExecutions: 4 }),
    // Resend takes two mails a second.
    Worker.create({ ...shared, taskQueue: TASK_QUEUES.mail, maxConcurrentActivityTaskExecutions: 4, maxTaskQueueActivitiesPerSecond: 2 }),
  ])
}

async function connectPatiently({ temporal, log = () => undefined }: WorkerConfig, signal: AbortSignal): Promise<NativeConnection> {
  for (let wait = 500; ; wait = Math.min(wait * 2, 15_000)) {
    try {
      return await NativeConnection.connect(temporal.connectionOptions)
    } catch (error) {
      if (signal.aborted) throw error
      log({ level: 'warn', text: `Temporal unter ${temporal.connectionOptions.address} antwortet noch nicht`, fehler: codeOf(error) })
      await pause(wait, signal)
    }
  }
}

/** The process: until SIGTERM or SIGINT, or until a worker ends by itself. */
async function main(): Promise<void> {
  const config = readConfig(process.env, ['databaseUrl', 'sessionSecret', 'temporal'])
  const lines = pino({ base: { prozess: 'worker' } })
  const log = ({ level, text, fehler }: Log): void => lines[level]({ ...(fehler && { fehler }) }, text)
  const kernmetriken = installTelemetrie(log, await freePort())
  for (const line of reportConfig(config)) log({ level: 'info', text: line })

  const ended = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ended.abort())
  const onError = (error: Error): void => log({ level: 'warn', text: 'Datenbankverbindung beendet', fehler: codeOf(error) })
  const db = createDb(createPool(roleUrl(config.databaseUrl, 'vm_worker', config.sessionSecret), 'vm_worker', { max: 16, onError }))
  const onState: RelayOptions['onState'] = (state, fehler) =>
    log(state === 'ok' ? { level: 'info', text: 'Temporal antwortet wieder' } : { level: 'warn', text: 'Nachrichten an Temporal warten', fehler })

  const wache = { version: version(), ordner: [config.dataDir, clusterDir(config.dataDir)], temporalUi: config.temporalUi, kernmetriken }
  let metriken: Awaited<ReturnType<typeof serveMetriken>> | undefined
  let worker: RunningWorker | undefined
  // Asked to end while it was still coming up: nobody will ask again.
  const asked = new Promise((resolve) => ended.signal.addEventListener('abort', resolve, { once: true }))
  try {
    if (config.metrics) metriken = await serveMetriken({ db, kernmetriken }, config.metrics)
    const workflowBundle = await loadWorkflows(config.dataDir)
    worker = await startWorker({ ...config, workflowBundle, db, wache, log, onState }, ended.signal)
    log({ level: 'info', text: 'Worker läuft' })
    if (!ended.signal.aborted) await Promise.race([worker.done, asked])
  } finally {
    await worker?.stop()
    // The SDK ends with the last worker; without any it would keep this process alive.
    if (!worker) await Runtime.instance().shutdown()
    await metriken?.close()
    await db.destroy()
  }
  log({ level: 'info', text: 'Worker beendet' })
}

if (import.meta.main)
  await main().catch((error: unknown) => {
    const readable = error instanceof Error && error.name === 'Einstellungen'
    const belegt = codeOf(error) === 'EADDRINUSE' ? ' (METRICS_PORT ist belegt: einen anderen wählen oder weglassen)' : ''
    process.stderr.write(`${readable ? error.message : `Der Worker ist nicht gestartet: ${codeOf(error)}${belegt}`}\n`)
    process.exitCode = 1
  })
