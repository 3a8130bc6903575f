/** The database for the commands beside the start (backup, restore, import …): the named one, else the embedded one, started for as long as it is needed. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { readConfig } from './config.ts'
import { loadGeheimnisse } from './geheimnisse.ts'
import { clusterDir, startPostgres } from './postgres.ts'
import { isHeld, lock } from './sperre.ts'

export interface Datenbank {
  /** As the owner. */
  url: string
  /** From which the roles' passwords are derived. */
  secret: string
  /** Stops the server when it was started here. */
  close(): Promise<void>
}

/**
 * `wofuer`: what a start beside it is told, in German ("die Sicherung"). Throws in German when there is no database to be had;
 * `anlegen`: then the embedded one is made.
 */
export async function openDatenbank(env: NodeJS.ProcessEnv, wofuer: string, { anlegen = false } = {}): Promise<Datenbank> {
  const config = readConfig(env)
  const eigene = existsSync(path.join(config.dataDir, 'geheimnisse.json'))
  if (config.databaseUrl) {
    const secret = config.sessionSecret ?? (eigene ? loadGeheimnisse(config.dataDir).session : undefined)
    if (!secret) throw new Error('SESSION_SECRET fehlt: Aus ihm werden die Kennwörter der Datenbankrollen abgeleitet.')
    return { url: config.databaseUrl, secret, close: async () => undefined }
  }
  if (!eigene && !anlegen)
    throw new Error('Hier gibt es noch keine Datenbank: Starten Sie einmal mit npm start, oder nennen Sie eine mit DATABASE_URL.')
  const held = lock(config.dataDir, { wofuer })
  const geheimnisse = loadGeheimnisse(config.dataDir)
  // Beside a running start this takes over its server, and leaves it running.
  const postgres = await startPostgres({ dir: clusterDir(config.dataDir), password: geheimnisse.postgres, resetPassword: geheimnisse.neu })
  const close = async (): Promise<void> => {
    if (!isHeld(held)) return
    await postgres.stop()
    held.release()
  }
  return { url: postgres.url, secret: config.sessionSecret ?? geheimnisse.session, close }
}
