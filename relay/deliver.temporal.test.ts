import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listSendungen } from '../db/outbox.ts'
import { type FallWelt, createFallWelt } from '../test/support/faelle.ts'
import { eventually } from '../test/support/temporal.ts'
import { freePort } from '../bin/ports.ts'
import { runRelay } from './deliver.ts'
import { connectClient } from './temporal.ts'

let welt: FallWelt
beforeAll(async () => void (welt = await createFallWelt()))
afterAll(() => welt?.close())

const link = (nr: number): string => `https://vorgang.test/faelle/${nr}`
const messages = () => welt.database.owner.selectFrom('outbox').selectAll().orderBy('id').execute()
const isRunning = (nr: number): Promise<boolean> =>
  welt
    .handle(nr)
    .describe()
    .then(
      () => true,
      () => false,
    )
/** A relay without a worker: only what Temporal was told is looked at. */
async function withRelay(
  work: () => Promise<void>,
  address = welt.namespace.address,
  more: { throttle?: number; parallel?: number } = {},
): Promise<void> {
  const ended = new AbortController()
  const client = connectClient({ connectionOptions: { address }, namespace: welt.namespace.namespace })
  const relay = runRelay({ db: welt.database.worker, client, link, signal: ended.signal, ...more })
  try {
    await work()
  } finally {
    ended.abort()
    await relay
    await client.connection.close()
  }
}
const allDelivered = () => eventually(async () => expect((await messages()).every((m) => m.zugestellt_am !== null)).toBe(true))

test('while Temporal is away messages wait with their attempts and a code, and go out when it answers', async () => {
  const nr = await welt.openFall()
  await withRelay(
    () => eventually(async () => expect(await messages()).toMatchObject([{ zugestellt_am: null, versuche: 2, fehler: 'GRPC_14' }])),
    `127.0.0.1:${await freePort()}`,
  )
  await withRelay(allDelivered)
  expect(await messages()).toMatchObject([{ fehler: null }])
  expect(await isRunning(nr)).toBe(true)
})

test('a Fall that is over before anybody was told needs no workflow', async () => {
  const nr = await welt.openFall()
  await welt.closeByNight(nr)
  await withRelay(allDelivered)
  expect(await isRunning(nr)).toBe(false)
})

test('a message of a customer, a mail or a Fall that is gone is put away', async () => {
  await sql`INSERT INTO outbox (betrieb_id, art, ziel) VALUES (${welt.betrieb}, 'FALL', 999999), (${welt.betrieb}, 'MAIL', 999999)`.execute(
    welt.database.owner,
  )
  await withRelay(allDelivered)
})

test('a click is not kept waiting by the night', async () => {
  const night = await welt.openFaelle(30)
  await sql`UPDATE outbox SET spur = 1 WHERE ziel = ANY (${night}::bigint[])`.execute(welt.database.owner)
  const klick = await welt.openFall()
  // The night gets one a second: the click goes out long before.
  await withRelay(
    async () => {
      await eventually(async () => expect(await isRunning(klick)).toBe(true), 5_000)
    },
    undefined,
    { throttle: 1 },
  )
  await withRelay(allDelivered)
})

test('what was delivered is marked on the way: a relay that dies again and again within a large batch gets on', async () => {
  const faelle = await welt.openFaelle(40)
  const { rows } = await sql<{ id: number }>`SELECT max(id) AS id FROM outbox`.execute(welt.database.owner)
  await sql`CREATE FUNCTION stirb() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'gestorben'; END $$`.execute(welt.database.owner)
  await sql`CREATE TRIGGER stirb BEFORE UPDATE ON outbox FOR EACH ROW WHEN (OLD.id = ${sql.lit(rows[0]!.id)}) EXECUTE FUNCTION stirb()`.execute(
    welt.database.owner,
  )
  const delivered = async () => (await messages()).filter((m) => m.zugestellt_am !== null && faelle.includes(m.ziel)).length
  await withRelay(() => eventually(async () => expect(await delivered()).toBe(32)), undefined, { parallel: 1 })
  await sql`DROP TRIGGER stirb ON outbox`.execute(welt.database.owner)
  await withRelay(allDelivered)
})

test('a message waits behind an earlier one of its Fall, not behind those of others', async () => {
  const [a, b] = [await welt.openFall(), await welt.openFall()]
  await welt.closeByNight(a)
  await sql`UPDATE outbox SET naechster_versuch_am = now() + interval '1 hour' WHERE ziel = ${a} AND signal IS NULL`.execute(welt.database.owner)
  expect((await listSendungen(welt.database.worker, 0, 100)).map(({ ziel }) => ziel)).toEqual([b])
  await sql`UPDATE outbox SET naechster_versuch_am = now() WHERE zugestellt_am IS NULL`.execute(welt.database.owner)
  expect((await listSendungen(welt.database.worker, 0, 100)).map(({ ziel, signal }) => [ziel, signal])).toEqual([
    [a, null],
    [b, null],
    [a, 'closed'],
  ])
  await withRelay(allDelivered)
})

test('two relays on one database: one works, the other waits its turn', async () => {
  const faelle = await welt.openFaelle(20)
  await withRelay(() => withRelay(allDelivered))
  for (const nr of faelle) expect(await isRunning(nr)).toBe(true)
})
