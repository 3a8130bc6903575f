/** Asks one GeVo about one believable customer: what the night would find. */
import type { Insertable } from 'kysely'
import { type Treffer, ask } from '../../db/bestand.ts'
import { ensureRegeln } from '../../db/regeln.ts'
import type { EinwilligungTable, FallTable, KontaktTable, KundeTable, VertragTable } from '../../db/schema.ts'
import type { Merkmale } from '../../domain/merkmale.ts'
import { katalog } from '../../gevos/katalog.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import type { TestDatabase } from './datenbank.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from './welt.ts'

export interface Vertrag extends Partial<Insertable<Omit<VertragTable, 'merkmale'>>> {
  merkmale?: Merkmale
  /** The insured person: the customer, or the member of the household with this place in `haushalt`. */
  versichert?: 'KUNDE' | number
}
export interface Lage {
  /** 'YYYY-MM-DD', else the day in `ask`. */
  stichtag?: string
  /** Long before, unless said otherwise: silence then proves something. */
  beginn?: string
  bundesland?: string
  kunde?: Partial<Insertable<KundeTable>>
  vertraege?: Vertrag[]
  /** Further members of the customer's household, with their own contracts. */
  haushalt?: { person?: Partial<Insertable<KundeTable>>; vertraege?: Vertrag[] }[]
  kontakte?: Partial<Insertable<KontaktTable>>[]
  einwilligungen?: Partial<Insertable<EinwilligungTable>>[]
  /** Fälle of the customer that were documented and have left; of the GeVo that is asked, unless said otherwise. */
  dokumentiert?: Partial<Insertable<FallTable>>[]
  /** Thresholds of the Betrieb. */
  werte?: Record<string, number>
}

/** Every customer lives in a Betrieb of its own, so cases do not see each other. Returns all findings. */
export async function frage(database: TestDatabase, gevo: Gevo, stichtag: string, lage: Lage): Promise<Treffer[]> {
  const { owner } = database
  const betrieb = await insertBetrieb(owner, { beginn: lage.beginn ?? '2015-01-01', bundesland: lage.bundesland ?? 'HH' })
  const { id: vermittler } = await insertVermittler(owner, betrieb)
  const haushalt = lage.haushalt && (await owner.insertInto('haushalt').values({ betrieb_id: betrieb }).returning('id').executeTakeFirstOrThrow()).id
  const mit = haushalt === undefined ? {} : { haushalt_id: haushalt }
  const kunde = await insertKunde(owner, { betrieb, vermittler }, { ...mit, ...lage.kunde })
  const andere: number[] = []
  for (const { person } of lage.haushalt ?? []) andere.push(await insertKunde(owner, { betrieb, vermittler }, { ...mit, ...person }))
  const insert = ({ versichert, merkmale, ...vertrag }: Vertrag, wer: number) =>
    insertVertrag(
      owner,
      { betrieb, kunde: wer },
      {
        ...vertrag,
        ...(merkmale && { merkmale: JSON.stringify(merkmale) }),
        ...(versichert !== undefined && { versicherte_person_id: versichert === 'KUNDE' ? kunde : andere[versichert]! }),
      },
    )
  for (const vertrag of lage.vertraege ?? []) await insert(vertrag, kunde)
  for (const [i, { vertraege = [] }] of (lage.haushalt ?? []).entries()) for (const vertrag of vertraege) await insert(vertrag, andere[i]!)
  for (const kontakt of lage.kontakte ?? [])
    await owner
      .insertInto('kontakt')
      .values({ betrieb_id: betrieb, kunde_id: kunde, kanal: 'TELEFON', ergebnis: 'GESPROCHEN', ...kontakt })
      .execute()
  for (const einwilligung of lage.einwilligungen ?? [])
    await owner
      .insertInto('einwilligung')
      .values({
        betrieb_id: betrieb,
        kunde_id: kunde,
        kanal: 'EMAIL',
        text_version: '1',
        form: 'SCHRIFTLICH',
        erteilt_am: '2024-01-01',
        ...einwilligung,
      })
      .execute()
  for (const fall of lage.dokumentiert ?? [])
    await insertFall(owner, { betrieb, vermittler, kunde }, { gevo: gevo.code, status: 'GESCHLOSSEN', geschlossen_grund: 'DOKUMENTIERT', ...fall })
  // On, also where it would begin switched off: the question is asked here.
  await ensureRegeln(owner, [{ ...gevo, vorgabeAn: true }, ...katalog.filter(({ code }) => code !== gevo.code)])
  if (lage.werte)
    await owner
      .updateTable('regel')
      .set({ werte: JSON.stringify(lage.werte) })
      .where('betrieb_id', '=', betrieb)
      .where('gevo', '=', gevo.code)
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
  return `${sql.replaceAll(/\s+/g, ' ').replaceAll(/,? ((?:from|where|group by|left join|inner join|and|select) |CASE )/g, '\n  $1')}\n-- ${JSON.stringify(parameters.map((wert) => (typeof wert === 'string' && wert.length > 200 ? `${wert.slice(0, 200)} …` : wert)))}`
}
