/**
 * The daily work: the Fälle of one GeVo in the order of their urgency, and which comes next. What is read does not grow with what is open or waits for a
 * reminder, only with what is due.
 */
import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Kanal, Zwischenergebnis } from '../domain/ergebnisse.ts'
import { danach } from './danach.ts'
import { summenzeilen, zaehlerzeilen } from './fallzaehler.ts'
import type { Portal } from './kunden.ts'
import type { FallRow, KundeRow, MailTable, Tag, Zeitpunkt } from './schema.ts'
import type { WebDb } from './sitzung.ts'
import { executeInOnePlan } from './vorbereitet.ts'

export const SEITENLAENGE = 50
/** Of a section that is folded away: most people never open it. */
export const FALTLAENGE = 10

export interface Filter {
  heute: Tag
  /** Only this Vermittler's; the person's own sight is cut by row-level security anyway. */
  vermittler?: number | undefined
}

export const ABSCHNITTE = ['OFFEN', 'WIEDERVORLAGE', 'ERLEDIGT'] as const
/** To be worked now (a due reminder included), waiting for a coming reminder, documented since the last night. */
export type Abschnitt = (typeof ABSCHNITTE)[number]

export type Mailstatus = Selectable<MailTable>['status']

/** One row of the list. */
export interface Arbeitszeile
  extends
    Pick<
      FallRow,
      | 'id'
      | 'gevo'
      | 'version'
      | 'status'
      | 'kunde_id'
      | 'befund'
      | 'unbekannt'
      | 'frist'
      | 'bearbeiten_bis'
      | 'erinnerung_am'
      | 'befund_entfallen_am'
      | 'ergebnis'
      | 'dokumentiert_am'
      | 'sperre_bis'
      | 'versuche'
    >,
    Pick<KundeRow, 'name' | 'vorname' | 'titel' | 'geburtsdatum'> {
  abschnitt: Abschnitt
  /** A reminder's moment has come. */
  faellig: boolean
  neu: boolean
  portal: Portal
  /** "Weber, Anna" */
  vermittler: string
  /** The last contact with the customer, about whatever. */
  kontakt_am: Zeitpunkt | null
  kontakt_kanal: Kanal | null
  kontakt_ergebnis: Zwischenergebnis | null
  kontakt_versuch: number | null
  kontakt_mail: Mailstatus | null
}

export interface Listenzahlen extends Record<Abschnitt, number> {
  neu: number
  ueberfaellig: number
}

export interface Liste {
  zeilen: Arbeitszeile[]
  zahlen: Listenzahlen
}

