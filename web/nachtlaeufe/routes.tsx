/** Nachtläufe (Supervisor): what each night found, and starting one by hand. */
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { findNachtlauf, listNachtlaeufe, startNachtlauf } from '../../db/nachtlauf-lesen.ts'
import type { WebDb } from '../../db/sitzung.ts'
import { pfade } from '../pfade.ts'
import { fragment, isPartial, seite, weiter, zaehler } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { nurSupervisor } from '../zugang.ts'
import { Nachtlauf } from './bericht.tsx'
import { Nachtlaeufe } from './liste.tsx'

const KOPF = { aktiv: 'nachtlaeufe', stile: ['kunden.css'] } as const

export const nachtlaufRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .use(pfade.nachtlaeufe(), nurSupervisor)
    .use(`${pfade.nachtlaeufe()}/*`, nurSupervisor)
    .get(pfade.nachtlaeufe(), async (c) => {
      const { db, heute } = c.var
      const laeufe = await listNachtlaeufe(db)
      const freigegeben = await isReleased(db)
      return seite(c, { titel: 'Nachtläufe', ...KOPF }, <Nachtlaeufe {...{ laeufe, freigegeben, heute }} />)
    })
    .post(pfade.nachtlaeufe(), async (c) => {
      const { db, person, heute } = c.var
      if (!(await isReleased(db))) return weiter(c, pfade.anlauf(), 'Geben Sie zuerst die Nächte frei.')
      const { id, neu } = await startNachtlauf(db, person, heute)
      return weiter(c, pfade.nachtlauf(id), neu ? 'Der Nachtlauf beginnt.' : 'Ein Nachtlauf läuft bereits.')
    })
    .get(pfade.nachtlauf(':id{[0-9]{1,9}}'), async (c) => {
      const { db, heute } = c.var
      const lauf = await findNachtlauf(db, Number(c.req.param('id')))
      if (!lauf) throw new HTTPException(404)
      const inhalt = <Nachtlauf lauf={lauf} heute={heute} />
      if (!isPartial(c) || lauf.status === 'LAEUFT') return seite(c, { titel: 'Nachtlauf', ...KOPF }, inhalt)
      // The poll that finds it finished also brings the new counts, and says so.
      const mitZahlen = (
        <>
          {inhalt}
          {await zaehler(c)}
        </>
      )
      return fragment(c, mitZahlen, { meldung: lauf.status === 'FERTIG' ? 'Der Nachtlauf ist fertig.' : 'Der Nachtlauf wurde abgebrochen.' })
    })

async function isReleased(db: WebDb): Promise<boolean> {
  const { anlauf_am } = await db.selectFrom('betrieb').select('anlauf_am').executeTakeFirstOrThrow()
  return anlauf_am !== null
}
