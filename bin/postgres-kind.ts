/** The embedded PostgreSQL under supervision. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Geheimnisse } from './geheimnisse.ts'
import { type Aufsicht, type Prozess, hold } from './kinder.ts'
import { freePort } from './ports.ts'
import { clusterDir, startPostgres } from './postgres.ts'
import { SICHERUNG, findClustermangel } from './vorher.ts'

const POLL = 1_000

/** `wert` is the owner's address; it stays the same through restarts. */
export async function holdPostgres(
  dataDir: string,
  { postgres: password, neu }: Geheimnisse & { neu: boolean },
  melde: (text: string) => void,
  signal: AbortSignal,
): Promise<{ aufsicht: Aufsicht; wert: string }> {
  const dir = clusterDir(dataDir)
  if (!dir.startsWith(dataDir)) melde(`PostgreSQL läuft nicht als root; seine Daten liegen unter ${dir}.`)
  const mangel = findClustermangel(dir)
  if (mangel) throw Object.assign(new Error(mangel), { name: 'PostgreSQL' })
  let port = await freePort()
  let url = ''
  let resetPassword = neu
  const start = async (): Promise<Prozess> => {
    const server = await startPostgres({ dir, password, port, resetPassword }).catch((error: Error & { endgueltig?: true }) => {
      if (error.endgueltig) throw error
      const warum = lastFatal(path.join(dir, 'server.log')) ?? error.message.split('\n')[0]
      throw new Error(`${warum}; Protokoll: ${path.join(dir, 'server.log')}. Hilft ein neuer Start nicht: ${SICHERUNG}`)
    })
    resetPassword = false
    port = server.port
    url = server.url
    return { pid: server.pid, ended: untilGone(server.pid), stop: server.stop }
  }
  const aufsicht = await hold({ name: 'PostgreSQL', start }, melde, signal)
  return { aufsicht, wert: url }
}

/** Why PostgreSQL says it ended. */
function lastFatal(log: string): string | undefined {
  if (!existsSync(log)) return undefined
  return readFileSync(log, 'utf8')
    .slice(-20_000)
    .split('\n')
    .findLast((zeile) => /(FATAL|PANIC):/.test(zeile))
    ?.replace(/^.*?(?=FATAL|PANIC)/, '')
}

/** pg_ctl leaves the server behind: it is no child of ours that would tell us. */
async function untilGone(pid: number): Promise<string> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, POLL))
  return 'der Prozess ist weg'
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
