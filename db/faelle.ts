/**
 * The row door: every click, timer and hand signal changes a Fall through `takeEvent`, in one transaction with its
 * protokoll and its message to Temporal. (The set door for the night stands in nachtlauf.ts and is held to the same results.)
 */
import { type Transaction, sql } from 'kysely'
import { ABLEHNUNGEN, type Ablehnung, type Ereignis, type Erinnerung, type Fall, type Stand, advance, toStand } from '../domain/fall.ts'
import type { Signal } from '../domain/messages.ts'
import { gemeinsam } from './gemeinsam.ts'
import type { FallRow, ProtokollQuelle, Schema } from './schema.ts'
import type { Db } from './verbindung.ts'

export type Trx = Transaction<Schema>

/** Who asks for what on which Fall. */
export interface Auftrag {
  fall: number
  betrieb: number
  /** Unique in the Betrieb: the form's hidden id, a hand signal's id, the timer's instant. A repeat gets the first answer. */
  aktion: string
  quelle: ProtokollQuelle
  /** The Vermittler who acts; null for timer, night and hand signals. */
  person: number | null
  /** Whether the Fall's workflow has to be told; its own activities (timer, hand signal) bring the answer home themselves. Default: clicks. */
  melden?: boolean
  /** Version of the Fall the person saw; a change by somebody else since then is a conflict. */
  gesehen?: number
}

export type Grund = Ablehnung | 'KONFLIKT' | 'FALL_UNBEKANNT'
export type Antwort = { ok: true; stand: Stand } | { ok: false; grund: Grund; text: string; stand: Stand | null }

/** What an event writes besides the Fall: rows of its own, columns of the Fall, codes and texts for the protokoll. */
export interface Folge {
  ereignis: Ereignis
  fall?: Partial<
    Pick<FallRow, 'ergebnis' | 'dokumentiert_am' | 'sperre_bis' | 'versuche' | 'geschlossen_am' | 'geschlossen_grund' | 'befund_entfallen_am'>
  >
  codes?: Record<string, unknown>
  /** Texts of a person: may be emptied by an erasure. */
  inhalt?: Record<string, unknown>
  /** Runs only when the event was taken, together with what is written of the Fall itself. */
  schreibe?: () => Promise<void>
}

/**
 * Order: action id, lock, conflict, advance; then rows, protokoll, outbox and the answer. `folge` sees the locked row and its open Vorgänge.
 * A refusal is an answer too, and writes nothing but itself.
 */
export async function takeEvent(db: Trx, auftrag: Auftrag, folge: (row: LockedFall, fall: Fall) => Folge | Promise<Folge>): Promise<Antwort> {
  const [neu, row] = await gemeinsam([claim(db, auftrag), lockFall(db, auftrag.fall)])
  if (!neu) return (await findAntwort<Antwort>(db, auftrag))!
  const { antwort, schreibe = () => [] } = row ? await decide(db, auftrag, row, folge) : { antwort: refuse('FALL_UNBEKANNT', null) }
  await gemeinsam([...schreibe(), keepAntwort(db, auftrag, antwort)])
  return antwort
}

/** The answer to an event, and what has to be written for it. */
interface Entscheidung {
  antwort: Antwort
  schreibe?: () => (Promise<void> | undefined)[]
}

async function decide(db: Trx, auftrag: Auftrag, row: LockedFall, folge: Parameters<typeof takeEvent>[2]): Promise<Entscheidung> {
  const fall = await readFall(db, row)
  if (await isConflict(db, auftrag, row)) return { antwort: refuse('KONFLIKT', toStand(fall)) }
  const { ereignis, schreibe, codes = {}, inhalt, fall: spalten = {} } = await folge(row, fall)
  const ausgang = advance(fall, ereignis)
  if (!ausgang.ok) {
    const eintrag = { ereignis: 'abgelehnt', version: row.version, codes: { signal: ereignis.art, grund: ausgang.grund } }
    return {
      antwort: refuse(ausgang.grund, toStand(fall)),
      schreibe: () => [auftrag.quelle === 'SIGNAL' ? insertProtokoll(db, auftrag, row, eintrag) : undefined],
    }
  }
  const stand = toStand(ausgang.fall)
  const melden = auftrag.melden ?? auftrag.quelle === 'KLICK'
  return {
    antwort: { ok: true, stand },
    schreibe: () => [
      schreibe?.(),
      updateFall(db, row.id, stand, spalten),
      insertProtokoll(db, auftrag, row, { ereignis: ereignis.art, version: stand.version, codes, inhalt }),
      melden ? insertOutbox(db, { betrieb: row.betrieb_id, fall: row.id, signal: signalOf(ereignis), stand }) : undefined,
    ],
  }
}

