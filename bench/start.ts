/** `npm start` in an empty folder (with the demo Betrieb) and again with its data: seconds until the login page answers and until everything runs. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { freePort } from '../bin/ports.ts'
import { clusterDir } from '../bin/postgres.ts'
import { pfade } from '../web/pfade.ts'
import type { Umgebung } from './umgebung.ts'

const ROOT = path.join(import.meta.dirname, '..')

interface Startzeiten {
  anmeldung: number
  alles: number
  ende: number
}

export async function benchStart({ dir }: Umgebung): Promise<Record<string, Startzeiten>> {
  const daten = path.join(dir, 'start')
  try {
    return { 'frisch (s)': await start(daten), 'mit Daten (s)': await start(daten) }
  } finally {
    const cluster = clusterDir(daten)
    if (!cluster.startsWith(dir)) rmSync(path.dirname(cluster), { recursive: true, force: true })
  }
}

async function start(daten: string): Promise<Startzeiten> {
  const port = await freePort()
  const beginn = performance.now()
  const seit = (): number => (performance.now() - beginn) / 1_000
  const env = { ...process.env, DATA_DIR: daten, PORT: String(port) }
  const child = spawn(process.execPath, ['bin/start.mjs', 'start'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let text = ''
  child.stdout.on('data', (part: Buffer) => (text += part.toString()))
  const wenn = async (ist: () => Promise<boolean> | boolean): Promise<number> => {
    while (!(await ist())) {
      if (child.exitCode !== null) throw new Error(`Der Start endete: ${text}`)
      await setTimeout(20)
    }
    return seit()
  }
  const antwortet = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}${pfade.anmelden()}`).then(
      ({ ok }) => ok,
      () => false,
    )
  const anmeldung = await wenn(antwortet)
  const alles = await wenn(() => text.includes('Alles läuft'))
  child.kill('SIGTERM')
  await ended
  return { anmeldung, alles, ende: seit() - alles }
}
