import { afterAll, beforeAll, expect, test } from 'vitest'
import { suchtext } from '../domain/suchtext.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertKunde, insertVermittler, insertVertrag } from '../test/support/welt.ts'
import { foundKunden } from './suche.ts'

let database: TestDatabase
let anna: { id: number; token: string }
let karin: { id: number; token: string }

beforeAll(async () => {
  database = await createTestDatabase()
  const betrieb = await insertBetrieb(database.owner)
  anna = await insertVermittler(database.owner, betrieb)
  karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
  const add = async (vermittler: number, felder: { nummer: string; vorname: string | null; name: string; telefon?: string; ort?: string }) =>
    insertKunde(database.owner, { betrieb, vermittler }, { email: null, telefon: null, ...felder, suchtext: suchtext(felder) })
  const hans = await add(anna.id, { nummer: 'K-000101', vorname: 'Hans', name: 'Müller', telefon: '+49 40 1234567' })
  await add(anna.id, { nummer: 'K-000102', vorname: 'Hanna', name: 'Mueller' })
  await add(anna.id, { nummer: 'K-000103', vorname: 'Kai', name: 'Muller' })
  await add(karin.id, { nummer: 'K-000104', vorname: 'Hans', name: 'Müller-Lüdenscheidt', ort: 'Köln' })
  await insertVertrag(database.owner, { betrieb, kunde: hans }, { vsnr: '59 99/999-990', vsnr_norm: '5999999990', vsnr_frueher: ['HR1234567'] })
  const fremd = await insertBetrieb(database.owner)
  const otto = await insertVermittler(database.owner, fremd)
  await insertKunde(database.owner, { betrieb: fremd, vermittler: otto.id }, { suchtext: suchtext({ nummer: 'K-000101', name: 'Müller' }) })
})
afterAll(() => database.drop())

const find = async (token: string, q: string) =>
  (await database.web.withSession(token, (db) =>
    db.selectFrom('kunde').select('nummer').where('id', 'in', foundKunden(q)).orderBy('nummer').execute(),
  ))!.map((k) => Number(k.nummer.slice(-3)))

test.each([
  ['Müller', [101, 102, 103, 104]],
  ['Mueller', [101, 102, 103, 104]],
  ['MULLER', [101, 102, 103, 104]],
  ['hans mül', [101, 104]],
  ['mül hans', [101, 104]],
  ['Müller, Hans', [101, 104]],
  ['müller-lü', [104]],
  ['koeln', [104]],
  ['ller', []],
  ['5999999990', [101]],
  ['59 99/999', [101]],
  ['hr 123-4567', [101]],
  ['HR12345', []],
  ['K-000102', [102]],
  ['k000102', [102]],
  ['102', [102]],
  ['040 1234567', [101]],
  ['040/123', [101]],
  ['+49 40 1234', [101]],
  ['%', []],
  ["'; DROP", []],
  ['{a,b}', []],
  ['', []],
])('"%s" finds %j', async (q, nummern) => {
  expect(await find(karin.token, q)).toEqual(nummern)
})

test('a Vermittler finds the own portfolio only, nobody another Betrieb’s', async () => {
  expect(await find(anna.token, 'hans müller')).toEqual([101])
})
