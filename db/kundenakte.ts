/** What the page of one customer shows besides contracts and household: the people around, consents, open Fälle. */
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Selectable } from 'kysely'
import type { Portal } from './kunden.ts'
import type { EinwilligungTable, FallRow, KundeRow, VorgangTable } from './schema.ts'
import type { WebDb } from './sitzung.ts'
import { SPERRT_NOCH, type Sperre } from './sperrfristen.ts'

export type OffenerFall = Pick<FallRow, 'id' | 'gevo' | 'status' | 'frist' | 'bearbeiten_bis' | 'erinnerung_am' | 'eroeffnet_am' | 'prio'>
export type OffenerVorgang = Pick<Selectable<VorgangTable>, 'id' | 'titel' | 'faellig_am' | 'status'>
export type Einwilligung = Pick<Selectable<EinwilligungTable>, 'id' | 'kanal' | 'form' | 'erteilt_am' | 'widerrufen_am' | 'letzte_nutzung_am'>

export interface Kundenakte extends KundeRow {
  /** "Weber, Anna" */
  vermittler: string
  portal: Portal
  faelle: OffenerFall[]
  vorgaenge: OffenerVorgang[]
  einwilligungen: Einwilligung[]
  /** What is not asked again for now, and why. */
  sperren: Sperre[]
  /** Numbers under which insurers know the customer. */
  nummern: { vu_nummer: string; nummer: string }[]
}

export async function findKundenakte(db: WebDb, id: number): Promise<Kundenakte | undefined> {
  const row = await db
    .selectFrom('kunde as k')
    .innerJoin('vermittler as v', 'v.id', 'k.vermittler_id')
    .leftJoin('portalzugang as p', 'p.kunde_id', 'k.id')
    .selectAll('k')
    .select(['v.name as vName', 'v.vorname as vVorname', 'p.status as portal'])
    .select((eb) => [
      jsonArrayFrom(
        eb
          .selectFrom('fall as f')
          .select(['f.id', 'f.gevo', 'f.status', 'f.frist', 'f.bearbeiten_bis', 'f.erinnerung_am', 'f.eroeffnet_am', 'f.prio'])
          .whereRef('f.kunde_id', '=', 'k.id')
          .where('f.status', '<>', 'GESCHLOSSEN')
          .where('f.gevo', '<>', 'VORGANG')
          .orderBy('f.prio')
          .orderBy('f.frist'),
      ).as('faelle'),
      jsonArrayFrom(
        eb
          .selectFrom('vorgang as g')
          .select(['g.id', 'g.titel', 'g.faellig_am', 'g.status'])
          .whereRef('g.kunde_id', '=', 'k.id')
          .where('g.status', 'in', ['OFFEN', 'FAELLIG'])
          .orderBy('g.faellig_am'),
      ).as('vorgaenge'),
      jsonArrayFrom(
        eb
          .selectFrom('einwilligung as e')
          .select(['e.id', 'e.kanal', 'e.form', 'e.erteilt_am', 'e.widerrufen_am', 'e.letzte_nutzung_am'])
          .whereRef('e.kunde_id', '=', 'k.id')
          .orderBy('e.erteilt_am', 'desc'),
      ).as('einwilligungen'),
      jsonArrayFrom(
        eb
          .selectFrom('fall as f')
          .distinctOn(['f.gevo', 'f.schluessel'])
          .select(['f.id as fall', 'f.gevo', 'f.sperre_bis', 'f.ergebnis as sperre_ergebnis'])
          .whereRef('f.kunde_id', '=', 'k.id')
          .where('f.gevo', '<>', 'VORGANG')
          .where(SPERRT_NOCH)
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('fall as o')
                  .select('o.id')
                  .whereRef('o.betrieb_id', '=', 'f.betrieb_id')
                  .whereRef('o.gevo', '=', 'f.gevo')
                  .whereRef('o.schluessel', '=', 'f.schluessel')
                  .where('o.status', '<>', 'GESCHLOSSEN'),
              ),
            ),
          )
          .orderBy('f.gevo')
          .orderBy('f.schluessel')
          .orderBy('f.sperre_bis', (ob) => ob.desc().nullsLast())
          .limit(50),
      ).as('sperren'),
      jsonArrayFrom(
        eb.selectFrom('kundennummer as n').select(['n.vu_nummer', 'n.nummer']).whereRef('n.kunde_id', '=', 'k.id').orderBy('n.vu_nummer'),
      ).as('nummern'),
    ])
    .where('k.id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const { vName, vVorname, ...rest } = row
  return { ...rest, vermittler: `${vName}, ${vVorname}` } as Kundenakte
}