/** A hand signal or timer that was not taken is remembered, not lost: the Fall stays as it is. */
export async function recordRefusal(db: Trx, auftrag: Auftrag, codes: { signal: string; grund: string }): Promise<Antwort> {
  return once(db, auftrag, async () => {
    const row = await lockFall(db, auftrag.fall)
    if (!row) return refuse('FALL_UNBEKANNT', null)
    await insertProtokoll(db, auftrag, row, { ereignis: 'abgelehnt', version: row.version, codes })
    return { ok: true, stand: toStand(await readFall(db, row)) }
  })
}

/**
 * Runs `work` for an action id that is new; a repeat gets the first answer. A double click waits here for the first one's commit.
 * The answer is kept as JSON: an Antwort, or what else a form leads to.
 */
export async function once<T = Antwort>(db: Trx, auftrag: Pick<Auftrag, 'betrieb' | 'aktion'>, work: () => Promise<T>): Promise<T> {
  if (!(await claim(db, auftrag))) return (await findAntwort<T>(db, auftrag))!
  const antwort = await work()
  await keepAntwort(db, auftrag, antwort)
  return antwort
}

/** Whether the action id is new; from then on it is taken. */
async function claim(db: Trx, { betrieb, aktion }: Pick<Auftrag, 'betrieb' | 'aktion'>): Promise<boolean> {
  const neu = await db
    .insertInto('aktion')
    .values({ betrieb_id: betrieb, id: aktion })
    .onConflict((oc) => oc.doNothing())
    .returning('id')
    .executeTakeFirst()
  return neu !== undefined
}

async function keepAntwort(db: Trx, { betrieb, aktion }: Pick<Auftrag, 'betrieb' | 'aktion'>, antwort: unknown): Promise<void> {
  await db
    .updateTable('aktion')
    .set({ antwort: JSON.stringify(antwort) })
    .where('betrieb_id', '=', betrieb)
    .where('id', '=', aktion)
    .execute()
}

/** What an action was answered, undefined while it is new. */
export async function findAntwort<T>(db: Trx, { betrieb, aktion }: Pick<Auftrag, 'betrieb' | 'aktion'>): Promise<T | undefined> {
  const row = await db.selectFrom('aktion').select('antwort').where('betrieb_id', '=', betrieb).where('id', '=', aktion).executeTakeFirst()
  return (row?.antwort ?? undefined) as T | undefined
}

/** The current Stand of a Fall, or undefined where no row exists. */
export async function findStand(db: Trx, fall: number): Promise<Stand | undefined> {
  const row = await db.selectFrom('fall').select(STAND_COLUMNS).where('id', '=', fall).executeTakeFirst()
  return row && rowToStand(row)
}

/** `work` on a Fall in a transaction of its own; returns the row's Stand afterwards, null where there is no such row (any more). */
export async function withStand(db: Db, fall: number, work: (trx: Trx) => Promise<unknown>): Promise<Stand | null> {
  return db.transaction().execute(async (trx) => {
    if (!(await findStand(trx, fall))) return null
    await work(trx)
    return (await findStand(trx, fall)) ?? null
  })
}

export const STAND_COLUMNS = ['epoch', 'version', 'status', 'erinnerung_am', 'offene_vorgaenge'] as const
/** By name: a statement with `*` is planned anew each time (see vorbereitet.ts), and this one runs in every click. */
const LOCKED = ['id', 'betrieb_id', 'vermittler_id', 'kunde_id', ...STAND_COLUMNS, 'befund_entfallen_am', 'versuche'] as const
export type LockedFall = Pick<FallRow, (typeof LOCKED)[number]>

export function rowToStand(row: Pick<FallRow, (typeof STAND_COLUMNS)[number]>): Stand {
  return { epoch: row.epoch, version: row.version, status: row.status, erinnerungAm: row.erinnerung_am, offeneVorgaenge: row.offene_vorgaenge }
}

export interface NewFall {
  betrieb: number
  vermittler: number
  kunde: number
  gevo: string
  /** Business key; for a Fall by hand the action's id. */
  schluessel: string
  prio: number
  stichtag: string
}

