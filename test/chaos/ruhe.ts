/** Waiting until nothing is under way any more: no message to Temporal, no reminder overdue, no mail being sent. */
import { sql } from 'kysely'
import type { Db } from '../../db/verbindung.ts'
import type { Meldung } from './bericht.ts'

export interface Rest extends Record<string, number> {
  nachrichten: number
  ueberfaellig: number
  mails: number
  naechte: number
}

/** Until every message has reached Temporal. */
export async function warteAufZustellung(db: Db, melde: Meldung, signal: AbortSignal): Promise<void> {
  for (let runde = 0; !signal.aborted; runde++) {
    const { nachrichten } = await readRest(db, false)
    if (nachrichten === 0) return
    if (runde % 10 === 0) melde(`Noch nicht zugestellt: ${nachrichten}`)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

/** `geplant`: also mails that wait for their five minutes. Gives up after `hoechstens` seconds: what is left, the checks will say. Returns the seconds. */
export async function warteAufRuhe(
  db: Db,
  { geplant, hoechstens, melde, signal }: { geplant: boolean; hoechstens: number; melde: Meldung; signal: AbortSignal },
): Promise<number> {
  const beginn = Date.now()
  for (let runde = 0; Date.now() - beginn < hoechstens * 1000 && !signal.aborted; runde++) {
    const rest = await readRest(db, geplant)
    if (Object.values(rest).every((n) => n === 0)) return (Date.now() - beginn) / 1000
    if (runde % 10 === 0)
      melde(
        `Noch unterwegs: ${Object.entries(rest)
          .map(([was, n]) => `${was} ${n}`)
          .join(', ')}`,
      )
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  return (Date.now() - beginn) / 1000
}

async function readRest(db: Db, geplant: boolean): Promise<Rest> {
  const { rows } = await sql<Rest>`SELECT
    (SELECT count(*) FROM outbox WHERE zugestellt_am IS NULL) AS nachrichten,
    (SELECT count(*) FROM vorgang WHERE status = 'OFFEN' AND faellig_am < now()) AS ueberfaellig,
    (SELECT count(*) FROM mail WHERE status = 'SENDET' OR (status = 'GEPLANT' AND (${geplant} OR senden_ab < now()))) AS mails,
    (SELECT count(*) FROM nachtlauf WHERE status = 'LAEUFT') AS naechte`.execute(db)
  return rows[0]!
}
