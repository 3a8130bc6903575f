/** `npm start` as a person runs it: comes up, refuses a second one, ends without leaving anything behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../bin/ports.ts'
import { clusterDir } from '../../bin/postgres.ts'
import { pfade } from '../../web/pfade.ts'
import { startTestTemporal } from '../support/temporal-server.ts'
import { eventually } from '../support/temporal.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const PASSWORT = 'Regen Kante Ofen'

let dir: string
let port: number
const laufende: Lauf[] = []

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'vm-start-'))
  port = await freePort()
})
afterAll(async () => {
  for (const { child } of laufende) child.kill('SIGTERM')
  // Where a test failed: nothing of it stays.
  await eventually(async () => expect(listOurs()).toEqual([]), 50_000).catch(() =>
    listOurs().forEach((line) => process.kill(Number(line.split(' ')[0]), 'SIGKILL')),
  )
  rmSync(dir, { recursive: true, force: true })
  const cluster = clusterDir(dir)
  if (!cluster.startsWith(dir)) rmSync(path.dirname(cluster), { recursive: true, force: true })
})

interface Lauf {
  child: ChildProcess
  text(): string
  /** Exit code. */
  ended: Promise<number | null>
}

function start(env: Record<string, string> = {}, [program, ...args]: [string, ...string[]] = [process.execPath, 'bin/start.mjs', 'start']): Lauf {
  const lines: string[] = []
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: dir, PORT: String(port), DEMO_PASSWORD: PASSWORT, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (data: Buffer) => void lines.push(data.toString()))
  const lauf = { child, text: () => lines.join(''), ended: once(child, 'exit').then(([code]) => code as number | null) }
  laufende.push(lauf)
  return lauf
}

/** Everything that has to do with this data folder: by its arguments or its environment. */
function listOurs(): string[] {
  const cluster = clusterDir(dir)
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => {
      const args = read(`/proc/${pid}/cmdline`)
      return args.includes(dir) || args.includes(cluster) || read(`/proc/${pid}/environ`).includes(`DATA_DIR=${dir}`)
    })
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`)
}
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
async function readTemporalUi(): Promise<string | null> {
  const { postgres } = JSON.parse(read(path.join(dir, 'geheimnisse.json'))) as { postgres: string }
  const [, , , pgPort] = read(path.join(clusterDir(dir), 'postmaster.pid')).split('\n')
  const client = new pg.Client({ connectionString: `postgres://vm_owner:${postgres}@127.0.0.1:${pgPort}/vorgangsmanagement` })
  await client.connect()
  const { rows } = await client.query<{ temporal_ui: string | null }>('SELECT temporal_ui FROM herzschlag')
  await client.end()
  return rows[0]?.temporal_ui ?? null
}
function killHard(program: string): void {
  const [line] = listOurs().filter((one) => one.includes(`${program}`) && !one.includes('start.mjs'))
  process.kill(Number(line!.split(' ')[0]), 'SIGKILL')
}
const laeuft = (lauf: Lauf): Promise<void> => eventually(async () => expect(lauf.text()).toContain('Alles läuft'), 90_000)
const seite = (pfad: string, init?: RequestInit): Promise<Response> => fetch(`http://127.0.0.1:${port}${pfad}`, { redirect: 'manual', ...init })
const anmelden = (): Promise<Response> => {
  const origin = `http://localhost:${port}`
  return seite('/anmelden', {
    method: 'POST',
    headers: { Origin: origin, 'Sec-Fetch-Site': 'same-origin', Host: `localhost:${port}` },
    body: new URLSearchParams({ email: 'supervisor@demo.example', passwort: PASSWORT }),
  })
}

test('a taken port is named, and nothing is begun', async () => {
  const other = createServer().listen(port, '127.0.0.1')
  const lauf = start()
  expect(await lauf.ended).toBe(1)
  expect(lauf.text()).toContain(`Port ${port} ist belegt`)
  expect(readdirSync(dir)).not.toContain('geheimnisse.json')
  other.close()
})

test('settings that are wrong are all named', async () => {
  const lauf = start({ NIGHT_AT: '02:15', BUNDESLAND: 'Bayern' })
  expect(await lauf.ended).toBe(1)
  expect(lauf.text()).toMatch(/BUNDESLAND[^]*NIGHT_AT/)
})

