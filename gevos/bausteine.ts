/** What more than one GeVo asks, said once: in force, renewing, of age. SQL expressions on an alias of vertrag or kunde. */
import { type RawBuilder, sql } from 'kysely'
import type { Tag } from '../db/schema.ts'
import type { Merkmale } from '../domain/merkmale.ts'
import { SPARTEN } from '../domain/sparten.ts'

export type Antwort = 'JA' | 'NEIN' | 'UNBEKANNT'

/** OFFSET 0: PostgreSQL works such a subquery out by itself, each of its columns once. Worth it where a dear expression is read more than once. */
export const EINMAL = sql.lit(0)

/** A contract that renews is believed to go on this long after the last delivery or a person's word. */
const GLAUBE_MONATE = 13

/**
 * Whether contract `v` is in force on `stichtag`. Ablauf ends it only where it does not renew: in GDV a renewing contract
 * carries its current Ablauf, which rolls every year. In force on the day before Ablauf, no longer on the day.
 */
export function aktiv(v: string, stichtag: Tag): RawBuilder<Antwort> {
  const vorbei = sql`${felder(v).ablauf} <= ${tag(stichtag)}`
  return sql`CASE WHEN ${beendet(v, stichtag)} OR (${vorbei} AND ${verlaengertSich(v)} = 'NEIN') THEN 'NEIN'
    WHEN ${ungewiss(v)} OR (${vorbei} AND ${veraltet(v, stichtag)}) THEN 'UNBEKANNT' ELSE 'JA' END`
}

/** Begun and neither cancelled nor left; says nothing about Ablauf. */
export function lebend(v: string, stichtag: Tag): RawBuilder<Antwort> {
  return sql`CASE WHEN ${beendet(v, stichtag)} THEN 'NEIN' WHEN ${ungewiss(v)} THEN 'UNBEKANNT' ELSE 'JA' END`
}

/** Where `aktiv` is UNBEKANNT: the field for want of which (a word in texte.ts). */
export function woranEsFehlt(v: string): RawBuilder<string> {
  return sql`CASE WHEN ${felder(v).status} = 'UNBEKANNT' THEN 'status' WHEN ${felder(v).beginn} IS NULL THEN 'beginn' ELSE 'bestaetigt_am' END`
}

/** What a person or a clause says, else the default of the Sparte (always shown as assumed), else null. */
export function verlaengertSich(v: string): RawBuilder<'JA' | 'NEIN' | null> {
  const { verlaengert, sparte } = felder(v)
  return sql`coalesce(${verlaengert}, CASE WHEN ${sparte} IN (${codes('JA')}) THEN 'JA' WHEN ${sparte} IN (${codes('NEIN')}) THEN 'NEIN' END)`
}

/** Whether `verlaengertSich` is only the default of the Sparte. */
export function angenommen(v: string): RawBuilder<boolean> {
  return sql`(${felder(v).verlaengert} IS NULL AND ${verlaengertSich(v)} IS NOT NULL)`
}

/**
 * Of age `von` to `bis` inclusive. Counting calendar years back from the Stichtag is what the law says, also for 29 February:
 * the day of birth counts (§ 187 Abs. 2 BGB), so who was born on 29.02.2008 is 18 on 01.03.2026 (§ 188 Abs. 2 BGB), not on 28.02.:
 * 28.02.2026 less 18 years is 28.02.2008, a day too early. Null where the birthday is unknown.
 */
export function imAlter(
  geburtsdatum: RawBuilder<unknown>,
  stichtag: Tag,
  von: RawBuilder<number>,
  bis: RawBuilder<number>,
): RawBuilder<boolean | null> {
  return sql`(${geburtsdatum} <= ${tag(stichtag)} - make_interval(years => ${von}) AND ${geburtsdatum} > ${tag(stichtag)} - make_interval(years => ${bis} + 1))`
}

/** A fact of a contract beyond its columns (domain/merkmale.ts) as text; null where nothing is known. */
export function merkmal(v: string, name: keyof Merkmale): RawBuilder<string | null> {
  return sql`(${sql.ref(`${v}.merkmale`)} ->> ${sql.lit(name)})`
}

/** A threshold of the joined settings. */
export function wert(regel: string, name: string): RawBuilder<number> {
  return sql`(${sql.ref(`${regel}.werte`)} ->> ${sql.lit(name)})::integer`
}

export function tag(stichtag: Tag): RawBuilder<Tag> {
  return sql`${stichtag}::date`
}

function beendet(v: string, stichtag: Tag): RawBuilder<boolean> {
  const { status, beginn, abgang } = felder(v)
  return sql`(${status} IN ('STORNIERT', 'ABGELAUFEN', 'ANTRAG') OR ${beginn} > ${tag(stichtag)} OR ${abgang} <= ${tag(stichtag)})`
}

function ungewiss(v: string): RawBuilder<boolean> {
  return sql`(${felder(v).status} = 'UNBEKANNT' OR ${felder(v).beginn} IS NULL)`
}

/** Ablauf has passed and nobody has confirmed the contract for so long that it may as well have ended. */
function veraltet(v: string, stichtag: Tag): RawBuilder<boolean> {
  return sql`coalesce(${felder(v).bestaetigt} < ${tag(stichtag)} - make_interval(months => ${sql.lit(GLAUBE_MONATE)}), true)`
}

function felder(v: string) {
  const feld = (name: string) => sql.ref(`${v}.${name}`)
  return {
    status: feld('status'),
    sparte: feld('sparte'),
    beginn: feld('beginn'),
    ablauf: feld('ablauf'),
    abgang: feld('abgang_am'),
    bestaetigt: feld('bestaetigt_am'),
    verlaengert: feld('verlaengert_sich'),
  }
}

function codes(verlaengert: 'JA' | 'NEIN'): RawBuilder<unknown> {
  const sparten = Object.entries(SPARTEN).filter(([, sparte]) => sparte.verlaengert === verlaengert)
  return sql.join(sparten.map(([code]) => sql.lit(code)))
}
