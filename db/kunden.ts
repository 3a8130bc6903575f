/** Customers: the list, one of them, adding and changing. What a person may see is cut by row-level security. */
import { type SqlBool, sql } from 'kysely'
import { type Kundendaten, istDeutschland } from '../domain/kunde.ts'
import { kundennummer } from '../domain/nummern.ts'
import { suchtext } from '../domain/suchtext.ts'
import type { KundeRow, PortalzugangTable } from './schema.ts'
import type { WebDb } from './sitzung.ts'
import { foundKunden } from './suche.ts'

export const SEITENLAENGE = 50
/** More customers are not counted out: a Supervisor of 300,000 would wait for it with every letter typed into the search. */
export const KUNDEN_HOECHSTENS = 10_000

export type Portal = PortalzugangTable['status'] | null

export interface KundeInListe extends Pick<
  KundeRow,
  'id' | 'nummer' | 'art' | 'status' | 'titel' | 'vorname' | 'name' | 'geburtsdatum' | 'plz' | 'ort' | 'telefon' | 'mobil' | 'vermittler_id'
> {
  portal: Portal
  /** "Weber, Anna" */
  vermittler: string
  vertraege: number
  faelle: number
}

export interface Kundenfilter {
  q?: string | undefined
  vermittler?: number | undefined
  /** From 1. */
  seite?: number | undefined
}

/** One page in the order of the phone book, and how many there are in all: counted as far as KUNDEN_HOECHSTENS and the page reach, and one further. */
export async function listKunden(db: WebDb, filter: Kundenfilter): Promise<{ kunden: KundeInListe[]; gesamt: number }> {
  const { seite = 1 } = filter
  const { rows: kunden } = await sql<KundeInListe>`
    WITH auswahl AS (
      SELECT * FROM kunde k WHERE ${filterKunden(filter)}
      ORDER BY k.name COLLATE telefonbuch, k.vorname COLLATE telefonbuch, k.id LIMIT ${SEITENLAENGE} OFFSET ${(seite - 1) * SEITENLAENGE}
    )
    SELECT k.id, k.nummer, k.art, k.status, k.titel, k.vorname, k.name, k.geburtsdatum, k.plz, k.ort, k.telefon, k.mobil, k.vermittler_id,
      p.status AS portal, v.name || ', ' || v.vorname AS vermittler,
      (SELECT count(*) FROM vertrag t WHERE t.kunde_id = k.id AND t.status IN ('AKTIV', 'BEITRAGSFREI', 'RUHEND')) AS vertraege,
      (SELECT count(*) FROM fall f WHERE f.kunde_id = k.id AND f.status IN ('OFFEN', 'IN_ARBEIT')) AS faelle
    FROM auswahl k JOIN vermittler v ON v.id = k.vermittler_id LEFT JOIN portalzugang p ON p.kunde_id = k.id
    ORDER BY k.name COLLATE telefonbuch, k.vorname COLLATE telefonbuch, k.id`.execute(db)
  if (seite === 1 && kunden.length < SEITENLAENGE) return { kunden, gesamt: kunden.length }
  const limit = Math.max(KUNDEN_HOECHSTENS, seite * SEITENLAENGE) + 1
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM (SELECT FROM kunde k WHERE ${filterKunden(filter)} LIMIT ${limit}) g`.execute(
    db,
  )
  return { kunden, gesamt: rows[0]!.n }
}

export async function findKunde(db: WebDb, id: number): Promise<KundeRow | undefined> {
  return db.selectFrom('kunde').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Under the next free Kundennummer. Returns the id. */
export async function insertKunde(
  db: WebDb,
  { betrieb, vermittler, daten }: { betrieb: number; vermittler: number; daten: Kundendaten },
): Promise<number> {
  const { rows } = await sql<{ zahl: number }>`SELECT naechste_kundennummern(${betrieb}, 1) AS zahl`.execute(db)
  const nummer = kundennummer(rows[0]!.zahl)
  const { id } = await db
    .insertInto('kunde')
    .values({ ...daten, betrieb_id: betrieb, vermittler_id: vermittler, nummer, suchtext: suchtext({ nummer, ...daten }), quelle: 'HAND' })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export type Aenderung = { art: 'GESPEICHERT' } | { art: 'KONFLIKT'; jetzt: KundeRow } | { art: 'UNBEKANNT' }

/** Only onto the version the person saw; else what stands there now. */
export async function updateKunde(db: WebDb, id: number, gesehen: number, daten: Kundendaten): Promise<Aenderung> {
  const jetzt = await db.selectFrom('kunde').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!jetzt) return { art: 'UNBEKANNT' }
  if (jetzt.version !== gesehen) return { art: 'KONFLIKT', jetzt }
  // Insurers deliver "D"; the form shows Germany as an empty field, which changes nothing.
  const werte = istDeutschland(daten.land) && istDeutschland(jetzt.land) ? { ...daten, land: jetzt.land } : daten
  const geaendert = (Object.keys(werte) as (keyof Kundendaten)[]).filter((feld) => jetzt[feld] !== werte[feld])
  if (geaendert.length === 0) return { art: 'GESPEICHERT' }
  // HAND: from now on no delivery overwrites these fields; where one says otherwise, it is shown (db/abweichungen.ts).
  const set = {
    ...werte,
    suchtext: suchtext({ nummer: jetzt.nummer, ...werte }),
    herkunft: sql<string>`herkunft || (SELECT jsonb_object_agg(f, jsonb_build_object('quelle', 'HAND', 'am', (now() AT TIME ZONE 'Europe/Berlin')::date))
      FROM unnest(${geaendert}::text[]) f)`,
    version: jetzt.version + 1,
    geaendert_am: sql<string>`now()`,
  }
  await db.updateTable('kunde').set(set).where('id', '=', id).execute()
  return { art: 'GESPEICHERT' }
}

export type Doppelter = Pick<KundeRow, 'id' | 'nummer' | 'titel' | 'vorname' | 'name' | 'geburtsdatum' | 'ort'>

/** Visible customers of the same name and, where both are known, the same birthday. */
export async function listDoppelte(
  db: WebDb,
  { vorname, name, geburtsdatum }: Pick<Kundendaten, 'vorname' | 'name' | 'geburtsdatum'>,
): Promise<Doppelter[]> {
  return db
    .selectFrom('kunde')
    .select(['id', 'nummer', 'titel', 'vorname', 'name', 'geburtsdatum', 'ort'])
    .where('id', 'in', foundKunden([name, vorname].filter(Boolean).join(' ')))
    .where(sql<SqlBool>`(geburtsdatum IS NOT DISTINCT FROM ${geburtsdatum} OR geburtsdatum IS NULL OR ${geburtsdatum}::date IS NULL)`)
    .orderBy('id')
    .limit(5)
    .execute()
}

function filterKunden({ q, vermittler }: Kundenfilter): ReturnType<typeof sql<SqlBool>> {
  const suche = q?.trim() ? sql<SqlBool>`k.id IN ${foundKunden(q)}` : sql<SqlBool>`true`
  return vermittler === undefined ? suche : sql<SqlBool>`${suche} AND k.vermittler_id = ${vermittler}`
}
