/** Messages to Temporal, written with what happened (db/faelle.ts, db/mails.ts) and read here by the relay. Runs as the worker. */
import { sql } from 'kysely'
import type { Stand } from '../domain/fall.ts'
import type { Signal } from '../domain/messages.ts'
import type { OutboxTable } from './schema.ts'
import { STAND_COLUMNS, rowToStand } from './faelle.ts'
import type { Db } from './verbindung.ts'

/** 0 = clicks and timers, 1 = what the night brings. */
export type Spur = 0 | 1

export interface Sendung {
  id: number
  art: OutboxTable['art']
  ziel: number
  betrieb: number
  signal: Signal | null
  /** What happened, as of then. */
  stand: Stand | null
  /** The row as it is now; undefined where it is gone. */
  fall: { gevo: string; stand: Stand } | undefined
  mail: { sendenAb: string; anlauf: number } | undefined
  /** Of an import; undefined where it is gone. */
  anlauf: number | undefined
}

/**
 * The oldest messages of a lane that are due, in order. A message never overtakes an earlier one of its target that waits for
 * its next attempt. One relay reads at a time (see `lockRelay`); a message read twice is harmless.
 */
export async function listSendungen(db: Db, spur: Spur, limit: number): Promise<Sendung[]> {
  const rows = await db
    .selectFrom('outbox as o')
    .leftJoin('fall as f', (join) => join.onRef('f.id', '=', 'o.ziel').on('o.art', '=', 'FALL'))
    .leftJoin('mail as m', (join) => join.onRef('m.id', '=', 'o.ziel').on('o.art', '=', 'MAIL'))
    .leftJoin('import as i', (join) => join.onRef('i.id', '=', 'o.ziel').on('o.art', '=', 'IMPORT'))
    .select([
      'o.id',
      'o.art',
      'o.ziel',
      'o.betrieb_id',
      'o.signal',
      'o.stand',
      'f.gevo',
      'm.senden_ab',
      'm.anlauf as mail_anlauf',
      'i.anlauf',
      ...STAND_COLUMNS.map((c) => `f.${c}` as const),
    ])
    .where('o.zugestellt_am', 'is', null)
    .where('o.spur', '=', spur)
    .where('o.naechster_versuch_am', '<=', sql<string>`now()`)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('outbox as e')
            .select('e.id')
            .whereRef('e.art', '=', 'o.art')
            .whereRef('e.ziel', '=', 'o.ziel')
            .whereRef('e.id', '<', 'o.id')
            .where('e.spur', '=', spur)
            .where('e.zugestellt_am', 'is', null)
            .where('e.naechster_versuch_am', '>', sql<string>`now()`),
        ),
      ),
    )
    .orderBy('o.id')
    .limit(limit)
    .execute()
  return rows.map(({ gevo, senden_ab, mail_anlauf, anlauf, betrieb_id, ...o }) => ({
    id: o.id,
    art: o.art,
    ziel: o.ziel,
    betrieb: betrieb_id,
    signal: o.signal,
    stand: o.stand as Stand | null,
    fall: gevo === null ? undefined : { gevo, stand: rowToStand(o as Parameters<typeof rowToStand>[0]) },
    mail: senden_ab === null ? undefined : { sendenAb: senden_ab, anlauf: mail_anlauf! },
    anlauf: anlauf ?? undefined,
  }))
}

export async function markDelivered(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await sql`UPDATE outbox SET zugestellt_am = now(), fehler = NULL WHERE id = ANY (${ids}::bigint[])`.execute(db)
}

/** `fehler` is a code. Tried again after 1, 2, 4 … at most 60 seconds; where Temporal itself is `away`, as soon as it answers. */
export async function markFailed(db: Db, id: number, { fehler, away }: { fehler: string; away: boolean }): Promise<void> {
  const seconds = away ? sql`0` : sql`least(60, 2 ^ least(versuche, 6))`
  await sql`
    UPDATE outbox SET versuche = versuche + 1, fehler = ${fehler}, naechster_versuch_am = now() + ${seconds} * interval '1 second'
    WHERE id = ${id}`.execute(db)
}

/** Delivered messages are of no use after a day. Returns how many were deleted. */
export async function deleteDelivered(db: Db): Promise<number> {
  const { numAffectedRows } = await sql`DELETE FROM outbox WHERE zugestellt_am < now() - interval '1 day'`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** Runs `work` while this process is the only relay on this database; waits its turn. The lock is the connection's: it ends with the process. */
export async function lockRelay(db: Db, isWanted: () => boolean, work: (held: () => Promise<boolean>) => Promise<void>): Promise<void> {
  await db.connection().execute(async (connection) => {
    const take = async (): Promise<boolean> => {
      const { rows } = await sql<{ taken: boolean }>`SELECT pg_try_advisory_lock(7236002) AS taken`.execute(connection)
      return rows[0]!.taken
    }
    while (!(await take())) {
      if (!isWanted()) return
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
    try {
      await work(() =>
        sql`SELECT 1`.execute(connection).then(
          () => true,
          () => false,
        ),
      )
    } finally {
      await sql`SELECT pg_advisory_unlock(7236002)`.execute(connection).catch(() => undefined)
    }
  })
}
