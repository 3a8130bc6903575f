/**
 * A Sperrfrist ended early by a Supervisor's word. (A new Anlass ends it by trigger, whoever writes it: migration 0009; what was told to be wrong
 * and is found no longer, the night frees: nachtlauf-gevo.ts.)
 */
import { sql } from 'kysely'
import type { Ergebnis } from '../domain/ergebnisse.ts'
import { type Auftrag, once } from './faelle.ts'
import type { FallRow, KundeRow, Tag } from './schema.ts'
import type { WebDb } from './sitzung.ts'

/** A closed Fall that keeps its question from being asked again. `sperre_bis` null: a FEHLBEFUND, until a field the rule reads changes. */
export interface Sperre {
  fall: number
  gevo: string
  sperre_bis: Tag | null
  sperre_ergebnis: Ergebnis | null
}

/** Holds on the Berlin date of the database's clock; alias f. */
export const SPERRT_NOCH = sql<boolean>`(f.status = 'GESCHLOSSEN' AND f.sperre_aufgehoben_am IS NULL
  AND (f.sperre_bis >= (now() AT TIME ZONE 'Europe/Berlin')::date OR f.ergebnis = 'FEHLBEFUND'))`

export type Gesperrt = Sperre & Pick<FallRow, 'kunde_id'> & Pick<KundeRow, 'name' | 'vorname' | 'titel'>

/** Undefined where the Fall holds nothing back (any more) or may not be seen. */
export async function findSperre(db: WebDb, fall: number): Promise<Gesperrt | undefined> {
  const { rows } = await sql<Gesperrt>`
    SELECT f.id AS fall, f.gevo, f.sperre_bis, f.ergebnis AS sperre_ergebnis, f.kunde_id, k.name, k.vorname, k.titel
    FROM fall f JOIN kunde k ON k.id = f.kunde_id WHERE f.id = ${fall} AND ${SPERRT_NOCH}`.execute(db)
  return rows[0]
}

/** Lifts what holds this Fall's question back (all closed Fälle of its key). The next night opens it again if it is still found. Returns how many. */
export async function liftSperre(db: WebDb, auftrag: Pick<Auftrag, 'fall' | 'betrieb' | 'aktion' | 'person'>, grund: string): Promise<number> {
  return once(db, auftrag, async () => {
    const { rows } = await sql<{ n: number }>`
      WITH frei AS (
        UPDATE fall f SET sperre_aufgehoben_am = now() FROM fall g
        WHERE g.id = ${auftrag.fall} AND f.betrieb_id = g.betrieb_id AND f.gevo = g.gevo AND f.schluessel = g.schluessel AND ${SPERRT_NOCH}
        RETURNING f.id, f.betrieb_id, f.kunde_id, f.version),
      eintrag AS (
        INSERT INTO protokoll (betrieb_id, fall_id, kunde_id, ereignis, version, quelle, vermittler_id, codes, inhalt)
        SELECT betrieb_id, id, kunde_id, 'unlocked', version, 'KLICK', ${auftrag.person}, '{}', ${JSON.stringify({ notiz: grund })}::jsonb FROM frei RETURNING 1)
      SELECT count(*)::integer AS n FROM eintrag`.execute(db)
    return rows[0]!.n
  })
}
