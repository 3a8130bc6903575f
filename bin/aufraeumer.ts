/** Starts what cleans up after a run of tests or measurements (aufraeumer.mjs). */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface Aufraeumer {
  /** The run's mark: TESTLAUF in the environment of what it starts, part of its folders' names. */
  lauf: string
  /** At the run's end: whether something of it was still there, which is ended then. */
  foundProcesses(): Promise<boolean>
}

/** Outlives this process, whatever ends it. */
export function startAufraeumer(): Aufraeumer {
  const lauf = randomUUID()
  const argumente = [path.join(import.meta.dirname, 'aufraeumer.mjs'), lauf, '/var/lib/vorgangsmanagement', tmpdir()]
  const child = spawn(process.execPath, argumente, { detached: true, stdio: ['pipe', 'inherit', 'inherit'] })
  // Should it be gone already, there is nobody to tell.
  child.stdin.on('error', () => undefined)
  const ended = new Promise<boolean>((resolve) => child.once('exit', (code) => resolve(code !== 0)).once('error', () => resolve(false)))
  return {
    lauf,
    foundProcesses: () => {
      child.stdin.end()
      return ended
    },
  }
}
