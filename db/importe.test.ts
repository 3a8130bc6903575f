import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { falte } from '../domain/suchtext.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import { cancelImport, detectFormat, discardImport, insertImport, releaseImport, restartImport } from './importe.ts'
import { findImport, listImporte } from './importe-lesen.ts'

let database: TestDatabase
let betrieb: number
let karin: { id: number; token: string }
let anna: { id: number; token: string }

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  betrieb = await insertBetrieb(database.owner)
  karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
  anna = await insertVermittler(database.owner, betrieb)
})

const als = <T>(wer: { token: string }, work: Parameters<typeof database.web.withSession<T>>[1]) => database.web.withSession(wer.token, work)
const put = (...dateien: [name: string, bytes: Uint8Array | AsyncIterable<Uint8Array>][]) =>
  als(karin, (db) => insertImport(db, { betrieb, person: karin.id, dateien: dateien.map(([name, bytes]) => ({ name, bytes })) })) as Promise<number[]>
const nachrichten = (id: number) => database.owner.selectFrom('outbox').select('art').where('ziel', '=', id).where('art', '=', 'IMPORT').execute()
const row = (id: number) => database.owner.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const gdv = (bis: string) => Buffer.from(`0001${'5342'.padEnd(73)}${bis}`.padEnd(256))

test('a file is kept in pieces of at most 1 MB, however it arrives, and Temporal is told in the same transaction', async () => {
  const bytes = Buffer.alloc(2_500_000, 'GDV ')
  async function* stueckweise() {
    for (let ab = 0; ab < bytes.length; ab += 700_001) yield bytes.subarray(ab, ab + 700_001)
  }
  const [ganz, geteilt] = await put(['ganz.gdv', bytes], ['geteilt.gdv', stueckweise()])
  for (const id of [ganz!, geteilt!]) {
    const stuecke = await database.owner.selectFrom('import_datei').select('bytes').where('import_id', '=', id).orderBy('nr').execute()
    expect(stuecke.map((s) => s.bytes.length)).toEqual([1_048_576, 1_048_576, 402_848])
    expect(Buffer.concat(stuecke.map((s) => s.bytes)).equals(bytes)).toBe(true)
    expect(await nachrichten(id)).toEqual([{ art: 'IMPORT' }])
  }
  const [a, b] = [await row(ganz!), await row(geteilt!)]
  expect(a).toMatchObject({ status: 'WARTET', bytes: 2_500_000, format: 'GDV', anlauf: 1 })
  expect(a.pruefsumme).toMatch(/^[0-9a-f]{64}$/)
  expect(b.pruefsumme).toBe(a.pruefsumme)
})

test('several files are taken in the order of the days they speak of', async () => {
  const ids = await put(['maerz.gdv', gdv('31032026')], ['januar.gdv', gdv('31012026')], ['februar.gdv', gdv('28022026')])
  expect(ids.map((id) => ids.filter((anderer) => anderer < id).length)).toEqual([2, 0, 1])
})

test.each([
  ['0001' + '5342', 'lieferung.txt', 'GDV'],
  ['Vorname;Name;Ort\nA;B;C', 'kunden.txt', 'CSV'],
  ['Vorname,Name,Ort\nA,B,C', 'export.csv', 'CSV'],
  ['PK\u0003\u0004', 'kunden.xlsx', 'EXCEL'],
  ['Das ist ein Brief.', 'brief.txt', 'GDV'],
])('the format is known by the bytes: %j', (anfang, name, format) => {
  expect(detectFormat(Buffer.from(anfang, 'latin1'), name)).toBe(format)
})

test('who waits is cancelled at once; who works is asked to stop; what is over stays as it is', async () => {
  const [id] = await put(['a.gdv', gdv('31012026')])
  await database.owner.updateTable('import').set({ status: 'LIEST' }).where('id', '=', id!).execute()
  expect(await als(karin, (db) => cancelImport(db, id!))).toBe(true)
  expect(await row(id!)).toMatchObject({ status: 'LIEST', abbruch_gewuenscht: true, beendet_am: null })
  const [anderer] = await put(['b.gdv', gdv('31012026')])
  expect(await als(karin, (db) => cancelImport(db, anderer!))).toBe(true)
  expect(await row(anderer!)).toMatchObject({ status: 'ABGEBROCHEN', beendet_am: expect.any(String) })
  expect(await als(karin, (db) => cancelImport(db, anderer!))).toBe(false)
  expect(await als(karin, (db) => restartImport(db, anderer!))).toBe(true)
  expect(await row(anderer!)).toMatchObject({ status: 'WARTET', abbruch_gewuenscht: false, anlauf: 2 })
  expect(await nachrichten(anderer!)).toHaveLength(2)
})

test('only what is in quarantine is released or discarded, once', async () => {
  const [id] = await put(['a.gdv', gdv('31012026')])
  expect(await als(karin, (db) => releaseImport(db, id!, karin.id))).toBe(false)
  await database.owner.updateTable('import').set({ status: 'QUARANTAENE' }).where('id', '=', id!).execute()
  expect(await als(karin, (db) => releaseImport(db, id!, karin.id))).toBe(true)
  expect(await als(karin, (db) => releaseImport(db, id!, karin.id))).toBe(false)
  expect(await row(id!)).toMatchObject({ status: 'WARTET', anlauf: 2, freigegeben_von: karin.id })
  await database.owner.updateTable('import').set({ status: 'QUARANTAENE' }).where('id', '=', id!).execute()
  expect(await als(karin, (db) => discardImport(db, id!))).toBe(true)
  expect(await row(id!)).toMatchObject({ status: 'VERWORFEN' })
})

test('deliveries are the Supervisor’s: a Vermittler and another Betrieb see none, and put none in', async () => {
  const [id] = await put(['a.gdv', gdv('31012026')])
  const fremd = await insertVermittler(database.owner, await insertBetrieb(database.owner), { rolle: 'SUPERVISOR' })
  expect(await als(karin, (db) => listImporte(db))).toMatchObject({ importe: [{ id, zweifel: 0 }], gesamt: 1 })
  for (const wer of [anna, fremd]) {
    expect(await als(wer, (db) => listImporte(db))).toEqual({ importe: [], gesamt: 0 })
    expect(await als(wer, (db) => findImport(db, id!))).toBeUndefined()
    expect(await als(wer, (db) => cancelImport(db, id!))).toBe(false)
    expect(await als(wer, (db) => db.selectFrom('import_datei').select('nr').execute())).toEqual([])
  }
  const vonAnna = als(anna, (db) => insertImport(db, { betrieb, person: anna.id, dateien: [{ name: 'x', bytes: gdv('31012026') }] }))
  await expect(vonAnna).rejects.toThrow('row-level security')
})

test('the database folds names as domain/suchtext.ts does', async () => {
  const namen = fc.string({
    unit: fc.constantFrom(...Array.from("abzäöüÄÖÜßæøłđðþıİéèÇñčŠ ’'`-.,0459AZ–ẞœŒΩяЖe\u0308\u0301")),
    maxLength: 12,
  })
  const texte = fc.sample(namen, 2_000)
  const { rows } = await sql<{
    gefaltet: string[]
  }>`SELECT array(SELECT falten(t) FROM unnest(${texte}::text[]) WITH ORDINALITY u (t, n) ORDER BY n) AS gefaltet`.execute(database.owner)
  expect(rows[0]!.gefaltet).toEqual(texte.map(falte))
})
