/** First run: the one-time token of the log makes the first Betrieb and its Supervisor, once. */
import { Hono } from 'hono'
import { insertSitzung } from '../../db/anmeldung.ts'
import { insertErsterBetrieb, isEinrichtungOffen } from '../../db/betrieb.ts'
import { checkPassword, hashPassword } from '../../db/passwort.ts'
import { takeVersuch } from '../../db/versuche.ts'
import { readEmail, readText, readWahl } from '../../domain/eingabe.ts'
import { berlinTag } from '../../domain/kalender.ts'
import { einrichtungsBremse, writeGeraet } from '../anmelden/bremsen.ts'
import { begin } from '../anmelden/routes.tsx'
import { BUNDESLAND_CODES } from '../betrieb/bundeslaender.ts'
import { uhrzeit } from '../format.ts'
import { type Formular, hatFehler, isVergeben, readFormular } from '../formular.ts'
import { pfade } from '../pfade.ts'
import { schlichteSeite } from '../seite.tsx'
import type { WebDeps } from '../umgebung.ts'
import { Einrichtung, EinrichtungGeschehen } from './ansichten.tsx'

const KOPF = { titel: 'Betrieb einrichten', breit: true }

export const einrichtungRoutes = (deps: WebDeps) => {
  const { auth, web, config, now, log } = deps
  return new Hono()
    .get(pfade.einrichtung(), async (c) =>
      (await isEinrichtungOffen(web))
        ? schlichteSeite(c, KOPF, <Einrichtung werte={{ token: c.req.query('token') ?? '' }} />)
        : schlichteSeite(c, { ...KOPF, status: 410 }, <EinrichtungGeschehen />),
    )
    .post(pfade.einrichtung(), async (c) => {
      if (!(await isEinrichtungOffen(web))) return schlichteSeite(c, { ...KOPF, status: 410 }, <EinrichtungGeschehen />)
      const formular = await readFormular(c)
      const angaben = readAngaben(formular)
      const gebremst = await takeVersuch(auth, einrichtungsBremse(c, config))
      if (gebremst) formular.beanstande('', `Zu viele Versuche. Ab ${uhrzeit(gebremst)} können Sie es wieder versuchen.`)
      if (angaben && !hatFehler(formular)) {
        const passwortHash = await hashPassword(formular.text('passwort'))
        const konto = await insertErsterBetrieb(web, { ...angaben, passwortHash, tag: berlinTag(now().toISOString()) }).catch((error: Error) => {
          if (isVergeben(error)) formular.beanstande('email', 'Zu dieser E-Mail-Adresse gibt es schon einen Zugang. Nehmen Sie eine andere.')
          else if (error.message === 'TOKEN_UNGUELTIG')
            formular.beanstande('token', 'Das Einmalkennwort stimmt nicht. Es steht in der Ausgabe des letzten Starts, am Ende der Adresse.')
          else throw error
        })
        if (konto) {
          log?.info({ ereignis: 'einrichtung', konto })
          writeGeraet(c, config, angaben.email)
          return begin(c, deps, await insertSitzung(auth, konto), pfade.start())
        }
      }
      return schlichteSeite(c, { ...KOPF, status: gebremst ? 429 : 422 }, <Einrichtung werte={typed(formular)} fehler={formular.fehler} />)
    })
}

function readAngaben(formular: Formular) {
  const token = formular.lies('token', readText, 'Das Einmalkennwort fehlt. Es steht in der Ausgabe des letzten Starts, am Ende der Adresse.')
  const betrieb = formular.lies('betrieb', readText, 'Der Name des Betriebs fehlt, zum Beispiel „Maklerhaus Lindner“.')
  const ort = formular.lies('ort', readText)
  const bundesland = formular.lies(
    'bundesland',
    (text) => readWahl(text, BUNDESLAND_CODES),
    'Bitte wählen Sie das Bundesland: Feiertage verschieben Wiedervorlagen.',
  )
  const vorname = formular.lies('vorname', readText, 'Ihr Vorname fehlt.')
  const name = formular.lies('name', readText, 'Ihr Nachname fehlt.')
  const email = formular.lies('email', readEmail, 'Ihre E-Mail-Adresse fehlt.')
  const grund = checkPassword(formular.text('passwort'))
  if (grund !== null) formular.beanstande('passwort', grund)
  return token && betrieb && bundesland && vorname && name && email ? { token, betrieb, ort, bundesland, vorname, name, email } : null
}

/** Everything but the password comes back. */
function typed({ text }: Formular): Record<string, string> {
  return Object.fromEntries(['token', 'betrieb', 'ort', 'bundesland', 'vorname', 'name', 'email'].map((name) => [name, text(name)]))
}
