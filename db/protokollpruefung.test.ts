import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'
import { insertProtokoll } from './faelle.ts'
import { checkProtokoll, insertAnker, sumOfAnker } from './protokollpruefung.ts'

let database: TestDatabase
let faelle: { id: number; betrieb_id: number; kunde_id: number }[]
let betrieb: number

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

/** A Betrieb of its own with two Fälle, three entries each. */
beforeEach(async () => {
  await sql`DELETE FROM fall`.execute(database.owner)
  await sql`DELETE FROM protokoll_anker`.execute(database.owner)
  betrieb = await insertBetrieb(database.owner)
  const { id: vermittler } = await insertVermittler(database.owner, betrieb)
  const kunde = await insertKunde(database.owner, { betrieb, vermittler })
  faelle = []
  for (const schluessel of ['eins', 'zwei'])
    faelle.push({ id: await insertFall(database.owner, { betrieb, vermittler, kunde }, { schluessel }), betrieb_id: betrieb, kunde_id: kunde })
  for (let version = 1; version <= 3; version++) for (const fall of faelle) await write(fall, version)
})

const write = (fall: (typeof faelle)[number], version: number) =>
  database.worker.transaction().execute((trx) =>
    insertProtokoll(trx, { quelle: 'KLICK', person: null }, fall, {
      ereignis: 'contacted',
      version,
      codes: { kanal: 'TELEFON' },
      inhalt: { notiz: `Wort ${version}` },
    }),
  )
/** Past every right: as somebody does who holds the database itself. */
const tamper = (statement: string) =>
  sql.raw(`ALTER TABLE protokoll DISABLE TRIGGER USER; ${statement}; ALTER TABLE protokoll ENABLE TRIGGER USER`).execute(database.owner)
const arten = async () => (await checkProtokoll(database.owner)).fehler.map(({ art }) => art)
const newest = async () => (await sql<{ id: number }>`SELECT max(id) AS id FROM protokoll`.execute(database.owner)).rows[0]!.id

test('what nobody touched agrees, before and after the nights that anchor it', async () => {
  expect(await checkProtokoll(database.owner)).toEqual({ zeilen: 6, anker: 0, fehler: [] })
  const [erster] = await insertAnker(database.worker)
  expect(erster).toMatchObject({ betrieb, zeilen: 6, bis: await newest() })
  expect(await insertAnker(database.worker)).toEqual([])
  await write(faelle[0]!, 4)
  const [zweiter] = await insertAnker(database.worker)
  expect(zweiter).toMatchObject({ zeilen: 1 })
  expect(sumOfAnker([zweiter!])).not.toEqual(sumOfAnker([erster!]))
  expect(await checkProtokoll(database.owner)).toEqual({ zeilen: 7, anker: 2, fehler: [] })
})

test('an erased text is no fault, another text is', async () => {
  await tamper('UPDATE protokoll SET inhalt = NULL WHERE version = 1')
  expect(await arten()).toEqual([])
  await tamper(`UPDATE protokoll SET inhalt = '{"notiz":"anders"}' WHERE version = 2 AND fall_id = ${faelle[0]!.id}`)
  expect(await arten()).toEqual(['INHALT'])
})

test('a changed code and a row taken out of the middle break the chain', async () => {
  await tamper(`UPDATE protokoll SET codes = '{"kanal":"EMAIL"}' WHERE version = 3 AND fall_id = ${faelle[0]!.id}`)
  expect(await arten()).toEqual(['KETTE'])
  await tamper(`DELETE FROM protokoll WHERE version = 2 AND fall_id = ${faelle[1]!.id}`)
  expect(await arten()).toEqual(['KETTE', 'KETTE'])
})

test('a row cut off at the end leaves its chain whole: the anchor misses it', async () => {
  await insertAnker(database.worker)
  await tamper(`DELETE FROM protokoll WHERE version = 3 AND fall_id = ${faelle[1]!.id}`)
  expect(await checkProtokoll(database.owner)).toMatchObject({ fehler: [{ art: 'ANKER', betrieb }] })
})

test('a row exchanged for another whose chain is whole is found by the anchor', async () => {
  await insertAnker(database.worker)
  const [fall] = faelle
  const { id } = await database.owner
    .selectFrom('protokoll')
    .select('id')
    .where('fall_id', '=', fall!.id)
    .where('version', '=', 3)
    .executeTakeFirstOrThrow()
  await tamper(`DELETE FROM protokoll WHERE id = ${id}`)
  await sql`INSERT INTO protokoll (id, betrieb_id, fall_id, kunde_id, ereignis, version, quelle, codes) OVERRIDING SYSTEM VALUE
    VALUES (${id}, ${betrieb}, ${fall!.id}, ${fall!.kunde_id}, 'contacted', 3, 'KLICK', '{"kanal":"EMAIL"}')`.execute(database.owner)
  expect(await arten()).toEqual(['ANKER'])
})

test('while somebody writes the anchor waits for the next night instead of making clicks wait', async () => {
  await database.worker.transaction().execute(async (trx) => {
    await insertProtokoll(trx, { quelle: 'KLICK', person: null }, faelle[0]!, { ereignis: 'contacted', version: 4, codes: {} })
    expect(await insertAnker(database.worker)).toEqual([])
  })
  expect(await insertAnker(database.worker)).toMatchObject([{ zeilen: 7 }])
})

test('the web role neither reads nor writes anchors', async () => {
  const { token } = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
  await expect(database.web.withSession(token, (db) => db.selectFrom('protokoll_anker').selectAll().execute())).rejects.toThrow('permission denied')
})
