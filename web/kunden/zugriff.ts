/** What every route of a customer asks first. */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { type Kundenakte, findKundenakte } from '../../db/kundenakte.ts'
import type { WebDb } from '../../db/sitzung.ts'
import type { Eingabe } from '../../domain/kunde.ts'
import { pfade } from '../pfade.ts'
import { readWeiter } from '../zugang.ts'

/** 404 for a customer the person may not see, as for one that does not exist. */
export async function getKunde(db: WebDb, id: string | undefined): Promise<Kundenakte> {
  const kunde = await findKundenakte(db, Number(id))
  if (!kunde) throw new HTTPException(404)
  return kunde
}

/** The list the person came from, with its filter; a path of ours only. */
export function readZurueck(wunsch: string | undefined): string {
  const pfad = readWeiter(wunsch)
  return pfad === pfade.start() ? pfade.kunden() : pfad
}

/** A positive number of a query, or undefined. */
export function readNummer(text: string | undefined): number | undefined {
  return text && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
}

/** The form's id: kept while nothing was taken, so that a second click is the same one. */
export function readAktion({ aktion = '' }: Eingabe): string {
  return /^[\w-]{8,64}$/.test(aktion) ? aktion : crypto.randomUUID()
}

export async function readEingabe(c: Context): Promise<Eingabe> {
  const body = await c.req.parseBody()
  return Object.fromEntries(Object.entries(body).flatMap(([name, wert]) => (typeof wert === 'string' ? [[name, wert]] : [])))
}

/** Of two forms, the fields of the first that the second says otherwise. */
export function differences(jetzt: Eingabe, meine: Eingabe): Record<string, string> {
  return Object.fromEntries(Object.entries(jetzt).filter(([feld, wert]) => wert !== (meine[feld] ?? '')))
}
