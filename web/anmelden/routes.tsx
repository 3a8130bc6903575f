/** Login, logout, and setting a password through a link. Nobody is known here yet: no session, no portfolio. */
import { setTimeout as wait } from 'node:timers/promises'
import { type Context, Hono } from 'hono'
import {
  type Anmeldeergebnis,
  deleteSitzung,
  findLink,
  findPersonByEmail,
  insertSitzung,
  sendPasswortlink,
  setPasswort,
  signIn,
  takeLink,
} from '../../db/anmeldung.ts'
import { isEinrichtungOffen } from '../../db/betrieb.ts'
import { checkPassword } from '../../db/passwort.ts'
import { takeVersuch } from '../../db/versuche.ts'
import { readEmail } from '../../domain/eingabe.ts'
import { uhrzeit } from '../format.ts'
import { hatFehler, readFormular } from '../formular.ts'
import { pfade } from '../pfade.ts'
import { schlichteSeite, weiter } from '../seite.tsx'
import type { WebConfig, WebDeps } from '../umgebung.ts'
import { deleteToken, readToken, readWeiter, writeToken } from '../zugang.ts'
import { Anmelden, LinkAbgelaufen, LinkUnterwegs, PasswortSetzen, PasswortVergessen } from './ansichten.tsx'
import { anmeldeBremsen, linkBremsen, writeGeraet } from './bremsen.ts'
import { RUECKSETZEN_MINUTEN, passwortMail } from './mails.ts'

/** The answer takes this long whether or not the address has an account. */
const ANTWORT_MS = 250

export const anmeldenRoutes = (deps: WebDeps) => {
  const { auth, web, config, log } = deps
  return new Hono()
    .get(pfade.anmelden(), async (c) => {
      const ziel = readWeiter(c.req.query('weiter'))
      const token = readToken(c, config)
      if (token && (await web.withSession(token, async () => true))) return c.redirect(ziel, 303)
      return schlichteSeite(
        c,
        { titel: 'Anmelden' },
        <Anmelden weiter={ziel === pfade.start() ? '' : ziel} einrichtungOffen={await isEinrichtungOffen(web)} />,
      )
    })
    .post(pfade.anmelden(), async (c) => {
      const { text } = await readFormular(c)
      const [email, ziel] = [text('email'), readWeiter(text('weiter'))]
      const ergebnis = await signIn(auth, email, text('passwort'), anmeldeBremsen(c, config, email))
      log?.info({ ereignis: 'anmeldung', ...(ergebnis.ok ? { konto: ergebnis.konto } : { grund: ergebnis.grund }) })
      if (ergebnis.ok) {
        writeGeraet(c, config, email)
        return begin(c, deps, ergebnis.token, ziel)
      }
      const fehler = { '': ablehnung(ergebnis) }
      const status = ({ GEBREMST: 429, STAU: 503, FALSCH: 422, GESPERRT: 422 } as const)[ergebnis.grund]
      return schlichteSeite(c, { titel: 'Anmelden', status }, <Anmelden email={email} weiter={ziel === pfade.start() ? '' : ziel} fehler={fehler} />)
    })
    .post(pfade.abmelden(), async (c) => {
      const token = readToken(c, config)
      if (token) await deleteSitzung(auth, token)
      deleteToken(c, config)
      c.header('Clear-Site-Data', '"cache", "storage"')
      return weiter(c, pfade.anmelden(), 'Sie sind abgemeldet.')
    })
    .get(pfade.passwortVergessen(), (c) => schlichteSeite(c, { titel: 'Neues Passwort' }, <PasswortVergessen />))
    .post(pfade.passwortVergessen(), async (c) => {
      const formular = await readFormular(c)
      const email = formular.lies('email', readEmail, 'Die E-Mail-Adresse fehlt.')
      if (email === null || hatFehler(formular)) {
        const ansicht = <PasswortVergessen email={formular.text('email')} fehler={formular.fehler} />
        return schlichteSeite(c, { titel: 'Neues Passwort', status: 422 }, ansicht)
      }
      await Promise.all([requestLink(c, deps, email, formular.text('formular')), wait(ANTWORT_MS)])
      return schlichteSeite(c, { titel: 'Neues Passwort' }, <LinkUnterwegs email={email} />)
    })
    .get('/passwort/:token', async (c) => {
      const token = c.req.param('token')
      const link = await findLink(auth, token)
      if (!link) return schlichteSeite(c, { titel: 'Link abgelaufen', status: 410 }, <LinkAbgelaufen />)
      return schlichteSeite(c, { titel: 'Passwort setzen' }, <PasswortSetzen token={token} {...link} neu={link.art === 'EINLADUNG'} />)
    })
    .post('/passwort/:token', async (c) => {
      const token = c.req.param('token')
      const { text } = await readFormular(c)
      const link = await findLink(auth, token)
      const grund = checkPassword(text('passwort'))
      if (link && grund !== null) {
        const ansicht = <PasswortSetzen token={token} {...link} neu={link.art === 'EINLADUNG'} fehler={{ passwort: grund }} />
        return schlichteSeite(c, { titel: 'Passwort setzen', status: 422 }, ansicht)
      }
      const konto = link && (await takeLink(auth, token))
      if (!konto) return schlichteSeite(c, { titel: 'Link abgelaufen', status: 410 }, <LinkAbgelaufen />)
      await setPasswort(auth, konto, text('passwort'))
      log?.info({ ereignis: 'passwort', konto })
      writeGeraet(c, config, link.email)
      return begin(c, deps, await insertSitzung(auth, konto), pfade.start())
    })
}

/** What is said to somebody who does not get in. */
export function ablehnung(ergebnis: Exclude<Anmeldeergebnis, { ok: true }>): string {
  switch (ergebnis.grund) {
    case 'GEBREMST':
      return `Zu viele Versuche. Ab ${uhrzeit(ergebnis.bis)} können Sie es wieder versuchen.`
    case 'STAU':
      return 'Gerade melden sich sehr viele Personen an. Versuchen Sie es in einer Minute noch einmal.'
    case 'GESPERRT':
      return 'Ihr Zugang ist gesperrt. Wenden Sie sich an eine Supervisorin oder einen Supervisor Ihres Betriebs.'
    case 'FALSCH':
      return 'E-Mail-Adresse oder Passwort stimmen nicht.'
  }
}

/** A new token with every login: one that somebody planted before is worth nothing. */
export async function begin(c: Context, { auth, config }: WebDeps, token: string, ziel: string): Promise<Response> {
  const alt = readToken(c, config)
  if (alt) await deleteSitzung(auth, alt)
  writeToken(c, config, token)
  return c.redirect(ziel, 303)
}

/** Says nothing to the caller: neither that the account exists nor that there were too many requests. */
async function requestLink(c: Context, { auth, config, log }: WebDeps, email: string, formular: string): Promise<void> {
  for (const bremse of linkBremsen(c, config, email, formular)) if (await takeVersuch(auth, bremse)) return
  const person = await findPersonByEmail(auth, email)
  if (!person) return
  await sendPasswortlink(auth, person.konto, RUECKSETZEN_MINUTEN, (token) => passwortMail(person, linkUrl(config, token)))
  log?.info({ ereignis: 'passwortlink', konto: person.konto })
}

export function linkUrl(config: WebConfig, token: string): string {
  return config.publicUrl + pfade.passwort(token)
}
