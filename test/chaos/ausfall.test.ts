/** Processes die and servers go away; nothing is lost and nothing happens twice. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { contactFall } from '../../db/kontakte.ts'
import { documentFall } from '../../db/dokumentationen.ts'
import { remindFall } from '../../db/vorgaenge.ts'
import { fallId } from '../../domain/messages.ts'
import { freePort } from '../../bin/ports.ts'
import { SECRET } from '../support/datenbank.ts'
import { type FallWelt, createFallWelt, inSeconds } from '../support/faelle.ts'
import { type FakeResend, startFakeResend } from '../support/resend.ts'
import { createTestNamespace, eventually, sleep } from '../support/temporal.ts'
import { type TestTemporal, startTestTemporal } from '../support/temporal-server.ts'

/** A server of our own, because it is stopped and its file deleted; a port of its own, because clients keep its address. */
let temporal: TestTemporal
let dir: string
let welt: FallWelt
let resend: FakeResend
let processes: ChildProcess[]

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'vm-chaos-'))
  temporal = await startTestTemporal({ file: path.join(dir, 'temporal.db'), port: await freePort() })
  welt = await createFallWelt(temporal.address)
  resend = await startFakeResend()
  processes = []
})
afterEach(async () => {
  for (const process of processes) await kill(process)
  await welt?.close()
  await temporal?.stop()
  await resend?.close()
  rmSync(dir, { recursive: true, force: true })
})

const HINWEIS = { ergebnis: 'HINWEIS_GEGEBEN', kanal: 'TELEFON', notiz: null, sperreBis: null, vorgaenge: 'BLEIBEN' } as const
const mailing = () => ({ resend: { apiKey: 're_test', baseUrl: resend.baseUrl, from: 'post@lindner.example' } })
const remind = (nr: number, am: string) => welt.asAnna((db) => remindFall(db, welt.klick(nr), { titel: 'Anrufen', notiz: null, am }))
const document = (nr: number) => welt.asAnna((db) => documentFall(db, welt.klick(nr), HINWEIS))
const countEvents = async (ereignis: string): Promise<number> => {
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM protokoll WHERE ereignis = ${ereignis}`.execute(welt.database.owner)
  return rows[0]!.n
}
const countOpenMessages = async (): Promise<number> => {
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM outbox WHERE zugestellt_am IS NULL`.execute(welt.database.owner)
  return rows[0]!.n
}
const allDelivered = (): Promise<void> => eventually(async () => expect(await countOpenMessages()).toBe(0), 60_000)
/** The state every workflow shows is the row's. */
const allInLine = (faelle: readonly number[]): Promise<void> =>
  eventually(async () => {
    for (const nr of faelle) expect(await welt.shown(nr)).toMatchObject({ VmVersion: (await welt.readFall(nr)).version })
  }, 60_000)

/** The real worker process, as `npm run start:worker` runs it. */
async function spawnWorker(): Promise<ChildProcess> {
  const root = path.join(import.meta.dirname, '../..')
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: welt.database.ownerUrl,
    SESSION_SECRET: SECRET,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: welt.namespace.namespace,
    PUBLIC_URL: 'https://vorgang.test',
    RESEND_API_KEY: 're_test',
    RESEND_BASE_URL: resend.baseUrl,
    MAIL_FROM: 'post@lindner.example',
  }
  const worker = spawn(process.execPath, ['--import', 'tsx', 'worker.ts'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  processes.push(worker)
  let output = ''
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += String(chunk)
      if (output.includes('Worker läuft')) resolve()
    }
    worker.stdout.on('data', read)
    worker.stderr.on('data', read)
    worker.once('exit', () => reject(new Error(`Der Worker endete:\n${output}`)))
  })
  return worker
}
async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  const gone = new Promise((resolve) => worker.once('exit', resolve))
  worker.kill('SIGKILL')
  await gone
}

