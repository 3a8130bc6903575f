import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Tabellenleser } from '../imports/leser.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { HEUTE, meldungen } from '../test/support/importieren.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import { insertImport, saveSpalten } from './importe.ts'
import { runImport } from './importe-lauf.ts'
import { findImport } from './importe-lesen.ts'

let database: TestDatabase
let betrieb: number
let karin: { id: number; token: string }

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  betrieb = await insertBetrieb(database.owner)
  karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
})

async function text(stuecke: AsyncIterable<Uint8Array>): Promise<string[][]> {
  const teile: Uint8Array[] = []
  for await (const stueck of stuecke) teile.push(stueck)
  return Buffer.concat(teile)
    .toString()
    .trim()
    .split('\n')
    .map((zeile) => zeile.split(';'))
}
/** The least a reader of tables may do: two columns, name and number. */
const tabelle: Tabellenleser = {
  async propose(stuecke) {
    const [ueberschriften = []] = await text(stuecke)
    return { ueberschriften, spalten: { name: 0, vsnr: 1 } }
  },
  async *lese(stuecke, { spalten }) {
    const { name, vsnr } = spalten as { name: number; vsnr: number }
    const zeilen = (await text(stuecke)).slice(1)
    yield* meldungen({
      vu: '',
      zeilen: zeilen.map((z) => ({ person: { name: z[name]! }, vertrag: { vuNummer: '5342', vsnr: z[vsnr]!, vsnrNorm: z[vsnr]!, sparteGdv: null } })),
    })
  },
}
const als = async <T>(work: Parameters<typeof database.web.withSession<T>>[1]) => (await database.web.withSession(karin.token, work))!
const put = async (name: string, inhalt: string) =>
  (await als((db) => insertImport(db, { betrieb, person: karin.id, dateien: [{ name, bytes: Buffer.from(inhalt) }] })))[0]!
async function run(id: number, leser: Tabellenleser | null = tabelle) {
  const { anlauf } = await database.owner.selectFrom('import').select('anlauf').where('id', '=', id).executeTakeFirstOrThrow()
  return runImport(database.worker, { id, anlauf, heute: HEUTE, ...(leser && { tabelle: leser }) })
}

test('the columns of a table are confirmed once for each source; then tables with these headings are taken by themselves', async () => {
  const id = await put('bestand.csv', 'Name;Schein\nWeiß;V1\nKaya;V2\n')
  expect(await run(id)).toBe('ZUORDNUNG')
  expect(await als((db) => findImport(db, id))).toMatchObject({
    status: 'ZUORDNUNG',
    format: 'CSV',
    vorschlag: { name: 0, vsnr: 1 },
    quelle: { name: 'bestand.csv', spalten: null },
  })
  expect(await als((db) => saveSpalten(db, id, { name: 0, vsnr: 1 }))).toBe(true)
  expect(await als((db) => saveSpalten(db, id, { name: 1, vsnr: 0 }))).toBe(false)
  expect(await run(id)).toBe('FERTIG')
  const kunden = await database.owner.selectFrom('kunde').select(['name', 'quelle']).where('betrieb_id', '=', betrieb).orderBy('id').execute()
  expect(kunden).toEqual([
    { name: 'Weiß', quelle: 'CSV' },
    { name: 'Kaya', quelle: 'CSV' },
  ])
  expect(await run(await put('oktober.csv', 'Name;Schein\nWeiß;V1\nYilmaz;V3\n'))).toBe('FERTIG')
  expect(await run(await put('andere.csv', 'Schein;Name\nV1;Weiß\n'))).toBe('ZUORDNUNG')
})

test('the answer to a column stays with its Betrieb', async () => {
  const id = await put('bestand.csv', 'Name;Schein\nWeiß;V1\n')
  await run(id)
  const fremd = await insertVermittler(database.owner, await insertBetrieb(database.owner), { rolle: 'SUPERVISOR' })
  expect(await database.web.withSession(fremd.token, (db) => saveSpalten(db, id, {}))).toBe(false)
})
