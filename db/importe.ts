/**
 * Imports as a person sees them through: put in, watch, cancel, release, discard, begin again. What is put in is bytes and a message to
 * Temporal in one transaction; the work itself stands in importe-lauf.ts. As role web only a Supervisor may (row-level security).
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Importformat, Importstatus, Liefert, Tag } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export type Bytes = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>

export interface Eingang {
  betrieb: number
  /** The Vermittler who puts it in; null from the command line. */
  person: number | null
  /** `anfang`: the first bytes, where `bytes` is a stream. */
  dateien: readonly { name: string; bytes: Bytes; anfang?: Uint8Array; liefert?: Liefert | null }[]
}

/** What a person may still stop. */
export const OFFEN: readonly Importstatus[] = ['WARTET', 'LIEST', 'ZUORDNUNG', 'PRUEFT', 'UEBERNIMMT', 'QUARANTAENE']
/** What works by itself, or waits for its turn. */
export const UNTERWEGS: readonly Importstatus[] = ['WARTET', 'LIEST', 'PRUEFT', 'UEBERNIMMT']

const STUECK = 1024 * 1024

/**
 * Several files put in together are taken in the order of the days they speak of, so that none is older than the one before. Returns the
 * ids in the order of `dateien`.
 */
export async function insertImport(db: WebDb, { betrieb, person, dateien }: Eingang): Promise<number[]> {
  const ids: number[] = []
  const reihe = dateien.map((datei, stelle) => ({ ...datei, stelle, stand: standOf(datei) }))
  for (const { name, bytes, liefert, stelle } of reihe.toSorted((a, b) => (a.stand < b.stand ? -1 : a.stand > b.stand ? 1 : a.stelle - b.stelle))) {
    const eingang = await openImport(db, { betrieb, person, name, liefert: liefert ?? null })
    if (bytes instanceof Uint8Array) await appendDatei(db, eingang, bytes)
    else for await (const stueck of bytes) await appendDatei(db, eingang, stueck)
    ids[stelle] = await queueImport(db, eingang)
  }
  return ids
}

/** A file on its way in. Belongs to one transaction. */
export interface Dateieingang {
  id: number
  betrieb: number
  nr: number
  name: string
  bytes: number
  rest: Uint8Array[]
  restBytes: number
  anfang: Uint8Array
  hash: ReturnType<typeof createHash>
}

export async function openImport(
  db: WebDb,
  { betrieb, person, name, liefert = null }: { betrieb: number; person: number | null; name: string; liefert?: Liefert | null },
): Promise<Dateieingang> {
  const { id } = await db
    .insertInto('import')
    .values({ betrieb_id: betrieb, datei: name.slice(0, 200), pruefsumme: '', status: 'WARTET', von_vermittler_id: person, liefert, ...LEER })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, betrieb, nr: 0, name, bytes: 0, rest: [], restBytes: 0, anfang: new Uint8Array(), hash: createHash('sha256') }
}

const LEER = { zaehler: '{}', befunde: '[]', fortschritt: '{}', gruende: '[]' } as const

/** Chunks of any size; they are stored in pieces of at most 1 MB. */
export async function appendDatei(db: WebDb, eingang: Dateieingang, stueck: Uint8Array): Promise<void> {
  eingang.hash.update(stueck)
  if (eingang.anfang.length < 4096) eingang.anfang = Buffer.concat([eingang.anfang, stueck.subarray(0, 4096)])
  eingang.bytes += stueck.length
  eingang.rest.push(stueck)
  eingang.restBytes += stueck.length
  if (eingang.restBytes < STUECK) return
  const alles = Buffer.concat(eingang.rest)
  let ab = 0
  for (; alles.length - ab >= STUECK; ab += STUECK) await insertStueck(db, eingang, alles.subarray(ab, ab + STUECK))
  const rest = Buffer.from(alles.subarray(ab))
  eingang.rest = [rest]
  eingang.restBytes = rest.length
}

/** The file is whole: tells the worker. Without `melden` the caller does the work himself (command line). Returns the import's id. */
export async function queueImport(db: WebDb, eingang: Dateieingang, melden = true): Promise<number> {
  if (eingang.restBytes > 0) await insertStueck(db, eingang, Buffer.concat(eingang.rest))
  await db
    .updateTable('import')
    .set({ bytes: eingang.bytes, pruefsumme: eingang.hash.digest('hex'), format: detectFormat(eingang.anfang, eingang.name) })
    .where('id', '=', eingang.id)
    .execute()
  if (melden) await sendImport(db, eingang)
  return eingang.id
}

async function insertStueck(db: WebDb, eingang: Dateieingang, bytes: Buffer): Promise<void> {
  await db
    .insertInto('import_datei')
    .values({ import_id: eingang.id, nr: ++eingang.nr, betrieb_id: eingang.betrieb, bytes })
    .execute()
}

async function sendImport(db: WebDb, { id, betrieb }: { id: number; betrieb: number }): Promise<void> {
  await db.insertInto('outbox').values({ betrieb_id: betrieb, art: 'IMPORT', ziel: id, signal: null, stand: null }).execute()
}

