/** Versicherer (Supervisor): which name stands behind a VU number. */
import { type Context, Hono } from 'hono'
import { listVersicherer, setVersicherer } from '../../db/versicherer.ts'
import { readText } from '../../domain/eingabe.ts'
import { hatFehler, readFormular } from '../formular.ts'
import { readVuNummer } from '../mitarbeiter/agenturnummern.tsx'
import { pfade } from '../pfade.ts'
import { fragment, isPartial, seite, weiter } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { nurSupervisor } from '../zugang.ts'
import { Versichererliste, Zeile, ohneNamen } from './ansichten.tsx'

export const versichererRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .use(pfade.versicherer(), nurSupervisor)
    .get(pfade.versicherer(), (c) => zeigen(c))
    .post(pfade.versicherer(), async (c) => {
      const { db, person } = c.var
      const formular = await readFormular(c)
      const vuNummer = formular.lies('vu_nummer', readVuNummer, 'Die VU-Nummer fehlt, zum Beispiel 5342.')
      const name = formular.lies('name', readText, 'Der Name fehlt, zum Beispiel „Hansa Sach“.')
      const { fehler } = formular
      if (!vuNummer || !name || hatFehler(formular)) {
        const [zeile] = vuNummer && isPartial(c) ? await listVersicherer(db, vuNummer) : []
        if (zeile) return fragment(c, <Zeile zeile={zeile} getippt={formular.text('name')} fehler={fehler} />, { status: 422 })
        return zeigen(c, { vu_nummer: formular.text('vu_nummer'), name: formular.text('name') }, fehler)
      }
      await setVersicherer(db, person.betriebId, vuNummer, name)
      if (!isPartial(c)) return weiter(c, pfade.versicherer(), `VU ${vuNummer} heißt jetzt ${name}.`)
      const liste = await listVersicherer(db)
      return fragment(
        c,
        <>
          <Zeile zeile={liste.find((zeile) => zeile.vuNummer === vuNummer)!} />
          <hx-partial hx-target="#ohne-namen">{ohneNamen(liste)}</hx-partial>
        </>,
        { meldung: `VU ${vuNummer} heißt jetzt ${name}.` },
      )
    })

async function zeigen(c: Context<Env>, werte = {}, fehler?: Record<string, string>): Promise<Response> {
  const liste = await listVersicherer(c.var.db)
  return seite(
    c,
    { titel: 'Versicherer', aktiv: 'betrieb', status: fehler ? 422 : 200 },
    <Versichererliste liste={liste} werte={werte} fehler={fehler ?? {}} />,
  )
}
