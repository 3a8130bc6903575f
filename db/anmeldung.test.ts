import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import {
  type AuthDatabase,
  deleteSitzung,
  findLink,
  insertAnmeldung,
  openAuthDatabase,
  sendPasswortlink,
  setPasswort,
  signIn,
  takeLink,
} from './anmeldung.ts'

const PASSWORT = 'Regen Kante Ofen'

let database: TestDatabase
let auth: AuthDatabase
let betrieb: number

beforeAll(async () => {
  database = await createTestDatabase()
  auth = openAuthDatabase(database.url('vm_auth'))
  betrieb = await insertBetrieb(database.owner)
})
afterAll(async () => {
  await auth.destroy()
  await database.drop()
})

async function insertPerson(email: string, passwort: string | null = PASSWORT): Promise<{ konto: string; id: number }> {
  const konto = await insertAnmeldung(auth, { email, passwort })
  const { id } = await insertVermittler(database.owner, betrieb, { email, anmeldung_id: konto })
  return { konto, id }
}
const begins = (token: string) => database.web.withSession(token, async (_, person) => person.email)

test('an account opens with its password, in any spelling of the address, and its token begins a session', async () => {
  await insertPerson('Karin.Lindner@Demo.example')
  const ergebnis = await signIn(auth, ' KARIN.lindner@demo.EXAMPLE', PASSWORT, [])
  expect(ergebnis).toMatchObject({ ok: true })
  expect(await begins((ergebnis as { token: string }).token)).toBe('Karin.Lindner@Demo.example')
  expect(await signIn(auth, 'karin.lindner@demo.example', 'Regen Kante Ofem', [])).toEqual({ ok: false, grund: 'FALSCH' })
  expect(await signIn(auth, 'niemand@demo.example', PASSWORT, [])).toEqual({ ok: false, grund: 'FALSCH' })
})

test('the database holds no token and no password, only their hashes', async () => {
  await insertPerson('hash@demo.example')
  const { token } = (await signIn(auth, 'hash@demo.example', PASSWORT, [])) as { token: string }
  const { rows } = await sql`SELECT s.*, k.* FROM auth.sitzung s JOIN auth.konto k ON k.id = s.konto_id`.execute(auth)
  const alles = JSON.stringify(rows, (_, wert) => (wert?.type === 'Buffer' ? Buffer.from(wert.data).toString('base64url') : wert))
  expect(rows.length).toBeGreaterThan(0)
  expect(alles).not.toContain(token)
  expect(alles).not.toContain(PASSWORT)
})

test('a session ends by logging out, after a day without a page, after seven days and with the person', async () => {
  const { id } = await insertPerson('ende@demo.example')
  const neu = async (): Promise<string> => ((await signIn(auth, 'ende@demo.example', PASSWORT, [])) as { token: string }).token
  const [aus, still, alt, weg] = [await neu(), await neu(), await neu(), await neu()]
  await deleteSitzung(auth, aus)
  await sql`UPDATE auth.sitzung SET zuletzt_am = now() - interval '25 hours' WHERE id = sha256(${still}::text::bytea)`.execute(auth)
  await sql`UPDATE auth.sitzung SET laeuft_ab_am = now() - interval '1 second' WHERE id = sha256(${alt}::text::bytea)`.execute(auth)
  expect(await Promise.all([aus, still, alt].map(begins))).toEqual([undefined, undefined, undefined])
  expect(await begins(weg)).toBe('ende@demo.example')
  await database.owner.updateTable('vermittler').set({ aktiv: false }).where('id', '=', id).execute()
  expect(await begins(weg)).toBeUndefined()
  expect(await signIn(auth, 'ende@demo.example', PASSWORT, [])).toEqual({ ok: false, grund: 'GESPERRT' })
  await database.owner.updateTable('vermittler').set({ aktiv: true }).where('id', '=', id).execute()
  expect(await begins(weg)).toBeUndefined()
})

