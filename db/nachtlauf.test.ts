import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { katalog } from '../gevos/katalog.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from '../test/support/welt.ts'
import { beginNacht, finishNacht } from './nachtlauf.ts'
import { closeDocumented, escalate } from './nachtlauf-enden.ts'
import { runGevo } from './nachtlauf-gevo.ts'

const MONTAG = '2026-11-23'
const DIENSTAG = '2026-11-24'
const CODES = katalog.map(({ code }) => code)

let database: TestDatabase
let betrieb: number
let anna: number

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  await database.owner.updateTable('betrieb').set({ anlauf_am: null }).execute()
  await database.owner.updateTable('nachtlauf').set({ status: 'FERTIG' }).execute()
  betrieb = await insertBetrieb(database.owner)
  anna = (await insertVermittler(database.owner, betrieb)).id
})

async function runNacht(stichtag: string): Promise<number> {
  const nacht = await beginNacht(database.worker, CODES, stichtag)
  await closeDocumented(database.worker, nacht)
  for (const regel of katalog) await runGevo(database.worker, nacht, regel)
  await escalate(database.worker, nacht)
  await finishNacht(database.worker, nacht)
  return nacht.laeufe[0]!
}
const kunde = (felder = {}) => insertKunde(database.owner, { betrieb, vermittler: anna }, felder)
const alt = { geburtsdatum: '1960-01-01' }
const listFaelle = () => database.owner.selectFrom('fall').selectAll().where('betrieb_id', '=', betrieb).orderBy('id').execute()
const findBericht = (lauf: number, gevo: string) =>
  database.owner.selectFrom('nachtlauf_gevo').selectAll().where('nachtlauf_id', '=', lauf).where('gevo', '=', gevo).executeTakeFirstOrThrow()

test('a young customer without contracts becomes a Fall with protokoll and message; a second night changes nothing', async () => {
  const k = await kunde()
  const lauf = await runNacht(MONTAG)
  const [fall, ...rest] = await listFaelle()
  expect(rest).toEqual([])
  expect(fall).toMatchObject({
    gevo: 'G01',
    schluessel: `k${k}`,
    status: 'OFFEN',
    version: 1,
    stichtag: MONTAG,
    bearbeiten_bis: '2027-02-21',
    prio: 3,
  })
  expect(fall!.befund).toEqual({ geburtsdatum: '1995-03-14', eigeneAktive: 0, sparten: [], angenommen: [] })
  expect(await findBericht(lauf, 'G01')).toMatchObject({ gefunden: 1, eroeffnet: 1, behalten: 0, fertig: true })
  const zweiter = await runNacht(MONTAG)
  expect(await listFaelle()).toEqual([fall])
  expect(await findBericht(zweiter, 'G01')).toMatchObject({ gefunden: 1, eroeffnet: 0, behalten: 1, fertig: true })
})
