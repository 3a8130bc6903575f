/** Where a delivery contradicts what a person typed: seen with the customer, decided by whoever looks after him. */
import { sql } from 'kysely'
import type { Sparte } from '../domain/sparten.ts'
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

/** Half of an old address beside half of a new one would be worse than none: it is kept or taken as a whole. */
export const ANSCHRIFTSFELDER = ['strasse', 'plz', 'ort', 'land'] as const

/** Undecided ones of a customer and his contracts. */
export async function listAbweichungen(db: WebDb, kunde: number): Promise<Abweichung[]> {
  const { rows } = await sql<Abweichung>`
    SELECT id, kunde_id AS kunde, vertrag_id AS vertrag, feld, hier, geliefert, stand, import_id AS "importId"
    FROM abweichung WHERE kunde_id = ${kunde} AND entscheidung IS NULL ORDER BY vertrag_id NULLS FIRST, id`.execute(db)
  return rows
}

export const KUNDEN_JE_SEITE = 25
/** More customers than these are counted, and gone through, as one more: nobody waits for the counting of all. */
export const KUNDEN_GEZAEHLT = 1_000

export interface KundeMitAbweichungen {
  id: number
  /** "Weber, Anna" */
  name: string
  nummer: string
  abweichungen: Abweichung[]
  /** Those of its contracts that differ. */
  vertraege: { id: number; sparte: Sparte; vsnr: string | null }[]
}

/** Customers with undecided differences, a page of them in the order of the phone book; and how many there are (see KUNDEN_GEZAEHLT). */
export async function listKundenMitAbweichungen(db: WebDb, seite = 1): Promise<{ kunden: KundeMitAbweichungen[]; gesamt: number }> {
  const { rows } = await sql<KundeMitAbweichungen & { gesamt: number }>`
    WITH betroffen AS MATERIALIZED (SELECT DISTINCT kunde_id FROM abweichung WHERE entscheidung IS NULL ORDER BY kunde_id LIMIT ${KUNDEN_GEZAEHLT + 1}),
    seite AS (
      SELECT k.id, concat_ws(', ', k.name, k.vorname) AS name, k.nummer, row_number() OVER (ORDER BY k.name COLLATE telefonbuch, k.vorname COLLATE telefonbuch, k.id) AS platz
      FROM betroffen b JOIN kunde k ON k.id = b.kunde_id ORDER BY platz LIMIT ${KUNDEN_JE_SEITE} OFFSET ${(seite - 1) * KUNDEN_JE_SEITE})
    SELECT s.id, s.name, s.nummer, (SELECT count(*) FROM betroffen) AS gesamt,
      (SELECT jsonb_agg(jsonb_build_object('id', a.id, 'kunde', a.kunde_id, 'vertrag', a.vertrag_id, 'feld', a.feld, 'hier', a.hier, 'geliefert', a.geliefert,
        'stand', a.stand, 'importId', a.import_id) ORDER BY a.vertrag_id NULLS FIRST, a.id) FROM abweichung a WHERE a.kunde_id = s.id AND a.entscheidung IS NULL) AS abweichungen,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'sparte', t.sparte, 'vsnr', t.vsnr)), '[]') FROM vertrag t
        WHERE t.id IN (SELECT a.vertrag_id FROM abweichung a WHERE a.kunde_id = s.id AND a.entscheidung IS NULL)) AS vertraege
    FROM seite s ORDER BY s.platz`.execute(db)
  return { kunden: rows, gesamt: rows[0]?.gesamt ?? 0 }
}

/**
 * UEBERNEHMEN writes the delivered value, and from then on deliveries lead again; BEHALTEN is not asked again for the same value.
 * The parts of an address are decided together. False where it is decided already.
 */
export async function decideAbweichung(
  db: WebDb,
  { id, kunde, entscheidung, person }: { id: number; kunde: number; entscheidung: 'UEBERNEHMEN' | 'BEHALTEN'; person: number },
): Promise<boolean> {
  const erste = await db
    .selectFrom('abweichung')
    .select(['kunde_id', 'vertrag_id', 'feld'])
    .where('id', '=', id)
    .where('kunde_id', '=', kunde)
    .executeTakeFirst()
  if (!erste) return false
  const ganz = erste.vertrag_id === null && isAnschrift(erste.feld)
  const rows = await db
    .updateTable('abweichung')
    .set({ entscheidung, entschieden_am: sql<string>`now()`, entschieden_von: person })
    .where('entscheidung', 'is', null)
    .where((eb) =>
      ganz ? eb.and([eb('kunde_id', '=', erste.kunde_id), eb('vertrag_id', 'is', null), eb('feld', 'in', [...ANSCHRIFTSFELDER])]) : eb('id', '=', id),
    )
    .returningAll()
    .execute()
  const [row] = rows
  if (!row) return false
  if (entscheidung === 'UEBERNEHMEN') await (row.vertrag_id === null ? takeKunde(db, rows, ganz) : takeVertrag(db, row.vertrag_id, row))
  return true
}

export function isAnschrift(feld: string): boolean {
  return (ANSCHRIFTSFELDER as readonly string[]).includes(feld)
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

async function takeKunde(db: WebDb, abweichungen: readonly Entschieden[], anschrift: boolean): Promise<void> {
  const { kunde_id, stand } = abweichungen[0]!
  const fremd = abweichungen.find(({ feld }) => !(KUNDENSPALTEN as readonly string[]).includes(feld))
  if (fremd) throw new Error(`Feld ${fremd.feld} unbekannt`)
  const row = await db.selectFrom('kunde').selectAll().where('id', '=', kunde_id).forUpdate().executeTakeFirstOrThrow()
  const werte = Object.fromEntries(abweichungen.map(({ feld, geliefert }) => [feld, geliefert]))
  // From here on the whole address is the deliveries' again.
  const felder = anschrift ? ANSCHRIFTSFELDER : Object.keys(werte)
  const herkunft = felder.reduce<Herkunft>((bisher, feld) => delivered(bisher, row.quelle, feld, stand), row.herkunft)
  await db
    .updateTable('kunde')
    .set({
      ...werte,
      suchtext: suchtext({ ...row, ...werte }),
      herkunft: JSON.stringify(herkunft),
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
