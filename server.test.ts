import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from './bin/config.ts'
import { freePort } from './bin/ports.ts'
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
  const anfrage = speichern(port, karin.token)
  anfrage.beginne()
  expect((await bereit()).status).toBe(200)
  const stopped = server.stop()
  const antwort = await bereit()
  expect([antwort.status, await antwort.text()]).toEqual([503, 'wird beendet'])
  await new Promise((resolve) => setTimeout(resolve, 1_300))
  await expect(bereit()).rejects.toThrow()
  anfrage.beende()
  expect(await anfrage.status).toBe(303)
  await stopped
  const { einstellungen } = await database.owner.selectFrom('vermittler').select('einstellungen').where('id', '=', karin.id).executeTakeFirstOrThrow()
  expect(einstellungen).toMatchObject({ thema: 'dunkel' })
}, 60_000)

/** A form whose second half is sent when the test says so. */
function speichern(port: number, token: string): { beginne(): void; beende(): void; status: Promise<number> } {
  const origin = `http://localhost:${port}`
  const text = new URLSearchParams({ thema: 'dunkel', tasten: '1' }).toString()
  const headers = {
    Cookie: `sitzung=${token}`,
    Origin: origin,
    Host: `localhost:${port}`,
    'Sec-Fetch-Site': 'same-origin',
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': text.length,
  }
  const anfrage = request({ host: '127.0.0.1', port, path: pfade.profil(), method: 'POST', headers })
  const status = new Promise<number>((resolve, reject) => {
    anfrage.on('error', reject)
    anfrage.on('response', (antwort) => {
      antwort.resume()
      resolve(antwort.statusCode!)
    })
  })
  return { beginne: () => void anfrage.write(text.slice(0, 5)), beende: () => void anfrage.end(text.slice(5)), status }
}
