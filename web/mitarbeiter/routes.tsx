/** Mitarbeiter (Supervisor): who works here, with which access and under which agency numbers. */
import { type Context, Hono } from 'hono'
import { sql } from 'kysely'
import { once } from '../../db/faelle.ts'
import { insertMail } from '../../db/mails.ts'
import * as mitarbeiter from '../../db/mitarbeiter.ts'
import type { WebDb } from '../../db/sitzung.ts'
import { readEmail, readTelefon, readText, readWahl } from '../../domain/eingabe.ts'
import { EINLADUNG_STUNDEN, RUECKSETZEN_MINUTEN, einladungMail, passwortMail } from '../anmelden/mails.ts'
import { linkUrl } from '../anmelden/routes.tsx'
import { nameVoll } from '../format.ts'
import { type Formular, hatFehler, isVergeben, readFormular } from '../formular.ts'
import { pfade } from '../pfade.ts'
import { weiter } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { nurSupervisor } from '../zugang.ts'
import { agenturnummernRoutes } from './agenturnummern.tsx'
import { getMitarbeiter, zeigeListe, zeigeProfil } from './antworten.tsx'

const ROLLEN = ['VERMITTLER', 'SUPERVISOR'] as const
const VERGEBEN = 'Zu dieser E-Mail-Adresse gibt es schon einen Zugang. Nehmen Sie eine andere.'
const LETZTER =
  'Das ist der letzte Zugang als Supervisor. Machen Sie zuerst eine andere Person zum Supervisor; sie zählt, sobald sie ihr Passwort gesetzt hat.'

export const mitarbeiterRoutes = (deps: WebDeps) =>
  new Hono<Env>()
    .use(pfade.mitarbeiter(), nurSupervisor)
    .use(`${pfade.mitarbeiter()}/*`, nurSupervisor)
    .get(pfade.mitarbeiter(), async (c) => zeigeListe(c))
    .post(pfade.mitarbeiter(), async (c) => {
      const formular = await readFormular(c)
      const profil = readProfil(formular)
      const email = formular.lies('email', readEmail, 'Die E-Mail-Adresse fehlt: Dorthin geht die Einladung.')
      if (!profil || !email || hatFehler(formular)) return zeigeListe(c, { formular })
      const id = await insertOrBlame(c, formular, (db) => mitarbeiter.insertMitarbeiter(db, { ...profil, email }))
      if (id === undefined) return zeigeListe(c, { formular })
      return zeigeListe(c, { link: await invite(c, deps, id), neu: nameVoll(profil) })
    })
    .get(pfade.mitarbeiterProfil(':id'), async (c) => zeigeProfil(c, await getMitarbeiter(c)))
    .post(pfade.mitarbeiterProfil(':id'), async (c) => {
      const einer = await getMitarbeiter(c)
      const formular = await readFormular(c)
      const profil = readProfil(formular)
      const email = formular.lies('email', readEmail, 'Die E-Mail-Adresse fehlt: Mit ihr meldet sich die Person an.')
      if (
        profil?.rolle === 'VERMITTLER' &&
        einer.rolle === 'SUPERVISOR' &&
        einer.aktiv &&
        !(await mitarbeiter.gibtAnderenSupervisor(c.var.db, einer.id))
      )
        formular.beanstande('rolle', LETZTER)
      if (!profil || !email || hatFehler(formular)) return zeigeProfil(c, einer, { formular })
      if (
        email !== einer.email &&
        (await insertOrBlame(c, formular, async (db) => (await mitarbeiter.setMitarbeiterEmail(db, einer.id, email), true))) === undefined
      )
        return zeigeProfil(c, einer, { formular })
      await mitarbeiter.setProfil(c.var.db, einer.id, profil)
      return weiter(c, pfade.mitarbeiterProfil(einer.id), 'Gespeichert.')
    })
    .post(pfade.mitarbeiterLink(':id'), async (c) => {
      const einer = await getMitarbeiter(c)
      const { text } = await readFormular(c)
      const aktion = /^[\w-]{8,64}$/.test(text('aktion')) ? text('aktion') : crypto.randomUUID()
      let link: string | undefined
      // The link itself is kept nowhere: a second click learns only that it is under way.
      const erster = await once(c.var.db, { betrieb: c.var.person.betriebId, aktion }, async () => {
        link = await invite(c, deps, einer.id)
        return { verschickt: link !== undefined }
      })
      if (erster.verschickt && link === undefined) return weiter(c, pfade.mitarbeiterProfil(einer.id), 'Der Link ist schon per E-Mail unterwegs.')
      return zeigeProfil(c, einer, { link })
    })
    .post(pfade.mitarbeiterAktiv(':id'), async (c) => {
      const einer = await getMitarbeiter(c)
      const aktiv = (await readFormular(c)).text('aktiv') === '1'
      if (!aktiv && einer.rolle === 'SUPERVISOR' && !(await mitarbeiter.gibtAnderenSupervisor(c.var.db, einer.id)))
        return zeigeProfil(c, einer, { fehler: { '': LETZTER } })
      await mitarbeiter.setAktiv(c.var.db, einer.id, aktiv)
      const satz = aktiv ? `${nameVoll(einer)} kann sich wieder anmelden.` : `${nameVoll(einer)} ist abgemeldet und kann sich nicht mehr anmelden.`
      return weiter(c, pfade.mitarbeiterProfil(einer.id), satz)
    })
    .route('/', agenturnummernRoutes)

function readProfil(formular: Formular): mitarbeiter.Profil | null {
  const vorname = formular.lies('vorname', readText, 'Der Vorname fehlt.')
  const name = formular.lies('name', readText, 'Der Nachname fehlt.')
  const telefon = formular.lies('telefon', readTelefon)
  const rolle = formular.lies('rolle', (text) => readWahl(text, ROLLEN), 'Bitte wählen Sie die Rolle.')
  return vorname && name && rolle ? { vorname, name, telefon, rolle } : null
}

/** A taken address is a fault of the form; the savepoint keeps the rest of the transaction. */
async function insertOrBlame<T>(c: Context<Env>, formular: Formular, work: (db: WebDb) => Promise<T>): Promise<T | undefined> {
  const { db } = c.var
  await sql`SAVEPOINT adresse`.execute(db)
  try {
    return await work(db)
  } catch (error) {
    if (!isVergeben(error)) throw error
    await sql`ROLLBACK TO SAVEPOINT adresse`.execute(db)
    formular.beanstande('email', VERGEBEN)
    return undefined
  }
}

/** A link for the first password or a new one: mailed to the person, and shown to the Supervisor who asked for it. */
async function invite(c: Context<Env>, { config, log }: WebDeps, id: number): Promise<string | undefined> {
  const { db, person } = c.var
  const einer = await mitarbeiter.findMitarbeiter(db, id)
  if (!einer) return undefined
  const minuten = einer.bereit ? RUECKSETZEN_MINUTEN : EINLADUNG_STUNDEN * 60
  const token = await mitarbeiter.insertZugangslink(db, id, einer.bereit ? 'PASSWORT' : 'EINLADUNG', minuten)
  if (token === undefined) return undefined
  const link = linkUrl(config, token)
  const text = (einer.bereit ? passwortMail : einladungMail)({ ...einer, betrieb: person.betrieb }, link)
  await insertMail(db, { betrieb_id: person.betriebId, art: 'ZUGANG', vermittler_id: id, an: einer.email, ...text })
  log?.info({ ereignis: 'zugangslink', person: person.id, fuer: id })
  return link
}
