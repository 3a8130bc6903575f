/** What a reconciliation reads: the Fälle that need a clock. Runs as the worker. */
import type { SelectQueryBuilder } from 'kysely'
import type { Stand } from '../domain/fall.ts'
import { STAND_COLUMNS, rowToStand } from './faelle.ts'
import type { FallRow, Schema } from './schema.ts'
import type { Db } from './verbindung.ts'

export interface OpenFall {
  nr: number
  betrieb: number
  gevo: string
  stand: Stand
}

const PAGE = 5_000
const COLUMNS = ['id', 'betrieb_id', 'gevo', ...STAND_COLUMNS] as const

/** All rows for which `needsClock` holds (the WHERE says the same in SQL), page by page; those with a message under way are the relay's. */
export async function* listOpenFaelle(db: Db): AsyncGenerator<OpenFall[]> {
  for (let after = 0; ;) {
    const rows = await openFaelle(db).where('id', '>', after).orderBy('id').limit(PAGE).execute()
    if (rows.length > 0) yield rows.map(toOpenFall)
    if (rows.length < PAGE) return
    after = rows.at(-1)!.id
  }
}

/** One row as it is now, whether it needs a clock or not. */
export async function findOpenFall(db: Db, nr: number): Promise<OpenFall | undefined> {
  const row = await db.selectFrom('fall').select(COLUMNS).where('id', '=', nr).executeTakeFirst()
  return row && toOpenFall(row)
}

function openFaelle(db: Db): SelectQueryBuilder<Schema, 'fall', Pick<FallRow, (typeof COLUMNS)[number]>> {
  return db
    .selectFrom('fall')
    .select(COLUMNS)
    .where((eb) => eb.or([eb('status', '<>', 'GESCHLOSSEN'), eb('offene_vorgaenge', '>', 0)]))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('outbox as o')
            .select('o.id')
            .where('o.art', '=', 'FALL')
            .whereRef('o.ziel', '=', 'fall.id')
            .where('o.zugestellt_am', 'is', null),
        ),
      ),
    )
}

function toOpenFall(row: Pick<FallRow, (typeof COLUMNS)[number]>): OpenFall {
  return { nr: row.id, betrieb: row.betrieb_id, gevo: row.gevo, stand: rowToStand(row) }
}