test('the first start brings up everything, loads the demo Betrieb and lets its people in', async () => {
  const lauf = start()
  await laeuft(lauf)
  expect(lauf.text()).toMatch(/supervisor@demo\.example[^]*vermittler4@demo\.example/)
  expect(lauf.text()).not.toContain('No workflows registered')
  expect(lauf.text()).toMatch(/\/einrichtung\?token=[\w-]{20,}/)
  expect((await seite('/anmelden')).status).toBe(200)
  expect((await anmelden()).status).toBe(303)
  expect(statSync(path.join(dir, 'geheimnisse.json')).mode & 0o777).toBe(0o600)

  const zweiter = start()
  expect(await zweiter.ended).toBe(1)
  expect(zweiter.text()).toMatch(/Hier läuft schon der Start \(Prozess \d+/)
  expect((await seite('/anmelden')).status).toBe(200)

  const geheim = JSON.parse(read(path.join(dir, 'geheimnisse.json'))) as { session: string; postgres: string }
  for (const wert of [geheim.session, geheim.postgres, PASSWORT]) expect(lauf.text()).not.toContain(wert)

  lauf.child.kill('SIGTERM')
  expect(await lauf.ended).toBe(0)
  expect(listOurs()).toEqual([])
})

test('the second start has its first page at once and the same data; an outage of one process is mended', async () => {
  const begonnen = performance.now()
  const lauf = start()
  await eventually(async () => expect((await seite('/anmelden')).status).toBe(200), 20_000)
  // The promise is for a machine that has a core to spare; the suite itself keeps them all busy.
  expect.soft(performance.now() - begonnen).toBeLessThan(loadavg()[0]! < availableParallelism() ? 5_000 : 20_000)
  await laeuft(lauf)
  expect((await anmelden()).status).toBe(303)

  killHard('server.ts')
  await eventually(async () => expect(lauf.text()).toContain('server.ts) ist ausgefallen (Signal SIGKILL)'))
  await eventually(async () => expect((await seite('/anmelden')).status).toBe(200), 20_000)
  killHard('bin/start.ts')
})

test('after the start itself was killed, web and worker end, and the next start takes over what is left', async () => {
  const nurServer = (): string[] => listOurs().filter((line) => /server\.ts|worker\.ts|start\.ts/.test(line))
  await eventually(async () => expect(nurServer()).toEqual([]), 60_000)
  const lauf = start()
  await laeuft(lauf)
  expect(listOurs().filter((line) => line.includes('start-dev'))).toHaveLength(1)
  expect((await anmelden()).status).toBe(303)
  lauf.child.kill('SIGINT')
  expect(await lauf.ended).toBe(0)
  expect(listOurs()).toEqual([])
})

test('a signal to npm itself ends everything too, though its shell passes nothing on', async () => {
  const lauf = start({}, ['npm', 'start'])
  await laeuft(lauf)
  lauf.child.kill('SIGTERM')
  await eventually(async () => expect(listOurs()).toEqual([]), 60_000)
})

test('what the environment says holds with the embedded server too: where its UI is, and how long the web still answers', async () => {
  const ui = 'https://temporal.makler.example/namespaces/buero'
  const lauf = start({ TEMPORAL_UI_URL: ui, DRAIN_SECONDS: '17' })
  await laeuft(lauf)
  await eventually(async () => expect(await readTemporalUi()).toBe(ui))
  lauf.child.kill('SIGTERM')
  const antworten: { status: number; um: number }[] = []
  let beendet = false
  void lauf.ended.then(() => (beendet = true))
  while (!beendet) {
    const status = await seite(pfade.bereit()).then(
      (antwort) => antwort.status,
      () => undefined,
    )
    if (status !== undefined) antworten.push({ status, um: performance.now() })
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const abgemeldet = antworten.filter(({ status }) => status === 503)
  expect(abgemeldet.at(-1)!.um - abgemeldet[0]!.um).toBeGreaterThan(16_000)
  expect(await lauf.ended).toBe(0)
})

test('a Temporal of one’s own that is away is named, with what works and what waits; all runs when it has come', async () => {
  const temporalPort = await freePort()
  const lauf = start({ TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}` })
  await eventually(async () => expect(lauf.text()).toContain(`Temporal unter 127.0.0.1:${temporalPort} antwortet noch nicht`), 60_000)
  expect(lauf.text()).toMatch(/Die Anwendung läuft.*Nachtlauf, Importe und Mails warten, bis Temporal antwortet\. Prüfen Sie.*TEMPORAL_ADDRESS/)
  expect(lauf.text()).not.toContain('Alles läuft')
  expect((await anmelden()).status).toBe(303)
  const temporal = await startTestTemporal({ file: path.join(dir, 'eigener.db'), port: temporalPort })
  try {
    await laeuft(lauf)
    expect(lauf.text().match(/Nachtlauf, Importe und Mails warten/g)).toHaveLength(1)
    lauf.child.kill('SIGTERM')
    expect(await lauf.ended).toBe(0)
  } finally {
    await temporal.stop()
  }
})

test('a Temporal server that does not come up ends the start with its name, and nothing is left', async () => {
  const fake = path.join(dir, 'fake')
  mkdirSync(fake)
  writeFileSync(path.join(fake, 'temporal'), '#!/bin/sh\n[ "$1" = --version ] && echo "temporal version 1 (Server 1.29.1)" || exit 1\n', {
    mode: 0o755,
  })
  const lauf = start({ PATH: `${fake}:${process.env['PATH']}` })
  expect(await lauf.ended).toBe(1)
  expect(lauf.text()).toMatch(/Der Temporal-Server ist 5-mal in 5 Minuten ausgefallen.*temporal\.log/)
  expect(listOurs()).toEqual([])
})
