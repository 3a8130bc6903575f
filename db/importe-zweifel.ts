/** What only a person can know of a delivery: whether somebody delivered is a customer we have, who lives together. */
import { type RawBuilder, sql } from 'kysely'
import type { Sparte } from '../domain/sparten.ts'
import { KUNDEN_GEZAEHLT } from './abweichungen.ts'
import type { Entscheidung, ImportZweifelTable, Zeitpunkt } from './schema.ts'
import type { WebDb } from './sitzung.ts'

/** A person as delivered (names of the fields as in `kunde`), with the contracts that wait for the answer. */
export interface Geliefert {
  person: Record<string, string | number | null>
  vertraege: Record<string, unknown>[]
}

export interface Kandidat {
  id: number
  nummer: string
  vorname: string | null
  name: string
  geburtsdatum: string | null
  strasse: string | null
  plz: string | null
  ort: string | null
  telefon: string | null
  mobil: string | null
  email: string | null
  /** Number in the Haushalt table; null where nobody has said with whom he lives. */
  haushalt: number | null
  vertraege: { sparte: Sparte; vsnr: string | null; vu: string | null }[]
}

export interface Zweifel {
  id: number
  importId: number
  datei: string
  art: ImportZweifelTable['art']
  geliefert: Geliefert | null
  /** Who it might be (NUMMER, ANSCHRIFT, MEHRERE), or who seem to live together (HAUSHALT). */
  kandidaten: Kandidat[]
  entscheidung: Entscheidung | null
  ziel: number | null
  entschiedenAm: Zeitpunkt | null
  /** Null while the worker has not written it yet. */
  uebernommenAm: Zeitpunkt | null
  erstelltAm: Zeitpunkt
}

export const FRAGEN_JE_SEITE = 10
export const HAUSHALTE_JE_SEITE = 50
/** Contracts of a candidate that are shown. */
const VERTRAEGE = 6

export interface Offenes {
  /** Persons nobody has said of yet whether they are customers. */
  personen: number
  haushalte: number
  /** Customers with a difference nobody has decided (see KUNDEN_GEZAEHLT). */
  abweichungen: number
}

/** Questions about persons; named one by one, an index answers. */
export const PERSONENFRAGEN = sql`('NUMMER', 'ANSCHRIFT', 'MEHRERE')`

/** What waits for a Supervisor's word. */
export async function countOffenes(db: WebDb): Promise<Offenes> {
  const { rows } = await sql<Offenes>`
    SELECT (SELECT count(*) FROM import_zweifel WHERE entscheidung IS NULL AND art IN ${PERSONENFRAGEN}) AS personen,
      (SELECT count(*) FROM import_zweifel WHERE entscheidung IS NULL AND art = 'HAUSHALT') AS haushalte,
      (SELECT count(*) FROM (SELECT DISTINCT kunde_id FROM abweichung WHERE entscheidung IS NULL ORDER BY kunde_id LIMIT ${KUNDEN_GEZAEHLT + 1}) k) AS abweichungen`.execute(
    db,
  )
  return rows[0]!
}

