/** Speichern: the case is documented and done (signal `documented`), and Rückgängig until the night (signal `reopened`). */
import { sql } from 'kysely'
import type { Ergebnis, Kanal } from '../domain/ergebnisse.ts'
import type { Erinnerung } from '../domain/fall.ts'
import { type Antwort, type Auftrag, type Trx, takeEvent } from './faelle.ts'

export interface NewDokumentation {
  ergebnis: Ergebnis
  kanal: Kanal | null
  notiz: string | null
  /** § 61 VVG, where advice was given. */
  anlass?: string | null
  wuensche?: string | null
  rat?: string | null
  gruende?: string | null
  entscheidung?: string | null
  /** What becomes of the Fall's open Vorgänge. */
  vorgaenge: 'BLEIBEN' | 'ERLEDIGT'
  /** From domain/sperrfrist.ts. */
  sperreBis: string | null
}

export async function documentFall(db: Trx, auftrag: Auftrag, neu: NewDokumentation): Promise<Antwort> {
  const { vorgaenge, sperreBis, ...felder } = neu
  return takeEvent(db, auftrag, (row, fall) => {
    const erledigt = vorgaenge === 'ERLEDIGT' ? fall.erinnerungen.map((e) => e.vorgang) : []
    return {
      ereignis: { art: 'documented', ergebnis: neu.ergebnis, vorgaenge },
      fall: { ergebnis: neu.ergebnis, dokumentiert_am: sql<string>`now()` as never, sperre_bis: sperreBis },
      codes: { ergebnis: neu.ergebnis, kanal: neu.kanal, vorgaenge, sperreBis },
      ...(neu.notiz && { inhalt: { notiz: neu.notiz } }),
      schreibe: async () => {
        await db
          .insertInto('dokumentation')
          .values({
            ...felder,
            betrieb_id: row.betrieb_id,
            kunde_id: row.kunde_id,
            fall_id: row.id,
            vermittler_id: auftrag.person,
            sperre_bis: sperreBis,
            erledigte_vorgaenge: erledigt,
          })
          .execute()
        if (erledigt.length > 0)
          await db
            .updateTable('vorgang')
            .set({ status: 'ERLEDIGT', erledigt_am: sql<string>`now()` })
            .where('id', 'in', erledigt)
            .execute()
        if (neu.ergebnis === 'WERBEWIDERSPRUCH')
          await db
            .updateTable('kunde')
            .set({ werbewiderspruch_am: sql<string>`coalesce(werbewiderspruch_am, (now() AT TIME ZONE 'Europe/Berlin')::date)` })
            .where('id', '=', row.kunde_id)
            .execute()
      },
    }
  })
}

/** Takes the last documentation back; what it had ticked off is open again. The documentation itself stays in the record. */
export async function reopenFall(db: Trx, auftrag: Auftrag): Promise<Antwort> {
  return takeEvent(db, auftrag, async (row) => {
    const zurueck = await listTickedOff(db, row.id)
    const ids = zurueck.map((e) => e.vorgang)
    return {
      ereignis: { art: 'reopened', zurueck },
      fall: { ergebnis: null, dokumentiert_am: null, sperre_bis: null },
      codes: { vorgaenge: ids },
      schreibe: async () => {
        if (ids.length > 0)
          await db
            .updateTable('vorgang')
            .set({ status: sql`CASE WHEN faellig_geworden_am IS NULL THEN 'OFFEN' ELSE 'FAELLIG' END`, erledigt_am: null })
            .where('id', 'in', ids)
            .execute()
      },
    }
  })
}

async function listTickedOff(db: Trx, fall: number): Promise<Erinnerung[]> {
  const rows = await db
    .selectFrom('vorgang')
    .select(['id', 'faellig_am', 'faellig_geworden_am'])
    .where('status', '=', 'ERLEDIGT')
    .where('fall_id', '=', fall)
    .where(
      sql<boolean>`id = ANY ((SELECT d.erledigte_vorgaenge FROM dokumentation d WHERE d.fall_id = ${fall} ORDER BY d.id DESC LIMIT 1)::bigint[])`,
    )
    .execute()
  return rows.map((row) => ({ vorgang: row.id, am: row.faellig_geworden_am ? null : row.faellig_am }))
}
