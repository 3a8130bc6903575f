/** Every rule's SQL against an independent plain reading of its predicate, on thousands of random households and on days that are special. */
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from '../db/bestand.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type Befund, type Haushalt, lies, stichtagVon } from '../test/support/gegenprobe.ts'
import { entwuerfe, insertBetriebe, insertHaushalte, seed } from '../test/support/gegenprobe-welt.ts'
import type { Gevo } from './gevo.ts'
import { katalog } from './katalog.ts'

const HAUSHALTE = 2_500
const SEED = seed()
const IRGENDEINER = fc
  .date({ min: new Date('2024-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
  .map((am) => am.toISOString().slice(0, 10))
const [BELIEBIG] = fc.sample(IRGENDEINER, { numRuns: 1, seed: SEED })
/** A leap day and the day after one in a common year, the last and first of a year, the edges of the Kfz season, and any day. */
const STICHTAGE = ['2024-02-29', '2026-03-01', '2026-12-31', '2027-01-01', '2026-10-01', '2026-11-30', BELIEBIG!]

let database: TestDatabase
let haushalte: Haushalt[]
beforeAll(async () => {
  database = await createTestDatabase()
  const betriebe = await insertBetriebe(database.owner, katalog, SEED)
  haushalte = await insertHaushalte(database.owner, betriebe, entwuerfe(HAUSHALTE, STICHTAGE, SEED))
  await sql`ANALYZE`.execute(database.owner)
})
afterAll(() => database.drop())

test.each(katalog.map((gevo) => [gevo.code, gevo] as const))(
  '%s finds what its predicate says',
  async (_, gevo) => {
    let gefunden = 0
    for (const tag of STICHTAGE) {
      const stichtag = stichtagVon(tag)
      const erwartet = haushalte.flatMap((h) => lies(gevo.code, h, stichtag))
      const antwort = await frage(gevo, tag)
      expectSame(erwartet, antwort, `${gevo.code} am ${tag}, GEGENPROBE=${SEED}`)
      gefunden += antwort.filter(({ lage }) => lage === 'TRIFFT').length
    }
    expect(gefunden, 'the random portfolio must have something to find').toBeGreaterThan(20)
  },
  120_000,
)

async function frage(gevo: Gevo, stichtag: string): Promise<Befund[]> {
  const betriebe = [...new Set(haushalte.map((h) => h.betrieb.id))]
  const treffer = await database.worker
    .selectFrom(ask(database.worker, gevo, { betriebe, stichtag }).as('t'))
    .select(['t.kunde_id', 't.schluessel', 't.lage', 't.unbekannt'])
    .execute()
  return treffer.map((t) => ({ kunde: t.kunde_id, schluessel: t.schluessel, lage: t.lage, fehlt: [...new Set(t.unbekannt)].sort() }))
}

/** One household that is read differently says more than two thousand rows. */
function expectSame(erwartet: readonly Befund[], antwort: readonly Befund[], wo: string): void {
  const text = (b: Befund): string => `${b.schluessel} ${b.kunde} ${b.lage} ${b.fehlt.join('+')}`
  const [soll, ist] = [new Set(erwartet.map(text)), new Set(antwort.map(text))]
  expect(antwort.length, `${wo}: ein Schlüssel kommt doppelt vor`).toBe(new Set(antwort.map((b) => b.schluessel)).size)
  const anders = [...erwartet.filter((b) => !ist.has(text(b))), ...antwort.filter((b) => !soll.has(text(b)))]
  if (anders.length === 0) return
  const kunden = new Set(anders.map(({ kunde }) => kunde))
  const [kleinster] = haushalte
    .filter((h) => h.personen.some(({ id }) => kunden.has(id)))
    .toSorted((a, b) => a.vertraege.length + a.personen.length + a.taten.length - (b.vertraege.length + b.personen.length + b.taten.length))
  const dort = (b: Befund): boolean => kleinster!.personen.some(({ id }) => id === b.kunde)
  expect(antwort.filter(dort).map(text), `${wo}: ${JSON.stringify(kleinster, null, 1)}`).toEqual(erwartet.filter(dort).map(text))
}
