import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { insertBetrieb, insertKunde, insertVermittler } from '../../test/support/welt.ts'
import { type TestWeb, createTestWeb } from '../../test/support/web.ts'
import { dauer } from './worte.ts'

let web: TestWeb
let betrieb: number
let anna: { id: number; token: string }
let karin: { id: number; token: string }

beforeAll(async () => void (web = await createTestWeb()))
afterAll(() => web.drop())
beforeEach(async () => {
  betrieb = await insertBetrieb(web.database.owner)
  anna = await insertVermittler(web.database.owner, betrieb)
  karin = await insertVermittler(web.database.owner, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
})

const get = async (pfad: string, partial = false) => (await web.als(karin.token, pfad, { partial })).text()
const start = async () => (await web.als(karin.token, '/nachtlaeufe', { form: {} })).headers.get('Location')!
const betriebRow = () => web.database.owner.selectFrom('betrieb').selectAll().where('id', '=', betrieb).executeTakeFirstOrThrow()

test('a Supervisor starts a run; a second press joins it; the page asks again until it is done, then brings the counts', async () => {
  const ort = await start()
  expect(await start()).toBe(ort)
  const outbox = await web.database.owner.selectFrom('outbox').select('art').where('betrieb_id', '=', betrieb).execute()
  expect(outbox).toEqual([{ art: 'NACHTLAUF' }])
  const wartet = await get(ort)
  expect(wartet).toContain('hx-trigger="every 2s"')
  expect(wartet).toContain('Wartet auf den Start')

  const id = Number(ort.split('/')[2])
  const zahlen = { gefunden: 12, eroeffnet: 5, behalten: 4, gesperrt: 2, wartend: 1, dauer_ms: 412, fertig: true }
  await web.database.owner
    .insertInto('nachtlauf_gevo')
    .values({ nachtlauf_id: id, betrieb_id: betrieb, gevo: 'G01', regel_version: 3, ...zahlen })
    .execute()
  await web.database.owner
    .updateTable('nachtlauf')
    .set({ status: 'FERTIG', beendet_am: new Date().toISOString(), zaehler: '{"geschlossen":3}' })
    .where('id', '=', id)
    .execute()
  const fertig = await get(ort, true)
  expect(fertig).not.toContain('every 2s')
  for (const wort of [
    'Versicherungslücken bei jüngeren Kunden',
    'Regelstand 3 · 0,4 s',
    '3 dokumentierte Fälle',
    'Der Nachtlauf ist fertig.',
    '#zahl-geschaeftsvorfaelle',
  ])
    expect(fertig).toContain(wort)
  expect(fertig).not.toContain('<html')
})

test('nights are the Supervisor’s, and of the own Betrieb', async () => {
  const ort = await start()
  for (const pfad of ['/nachtlaeufe', ort, '/anlauf']) expect((await web.als(anna.token, pfad)).status).toBe(403)
  expect((await web.als(anna.token, '/nachtlaeufe', { form: {} })).status).toBe(403)
  const fremd = await insertVermittler(web.database.owner, await insertBetrieb(web.database.owner), { rolle: 'SUPERVISOR' })
  expect((await web.als(fremd.token, ort)).status).toBe(404)
})

test('before the Anlauf no run can be started; it shows each rule’s hits of today, and releasing saves rules and quota', async () => {
  await web.database.owner.updateTable('betrieb').set({ anlauf_am: null }).where('id', '=', betrieb).execute()
  await insertKunde(web.database.owner, { betrieb, vermittler: anna.id })
  expect(await start()).toBe('/anlauf')
  const anlauf = await get('/anlauf')
  for (const wort of ['Nächte freigeben', 'Versicherungslücken bei jüngeren Kunden', '12 Regeln sind an und würden 4 neue Fälle öffnen'])
    expect(anlauf).toContain(wort)

  const falsch = await web.als(karin.token, '/anlauf', { form: { 'an/G01': '1', tagesquote: 'viele' } })
  expect(falsch.status).toBe(422)
  expect(await falsch.text()).toContain('„viele“ ist keine Anzahl.')
  expect((await betriebRow()).anlauf_am).toBeNull()

  expect((await web.als(karin.token, '/anlauf', { form: { 'an/G01': '1', tagesquote: '20' } })).status).toBe(303)
  expect(await betriebRow()).toMatchObject({ tagesquote: 20, anlauf_am: expect.any(String) })
  const regeln = await web.database.owner
    .selectFrom('regel')
    .select(['gevo', 'an'])
    .where('betrieb_id', '=', betrieb)
    .where('gevo', 'in', ['G01', 'G02'])
    .orderBy('gevo')
    .execute()
  expect(regeln).toEqual([
    { gevo: 'G01', an: true },
    { gevo: 'G02', an: false },
  ])
  expect(await start()).toMatch(/^\/nachtlaeufe\/\d+$/)
})

test.each([
  [null, ''],
  [412, '0,4 s'],
  [12_300, '12 s'],
  [185_000, '3 min 05 s'],
])('%s ms are "%s"', (ms, text) => {
  expect(dauer(ms)).toBe(text)
})
