/** The window as a whole: guards first, then the pages before the login, then everything that needs a person. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { secureHeaders } from 'hono/secure-headers'
import { HTTPException } from 'hono/http-exception'
import { anlaufRoutes } from './anlauf/routes.tsx'
import { anmeldenRoutes } from './anmelden/routes.tsx'
import { betriebRoutes } from './betrieb/routes.tsx'
import { einrichtungRoutes } from './einrichtung/routes.tsx'
import { fehlerseite, onError } from './fehler.tsx'
import { importRoutes } from './importe/routes.tsx'
import { faelleRoutes } from './faelle/routes.tsx'
import { hilfeRoutes } from './hilfe/routes.tsx'
import { geschaeftsvorfaelleRoutes } from './geschaeftsvorfaelle/routes.tsx'
import { postausgangRoutes } from './postausgang/routes.tsx'
import { vorgaengeRoutes } from './vorgaenge/routes.tsx'
import { kundenRoutes } from './kunden/routes.tsx'
import { mitarbeiterRoutes } from './mitarbeiter/routes.tsx'
import { nachtlaufRoutes } from './nachtlaeufe/routes.tsx'
import { pfade } from './pfade.ts'
import { profilPasswortRoutes, profilRoutes } from './profil/routes.tsx'
import { regelRoutes } from './regeln/routes.tsx'
import { statischRoutes } from './statisch.ts'
import type { Env, WebDeps } from './umgebung.ts'
import { versichererRoutes } from './versicherer/routes.tsx'
import { isHttps, sitzung } from './zugang.ts'

const MAX_FORM_BYTES = 256 * 1024
/** A GDV delivery of a whole portfolio. */
const MAX_UPLOAD_BYTES = 100 * 1024 * 1024
/** Every change comes from a form; what else is sent would pass by the check of its origin. */
const FORMULAR = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i

const CSP = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
}

export function createApp(deps: WebDeps): Hono<Env> {
  const app = new Hono<Env>()
  const { origin } = new URL(deps.config.publicUrl)
  const zuGross = () => {
    throw new HTTPException(413)
  }

  app.onError(onError(deps))
  app.notFound((c) => fehlerseite(c, 404))
  app.use(
    secureHeaders({
      contentSecurityPolicy: CSP,
      xFrameOptions: 'DENY',
      // Not 'no-referrer': browsers would then send forms of our own pages with 'Origin: null'.
      referrerPolicy: 'same-origin',
      strictTransportSecurity: isHttps(deps.config) && 'max-age=31536000; includeSubDomains',
    }),
  )
  app.use(methodNotAllowed({ app, onMethodNotAllowed: async (c, methods) => erlaubt(await fehlerseite(c, 405), methods) }))
  app.route('/', statischRoutes())
  app.get(pfade.lebt(), async (c) => ((await deps.web.ping()) ? c.text('ok') : c.text('Datenbank nicht erreichbar', 503)))

  app.use(async (c, next) => {
    await next()
    c.res.headers.set('Cache-Control', 'no-store')
    if (isHttps(deps.config)) secureCookies(c.res.headers)
  })
  app.use(csrf({ origin }))
  const grenze = {
    formular: bodyLimit({ maxSize: MAX_FORM_BYTES, onError: zuGross }),
    datei: bodyLimit({ maxSize: MAX_UPLOAD_BYTES, onError: zuGross }),
  }
  app.use((c, next) => (c.req.path === pfade.importe() ? grenze.datei : grenze.formular)(c, next))
  app.use(async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD' && !FORMULAR.test(c.req.header('Content-Type') ?? '')) throw new HTTPException(415)
    // Before the transaction begins: a slow upload must not hold a connection.
    if (c.req.method === 'POST') await c.req.parseBody({ all: true })
    await next()
  })

  app.route('/', anmeldenRoutes(deps))
  app.route('/', einrichtungRoutes(deps))
  app.route('/', profilPasswortRoutes(deps))

  app.use(sitzung(deps))
  app.get(pfade.start(), (c) => c.redirect(pfade.geschaeftsvorfaelle(), 303))
  app.route('/', geschaeftsvorfaelleRoutes(deps))
  app.route('/', faelleRoutes(deps))
  app.route('/', vorgaengeRoutes(deps))
  app.route('/', postausgangRoutes(deps))
  app.route('/', kundenRoutes(deps))
  app.route('/', importRoutes(deps))
  app.route('/', nachtlaufRoutes(deps))
  app.route('/', anlaufRoutes(deps))
  app.route('/', regelRoutes(deps))
  app.route('/', hilfeRoutes(deps))
  app.route('/', mitarbeiterRoutes(deps))
  app.route('/', versichererRoutes(deps))
  app.route('/', betriebRoutes(deps))
  app.route('/', profilRoutes(deps))
  return app
}

/** Over https no cookie travels without it, whoever set it. */
function secureCookies(headers: Headers): void {
  const cookies = headers.getSetCookie()
  headers.delete('Set-Cookie')
  for (const cookie of cookies) headers.append('Set-Cookie', /;\s*secure/i.test(cookie) ? cookie : `${cookie}; Secure`)
}

function erlaubt(response: Response, methods: string[]): Response {
  response.headers.set('Allow', methods.join(', '))
  return response
}
