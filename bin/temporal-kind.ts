/** The embedded Temporal server under supervision. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Aufsicht, type Prozess, hold } from './kinder.ts'
import { isBeschaedigt } from './sqlite.ts'
import { type EmbeddedTemporal, startTemporal } from './temporal.ts'
import { findTemporal } from './temporal-finden.ts'

/** `wert` is what the worker needs in its environment; it stays the same through restarts. */
export async function holdTemporal(
  dir: string,
  melde: (text: string) => void,
  signal: AbortSignal,
): Promise<{ aufsicht: Aufsicht; wert: Record<string, string> }> {
  const programm = await findTemporal({ melde, signal })
  await endLeftOver(dir)
  let server: EmbeddedTemporal | undefined
  const start = async (): Promise<Prozess> => {
    const before = server && { port: Number(server.address.split(':')[1]), uiPort: Number(new URL(server.uiUrl).port) }
    if (isDamaged(path.join(dir, `temporal-${programm.server}.db`))) setAside(dir, programm.server, melde)
    const started = await startTemporal({ dir, programm, ...before }).catch((error: unknown) => {
      if (isBroken(dir)) setAside(dir, programm.server, melde)
      throw error
    })
    if (server && server.address !== started.address) {
      // The worker knows the first address only.
      await started.stop()
      throw new Error(`Port ${before!.port} ist inzwischen belegt`)
    }
    server = started
    const { pid, ended, stop } = started
    writeFileSync(path.join(dir, 'temporal.pid'), String(pid))
    return {
      pid,
      ended: ended.then(() => 'der Prozess ist weg'),
      stop: async () => {
        await stop()
        rmSync(path.join(dir, 'temporal.pid'), { force: true })
      },
    }
  }
  const aufsicht = await hold({ name: 'Der Temporal-Server', start }, melde, signal)
  if (!server) return { aufsicht, wert: {} }
  console.log(`Temporal UI    ${server.uiUrl}`)
  return {
    aufsicht,
    wert: { TEMPORAL_UI_URL: server.uiUrl.replace(/\/workflows$/, ''), TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace },
  }
}

/**
 * The server comes up with a file that is broken in the middle, and then fails at every Fall. Asked of SQLite itself: about two seconds for 1 GB.
 * A file it cannot open at all is left to the server, which says why.
 */
function isDamaged(file: string): boolean {
  if (!existsSync(file)) return false
  try {
    const db = new DatabaseSync(file, { readOnly: true })
    try {
      return db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] !== 'ok'
    } finally {
      db.close()
    }
  } catch (error) {
    return isBeschaedigt(error)
  }
}

/** Whether the server has just said that its file is none, or not of its version. */
function isBroken(dir: string): boolean {
  return /file is not a database|database disk image is malformed|no such table|sql schema version/i.test(
    read(path.join(dir, 'temporal.log')).slice(-8_000),
  )
}

/** Kept for whoever wants to look into it; a new one is filled from the database (reconcile). */
function setAside(dir: string, server: string, melde: (text: string) => void): void {
  const name = `temporal-${server}.db`
  const wohin = `${name}.beschaedigt-${new Date().toISOString().replace(/[:.]/g, '-')}`
  for (const ende of ['', '-wal', '-shm'])
    if (existsSync(path.join(dir, name + ende))) renameSync(path.join(dir, name + ende), path.join(dir, wohin + ende))
  writeFileSync(path.join(dir, 'temporal.log'), '', { mode: 0o600 })
  melde(
    `Die Datei des Temporal-Servers ist beschädigt und wurde beiseitegelegt (${wohin}). Aus der Datenbank entsteht eine neue, mit allen Fällen und denselben Terminen.`,
  )
}

/** A start that was killed leaves its server behind, which holds the file. Only a process that is such a server on that folder is ended. */
async function endLeftOver(dir: string): Promise<void> {
  const pid = Number(read(path.join(dir, 'temporal.pid')))
  const isOurs = (): boolean => {
    const args = pid > 0 ? argsOf(pid) : ''
    return args.includes('start-dev') && args.includes(dir)
  }
  for (const [signal, tries] of [
    ['SIGTERM', 100],
    ['SIGKILL', 20],
  ] as const) {
    if (!isOurs()) return
    process.kill(pid, signal)
    for (let i = 0; i < tries && isOurs(); i++) await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function argsOf(pid: number): string {
  if (existsSync('/proc/self')) return read(`/proc/${pid}/cmdline`)
  try {
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
