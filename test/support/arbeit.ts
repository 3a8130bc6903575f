/** An office at work: Karin (Supervisor), Anna and Otto with customers and open Fälle of G01 and G02, found last night. */
import type { Insertable } from 'kysely'
import type { FallTable, KundeTable } from '../../db/schema.ts'
import { type TestWeb, type TestWebOptions, createTestWeb } from './web.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from './welt.ts'

export interface Arbeit {
  web: TestWeb
  betrieb: number
  karin: { id: number; token: string }
  anna: { id: number; token: string }
  otto: { id: number; token: string }
  /** A Fall of Anna's with its customer. */
  openFall(fall?: Partial<Insertable<FallTable>>, kunde?: Partial<Insertable<KundeTable>>): Promise<{ fall: number; kunde: number }>
  readFall(fall: number): Promise<Record<string, unknown>>
  rows(table: 'kontakt' | 'dokumentation' | 'vorgang' | 'mail' | 'protokoll', fall: number): Promise<Record<string, unknown>[]>
}

export const G01_BEFUND = JSON.stringify({ geburtsdatum: '1995-03-14', eigeneAktive: 1, sparten: ['HAUSRAT'], angenommen: [] })
export const G02_BEFUND = JSON.stringify({
  sparte: 'HAUSRAT',
  ablauf: '2026-12-31',
  verlaengertSich: 'NEIN',
  angenommen: false,
  vuNummer: '5342',
  bestandsart: 'EIGEN',
})

export async function createArbeit(options: TestWebOptions = {}): Promise<Arbeit> {
  const web = await createTestWeb(options)
  const { owner } = web.database
  const betrieb = await insertBetrieb(owner)
  const karin = await insertVermittler(owner, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
  const anna = await insertVermittler(owner, betrieb)
  const otto = await insertVermittler(owner, betrieb, { vorname: 'Otto', name: 'Brandt' })
  const { id: nachtlauf } = await owner
    .insertInto('nachtlauf')
    .values({ betrieb_id: betrieb, stichtag: '2026-11-23', anlass: 'PLAN', status: 'FERTIG', beendet_am: '2026-11-23T03:12:00Z', zaehler: '{}' })
    .returning('id')
    .executeTakeFirstOrThrow()
  return {
    web,
    betrieb,
    karin,
    anna,
    otto,
    openFall: async (felder = {}, person = {}) => {
      const vermittler = felder.vermittler_id ?? anna.id
      const kunde = await insertKunde(owner, { betrieb, vermittler }, person)
      await insertVertrag(owner, { betrieb, kunde }, { beitrag_cent: 9640, zahlungsweise: 'JAEHRLICH' })
      const fall = await insertFall(owner, { betrieb, vermittler, kunde }, { befund: G01_BEFUND, nachtlauf_id: nachtlauf, ...felder })
      return { fall, kunde }
    },
    readFall: (fall) => owner.selectFrom('fall').selectAll().where('id', '=', fall).executeTakeFirstOrThrow(),
    rows: (table, fall) => owner.selectFrom(table).selectAll().where('fall_id', '=', fall).orderBy('id').execute(),
  }
}

/** The value of a hidden field in a page. */
export function verborgen(html: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
}

/** The page without its tags, spaces made single. */
export function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