/** A page of open questions, oldest first; and how many there are. */
export async function listFragen(
  db: WebDb,
  { art, seite = 1 }: { art: 'PERSON' | 'HAUSHALT'; seite?: number },
): Promise<{ fragen: Zweifel[]; gesamt: number }> {
  const laenge = art === 'PERSON' ? FRAGEN_JE_SEITE : HAUSHALTE_JE_SEITE
  const offen = sql`import_zweifel WHERE entscheidung IS NULL AND ${art === 'PERSON' ? sql`art IN ${PERSONENFRAGEN}` : sql`art = 'HAUSHALT'`}`
  const fragen = await readFragen(db, sql`(SELECT * FROM ${offen} ORDER BY id LIMIT ${laenge} OFFSET ${(seite - 1) * laenge})`)
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM ${offen}`.execute(db)
  return { fragen, gesamt: rows[0]!.n }
}

export async function findFrage(db: WebDb, id: number): Promise<Zweifel | undefined> {
  return (await readFragen(db, sql`(SELECT * FROM import_zweifel WHERE id = ${id})`))[0]
}

async function readFragen(db: WebDb, woher: RawBuilder<unknown>): Promise<Zweifel[]> {
  const { rows } = await sql<Omit<Zweifel, 'geliefert'> & { geliefert: { personen?: Geliefert['person'][]; vertraege?: Geliefert['vertraege'] } }>`
    SELECT z.id, z.import_id AS "importId", i.datei, z.art, z.geliefert, z.entscheidung, z.ziel_kunde_id AS ziel, z.entschieden_am AS "entschiedenAm",
      z.uebernommen_am AS "uebernommenAm", z.erstellt_am AS "erstelltAm",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'nummer', k.nummer, 'vorname', k.vorname, 'name', k.name, 'geburtsdatum', k.geburtsdatum,
          'strasse', k.strasse, 'plz', k.plz, 'ort', k.ort, 'telefon', k.telefon, 'mobil', k.mobil, 'email', k.email, 'haushalt', k.haushalt_id, 'vertraege',
          (SELECT coalesce(jsonb_agg(t), '[]') FROM (SELECT t.sparte, t.vsnr, t.vu_nummer AS vu FROM vertrag t WHERE t.kunde_id = k.id ORDER BY t.id LIMIT ${VERTRAEGE}) t)) ORDER BY k.id), '[]')
        FROM kunde k WHERE k.id = ANY (z.kandidaten)) AS kandidaten
    FROM ${woher} z JOIN import i ON i.id = z.import_id ORDER BY z.id`.execute(db)
  return rows.map(({ geliefert, ...zweifel }) => {
    const person = geliefert.personen?.at(-1)
    return { ...zweifel, geliefert: person ? { person, vertraege: geliefert.vertraege ?? [] } : null }
  })
}

/** The answer: DERSELBE with the customer who is meant, NEU; for a Haushalt ZUSAMMEN or GETRENNT. */
export interface Antwort {
  entscheidung: Entscheidung
  /** One of the candidates; needed for DERSELBE. */
  kunde?: number
}

/**
 * Keeps the answer. A delivered person is written by the worker (the page polls `uebernommenAm`), a Haushalt at once.
 * False where the question is answered already, or the answer does not fit it.
 */
export async function decideZweifel(db: WebDb, id: number, { entscheidung, kunde }: Antwort, person: number): Promise<boolean> {
  const row = await db.selectFrom('import_zweifel').selectAll().where('id', '=', id).where('entscheidung', 'is', null).forUpdate().executeTakeFirst()
  if (!row || !passt(row, entscheidung, kunde)) return false
  const haushalt = row.art === 'HAUSHALT'
  await db
    .updateTable('import_zweifel')
    .set({
      entscheidung,
      ziel_kunde_id: entscheidung === 'DERSELBE' ? kunde! : null,
      entschieden_am: sql<string>`now()`,
      entschieden_von: person,
      ...(haushalt && { uebernommen_am: sql<string>`now()` }),
    })
    .where('id', '=', id)
    .execute()
  if (entscheidung === 'ZUSAMMEN') await joinHaushalt(db, row.betrieb_id, row.kandidaten)
  if (haushalt) return true
  await db
    .updateTable('import')
    .set({ anlauf: sql<number>`anlauf + 1`, bewegt_am: sql<string>`now()` })
    .where('id', '=', row.import_id)
    .execute()
  await db.insertInto('outbox').values({ betrieb_id: row.betrieb_id, art: 'IMPORT', ziel: row.import_id, signal: null, stand: null }).execute()
  return true
}

function passt({ art, kandidaten }: { art: string; kandidaten: number[] }, entscheidung: Entscheidung, kunde: number | undefined): boolean {
  if (art === 'HAUSHALT') return entscheidung === 'ZUSAMMEN' || entscheidung === 'GETRENNT'
  return entscheidung === 'NEU' || (entscheidung === 'DERSELBE' && kunde !== undefined && kandidaten.includes(kunde))
}

/** Into the Haushalt one of them has, else a new one. Who has another already stays there. */
async function joinHaushalt(db: WebDb, betrieb: number, kunden: readonly number[]): Promise<void> {
  const rows = await db.selectFrom('kunde').select(['id', 'haushalt_id']).where('id', 'in', kunden).orderBy('id').execute()
  const haushalt =
    rows.find(({ haushalt_id }) => haushalt_id !== null)?.haushalt_id ??
    (await db.insertInto('haushalt').values({ betrieb_id: betrieb }).returning('id').executeTakeFirstOrThrow()).id
  await db.updateTable('kunde').set({ haushalt_id: haushalt }).where('id', 'in', kunden).where('haushalt_id', 'is', null).execute()
}
