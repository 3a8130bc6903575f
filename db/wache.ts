/** The watch, as the worker: what is wrong now, remembered as a Störung from when it began until it is over, told to the Supervisors once a day. */
import { sql } from 'kysely'
import type { Ursache } from '../domain/stoerungen.ts'
import { insertMail } from './mails.ts'
import { dueStichtag } from './nachtlauf-waechter.ts'
import type { HerzschlagTable, Zeitpunkt } from './schema.ts'
import type { Db } from './verbindung.ts'

export interface Befund {
  ursache: Ursache
  /** Null: of the whole installation. */
  betrieb: number | null
  /** Numbers and days only. */
  codes: Record<string, string | number | null>
}

export interface Gemeldet extends Befund {
  kennung: string
}

/** Minutes after its time a night must be complete. */
const NACHT_MINUTEN = 60
const OUTBOX_SEKUNDEN = 60
const SICHERUNG_STUNDEN = 26

/** What the database itself knows; without `nightAt` no night is expected. */
export async function listBefunde(db: Db, jetzt: Zeitpunkt, nightAt: string | undefined): Promise<Befund[]> {
  const nacht = nightAt === undefined ? [] : await findFehlendeNaechte(db, jetzt, nightAt)
  const { rows } = await sql<{ outbox: number | null; sicherung: number | null }>`
    SELECT (
      -- The night's thousands may take minutes, as long as they move.
      SELECT extract(epoch FROM ${jetzt}::timestamptz - min(o.erstellt_am))::int FROM outbox o WHERE o.zugestellt_am IS NULL
        AND (o.spur = 0 OR NOT EXISTS (SELECT FROM outbox z WHERE z.zugestellt_am > ${jetzt}::timestamptz - make_interval(secs => ${OUTBOX_SEKUNDEN})))
      ) AS outbox,
      -- Made-up data needs none.
      (SELECT extract(epoch FROM ${jetzt}::timestamptz - coalesce(i.letzte_sicherung_am, b.seit))::int / 3600
        FROM installation i, (SELECT min(erstellt_am) AS seit FROM betrieb WHERE NOT demo) b WHERE b.seit IS NOT NULL) AS sicherung`.execute(db)
  const { outbox, sicherung } = rows[0]!
  return [
    ...nacht,
    ...(outbox !== null && outbox > OUTBOX_SEKUNDEN ? [{ ursache: 'OUTBOX_ALT', betrieb: null, codes: { sekunden: outbox } } as const] : []),
    ...(sicherung !== null && sicherung >= SICHERUNG_STUNDEN
      ? [{ ursache: 'SICHERUNG_ALT', betrieb: null, codes: { stunden: sicherung } } as const]
      : []),
  ]
}

async function findFehlendeNaechte(db: Db, jetzt: Zeitpunkt, nightAt: string): Promise<Befund[]> {
  const { stichtag, seit } = dueStichtag(new Date(Date.parse(jetzt) - NACHT_MINUTEN * 60_000).toISOString(), nightAt)
  const { rows } = await sql<{ id: number }>`
    SELECT b.id FROM betrieb b WHERE greatest(b.anlauf_am, b.erstellt_am) <= ${seit}::timestamptz AND b.anlauf_am IS NOT NULL
      -- One that is being made up for is not missing.
      AND NOT EXISTS (SELECT FROM nachtlauf l WHERE l.betrieb_id = b.id AND l.stichtag >= ${stichtag} AND (l.status = 'FERTIG'
        OR (l.status = 'LAEUFT' AND l.gestartet_am > ${jetzt}::timestamptz - make_interval(mins => ${NACHT_MINUTEN}))))`.execute(db)
  return rows.map(({ id }) => ({ ursache: 'NACHT_FEHLT', betrieb: id, codes: { stichtag } }))
}

