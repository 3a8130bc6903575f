import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import versicherungsluecken from '../gevos/versicherungsluecken-junge-kunden.ts'
import vertragLaeuftBaldAb from '../gevos/vertrag-laeuft-bald-ab.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertKunde, insertVermittler } from '../test/support/welt.ts'
import type { Regel } from './bestand.ts'
import { runGevo } from './nachtlauf-gevo.ts'
import { beginLauf, beginNacht } from './nachtlauf.ts'
import { ensureRegeln } from './regeln.ts'

const MONTAG = '2026-11-23'
const REGELN: Regel[] = [vertragLaeuftBaldAb, versicherungsluecken]

let database: TestDatabase
let betrieb: number
let karin: number
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  await database.owner.updateTable('betrieb').set({ anlauf_am: null }).execute()
  await database.owner.updateTable('nachtlauf').set({ status: 'FERTIG' }).execute()
  betrieb = await insertBetrieb(database.owner)
  karin = (await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })).id
  await ensureRegeln(database.owner, REGELN)
})

const set = (felder: object) =>
  database.owner.updateTable('regel').set(felder).where('betrieb_id', '=', betrieb).where('gevo', '=', 'G01').executeTakeFirstOrThrow()
const staende = () =>
  database.owner
    .selectFrom('regel_stand')
    .select(['version', 'an', 'werte', 'prio', 'von'])
    .where('betrieb_id', '=', betrieb)
    .where('gevo', '=', 'G01')
    .orderBy('version')
    .execute()
const faelle = () => database.owner.selectFrom('fall').selectAll().where('betrieb_id', '=', betrieb).execute()
const kunde = (geburtsdatum: string) => insertKunde(database.owner, { betrieb, vermittler: karin }, { geburtsdatum })

test('every change is a new edition that says who; what changes nothing is none', async () => {
  await set({ werte: '{"alterBis": 40}', geaendert_von: karin })
  await set({ werte: '{"alterBis": 40}', prio: null, geaendert_von: karin })
  await set({ prio: 2, geaendert_von: karin })
  expect(await staende()).toEqual([
    { version: 1, an: true, werte: {}, prio: null, von: null },
    { version: 2, an: true, werte: { alterBis: 40 }, prio: null, von: karin },
    { version: 3, an: true, werte: { alterBis: 40 }, prio: 2, von: karin },
  ])
})

test('a rule that is off by default begins switched off', async () => {
  await ensureRegeln(database.owner, [{ code: 'G19', vorgabeAn: false }])
  const row = await database.owner.selectFrom('regel').select('an').where('betrieb_id', '=', betrieb).where('gevo', '=', 'G19').executeTakeFirst()
  expect(row).toEqual({ an: false })
})

test.each(['{"alterBis": "vierzig"}', '{"alterBis": 34.5}', '{"alterBis": null}', '{"alterBis": 1e300}', '[]', '7', '{"alterBis": {"a": 1}}'])(
  'thresholds %s cannot be stored',
  async (werte) => await expect(set({ werte })).rejects.toThrow('regel_werte_check'),
)

test.each(['{"alterBis": "x"}', '{"alterBis": 1e300}', '{"alterBis": 34.5}', '{"alterBis": 999999}', '{"alterBis": -1}', '[]', '7', 'null'])(
  'stored past the check, %s is read as the GeVo’s own value',
  async (werte) => {
    const { rows } = await sql<{ wert: number }>`SELECT regelwert(${werte}::jsonb, 'alterBis', 34, 16, 120) AS wert`.execute(database.worker)
    expect(rows).toEqual([{ wert: 34 }])
  },
)

test('one Betrieb’s threshold out of bounds keeps the night of all others going', async () => {
  await set({ werte: '{"alterBis": 1000000, "bearbeitenBisTage": 1000000}' })
  await kunde('1995-03-14')
  const nacht = await beginNacht(database.worker, REGELN, MONTAG)
  await runGevo(database.worker, nacht, versicherungsluecken)
  expect(await faelle()).toMatchObject([{ bearbeiten_bis: '2027-02-21' }])
})

test('who saves while the night runs changes the next one; a repeated beginning keeps its settings', async () => {
  const vierzig = await kunde('1986-03-14')
  await set({ werte: '{"alterBis": 40}', prio: 2 })
  const nacht = await beginNacht(database.worker, REGELN, MONTAG)
  await set({ werte: '{}', prio: null })
  await database.owner.updateTable('regel').set({ an: false }).where('betrieb_id', '=', betrieb).execute()
  await beginLauf(database.worker, REGELN, nacht.laeufe[0]!)
  await runGevo(database.worker, nacht, versicherungsluecken)
  expect(await faelle()).toMatchObject([{ kunde_id: vierzig, regel_version: 2, prio: 2 }])
  const [eintrag] = await database.owner.selectFrom('protokoll').select('codes').where('betrieb_id', '=', betrieb).execute()
  expect(eintrag!.codes).toMatchObject({ einstellung: 2, werte: { alterVon: 18, alterBis: 40 } })
})

test('a rule switched on while the night runs waits for the next one', async () => {
  await set({ an: false })
  const nacht = await beginNacht(database.worker, REGELN, MONTAG)
  await set({ an: true })
  await beginLauf(database.worker, REGELN, nacht.laeufe[0]!)
  const rows = await database.owner.selectFrom('nachtlauf_gevo').select('gevo').where('nachtlauf_id', '=', nacht.laeufe[0]!).execute()
  expect(rows).toEqual([{ gevo: 'G02' }])
})

test('only a Supervisor changes a rule, and nobody an edition', async () => {
  const token = (await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })).token
  await expect(database.web.withSession(token, (db) => db.deleteFrom('regel_stand').execute())).rejects.toThrow('permission denied')
  await expect(database.web.withSession(token, (db) => db.updateTable('regel_stand').set({ an: false }).execute())).rejects.toThrow(
    'permission denied',
  )
})