/** `seiten` says which page (from 1) of each section; of one that it does not name, other than OFFEN, only the beginning is read. */
export async function listArbeitsvorrat(
  db: WebDb,
  { gevo, heute, jetzt, vermittler, seiten = {} }: Filter & { gevo: string; jetzt: Zeitpunkt; seiten?: Partial<Record<Abschnitt, number>> },
): Promise<Liste> {
  const ab = (a: Abschnitt): number => ((seiten[a] ?? 1) - 1) * SEITENLAENGE
  const seite = (a: Abschnitt): RawBuilder<unknown> => sql`LIMIT ${isGefaltet(a, seiten) ? FALTLAENGE : SEITENLAENGE} OFFSET ${ab(a)}`
  const mein = sql`f.gevo = ${gevo} AND ${von(vermittler)}`
  const teil = (a: Abschnitt, aus: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`(SELECT ${a} AS abschnitt, r.id, r.faellig, row_number() OVER () AS platz FROM (${aus}) r)`
  const ruhig = ruhige({ gevos: sql`ARRAY[${gevo}]`, vermittler, limit: ab('OFFEN') + SEITENLAENGE })
  const liste = sql<Arbeitszeile & { zahlen: Listenzahlen }>`
    WITH ${LAUF}, ${dringend({ mein, jetzt })}, seite AS (
      ${teil(
        'OFFEN',
        sql`SELECT x.* FROM (SELECT d.*, true AS faellig FROM dringend d UNION ALL SELECT r.*, false FROM (${ruhig}) r) x
          ORDER BY x.faellig DESC, ${reihe('x')} ${seite('OFFEN')}`,
      )} UNION ALL ${teil(
        'WIEDERVORLAGE',
        sql`SELECT f.id, false AS faellig FROM fall f WHERE ${WARTET} AND f.erinnerung_am > ${jetzt}::timestamptz AND ${mein}
          AND f.id <> ALL (ARRAY(SELECT d.id FROM dringend d)) ORDER BY f.erinnerung_am, f.id ${seite('WIEDERVORLAGE')}`,
      )} UNION ALL ${teil(
        'ERLEDIGT',
        sql`SELECT f.id, false AS faellig FROM fall f WHERE f.status = 'DOKUMENTIERT' AND ${mein} ORDER BY f.dokumentiert_am DESC, f.id DESC ${seite('ERLEDIGT')}`,
      )})
    SELECT z.zahlen, zeile.* FROM (${listenzahlen({ gevo, heute, vermittler })}) z LEFT JOIN (
      SELECT s.platz, s.abschnitt, s.faellig, ${SPALTEN} FROM seite s ${danach('fall f', sql`f.id = s.id`)} ${VERBUNDEN}
    ) zeile ON true ORDER BY zeile.abschnitt, zeile.platz`
  const rows = await executeInOnePlan(db, liste)
  return { zahlen: rows[0]!.zahlen, zeilen: rows.filter((row) => row.id !== null) }
}

export function isGefaltet(abschnitt: Abschnitt, seiten: Partial<Record<Abschnitt, number>>): boolean {
  return abschnitt !== 'OFFEN' && seiten[abschnitt] === undefined
}

/** Counts for the heading and the folds, after an action. */
export async function getListenzahlen(
  db: WebDb,
  { gevo, heute, jetzt, vermittler }: Filter & { gevo: string; jetzt: Zeitpunkt },
): Promise<Listenzahlen> {
  const mein = sql`f.gevo = ${gevo} AND ${von(vermittler)}`
  const zahlen = sql<{ zahlen: Listenzahlen }>`WITH ${LAUF}, ${dringend({ mein, jetzt })} ${listenzahlen({ gevo, heute, vermittler })}`
  return (await executeInOnePlan(db, zahlen))[0]!.zahlen
}

export interface Nachbar {
  /** The Fall that follows, from the top again after the last; null when there is no other. */
  naechster: number | null
  naechsterGevo: string | null
  /** "Fall 7 von 42"; 0 when the Fall is not to be worked now, or stands further down than anybody counts (PLAETZE). */
  platz: number
  gesamt: number
}

/** Where a Fall stands among those to be worked now and which follows; without `fall` the most urgent. `gevo` null: of all GeVos. */
export async function getNachbar(
  db: WebDb,
  { gevo, jetzt, vermittler, fall }: Filter & { gevo: string | null; jetzt: Zeitpunkt; fall?: number | undefined },
): Promise<Nachbar> {
  const id = fall ?? 0
  const mein = sql`${gevo === null ? sql`f.gevo <> 'VORGANG'` : sql`f.gevo = ${gevo}`} AND ${von(vermittler)}`
  const gevos = gevo === null ? sql`ARRAY(SELECT DISTINCT z.gevo FROM ${summenzeilen(vermittler)} z)` : sql`ARRAY[${gevo}]`
  const hinter = ruhige({
    gevos,
    vermittler,
    limit: 1,
    wo: sql`f.id <> ${id} AND (${schluessel('f')}) > (SELECT ${schluessel('h')} FROM hier h WHERE NOT h.faellig)`,
  })
  const vorn = ruhige({ gevos, vermittler, limit: 1, wo: sql`f.id <> ${id}` })
  const davor = ruhige({
    gevos,
    vermittler,
    limit: PLAETZE + 1,
    wo: sql`(${schluessel('f')}) <= (SELECT ${schluessel('h')} FROM hier h WHERE NOT h.faellig)`,
  })
  const { rows } = await sql<Nachbar>`
    WITH ${dringend({ mein, jetzt })},
      hier AS (
        SELECT ${SCHLUESSEL}, EXISTS (SELECT FROM dringend d WHERE d.id = f.id) AS faellig FROM fall f
        WHERE f.id = ${id} AND ${OFFEN} AND ${mein} AND (f.offene_vorgaenge = 0 OR EXISTS (SELECT FROM dringend d WHERE d.id = f.id))),
      dann AS (
        SELECT x.id, x.gevo FROM (
          SELECT e.*, true AS faellig, EXISTS (SELECT FROM hier h WHERE NOT h.faellig OR (${schluessel('e')}) <= (${schluessel('h')})) AS von_vorn
            FROM dringend e WHERE e.id <> ${id}
          UNION ALL SELECT r.*, false, false FROM (${hinter}) r
          UNION ALL SELECT r.*, false, EXISTS (SELECT FROM hier h WHERE NOT h.faellig) FROM (${vorn}) r) x
        ORDER BY x.von_vorn, x.faellig DESC, ${reihe('x')} LIMIT 1),
      voran AS (SELECT count(*) AS n FROM (${davor}) r)
    SELECT (SELECT id FROM dann) AS naechster, (SELECT gevo FROM dann) AS "naechsterGevo",
      coalesce((SELECT CASE WHEN h.faellig THEN (SELECT count(*) FROM dringend e WHERE (${schluessel('e')}) <= (${schluessel('h')}))
        WHEN voran.n <= ${PLAETZE} THEN voran.n + (SELECT count(*) FROM dringend) ELSE 0 END FROM hier h, voran), 0) AS platz,
      (SELECT coalesce(sum(z.n), 0) FROM ${summenzeilen(vermittler)} z WHERE z.gevo = ANY (${gevos}) AND NOT z.dokumentiert AND NOT z.wartet)
        + (SELECT count(*) FROM dringend) AS gesamt`.execute(db)
  return rows[0]!
}

/** One Fall as a row of the list, with further columns of `f` (fall), `k` (kunde) and `v` (vermittler). */
export function selectFall<T>({ id, jetzt, mehr }: { id: number; jetzt: Zeitpunkt; mehr: RawBuilder<unknown> }): RawBuilder<Arbeitszeile & T> {
  return sql`
    WITH ${LAUF}
    SELECT ${abschnitt(jetzt)} AS abschnitt, ${faellig(jetzt)} AS faellig, ${SPALTEN}, ${mehr} FROM fall f ${VERBUNDEN} WHERE f.id = ${id}`
}

export const LAUF = sql`lauf AS (SELECT stichtag FROM nachtlauf WHERE status = 'FERTIG' ORDER BY stichtag DESC, id DESC LIMIT 1)`
const NEU = sql`f.status = 'OFFEN' AND f.stichtag = (SELECT stichtag FROM lauf)`

const SPALTEN = sql`f.id, f.gevo, f.version, f.status, f.kunde_id, f.befund, f.unbekannt, f.frist, f.bearbeiten_bis, f.erinnerung_am, f.befund_entfallen_am,
  f.ergebnis, f.dokumentiert_am, f.sperre_bis, f.versuche, (${NEU}) IS TRUE AS neu, k.name, k.vorname, k.titel, k.geburtsdatum, p.status AS portal,
  v.name || ', ' || v.vorname AS vermittler, c.am AS kontakt_am, c.kanal AS kontakt_kanal, c.ergebnis AS kontakt_ergebnis, c.versuch AS kontakt_versuch,
  m.status AS kontakt_mail`
const VERBUNDEN = sql`${danach('kunde k', sql`k.id = f.kunde_id`)} ${danach('vermittler v', sql`v.id = f.vermittler_id`)}
  LEFT ${danach('portalzugang p', sql`p.kunde_id = f.kunde_id`)}
  LEFT ${danach('kontakt c', sql`c.kunde_id = f.kunde_id ORDER BY c.am DESC, c.id DESC LIMIT 1`)} LEFT ${danach('mail m', sql`m.id = c.mail_id`)}`

/** A place further down than this is not counted out: it would cost more than it tells. */
const PLAETZE = 1_000

const OFFEN = sql`f.status IN ('OFFEN', 'IN_ARBEIT')`
const WARTET = sql`${OFFEN} AND f.offene_vorgaenge > 0`

/**
 * By Frist (passed ones are the earliest), priority and our own wish, then as in the phone book; due reminders stand before all of it.
 * The same terms as in the indexes fall_reihe.
 */
const SCHLUESSEL = sql`f.id, f.gevo, CASE WHEN f.frist IS NULL THEN 'infinity' ELSE f.frist END AS frist, f.prio, CASE WHEN f.bearbeiten_bis IS NULL THEN 'infinity' ELSE f.bearbeiten_bis END AS bearbeiten_bis, f.sortiername`
function schluessel(aus: 'f' | 'h' | 'e'): RawBuilder<unknown> {
  return aus === 'f'
    ? sql`CASE WHEN f.frist IS NULL THEN 'infinity' ELSE f.frist END, f.prio, CASE WHEN f.bearbeiten_bis IS NULL THEN 'infinity' ELSE f.bearbeiten_bis END, f.sortiername, f.id`
    : reihe(aus)
}
function reihe(aus: 'x' | 'h' | 'e'): RawBuilder<unknown> {
  return sql.raw(['frist', 'prio', 'bearbeiten_bis', 'sortiername', 'id'].map((name) => `${aus}.${name}`).join(', '))
}

interface Ruhige {
  /** text[] */
  gevos: RawBuilder<unknown>
  vermittler: number | undefined
  limit: number
  wo?: RawBuilder<unknown>
}

/**
 * The first Fälle without a reminder of each GeVo, with their keys. A Supervisor's from the Betrieb's index; else one Vermittler after the other,
 * so that nobody reads past what others have.
 */
function ruhige({ gevos, vermittler, limit, wo = sql`true` }: Ruhige): RawBuilder<unknown> {
  const aus = (von: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`(SELECT ${SCHLUESSEL} FROM fall f WHERE ${OFFEN} AND f.offene_vorgaenge = 0 AND f.gevo = g.gevo AND ${von} AND ${wo} ORDER BY ${schluessel('f')} LIMIT ${limit})`
  const supervisor = sql`current_setting('app.rolle', true) = 'SUPERVISOR'`
  const je = (ids: RawBuilder<unknown>, wenn: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`(SELECT w.* FROM unnest(${ids}) v (id) CROSS JOIN LATERAL ${aus(sql`f.vermittler_id = v.id`)} w WHERE ${wenn})`
  const alle = sql`${aus(supervisor)} UNION ALL ${je(sql`nullif(current_setting('app.vermittler', true), '')::int[]`, sql`NOT ${supervisor}`)}`
  return sql`SELECT r.* FROM unnest(${gevos}) g (gevo) CROSS JOIN LATERAL (${vermittler === undefined ? alle : je(sql`ARRAY[${vermittler}::int]`, sql`true`)}) r`
}

/** Fälle whose reminder's moment has come, whether or not another one is coming; one whose timer is late (Temporal away) is due all the same. */
function dringend({ mein, jetzt }: { mein: RawBuilder<unknown>; jetzt: Zeitpunkt }): RawBuilder<unknown> {
  return sql`dringend AS MATERIALIZED (SELECT ${SCHLUESSEL} FROM fall f WHERE ${OFFEN} AND f.faellige_vorgaenge > 0 AND ${mein}
    UNION SELECT ${SCHLUESSEL} FROM fall f WHERE ${WARTET} AND f.erinnerung_am <= ${jetzt}::timestamptz AND ${mein})`
}

/** From the counters; only what a reminder has made due is counted out. */
function listenzahlen({ gevo, heute, vermittler }: Filter & { gevo: string }): RawBuilder<unknown> {
  const n = (wenn: RawBuilder<unknown>): RawBuilder<unknown> => sql`coalesce(sum(z.n) FILTER (WHERE ${wenn}), 0)`
  return sql`SELECT json_build_object(
    'OFFEN', ${n(sql`NOT z.dokumentiert AND NOT z.wartet`)} + d.n, 'WIEDERVORLAGE', ${n(sql`NOT z.dokumentiert AND z.wartet`)} - d.n, 'ERLEDIGT', ${n(sql`z.dokumentiert`)},
    'neu', ${n(sql`z.stichtag = (SELECT stichtag FROM lauf)`)},
    'ueberfaellig', (SELECT coalesce(sum(s.n), 0) FROM ${zaehlerzeilen(vermittler)} s WHERE s.gevo = ${gevo} AND s.status <> 'DOKUMENTIERT' AND s.frist < ${heute}::date) - d.spaet) AS zahlen
    FROM (SELECT count(*) AS n, count(*) FILTER (WHERE frist < ${heute}::date) AS spaet FROM dringend) d
    LEFT JOIN ${summenzeilen(vermittler)} z ON z.gevo = ${gevo} GROUP BY d.n, d.spaet`
}

/** Which section of the list a Fall `f` stands in. */
export function abschnitt(jetzt: Zeitpunkt): RawBuilder<Abschnitt> {
  return sql`CASE WHEN f.status IN ('DOKUMENTIERT', 'GESCHLOSSEN') THEN 'ERLEDIGT' WHEN f.offene_vorgaenge > 0 AND NOT ${faellig(jetzt)} THEN 'WIEDERVORLAGE' ELSE 'OFFEN' END`
}

function faellig(jetzt: Zeitpunkt): RawBuilder<boolean> {
  return sql`(f.faellige_vorgaenge > 0 OR (f.offene_vorgaenge > 0 AND f.erinnerung_am IS NOT NULL AND f.erinnerung_am <= ${jetzt}::timestamptz))`
}

export function von(vermittler: number | undefined): RawBuilder<boolean> {
  return vermittler === undefined ? sql`true` : sql`f.vermittler_id = ${vermittler}`
}
