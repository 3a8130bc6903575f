/** Importe (Supervisor): deliveries into the portfolio, each with its report, and what a person may do with one. */
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { getBetrieb } from '../../db/betrieb.ts'
import { once } from '../../db/faelle.ts'
import { cancelImport, discardImport, insertImport, releaseImport, restartImport, setLiefert, unmarkMissing } from '../../db/importe.ts'
import { setAgenturnummer } from '../../db/importe-agentur.ts'
import { listBefunde } from '../../db/importe-befunde.ts'
import {
  type Importbericht as Bericht,
  findImport,
  listBeispiele,
  listImporte,
  listOffeneAgenturnummern,
  listZeilen,
} from '../../db/importe-lesen.ts'
import { countOffenes } from '../../db/importe-zweifel.ts'
import type { WebDb } from '../../db/sitzung.ts'
import { listVermittler } from '../../db/zuordnung.ts'
import { csv, csvKopf } from '../csv.ts'
import { mehrzahl } from '../format.ts'
import { readSeite } from '../formular.ts'
import { pfade } from '../pfade.ts'
import { fragment, isPartial, seite, weiter } from '../seite.tsx'
import type { Fehler } from '../teile.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { nurSupervisor, readWeiter } from '../zugang.ts'
import { NUMMERNFELD, nummernfeld, waehlenFehler } from './agenturnummern.tsx'
import { teilname } from './aenderungen.tsx'
import { type Berichtansicht, Importbericht } from './bericht.tsx'
import { type Datei, type Empfang, HOECHSTENS_BYTES, HOECHSTENS_DATEIEN } from './empfang.ts'
import { Hochladen } from './hochladen.tsx'
import { klaerenRoutes, zeigeKlaeren } from './klaeren-routes.tsx'
import { Importliste } from './liste.tsx'
import { Reiter } from './reiter.tsx'
import { TEILE, groesse } from './worte.ts'
import { zuordnungRoutes } from './zuordnung-routes.tsx'

const ID = ':id{[0-9]{1,9}}'
const KOPF = { aktiv: 'importe', stile: ['kunden.css', 'importe.css'], skripte: ['importe.js'] } as const

