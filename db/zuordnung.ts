/** Handing a customer to another Vermittler: the Fälle and Vorgänge go along, and each Fall's protokoll says so. */
import { sql } from 'kysely'
import { takeEvent } from './faelle.ts'
import type { WebDb } from './sitzung.ts'

export interface Uebergabe {
  kunde: number
  betrieb: number
  /** The new Vermittler. */
  neu: number
  aktion: string
  /** Null from the command line. */
  person: number | null
}

export type UebergabeErgebnis = { ok: true; faelle: number } | { ok: false; fehler: string }

/** Every Fall that still lives learns of it while it is visible to the asking person; then the rows change hands in one step. */
export async function reassignKunde(db: WebDb, { kunde, betrieb, neu, aktion, person }: Uebergabe): Promise<UebergabeErgebnis> {
  const ziel = await db.selectFrom('vermittler').select(['id', 'aktiv']).where('id', '=', neu).executeTakeFirst()
  if (!ziel?.aktiv) return { ok: false, fehler: 'Bitte wählen Sie, wer den Kunden künftig betreut.' }
  const row = await db.selectFrom('kunde').select('vermittler_id').where('id', '=', kunde).forUpdate().executeTakeFirst()
  if (!row) return { ok: false, fehler: 'Diesen Kunden gibt es nicht, oder er gehört nicht zu Ihrem Bestand.' }
  if (row.vermittler_id === neu) return { ok: true, faelle: 0 }
  const faelle = await listLivingFaelle(db, kunde)
  for (const fall of faelle)
    await takeEvent(db, { fall, betrieb, aktion: `${aktion}/${fall}`, quelle: 'KLICK', person }, () => ({
      ereignis: { art: 'reassigned', vermittler: neu },
      codes: { vermittler: neu },
    }))
  await sql`SELECT kunde_zuordnen(${kunde}, ${neu})`.execute(db)
  return { ok: true, faelle: faelle.length }
}

/** Customers without a living Fall, in one step. */
export async function reassignKunden(db: WebDb, kunden: readonly number[], neu: number): Promise<void> {
  await sql`SELECT kunden_zuordnen(${kunden}::int[], ${neu})`.execute(db)
}

/** Open and documented Fälle, and closed ones with a Vorgang still open. */
export async function listLivingFaelle(db: WebDb, kunde: number): Promise<number[]> {
  const rows = await db
    .selectFrom('fall')
    .select('id')
    .where('kunde_id', '=', kunde)
    .where((eb) => eb.or([eb('status', '<>', 'GESCHLOSSEN'), eb('offene_vorgaenge', '>', 0)]))
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Who may look after customers, in the order of the phone book. */
export async function listVermittler(db: WebDb): Promise<{ id: number; name: string; vorname: string }[]> {
  return db
    .selectFrom('vermittler')
    .select(['id', 'name', 'vorname'])
    .where('aktiv', '=', true)
    .orderBy(sql`name COLLATE telefonbuch`)
    .orderBy('vorname')
    .execute()
}

export interface Betreuer {
  id: number
  name: string
  vorname: string
  aktiv: boolean
}

/** Who looks after customers: everybody who may, and after them the locked ones who have customers still. */
export async function listBetreuer(db: WebDb): Promise<Betreuer[]> {
  const { rows } = await sql<Betreuer>`
    SELECT v.id, v.name, v.vorname, v.aktiv FROM vermittler v
    WHERE v.aktiv OR EXISTS (SELECT FROM kunde k WHERE k.betrieb_id = v.betrieb_id AND k.vermittler_id = v.id)
    ORDER BY v.aktiv DESC, v.name COLLATE telefonbuch, v.vorname`.execute(db)
  return rows
}
