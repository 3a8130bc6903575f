/** A real Temporal server of our own: free ports, a file of its own, `dynamic` server settings, stopped by its process id. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Connection } from '@temporalio/client'
import { freePort } from '../../bin/ports.ts'
import { findTemporal } from '../../bin/temporal-finden.ts'

export interface TestTemporal {
  address: string
  port: number
  /** The server's file; its journal lies beside it (`-wal`). */
  file: string
  stop(): Promise<void>
}

export async function startTestTemporal({
  file,
  port,
  dynamic = {},
}: {
  file: string
  port?: number
  dynamic?: Record<string, number>
}): Promise<TestTemporal> {
  const chosen = port ?? (await freePort())
  const pragmas = ['journal_mode=wal', 'synchronous=off'].flatMap((pragma) => ['--sqlite-pragma', pragma])
  const settings = Object.entries(dynamic).flatMap(([name, value]) => ['--dynamic-config-value', `${name}=${value}`])
  const server = spawn(
    (await findTemporal({ melde: (text) => console.log(text) })).file,
    [
      'server',
      'start-dev',
      '--headless',
      '--ip',
      '127.0.0.1',
      '--port',
      String(chosen),
      '--db-filename',
      file,
      '--log-level',
      'never',
      ...pragmas,
      ...settings,
    ],
    { stdio: 'ignore' },
  )
  const address = `127.0.0.1:${chosen}`
  await waitFor(server, address)
  return { address, port: chosen, file, stop: () => stop(server) }
}

/** The middle third of a stopped server's file is written over, with all of its journal in it. */
export function damageMiddle(file: string): void {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA wal_checkpoint(truncate)')
  db.close()
  const drittel = Math.floor(statSync(file).size / 3)
  const fd = openSync(file, 'r+')
  writeSync(fd, randomBytes(drittel), 0, drittel, drittel)
  closeSync(fd)
}

async function waitFor(server: ChildProcess, address: string): Promise<void> {
  for (const end = Date.now() + 60_000; ;) {
    const connection = Connection.lazy({ address, connectTimeout: 1_000, interceptors: [] })
    try {
      await connection.withDeadline(Date.now() + 1_000, () => connection.workflowService.describeNamespace({ namespace: 'default' }))
      return
    } catch (error) {
      if (server.exitCode !== null || Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    } finally {
      await connection.close()
    }
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  const late = setTimeout(() => server.kill('SIGKILL'), 3_000)
  await ended
  clearTimeout(late)
}
