import { betterAuth } from 'better-auth'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertAnmeldung, setPasswort } from './anmeldung.ts'
import { hashPassword, verifyPassword } from './passwort.ts'
import { createDb, createPool } from './verbindung.ts'

let database: TestDatabase
let pool: ReturnType<typeof createPool>
let konten: ReturnType<typeof createDb>

beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool(database.url('vm_auth'), 'vm_auth', { max: 2, searchPath: 'auth' })
  konten = createDb(pool)
})
afterAll(async () => {
  await konten.destroy()
  await database.drop()
})

const signIn = (email: string, password: string): Promise<{ user: { id: string } }> =>
  betterAuth({
    baseURL: 'http://localhost:3000',
    secret: 'nur-fuer-tests-nur-fuer-tests-nur-fuer-tests',
    database: pool,
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 10,
      password: { hash: hashPassword, verify: ({ hash, password: text }) => verifyPassword(hash, text) },
    },
  }).api.signInEmail({ body: { email, password } })

test.each([
  ['the owner', () => database.owner],
  ['the login role', () => konten],
])('an account made by %s opens through better-auth, in any spelling of the address', async (wer, db) => {
  const email = `Karin.Lindner.${wer.length}@Demo.example`
  const id = await insertAnmeldung(db(), { email, name: 'Karin Lindner', passwort: 'Regen Kante Ofen' })
  expect((await signIn(email.toUpperCase(), 'Regen Kante Ofen')).user.id).toBe(id)
  await expect(signIn(email, 'Regen Kante Ofem')).rejects.toThrow()
})

test('an account without a password opens for nobody until one is set, and a new password ends the sessions', async () => {
  const id = await insertAnmeldung(konten, { email: 'vermittler1@demo.example', name: 'Jan Petersen', passwort: null })
  await expect(signIn('vermittler1@demo.example', '')).rejects.toThrow()
  await setPasswort(konten, id, 'Regen Kante Ofen')
  await signIn('vermittler1@demo.example', 'Regen Kante Ofen')
  await setPasswort(konten, id, 'Nebel Kante Ofen')
  await expect(signIn('vermittler1@demo.example', 'Regen Kante Ofen')).rejects.toThrow()
  const { rows } = await sql`SELECT FROM auth.session WHERE "userId" = ${id}`.execute(konten)
  expect(rows).toHaveLength(0)
})

test('an address has one account', async () => {
  const konto = { email: 'doppelt@demo.example', name: 'Otto Meyer', passwort: null }
  await insertAnmeldung(konten, konto)
  await expect(insertAnmeldung(konten, { ...konto, email: 'Doppelt@demo.example' })).rejects.toMatchObject({ code: '23505' })
})