export const importRoutes = (deps: WebDeps) =>
  new Hono<Env>()
    .use(pfade.importe(), nurSupervisor)
    .use(`${pfade.importe()}/*`, nurSupervisor)
    .route('/', klaerenRoutes(deps))
    .route('/', zuordnungRoutes(deps))
    .get(pfade.importe(), (c) => liste(c))
    .post(pfade.importe(), async (c) => {
      const { db, person } = c.var
      const { felder, dateien } = c.var.empfang!
      const gute = dateien.filter((datei) => mangel(datei) === undefined)
      if (gute.length === 0) return liste(c, { datei: abgelehnt({ felder, dateien }) || 'Es wurde keine Datei ausgewählt.' })
      const ids = await once(db, { betrieb: person.betriebId, aktion: readAktion(felder['aktion']) }, () =>
        insertImport(db, {
          betrieb: person.betriebId,
          person: person.id,
          dateien: gute.map(({ name, anfang, lies }) => ({ name, anfang, bytes: lies() })),
        }),
      )
      const schlecht = abgelehnt({ felder, dateien })
      if (ids.length === 1 && !schlecht) return weiter(c, pfade.import(ids[0]!), 'Angenommen. Die Datei wird jetzt eingelesen.')
      return weiter(c, pfade.importe(), `${mehrzahl(ids.length, 'Datei', 'Dateien')} angenommen; sie werden jetzt eingelesen. ${schlecht}`.trim())
    })
    .post(pfade.agenturnummern(), async (c) => {
      const { db, person } = c.var
      const eingabe = await c.req.parseBody()
      const vermittler = new Set((await listVermittler(db)).map(({ id }) => id))
      const zurueck = readWeiter(typeof eingabe['zurueck'] === 'string' ? eingabe['zurueck'] : undefined)
      const ziel = zurueck.startsWith(pfade.importe()) ? zurueck : pfade.importe()
      const alle = await listOffeneAgenturnummern(db, person.betriebId)
      // What the form says of all of them, those included that have been assigned since it was shown.
      const gewaehlt = Object.entries(eingabe).some(([name, wert]) => name.startsWith(NUMMERNFELD) && vermittler.has(Number(wert)))
      if (!gewaehlt && alle.length === 0) return weiter(c, ziel, 'Alle Agenturnummern sind schon zugeordnet.')
      if (!gewaehlt) {
        const [, bericht] = /^\/importe\/(\d{1,9})$/.exec(ziel) ?? []
        return bericht ? zeigeBericht(c, bericht, waehlenFehler(alle)) : zeigeKlaeren(c, waehlenFehler(alle))
      }
      let kunden = 0
      for (const offene of alle) {
        const neu = Number(eingabe[nummernfeld(offene)])
        if (vermittler.has(neu)) kunden += await setAgenturnummer(db, { ...offene, betrieb: person.betriebId, vermittler: neu, person: person.id })
      }
      return weiter(c, ziel, `Zugeordnet. ${mehrzahl(kunden, 'Kunde hat', 'Kunden haben', 'Kein Kunde hat')} den Vermittler gewechselt.`)
    })
    .get(pfade.import(ID), (c) => zeigeBericht(c, c.req.param('id')))
    .get(pfade.importBefunde(ID), async (c) => {
      const { db } = c.var
      const { id, befunde } = await getImport(db, c.req.param('id'))
      const alle = await listBefunde(db, id)
      const zeilen = (alle.length > 0 ? alle : befunde).map(({ paket, zeile, byte, feld, text }) => [
        paket ?? null,
        zeile ?? null,
        byte ?? null,
        feld ?? null,
        text,
      ])
      return c.body(csv(['Paket', 'Zeile', 'Stelle', 'Feld', 'Befund'], zeilen), 200, csvKopf(`befunde-${id}`))
    })
    .post(pfade.importAbbruch(ID), tat(cancelImport, 'Wird abgebrochen. Es bleibt nichts davon.', 'Es gab nichts mehr abzubrechen.'))
    .post(
      pfade.importFreigabe(ID),
      tat((db, id, person) => releaseImport(db, id, person), 'Freigegeben. Die Lieferung wird jetzt übernommen.', 'Darüber ist schon entschieden.'),
    )
    .post(pfade.importVerwerfung(ID), tat(discardImport, 'Verworfen. Es wurde nichts übernommen.', 'Darüber ist schon entschieden.'))
    .post(
      pfade.importWiederholung(ID),
      tat(restartImport, 'Noch einmal begonnen.', 'Das geht nicht mehr. Bitte laden Sie die Datei noch einmal hoch.'),
    )
    .post(pfade.importUmfang(ID), async (c) => {
      const { db } = c.var
      const { id } = await getImport(db, c.req.param('id'))
      const { liefert } = await c.req.parseBody()
      if (liefert !== 'BESTAND' && liefert !== 'AENDERUNG') throw new HTTPException(400)
      if (await setLiefert(db, id, liefert)) return weiter(c, pfade.import(id), 'Festgelegt. Die Lieferung wird damit geprüft.')
      const anzahl = liefert === 'AENDERUNG' ? await unmarkMissing(db, id) : undefined
      if (anzahl === undefined) return weiter(c, pfade.import(id), 'Das lässt sich für diese Lieferung nicht mehr ändern.')
      return weiter(c, pfade.import(id), `Festgelegt. ${mehrzahl(anzahl, 'Vertrag gilt', 'Verträge gelten')} nicht mehr als fehlend.`)
    })

/** A button of the report: done, or not possible any more; either way back to the report. */
function tat(work: (db: WebDb, id: number, person: number) => Promise<boolean>, getan: string, zuSpaet: string) {
  return async (c: Context<Env, string>): Promise<Response> => {
    const { db, person } = c.var
    const { id } = await getImport(db, c.req.param('id'))
    return weiter(c, pfade.import(id), (await work(db, id, person.id)) ? getan : zuSpaet)
  }
}