/** Returns what has begun and what is over. Safe to be called by several at once. */
export async function recordBefunde(db: Db, befunde: readonly Befund[]): Promise<{ neu: Gemeldet[]; vorbei: Gemeldet[] }> {
  return db.transaction().execute(async (trx) => {
    const neu: Gemeldet[] = []
    for (const { ursache, betrieb, codes } of befunde) {
      const { rows } = await sql<{ kennung: string; neu: boolean }>`
        INSERT INTO stoerung (betrieb_id, ursache, codes) VALUES (${betrieb}, ${ursache}, ${JSON.stringify(codes)})
        ON CONFLICT (ursache, betrieb_id) WHERE beendet_am IS NULL DO UPDATE SET codes = excluded.codes RETURNING kennung, xmax = 0 AS neu`.execute(
        trx,
      )
      if (rows[0]!.neu) neu.push({ ursache, betrieb, codes, kennung: rows[0]!.kennung })
    }
    const bestehen = JSON.stringify(befunde.map(({ ursache, betrieb }) => ({ ursache, betrieb })))
    const { rows: vorbei } = await sql<Gemeldet>`
      UPDATE stoerung s SET beendet_am = now() WHERE beendet_am IS NULL AND NOT EXISTS (
        SELECT FROM jsonb_to_recordset(${bestehen}::jsonb) b (ursache text, betrieb integer) WHERE b.ursache = s.ursache AND b.betrieb IS NOT DISTINCT FROM s.betrieb_id)
      RETURNING ursache, betrieb_id AS betrieb, codes, kennung`.execute(trx)
    return { neu, vorbei }
  })
}

/** Mails what is wrong to the Supervisors it concerns, each cause at most once in 24 hours. Returns how many mails were written. */
export async function mailStoerungen(db: Db, text: (ursache: Ursache, kennung: string) => { betreff: string; inhalt: string }): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: number; ursache: Ursache; kennung: string; betrieb_id: number | null }>`
      UPDATE stoerung s SET gemailt_am = now() WHERE beendet_am IS NULL AND NOT EXISTS (
        SELECT FROM stoerung v WHERE v.ursache = s.ursache AND v.betrieb_id IS NOT DISTINCT FROM s.betrieb_id AND v.gemailt_am > now() - interval '24 hours')
      RETURNING id, ursache, kennung, betrieb_id`.execute(trx)
    let mails = 0
    for (const { ursache, kennung, betrieb_id } of rows) {
      const { rows: wer } = await sql<{ id: number; betrieb_id: number; email: string }>`
        SELECT v.id, v.betrieb_id, v.email FROM vermittler v JOIN betrieb b ON b.id = v.betrieb_id
        WHERE v.rolle = 'SUPERVISOR' AND v.aktiv AND NOT b.demo AND (${betrieb_id}::int IS NULL OR v.betrieb_id = ${betrieb_id}) ORDER BY v.id`.execute(
        trx,
      )
      for (const { id, betrieb_id: betrieb, email } of wer) {
        await insertMail(trx, { betrieb_id: betrieb, art: 'STOERUNG', vermittler_id: id, an: email, ...text(ursache, kennung) })
        mails += 1
      }
    }
    return mails
  })
}

export type Herzschlag = Omit<HerzschlagTable, 'id' | 'am' | 'temporal_weg_seit'> & { temporal: boolean }

/** The worker lives; since when Temporal has been away is kept from the beats before. */
export async function setHerzschlag(db: Db, h: Herzschlag): Promise<void> {
  await sql`
    INSERT INTO herzschlag AS h (am, version, revision, temporal_weg_seit, temporal_version, temporal_ui, platte_frei, platte_gesamt)
    VALUES (now(), ${h.version}, ${h.revision}, CASE WHEN ${h.temporal}::boolean THEN NULL ELSE now() END, ${h.temporal_version}, ${h.temporal_ui}, ${h.platte_frei}, ${h.platte_gesamt})
    ON CONFLICT (id) DO UPDATE SET am = now(), version = excluded.version, revision = excluded.revision,
      temporal_weg_seit = CASE WHEN ${h.temporal}::boolean THEN NULL ELSE coalesce(h.temporal_weg_seit, now()) END,
      temporal_version = coalesce(excluded.temporal_version, h.temporal_version), temporal_ui = excluded.temporal_ui,
      platte_frei = excluded.platte_frei, platte_gesamt = excluded.platte_gesamt`.execute(db)
}
