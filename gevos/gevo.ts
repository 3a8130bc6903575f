/**
 * What a Geschäftsvorfall (GeVo) is: its texts, its terms, and the one question it asks the portfolio every night.
 * A GeVo reads, it never writes, and it knows no clock: the day it asks about is handed to it.
 */
import type { AliasableExpression, Compilable, Kysely, Selectable, SelectQueryBuilder } from 'kysely'
import type { KundeTable, Schema, Tag, VertragTable } from '../db/schema.ts'
import type { Sperrfrist } from '../domain/sperrfrist.ts'

/** Where it stands in the overview: a date that presses, a gap in the cover, care of the portfolio. */
export type Gruppe = 'FRIST' | 'LUECKE' | 'PFLEGE'
/** 1 legal or contractual deadline, 2 gap that threatens a livelihood, 3 opportunity or care, 4 courtesy. */
export type Prio = 1 | 2 | 3 | 4

/** Values read when a Fall was found, and our own codes; never a policy number. Everything in it may change the answer. */
export type Befund = Readonly<Record<string, unknown>>
/** Thresholds a Betrieb may change (table regel); what it did not change comes from the GeVo. */
export type Werte = Readonly<Record<string, number>>

/** `{anrede}`, `{vermittler}`, `{betrieb}` are always there; what else, `platzhalter` says. */
export interface Mailvorlage {
  betreff: string
  text: string
}

/** What every Fall has a text for, whether the night found it or a person made it. */
export interface Fallart {
  /** File name and part of the URL. */
  key: string
  /** Stands in every Fall and in its workflow id; never reused. */
  code: string
  titel: string
  /** One line for the overview. */
  kurz: string
  gruppe: Gruppe
  /** W = Werbung (needs consent, § 7 UWG), V = Vertragsverwaltung (service within an existing contract). */
  klasse: 'W' | 'V'
  prio: Prio
  sperrfrist: Sperrfrist
  /** Page /hilfe: what is meant, what counts, what does not. */
  hilfe: string
  /** Why this is worth a look, with its source. */
  grund: string
  /** The predicate in German with the values read on `stichtag`. */
  erklaere(befund: Befund, unbekannt: readonly string[], stichtag: Tag, werte?: Werte): string
  /** What it is about, in one short line for the row of the list. */
  anlass(befund: Befund): string
  /** Facts within an existing contract (class V). */
  hinweis?: Mailvorlage
  /** An offer (class W). */
  angebot?: Mailvorlage
  platzhalter?(befund: Befund): Record<string, string>
}

export interface Gevo extends Fallart {
  /** BEFUND_WEG: no longer found = cured. FRIST_VORBEI: what was not worked in its window stays, overdue. */
  ende: 'BEFUND_WEG' | 'FRIST_VORBEI'
  werte: Werte
  /** Raised when the question itself changes. */
  version: number
  erkenne(frage: Frage): Abfrage
}

/** Reads only: a rule cannot write. */
export type Leser = Pick<Kysely<Schema>, 'selectFrom'>
type Quelle<T> = SelectQueryBuilder<Schema, never, T>

export interface Frage {
  db: Leser
  /** Cut to the Betriebe of the run and to whom a rule may look at at all (see db/bestand.ts). */
  bestand: { kunden: Quelle<Selectable<KundeTable>>; vertraege: Quelle<Selectable<VertragTable>> }
  stichtag: Tag
  /** The settings per Betrieb, to be joined: a Betrieb that has switched the rule off is not in it. */
  regel: Quelle<{ betrieb_id: number; werte: Werte; version: number }>
}

/** One row a finding. UNBEKANNT opens nothing and ends nothing. */
export interface Treffer {
  betrieb_id: number
  vermittler_id: number
  kunde_id: number
  vertrag_id: number | null
  /** Business key made of our own numbers: while one is open, none is opened again. */
  schluessel: string
  befund: Befund
  /** Names of fields that were unknown. */
  unbekannt: string[]
  /** From law or contract: escalates when it passes. */
  frist: Tag | null
  /** Our own wish: sorts, never escalates. */
  bearbeiten_bis: Tag | null
  lage: 'TRIFFT' | 'UNBEKANNT'
  /** Smaller is more urgent, within this GeVo. */
  dringlichkeit: number
}
export type Abfrage = AliasableExpression<Treffer> & Compilable<Treffer>

/** A GeVo as it stands in its file. */
export function gevo(definition: Gevo): Gevo {
  return definition
}
