import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../../test/support/datenbank.ts'
import { bestand } from './bestand.ts'
import { seedGross } from './gross.ts'

const HEUTE = '2026-11-23'

let database: TestDatabase

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

test('3,001 Kunden in three Betriebe are spread evenly over their Vermittler, each contract in its Kunde’s Betrieb', async () => {
  const fortschritt: number[] = []
  const gross = await seedGross(database.owner, {
    heute: HEUTE,
    kunden: 3001,
    betriebe: 3,
    vermittler: 5,
    seed: 4,
    onFortschritt: ({ kunden }) => fortschritt.push(kunden),
  })
  expect(gross.kunden).toBe(3001)
  expect(gross.vertraege / gross.kunden).toBeGreaterThan(4.3)
  expect(gross.vertraege / gross.kunden).toBeLessThan(4.5)
  expect(fortschritt.at(-1)).toBe(3001)
  const { rows } = await sql<{
    kunden: number
    vermittler: number
  }>`SELECT count(*) AS kunden, count(DISTINCT vermittler_id) AS vermittler FROM kunde GROUP BY betrieb_id ORDER BY 1`.execute(database.owner)
  expect(rows).toEqual([
    { kunden: 1000, vermittler: 5 },
    { kunden: 1000, vermittler: 5 },
    { kunden: 1001, vermittler: 5 },
  ])
  const fremd =
    await sql`SELECT FROM vertrag v JOIN kunde k ON k.id = v.kunde_id WHERE v.betrieb_id <> k.betrieb_id OR k.betrieb_id <> (SELECT betrieb_id FROM vermittler p WHERE p.id = k.vermittler_id)`.execute(
      database.owner,
    )
  expect(fremd.rows).toHaveLength(0)
})

test('further ones can be added, as the worker, and the Supervisor gets an account where a password is given', async () => {
  const ohne = await seedGross(database.worker, { heute: HEUTE, kunden: 50, betriebe: 1, vermittler: 1, seed: 5 })
  const mit = await seedGross(database.owner, { heute: HEUTE, kunden: 50, betriebe: 1, vermittler: 0, seed: 5, passwort: 'Regen Kante Ofen' })
  const { rows } = await sql<{ email: string }>`SELECT email FROM vermittler WHERE anmeldung_id IS NOT NULL`.execute(database.owner)
  expect(rows.map(({ email }) => email)).toEqual([mit.betriebe[0]!.supervisor])
  expect(ohne.betriebe[0]!.supervisor).not.toBe(mit.betriebe[0]!.supervisor)
})

test('the same seed makes the same people, another seed others, and a day later everything has moved by a day', () => {
  const leute = (seed: number, heute = HEUTE) => [...bestand({ heute, kunden: 300, seed, mitSonderfaellen: true })]
  const namen = (haushalte: ReturnType<typeof leute>) =>
    haushalte.flatMap(({ haushalt }) => haushalt.mitglieder.map(({ zeile }) => `${zeile.vorname} ${zeile.name}`))
  expect(leute(1)).toEqual(leute(1))
  expect(namen(leute(1))).not.toEqual(namen(leute(2)))
  expect(namen(leute(1, '2026-11-24'))).toEqual(namen(leute(1)))
})
