/** Who may pass: the session around the whole request, and the doors of the Supervisor. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import { berlinTag } from '../domain/kalender.ts'
import { pfade } from './pfade.ts'
import { isPartial } from './seite.tsx'
import type { Env, WebConfig, WebDeps } from './umgebung.ts'

/** Runs everything below in the session's transaction; a handler that throws rolls it back. Without a session: to the login. */
export const sitzung = ({ web, config, now }: WebDeps) =>
  createMiddleware<Env>(async (c, next) => {
    const token = readToken(c, config)
    if (token === undefined) return zurAnmeldung(c)
    const jetzt = now().toISOString()
    let thrown: unknown
    const begun = web.withSession(token, async (db, person) => {
      c.set('db', db)
      c.set('person', person)
      c.set('jetzt', jetzt)
      c.set('heute', berlinTag(jetzt))
      await next()
      // hono has turned the error into its page by now: it is thrown again only to roll back.
      if (c.error) throw (thrown = c.error)
      return true
    })
    const done = await begun.catch((error: unknown) => {
      if (error !== thrown || thrown === undefined) throw error
      return true
    })
    return done ? undefined : zurAnmeldung(c)
  })

/** 403 for everybody who is not a Supervisor. */
export const nurSupervisor = createMiddleware<Env>(async (c, next) => {
  if (c.var.person.rolle !== 'SUPERVISOR') throw new HTTPException(403)
  await next()
})

/** To the login and back to the page that was asked for. A piece of a page is never replaced by the login form. */
function zurAnmeldung(c: Context): Response {
  const wunsch = isPartial(c) ? ownPath(c.req.header('HX-Current-URL')) : c.req.method === 'GET' ? c.req.path + new URL(c.req.url).search : '/'
  const ziel = wunsch === '/' ? pfade.anmelden() : `${pfade.anmelden()}?${new URLSearchParams({ weiter: wunsch })}`
  if (!isPartial(c)) return c.redirect(ziel, 303)
  c.header('HX-Redirect', ziel)
  return c.body(null, 401)
}

/** The path to return to: ours only, never another host ('//', '\'), never a control character; else the start page. */
export function readWeiter(wunsch: string | undefined): string {
  const eigen = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/
  if (!wunsch || !eigen.test(wunsch)) return pfade.start()
  const { host, pathname, search } = new URL(wunsch, 'http://selbst')
  // '/.//boese.example' becomes '//boese.example' on the way.
  return host === 'selbst' && eigen.test(pathname) ? pathname + search : pfade.start()
}

export function writeToken(c: Context, config: WebConfig, token: string): void {
  setCookie(c, cookieName(config), token, { path: '/', httpOnly: true, sameSite: 'Lax', secure: isHttps(config), maxAge: 60 * 60 * 24 * 7 })
}

export function deleteToken(c: Context, config: WebConfig): void {
  deleteCookie(c, cookieName(config), { path: '/', secure: isHttps(config) })
}

/** Undefined where there is none, or one that was never ours. */
export function readToken(c: Context, config: WebConfig): string | undefined {
  const token = getCookie(c, cookieName(config))
  return token && /^[\w-]{1,64}$/.test(token) ? token : undefined
}

/** `__Host-` binds the cookie to this host and https; browsers refuse it over http. */
function cookieName(config: WebConfig): string {
  return isHttps(config) ? '__Host-sitzung' : 'sitzung'
}

export function isHttps(config: WebConfig): boolean {
  return config.publicUrl.startsWith('https://')
}

function ownPath(url: string | undefined): string {
  const pfad = url && URL.canParse(url) ? new URL(url) : undefined
  return readWeiter(pfad && pfad.pathname + pfad.search)
}
