/** A signal sent with the Temporal CLI or UI: recorded by the same doors as a click, codes only. Runs as the worker. */
import { sql } from 'kysely'
import { type Ergebnis, VORGANG, ergebnisseFuer } from '../domain/ergebnisse.ts'
import type { HandEreignis, Signalfehler } from '../domain/messages.ts'
import { documentFall, reopenFall } from './dokumentationen.ts'
import { type Antwort, type Auftrag, type Trx, recordRefusal, takeEvent } from './faelle.ts'
import { contactFall } from './kontakte.ts'
import { insertVorgang, meantVorgang, nextVorgangId } from './vorgaenge.ts'
import { listLivingFaelle } from './zuordnung.ts'

/** The last blocked day for a result of a GeVo today; `monate`: the Betrieb's own Sperrfrist, null = as the GeVo says. */
export type Sperre = (gevo: string, ergebnis: Ergebnis, monate: number | null) => string | null

/** What is not valid is refused in the protokoll. */
export async function takeHandSignal(db: Trx, auftrag: Auftrag, ereignis: HandEreignis, sperre: Sperre): Promise<Antwort> {
  switch (ereignis.art) {
    case 'contacted':
      return contactFall(db, auftrag, ereignis)
    case 'reminder':
      return takeReminder(db, auftrag, ereignis.am)
    case 'documented': {
      const { gevo, sperrfrist_monate } = await db
        .selectFrom('fall as f')
        .leftJoin('regel as r', (join) => join.onRef('r.betrieb_id', '=', 'f.betrieb_id').onRef('r.gevo', '=', 'f.gevo'))
        .select(['f.gevo', 'r.sperrfrist_monate'])
        .where('f.id', '=', auftrag.fall)
        .executeTakeFirstOrThrow()
      if (!ergebnisseFuer(gevo).includes(ereignis.ergebnis))
        return recordRefusal(db, auftrag, { signal: 'documented', grund: 'ERGEBNIS_PASST_NICHT' satisfies Signalfehler })
      const vorgaenge = gevo === VORGANG ? 'ERLEDIGT' : 'BLEIBEN'
      return documentFall(db, auftrag, {
        ergebnis: ereignis.ergebnis,
        kanal: null,
        notiz: null,
        vorgaenge,
        sperreBis: sperre(gevo, ereignis.ergebnis, sperrfrist_monate),
      })
    }
    case 'reopened':
      return reopenFall(db, auftrag)
    case 'reassigned':
      return takeReassigned(db, auftrag, ereignis.vermittler)
    case 'obsolete':
      return takeEvent(db, auftrag, (_row, fall) => ({
        ereignis: { art: 'obsolete', grund: 'VON_HAND' },
        codes: { grund: 'VON_HAND' },
        fall:
          fall.status === 'OFFEN'
            ? { befund_entfallen_am: now(), geschlossen_am: now(), geschlossen_grund: 'VON_HAND' }
            : { befund_entfallen_am: now() },
      }))
    case 'closed':
      return takeEvent(db, auftrag, () => ({ ereignis, fall: { geschlossen_am: now(), geschlossen_grund: 'DOKUMENTIERT' } }))
    case 'replied':
      return takeEvent(db, auftrag, () => ({ ereignis }))
  }
}

/** No Vorgang is named: the earliest is moved or deleted; where there is none, one is made. */
async function takeReminder(db: Trx, auftrag: Auftrag, am: string | null): Promise<Antwort> {
  return takeEvent(db, auftrag, async (row, fall) => {
    const bekannt = meantVorgang(fall)
    const vorgang = bekannt ?? (await nextVorgangId(db))
    return {
      ereignis: { art: 'reminder', vorgang, am },
      codes: { vorgang, am },
      schreibe: async () => {
        if (bekannt === undefined && am) return insertVorgang(db, vorgang, row, { titel: 'Wiedervorlage', notiz: null, am })
        await db
          .updateTable('vorgang')
          .set(am ? { status: 'OFFEN', faellig_am: am, faellig_geworden_am: null, mail_id: null } : { status: 'GELOESCHT' })
          .where('id', '=', vorgang)
          .execute()
      },
    }
  })
}

async function takeReassigned(db: Trx, auftrag: Auftrag, vermittler: number): Promise<Antwort> {
  const ziel = await db
    .selectFrom('vermittler')
    .select('id')
    .where('id', '=', vermittler)
    .where('betrieb_id', '=', auftrag.betrieb)
    .where('aktiv', '=', true)
    .executeTakeFirst()
  if (!ziel) return recordRefusal(db, auftrag, { signal: 'reassigned', grund: 'VERMITTLER_UNBEKANNT' satisfies Signalfehler })
  const ereignis = { art: 'reassigned', vermittler } as const
  return takeEvent(db, auftrag, (row) => ({
    ereignis,
    codes: { vermittler },
    // The Kunde goes with all Fälle: nobody sees a Fall without its customer.
    schreibe: async () => {
      const andere = (await listLivingFaelle(db, row.kunde_id)).filter((fall) => fall !== row.id)
      for (const fall of andere)
        await takeEvent(db, { ...auftrag, fall, aktion: `${auftrag.aktion}/${fall}`, melden: true }, () => ({ ereignis, codes: { vermittler } }))
      const sicht = [String(row.betrieb_id), `{${row.vermittler_id}}`]
      await sql`SELECT set_config('app.betrieb', ${sicht[0]}, true), set_config('app.vermittler', ${sicht[1]}, true)`.execute(db)
      await sql`SELECT kunde_zuordnen(${row.kunde_id}, ${vermittler})`.execute(db)
    },
  }))
}

function now(): never {
  return sql<string>`now()` as never
}
