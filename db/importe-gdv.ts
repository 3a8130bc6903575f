/** Takes a delivery into a Betrieb's portfolio: one transaction, one row in `import`, and the same file twice changes nothing. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Befund, type GdvLieferung, readGdv } from '../imports/gdv.ts'
import { type Zuordnung, listUnbekannte, setAgenturnummer } from './importe-agentur.ts'
import { loadBestand } from './importe-bestand.ts'
import { storeKunden } from './importe-kunden.ts'
import { storeVertraege } from './importe-vertraege.ts'
import type { ImportBefund, Tag } from './schema.ts'
import type { WebDb } from './sitzung.ts'
import type { Db } from './verbindung.ts'

export interface Importauftrag {
  betrieb: number
  /** Name of the file, for the list. */
  datei: string
  bytes: Uint8Array
  /** The Vermittler who started it; null from the command line. */
  person: number | null
  /** Today in Europe/Berlin: no delivery confirms a contract for a later day. */
  heute: Tag
  /** Agenturnummern to keep before the rows are written. */
  zuordnung?: readonly Zuordnung[]
}

export interface Importbericht {
  id: number
  /** FEHLER: nothing could be read, nothing was stored. */
  status: 'FERTIG' | 'FEHLER'
  zaehler: Record<string, number>
  befunde: Befund[]
  /** Numbers nobody is mapped to: their customers went to the Supervisor's portfolio. */
  unbekannteAgenturnummern: { vuNummer: string; nummer: string; kunden: number }[]
}

/** More are counted, not kept: a ruined file must not fill the database. */
const HOECHSTENS_BEFUNDE = 500

/** As the worker's role, or as role web inside `withSession` (then it is part of that transaction, and only a Supervisor may). */
export async function importGdv(db: Db | WebDb, auftrag: Importauftrag): Promise<Importbericht> {
  const lieferung = readGdv(auftrag.bytes)
  if (db.isTransaction) return storeLieferung(db as WebDb, auftrag, lieferung)
  return db.transaction().execute((trx) => storeLieferung(trx, auftrag, lieferung))
}

async function storeLieferung(db: WebDb, auftrag: Importauftrag, lieferung: GdvLieferung): Promise<Importbericht> {
  const { betrieb, heute, zuordnung = [] } = auftrag
  const id = await insertImport(db, auftrag)
  // Two imports side by side would both create the same customer.
  await sql`SELECT pg_advisory_xact_lock(7236002, ${betrieb})`.execute(db)
  for (const eine of zuordnung) await setAgenturnummer(db, { betrieb, person: auftrag.person, ...eine })
  const bestand = await loadBestand(db, betrieb, lieferung)
  const kunden = await storeKunden(db, { betrieb, heute, lieferung, bestand })
  const vertraege = await storeVertraege(db, { betrieb, heute, lieferung, bestand, kunden: kunden.ziele })
  const pakete = lieferung.pakete.filter(({ abgelehnt }) => !abgelehnt)
  const bericht: Importbericht = {
    id,
    status: pakete.length > 0 ? 'FERTIG' : 'FEHLER',
    zaehler: {
      pakete: pakete.length,
      paketeAbgelehnt: lieferung.pakete.length - pakete.length,
      saetze: pakete.reduce((summe, { saetze }) => summe + saetze, 0),
      ...kunden.zaehler,
      ...vertraege.zaehler,
      befunde: lieferung.befunde.length,
    },
    befunde: lieferung.befunde,
    unbekannteAgenturnummern: await listUnbekannte(db, betrieb, lieferung),
  }
  await finishImport(db, bericht)
  return bericht
}

async function insertImport(db: WebDb, { betrieb, datei, bytes, person }: Importauftrag): Promise<number> {
  const pruefsumme = createHash('sha256').update(bytes).digest('hex')
  const { id } = await db
    .insertInto('import')
    .values({ betrieb_id: betrieb, datei, pruefsumme, status: 'LAEUFT', von_vermittler_id: person, zaehler: '{}', befunde: '[]' })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function finishImport(db: WebDb, { id, status, zaehler, befunde }: Importbericht): Promise<void> {
  const kurz = befunde.slice(0, HOECHSTENS_BEFUNDE).map(ohneLeere)
  await db
    .updateTable('import')
    .set({ status, zaehler: JSON.stringify(zaehler), befunde: JSON.stringify(kurz), beendet_am: sql<string>`clock_timestamp()` })
    .where('id', '=', id)
    .execute()
}

function ohneLeere(befund: Befund): ImportBefund {
  return Object.fromEntries(Object.entries(befund).filter(([, wert]) => wert !== null)) as unknown as ImportBefund
}
