/** Days on which a contract runs on, and until when a notice must have arrived: SQL expressions on dates. */
import { type AliasableExpression, type RawBuilder, sql } from 'kysely'
import type { Leser } from '../db/bestand.ts'
import type { Tag } from '../db/schema.ts'
import { BUNDESLAENDER, absendenBis } from '../domain/fristen.ts'
import { tag } from './bausteine.ts'

/** The stored Hauptfälligkeit rolled forward by whole years to the first after `stichtag`; 29 February becomes 28 in a common year. */
export function naechsteHauptfaelligkeit(feld: RawBuilder<unknown>, stichtag: Tag): RawBuilder<Tag> {
  const jahre = sql`extract(year FROM ${tag(stichtag)})::integer - extract(year FROM ${feld})::integer`
  const dieses = sql`(${feld} + make_interval(years => ${jahre}))::date`
  // Most are delivered as they stand: still to come.
  return sql`CASE WHEN ${feld} > ${tag(stichtag)} THEN ${feld} WHEN ${dieses} > ${tag(stichtag)} THEN ${dieses} ELSE (${feld} + make_interval(years => ${jahre} + 1))::date END`
}

/** Last day on which a notice must have arrived: a Hauptfälligkeit of 1 January and three months make 30 September. */
export function zugangSpaetestens(hauptfaelligkeit: RawBuilder<unknown>, monate: RawBuilder<unknown>): RawBuilder<Tag> {
  return sql`(${hauptfaelligkeit} - make_interval(months => ${monate}) - interval '1 day')::date`
}

/** One row for each of these days on which something has to arrive and each Bundesland: until when to send it. */
export function absendetage(db: Leser, tage: readonly Tag[]): AliasableExpression<{ land: string; zugang: Tag; absenden: Tag }> {
  const zeilen = BUNDESLAENDER.flatMap((land) => tage.map((zugang) => ({ land, zugang, absenden: absendenBis(zugang, land) })))
  return db
    .selectFrom(
      sql<{ land: string; zugang: Tag; absenden: Tag }>`json_to_recordset(${JSON.stringify(zeilen)}::json)`.as<'a'>(
        sql`a(land text, zugang date, absenden date)`,
      ),
    )
    .selectAll()
}
