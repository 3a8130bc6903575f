/** System (Supervisor): whether everything lives, what is wrong and what to do about it, mails that were not sent. */
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { retryMail } from '../../db/mails.ts'
import { getSystemlage } from '../../db/systemlage.ts'
import { pfade } from '../pfade.ts'
import { seite, weiter } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { nurSupervisor } from '../zugang.ts'
import { Systemseite } from './ansicht.tsx'

export const systemRoutes = ({ config, log }: WebDeps) =>
  new Hono<Env>()
    .use(pfade.system(), nurSupervisor)
    .use(pfade.systemMail(':id'), nurSupervisor)
    .get(pfade.system(), async (c) => {
      const { db, heute, jetzt } = c.var
      const lage = await getSystemlage(db)
      return seite(
        c,
        { titel: 'System', aktiv: 'system', stile: ['system.css'] },
        <Systemseite {...{ lage, heute, jetzt, version: config.version }} />,
      )
    })
    .post(pfade.systemMail(':id{[0-9]{1,15}}'), async (c) => {
      const id = Number(c.req.param('id'))
      const folge = await retryMail(c.var.db, id)
      if (folge === undefined) throw new HTTPException(404)
      log?.info({ ereignis: 'mail-wiederholt', mail: id, person: c.var.person.id })
      return weiter(c, pfade.system(), folge ? 'Die E-Mail wird noch einmal gesendet.' : 'Diese E-Mail ist schon unterwegs oder gesendet.')
    })