test('the worker is killed before a due time and comes back after it: the reminder fires once, with one mail', async () => {
  const first = await spawnWorker()
  const faelle = await welt.openFaelle(3)
  for (const nr of faelle) await remind(nr, inSeconds(4))
  await allInLine(faelle)
  await kill(first)
  await sleep(5_000)
  expect(await countEvents('due')).toBe(0)

  await spawnWorker()
  await eventually(async () => expect(await countEvents('due')).toBe(3), 60_000)
  await eventually(async () => expect(resend.sent.size).toBeGreaterThan(0), 30_000)
  await sleep(2_000)
  expect(await countEvents('due')).toBe(3)
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM vorgang WHERE status = 'FAELLIG'`.execute(welt.database.owner)
  expect(rows[0]!.n).toBe(3)
  expect(resend.requests.length).toBe(1)
})

test('the relay is killed between delivery and mark: delivered again, recorded once', async () => {
  const first = await spawnWorker()
  const faelle = await welt.openFaelle(5)
  await allDelivered()

  // The mark takes long: the process dies with the messages delivered and not marked.
  const before = await countSignals(faelle)
  await sql`CREATE FUNCTION bremse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$`.execute(
    welt.database.owner,
  )
  await sql`CREATE TRIGGER bremse BEFORE UPDATE ON outbox FOR EACH STATEMENT EXECUTE FUNCTION bremse()`.execute(welt.database.owner)
  for (const nr of faelle) await welt.asAnna((db) => contactFall(db, welt.klick(nr), { kanal: 'TELEFON', ergebnis: 'GESPROCHEN' }))
  await eventually(async () => {
    expect(await marks('SELECT count(*)::int AS n')).not.toEqual([{ n: 0 }])
    expect(await countSignals(faelle)).toBeGreaterThan(before)
  })
  await kill(first)
  // PostgreSQL would finish the statement although its sender has died.
  await marks('SELECT pg_terminate_backend(pid)')
  await sql`DROP TRIGGER bremse ON outbox`.execute(welt.database.owner)
  expect(await countOpenMessages()).toBeGreaterThan(0)

  await spawnWorker()
  await allDelivered()
  // Temporal shows a signal once the task that the dead worker had taken has run out.
  await eventually(async () => expect(await countSignals(faelle)).toBeGreaterThan(before + faelle.length))
  await allInLine(faelle)
  expect(await countEvents('contacted')).toBe(5)
  for (const nr of faelle) expect(await welt.readFall(nr)).toMatchObject({ version: 2, status: 'IN_ARBEIT' })
})

test('Temporal is away while fifty Fälle are documented: all answered at once, all told afterwards', async () => {
  await welt.startWorker({ maxCachedWorkflows: 100 })
  const faelle = await welt.openFaelle(50)
  await allDelivered()
  await temporal.stop()

  const began = Date.now()
  for (const nr of faelle) expect(await document(nr)).toMatchObject({ ok: true })
  expect(Date.now() - began).toBeLessThan(10_000)
  await sleep(1_500)
  expect(await countOpenMessages()).toBe(50)

  temporal = await startTestTemporal({ file: temporal.file, port: temporal.port })
  await allDelivered()
  await allInLine(faelle)
  for (const nr of faelle) expect(await welt.shown(nr)).toMatchObject({ VmStatus: 'DOKUMENTIERT', status: 'RUNNING' })
  expect(await countEvents('documented')).toBe(50)
})

test('two hundred Fälle wait with room for two: every one hears its message', async () => {
  await welt.startWorker({ maxCachedWorkflows: 2 })
  const faelle = await welt.openFaelle(200)
  const am = inSeconds(3600)
  for (const nr of faelle) await remind(nr, am)
  await allDelivered()
  for (const nr of faelle) await document(nr)
  await allDelivered()
  await eventually(async () => {
    const done = `WorkflowType = 'fall' AND VmStatus = 'DOKUMENTIERT' AND ExecutionStatus = 'Running'`
    expect(await welt.namespace.client.workflow.count(done)).toMatchObject({ count: 200 })
  }, 90_000)
  await allInLine(faelle)
})

test('Temporal’s file is deleted with two hundred open Fälle: all come back with the same due instants, no mail goes twice', async () => {
  await welt.startWorker({ maxCachedWorkflows: 300, ...mailing() })
  const faelle = await welt.openFaelle(200)
  const [due, ...later] = faelle
  await remind(due!, inSeconds(1))
  const am = inSeconds(3600)
  for (const nr of later.slice(0, 50)) await remind(nr, am)
  await allDelivered()
  await eventually(async () => expect(resend.sent.size).toBe(1), 30_000)
  await eventually(async () => expect(await countEvents('due')).toBe(1))
  await welt.stopWorker()

  await temporal.stop()
  for (const suffix of ['', '-wal', '-shm']) rmSync(temporal.file + suffix, { force: true })
  temporal = await startTestTemporal({ file: temporal.file, port: temporal.port })
  await (await createTestNamespace(temporal.address, welt.namespace.namespace)).close()

  await welt.startWorker({ maxCachedWorkflows: 300, ...mailing() })
  await eventually(async () => {
    expect(await welt.namespace.client.workflow.count(`WorkflowType = 'fall' AND ExecutionStatus = 'Running'`)).toMatchObject({ count: 200 })
  }, 60_000)
  await allInLine(faelle)
  for (const nr of later.slice(0, 50)) expect(await welt.shown(nr)).toMatchObject({ VmFaellig: new Date(am), VmStatus: 'WIEDERVORLAGE' })
  expect(await welt.shown(due!)).not.toHaveProperty('VmFaellig')
  await sleep(2_000)
  expect([resend.requests.length, await countEvents('due')]).toEqual([1, 1])
})

/** The relay's statements that mark messages as delivered, as PostgreSQL sees them. */
async function marks(select: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: inject('postgres').superUrl })
  await client.connect()
  const name = new URL(welt.database.ownerUrl).pathname.slice(1)
  const { rows } = await client.query(`${select} FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND query LIKE 'UPDATE outbox%'`, [
    name,
  ])
  await client.end()
  return rows
}

/** How often these Fälle were told something, from their histories. */
async function countSignals(faelle: readonly number[]): Promise<number> {
  let n = 0
  for (const nr of faelle) {
    const { events } = await welt.namespace.client.workflow.getHandle(fallId('G01', nr)).fetchHistory()
    n += (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length
  }
  return n
}
