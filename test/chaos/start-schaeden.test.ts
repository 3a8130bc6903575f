/** `npm start` where something is broken: each time a German reason with the remedy, an end by itself, and nothing more broken than before. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freePort } from '../../bin/ports.ts'
import { clusterDir, startPostgres } from '../../bin/postgres.ts'
import { findTemporal } from '../../bin/temporal-finden.ts'
import { damageMiddle } from '../support/temporal-server.ts'
import { eventually } from '../support/temporal.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const ALS_ROOT = process.getuid?.() === 0

let dir: string
let cluster: string
let port: number
const laufende: ChildProcess[] = []

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'vm-schaeden-'))
  cluster = clusterDir(dir)
  port = await freePort()
})
afterAll(async () => {
  for (const child of laufende) child.kill('SIGTERM')
  await eventually(async () => expect(listOurs()).toEqual([]), 50_000).catch(() => listOurs().forEach((pid) => process.kill(Number(pid), 'SIGKILL')))
  rmSync(dir, { recursive: true, force: true })
  if (!cluster.startsWith(dir)) rmSync(path.dirname(cluster), { recursive: true, force: true })
})

function start(env: Record<string, string> = {}): { child: ChildProcess; text(): string; ended: Promise<number | null> } {
  const lines: string[] = []
  const child = spawn(process.execPath, ['bin/start.mjs', 'start'], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: dir, PORT: String(port), DEMO: 'nein', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => void lines.push(data.toString()))
  laufende.push(child)
  return { child, text: () => lines.join(''), ended: once(child, 'exit').then(([code]) => code as number | null) }
}

/** Starts, waits for the end, and expects that it failed, said so, and left no process. */
async function scheitert(env: Record<string, string> = {}): Promise<string> {
  const lauf = start(env)
  expect([await lauf.ended, lauf.text()]).toEqual([1, expect.not.stringContaining('    at ')])
  expect(listOurs()).toEqual([])
  return lauf.text()
}

function listOurs(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false
    const args = read(`/proc/${pid}/cmdline`)
    return args.includes(dir) || args.includes(cluster) || read(`/proc/${pid}/environ`).includes(`DATA_DIR=${dir}`)
  })
}
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
function geheimnis(): string {
  return (JSON.parse(read(path.join(dir, 'geheimnisse.json'))) as { postgres: string }).postgres
}
/** All comes up but Temporal. */
function ohneTemporal(): Record<string, string> {
  const proxy = 'http://127.0.0.1:1'
  return { HOME: path.join(dir, 'leer'), PATH: '/usr/bin:/bin', NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxy, https_proxy: proxy }
}
function listBeiseite(ordner: string): string[] {
  return readdirSync(ordner).filter((name) => /\.beschaedigt-[\dTZ-]+$/.test(name))
}
/** Puts something else in a file's place for as long as `work` takes. */
async function mit(file: string, inhalt: string | null, work: () => Promise<void>): Promise<void> {
  const { uid, gid } = statSync(file)
  renameSync(file, `${file}.gut`)
  if (inhalt !== null) writeFileSync(file, inhalt)
  if (inhalt !== null) chownSync(file, uid, gid)
  try {
    await work()
    // Whoever refused it has not touched it.
    if (inhalt !== null) expect(read(file)).toBe(inhalt)
  } finally {
    renameSync(`${file}.gut`, file)
  }
}

test.skipIf(!ALS_ROOT)('a full disk (a small one of our own) is told before anything is begun', async () => {
  const klein = path.join(dir, 'klein')
  mkdirSync(klein)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', klein])
  try {
    expect(await scheitert({ DATA_DIR: klein })).toMatch(
      /Die Festplatte ist voll: Für .*klein sind noch [0-4] MB frei, nötig sind 200 MB\. Schaffen Sie Platz/,
    )
    expect(readdirSync(klein)).toEqual([])
  } finally {
    execFileSync('umount', [klein])
    rmSync(klein, { recursive: true })
  }
})

test('everything is killed while the database is made for the first time: the next start makes it anew and leaves no password behind', async () => {
  const kennwoerter = (): string[] => readdirSync(path.dirname(cluster)).filter((name) => name.startsWith('pw-'))
  const lauf = start()
  await vi.waitFor(() => expect(kennwoerter()).toHaveLength(1), { timeout: 30_000, interval: 5 })
  await new Promise((resolve) => setTimeout(resolve, 200))
  for (const pid of listOurs()) process.kill(Number(pid), 'SIGKILL')
  await lauf.ended
  expect(kennwoerter()).toHaveLength(1)
  const server = await startPostgres({ dir: cluster, password: geheimnis() })
  await server.stop()
  expect(kennwoerter()).toEqual([])
})

test('no Temporal on the machine, no Go and no download: three ways to get one; the rest is there for the next start', async () => {
  expect(await scheitert(ohneTemporal())).toMatch(/kein Temporal-Server zu finden und keiner zu beschaffen[^]*1\.[^]*2\.[^]*3\. .*TEMPORAL_ADDRESS/)
  expect(readdirSync(cluster)).toContain('PG_VERSION')
})

test('secrets that are no secrets are never replaced', async () => {
  for (const inhalt of ['{"session": "abge', '{}', '\0\0\0\0'])
    await mit(path.join(dir, 'geheimnisse.json'), inhalt, async () =>
      expect(await scheitert()).toMatch(
        /Die Datei mit den Geheimnissen ist beschädigt: .*geheimnisse\.json\. Spielen Sie sie aus einer Kopie zurück/,
      ),
    )
})

