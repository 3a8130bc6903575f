/** The demo Betrieb before the rules: the first night must find something believable for everybody. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { katalog } from '../../gevos/katalog.ts'
import { alter } from '../../domain/kalender.ts'
import { type TestDatabase, createTestDatabase } from '../../test/support/datenbank.ts'
import { runNacht } from '../../test/support/nacht.ts'
import { type Treffer, ask } from '../bestand.ts'
import { beginNacht, finishNacht } from '../nachtlauf.ts'
import { runGevo } from '../nachtlauf-gevo.ts'
import { seedDemo } from './demo.ts'

const HEUTE = '2026-11-23'
const MORGEN = '2026-11-24'
const G23 = katalog.find(({ code }) => code === 'G23')!

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

test('a rule that asks what others could not decide hears the same from those the night has asked and from those it asks itself; afterwards nothing is kept', async () => {
  await sql`UPDATE regel SET an = true`.execute(database.owner)
  const nacht = await beginNacht(database.worker, katalog, MORGEN)
  for (const regel of katalog.filter((eine) => eine !== G23)) await runGevo(database.worker, nacht, regel)
  const betriebe = (await database.owner.selectFrom('betrieb').select('id').execute()).map(({ id }) => id)
  const luecken = async (gefragt: readonly string[]) => {
    const stand = { laeufe: nacht.laeufe, gefragt: new Set(gefragt) }
    const { rows } =
      await sql<Treffer>`SELECT * FROM ${ask(database.worker, G23, { betriebe, stichtag: MORGEN, stand }).as('t')} ORDER BY kunde_id`.execute(
        database.worker,
      )
    return rows
  }
  const gefragt = await luecken([])
  expect(gefragt.length).toBeGreaterThan(10)
  expect(await luecken(katalog.map(({ code }) => code))).toEqual(gefragt)
  expect(await luecken(['G01', 'G04'])).toEqual(gefragt)

  await runGevo(database.worker, nacht, G23)
  await finishNacht(database.worker, nacht)
  const bericht = database.owner.selectFrom('nachtlauf_gevo').selectAll().where('nachtlauf_id', 'in', nacht.laeufe)
  const zeilen = await bericht.execute()
  expect(zeilen.find(({ gevo }) => gevo === 'G23')).toMatchObject({ gefunden: gefragt.length, fertig: true })
  expect(zeilen.filter(({ unentschieden }) => unentschieden !== null)).toEqual([])
})
