/**
 * What a rule would open on some day with today's portfolio, and what it holds back and why. Reads only, in a read-only part of the
 * asking Supervisor's transaction, and never longer than it may. Same question and same order as the night (nachtlauf-gevo.ts).
 */
import { type RawBuilder, sql } from 'kysely'
import type { Ergebnis } from '../domain/ergebnisse.ts'
import { type Befund, type Regel, type Werte, ask } from './bestand.ts'
import { GEDULD, nurLesen } from './geduld.ts'
import type { KundeRow, Tag } from './schema.ts'
import type { Person, WebDb } from './sitzung.ts'
import { gepruefte, sperrt } from './zurueckhalten.ts'

/** What becomes of a finding: a new Fall, one that is open already, held back (Sperrfrist, looked through in bulk), or not decided. */
export type Folge = 'NEU' | 'OFFEN' | 'GESPERRT' | 'GEPRUEFT' | 'UNBEKANNT'

export interface Blick {
  person: Pick<Person, 'betriebId'>
  stichtag: Tag
  /** Thresholds that are only tried; default: those in force. */
  probe?: Werte | undefined
}

export interface Vorschauzahl {
  code: string
  zahlen: Record<Folge, number>
  /** New Fälle per Vermittler. */
  neuJe: Record<string, number>
}

export interface Vorschautreffer extends Pick<KundeRow, 'titel' | 'vorname' | 'name' | 'nummer'> {
  kunde_id: number
  schluessel: string
  /** "Weber, Anna" */
  vermittler: string
  befund: Befund
  unbekannt: string[]
  frist: Tag | null
  folge: Folge
  /** Why it is held back, where a Sperrfrist does. */
  sperre_bis: Tag | null
  sperre_ergebnis: Ergebnis | null
}

export const VORSCHAUSEITE = 50

/** Undefined where it took too long. */
export async function countVorschau(db: WebDb, regel: Regel, blick: Blick, geduld = GEDULD): Promise<Vorschauzahl | undefined> {
  return nurLesen(
    db,
    async () => {
      const { rows } = await sql<{ folge: Folge; vermittler_id: number; n: number }>`
        WITH ${treffer(db, regel, blick)} SELECT folge, vermittler_id, count(*)::integer AS n FROM beurteilt GROUP BY 1, 2`.execute(db)
      const zahlen: Record<Folge, number> = { NEU: 0, OFFEN: 0, GESPERRT: 0, GEPRUEFT: 0, UNBEKANNT: 0 }
      const neuJe: Record<string, number> = {}
      for (const { folge, vermittler_id, n } of rows) {
        zahlen[folge] += n
        if (folge === 'NEU') neuJe[vermittler_id] = n
      }
      return { code: regel.code, zahlen, neuJe }
    },
    geduld,
  )
}

/** One rule after the other, within one patience; a rule whose turn did not come is missing. */
export async function countVorschauen(db: WebDb, regeln: readonly Regel[], blick: Blick, geduld = GEDULD): Promise<Vorschauzahl[]> {
  const ende = performance.now() + geduld
  const fertig: Vorschauzahl[] = []
  for (const regel of regeln) {
    const rest = ende - performance.now()
    const zahl = rest > 0 ? await countVorschau(db, regel, blick, rest) : undefined
    if (zahl) fertig.push(zahl)
  }
  return fertig
}

/** How many new Fälle of these rules the daily quota would leave waiting, most urgent rule first. `zahlen` in the order of the catalogue. */
export async function countWartende(db: WebDb, { person, stichtag }: Blick, zahlen: readonly Vorschauzahl[]): Promise<number> {
  const { rows } = await sql<{ vermittler_id: number; plaetze: number }>`
    SELECT v.id AS vermittler_id, greatest(0, b.tagesquote - (SELECT count(*) FROM fall f WHERE f.betrieb_id = b.id AND f.vermittler_id = v.id
      AND f.stichtag = ${stichtag} AND f.nachtlauf_id IS NOT NULL))::integer AS plaetze
    FROM betrieb b JOIN vermittler v ON v.betrieb_id = b.id WHERE b.id = ${person.betriebId} AND b.tagesquote IS NOT NULL`.execute(db)
  return rows.reduce((summe, { vermittler_id, plaetze }) => {
    const neu = zahlen.reduce((n, { neuJe }) => n + (neuJe[vermittler_id] ?? 0), 0)
    return summe + Math.max(0, neu - plaetze)
  }, 0)
}

