/** System (Supervisor): whether everything lives, what is wrong and what to do about it, mails that were not sent. */
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { type Wiederholung, retryMail } from '../../db/mails.ts'
import { getSystemlage } from '../../db/systemlage.ts'
import { readEmail } from '../../domain/eingabe.ts'
import { leser } from '../../domain/kunde.ts'
import { pfade } from '../pfade.ts'
import { seite, weiter } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { nurSupervisor } from '../zugang.ts'
import { readEingabe } from '../faelle/kontext.ts'
import { type Adressfehler, Systemseite } from './ansicht.tsx'

const FOLGEN: Record<Wiederholung, string> = {
  BEGONNEN: 'Die E-Mail wird noch einmal gesendet.',
  SCHON_UNTERWEGS: 'Diese E-Mail ist schon unterwegs oder gesendet.',
  LINK_VERALTET: 'Der Link in dieser E-Mail gilt nur kurz. Stellen Sie unter „Mitarbeiter“ einen neuen aus.',
}

export const systemRoutes = ({ config, log }: WebDeps) => {
  const zeige = async (c: Context<Env>, berichtigung?: Adressfehler): Promise<Response> => {
    const { db, heute, jetzt } = c.var
    const lage = await getSystemlage(db)
    return seite(
      c,
      { titel: 'System', aktiv: 'system', stile: ['system.css'], ...(berichtigung && { status: 422 }) },
      <Systemseite {...{ lage, heute, jetzt, berichtigung, version: config.version }} />,
    )
  }
  return new Hono<Env>()
    .use(pfade.system(), nurSupervisor)
    .use(pfade.systemMail(':id'), nurSupervisor)
    .get(pfade.system(), (c) => zeige(c))
    .post(pfade.systemMail(':id{[0-9]{1,15}}'), async (c) => {
      const id = Number(c.req.param('id'))
      const eingabe = await readEingabe(c)
      const { lies, fehler, text } = leser(eingabe)
      const an = lies('an', readEmail(text('an')))
      if ('an' in eingabe && !an) fehler['an'] ??= 'Die Adresse fehlt. Richtig ist zum Beispiel name@beispiel.de.'
      if (fehler['an']) return zeige(c, { mail: id, an: text('an'), fehler })
      const folge = await retryMail(c.var.db, id, an ?? undefined)
      if (folge === undefined) throw new HTTPException(404)
      log?.info({ ereignis: 'mail-wiederholt', mail: id, person: c.var.person.id })
      return weiter(c, pfade.system(), FOLGEN[folge])
    })
}
