/** Kundenliste, Kundendaten, Vertragsspiegel. The forms stand in formular-routes.tsx. */
import { Hono } from 'hono'
import { listAbweichungen } from '../../db/abweichungen.ts'
import { listAngehoerige } from '../../db/haushalte.ts'
import { SEITENLAENGE, listKunden } from '../../db/kunden.ts'
import { listVertraege } from '../../db/vertraege.ts'
import { listBetreuer } from '../../db/zuordnung.ts'
import { listZeitleiste } from '../../db/zeitleiste.ts'
import { nameListe } from '../format.ts'
import { pfade } from '../pfade.ts'
import { seite } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { Kundendaten } from './akte.tsx'
import { formularRoutes } from './formular-routes.tsx'
import { Kundenliste, listenpfad } from './liste.tsx'
import { vertragRoutes } from './vertrag-routes.tsx'
import { Vertragsspiegel } from './vertragsspiegel.tsx'
import { getKunde, readNummer, readZurueck } from './zugriff.ts'

const VERLAUF = 25
const KOPF = { aktiv: 'kunden', stile: ['kunden.css', 'importe.css'], skripte: ['kunden.js'], breit: true } as const

export const kundenRoutes = (deps: WebDeps) =>
  new Hono<Env>()
    .route('/', formularRoutes(deps))
    .route('/', vertragRoutes(deps))
    .get(pfade.kunden(), async (c) => {
      const { db, person, heute } = c.var
      const q = (c.req.query('q') ?? '').slice(0, 100)
      const supervisor = person.rolle === 'SUPERVISOR'
      const vermittler = supervisor ? readNummer(c.req.query('vermittler')) : undefined
      const nummer = readNummer(c.req.query('seite')) ?? 1
      const { kunden, gesamt } = await listKunden(db, { q, vermittler, seite: nummer })
      // The last page instead of one that is not there (any more).
      const letzte = Math.max(1, Math.ceil(gesamt / SEITENLAENGE))
      if (nummer > letzte) return c.redirect(listenpfad({ q, vermittler }, letzte), 303)
      const alle = supervisor ? await listBetreuer(db) : []
      return seite(c, { titel: 'Kunden', ...KOPF }, <Kundenliste {...{ q, vermittler, seite: nummer, kunden, gesamt, alle, heute }} />)
    })
    .get(pfade.kunde(':id{[0-9]{1,9}}'), async (c) => {
      const { db, person, heute } = c.var
      const kunde = await getKunde(db, c.req.param('id'))
      const limit = c.req.query('verlauf') === 'ganz' ? 1_000 : VERLAUF
      const vertraege = await listVertraege(db, kunde.id)
      const abweichungen = await listAbweichungen(db, kunde.id)
      const angehoerige = await listAngehoerige(db, kunde.id)
      const eintraege = await listZeitleiste(db, { kunde: kunde.id }, { limit: limit + 1 })
      const zeitleiste = eintraege.slice(0, limit)
      const ansicht = { kunde, vertraege, abweichungen, angehoerige, zeitleiste, aeltere: eintraege.length > limit, heute }
      const wege = { supervisor: person.rolle === 'SUPERVISOR', zurueck: readZurueck(c.req.query('zurueck')) }
      return seite(c, { titel: nameListe(kunde), ...KOPF }, <Kundendaten {...ansicht} {...wege} />)
    })
    .get(pfade.vertragsspiegel(':id{[0-9]{1,9}}'), async (c) => {
      const { db, person, heute } = c.var
      const kunde = await getKunde(db, c.req.param('id'))
      const vertraege = await listVertraege(db, kunde.id)
      const betrieb = [person.betrieb, person.betriebOrt].filter(Boolean).join(', ')
      return seite(c, { titel: `Vertragsspiegel ${nameListe(kunde)}`, ...KOPF }, <Vertragsspiegel {...{ kunde, vertraege, heute, betrieb }} />)
    })