async function liste(c: Context<Env>, fehler: Fehler = {}): Promise<Response> {
  const { db, person, heute } = c.var
  const nummer = readSeite(c.req.query('seite'))
  const block = <Importliste {...await listImporte(db, { seite: nummer })} seite={nummer} heute={heute} />
  if (isPartial(c) && c.req.method === 'GET') return fragment(c, block)
  const offene = await listOffeneAgenturnummern(db, person.betriebId)
  const status = Object.keys(fehler).length > 0 ? 422 : 200
  return seite(
    c,
    { titel: 'Importe', status, ...KOPF },
    <>
      <header>
        <h1>Importe</h1>
        <p>Was Versicherer, Pools und alte Programme liefern, wird Ihr Bestand</p>
      </header>
      <Reiter aktiv="lieferungen" offenes={await countOffenes(db)} />
      <Hochladen fehler={fehler} />
      {offene.length > 0 && (
        <p>
          {mehrzahl(offene.length, 'Agenturnummer ist', 'Agenturnummern sind')} noch niemandem zugeordnet.{' '}
          <a href={pfade.klaeren()}>Jetzt zuordnen</a>
        </p>
      )}
      {block}
    </>,
  )
}

/** `fehler`: of the agency numbers. */
async function zeigeBericht(c: Context<Env, string>, id: string | undefined, fehler: Fehler = {}): Promise<Response> {
  const ansicht = await readBericht(c, id)
  const status = Object.keys(fehler).length > 0 ? 422 : 200
  return seite(c, { titel: ansicht.import.datei, status, ...KOPF }, <Importbericht {...ansicht} fehler={fehler} />)
}

async function readBericht(c: Context<Env, string>, id: string | undefined): Promise<Omit<Berichtansicht, 'fehler'>> {
  const { db, person, heute } = c.var
  const gefunden = await getImport(db, id)
  const fertig = gefunden.status === 'FERTIG'
  const offene = fertig ? await listOffeneAgenturnummern(db, person.betriebId) : []
  return {
    import: gefunden,
    beispiele: await listBeispiele(db, gefunden.gruende),
    offene,
    vermittler: offene.length > 0 ? await listVermittler(db) : [],
    teil: fertig ? await readTeil(db, gefunden, c.req.query('teil'), readSeite(c.req.query('seite'))) : null,
    naechte: (await getBetrieb(db, person.betriebId)).anlauf_am !== null,
    heute,
  }
}

/** The part that was asked for, else the first that holds anything. */
async function readTeil(db: WebDb, { id, zeilen }: Bericht, name: string | undefined, nummer: number): Promise<Berichtansicht['teil']> {
  const volle = TEILE.filter(([art, folge]) => (zeilen[`${art} ${folge}`] ?? 0) > 0)
  const teil = volle.find(([art, folge]) => teilname(art, folge) === name) ?? volle[0]
  if (!teil) return null
  const [art, folge] = teil
  const gesamt = zeilen[`${art} ${folge}`]!
  return { name: teilname(art, folge), seite: nummer, gesamt, zeilen: await listZeilen(db, id, { art, folge, seite: nummer }) }
}

async function getImport(db: WebDb, id: string | undefined): Promise<Bericht> {
  const gefunden = await findImport(db, Number(id))
  if (!gefunden) throw new HTTPException(404)
  return gefunden
}

function abgelehnt({ dateien }: Empfang): string {
  return dateien
    .map((datei) => mangel(datei))
    .filter((text) => text !== undefined)
    .slice(0, 5)
    .join(' ')
}

function mangel({ name, bytes, zuGross }: Datei): string | undefined {
  if (bytes === 0) return `Die Datei „${name}“ ist leer.`
  if (!zuGross) return undefined
  return `„${name}“ (${groesse(bytes)}) wurde nicht angenommen: Möglich sind auf einmal ${groesse(HOECHSTENS_BYTES)} in höchstens ${HOECHSTENS_DATEIEN} Dateien. Laden Sie sie einzeln hoch, oder lassen Sie sie geteilt liefern.`
}

/** The form's id: a second click is the same upload. */
function readAktion(aktion: string | undefined): string {
  return aktion && /^[\w-]{8,64}$/.test(aktion) ? aktion : crypto.randomUUID()
}
