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
  const { versicherer_name: _, ...spalten } = daten
  if (darfBenennen) await nameVersicherer(db, betrieb, daten)
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

export type Vertragsaenderung = { art: 'GESPEICHERT' } | { art: 'KONFLIKT'; jetzt: VertragRow } | { art: 'DOPPELT' }

/** Only onto the version the person saw; else what stands there now. What is changed here no delivery overwrites any more. */
export async function updateVertrag(
  db: WebDb,
  id: number,
  gesehen: number,
  { betrieb, daten, heute, darfBenennen }: Omit<NewHandvertrag, 'kunde'>,
): Promise<Vertragsaenderung> {
  const jetzt = await db.selectFrom('vertrag').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  if (jetzt.version !== gesehen) return { art: 'KONFLIKT', jetzt }
  const { versicherer_name: _, ...werte } = daten
  const geaendert = (Object.keys(werte) as (keyof typeof werte)[]).filter((feld) => jetzt[feld] !== werte[feld])
  if (geaendert.length === 0) return { art: 'GESPEICHERT' }
  if (darfBenennen) await nameVersicherer(db, betrieb, daten)
  const norm = normVsnr(daten.vsnr)
  const andereNummer = geaendert.includes('vsnr') || geaendert.includes('vu_nummer')
  if (andereNummer && norm && (await isKnown(db, daten.vu_nummer, norm, id))) return { art: 'DOPPELT' }
  // Who is insured is one answer in two columns.
  const versicherte = geaendert.some((feld) => feld.startsWith('versicherte_person')) ? ['versicherte_person_id'] : []
  const set = {
    ...werte,
    ...(andereNummer && { vsnr_norm: norm }),
    ...(geaendert.includes('verlaengert_sich') && { verlaengert_quelle: daten.verlaengert_sich && ('PERSON' as const) }),
    ...(geaendert.includes('status') && daten.status !== 'STORNIERT' && daten.status !== 'ABGELAUFEN' && { abgang_am: null }),
    bestaetigt_am: heute,
    herkunft: sql<string>`herkunft || (SELECT jsonb_object_agg(f, jsonb_build_object('quelle', 'HAND', 'am', ${heute}::text)) FROM unnest(${[...geaendert, ...versicherte]}::text[]) f)`,
    version: jetzt.version + 1,
    geaendert_am: sql<string>`now()`,
  }
  await db.updateTable('vertrag').set(set).where('id', '=', id).execute()
  return { art: 'GESPEICHERT' }
}

async function nameVersicherer(db: WebDb, betrieb: number, { versicherer_name: name, vu_nummer }: Vertragsdaten): Promise<void> {
  if (!name || !vu_nummer) return
  await db
    .insertInto('versicherer')
    .values({ betrieb_id: betrieb, vu_nummer, name })
    .onConflict((oc) => oc.doNothing())
    .execute()
}

/** Deliveries carry the GDV Sparte beside the number, a contract by hand does not: the unique index alone would not meet them. */
async function isKnown(db: WebDb, vu: string | null, norm: string, ausser = 0): Promise<boolean> {
  const row = await db
    .selectFrom('vertrag')
    .select('id')
    .where('vsnr_norm', '=', norm)
    .where('vu_nummer', 'is not distinct from', vu)
    .where('id', '<>', ausser)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
