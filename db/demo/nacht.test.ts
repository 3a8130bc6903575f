/** The demo Betrieb before the rules: the first night must find something believable for everybody. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alter } from '../../domain/kalender.ts'
import { type TestDatabase, createTestDatabase } from '../../test/support/datenbank.ts'
import { runNacht } from '../../test/support/nacht.ts'
import { seedDemo } from './demo.ts'

const HEUTE = '2026-11-23'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await seedDemo(database.owner, { heute: HEUTE, passwort: '', logins: false })
  await runNacht(database.worker, HEUTE)
})
afterAll(() => database.drop())

test('the first night finds work for every Vermittler, of both kinds, and some where data is missing', async () => {
  const { rows } = await sql<{ name: string; jung: number; ablauf: number }>`
    SELECT p.name, count(*) FILTER (WHERE f.gevo = 'G01') AS jung, count(*) FILTER (WHERE f.gevo = 'G02') AS ablauf
    FROM fall f JOIN vermittler p ON p.id = f.vermittler_id WHERE p.rolle = 'VERMITTLER' GROUP BY p.name ORDER BY p.name`.execute(database.owner)
  expect(rows.map(({ name }) => name)).toEqual(['Brandt', 'Krüger', 'Petersen', 'Yıldız'])
  for (const { jung, ablauf } of rows) {
    expect(jung).toBeGreaterThan(15)
    expect(ablauf).toBeGreaterThan(3)
  }
  const { rows: unbekannt } = await sql<{ gevo: string }>`SELECT gevo FROM nachtlauf_gevo WHERE unbekannt > 0 ORDER BY gevo`.execute(database.owner)
  expect(unbekannt.map(({ gevo }) => gevo)).toContain('G01')
})

test('everybody found by G01 is 18 to 34, those who turn 18 today and 35 tomorrow among them', async () => {
  const { rows } = await sql<{
    geburtsdatum: string
  }>`SELECT k.geburtsdatum FROM fall f JOIN kunde k ON k.id = f.kunde_id WHERE f.gevo = 'G01'`.execute(database.owner)
  const jahre = rows.map(({ geburtsdatum }) => alter(geburtsdatum, HEUTE))
  expect([Math.min(...jahre), Math.max(...jahre)]).toEqual([18, 34])
  const tage = rows.map(({ geburtsdatum }) => geburtsdatum)
  expect(tage).toEqual(expect.arrayContaining(['2008-11-23', '1991-11-24']))
  expect(tage.some((tag) => tag.endsWith('-02-29'))).toBe(true)
})

test('contracts that end tomorrow and in 30 and 90 days are found, one in 91 days is not', async () => {
  const { rows } = await sql<{
    tage: number
  }>`SELECT DISTINCT v.ablauf - ${HEUTE}::date AS tage FROM fall f JOIN vertrag v ON v.id = f.vertrag_id WHERE f.gevo = 'G02'`.execute(database.owner)
  const tage = rows.map((row) => row.tage)
  expect(tage).toEqual(expect.arrayContaining([1, 30, 90]))
  expect(Math.max(...tage)).toBe(90)
})
