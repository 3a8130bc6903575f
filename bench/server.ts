/** A process of its own that serves the app and the bare handler; tells its ports and how many statements one click costs. */
import { serve } from '@hono/node-server'
import pg from 'pg'
import { openAuthDatabase } from '../db/anmeldung.ts'
import { openWebDatabase } from '../db/sitzung.ts'
import { createApp } from '../web/app.tsx'
import { serveBar, serveListe } from './bar.ts'

const { OWNER, WEB, AUTH } = process.env as Record<'OWNER' | 'WEB' | 'AUTH', string>

let statements = 0
const { query } = pg.Client.prototype as { query: (...args: unknown[]) => unknown }
pg.Client.prototype.query = function (this: unknown, ...args: unknown[]) {
  statements += 1
  return query.apply(this, args)
} as never

const publicUrl = 'http://localhost'
const app = createApp({
  web: openWebDatabase(WEB),
  auth: openAuthDatabase(AUTH),
  config: { publicUrl, sessionSecret: 'nur-zum-messen', mailSending: false, version: 'bench', proxy: process.env['PROXY'] === '1' },
  now: () => new Date(),
  // A fault ends the run: here it says which.
  log: { error: (fehler) => console.error(fehler), info: () => undefined },
})
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => process.send!({ port }))
process.on('message', (message: 'zaehle' | { bar: number } | { liste: string }) => {
  if (message === 'zaehle') {
    process.send!({ statements })
    statements = 0
  } else void ('bar' in message ? serveBar(OWNER, message.bar) : serveListe(OWNER, message.liste)).then(({ port }) => process.send!({ bar: port }))
})
process.on('disconnect', () => {
  server.close()
  process.exit()
})
