/** The window as a whole: guards first, then the pages before the login, then everything that needs a person. */
import { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { secureHeaders } from 'hono/secure-headers'
import { anlaufRoutes } from './anlauf/routes.tsx'
import { anmeldenRoutes } from './anmelden/routes.tsx'
import { betriebRoutes } from './betrieb/routes.tsx'
import { formular, herkunft } from './eingang.ts'
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
import { altbestandRoutes } from './regeln/altbestand-routes.ts'
import { regelRoutes } from './regeln/routes.tsx'
import { statischRoutes } from './statisch.ts'
import { systemRoutes } from './system/routes.tsx'
import type { Env, WebDeps } from './umgebung.ts'
import { versichererRoutes } from './versicherer/routes.tsx'
import { isHttps, sitzung } from './zugang.ts'

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
  app.use(async (c, next) => {
    await next()
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store')
    if (isHttps(deps.config)) secureCookies(c.res.headers)
  })
  app.use(methodNotAllowed({ app, onMethodNotAllowed: async (c, methods) => erlaubt(await fehlerseite(c, 405), methods) }))
  app.route('/', statischRoutes())
  app.get(pfade.lebt(), (c) => c.text('ok'))
  app.get(pfade.bereit(), async (c) => {
    const grund = deps.wirdBeendet?.() ? 'wird beendet' : await deps.web.findHindernis()
    return grund === undefined ? c.text('bereit') : c.text(grund, 503)
  })
  app.use(herkunft(deps.config), formular(deps))

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
  app.route('/', altbestandRoutes(deps))
  app.route('/', hilfeRoutes(deps))
  app.route('/', mitarbeiterRoutes(deps))
  app.route('/', versichererRoutes(deps))
  app.route('/', betriebRoutes(deps))
  app.route('/', systemRoutes(deps))
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
