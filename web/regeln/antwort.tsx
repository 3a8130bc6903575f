/** The page of one rule, as every route of it answers. */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { ALTBESTANDSREGELN, listAltbestand } from '../../db/altbestand.ts'
import { type Regelstand, getRegel, listRegelstaende } from '../../db/regeln.ts'
import { plusTage } from '../../domain/kalender.ts'
import { wertfeld } from '../../domain/regel.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { katalog } from '../../gevos/katalog.ts'
import { datum } from '../format.ts'
import { seite } from '../seite.tsx'
import type { Fehler } from '../teile.tsx'
import type { Env } from '../umgebung.ts'
import { type Getippt, Regel, type Regelansicht } from './regel.tsx'

export type Kontext = Context<Env, string>
export const KEY = ':key{[a-z0-9-]+}'
export const NR = ':nr{[0-9]{1,9}}'
export const KOPF = { aktiv: 'regeln', stile: ['kunden.css', 'regeln.css'] } as const

/** 404 for what the catalogue does not hold. */
export function getRegelgevo(c: Kontext): Gevo {
  const gevo = katalog.find(({ key }) => key === c.req.param('key'))
  if (!gevo) throw new HTTPException(404)
  return gevo
}

export async function readEingabe(c: Kontext): Promise<Record<string, string>> {
  const body = await c.req.parseBody()
  return Object.fromEntries(Object.entries(body).flatMap(([name, wert]) => (typeof wert === 'string' ? [[name, wert]] : [])))
}

interface Mehr {
  stand?: Regelstand
  getippt?: Getippt
  fehler?: Fehler
  probe?: Regelansicht['probe']
  altbestand?: { getippt: Getippt; fehler: Fehler }
  status?: 409
}

export async function zeigeRegel(
  c: Kontext,
  gevo: Gevo,
  { stand: gelesen, getippt, fehler = {}, probe, altbestand, status }: Mehr,
): Promise<Response> {
  const { db, heute } = c.var
  const stand = gelesen ?? (await getRegel(db, gevo))
  const staende = await listRegelstaende(db, gevo.code)
  const liste = ALTBESTANDSREGELN.includes(gevo.code) ? await listAltbestand(db, gevo.code) : undefined
  const vorgabe = { getippt: { bis: datum(plusTage(heute, 365)) }, fehler: {} }
  const falsch = Object.keys(fehler).length > 0 || altbestand !== undefined
  const ansicht = {
    gevo,
    stand,
    staende,
    getippt: getippt ? { ...toGetippt(gevo, stand), an: '', ...getippt } : toGetippt(gevo, stand),
    fehler,
    probe,
    heute,
    altbestand: liste && { liste, ...vorgabe, ...altbestand },
  }
  return seite(c, { titel: gevo.titel, ...KOPF, status: status ?? (falsch ? 422 : 200) }, <Regel {...ansicht} />)
}

/** The settings in force as a person would type them. */
export function toGetippt(gevo: Gevo, stand: Regelstand): Getippt {
  const werte = Object.entries({ ...gevo.werte, ...stand.werte }).map(([name, wert]) => [wertfeld(name), String(wert)])
  const monate = gevo.sperrfrist === 'EREIGNIS' ? undefined : String(stand.sperrfristMonate ?? gevo.sperrfrist.monate)
  return {
    ...Object.fromEntries(werte),
    an: stand.an ? '1' : '',
    prio: String(stand.prio ?? gevo.prio),
    sperrfrist: monate,
    version: String(stand.version),
  }
}