/** New ones first, in the order the night opens them. Undefined where it took too long. */
export async function listVorschau(
  db: WebDb,
  regel: Regel,
  blick: Blick,
  { seite = 1, limit = VORSCHAUSEITE }: { seite?: number; limit?: number } = {},
): Promise<Vorschautreffer[] | undefined> {
  return nurLesen(db, async () => {
    const { rows } = await sql<Vorschautreffer>`
      WITH ${treffer(db, regel, blick)}, auswahl AS (
        SELECT * FROM beurteilt ORDER BY ${RANG}, dringlichkeit, frist, kunde_id, schluessel LIMIT ${limit} OFFSET ${(seite - 1) * limit})
      SELECT a.kunde_id, a.schluessel, k.titel, k.vorname, k.name, k.nummer, v.name || ', ' || v.vorname AS vermittler, a.befund, a.unbekannt, a.frist,
        a.folge, a.sperre_bis, a.sperre_ergebnis
      FROM auswahl a JOIN kunde k ON k.id = a.kunde_id JOIN vermittler v ON v.id = k.vermittler_id
      ORDER BY ${RANG}, a.dringlichkeit, a.frist, a.kunde_id, a.schluessel`.execute(db)
    return rows
  })
}

const RANG = sql`array_position(ARRAY['NEU', 'OFFEN', 'GESPERRT', 'GEPRUEFT', 'UNBEKANNT'], folge)`

/** Common table expressions `gefunden` and `beurteilt`. */
export function treffer(db: WebDb, regel: Regel, { person, stichtag, probe }: Blick): RawBuilder<unknown> {
  const ausschnitt = { betriebe: [person.betriebId], stichtag, auchAus: true, ...(probe && { stand: { probe } }) }
  const hier = sql`f.betrieb_id = ${person.betriebId} AND f.gevo = ${regel.code}`
  return sql`gefunden AS MATERIALIZED (SELECT * FROM ${ask(db, regel, ausschnitt).as('g')}),
    offen AS (SELECT f.schluessel FROM fall f WHERE ${hier} AND f.status <> 'GESCHLOSSEN'),
    sperre AS (SELECT DISTINCT ON (f.schluessel) f.schluessel, f.sperre_bis, f.ergebnis FROM gefunden t JOIN fall f ON ${sperrt('f', 't', regel.code, stichtag)}
      WHERE ${hier} AND t.lage = 'TRIFFT' ORDER BY f.schluessel, f.sperre_bis DESC NULLS LAST),
    geprueft AS (SELECT DISTINCT g.betrieb_id, g.schluessel FROM (${gepruefte(regel.code, stichtag)}) g),
    beurteilt AS (
      SELECT t.*, s.sperre_bis, s.ergebnis AS sperre_ergebnis, CASE WHEN t.lage = 'UNBEKANNT' THEN 'UNBEKANNT' WHEN o.schluessel IS NOT NULL THEN 'OFFEN'
        WHEN s.schluessel IS NOT NULL THEN 'GESPERRT' WHEN g.schluessel IS NOT NULL THEN 'GEPRUEFT' ELSE 'NEU' END AS folge
      FROM gefunden t LEFT JOIN offen o ON o.schluessel = t.schluessel LEFT JOIN sperre s ON s.schluessel = t.schluessel
        LEFT JOIN geprueft g ON g.betrieb_id = t.betrieb_id AND g.schluessel = t.schluessel)`
}
