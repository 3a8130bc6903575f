/** How PostgreSQL would answer each rule on a portfolio that is not small, as the worker in the night and as a Supervisor who looks ahead. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../db/bestand.ts'
import { MENGENWEISE } from '../db/mengenweise.ts'
import { ensureRegeln } from '../db/regeln.ts'
import type { Db } from '../db/verbindung.ts'
import { nurLesen } from '../db/geduld.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { einwaende, explain } from '../test/support/plan.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import { katalog } from './katalog.ts'

const STICHTAGE = ['2026-11-23', '2028-02-29']
const KUNDEN = 20_000

let database: TestDatabase
let betrieb: number
let token: string
beforeAll(async () => {
  database = await createTestDatabase()
  betrieb = await insertBetrieb(database.owner, { beginn: '2015-01-01' })
  const { id } = await insertVermittler(database.owner, betrieb)
  token = (await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })).token
  await ensureRegeln(database.owner, katalog)
  await insertBestand(database.owner, betrieb, id)
}, 120_000)
afterAll(() => database.drop())

/** As often as the question names a table: household cover asks who signs, who lives there and whom it is about; G23 asks all others. Row-level security adds who may be seen. */
const durchgaenge = (code: string, schutz = 0): number => (code === 'G23' ? 2 * katalog.length : ['G06', 'G07'].includes(code) ? 4 : 2) * (1 + schutz)

describe.each(STICHTAGE)('%s', (stichtag) => {
  test.each(katalog.map((gevo) => [gevo.code, gevo] as const))('%s, in the night', async (code, gevo) => {
    const plan = await database.worker.transaction().execute(async (trx) => {
      await MENGENWEISE.execute(trx)
      return explain(trx, ask(trx, gevo, { betriebe: [betrieb], stichtag }))
    })
    expect(einwaende(plan, { durchgaenge: durchgaenge(code) })).toEqual([])
  })

  test.each(katalog.map((gevo) => [gevo.code, gevo] as const))('%s, looking ahead', async (code, gevo) => {
    const plan = await database.web.withSession(token, (db) =>
      nurLesen(db, () => explain(db, ask(db, gevo, { betriebe: [betrieb], stichtag, auchAus: true }))),
    )
    expect(einwaende(plan!, { durchgaenge: durchgaenge(code, 1) })).toEqual([])
  })
})

test('the checker sees rows compared one by one, however few the planner believes in', async () => {
  const wenige = (k: string) => sql<boolean>`${sql.ref(`${k}.name`)} || ${sql.ref(`${k}.id`)} = ${sql.ref(`${k}.vorname`)} || 'x'`
  const schlecht = database.worker
    .selectFrom('kunde as k')
    .innerJoin('kunde as m', (join) => join.on(sql<boolean>`k.vorname || k.id <> m.vorname || m.id`))
    .select('k.id')
    .where(wenige('k'))
    .where(wenige('m'))
  expect(einwaende(await explain(database.worker, schlecht), { durchgaenge: 2 }).join()).toContain('je Zeile durchsucht')
})

test('the checker sees a table that is searched row by row', async () => {
  const schlecht = database.worker
    .selectFrom('vertrag as v')
    .innerJoin('kunde as k', (join) => join.on(sql<boolean>`k.vorname || k.id <> v.vsnr || v.id`))
    .select('v.id')
  expect(einwaende(await explain(database.worker, schlecht), { durchgaenge: 1 })).not.toEqual([])
})

async function insertBestand(db: Db, wo: number, vermittler: number): Promise<void> {
  await sql`INSERT INTO haushalt (id, betrieb_id) OVERRIDING SYSTEM VALUE SELECT i, ${wo} FROM generate_series(1, ${KUNDEN / 2}) i`.execute(db)
  await sql`INSERT INTO kunde (id, betrieb_id, vermittler_id, haushalt_id, nummer, art, vorname, name, geburtsdatum, erwerbsstatus, kunde_seit) OVERRIDING SYSTEM VALUE
    SELECT i, ${wo}, ${vermittler}, 1 + i / 2, 'K-' || i, 'NATUERLICH', 'Elif', 'Kunde ' || i, date '1940-01-01' + (i * 37) % 31000,
      (ARRAY['ANGESTELLT', 'RENTNER', NULL])[1 + i % 3], '2018-01-01' FROM generate_series(1, ${KUNDEN - 2}) i`.execute(db)
  await sql`INSERT INTO vertrag (betrieb_id, kunde_id, sparte, status, bestandsart, beginn, ablauf, hauptfaelligkeit, bestaetigt_am, merkmale)
    SELECT ${wo}, 1 + i % ${KUNDEN - 2}, (ARRAY['PHV', 'HAUSRAT', 'KFZ', 'WOHNGEBAEUDE', 'LV', 'BU', 'UNFALL', 'SONSTIGE', 'HAFTPFLICHT'])[1 + i % 9], 'AKTIV',
      (ARRAY['EIGEN', 'EIGEN', 'FREMD'])[1 + i % 3], date '2010-01-01' + (i * 13) % 5000, date '2026-01-01' + (i * 7) % 3000, date '2026-01-01' + (i * 11) % 365, '2026-11-01', '{}'
    FROM generate_series(1, ${KUNDEN * 4}) i`.execute(db)
  await sql`INSERT INTO einwilligung (betrieb_id, kunde_id, kanal, text_version, form, erteilt_am)
    SELECT ${wo}, i, 'EMAIL', '1', 'SCHRIFTLICH', '2024-01-01' FROM generate_series(1, ${KUNDEN - 2}, 2) i`.execute(db)
  await sql`INSERT INTO kontakt (betrieb_id, kunde_id, kanal, ergebnis, am)
    SELECT ${wo}, 1 + i % ${KUNDEN - 2}, 'TELEFON', 'GESPROCHEN', timestamptz '2024-01-01' + i * interval '1 hour' FROM generate_series(1, ${KUNDEN}) i`.execute(
    db,
  )
  await sql`INSERT INTO fall (betrieb_id, vermittler_id, kunde_id, gevo, schluessel, prio, stichtag, epoch, status, ergebnis, dokumentiert_am, geschlossen_grund)
    SELECT ${wo}, ${vermittler}, i, (ARRAY['G01', 'G20', 'G18'])[1 + i % 3], 'k' || i, 3, '2026-01-01', 1, 'GESCHLOSSEN', 'HINWEIS_GEGEBEN', now(), 'DOKUMENTIERT'
    FROM generate_series(1, ${KUNDEN - 2}) i`.execute(db)
  await sql`ANALYZE`.execute(db)
}