/** Opens a Fall by hand (the night opens its own as a set). Returns its number. The caller adds Vorgang and outbox. */
export async function insertFall(db: Trx, neu: NewFall): Promise<FallRow> {
  return db
    .insertInto('fall')
    .values({
      betrieb_id: neu.betrieb,
      vermittler_id: neu.vermittler,
      kunde_id: neu.kunde,
      gevo: neu.gevo,
      schluessel: neu.schluessel,
      prio: neu.prio,
      befund: '{}',
      stichtag: neu.stichtag,
      epoch: sql`(SELECT epoch FROM installation)`,
      status: 'OFFEN',
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

async function updateFall(db: Trx, id: number, stand: Stand, spalten: Folge['fall']): Promise<void> {
  await db
    .updateTable('fall')
    .set({ ...spalten, version: stand.version, status: stand.status, erinnerung_am: stand.erinnerungAm, offene_vorgaenge: stand.offeneVorgaenge })
    .where('id', '=', id)
    .execute()
}

export async function insertOutbox(
  db: Trx,
  { betrieb, fall, signal, stand }: { betrieb: number; fall: number; signal: Signal | null; stand: Stand },
): Promise<void> {
  await db
    .insertInto('outbox')
    .values({ betrieb_id: betrieb, art: 'FALL', ziel: fall, signal, stand: JSON.stringify(stand) })
    .execute()
}

async function lockFall(db: Trx, id: number): Promise<LockedFall | undefined> {
  return db.selectFrom('fall').select(LOCKED).where('id', '=', id).forUpdate().executeTakeFirst()
}

async function readFall(db: Trx, row: LockedFall): Promise<Fall> {
  const vorgaenge = row.offene_vorgaenge === 0 ? [] : await listOpenVorgaenge(db, row.id)
  return {
    epoch: row.epoch,
    version: row.version,
    status: row.status,
    befundEntfallen: row.befund_entfallen_am !== null,
    erinnerungen: vorgaenge,
  }
}

async function listOpenVorgaenge(db: Trx, fall: number): Promise<Erinnerung[]> {
  const rows = await db
    .selectFrom('vorgang')
    .select(['id', 'status', 'faellig_am'])
    .where('fall_id', '=', fall)
    .where('status', 'in', ['OFFEN', 'FAELLIG'])
    .orderBy('id')
    .execute()
  return rows.map(({ id, status, faellig_am }) => ({ vorgang: id, am: status === 'OFFEN' ? faellig_am : null }))
}

/** Only another person's change is a conflict: timers and the night do not take a form away from anybody. */
async function isConflict(db: Trx, { gesehen, person }: Auftrag, row: LockedFall): Promise<boolean> {
  if (gesehen === undefined || gesehen >= row.version) return false
  const other = await db
    .selectFrom('protokoll')
    .select('id')
    .where('fall_id', '=', row.id)
    .where('version', '>', gesehen)
    .where('vermittler_id', 'is not', null)
    .where('vermittler_id', '<>', person ?? 0)
    .limit(1)
    .executeTakeFirst()
  return other !== undefined
}

interface Eintrag {
  ereignis: string
  version: number
  codes: Record<string, unknown>
  inhalt?: Record<string, unknown> | undefined
}
export async function insertProtokoll(
  db: Trx,
  { quelle, person }: Pick<Auftrag, 'quelle' | 'person'>,
  row: Pick<FallRow, 'id' | 'betrieb_id' | 'kunde_id'>,
  { ereignis, version, codes, inhalt }: Eintrag,
): Promise<void> {
  await db
    .insertInto('protokoll')
    .values({
      betrieb_id: row.betrieb_id,
      fall_id: row.id,
      kunde_id: row.kunde_id,
      ereignis,
      version,
      quelle,
      vermittler_id: person,
      codes: JSON.stringify(codes),
      inhalt: inhalt ? JSON.stringify(inhalt) : null,
    })
    .execute()
}

/** Ticking off and firing are told as a `reminder`: what counts is the Stand that comes along. */
function signalOf(ereignis: Ereignis): Signal {
  return ereignis.art === 'done' || ereignis.art === 'due' ? 'reminder' : ereignis.art
}

function refuse(grund: Grund, stand: Stand | null): Antwort {
  return { ok: false, grund, text: TEXTE[grund], stand }
}

const TEXTE: Record<Grund, string> = {
  ...ABLEHNUNGEN,
  KONFLIKT: 'Jemand anderes hat diesen Fall inzwischen geändert. Bitte prüfen Sie den neuen Stand und speichern Sie dann noch einmal.',
  FALL_UNBEKANNT: 'Diesen Fall gibt es nicht, oder er gehört nicht zu Ihrem Bestand.',
}
