/** The daily work: how much of each GeVo is open, the Fälle of one GeVo in the order of their urgency, and which comes next. */
import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Kanal, Zwischenergebnis } from '../domain/ergebnisse.ts'
import type { Portal } from './kunden.ts'
import type { FallRow, KundeRow, MailTable, Tag, Zeitpunkt } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export const SEITENLAENGE = 50

export interface Gevozahlen {
  gevo: string
  offen: number
  /** Opened by the newest complete Nachtlauf and not touched yet. */
  neu: number
  /** The Frist has passed. */
  ueberfaellig: number
  naechsteFrist: Tag | null
  /** Fristen of today and the next seven days. */
  bald: number
}

export interface Lage {
  kunden: boolean
  /** Whether the first night was released. */
  anlauf: boolean
  erledigt: number
  /** Vorgänge that come tomorrow. */
  morgen: number
}

interface Filter {
  heute: Tag
  /** Only this Vermittler's; the person's own sight is cut by row-level security anyway. */
  vermittler?: number | undefined
}

export async function listUeberblick(db: WebDb, { heute, vermittler }: Filter): Promise<Gevozahlen[]> {
  const { rows } = await sql<Gevozahlen>`
    WITH ${LAUF}
    SELECT f.gevo, count(*) AS offen, count(*) FILTER (WHERE ${NEU}) AS neu, count(*) FILTER (WHERE f.frist < ${heute}::date) AS ueberfaellig,
      min(f.frist) FILTER (WHERE f.frist >= ${heute}::date) AS "naechsteFrist",
      count(*) FILTER (WHERE f.frist BETWEEN ${heute}::date AND ${heute}::date + 7) AS bald
    FROM fall f WHERE f.status IN ('OFFEN', 'IN_ARBEIT') AND f.gevo <> 'VORGANG' AND ${von(vermittler)}
    GROUP BY f.gevo`.execute(db)
  return rows
}