test('secrets of another database are told at once; renamed, new ones are made and the data stays', async () => {
  const datei = path.join(dir, 'geheimnisse.json')
  const fremde = JSON.stringify({ session: 's'.repeat(40), postgres: 'von einer anderen Datenbank' })
  await mit(datei, fremde, async () => {
    const text = await scheitert()
    expect(text).toMatch(/weist das Kennwort aus geheimnisse\.json ab.*benennen Sie geheimnisse\.json um und starten erneut/)
    expect(text).not.toMatch(/ausgefallen|npm run restore/)
  })
  renameSync(datei, `${datei}.frueher`)
  expect(await scheitert(ohneTemporal())).toMatch(/Anwendung {6}http[^]*kein Temporal-Server zu finden/)
})

test('a folder of PostgreSQL that is none, of another version, or cut short', async () => {
  const version = path.join(cluster, 'PG_VERSION')
  await mit(version, null, async () =>
    expect(await scheitert()).toMatch(/PG_VERSION fehlt\. Legen Sie diesen Ordner beiseite.*npm run restore -- DATEI/),
  )
  await mit(version, '17\n', async () =>
    expect(await scheitert()).toMatch(/gehört zu PostgreSQL 17, dieses Programm bringt PostgreSQL 18 mit\. Sichern Sie/),
  )
  await mit(path.join(cluster, 'global/pg_control'), null, async () =>
    expect(await scheitert()).toMatch(/ist beschädigt: global\/pg_control fehlt.*npm run restore/),
  )
})

test.skipIf(!ALS_ROOT)('files that belong to somebody else', async () => {
  const version = path.join(cluster, 'PG_VERSION')
  const { uid, gid } = statSync(version)
  chownSync(version, 0, 0)
  expect(await scheitert()).toMatch(/gehören dem falschen Benutzerkonto \(Nummer 0\)\. Starten Sie als dasselbe Benutzerkonto wie bisher/)
  expect(statSync(version).uid).toBe(0)
  chownSync(version, uid, gid)
})

test('a PostgreSQL that dies of its files five times ends the start, with its own last word', async () => {
  await mit(path.join(cluster, 'global/pg_control'), 'Unsinn', async () =>
    expect(await scheitert()).toMatch(/PostgreSQL ist 5-mal in 5 Minuten ausgefallen, zuletzt: (PANIC|FATAL): .*server\.log.*npm run restore/),
  )
})

test('a database that is newer than the program', async () => {
  const alsBesitzer = async (statement: string): Promise<number> => {
    const server = await startPostgres({ dir: cluster, password: geheimnis() })
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    const { rowCount } = await client.query(statement)
    await client.end()
    await server.stop()
    return rowCount ?? 0
  }
  await alsBesitzer(`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-aus-der-zukunft', '')`)
  expect(await scheitert()).toMatch(/Die Datenbank ist neuer als dieses Programm \(9999-aus-der-zukunft\)\. Starten Sie die neuere Programmversion/)
  expect(await alsBesitzer(`DELETE FROM kysely_migration WHERE name = '9999-aus-der-zukunft'`)).toBe(1)
})

test('a broken file of Temporal is put aside, one of another version is left alone, and all comes up', async () => {
  const { server } = await findTemporal()
  const ordner = path.join(dir, 'temporal')
  mkdirSync(ordner, { recursive: true })
  writeFileSync(path.join(ordner, `temporal-${server}.db`), 'Unsinn'.repeat(2_000))
  writeFileSync(path.join(ordner, 'temporal-0.9.9.db'), 'von früher')
  const lauf = start()
  await eventually(async () => expect(lauf.text()).toContain('Alles läuft'), 90_000)
  expect(lauf.text()).toMatch(/Die Datei des Temporal-Servers ist beschädigt und wurde beiseitegelegt/)
  expect(read(path.join(ordner, listBeiseite(ordner)[0]!))).toBe('Unsinn'.repeat(2_000))
  expect(read(path.join(ordner, 'temporal-0.9.9.db'))).toBe('von früher')
  lauf.child.kill('SIGTERM')
  expect(await lauf.ended).toBe(0)
  expect(listOurs()).toEqual([])
})

test('a file of Temporal that is damaged in the middle, with which the server comes up, is put aside too', async () => {
  const ordner = path.join(dir, 'temporal')
  const datei = path.join(ordner, `temporal-${(await findTemporal()).server}.db`)
  damageMiddle(datei)
  const vorher = listBeiseite(ordner)
  const lauf = start()
  await eventually(async () => expect(lauf.text()).toContain('Alles läuft'), 90_000)
  expect(lauf.text()).toMatch(/Die Datei des Temporal-Servers ist beschädigt und wurde beiseitegelegt/)
  expect(lauf.text()).not.toContain('ausgefallen')
  expect(listBeiseite(ordner)).toHaveLength(vorher.length + 1)
  lauf.child.kill('SIGTERM')
  expect(await lauf.ended).toBe(0)
})

test('a worker that dies five times ends the start and says where to look', async () => {
  const belegt = createServer().listen(0, '127.0.0.1')
  await once(belegt, 'listening')
  const { port: metriken } = belegt.address() as { port: number }
  const text = await scheitert({ METRICS_PORT: String(metriken) })
  expect(text).toContain('METRICS_PORT ist belegt')
  expect(text).toMatch(/Der Worker \(worker\.ts\) ist 5-mal in 5 Minuten ausgefallen.*Einzelheiten stehen im Ordner protokoll/)
  belegt.close()
}, 240_000)
