/** The web process: pages for people, PostgreSQL behind them. Temporal may be away. */
import { serve } from '@hono/node-server'
import { pino } from 'pino'
import { type Config, readConfig } from './bin/config.ts'
import { version } from './bin/version.ts'
import { codeOf } from './db/fehler.ts'
import { openAuthDatabase } from './db/anmeldung.ts'
import { openWebDatabase } from './db/sitzung.ts'
import { roleUrl } from './db/verbindung.ts'
import { createApp } from './web/app.tsx'

export interface RunningServer {
  /** Says so at /readyz for `drainSeconds`, then takes no new request, finishes those under way, closes the connections to the database. */
  stop(): Promise<void>
}

type ServerConfig = Config & { databaseUrl: string; sessionSecret: string }

/** Requests under way get so long, milliseconds. */
const DRAIN = 10_000
/** A whole portfolio over a slow line (250 MB at 2 Mbit/s) takes a quarter of an hour; Node's own limit is five minutes. */
const LAENGSTER_UPLOAD = 30 * 60_000

if (import.meta.main) await main()

/** Resolves when pages are served; rejects with EADDRINUSE when somebody else listens there. */
export async function startServer(config: ServerConfig): Promise<RunningServer> {
  const log = pino({ base: null })
  const onError = (error: Error): void => log.error({ text: 'Datenbankverbindung verloren', fehler: codeOf(error) })
  const url = (role: 'vm_web' | 'vm_auth'): string => roleUrl(config.databaseUrl, role, config.sessionSecret)
  const web = openWebDatabase(url('vm_web'), { onError })
  const auth = openAuthDatabase(url('vm_auth'), { onError })
  const { publicUrl, sessionSecret } = config
  const mailSending = config.resend !== undefined
  // This process speaks http only: whoever announces https has a proxy in front, which says who is calling.
  const proxy = publicUrl.startsWith('https://')
  let beendet = false
  const settings = { publicUrl, sessionSecret, mailSending, version: version(), proxy }
  const app = createApp({ web, auth, config: settings, now: () => new Date(), wirdBeendet: () => beendet, log })

  const close = async (): Promise<void> => void (await Promise.all([web.close(), auth.destroy()]))
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, port: config.port, hostname: config.host, serverOptions: { requestTimeout: LAENGSTER_UPLOAD } }, () =>
      resolve(starting),
    )
    starting.once('error', (error) => void close().then(() => reject(error)))
  })
  return {
    stop: async () => {
      // Whoever sends people here learns it before the door closes.
      beendet = true
      await new Promise((resolve) => setTimeout(resolve, config.drainSeconds * 1_000))
      const late = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), DRAIN)
      // Also ends connections that only wait for a next request.
      await new Promise((resolve) => server.close(resolve))
      clearTimeout(late)
      await close()
    },
  }
}

async function main(): Promise<void> {
  try {
    const config = readConfig(process.env, ['databaseUrl', 'sessionSecret'])
    const running = await startServer(config)
    console.log(`Anwendung: ${config.publicUrl}`)
    let stopping: Promise<void> | undefined
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void (stopping ??= running.stop()))
  } catch (error) {
    console.error(describe(error))
    process.exitCode = 1
  }
}

function describe(error: unknown): string {
  const { name, message, code } = error as Error & { code?: string }
  if (code === 'EADDRINUSE') return 'Der Port ist belegt. Beenden Sie das andere Programm, oder wählen Sie mit PORT einen anderen.'
  return name === 'Einstellungen' ? message : `Die Anwendung startet nicht: ${message}`
}
