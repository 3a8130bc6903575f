/** Reminders whose instant has come. Temporal's timers fire them; what they are late with is caught up here. Runs as the worker. */
import { sql } from 'kysely'
import type { Stand } from '../domain/fall.ts'
import { type Auftrag, withStand } from './faelle.ts'
import type { Db } from './verbindung.ts'
import { fireReminder } from './vorgaenge.ts'

export interface Faelligkeit {
  fall: number
  betrieb: number
  /** Of the Stand that waited for it. */
  version: number
  /** UTC instant. */
  am: string
}

/** So that what an outage held up is there within seconds, and clicks still find a connection. */
const ZUGLEICH = 4
const STAPEL = 500
/** Id of the action: this, the Fall, the version that waited. */
const AKTION = 'faellig/'

/**
 * Timer and catching up have the same action id, so that whoever comes second changes nothing. Returns the row's current Stand, null when there is no such
 * row any more.
 */
export async function fireDue(db: Db, { fall, betrieb, version, am }: Faelligkeit): Promise<Stand | null> {
  const auftrag: Auftrag = { fall, betrieb, aktion: `${AKTION}${fall}/${version}`, quelle: 'TIMER', person: null }
  return withStand(db, fall, (trx) => fireReminder(trx, auftrag, am))
}

/**
 * Fires what is more than `sekunden` late, the longest overdue first: after an outage thousands of timers fire one after the other, and people wait for none of
 * them. The workflow learns of it when its own timer fires. Returns how many were late; one that fails does not keep the others waiting, and is thrown.
 * Stops between two when `signal` is aborted.
 */
export async function fireOverdue(db: Db, sekunden: number, signal?: AbortSignal): Promise<number> {
  for (let n = 0; ;) {
    const faellig = await listOverdue(db, sekunden)
    n += faellig.length
    const weiter = faellig.values()
    let gescheitert: unknown
    const bahn = async (): Promise<void> => {
      for (const einer of weiter) {
        if (signal?.aborted) return
        await fireDue(db, einer).catch((error: unknown) => (gescheitert = error))
      }
    }
    await Promise.all(Array.from({ length: ZUGLEICH }, bahn))
    if (gescheitert) throw gescheitert
    if (faellig.length < STAPEL || signal?.aborted) return n
  }
}

/** Without those that were tried: rows that contradict each other (see activities/fall.ts) are not met again every few seconds. */
async function listOverdue(db: Db, sekunden: number): Promise<Faelligkeit[]> {
  const { rows } = await sql<Faelligkeit>`
    SELECT f.id AS fall, f.betrieb_id AS betrieb, f.version, f.erinnerung_am AS am FROM fall f
    WHERE f.erinnerung_am < now() - ${sekunden} * interval '1 second'
      AND NOT EXISTS (SELECT FROM aktion a WHERE a.betrieb_id = f.betrieb_id AND a.id = ${AKTION} || f.id || '/' || f.version)
    ORDER BY f.erinnerung_am LIMIT ${STAPEL}`.execute(db)
  return rows
}
