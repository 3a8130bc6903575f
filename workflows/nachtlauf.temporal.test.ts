import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { NACHTPLAN_ID, nachtlaufId } from '../domain/messages.ts'
import { findNachtlauf, startNachtlauf } from '../db/nachtlauf-lesen.ts'
import { ensureNachtplan, readNightAt } from '../relay/schedules.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type TestNamespace, type TestWorker, createTestNamespace, eventually, startTestWorker } from '../test/support/temporal.ts'
import { insertBetrieb, insertKunde, insertVermittler, insertVertrag } from '../test/support/welt.ts'

const HEUTE = '2026-11-23'

let database: TestDatabase
let namespace: TestNamespace
let worker: TestWorker
let betrieb: number
let karin: { id: number; token: string }

beforeAll(async () => {
  database = await createTestDatabase()
  namespace = await createTestNamespace()
  worker = await startTestWorker({ database, namespace })
})
afterAll(async () => {
  await worker?.stop()
  await namespace?.close()
  await database?.drop()
})
beforeEach(async () => {
  await database.owner.updateTable('betrieb').set({ anlauf_am: null }).execute()
  betrieb = await insertBetrieb(database.owner)
  karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
  // Two rules are enough here: what comes to a Betrieb that has rules already is off.
  const regel = { betrieb_id: betrieb, werte: '{}' }
  await database.owner
    .insertInto('regel')
    .values([
      { ...regel, gevo: 'G01' },
      { ...regel, gevo: 'G02' },
    ])
    .execute()
})

const start = () => database.web.withSession(karin.token, (db, person) => startNachtlauf(db, person, HEUTE))
const bericht = (id: number) => database.web.withSession(karin.token, (db) => findNachtlauf(db, id))
const ended = (id: number) =>
  eventually(async () => {
    const lauf = await bericht(id)
    expect(lauf!.status).not.toBe('LAEUFT')
    return lauf!
  }, 60_000)
const listFaelle = () => database.owner.selectFrom('fall').select(['id', 'gevo', 'stichtag', 'status']).where('betrieb_id', '=', betrieb).execute()
const rename = (from: string, to: string) => database.owner.schema.alterTable(from).renameTo(to).execute()

test('a Supervisor starts the night: the Fälle are opened and every one of them has its workflow', async () => {
  for (let i = 0; i < 3; i++) await insertKunde(database.owner, { betrieb, vermittler: karin.id })
  const { id } = (await start())!
  expect(await ended(id)).toMatchObject({ status: 'FERTIG', eroeffnet: 3 })
  const faelle = await listFaelle()
  expect(faelle).toHaveLength(3)
  for (const fall of faelle)
    await eventually(async () => expect((await namespace.client.workflow.getHandle(`fall/G01/${fall.id}`).describe()).status.name).toBe('RUNNING'))
  const handle = namespace.client.workflow.getHandle(nachtlaufId(id))
  expect(await handle.result()).toEqual({ stichtag: HEUTE, laeufe: 1 })
})

test('the planned night goes through all released Betriebe, for the Berlin day of its nominal time', async () => {
  const zweiter = await insertBetrieb(database.owner)
  const otto = await insertVermittler(database.owner, zweiter)
  await insertKunde(database.owner, { betrieb, vermittler: karin.id })
  await insertKunde(database.owner, { betrieb: zweiter, vermittler: otto.id })
  await ensureNachtplan(namespace.client, '04:10')
  await ensureNachtplan(namespace.client, '03:30')
  const plan = namespace.client.schedule.getHandle(NACHTPLAN_ID)
  const { spec, policies } = await plan.describe()
  expect(spec).toMatchObject({ timezone: 'Europe/Berlin', calendars: [{ hour: [{ start: 3 }], minute: [{ start: 30 }] }] })
  expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 12 * 3600 * 1000 })

  // The night of the 30th, made up for: 02:30 UTC is 03:30 in Berlin.
  await plan.backfill({ start: new Date('2026-10-30T02:00:00Z'), end: new Date('2026-10-30T03:00:00Z'), overlap: 'ALLOW_ALL' })
  await eventually(async () => {
    const laeufe = await database.owner
      .selectFrom('nachtlauf')
      .select(['stichtag', 'status', 'anlass'])
      .where('betrieb_id', 'in', [betrieb, zweiter])
      .execute()
    const fertig = { stichtag: '2026-10-30', status: 'FERTIG', anlass: 'PLAN' }
    expect(laeufe).toEqual([fertig, fertig])
  }, 60_000)
  expect(await listFaelle()).toMatchObject([{ gevo: 'G01', stichtag: '2026-10-30' }])
})

