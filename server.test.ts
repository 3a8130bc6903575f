import { request } from 'node:http'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from './bin/config.ts'
import { freePort } from './bin/postgres.ts'
import { startServer } from './server.ts'
import { SECRET, type TestDatabase, createTestDatabase } from './test/support/datenbank.ts'
import { insertBetrieb, insertVermittler } from './test/support/welt.ts'
import { pfade } from './web/pfade.ts'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

test('asked to end, it first says so to whoever sends people here, ends what is under way, and then is gone', async () => {
  const port = await freePort()
  const env = { DATABASE_URL: database.ownerUrl, SESSION_SECRET: SECRET, PORT: String(port), DRAIN_SECONDS: '1' }
  const server = await startServer(readConfig(env, ['databaseUrl', 'sessionSecret']))
  const bereit = () => fetch(`http://127.0.0.1:${port}${pfade.bereit()}`)
  expect((await bereit()).status).toBe(200)

  const betrieb = await insertBetrieb(database.owner)
  const karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
  let langsam: Promise<number> | undefined
  let stopped: Promise<void> | undefined
  await database.owner.transaction().execute(async (trx) => {
    await sql`SELECT FROM betrieb WHERE id = ${betrieb} FOR UPDATE`.execute(trx)
    langsam = speichern(port, karin.token)
    await wartet()
    stopped = server.stop()
    const antwort = await bereit()
    expect([antwort.status, await antwort.text()]).toEqual([503, 'wird beendet'])
    await new Promise((resolve) => setTimeout(resolve, 1_300))
    await expect(bereit()).rejects.toThrow()
  })
  expect(await langsam).toBe(303)
  await stopped
  const { name } = await database.owner.selectFrom('betrieb').select('name').where('id', '=', betrieb).executeTakeFirstOrThrow()
  expect(name).toBe('Neu')
})

function speichern(port: number, token: string): Promise<number> {
  const origin = `http://localhost:${port}`
  const headers = {
    Cookie: `sitzung=${token}`,
    Origin: origin,
    Host: `localhost:${port}`,
    'Sec-Fetch-Site': 'same-origin',
    'Content-Type': 'application/x-www-form-urlencoded',
  }
  return new Promise((resolve, reject) => {
    const anfrage = request({ host: '127.0.0.1', port, path: pfade.betrieb(), method: 'POST', headers }, (antwort) => {
      antwort.resume()
      resolve(antwort.statusCode!)
    })
    anfrage.on('error', reject)
    anfrage.end(new URLSearchParams({ name: 'Neu', ort: '', bundesland: 'HH', tagesquote: '' }).toString())
  })
}

/** Until a statement of the web waits for the lock. */
async function wartet(): Promise<void> {
  for (;;) {
    const { rows } =
      await sql`SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database()`.execute(
        database.owner,
      )
    if (rows.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
