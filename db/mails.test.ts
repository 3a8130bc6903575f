import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import { joinReminderMail } from './mails.ts'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

test('a reminder that comes due while the first mail is on its way gets the next one, five minutes later', async () => {
  const betrieb = await insertBetrieb(database.owner)
  const { id: vermittler } = await insertVermittler(database.owner, betrieb)
  let second: Promise<void> | undefined
  await database.worker.transaction().execute(async (first) => {
    await joinReminderMail(first, betrieb, vermittler)
    second = database.worker.transaction().execute((db) => joinReminderMail(db, betrieb, vermittler))
    await new Promise((resolve) => setTimeout(resolve, 300))
    // Taken by the mail's workflow before the second one looks again.
    await first.updateTable('mail').set({ status: 'SENDET' }).where('vermittler_id', '=', vermittler).execute()
  })
  await second
  const mails = await database.owner
    .selectFrom('mail')
    .select(['status', 'senden_ab'])
    .where('vermittler_id', '=', vermittler)
    .orderBy('id')
    .execute()
  expect(mails.map(({ status }) => status)).toEqual(['SENDET', 'GEPLANT'])
  const [eine, andere] = mails.map(({ senden_ab }) => Date.parse(senden_ab))
  expect(andere! - eine!).toBe(5 * 60_000)
})

test('reminders that come due at once wait in one mail', async () => {
  const betrieb = await insertBetrieb(database.owner)
  const { id: vermittler } = await insertVermittler(database.owner, betrieb)
  await Promise.all(Array.from({ length: 8 }, () => database.worker.transaction().execute((db) => joinReminderMail(db, betrieb, vermittler))))
  const mails = await database.owner.selectFrom('mail').select('id').where('vermittler_id', '=', vermittler).execute()
  const starts = await database.owner.selectFrom('outbox').select(['art', 'ziel']).where('betrieb_id', '=', betrieb).execute()
  expect(starts).toEqual(mails.map(({ id }) => ({ art: 'MAIL', ziel: id })))
  expect(mails.length).toBe(1)
})