test('a worker killed in the middle: the next one brings the night to its end, every Fall once', async () => {
  for (let i = 0; i < 5; i++) await insertKunde(database.owner, { betrieb, vermittler: karin.id })
  // The night finds the contracts missing and cannot go on.
  await rename('vertrag', 'vertrag_weg')
  const { id } = (await start())!
  await eventually(async () => expect((await bericht(id))!.regeln).toBe(2))
  await worker.stop()
  await rename('vertrag_weg', 'vertrag')
  worker = await startTestWorker({ database, namespace })
  expect(await ended(id)).toMatchObject({ status: 'FERTIG', gefunden: 5, eroeffnet: 5, behalten: 0, fertig: 2 })
  expect(await listFaelle()).toHaveLength(5)
})

test('a rule that fails does not stop the others; the run says that it is not complete', async () => {
  const kunde = await insertKunde(database.owner, { betrieb, vermittler: karin.id })
  await insertVertrag(database.owner, { betrieb, kunde }, { ablauf: '2027-01-01', verlaengert_sich: 'NEIN' })
  await sql`CREATE FUNCTION scheitert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'geheim'; END $$`.execute(database.owner)
  await sql`CREATE TRIGGER scheitert BEFORE INSERT ON fall FOR EACH ROW WHEN (NEW.gevo = 'G02') EXECUTE FUNCTION scheitert()`.execute(database.owner)
  const { id } = (await start())!
  const lauf = await ended(id)
  await sql`DROP FUNCTION scheitert() CASCADE`.execute(database.owner)
  expect(lauf).toMatchObject({ status: 'FEHLER', eroeffnet: 1, fertig: 1, regeln: 2 })
  expect(lauf.gevos.map((g) => [g.gevo, g.fertig])).toEqual([
    ['G01', true],
    ['G02', false],
  ])
  const handle = namespace.client.workflow.getHandle(nachtlaufId(id))
  await expect(handle.result()).rejects.toMatchObject({ cause: { message: 'Nachtlauf unvollständig: G02', type: 'NACHTLAUF_UNVOLLSTAENDIG' } })
  expect(JSON.stringify(await handle.fetchHistory())).not.toContain('geheim')
})

test('whatever somebody starts it with in the Temporal UI: refused in words, the worker goes on', async () => {
  const handle = await namespace.client.workflow.start('nachtlauf', { taskQueue: 'nacht', workflowId: 'nachtlauf/von-hand', args: [{ nr: 'x' }] })
  await expect(handle.result()).rejects.toThrow()
  expect((await handle.describe()).status.name).toBe('FAILED')
  const fremd = await namespace.client.workflow.start('nachtlauf', { taskQueue: 'nacht', workflowId: 'nachtlauf/999999', args: [{ nr: 999999 }] })
  expect(await fremd.result()).toEqual({ stichtag: '', laeufe: 0 })
})

test.each(['4:10', '04:10', '23:59', '00:30'])('NIGHT_AT %s is a time', (text) => expect(readNightAt(text)).toHaveProperty('hour'))
test.each(['02:00', '02:59', '24:00', '4', ''])('NIGHT_AT „%s“ is refused', (text) => expect(() => readNightAt(text)).toThrow('NIGHT_AT'))
