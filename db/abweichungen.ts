/** Where a delivery contradicts what a person typed: seen with the customer, decided by whoever looks after him. */
import { sql } from 'kysely'
import { suchtext } from '../domain/suchtext.ts'
import type { Herkunft, Quelle, Tag } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export interface Abweichung {
  id: number
  kunde: number
  vertrag: number | null
  /** Column of kunde or vertrag; 'merkmale.…' for what lies deeper. */
  feld: string
  hier: string | null
  geliefert: string
  /** Day of the delivery. */
  stand: Tag
  importId: number | null
}

/** Undecided ones of a customer and his contracts. */
export async function listAbweichungen(db: WebDb, kunde: number): Promise<Abweichung[]> {
  const { rows } = await sql<Abweichung>`
    SELECT id, kunde_id AS kunde, vertrag_id AS vertrag, feld, hier, geliefert, stand, import_id AS "importId"
    FROM abweichung WHERE kunde_id = ${kunde} AND entscheidung IS NULL ORDER BY vertrag_id NULLS FIRST, id`.execute(db)
  return rows
}

/** UEBERNEHMEN writes the delivered value, and from then on deliveries lead again; BEHALTEN is not asked again for the same value. */
export async function decideAbweichung(db: WebDb, id: number, entscheidung: 'UEBERNEHMEN' | 'BEHALTEN', person: number): Promise<boolean> {
  const row = await db
    .updateTable('abweichung')
    .set({ entscheidung, entschieden_am: sql<string>`now()`, entschieden_von: person })
    .where('id', '=', id)
    .where('entscheidung', 'is', null)
    .returningAll()
    .executeTakeFirst()
  if (!row) return false
  if (entscheidung === 'UEBERNEHMEN') await (row.vertrag_id === null ? takeKunde(db, row) : takeVertrag(db, row.vertrag_id, row))
  return true
}

/** Columns a delivery may contradict: nothing else is ever named in SQL. */
export const KUNDENSPALTEN = [
  'art',
  'anrede',
  'titel',
  'vorname',
  'name',
  'namenszusatz',
  'geburtsdatum',
  'strasse',
  'plz',
  'ort',
  'land',
  'telefon',
  'mobil',
  'email',
  'familienstand',
  'erwerbsstatus',
  'beruf',
  'kunde_seit',
] as const
export const VERTRAGSSPALTEN = [
  'sparte',
  'produkt',
  'beginn',
  'ablauf',
  'hauptfaelligkeit',
  'beitrag_cent',
  'zahlungsweise',
  'status',
  'abgang_am',
  'bestandsart',
  'verlaengert_sich',
  'kuendigungsfrist_monate',
] as const

type Entschieden = { kunde_id: number; feld: string; geliefert: string; stand: Tag }

async function takeKunde(db: WebDb, { kunde_id, feld, geliefert, stand }: Entschieden): Promise<void> {
  if (!(KUNDENSPALTEN as readonly string[]).includes(feld)) throw new Error(`Feld ${feld} unbekannt`)
  const row = await db.selectFrom('kunde').selectAll().where('id', '=', kunde_id).forUpdate().executeTakeFirstOrThrow()
  const neu = { ...row, [feld]: geliefert }
  await db
    .updateTable('kunde')
    .set({
      [feld]: geliefert,
      suchtext: suchtext(neu),
      herkunft: JSON.stringify(delivered(row.herkunft, row.quelle, feld, stand)),
      version: row.version + 1,
      geaendert_am: sql<string>`now()`,
    })
    .where('id', '=', kunde_id)
    .execute()
}

async function takeVertrag(db: WebDb, id: number, { feld, geliefert, stand }: Entschieden): Promise<void> {
  if (!(VERTRAGSSPALTEN as readonly string[]).includes(feld)) throw new Error(`Feld ${feld} unbekannt`)
  const row = await db.selectFrom('vertrag').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  await db
    .updateTable('vertrag')
    .set({
      [feld]: geliefert,
      herkunft: JSON.stringify(delivered(row.herkunft, row.quelle, feld, stand)),
      version: row.version + 1,
      geaendert_am: sql<string>`now()`,
    })
    .where('id', '=', id)
    .execute()
}

/** The field is the deliveries' again. */
function delivered(herkunft: Herkunft, quelle: Quelle, feld: string, am: Tag): Herkunft {
  return { ...herkunft, [feld]: { quelle: quelle === 'CSV' ? 'CSV' : 'GDV', am } }
}