/** By the bytes first: a workbook is a zip, GDV begins with a record's number and has no columns. */
export function detectFormat(anfang: Uint8Array, name: string): Importformat {
  // A zip; the old Excel's own container, to be told what helps.
  if (/^(504b0304|504b0506|d0cf11e0)/.test(Buffer.from(anfang.subarray(0, 4)).toString('hex'))) return 'EXCEL'
  const text = Buffer.from(anfang).toString('latin1').replaceAll('\0', '')
  if (/^\s*(0001|0100|0200|9999)/.test(text) || /\.gdv$/i.test(name)) return 'GDV'
  const zeile = text.split(/\r?\n|\r/, 1)[0] ?? ''
  if (/\.(csv|tsv)$/i.test(name) || /[;\t|]|,.*,/.test(zeile)) return 'CSV'
  return 'GDV'
}

/** Day of the first GDV package ("Zeitraum bis", bytes 78–85 of 0001); '' where the bytes do not say. */
function standOf({ bytes, anfang = bytes instanceof Uint8Array ? bytes : new Uint8Array() }: { bytes: Bytes; anfang?: Uint8Array }): Tag {
  const [, tag, monat, jahr] = /^0001.{73}(\d\d)(\d\d)(\d{4})/s.exec(Buffer.from(anfang.subarray(0, 256)).toString('latin1')) ?? []
  return jahr ? `${jahr}-${monat}-${tag}` : ''
}

/** Asks a running import to stop (nothing of it stays); one that waits stops at once. False where there was nothing to stop any more. */
export async function cancelImport(db: WebDb, id: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('import')
    .set({
      abbruch_gewuenscht: true,
      status: sql`CASE WHEN status IN ('WARTET', 'ZUORDNUNG', 'QUARANTAENE') THEN 'ABGEBROCHEN' ELSE status END`,
      beendet_am: sql`CASE WHEN status IN ('WARTET', 'ZUORDNUNG', 'QUARANTAENE') THEN now() END`,
    })
    .where('id', '=', id)
    .where('status', 'in', OFFEN)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The Supervisor believes it after all: taken over as it is, without the brake. False where it is not in quarantine. */
export async function releaseImport(db: WebDb, id: number, person: number): Promise<boolean> {
  return begin(db, id, ['QUARANTAENE'], { freigegeben_am: sql<string>`now()`, freigegeben_von: person })
}

/** Nothing of it is taken over. False where it is not in quarantine (or waits for its columns). */
export async function discardImport(db: WebDb, id: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('import')
    .set({ status: 'VERWORFEN', beendet_am: sql<string>`now()` })
    .where('id', '=', id)
    .where('status', 'in', ['QUARANTAENE', 'ZUORDNUNG'])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Tries again what failed or was cancelled. False where the bytes are gone, or it did neither. */
export async function restartImport(db: WebDb, id: number): Promise<boolean> {
  return begin(db, id, ['FEHLER', 'ABGEBROCHEN'])
}

/**
 * Says whether this delivery is a whole portfolio or changes only, before it is taken over. One in quarantine is looked at anew: it may be
 * nothing but this that was wrong with it.
 */
export async function setLiefert(db: WebDb, id: number, liefert: Liefert): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('import')
    .set({ liefert })
    .where('id', '=', id)
    .where('status', 'in', ['WARTET', 'ZUORDNUNG'])
    .executeTakeFirst()
  return numUpdatedRows > 0n || begin(db, id, ['QUARANTAENE'], { liefert })
}

/**
 * It was no whole portfolio after all: what it marked as missing is not missing. Returns how many contracts, undefined where the import
 * is not over or was not taken for one. What a later delivery marked or brought again stays.
 */
export async function unmarkMissing(db: WebDb, id: number): Promise<number | undefined> {
  const row = await db
    .updateTable('import')
    .set({ liefert: 'AENDERUNG' })
    .where('id', '=', id)
    .where('status', '=', 'FERTIG')
    .where('liefert', '=', 'BESTAND')
    .returning('stand')
    .executeTakeFirst()
  if (!row) return undefined
  const { numAffectedRows } = await sql`
    UPDATE vertrag t SET fehlt_seit = NULL FROM import_zeile z
    WHERE z.import_id = ${id} AND z.art = 'VERTRAG' AND z.folge = 'FEHLT' AND t.id = z.objekt_id AND t.fehlt_seit <= ${row.stand}`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** A new run from the start: what an earlier one left is nothing but the bytes. False where it is not in one of these states. */
export async function begin(db: WebDb, id: number, aus: readonly Importstatus[], felder: object = {}): Promise<boolean> {
  const row = await db
    .updateTable('import')
    .set({
      ...felder,
      status: 'WARTET',
      anlauf: sql<number>`anlauf + 1`,
      abbruch_gewuenscht: false,
      beendet_am: null,
      bewegt_am: sql<string>`now()`,
      fortschritt: '{}',
    })
    .where('id', '=', id)
    .where('status', 'in', aus)
    .where((eb) => eb.exists(eb.selectFrom('import_datei').select('nr').whereRef('import_id', '=', 'import.id')))
    .returning('betrieb_id')
    .executeTakeFirst()
  if (!row) return false
  await sendImport(db, { id, betrieb: row.betrieb_id })
  return true
}
