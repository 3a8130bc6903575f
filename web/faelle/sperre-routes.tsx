/** Ending a Sperrfrist early (Supervisor). */
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { findAntwort } from '../../db/faelle.ts'
import { type Gesperrt, findSperre, liftSperre } from '../../db/sperrfristen.ts'
import { readText } from '../../domain/eingabe.ts'
import { readFormular } from '../formular.ts'
import { pfade } from '../pfade.ts'
import { seite, weiter } from '../seite.tsx'
import type { Fehler } from '../teile.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { nurSupervisor } from '../zugang.ts'
import { FALL_ID, getKopf, klick } from './kontext.ts'
import { Sperraufhebung } from './sperre.tsx'

export const sperreRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .use(pfade.fallSperre(FALL_ID), nurSupervisor)
    .get(pfade.fallSperre(FALL_ID), async (c) => {
      const sperre = await findSperre(c.var.db, Number(c.req.param('id')))
      if (!sperre) throw new HTTPException(404)
      return zeigen(c, sperre, {})
    })
    .post(pfade.fallSperre(FALL_ID), async (c) => {
      const { db } = c.var
      const { id, kunde_id: kunde } = await getKopf(c)
      const formular = await readFormular(c)
      const auftrag = klick(c, id, { aktion: formular.text('aktion') })
      const zurueck = (text: string) => weiter(c, `${pfade.kunde(kunde)}#verlauf`, text)
      const erledigt = 'Sperrfrist aufgehoben. Der nächste Nachtlauf prüft wieder.'
      if ((await findAntwort<number>(db, auftrag)) !== undefined) return zurueck(erledigt)
      const sperre = await findSperre(db, id)
      if (!sperre) return zurueck('Hier ist keine Sperrfrist mehr aufzuheben.')
      const grund = formular.lies(
        'grund',
        (text) => readText(text, 500),
        'Der Grund fehlt. Er steht später im Verlauf und erklärt, warum neu gefragt wird.',
      )
      if (!grund) return zeigen(c, sperre, formular.fehler, { grund: formular.text('grund'), aktion: auftrag.aktion })
      await liftSperre(db, auftrag, grund)
      return zurueck(erledigt)
    })

function zeigen(c: Context<Env>, sperre: Gesperrt, fehler: Fehler, { grund = '', aktion = crypto.randomUUID() as string } = {}): Promise<Response> {
  const status = Object.keys(fehler).length > 0 ? 422 : 200
  return seite(
    c,
    { titel: 'Sperrfrist aufheben', aktiv: 'kunden', stile: ['kunden.css'], status },
    <Sperraufhebung {...{ sperre, grund, aktion, fehler }} />,
  )
}
