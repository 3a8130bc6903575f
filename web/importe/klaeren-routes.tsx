/** What deliveries leave for a person: who somebody is, who lives together, what differs; and where deliveries come from. */
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { listKundenMitAbweichungen } from '../../db/abweichungen.ts'
import { findQuelle, listQuellen, saveQuelle } from '../../db/importquellen.ts'
import { listOffeneAgenturnummern } from '../../db/importe-lesen.ts'
import { type Antwort, countOffenes, decideZweifel, findFrage, listFragen } from '../../db/importe-zweifel.ts'
import { listVermittler } from '../../db/zuordnung.ts'
import { readText, readWahl } from '../../domain/eingabe.ts'
import { mehrzahl } from '../format.ts'
import { hatFehler, readFormular, readSeite } from '../formular.ts'
import { pfade } from '../pfade.ts'
import { fragment, isPartial, seite, weiter, zaehler } from '../seite.tsx'
import type { Fehler } from '../teile.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { Abweichungsliste } from './abweichungen.tsx'
import { Haushalte } from './haushalte.tsx'
import { Beantwortet, Frage, Klaeren } from './klaeren.tsx'
import { Quellen } from './quellen.tsx'

const ID = ':id{[0-9]{1,9}}'
const KOPF = { aktiv: 'importe', stile: ['kunden.css', 'importe.css'] } as const

export const klaerenRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .get(pfade.klaeren(), (c) => zeigeKlaeren(c))
    .get(pfade.klaerung(ID), async (c) => {
      const frage = await getFrage(c)
      if (!isPartial(c)) return c.redirect(pfade.klaeren(), 303)
      return fragment(c, frage.entscheidung ? <Beantwortet frage={frage} /> : <Frage frage={frage} naechste={null} />)
    })
    .post(pfade.klaerung(ID), async (c) => {
      const { db, person } = c.var
      const frage = await getFrage(c)
      const eingabe = await c.req.parseBody()
      const antwort = readAntwort(eingabe['antwort'])
      const getan = antwort && (await decideZweifel(db, frage.id, antwort, person.id))
      const meldung = getan ? 'Gemerkt. Die Person wird mit ihren Verträgen übernommen.' : 'Diese Frage ist schon beantwortet.'
      if (!isPartial(c)) return weiter(c, pfade.klaeren(), meldung)
      const danach = await getFrage(c)
      const inhalt = danach.entscheidung ? <Beantwortet frage={danach} /> : <Frage frage={danach} naechste={null} />
      return fragment(
        c,
        <>
          {inhalt}
          {await zaehler(c)}
        </>,
        { meldung },
      )
    })
    .get(pfade.haushaltsvorschlaege(), async (c) => {
      const { db } = c.var
      const nummer = readSeite(c.req.query('seite'))
      const ansicht = { ...(await listFragen(db, { art: 'HAUSHALT', seite: nummer })), seite: nummer, offenes: await countOffenes(db) }
      return seite(c, { titel: 'Haushalte', ...KOPF }, <Haushalte {...ansicht} />)
    })
    .post(pfade.haushaltsvorschlaege(), async (c) => {
      const { db, person } = c.var
      const eingabe = await c.req.parseBody({ all: true })
      const entscheidung = eingabe['antwort'] === 'ZUSAMMEN' ? 'ZUSAMMEN' : 'GETRENNT'
      const ids = [eingabe['haushalt[]']].flat().filter((id): id is string => typeof id === 'string' && /^[0-9]{1,9}$/.test(id))
      let getan = 0
      for (const id of ids) if (await decideZweifel(db, Number(id), { entscheidung }, person.id)) getan++
      const wort = entscheidung === 'ZUSAMMEN' ? 'zusammengelegt' : 'getrennt gelassen'
      return weiter(c, pfade.haushaltsvorschlaege(), `${mehrzahl(getan, 'Haushalt', 'Haushalte', 'Kein Haushalt')} ${wort}.`)
    })
    .get(pfade.importAbweichungen(), async (c) => {
      const { db } = c.var
      const nummer = readSeite(c.req.query('seite'))
      const ansicht = { ...(await listKundenMitAbweichungen(db, nummer)), seite: nummer, offenes: await countOffenes(db) }
      return seite(c, { titel: 'Abweichungen', ...KOPF }, <Abweichungsliste {...ansicht} />)
    })
    .get(pfade.importquellen(), async (c) => quellen(c))
    .post(pfade.importquelle(ID), async (c) => {
      const { db } = c.var
      const id = Number(c.req.param('id'))
      if (!(await findQuelle(db, id))) throw new HTTPException(404)
      const formular = await readFormular(c)
      const name = formular.lies('name', (text) => readText(text, 120), 'Der Name der Quelle fehlt.')
      const liefert = formular.lies('liefert', (text) => readWahl(text, ['BESTAND', 'AENDERUNG'] as const))
      if (name === null || hatFehler(formular)) return quellen(c, { id, name: formular.text('name'), fehler: formular.fehler })
      await saveQuelle(db, id, { name, liefert })
      return weiter(c, pfade.importquellen(), 'Gespeichert.')
    })

/** `fehler`: of the agency numbers. */
export async function zeigeKlaeren(c: Context<Env>, fehler: Fehler = {}): Promise<Response> {
  const { db, person } = c.var
  const nummer = readSeite(c.req.query('seite'))
  const offene = await listOffeneAgenturnummern(db, person.betriebId)
  const vermittler = offene.length > 0 ? await listVermittler(db) : []
  const ansicht = { ...(await listFragen(db, { art: 'PERSON', seite: nummer })), seite: nummer, offenes: await countOffenes(db) }
  const status = Object.keys(fehler).length > 0 ? 422 : 200
  return seite(c, { titel: 'Zu klären', status, ...KOPF }, <Klaeren {...{ ...ansicht, offene, vermittler, fehler }} />)
}

async function quellen(c: Context<Env>, falsch: Parameters<typeof Quellen>[0]['falsch'] = null): Promise<Response> {
  const ansicht = { quellen: await listQuellen(c.var.db), offenes: await countOffenes(c.var.db), falsch }
  return seite(c, { titel: 'Quellen', status: falsch ? 422 : 200, ...KOPF }, <Quellen {...ansicht} />)
}

async function getFrage(c: Context<Env, string>) {
  const frage = await findFrage(c.var.db, Number(c.req.param('id')))
  if (!frage || frage.art === 'HAUSHALT') throw new HTTPException(404)
  return frage
}

/** "NEU" or "DERSELBE/17". */
function readAntwort(text: unknown): Antwort | undefined {
  if (text === 'NEU') return { entscheidung: 'NEU' }
  const [, kunde] = /^DERSELBE\/([0-9]{1,9})$/.exec(String(text)) ?? []
  return kunde === undefined ? undefined : { entscheidung: 'DERSELBE', kunde: Number(kunde) }
}
