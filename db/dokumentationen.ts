/** Speichern: the case is documented and done (signal `documented`), and Rückgängig until the night (signal `reopened`). */
import { sql } from 'kysely'
import type { Ergebnis, Kanal } from '../domain/ergebnisse.ts'
import type { Erinnerung } from '../domain/fall.ts'
import { type Antwort, type Auftrag, type Trx, takeEvent } from './faelle.ts'
import type { Tag } from './schema.ts'

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
  return takeEvent(db, auftrag, async (row, fall) => {
    const widerspruch = neu.ergebnis === 'WERBEWIDERSPRUCH' ? await firstWiderspruch(db, row.kunde_id) : null
    const erledigt = vorgaenge === 'ERLEDIGT' ? fall.erinnerungen.map((e) => e.vorgang) : []
    return {
      ereignis: { art: 'documented', ergebnis: neu.ergebnis, vorgaenge },
      fall: { ergebnis: neu.ergebnis, dokumentiert_am: sql<string>`now()` as never, sperre_bis: sperreBis },
      codes: { ergebnis: neu.ergebnis, kanal: neu.kanal, vorgaenge, sperreBis, ...(widerspruch && { widerspruch }) },
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
        if (widerspruch) await db.updateTable('kunde').set({ werbewiderspruch_am: widerspruch }).where('id', '=', row.kunde_id).execute()
      },
    }
  })
}

/** Takes the last documentation back, with what it had ticked off and the objection to advertising it had brought. The documentation itself stays in the record. */
export async function reopenFall(db: Trx, auftrag: Auftrag): Promise<Antwort> {
  return takeEvent(db, auftrag, async (row) => {
    const zurueck = await listTickedOff(db, row.id)
    const ids = zurueck.map((e) => e.vorgang)
    const widerspruch = await broughtWiderspruch(db, row.id)
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
        if (widerspruch)
          await db
            .updateTable('kunde')
            .set({ werbewiderspruch_am: null })
            .where('id', '=', row.kunde_id)
            .where('werbewiderspruch_am', '=', widerspruch)
            // He may have said so about another Fall, too.
            .where(({ not, exists, selectFrom }) =>
              not(
                exists(
                  selectFrom('fall as f')
                    .whereRef('f.kunde_id', '=', 'kunde.id')
                    .where('f.id', '<>', row.id)
                    .where('f.ergebnis', '=', 'WERBEWIDERSPRUCH'),
                ),
              ),
            )
            .execute()
      },
    }
  })
}

/** Today, where the customer has not objected to advertising before. */
async function firstWiderspruch(db: Trx, kunde: number): Promise<Tag | null> {
  const { heute } = await db
    .selectFrom('kunde')
    .select(sql<Tag | null>`CASE WHEN werbewiderspruch_am IS NULL THEN (now() AT TIME ZONE 'Europe/Berlin')::date END`.as('heute'))
    .where('id', '=', kunde)
    .executeTakeFirstOrThrow()
  return heute
}

/** The day of the objection that the last documentation brought; null where it brought none. */
async function broughtWiderspruch(db: Trx, fall: number): Promise<Tag | null> {
  const row = await db
    .selectFrom('protokoll')
    .select(sql<Tag | null>`codes ->> 'widerspruch'`.as('am'))
    .where('fall_id', '=', fall)
    .where('ereignis', '=', 'documented')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row?.am ?? null
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
