/** Hilfe: the catalogue in words, with what is in force in this Betrieb. */
import { Hono } from 'hono'
import { listRegeln } from '../../db/regeln.ts'
import { suchworte } from '../../domain/suchtext.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { katalog } from '../../gevos/katalog.ts'
import { pfade } from '../pfade.ts'
import { seite } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { Geschaeftsvorfallhilfe } from './geschaeftsvorfaelle.tsx'

export const hilfeRoutes = (_deps: WebDeps) =>
  new Hono<Env>().get(pfade.hilfeGevos(), async (c) => {
    const q = (c.req.query('q') ?? '').trim().slice(0, 100)
    const staende = await listRegeln(c.var.db, katalog)
    const alle = katalog.map((gevo, i) => ({ gevo, stand: staende[i]! }))
    const ansicht = { q, gefunden: alle.filter(({ gevo }) => passt(gevo, q)), alle, supervisor: c.var.person.rolle === 'SUPERVISOR' }
    return seite(
      c,
      { titel: 'Hilfe: Geschäftsvorfälle', aktiv: 'hilfe', stile: ['kunden.css', 'regeln.css'], skripte: ['kunden.js'] },
      <Geschaeftsvorfallhilfe {...ansicht} />,
    )
  })

/** Every word of the query stands somewhere in what the page says of the GeVo. */
function passt({ code, titel, kurz, hilfe, grund, recht, endetWenn }: Gevo, q: string): boolean {
  const worte = suchworte([code, titel, kurz, hilfe, grund, recht ?? '', endetWenn].join(' '))
  return suchworte(q).every((gesucht) => worte.some((wort) => wort.includes(gesucht)))
}
