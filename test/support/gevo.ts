/** Asks one GeVo about one believable customer: what the night would find. */
import type { Insertable } from 'kysely'
import { type Treffer, ask } from '../../db/bestand.ts'
import { ensureRegeln } from '../../db/regeln.ts'
import type { KundeTable, VertragTable } from '../../db/schema.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import type { TestDatabase } from './datenbank.ts'
import { insertBetrieb, insertKunde, insertVermittler, insertVertrag } from './welt.ts'

export type Vertrag = Partial<Insertable<VertragTable>>
export interface Lage {
  /** 'YYYY-MM-DD', else the day in `ask`. */
  stichtag?: string
  kunde?: Partial<Insertable<KundeTable>>
  vertraege?: Vertrag[]
  /** Thresholds of the Betrieb. */
  werte?: Record<string, number>
}

/** Every customer lives in a Betrieb of its own, so cases do not see each other. Returns all findings. */
export async function frage(database: TestDatabase, gevo: Gevo, stichtag: string, lage: Lage): Promise<Treffer[]> {
  const betrieb = await insertBetrieb(database.owner)
  const { id: vermittler } = await insertVermittler(database.owner, betrieb)
  const kunde = await insertKunde(database.owner, { betrieb, vermittler }, lage.kunde)
  for (const vertrag of lage.vertraege ?? []) await insertVertrag(database.owner, { betrieb, kunde }, vertrag)
  await ensureRegeln(database.owner, [{ code: gevo.code }])
  if (lage.werte)
    await database.owner
      .updateTable('regel')
      .set({ werte: JSON.stringify(lage.werte) })
      .where('betrieb_id', '=', betrieb)
      .execute()
  return database.worker
    .selectFrom(ask(database.worker, gevo, { betriebe: [betrieb], stichtag: lage.stichtag ?? stichtag }).as('t'))
    .selectAll()
    .execute()
}

/** 'trifft zu', 'trifft nicht zu' or 'unbekannt'. */
export async function antwort(database: TestDatabase, gevo: Gevo, stichtag: string, lage: Lage): Promise<string> {
  const treffer = await frage(database, gevo, stichtag, lage)
  if (treffer.length === 0) return 'trifft nicht zu'
  return treffer.every((t) => t.lage === 'UNBEKANNT') ? 'unbekannt' : 'trifft zu'
}

/** What PostgreSQL is asked, with its parameters, as it stands in review. */
export function sqlOf(database: TestDatabase, gevo: Gevo, stichtag: string): string {
  const { sql, parameters } = ask(database.worker, gevo, { betriebe: [1], stichtag }).compile()
  return `${sql.replaceAll(/\s+/g, ' ').replaceAll(/,? ((?:from|where|group by|left join|inner join|and|select) |CASE )/g, '\n  $1')}\n-- ${JSON.stringify(parameters)}`
}
