/**
 * What a Geschäftsvorfall (GeVo) is: its texts, its terms, and the one question it asks the portfolio every night.
 * A GeVo reads, it never writes, and it knows no clock: the day it asks about is handed to it.
 */
import type { Befund, Regel, Werte } from '../db/bestand.ts'
import type { Tag } from '../db/schema.ts'
import type { Sperrfrist } from '../domain/sperrfrist.ts'

export type { Befund, Werte }

/** Where it stands in the overview: a date that presses, a gap in the cover, care of the portfolio. */
export type Gruppe = 'FRIST' | 'LUECKE' | 'PFLEGE'
/** 1 legal or contractual deadline, 2 gap that threatens a livelihood, 3 opportunity or care, 4 courtesy. */
export type Prio = 1 | 2 | 3 | 4

/** `{anrede}`, `{kunde}`, `{vermittler}`, `{betrieb}` are always there, `{vertrag}` ("Hausrat, VHV, Nr. 4711") where the Fall is about one; what else, `platzhalter` says. */
export interface Mailvorlage {
  betreff: string
  text: string
  /** Whom it speaks to, where that is not the customer. */
  an?: 'ELTERN'
  /** From this day on it must not go out any more. */
  nurVor?(befund: Befund): Tag
}

/** How a threshold in `werte` is shown and what a Betrieb may set it to. */
export interface Einstellung {
  titel: string
  einheit: 'Tage' | 'Monate' | 'Jahre' | 'Stück' | 'Prozent'
  min: number
  max: number
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
  /** One sentence: what makes the finding go away by itself. */
  endetWenn: string
  /** Where the law speaks of it ("§ 11 VVG"); null where it does not. */
  recht: string | null
  /** The predicate in German with the values read on `stichtag`. */
  erklaere(befund: Befund, unbekannt: readonly string[], stichtag: Tag, werte?: Werte): string
  /** What it is about, in one short line for the row of the list. */
  anlass(befund: Befund): string
  /** Facts within an existing contract (class V). */
  hinweis?: Mailvorlage
  /** An offer (class W). */
  angebot?: Mailvorlage
  /** Why there is no text to send: some questions may only be asked by letter or in person. */
  ohneMail?: string
  /** `heute`: the day on which the text is written, long after the night that read the Befund. */
  platzhalter?(befund: Befund, heute: string): Record<string, string>
}

/** A Fallart the night asks about. */
export interface Gevo extends Fallart, Regel {
  /** One for every name in `werte`. */
  einstellungen: Readonly<Record<string, Einstellung>>
}

/** Stands in a new file until somebody has written the question: whoever asks it learns where it is missing. */
export function fehltNoch(was: string): never {
  throw new Error(`${was} ist noch nicht ausgefüllt. Wie es geht, zeigt docs/neuer-gevo.md.`)
}

/** A GeVo as it stands in its file. */
export function gevo(definition: Gevo): Gevo {
  return definition
}