/** What an empty overview has to say. */
export async function getLage(db: WebDb, { heute, vermittler }: Filter): Promise<Lage> {
  const { rows } = await sql<Lage>`
    SELECT EXISTS (SELECT FROM kunde) AS kunden, EXISTS (SELECT FROM betrieb WHERE anlauf_am IS NOT NULL) AS anlauf,
      (SELECT count(*) FROM fall f WHERE f.status = 'DOKUMENTIERT' AND f.gevo <> 'VORGANG' AND ${von(vermittler)}) AS erledigt,
      (SELECT count(*) FROM vorgang f WHERE f.status = 'OFFEN' AND (f.faellig_am AT TIME ZONE 'Europe/Berlin')::date = ${heute}::date + 1
        AND ${von(vermittler)}) AS morgen`.execute(db)
  return rows[0]!
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

/** `seiten` says which page (from 1) of each section; a section never shows more than fifty. */
export async function listArbeitsvorrat(
  db: WebDb,
  { gevo, heute, jetzt, vermittler, seiten = {} }: Filter & { gevo: string; jetzt: Zeitpunkt; seiten?: Partial<Record<Abschnitt, number>> },
): Promise<Liste> {
  const teil = (a: Abschnitt): RawBuilder<unknown> => sql`(
    SELECT ${a} AS abschnitt, r.id, r.faellig, row_number() OVER () AS platz FROM (
      SELECT f.id, f.faellig FROM vorrat f JOIN kunde k ON k.id = f.kunde_id WHERE f.abschnitt = ${a}
      ORDER BY ${REIHE[a]} LIMIT ${SEITENLAENGE} OFFSET ${((seiten[a] ?? 1) - 1) * SEITENLAENGE}) r)`
  const { rows } = await sql<Arbeitszeile & { zahlen: Listenzahlen }>`
    WITH ${LAUF}, ${vorrat({ gevo, heute, jetzt, vermittler })}, seite AS (${sql.join(ABSCHNITTE.map(teil), sql` UNION ALL `)})
    SELECT z.zahlen, zeile.* FROM (SELECT ${ZAHLEN} FROM vorrat f) z LEFT JOIN (
      SELECT s.platz, s.abschnitt, s.faellig, ${SPALTEN} FROM seite s JOIN fall f ON f.id = s.id ${VERBUNDEN}
    ) zeile ON true ORDER BY zeile.abschnitt, zeile.platz`.execute(db)
  return { zahlen: rows[0]!.zahlen, zeilen: rows.filter((row) => row.id !== null) }
}

/** Counts for the heading and the folds, after an action. */
export async function getListenzahlen(db: WebDb, filter: Filter & { gevo: string; jetzt: Zeitpunkt }): Promise<Listenzahlen> {
  const { rows } = await sql<{ zahlen: Listenzahlen }>`WITH ${LAUF}, ${vorrat(filter)} SELECT ${ZAHLEN} FROM vorrat f`.execute(db)
  return rows[0]!.zahlen
}

export interface Nachbar {
  /** The Fall that follows, from the top again after the last; null when there is no other. */
  naechster: number | null
  naechsterGevo: string | null
  /** "Fall 7 von 42"; 0 when the Fall is not to be worked now. */
  platz: number
  gesamt: number
}

/** Where a Fall stands among those to be worked now and which follows; without `fall` the most urgent. `gevo` null: of all GeVos. */
export async function getNachbar(
  db: WebDb,
  { fall, ...filter }: Filter & { gevo: string | null; jetzt: Zeitpunkt; fall?: number | undefined },
): Promise<Nachbar> {
  const id = fall ?? 0
  const { rows } = await sql<Nachbar>`
    WITH ${LAUF}, ${vorrat(filter)},
      offen AS (SELECT f.*, k.name, k.vorname FROM vorrat f JOIN kunde k ON k.id = f.kunde_id WHERE f.abschnitt = 'OFFEN'),
      hier AS (SELECT * FROM offen WHERE id = ${id}),
      dann AS (
        SELECT f.id, f.gevo FROM offen f LEFT JOIN hier k ON true WHERE f.id <> ${id}
        ORDER BY (k.id IS NOT NULL AND (${schluessel('f')}) < (${schluessel('k')})), ${schluessel('f')} LIMIT 1)
    SELECT (SELECT id FROM dann) AS naechster, (SELECT gevo FROM dann) AS "naechsterGevo",
      (SELECT count(*) FROM offen f, hier k WHERE (${schluessel('f')}) <= (${schluessel('k')})) AS platz, (SELECT count(*) FROM offen) AS gesamt`.execute(
    db,
  )
  return rows[0]!
}

/** One Fall as a row of the list, with further columns of `f` (fall), `k` (kunde) and `v` (vermittler). */
export function selectFall<T>({ id, jetzt, mehr }: { id: number; jetzt: Zeitpunkt; mehr: RawBuilder<unknown> }): RawBuilder<Arbeitszeile & T> {
  return sql`
    WITH ${LAUF}
    SELECT ${abschnitt(jetzt)} AS abschnitt, ${faellig(jetzt)} AS faellig, ${SPALTEN}, ${mehr} FROM fall f ${VERBUNDEN} WHERE f.id = ${id}`
}

const LAUF = sql`lauf AS (SELECT stichtag FROM nachtlauf WHERE status = 'FERTIG' ORDER BY stichtag DESC, id DESC LIMIT 1)`
const NEU = sql`f.status = 'OFFEN' AND f.stichtag = (SELECT stichtag FROM lauf)`

const ZAHLEN = sql`json_build_object(
  'OFFEN', count(*) FILTER (WHERE f.abschnitt = 'OFFEN'), 'WIEDERVORLAGE', count(*) FILTER (WHERE f.abschnitt = 'WIEDERVORLAGE'),
  'ERLEDIGT', count(*) FILTER (WHERE f.abschnitt = 'ERLEDIGT'), 'neu', count(*) FILTER (WHERE f.neu), 'ueberfaellig', count(*) FILTER (WHERE f.rang = 1)) AS zahlen`

const SPALTEN = sql`f.id, f.gevo, f.version, f.status, f.kunde_id, f.befund, f.unbekannt, f.frist, f.bearbeiten_bis, f.erinnerung_am, f.befund_entfallen_am,
  f.ergebnis, f.dokumentiert_am, f.sperre_bis, f.versuche, (${NEU}) IS TRUE AS neu, k.name, k.vorname, k.titel, k.geburtsdatum, p.status AS portal,
  v.name || ', ' || v.vorname AS vermittler, c.am AS kontakt_am, c.kanal AS kontakt_kanal, c.ergebnis AS kontakt_ergebnis, c.versuch AS kontakt_versuch,
  m.status AS kontakt_mail`
const VERBUNDEN = sql`JOIN kunde k ON k.id = f.kunde_id JOIN vermittler v ON v.id = f.vermittler_id LEFT JOIN portalzugang p ON p.kunde_id = f.kunde_id
  LEFT JOIN LATERAL (SELECT * FROM kontakt c WHERE c.kunde_id = f.kunde_id ORDER BY c.am DESC, c.id DESC LIMIT 1) c ON true
  LEFT JOIN mail m ON m.id = c.mail_id`

/** Due reminders first, then passed Fristen, then by Frist, priority and our own wish, then as in the phone book. `k` holds the name. */
const REIHE: Record<Abschnitt, RawBuilder<unknown>> = {
  OFFEN: schluessel('f', 'k'),
  WIEDERVORLAGE: sql`f.erinnerung_am, f.id`,
  ERLEDIGT: sql`f.dokumentiert_am DESC, f.id DESC`,
}
function schluessel(fall: 'f' | 'k', kunde: 'f' | 'k' = fall): RawBuilder<unknown> {
  const [f, k] = [sql.raw(fall), sql.raw(kunde)]
  return sql`${f}.rang, coalesce(${f}.frist, 'infinity'), ${f}.prio, coalesce(${f}.bearbeiten_bis, 'infinity'),
    ${k}.name COLLATE telefonbuch, coalesce(${k}.vorname, '') COLLATE telefonbuch, ${f}.id`
}

function vorrat({ gevo, heute, jetzt, vermittler }: Filter & { gevo: string | null; jetzt: Zeitpunkt }): RawBuilder<unknown> {
  const welche = gevo === null ? sql`f.gevo <> 'VORGANG'` : sql`f.gevo = ${gevo}`
  return sql`vorrat AS (
    SELECT f.id, f.gevo, f.kunde_id, f.frist, f.prio, f.bearbeiten_bis, f.erinnerung_am, f.dokumentiert_am, ${abschnitt(jetzt)} AS abschnitt,
      ${faellig(jetzt)} AS faellig, (${NEU}) IS TRUE AS neu,
      CASE WHEN f.status = 'DOKUMENTIERT' THEN 3 WHEN ${faellig(jetzt)} THEN 0 WHEN f.frist < ${heute}::date THEN 1 ELSE 2 END AS rang
    FROM fall f WHERE f.status <> 'GESCHLOSSEN' AND ${welche} AND ${von(vermittler)})`
}

/** Which section of the list a Fall `f` stands in. */
export function abschnitt(jetzt: Zeitpunkt): RawBuilder<Abschnitt> {
  return sql`CASE WHEN f.status IN ('DOKUMENTIERT', 'GESCHLOSSEN') THEN 'ERLEDIGT' WHEN f.erinnerung_am IS NOT NULL AND NOT ${faellig(jetzt)} THEN 'WIEDERVORLAGE' ELSE 'OFFEN' END`
}

/** A reminder whose timer is late (Temporal away) is due all the same. */
function faellig(jetzt: Zeitpunkt): RawBuilder<boolean> {
  return sql`(f.offene_vorgaenge > 0 AND (f.erinnerung_am IS NULL OR f.erinnerung_am <= ${jetzt}::timestamptz
    OR EXISTS (SELECT FROM vorgang g WHERE g.fall_id = f.id AND g.status = 'FAELLIG')))`
}

function von(vermittler: number | undefined): RawBuilder<boolean> {
  return vermittler === undefined ? sql`true` : sql`f.vermittler_id = ${vermittler}`
}