test('a session in use lives on', async () => {
  await insertPerson('rege@demo.example')
  const { token } = (await signIn(auth, 'rege@demo.example', PASSWORT, [])) as { token: string }
  await sql`UPDATE auth.sitzung SET zuletzt_am = now() - interval '23 hours' WHERE id = sha256(${token}::text::bytea)`.execute(auth)
  await begins(token)
  const { rows } = await sql<{ frisch: boolean }>`
    SELECT zuletzt_am > now() - interval '1 minute' AS frisch FROM auth.sitzung WHERE id = sha256(${token}::text::bytea)`.execute(auth)
  expect(rows[0]!.frisch).toBe(true)
})

test('the eleventh try within a quarter of an hour is not looked at, right or wrong; a success forgives the tries before it', async () => {
  await insertPerson('gebremst@demo.example')
  const bremse = { schluessel: 'konto:gebremst', hoechstens: 10, minuten: 15 }
  const versuch = (passwort: string) => signIn(auth, 'gebremst@demo.example', passwort, [bremse])
  for (let i = 0; i < 9; i++) expect(await versuch('falsch geraten')).toMatchObject({ grund: 'FALSCH' })
  expect(await versuch(PASSWORT)).toMatchObject({ ok: true })
  const ergebnisse = await Promise.all(Array.from({ length: 14 }, () => versuch('falsch geraten')))
  expect(ergebnisse.filter((e) => !e.ok && e.grund === 'FALSCH')).toHaveLength(10)
  expect(await versuch(PASSWORT)).toMatchObject({ ok: false, grund: 'GEBREMST' })
  await sql`UPDATE auth.versuch SET seit = seit - interval '16 minutes'`.execute(auth)
  expect(await versuch(PASSWORT)).toMatchObject({ ok: true })
})

test('an account without a password opens for nobody until one is set, and a new password ends the sessions', async () => {
  const { konto } = await insertPerson('neu@demo.example', null)
  expect(await signIn(auth, 'neu@demo.example', '', [])).toMatchObject({ grund: 'FALSCH' })
  await setPasswort(auth, konto, PASSWORT)
  const { token } = (await signIn(auth, 'neu@demo.example', PASSWORT, [])) as { token: string }
  await setPasswort(auth, konto, 'Nebel Kante Ofen')
  expect(await begins(token)).toBeUndefined()
  expect(await signIn(auth, 'neu@demo.example', PASSWORT, [])).toMatchObject({ grund: 'FALSCH' })
})

test('a link works once, until it ends, and only the newest one; its mail is written with it', async () => {
  const { konto, id } = await insertPerson('link@demo.example')
  const tokens: string[] = []
  const senden = () => sendPasswortlink(auth, konto, 60, (token) => (tokens.push(token), { betreff: 'Passwort', inhalt: `…/${token}` }))
  await senden()
  await senden()
  const [alt, neu] = tokens as [string, string]
  expect(await findLink(auth, alt)).toBeUndefined()
  expect(await findLink(auth, neu)).toMatchObject({ konto, art: 'PASSWORT', email: 'link@demo.example' })
  const genommen = await Promise.all(Array.from({ length: 5 }, () => takeLink(auth, neu)))
  expect(genommen.filter(Boolean)).toEqual([konto])
  await senden()
  await sql`UPDATE auth.zugangslink SET laeuft_ab_am = now() - interval '1 second'`.execute(auth)
  expect(await takeLink(auth, tokens[2]!)).toBeUndefined()
  const mails = await database.owner.selectFrom('mail').select(['art', 'an']).where('vermittler_id', '=', id).execute()
  expect(mails).toEqual([1, 2, 3].map(() => ({ art: 'ZUGANG', an: 'link@demo.example' })))
})

test('an address has one account', async () => {
  await insertAnmeldung(auth, { email: 'doppelt@demo.example', passwort: null })
  await expect(insertAnmeldung(database.owner, { email: 'Doppelt@demo.example', passwort: null })).rejects.toMatchObject({ code: '23505' })
})

test('the login sees no customer, and the web sees no password', async () => {
  await expect(auth.selectFrom('kunde').selectAll().execute()).rejects.toThrow('permission denied')
  await expect(database.web.withoutSession((db) => sql`SELECT * FROM auth.konto`.execute(db))).rejects.toThrow('permission denied')
})
