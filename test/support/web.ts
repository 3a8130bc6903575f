/** The web over a test database: asked directly (`als`), or served on a free port for a browser. */
import { serve } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import { type AuthDatabase, openAuthDatabase } from '../../db/anmeldung.ts'
import { createApp } from '../../web/app.tsx'
import type { WebConfig, WebDeps } from '../../web/umgebung.ts'
import { type TestDatabase, createTestDatabase } from './datenbank.ts'

export const URSPRUNG = 'http://localhost:3000'

export interface TestWeb {
  database: TestDatabase
  auth: AuthDatabase
  app: ReturnType<typeof createApp>
  deps: WebDeps
  /** Lines the app logged. */
  log: object[]
  /** Asks as the person of a session (`insertVermittler(…).token`); a form makes it a POST. */
  als(token: string | undefined, pfad: string, anfrage?: Anfrage): Promise<Response>
  /** Serves on a free port; the answer is the origin. Stopped by `drop`. */
  serve(): Promise<string>
  drop(): Promise<void>
}

export interface Anfrage {
  /** Fields of a form: sent as POST. */
  form?: Record<string, string>
  /** As htmx asks for a piece of the page. */
  partial?: boolean
  headers?: Record<string, string>
  method?: string
}

export interface TestWebOptions {
  /** What the requests take for now, or a clock; default 2026-11-23, 10:00 in Berlin. The database's own clock stays real. */
  jetzt?: string | (() => Date)
  config?: Partial<WebConfig>
}

export async function createTestWeb({ jetzt = '2026-11-23T09:00:00Z', config = {} }: TestWebOptions = {}): Promise<TestWeb> {
  const database = await createTestDatabase()
  const auth = openAuthDatabase(database.url('vm_auth'))
  const log: object[] = []
  const einstellungen: WebConfig = { publicUrl: URSPRUNG, sessionSecret: 'nur-fuer-tests', mailSending: false, version: '0.0.0', ...config }
  const write = (entry: object) => void log.push(entry)
  const deps: WebDeps = {
    web: database.web,
    auth,
    config: einstellungen,
    now: typeof jetzt === 'string' ? () => new Date(jetzt) : jetzt,
    log: { error: write, info: write },
  }
  const app = createApp(deps)
  const enden: (() => Promise<void>)[] = []
  return {
    database,
    auth,
    app,
    deps,
    log,
    als: async (token, pfad, { form, partial, headers, method } = {}) =>
      app.request(new URL(pfad, einstellungen.publicUrl).toString(), {
        method: method ?? (form ? 'POST' : 'GET'),
        ...(form && { body: new URLSearchParams(form) }),
        headers: {
          ...(token && { Cookie: `${einstellungen.publicUrl.startsWith('https') ? '__Host-sitzung' : 'sitzung'}=${token}` }),
          ...(form && { Origin: einstellungen.publicUrl, 'Sec-Fetch-Site': 'same-origin' }),
          ...(partial && { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }),
          ...headers,
        },
      }),
    serve: async () => {
      const address = await new Promise<AddressInfo>((resolve) => {
        // The origin is known only once the port is: the app is made again for it.
        const server = serve({ fetch: (request, env) => served.fetch(request, env), port: 0, hostname: '127.0.0.1' }, resolve)
        enden.push(() => new Promise((done) => server.close(() => done())))
      })
      const origin = `http://127.0.0.1:${address.port}`
      const served = createApp({ ...deps, config: { ...einstellungen, publicUrl: origin } })
      return origin
    },
    drop: async () => {
      await Promise.all(enden.map((ende) => ende()))
      await auth.destroy()
      await database.drop()
    },
  }
}
