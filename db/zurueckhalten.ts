/** What keeps a finding from becoming a Fall although its rule is right: said once, for the night and for the preview. */
import { type RawBuilder, sql } from 'kysely'
import type { Tag } from './schema.ts'

/**
 * Whether the closed Fall `f` holds finding `t` (betrieb_id, schluessel, befund) of a rule back on `stichtag`: within its Sperrfrist; told to
 * be wrong (FEHLBEFUND) and nothing the rule reads has changed since (what it only assumes does not count); or worked on the day
 * before, with whatever result: such a case is not shown the next morning. Not where the Sperrfrist has been lifted.
 */
export function sperrt(f: string, t: string, gevo: string, stichtag: Tag): RawBuilder<boolean> {
  const [fall, treffer] = [sql.raw(f), sql.raw(t)]
  return sql`(${fall}.betrieb_id = ${treffer}.betrieb_id AND ${fall}.gevo = ${gevo} AND ${fall}.schluessel = ${treffer}.schluessel
    AND ${fall}.status = 'GESCHLOSSEN' AND ${fall}.sperre_aufgehoben_am IS NULL
    AND (${fall}.sperre_bis >= ${stichtag} OR (${fall}.ergebnis = 'FEHLBEFUND' AND ${fall}.befund - 'angenommen' = ${treffer}.befund - 'angenommen')
      OR (${fall}.dokumentiert_am AT TIME ZONE 'Europe/Berlin')::date >= ${stichtag}::date - 1))`
}

/** Query of (betrieb_id, schluessel): what Supervisors have looked through in bulk ("Altbestand geprüft"), where that still holds on `stichtag`; some twice. */
export function gepruefte(gevo: string, stichtag: Tag): RawBuilder<unknown> {
  return sql`SELECT a.betrieb_id, s.schluessel FROM altbestand a JOIN altbestand_schluessel s ON s.altbestand_id = a.id
    WHERE a.gevo = ${gevo} AND a.zurueckgenommen_am IS NULL AND a.bis >= ${stichtag}`
}
