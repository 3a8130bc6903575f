/** An import without Temporal: the same steps, here and now. For the command line and for tests. */
import { type Eingang, appendDatei, openImport, queueImport } from './importe.ts'
import { type Lauf, runImport } from './importe-lauf.ts'
import { type Importbericht, findImport } from './importe-lesen.ts'
import type { Liefert, Tag } from './schema.ts'
import type { WebDb } from './sitzung.ts'
import type { Db } from './verbindung.ts'

export interface Sofortauftrag {
  betrieb: number
  /** Name of the file, for the list. */
  datei: string
  bytes: Eingang['dateien'][number]['bytes']
  person: number | null
  /** Today in Europe/Berlin. */
  heute: Tag
  liefert?: Liefert | null
  onSchritt?: Lauf['onSchritt']
  lesen?: Lauf['lesen']
  bestaetige?: Lauf['bestaetige']
}

/** As the worker or the owner. Should this process die on the way, the worker takes the import up again (importe-waechter.ts). */
export async function importNow(db: Db, { betrieb, datei, bytes, person, heute, liefert = null, ...wie }: Sofortauftrag): Promise<Importbericht> {
  const id = await db.transaction().execute(async (trx) => {
    const eingang = await openImport(trx, { betrieb, person, name: datei, liefert })
    if (bytes instanceof Uint8Array) await appendDatei(trx, eingang, bytes)
    else for await (const stueck of bytes) await appendDatei(trx, eingang, stueck)
    return queueImport(trx, eingang, false)
  })
  await runImport(db, { id, anlauf: 1, heute, ...wie })
  return (await findImport(db as WebDb, id))!
}
