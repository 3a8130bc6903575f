/** The columns of a table (Supervisor): shown, tried, kept for the source. Trying is a GET: it changes nothing. */
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { type Spaltenansicht, findSpalten, previewSpalten, saveSpalten } from '../../db/importe-spalten.ts'
import { type Spaltenzuordnung, checkZuordnung, toZuordnung } from '../../domain/tabellenfelder.ts'
import { mehrzahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { fragment, isPartial, seite, weiter } from '../seite.tsx'
import type { Fehler } from '../teile.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { Zuordnung, spaltenfeld } from './zuordnung.tsx'
import { Vorschau } from './zuordnung-vorschau.tsx'

const PFAD = pfade.importZuordnung(':id{[0-9]{1,9}}')

export const zuordnungRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .get(PFAD, async (c) => {
      const ansicht = await getSpalten(c)
      const gewaehlt = c.req.query()
      return zeigen(c, ansicht, spaltenfeld(0) in gewaehlt ? readZuordnung(ansicht, gewaehlt) : ansicht.zuordnung)
    })
    .post(PFAD, async (c) => {
      const ansicht = await getSpalten(c)
      const zuordnung = readZuordnung(ansicht, await c.req.parseBody())
      const { maengel } = checkZuordnung(zuordnung)
      if (maengel.length > 0) return zeigen(c, ansicht, zuordnung, { '': maengel.join(' ') })
      const weitere = await saveSpalten(c.var.db, ansicht.id, zuordnung)
      if (weitere) return weiter(c, pfade.import(ansicht.id), `Gemerkt. ${mehrzahl(weitere, 'Datei wird', 'Dateien werden')} jetzt eingelesen.`)
      return weiter(c, pfade.import(ansicht.id), 'Gemerkt. Die Zuordnung gilt ab der nächsten Lieferung dieser Quelle.')
    })

async function getSpalten(c: Context<Env, string>): Promise<Spaltenansicht> {
  const ansicht = await findSpalten(c.var.db, Number(c.req.param('id')))
  if (!ansicht) throw new HTTPException(404)
  return ansicht
}

function readZuordnung({ vorschlag }: Spaltenansicht, eingabe: Record<string, unknown>): Spaltenzuordnung {
  const { ohneStatus, ohneBestandsart } = eingabe
  return toZuordnung({ felder: vorschlag.spalten.map((_, i) => eingabe[spaltenfeld(i)]), ohneStatus, ohneBestandsart }, vorschlag.spalten.length)
}

async function zeigen(c: Context<Env>, ansicht: Spaltenansicht, zuordnung: Spaltenzuordnung, fehler: Fehler = {}): Promise<Response> {
  const vorschau = await previewSpalten(c.var.db, ansicht, zuordnung, c.var.heute)
  const alles = { ansicht, zuordnung, urteil: checkZuordnung(zuordnung), vorschau, fehler }
  if (isPartial(c)) return fragment(c, <Vorschau {...alles} />)
  const status = Object.keys(fehler).length > 0 ? 422 : 200
  return seite(c, { titel: 'Spalten zuordnen', aktiv: 'importe', status, stile: ['kunden.css', 'zuordnung.css'] }, <Zuordnung {...alles} />)
}
