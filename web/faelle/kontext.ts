/** What every route of a Fall asks first, and where an answer belongs: beside a list, or on a page of its own. */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { type Fallakte, type Fallkopf, findFallakte, findFallkopf } from '../../db/fallakte.ts'
import { type Auftrag, findAntwort } from '../../db/faelle.ts'
import type { Eingabe } from '../../domain/kunde.ts'
import type { Env } from '../umgebung.ts'

export const FALL_ID = ':id{[0-9]{1,15}}'

/** 404 for a Fall the person may not see, as for one that does not exist. */
export async function getAkte(c: Context<Env>): Promise<Fallakte> {
  const akte = await findFallakte(c.var.db, Number(c.req.param('id')), c.var.jetzt)
  if (!akte) throw new HTTPException(404)
  return akte
}

/** The same door for an action, which needs less. */
export async function getKopf(c: Context<Env>): Promise<Fallkopf> {
  const kopf = await findFallkopf(c.var.db, Number(c.req.param('id')), c.var.jetzt)
  if (!kopf) throw new HTTPException(404)
  return kopf
}

/** Text fields of a form; files and repeated names do not belong here. */
export async function readEingabe(c: Context): Promise<Eingabe> {
  const felder = await c.req.parseBody()
  return Object.fromEntries(Object.entries(felder).filter((feld): feld is [string, string] => typeof feld[1] === 'string'))
}

/** A click on the Fall by the person of the session. Without an id in the form it gets one: it is then its own. */
export function klick(c: Context<Env>, fall: number, eingabe: Eingabe): Auftrag {
  const { aktion = '', gesehen = '' } = eingabe
  return {
    fall,
    betrieb: c.var.person.betriebId,
    aktion: /^[\w-]{8,64}$/.test(aktion) ? aktion : crypto.randomUUID(),
    quelle: 'KLICK',
    person: c.var.person.id,
    ...(/^\d{1,9}$/.test(gesehen) && { gesehen: Number(gesehen) }),
  }
}

/** The moment after which a form's instant has to lie. None for a repeat of what was taken: its instant may have passed, and its answer is the first one's. */
export async function fruehestens(c: Context<Env>, auftrag: Auftrag): Promise<string> {
  return (await findAntwort(c.var.db, auftrag)) === undefined ? c.var.jetzt : ''
}

export interface Liste {
  /** Path and query of the list without the open Fall. */
  pfad: string
  vermittler: number | undefined
  /** The Fall that is open beside it. */
  fall: number | undefined
}

/** The list that is open in the browser, when htmx asks from one. */
export function openList(c: Context): Liste | undefined {
  const url = c.req.header('HX-Current-URL')
  if (!url || !URL.canParse(url)) return undefined
  const { pathname, searchParams } = new URL(url)
  if (!/^\/geschaeftsvorfaelle\/[\w-]+$/.test(pathname)) return undefined
  const zahl = (name: string): number | undefined =>
    /^[1-9]\d{0,14}$/.test(searchParams.get(name) ?? '') ? Number(searchParams.get(name)) : undefined
  const fall = zahl('fall')
  searchParams.delete('fall')
  return { pfad: `${pathname}${searchParams.size > 0 ? `?${searchParams}` : ''}`, vermittler: zahl('vermittler'), fall }
}

/** The list's address with a Fall open beside it. */
export function besideList({ pfad }: Pick<Liste, 'pfad'>, fall: number): string {
  return `${pfad}${pfad.includes('?') ? '&' : '?'}fall=${fall}`
}
