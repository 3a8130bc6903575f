/** Contracts of a customer, and adding one by hand. */
import { type Selectable, sql } from 'kysely'
import { normVsnr } from '../domain/nummern.ts'
import type { Vertragsdaten } from '../domain/vertrag.ts'
import type { VersichererTable, VertragRow } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export interface Vertrag extends VertragRow {
  /** Name of the VU number; null where nobody has named it. */
  versicherer: string | null
  /** "Çelik, Elif", a customer of ours, or the name that was delivered. */
  versicherte_person: string | null
}

/** Running ones first, by Sparte and number. */
export async function listVertraege(db: WebDb, kunde: number): Promise<Vertrag[]> {
  return db
    .selectFrom('vertrag as t')
    .leftJoin('versicherer as u', (join) => join.onRef('u.betrieb_id', '=', 't.betrieb_id').onRef('u.vu_nummer', '=', 't.vu_nummer'))
    .leftJoin('kunde as p', 'p.id', 't.versicherte_person_id')
    .selectAll('t')
    .select([
      'u.name as versicherer',
      sql<string | null>`coalesce(concat_ws(', ', p.name, p.vorname), t.versicherte_person_name)`.as('versicherte_person'),
    ])
    .where('t.kunde_id', '=', kunde)
    .orderBy(sql`t.status IN ('STORNIERT', 'ABGELAUFEN')`)
    .orderBy('t.sparte')
    .orderBy('t.id')
    .execute()
}

/** Insurers with a name, and those that only contracts know by number. */
export async function listVersicherer(db: WebDb): Promise<Pick<Selectable<VersichererTable>, 'vu_nummer' | 'name'>[]> {
  const { rows } = await sql<{ vu_nummer: string; name: string }>`
    SELECT vu_nummer, name FROM versicherer
    UNION ALL
    SELECT DISTINCT t.vu_nummer, 'VU ' || t.vu_nummer FROM vertrag t
      WHERE t.vu_nummer IS NOT NULL AND NOT EXISTS (SELECT FROM versicherer u WHERE u.betrieb_id = t.betrieb_id AND u.vu_nummer = t.vu_nummer)
    ORDER BY 2`.execute(db)
  return rows
}

export interface NewHandvertrag {
  betrieb: number
  kunde: number
  daten: Vertragsdaten
  /** Today in Europe/Berlin: a person confirms the contract with it. */
  heute: string
  /** May name an insurer that has no name yet (Supervisor). */
  darfBenennen: boolean
}

/** Returns the id, or DOPPELT where this insurer's policy number is there already. */
export async function insertHandvertrag(db: WebDb, { betrieb, kunde, daten, heute, darfBenennen }: NewHandvertrag): Promise<number | 'DOPPELT'> {
  const { versicherer_name, ...spalten } = daten
  if (versicherer_name && daten.vu_nummer && darfBenennen)
    await db
      .insertInto('versicherer')
      .values({ betrieb_id: betrieb, vu_nummer: daten.vu_nummer, name: versicherer_name })
      .onConflict((oc) => oc.doNothing())
      .execute()
  const norm = normVsnr(daten.vsnr)
  if (norm && (await isKnown(db, daten.vu_nummer, norm))) return 'DOPPELT'
  const row = await db
    .insertInto('vertrag')
    .values({
      ...spalten,
      betrieb_id: betrieb,
      kunde_id: kunde,
      vsnr_norm: norm,
      verlaengert_quelle: daten.verlaengert_sich && 'PERSON',
      bestaetigt_am: heute,
      merkmale: '{}',
      quelle: 'HAND',
    })
    .onConflict((oc) => oc.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id ?? 'DOPPELT'
}

/** Deliveries carry the GDV Sparte beside the number, a contract by hand does not: the unique index alone would not meet them. */
async function isKnown(db: WebDb, vu: string | null, norm: string): Promise<boolean> {
  const row = await db
    .selectFrom('vertrag')
    .select('id')
    .where('vsnr_norm', '=', norm)
    .where('vu_nummer', 'is not distinct from', vu)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
