import { randomUUID } from 'node:crypto'
import type { Insertable } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createMailActivities } from '../activities/mail.ts'
import { type Auftrag, insertOutbox } from '../db/faelle.ts'
import { insertMail, retryMail } from '../db/mails.ts'
import type { MailTable } from '../db/schema.ts'
import { deleteVorgang, remindFall } from '../db/vorgaenge.ts'
import { mailId } from '../domain/messages.ts'
import { startMail } from '../relay/temporal.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { type FakeResend, startFakeResend } from '../test/support/resend.ts'
import { PUBLIC_URL, type TestWorker, eventually, logged, startTestWorker } from '../test/support/temporal.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'

let database: TestDatabase
let resend: FakeResend
let worker: TestWorker
let betrieb: number
let anna: { id: number; token: string; email: string }
let kunde: number

beforeAll(async () => {
  database = await createTestDatabase()
  resend = await startFakeResend()
  betrieb = await insertBetrieb(database.owner)
  anna = await insertVermittler(database.owner, betrieb)
  kunde = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
  worker = await startTestWorker({ database, resend: { apiKey: 're_test', baseUrl: resend.baseUrl, from: 'Maklerhaus <post@lindner.example>' } })
})
afterAll(async () => {
  await worker?.stop()
  await resend.close()
  await database.drop()
})
beforeEach(() => {
  resend.requests.length = 0
  resend.answers.length = 0
  resend.sent.clear()
})

const writeMail = (felder: Partial<Insertable<MailTable>> = {}): Promise<number> =>
  database.worker.transaction().execute((db) =>
    insertMail(db, {
      betrieb_id: betrieb,
      art: 'KUNDE',
      kunde_id: kunde,
      vermittler_id: anna.id,
      an: 'elif.celik@kunde.example',
      betreff: 'Ihr Vertrag',
      inhalt: 'Guten Tag',
      ...felder,
    }),
  )
const readMail = (id: number) => database.owner.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const isAt = (id: number, status: string, mehr: object = {}) =>
  eventually(async () => expect(await readMail(id)).toMatchObject({ status, ...mehr }), 30_000)

test('a mail to a customer goes out once, answers go to the Vermittler', async () => {
  const id = await writeMail()
  await isAt(id, 'GESENDET', { versuche: 1, anbieter_id: `re_mail/${id}`, fehler: null })
  expect(resend.requests).toMatchObject([
    {
      key: `mail/${id}`,
      to: 'elif.celik@kunde.example',
      from: 'Maklerhaus <post@lindner.example>',
      subject: 'Ihr Vertrag',
      text: 'Guten Tag',
      reply_to: anna.email,
    },
  ])
  expect((await readMail(id)).gesendet_am).not.toBeNull()
})

test('a provider in trouble is tried again under the same key until it answers', async () => {
  resend.answers.push({ status: 500, name: 'internal_server_error' }, { status: 429, name: 'rate_limit_exceeded' }, 'lost')
  const id = await writeMail()
  await isAt(id, 'GESENDET', { versuche: 4 })
  expect(new Set(resend.requests.map((r) => JSON.stringify(r))).size).toBe(1)
  expect(resend.sent.size).toBe(1)
})

test('what the provider will never take is visible as an error, with its code only', async () => {
  resend.answers.push({ status: 422, name: 'validation_error' })
  const id = await writeMail({ an: 'elif.celik@' })
  await isAt(id, 'FEHLER', { versuche: 1, fehler: 'validation_error', uebergeben_am: null })
  expect(resend.requests.length).toBe(1)
})

test('refused for good after an attempt that nobody answered, it may have arrived: a person decides', async () => {
  resend.answers.push('lost', { status: 409, name: 'invalid_idempotent_request' })
  const id = await writeMail()
  await isAt(id, 'UNGEWISS', { versuche: 2, fehler: 'invalid_idempotent_request' })
  expect(resend.sent.size).toBe(1)
})

test('a person has a refused mail tried again: it goes out under a key of its own, also where the relay says it twice', async () => {
  resend.answers.push({ status: 422, name: 'validation_error' })
  const id = await writeMail()
  await isAt(id, 'FEHLER')
  await worker.namespace.client.workflow.getHandle(mailId(id)).result()
  expect(await database.web.withSession(anna.token, (db) => retryMail(db, id))).toBe('BEGONNEN')
  await isAt(id, 'GESENDET', { versuche: 1, anlauf: 2, fehler: null })
  await startMail(worker.client, { nr: id, sendenAb: new Date().toISOString(), anlauf: 2 })
  expect(await database.web.withSession(anna.token, (db) => retryMail(db, id))).toBe('SCHON_UNTERWEGS')
  expect(resend.requests.map(({ key }) => key)).toEqual([`mail/${id}`, `mail/${id}/2`])
  expect([...resend.sent.keys()]).toEqual([`mail/${id}/2`])
})

test('a wrong key for the provider is a setting: the mail waits and says why', async () => {
  resend.answers.push({ status: 401, name: 'invalid_api_key' }, { status: 401, name: 'invalid_api_key' })
  const id = await writeMail()
  await eventually(async () => expect(await readMail(id)).toMatchObject({ fehler: 'invalid_api_key' }), 30_000)
  await isAt(id, 'GESENDET', { versuche: 3 })
})

