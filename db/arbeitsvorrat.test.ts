/** In which order Fälle are worked: what is due, then Frist, priority and our own wish, then the phone book. (At random against a plain count: fallzaehler.test.ts.) */
import { type Insertable, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'
import { getListenzahlen, getNachbar, listArbeitsvorrat } from './arbeitsvorrat.ts'
import type { FallTable } from './schema.ts'
import type { WebDb } from './sitzung.ts'

const FILTER = { heute: '2026-11-23', jetzt: '2026-11-23T09:00:00Z' }
/** Each of these goes before the next, whatever stands in the columns further right. */
const REIHENFOLGE: readonly [name: string, felder: Partial<Insertable<FallTable>>][] = [
  [
    'Reminder',
    { prio: 4, frist: null, bearbeiten_bis: '2027-12-31', offene_vorgaenge: 1, erinnerung_am: '2026-11-23T08:00:00Z', status: 'IN_ARBEIT' },
  ],
  ['Passed', { prio: 4, frist: '2026-11-20' }],
  ['Soon', { prio: 4, frist: '2026-11-30' }],
  ['Later', { prio: 1, frist: '2026-12-15' }],
  ['LaterLessUrgent', { prio: 2, frist: '2026-12-15' }],
  ['Gap', { prio: 2, frist: null, bearbeiten_bis: '2027-03-01' }],
  ['CareSoon', { prio: 3, frist: null, bearbeiten_bis: '2026-12-01' }],
  ['Adler', { prio: 3, frist: null, bearbeiten_bis: '2027-01-01' }],
  ['Ärger', { prio: 3, frist: null, bearbeiten_bis: '2027-01-01' }],
  ['Zander', { prio: 3, frist: null, bearbeiten_bis: '2027-01-01' }],
  ['CareWhenever', { prio: 3, frist: null, bearbeiten_bis: null }],
]
const ERWARTET = REIHENFOLGE.map(([name]) => name)

let database: TestDatabase
let anna: { id: number; token: string }
let supervisor: { token: string }
const namen = new Map<number, string>()
beforeAll(async () => {
  database = await createTestDatabase()
  const { owner } = database
  const betrieb = await insertBetrieb(owner)
  anna = await insertVermittler(owner, betrieb)
  supervisor = await insertVermittler(owner, betrieb, { rolle: 'SUPERVISOR' })
  // Neither the order of their numbers nor of their rules gives the answer away.
  for (const [i, [name, felder]] of [...REIHENFOLGE.entries()].toReversed())
    for (const gevo of ['G01', i % 2 === 0 ? 'G20' : 'G02']) {
      const kunde = await insertKunde(owner, { betrieb, vermittler: anna.id }, { name, vorname: gevo })
      namen.set(await insertFall(owner, { betrieb, vermittler: anna.id, kunde }, { gevo, ...felder }), name)
    }
})
afterAll(() => database.drop())

const as = async <T>({ token }: { token: string }, work: (db: WebDb) => Promise<T>): Promise<T> => (await database.web.withSession(token, work))!

test('in the list of one GeVo', async () => {
  for (const wer of [anna, supervisor]) {
    const { zeilen } = await as(wer, (db) => listArbeitsvorrat(db, { ...FILTER, gevo: 'G01' }))
    expect(zeilen.map(({ name }) => name)).toEqual(ERWARTET)
  }
})

test('through all GeVos, one after the other, as the Wizard goes', async () => {
  const gegangen: string[] = []
  await as(anna, async (db) => {
    let fall: number | undefined
    for (const _ of namen) {
      const { naechster } = await getNachbar(db, { ...FILTER, gevo: null, fall })
      fall = naechster!
      gegangen.push(namen.get(fall)!)
    }
  })
  expect(gegangen).toEqual(ERWARTET.flatMap((name) => [name, name]))
})

test('list and counts are planned once per connection, whatever PostgreSQL expects of the values', async () => {
  const oft = async <T>(frage: (db: WebDb) => Promise<T>): Promise<T> => {
    let zuletzt: T
    for (let i = 0; i < 8; i++) zuletzt = await as(supervisor, frage)
    return zuletzt!
  }
  const zahlen = await oft((db) => getListenzahlen(db, { ...FILTER, gevo: 'G01' }))
  expect((await oft((db) => listArbeitsvorrat(db, { ...FILTER, gevo: 'G01' }))).zahlen).toEqual(zahlen)
  const { rows } = await as(supervisor, (db) =>
    sql<{
      einmal: boolean
    }>`SELECT custom_plans = 0 AND generic_plans > 2 AS einmal FROM pg_prepared_statements WHERE statement LIKE '%ueberfaellig%'`.execute(db),
  )
  expect(rows).toEqual([{ einmal: true }, { einmal: true }])
})
