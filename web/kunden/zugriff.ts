/** What every route of a customer asks first. */
import { HTTPException } from 'hono/http-exception'
import { type Kundenakte, findKundenakte } from '../../db/kundenakte.ts'
import type { WebDb } from '../../db/sitzung.ts'
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
