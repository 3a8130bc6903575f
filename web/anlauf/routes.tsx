/** Anlauf (Supervisor): the rules' numbers today, on or off, the daily quota, and the release of the nights. */
import { type Context, Hono } from 'hono'
import { previewRegeln, saveAnlauf } from '../../db/regeln.ts'
import { katalog } from '../../gevos/katalog.ts'
import { pfade } from '../pfade.ts'
import { seite, weiter } from '../seite.tsx'
import type { Fehler } from '../teile.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { nurSupervisor } from '../zugang.ts'
import { Anlauf, regelfeld } from './anlauf.tsx'

export const anlaufRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .use(pfade.anlauf(), nurSupervisor)
    .get(pfade.anlauf(), (c) => zeigen(c))
    .post(pfade.anlauf(), async (c) => {
      const eingabe = await c.req.parseBody()
      const getippt = typeof eingabe['tagesquote'] === 'string' ? eingabe['tagesquote'].trim() : ''
      const an = Object.fromEntries(katalog.map(({ code }) => [code, eingabe[regelfeld(code)] === '1']))
      if (!/^\d{0,5}$/.test(getippt))
        return zeigen(c, {
          getippt,
          an,
          fehler: { tagesquote: `„${getippt}“ ist keine Anzahl. Richtig ist zum Beispiel 20, oder leer für unbegrenzt.` },
        })
      await saveAnlauf(c.var.db, c.var.person, { an, tagesquote: getippt === '' ? null : Number(getippt) })
      return weiter(c, pfade.nachtlaeufe(), 'Gespeichert. Es gilt ab dem nächsten Nachtlauf.')
    })

interface Versuch {
  getippt: string
  an: Record<string, boolean>
  fehler: Fehler
}

async function zeigen(c: Context<Env>, versuch?: Versuch): Promise<Response> {
  const { db, person, heute } = c.var
  const gefunden = await previewRegeln(db, katalog, person, heute)
  const stand = { ...gefunden, regeln: gefunden.regeln.map((r) => ({ ...r, an: versuch?.an[r.code] ?? r.an })) }
  const tagesquote = versuch?.getippt ?? String(stand.tagesquote ?? '')
  const kopf = { titel: 'Anlauf', aktiv: 'nachtlaeufe', stile: ['kunden.css'], status: versuch ? 422 : 200 } as const
  return seite(c, kopf, <Anlauf {...{ stand, tagesquote, heute, fehler: versuch?.fehler ?? {} }} />)
}
