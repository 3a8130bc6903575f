/** Importe (Supervisor): GDV deliveries into the portfolio, and whose customers come under which agency number. */
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { once } from '../../db/faelle.ts'
import { findImport, listImporte, listOffeneAgenturnummern } from '../../db/importe-lesen.ts'
import { setAgenturnummer } from '../../db/importe-agentur.ts'
import { insertImport } from '../../db/importe.ts'
import { listVermittler } from '../../db/zuordnung.ts'
import { mehrzahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { seite, weiter } from '../seite.tsx'
import type { Fehler } from '../teile.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { nurSupervisor } from '../zugang.ts'
import { nummernfeld } from './agenturnummern.tsx'
import { Importbericht } from './bericht.tsx'
import { Importe } from './liste.tsx'
import { zuordnungRoutes } from './zuordnung-routes.tsx'

/** Larger deliveries take longer than a request may; the command line takes them. */
const HOECHSTENS_BYTES = 25 * 1024 * 1024
const KOPF = { aktiv: 'importe', stile: ['kunden.css'], skripte: ['kunden.js'] } as const

export const importRoutes = (deps: WebDeps) =>
  new Hono<Env>()
    .use(pfade.importe(), nurSupervisor)
    .use(`${pfade.importe()}/*`, nurSupervisor)
    .route('/', zuordnungRoutes(deps))
    .get(pfade.importe(), (c) => liste(c))
    .post(pfade.importe(), async (c) => {
      const { db, person } = c.var
      const dateien = await readDateien(c)
      const fehler = check(dateien)
      if (fehler) return liste(c, { datei: fehler })
      const ids = await once(db, { betrieb: person.betriebId, aktion: await readAktion(c) }, async () => {
        const gelesen = await Promise.all(dateien.map(async (datei) => ({ name: datei.name, bytes: new Uint8Array(await datei.arrayBuffer()) })))
        return insertImport(db, { betrieb: person.betriebId, person: person.id, dateien: gelesen })
      })
      if (ids.length === 1) return weiter(c, pfade.import(ids[0]!), 'Angenommen. Die Datei wird jetzt eingelesen.')
      return weiter(c, pfade.importe(), `${mehrzahl(ids.length, 'Datei', 'Dateien')} angenommen. Sie werden jetzt eingelesen.`)
    })
    .post(`${pfade.importe()}/agenturnummern`, async (c) => {
      const { db, person } = c.var
      const eingabe = await c.req.parseBody()
      const vermittler = new Set((await listVermittler(db)).map(({ id }) => id))
      let kunden = 0
      for (const offene of await listOffeneAgenturnummern(db)) {
        const neu = Number(eingabe[nummernfeld(offene)])
        if (vermittler.has(neu)) kunden += await setAgenturnummer(db, { ...offene, betrieb: person.betriebId, vermittler: neu, person: person.id })
      }
      return weiter(c, pfade.importe(), `Zugeordnet. ${mehrzahl(kunden, 'Kunde hat', 'Kunden haben', 'Kein Kunde hat')} den Vermittler gewechselt.`)
    })
    .get(pfade.import(':id{[0-9]{1,9}}'), async (c) => {
      const { db, heute } = c.var
      const gefunden = await findImport(db, Number(c.req.param('id')))
      if (!gefunden) throw new HTTPException(404)
      const offene = await listOffeneAgenturnummern(db)
      const vermittler = await listVermittler(db)
      return seite(c, { titel: gefunden.datei, ...KOPF }, <Importbericht {...{ import: gefunden, offene, vermittler, heute }} />)
    })

async function liste(c: Context<Env>, fehler: Fehler = {}): Promise<Response> {
  const { db, heute } = c.var
  const importe = await listImporte(db)
  const offene = await listOffeneAgenturnummern(db)
  const vermittler = offene.length > 0 ? await listVermittler(db) : []
  const status = Object.keys(fehler).length > 0 ? 422 : 200
  return seite(c, { titel: 'Importe', status, ...KOPF }, <Importe {...{ importe, offene, vermittler, heute, fehler }} />)
}

async function readDateien(c: Context<Env>): Promise<File[]> {
  const { datei } = await c.req.parseBody({ all: true })
  return [datei].flat().filter((eine): eine is File => eine instanceof File && eine.name !== '')
}

/** The form's id: pressed twice, the delivery is read once. */
async function readAktion(c: Context<Env>): Promise<string> {
  const { aktion } = await c.req.parseBody()
  return typeof aktion === 'string' && /^[\w-]{8,64}$/.test(aktion) ? aktion : crypto.randomUUID()
}

function check(dateien: readonly File[]): string | undefined {
  if (dateien.length === 0) return 'Es wurde keine Datei ausgewählt.'
  const bytes = dateien.reduce((summe, { size }) => summe + size, 0)
  if (bytes > HOECHSTENS_BYTES)
    return `Die Dateien sind zusammen ${Math.ceil(bytes / 1024 / 1024)} MB groß, möglich sind 25 MB. Laden Sie sie einzeln hoch; größere Lieferungen liest der Befehl „npm run import“ ein.`
  const leer = dateien.find(({ size }) => size === 0)
  return leer && `Die Datei „${leer.name}“ ist leer.`
}
