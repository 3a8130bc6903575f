/** One Fall: panel and page, its seven actions, and the doors to what is done with it. */
import { Hono } from 'hono'
import { readVermittler } from '../geschaeftsvorfaelle/filter.tsx'
import { pfade } from '../pfade.ts'
import { fragment, isPartial, seite } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { Chathinweis } from './akte.tsx'
import { SEITENKOPF, zeigeAkte } from './antwort.tsx'
import { angabenRoutes } from './angaben-routes.tsx'
import { dokumentationRoutes } from './dokumentation-routes.tsx'
import { emailRoutes } from './email-routes.tsx'
import { kontaktRoutes } from './kontakt-routes.tsx'
import { FALL_ID, getAkte, openList } from './kontext.ts'
import { Aktionsmenue, Aktionsseite } from './menue.tsx'
import { sperreRoutes } from './sperre-routes.tsx'
import { wiedervorlageRoutes } from './wiedervorlage-routes.tsx'

export const faelleRoutes = (deps: WebDeps) =>
  new Hono<Env>()
    .route('/', dokumentationRoutes(deps))
    .route('/', kontaktRoutes(deps))
    .route('/', emailRoutes(deps))
    .route('/', wiedervorlageRoutes(deps))
    .route('/', sperreRoutes(deps))
    .route('/', angabenRoutes(deps))
    .get(pfade.fallAktionen(FALL_ID), async (c) => {
      const akte = await getAkte(c)
      if (isPartial(c)) return fragment(c, <Aktionsmenue akte={akte} vermittler={openList(c)?.vermittler} />)
      const vermittler = readVermittler(c, c.req.query('vermittler'))
      return seite(
        c,
        { titel: 'Aktionen', aktiv: 'geschaeftsvorfaelle', ...SEITENKOPF, breit: false },
        <Aktionsseite akte={akte} vermittler={vermittler} />,
      )
    })
    .get(pfade.fallChat(FALL_ID), async (c) => {
      const akte = await getAkte(c)
      return zeigeAkte(c, akte, { art: 'chat', formular: <Chathinweis akte={akte} /> })
    })
