/** Mein Profil: appearance, single keys, and the own password. */
import { Hono } from 'hono'
import { insertSitzung, setPasswort, signIn } from '../../db/anmeldung.ts'
import { setEigeneEinstellung } from '../../db/betrieb.ts'
import { checkPassword } from '../../db/passwort.ts'
import { anmeldeBremsen } from '../anmelden/bremsen.ts'
import { ablehnung } from '../anmelden/routes.tsx'
import { hatFehler, readFormular } from '../formular.ts'
import { pfade } from '../pfade.ts'
import { schlichteSeite, seite, weiter } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { readToken, writeToken } from '../zugang.ts'
import { PasswortAendern, Profil } from './ansichten.tsx'

export const profilRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .get(pfade.profil(), (c) => seite(c, { titel: 'Mein Profil', aktiv: 'profil' }, <Profil person={c.var.person} />))
    .post(pfade.profil(), async (c) => {
      const { text } = await readFormular(c)
      const thema = ['hell', 'dunkel'].includes(text('thema')) ? text('thema') : 'system'
      await setEigeneEinstellung(c.var.db, 'thema', thema)
      await setEigeneEinstellung(c.var.db, 'tasten', text('tasten') === '1')
      return weiter(c, pfade.profil(), 'Gespeichert.')
    })

/** Stands before the session's transaction: it ends every session of the account, the asking one included, and begins a new one. */
export const profilPasswortRoutes = ({ web, auth, config, log }: WebDeps) =>
  new Hono().post(pfade.profilPasswort(), async (c) => {
    const token = readToken(c, config)
    const person = token === undefined ? undefined : await web.withSession(token, async (_, wer) => wer)
    if (!person) return c.redirect(pfade.anmelden(), 303)
    const formular = await readFormular(c)
    const grund = checkPassword(formular.text('passwort'))
    if (grund !== null) formular.beanstande('passwort', grund)
    if (!hatFehler(formular)) {
      const ergebnis = await signIn(auth, person.email, formular.text('bisher'), anmeldeBremsen(c, config, person.email))
      if (ergebnis.ok) {
        await setPasswort(auth, ergebnis.konto, formular.text('passwort'))
        writeToken(c, config, await insertSitzung(auth, ergebnis.konto))
        log?.info({ ereignis: 'passwort', konto: ergebnis.konto })
        return weiter(c, pfade.profil(), 'Das neue Passwort gilt. Alle anderen Sitzungen sind beendet.')
      }
      formular.beanstande('bisher', ergebnis.grund === 'FALSCH' ? 'Das bisherige Passwort stimmt nicht.' : ablehnung(ergebnis))
    }
    return schlichteSeite(c, { titel: 'Passwort ändern', status: 422 }, <PasswortAendern email={person.email} fehler={formular.fehler} allein />)
  })