test('a mail started twice is one mail', async () => {
  const id = await writeMail()
  await Promise.all([1, 2, 3].map(() => startMail(worker.client, { nr: id, sendenAb: new Date().toISOString() })))
  await isAt(id, 'GESENDET')
  await startMail(worker.client, { nr: id, sendenAb: new Date().toISOString() }, { workflowIdReusePolicy: 'ALLOW_DUPLICATE' })
  await worker.namespace.client.workflow.getHandle(mailId(id)).result()
  expect(resend.requests.length).toBe(1)
})

test('an unsure answer older than the provider remembers is for a person to decide', async () => {
  const id = await writeMail({ senden_ab: '2030-01-01T00:00:00Z' })
  const vorgestern = new Date(Date.now() - 24 * 3_600_000).toISOString()
  await database.owner.updateTable('mail').set({ status: 'SENDET', uebergeben_am: vorgestern }).where('id', '=', id).execute()
  const now = new Date().toISOString()
  await worker.namespace.client.workflow.execute('mail', { workflowId: `noch-einmal-${id}`, taskQueue: 'faelle', args: [{ nr: id, sendenAb: now }] })
  expect(await readMail(id)).toMatchObject({ status: 'UNGEWISS' })
  expect(resend.requests).toEqual([])
})

test('when all attempts have failed the mail says so: surely refused is an error, else it is unsure', async () => {
  const { giveUpMail } = createMailActivities({ db: database.worker, publicUrl: PUBLIC_URL })
  const id = await writeMail({ senden_ab: '2030-01-01T00:00:00Z' })
  const set = (felder: object) => database.owner.updateTable('mail').set(felder).where('id', '=', id).execute()
  await set({ status: 'SENDET', fehler: 'daily_quota_exceeded' })
  expect(await giveUpMail(id)).toBe('FEHLER')
  expect(await readMail(id)).toMatchObject({ fehler: 'daily_quota_exceeded' })
  await set({ status: 'SENDET', uebergeben_am: new Date().toISOString() })
  expect(await giveUpMail(id)).toBe('UNGEWISS')
})

test('without a key for the provider a mail is put aside', async () => {
  const { sendMail } = createMailActivities({ db: database.worker, publicUrl: PUBLIC_URL })
  const id = await writeMail({ senden_ab: '2030-01-01T00:00:00Z' })
  expect(await sendMail(id)).toBe('ABGELEGT')
})

test('reminders: one mail names what is due, the next waits five minutes, what is done meanwhile needs none', async () => {
  const otto = await insertVermittler(database.owner, betrieb)
  const kundin = await insertKunde(database.owner, { betrieb, vermittler: otto.id })
  const fall = await insertFall(database.owner, { betrieb, vermittler: otto.id, kunde: kundin })
  const stand = { epoch: 1, version: 1, status: 'OFFEN', erinnerungAm: null, offeneVorgaenge: 0 } as const
  await database.worker.transaction().execute((db) => insertOutbox(db, { betrieb, fall, signal: null, stand }))
  const klick = (): Auftrag => ({ fall, betrieb, aktion: randomUUID(), quelle: 'KLICK', person: otto.id })
  const remind = (am: number) =>
    database.web.withSession(otto.token, (db) =>
      remindFall(db, klick(), { titel: 'Frau Çelik anrufen', notiz: null, am: new Date(am).toISOString() }),
    )
  const mails = () =>
    database.owner.selectFrom('mail').selectAll().where('vermittler_id', '=', otto.id).where('art', '=', 'ERINNERUNG').orderBy('id').execute()

  const soon = Date.now() + 1_500
  await remind(soon)
  await remind(soon)
  await eventually(async () => expect(await mails()).toMatchObject([{ status: 'GESENDET' }]), 30_000)
  expect(resend.requests).toMatchObject([{ to: otto.email, subject: '2 Wiedervorlagen sind fällig' }])
  expect(resend.requests[0]!.text).toContain('https://vorgang.test/vorgaenge')
  expect(JSON.stringify(resend.requests)).not.toContain('Çelik')

  await remind(Date.now() + 500)
  await eventually(async () => expect(await mails()).toMatchObject([{}, { status: 'GEPLANT' }]))
  const [first, second] = await mails()
  expect(Date.parse(second!.senden_ab) - Date.parse(first!.senden_ab)).toBeGreaterThanOrEqual(300_000)

  const vorgaenge = await database.owner.selectFrom('vorgang').select('id').where('mail_id', 'is', null).where('fall_id', '=', fall).execute()
  for (const { id } of vorgaenge) await database.web.withSession(otto.token, (db) => deleteVorgang(db, klick(), id))
  const { sendMail } = createMailActivities({ db: database.worker, publicUrl: PUBLIC_URL })
  expect(await sendMail(second!.id)).toBe('ABGELEGT')
  expect((await mails())[1]).toMatchObject({ fehler: 'NICHTS_FAELLIG' })
})

test('neither addresses nor texts of a mail are in a log line', () => {
  expect(JSON.stringify(logged)).not.toMatch(/celik|Çelik|lindner|Guten Tag/i)
})
