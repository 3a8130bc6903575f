import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'
import { fireDue, fireOverdue } from './faelligkeiten.ts'
import { remindFall } from './vorgaenge.ts'

let database: TestDatabase
let betrieb: number
let anna: { id: number; token: string }
let kunde: number

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  await sql`TRUNCATE betrieb CASCADE`.execute(database.owner)
  betrieb = await insertBetrieb(database.owner)
  anna = await insertVermittler(database.owner, betrieb)
  kunde = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
})

const vor = (sekunden: number) => new Date(Date.now() - sekunden * 1_000).toISOString()

async function insertErinnerung(schluessel: string, am: string): Promise<number> {
  const fall = await insertFall(database.owner, { betrieb, vermittler: anna.id, kunde }, { schluessel })
  const auftrag = { fall, betrieb, aktion: schluessel, quelle: 'KLICK', person: anna.id } as const
  await database.web.withSession(anna.token, (db) => remindFall(db, auftrag, { titel: 'Anrufen', notiz: null, am }))
  return fall
}

const listFaellig = async () => {
  const { rows } = await sql<{ schluessel: string; status: string }>`SELECT f.schluessel, g.status FROM fall f JOIN vorgang g ON g.fall_id = f.id
    WHERE f.betrieb_id = ${betrieb} ORDER BY f.schluessel`.execute(database.owner)
  return Object.fromEntries(rows.map(({ schluessel, status }) => [schluessel, status]))
}
const countDue = async () => {
  const { rows } = await sql<{
    n: number
  }>`SELECT count(*) AS n FROM protokoll WHERE betrieb_id = ${betrieb} AND ereignis = 'due' AND quelle = 'TIMER'`.execute(database.owner)
  return rows[0]!.n
}

test('what a timer is late with is due, whose turn it still is, is not, and one mail tells of all', async () => {
  for (const [schluessel, am] of Object.entries({ a: vor(3_600), b: vor(7), c: vor(2), d: vor(-60) })) await insertErinnerung(schluessel, am)
  expect(await fireOverdue(database.worker, 5)).toBe(2)
  expect(await listFaellig()).toEqual({ a: 'FAELLIG', b: 'FAELLIG', c: 'OFFEN', d: 'OFFEN' })
  expect(await fireOverdue(database.worker, 5)).toBe(0)
  const mails = await database.owner.selectFrom('mail').select('art').where('betrieb_id', '=', betrieb).execute()
  expect(mails).toEqual([{ art: 'ERINNERUNG' }])
})

test('more than are taken at a time', async () => {
  const erster = await insertErinnerung('x', vor(60))
  await sql`WITH neu AS (
      INSERT INTO fall (betrieb_id, vermittler_id, kunde_id, gevo, schluessel, prio, stichtag, epoch, status, erinnerung_am, offene_vorgaenge)
      SELECT betrieb_id, vermittler_id, kunde_id, gevo, 'x' || i, prio, stichtag, epoch, status, erinnerung_am, 1 FROM fall, generate_series(1, 600) i
      WHERE id = ${erster} RETURNING id)
    INSERT INTO vorgang (betrieb_id, vermittler_id, kunde_id, fall_id, titel, status, faellig_am)
    SELECT g.betrieb_id, g.vermittler_id, g.kunde_id, neu.id, g.titel, g.status, g.faellig_am FROM vorgang g, neu WHERE g.fall_id = ${erster}`.execute(
    database.owner,
  )
  expect(await fireOverdue(database.worker, 5)).toBe(601)
  expect(await countDue()).toBe(601)
})

test('the timer that comes afterwards, or at the same moment, changes nothing and learns of the Stand', async () => {
  const am = vor(60)
  const fall = await insertErinnerung('a', am)
  const timer = () => fireDue(database.worker, { fall, betrieb, version: 2, am })
  const [, stand] = await Promise.all([fireOverdue(database.worker, 5), timer()])
  expect(stand).toMatchObject({ version: 3, erinnerungAm: null, offeneVorgaenge: 1 })
  expect(await timer()).toEqual(stand)
  expect(await countDue()).toBe(1)
})

test('a row that contradicts itself is tried once, and one that fails keeps nobody waiting', async () => {
  const unstimmig = await insertErinnerung('a', vor(90))
  await sql`UPDATE vorgang SET faellig_am = now() + interval '1 day' WHERE fall_id = ${unstimmig}`.execute(database.owner)
  for (const schluessel of ['b', 'c', 'd', 'e', 'f', 'g']) await insertErinnerung(schluessel, vor(60))
  await sql`CREATE FUNCTION kaputt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'KAPUTT'; END $$;
    CREATE TRIGGER kaputt BEFORE UPDATE ON fall FOR EACH ROW WHEN (OLD.schluessel IN ('b', 'c', 'd', 'e', 'f')) EXECUTE FUNCTION kaputt()`.execute(
    database.owner,
  )
  await expect(fireOverdue(database.worker, 5)).rejects.toThrow('KAPUTT')
  expect(await listFaellig()).toMatchObject({ a: 'OFFEN', f: 'OFFEN', g: 'FAELLIG' })
  await sql`DROP FUNCTION kaputt CASCADE`.execute(database.owner)
  expect(await fireOverdue(database.worker, 5)).toBe(5)
  expect(await fireOverdue(database.worker, 5)).toBe(0)
})
