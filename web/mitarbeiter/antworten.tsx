/** The two pages of this room, with what a form or an action adds to them. */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { type Mitarbeiter, findMitarbeiter, listAgenturnummern, listMitarbeiter } from '../../db/mitarbeiter.ts'
import { nameVoll } from '../format.ts'
import type { Formular } from '../formular.ts'
import { seite } from '../seite.tsx'
import type { Env } from '../umgebung.ts'
import { Liste, Profilseite } from './ansichten.tsx'

const KOPF = { titel: 'Mitarbeiter', aktiv: 'mitarbeiter' } as const

export interface Zusatz {
  formular?: Formular
  fehler?: Record<string, string>
  /** Shown once: it is stored as a hash only. */
  link?: string | undefined
}

export async function getMitarbeiter(c: Context<Env>): Promise<Mitarbeiter> {
  const id = Number(c.req.param('id'))
  const einer = Number.isSafeInteger(id) && id < 2 ** 31 ? await findMitarbeiter(c.var.db, id) : undefined
  if (!einer) throw new HTTPException(404)
  return einer
}

export async function zeigeListe(c: Context<Env>, { formular, link, neu }: Zusatz & { neu?: string } = {}): Promise<Response> {
  const { heute } = c.var
  const liste = await listMitarbeiter(c.var.db)
  return seite(c, { ...KOPF, status: formular ? 422 : 200 }, <Liste {...{ liste, heute, formular, link, neu }} />)
}

export async function zeigeProfil(c: Context<Env>, einer: Mitarbeiter, { formular, fehler, link }: Zusatz = {}): Promise<Response> {
  const { heute, person } = c.var
  const nummern = await listAgenturnummern(c.var.db, einer.id)
  const ansicht = (
    <Profilseite {...{ einer, nummern, heute, formular, link, fehler: fehler ?? formular?.fehler ?? {}, ich: person.id === einer.id }} />
  )
  return seite(c, { ...KOPF, titel: nameVoll(einer), status: formular || fehler ? 422 : 200 }, ansicht)
}
