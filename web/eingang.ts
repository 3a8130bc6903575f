/** What a request has to be before anybody reads it: sent by a page of ours, a form, not too large, text that can be stored. */
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import { fehlerseite } from './fehler.tsx'
import { withEmpfang } from './importe/empfang.ts'
import { pfade } from './pfade.ts'
import type { Env, WebConfig, WebDeps } from './umgebung.ts'
import { readToken } from './zugang.ts'

const MAX_FORM_BYTES = 256 * 1024
/** Every change comes from a form; what else a page can send needs no permission of the browser to be sent from elsewhere. */
const FORMULAR = /^(application\/x-www-form-urlencoded|multipart\/form-data)(;|$)/i
const LIEST = ['GET', 'HEAD', 'OPTIONS']
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** A change is asked for by a page of ours. The browser says so twice (Origin; Sec-Fetch-Site, which older ones do not know), and neither may say otherwise. */
export const herkunft = ({ publicUrl }: WebConfig) =>
  createMiddleware<Env>(async (c, next) => {
    const seite = c.req.header('Sec-Fetch-Site') ?? 'same-origin'
    if (LIEST.includes(c.req.method) || (seite === 'same-origin' && isOwn(c.req.header('Origin') ?? '', publicUrl))) return next()
    return fehlerseite(c, 403, {
      worte: ['Diese Anfrage kam nicht von dieser Anwendung', `Es wurde nichts gespeichert. Öffnen Sie ${publicUrl} und versuchen Sie es dort.`],
    })
  })

/** Reads the form before the session's transaction begins: a slow upload must not hold a connection. */
export const formular = ({ web, config }: WebDeps) => {
  const zuGross = () => {
    throw new HTTPException(413)
  }
  const klein = bodyLimit({ maxSize: MAX_FORM_BYTES, onError: zuGross })
  return createMiddleware<Env>(async (c, next) => {
    if (/%00/.test(c.req.url)) throw new HTTPException(400)
    if (LIEST.includes(c.req.method)) return next()
    if (!FORMULAR.test(c.req.header('Content-Type') ?? '')) throw new HTTPException(415)
    if (c.req.method === 'POST' && c.req.path === pfade.importe()) {
      // Whoever may not upload is turned away at the door further on; nothing of what he sends is read.
      const darf = await web.withSession(readToken(c, config) ?? '', async (_, { rolle }) => rolle === 'SUPERVISOR')
      return darf ? withEmpfang(c, next) : next()
    }
    return klein(c, async () => {
      const felder = Object.values(await c.req.parseBody({ all: true })).flat()
      // PostgreSQL stores no such character, and no keyboard types it.
      if (felder.some((wert) => (typeof wert === 'string' ? wert : wert.name).includes('\0'))) throw new HTTPException(400)
      await next()
    })
  })
}

/** Our address; on this machine under any of its names. */
function isOwn(origin: string, publicUrl: string): boolean {
  const eigene = new URL(publicUrl)
  if (origin === eigene.origin) return true
  if (!URL.canParse(origin) || !LOOPBACK.includes(eigene.hostname)) return false
  const { protocol, hostname, port } = new URL(origin)
  return LOOPBACK.includes(hostname) && protocol === eigene.protocol && port === eigene.port
}
