/** What every page shows around its content, in one statement. */
import { type Kysely, sql } from 'kysely'
import { summenzeilen } from './fallzaehler.ts'
import { PERSONENFRAGEN } from './importe-zweifel.ts'
import type { Schema, Zeitpunkt } from './schema.ts'

/** More due reminders than that are not counted out: the number beside the menu is asked for by every click. */
export const FAELLIG_HOECHSTENS = 1_000

export interface Rahmen {
  /** Open Fälle of the catalogue; reminders made by hand do not count. */
  faelle: number
  /** Reminders whose moment has come and that wait for the person; FAELLIG_HOECHSTENS stands for that many or more. */
  faellig: number
  /** Of imports, what waits for a Supervisor's word: deliveries held back, columns to map, persons in doubt. 0 for everybody else. */
  klaeren: number
  /** End of the last complete Nachtlauf, and how many of the asking person's Fälle that it opened are still untouched: what the lists call new. */
  nachtlauf: { beendetAm: Zeitpunkt; neu: number } | null
}

/** Runs in the person's transaction, so that the counts are of what the person sees. */
export async function getRahmen(db: Kysely<Schema>): Promise<Rahmen> {
  const { rows } = await sql<{ faelle: number; faellig: number; klaeren: number; beendet_am: Zeitpunkt | null; neu: number }>`
    WITH lauf AS (SELECT stichtag, beendet_am FROM nachtlauf WHERE status = 'FERTIG' ORDER BY stichtag DESC, id DESC LIMIT 1)
    SELECT coalesce(sum(z.n), 0) AS faelle, coalesce(sum(z.n) FILTER (WHERE z.stichtag = (SELECT stichtag FROM lauf)), 0) AS neu,
      (SELECT count(*) FROM (SELECT FROM vorgang WHERE status = 'FAELLIG'
        UNION ALL SELECT FROM vorgang WHERE status = 'OFFEN' AND faellig_am <= now() LIMIT ${FAELLIG_HOECHSTENS}) g) AS faellig,
      (SELECT count(*) FROM import WHERE status IN ('QUARANTAENE', 'ZUORDNUNG'))
        + (SELECT count(*) FROM import_zweifel WHERE entscheidung IS NULL AND art IN ${PERSONENFRAGEN}) AS klaeren,
      (SELECT beendet_am FROM lauf) AS beendet_am
    FROM ${summenzeilen(undefined)} z WHERE NOT z.dokumentiert`.execute(db)
  const { faelle, faellig, klaeren, beendet_am: beendetAm, neu } = rows[0]!
  return { faelle, faellig, klaeren, nachtlauf: beendetAm === null ? null : { beendetAm, neu } }
}
