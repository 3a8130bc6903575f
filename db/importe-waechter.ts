/** Sees to it that no import is forgotten, and that what is no longer needed goes. Asked at worker start and hourly. */
import { sql } from 'kysely'
import type { Db } from './verbindung.ts'

/** The bytes are kept so long: until then an import can be begun again. */
const TAGE = 90

/**
 * Sends again for imports that should be under way and have not moved for `minuten` (their workflow was lost, or the command line died).
 * A run that still lives ends by itself: its Anlauf is not the newest any more. Returns how many.
 */
export async function startLostImports(db: Db, minuten = 30): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    WITH verloren AS (
      UPDATE import i SET anlauf = anlauf + 1, bewegt_am = now()
      WHERE (i.status IN ('WARTET', 'LIEST', 'PRUEFT', 'UEBERNIMMT')
          OR (i.status = 'FERTIG' AND EXISTS (SELECT FROM import_zweifel z WHERE z.import_id = i.id AND z.entscheidung IN ('DERSELBE', 'NEU') AND z.uebernommen_am IS NULL)))
        AND i.bewegt_am < now() - ${minuten} * interval '1 minute'
        AND NOT EXISTS (SELECT FROM outbox o WHERE o.art = 'IMPORT' AND o.ziel = i.id AND o.zugestellt_am IS NULL)
        AND (i.status <> 'WARTET' OR NOT EXISTS (SELECT FROM import e WHERE e.betrieb_id = i.betrieb_id AND e.id < i.id AND e.status IN ('WARTET', 'LIEST', 'PRUEFT', 'UEBERNIMMT')))
      RETURNING i.id, i.betrieb_id),
    gesendet AS (INSERT INTO outbox (betrieb_id, art, ziel) SELECT betrieb_id, 'IMPORT', id FROM verloren ORDER BY id RETURNING id)
    SELECT count(*) AS n FROM gesendet`.execute(db)
  return rows[0]!.n
}

/** Deletes the bytes of old imports (what they changed is kept). Returns how many imports lost theirs. */
export async function deleteOldBytes(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    WITH alt AS (SELECT id FROM import WHERE gestartet_am < now() - ${TAGE} * interval '1 day' AND status NOT IN ('WARTET', 'LIEST', 'PRUEFT', 'UEBERNIMMT')
      AND EXISTS (SELECT FROM import_datei d WHERE d.import_id = import.id)),
    geloescht AS (DELETE FROM import_datei d USING alt WHERE d.import_id = alt.id),
    -- Rows of the file shown for choosing its columns.
    ohne AS (UPDATE import i SET vorschlag = NULL FROM alt WHERE i.id = alt.id)
    SELECT count(*) AS n FROM alt`.execute(db)
  return rows[0]!.n
}
