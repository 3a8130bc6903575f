/** The mails of the Betrieb as they would be or were sent. A Vermittler sees his own and those to his customers. */
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { findMail, listMails } from '../../db/postausgang.ts'
import { SEITENKOPF } from '../faelle/antwort.tsx'
import { pfade } from '../pfade.ts'
import { seite } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { Mailansicht, Postausgang } from './ansicht.tsx'

const KOPF = { titel: 'Postausgang', aktiv: 'postausgang', ...SEITENKOPF, breit: false } as const

export const postausgangRoutes = ({ config }: WebDeps) =>
  new Hono<Env>()
    .get(pfade.postausgang(), async (c) => {
      const wunsch = c.req.query('seite') ?? ''
      const nummer = /^[1-9]\d{0,6}$/.test(wunsch) ? Number(wunsch) : 1
      const { mails, gesamt } = await listMails(c.var.db, nummer)
      return seite(c, KOPF, <Postausgang {...{ mails, gesamt, seite: nummer, heute: c.var.heute, sendet: config.mailSending }} />)
    })
    .get(pfade.postausgangMail(':id{[0-9]{1,15}}'), async (c) => {
      const mail = await findMail(c.var.db, Number(c.req.param('id')))
      if (!mail) throw new HTTPException(404)
      return seite(c, KOPF, <Mailansicht mail={mail} heute={c.var.heute} />)
    })
