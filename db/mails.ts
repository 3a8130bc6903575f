/** A mail is a row; a workflow `mail/<id>` sends it, started by the outbox row written with it. */
import { type Insertable, sql } from 'kysely'
import type { Trx } from './faelle.ts'
import type { MailTable } from './schema.ts'

/** Returns the number of the mail. */
export async function insertMail(db: Trx, mail: Insertable<MailTable>): Promise<number> {
  const { id } = await db.insertInto('mail').values(mail).returning('id').executeTakeFirstOrThrow()
  await insertMailStart(db, mail.betrieb_id, id)
  return id
}

/** At most one reminder mail per Vermittler in five minutes: further due Vorgänge join the one that waits. Its text is written when it is sent. */
export async function joinReminderMail(db: Trx, betrieb: number, vermittler: number): Promise<void> {
  // One after the other per Vermittler: who waits here sees the mail of who came first, also one that is under way by now.
  await db.selectFrom('vermittler').select('id').where('id', '=', vermittler).forNoKeyUpdate().execute()
  const { id, neu } = await db
    .insertInto('mail')
    .columns(['betrieb_id', 'art', 'vermittler_id', 'an', 'betreff', 'inhalt', 'senden_ab'])
    .expression((eb) =>
      eb
        .selectFrom('vermittler as v')
        .where('v.id', '=', vermittler)
        .select([
          sql<number>`${betrieb}::int`.as('betrieb_id'),
          sql<'ERINNERUNG'>`'ERINNERUNG'`.as('art'),
          'v.id',
          'v.email',
          sql<string>`''`.as('betreff'),
          sql<string>`''`.as('inhalt'),
          sql<string>`greatest(now(), (SELECT max(m.senden_ab) FROM mail m WHERE m.vermittler_id = v.id AND m.art = 'ERINNERUNG') + interval '5 minutes')`.as(
            'senden_ab',
          ),
        ]),
    )
    // The update changes nothing but locks the waiting mail until this Vorgang is committed as due: it cannot be sent without it.
    .onConflict((oc) => oc.column('vermittler_id').where('art', '=', 'ERINNERUNG').where('status', '=', 'GEPLANT').doUpdateSet({ art: 'ERINNERUNG' }))
    .returning(['id', sql<boolean>`xmax = 0`.as('neu')])
    .executeTakeFirstOrThrow()
  if (neu) await insertMailStart(db, betrieb, id)
}

export type Wiederholung = 'BEGONNEN' | 'SCHON_UNTERWEGS' | 'LINK_VERALTET'

/**
 * A person has a mail tried again that was not sent, or perhaps not: to a customer at the address `an` where one is given. A reminder is written anew for
 * what is due by now; a link to the password is not sent twice, for it is valid for a short time. undefined where there is no such mail.
 */
export async function retryMail(db: Trx, id: number, an?: string): Promise<Wiederholung | undefined> {
  const mail = await db
    .selectFrom('mail')
    .select(['status', 'art', 'betrieb_id', 'vermittler_id'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!mail) return undefined
  if (mail.status !== 'FEHLER' && mail.status !== 'UNGEWISS') return 'SCHON_UNTERWEGS'
  if (mail.art === 'ZUGANG') return 'LINK_VERALTET'
  if (mail.art === 'ERINNERUNG' && mail.vermittler_id !== null) {
    await db.updateTable('vorgang').set({ mail_id: null }).where('mail_id', '=', id).where('status', '=', 'FAELLIG').execute()
    await db.updateTable('mail').set({ status: 'ABGELEGT', fehler: 'NEU_BEGONNEN' }).where('id', '=', id).execute()
    await joinReminderMail(db, mail.betrieb_id, mail.vermittler_id)
    return 'BEGONNEN'
  }
  await db
    .updateTable('mail')
    .set({
      status: 'GEPLANT',
      anlauf: sql`anlauf + 1`,
      versuche: 0,
      uebergeben_am: null,
      fehler: null,
      senden_ab: sql<string>`now()`,
      ...(an && mail.art === 'KUNDE' && { an }),
    })
    .where('id', '=', id)
    .execute()
  await insertMailStart(db, mail.betrieb_id, id)
  return 'BEGONNEN'
}

async function insertMailStart(db: Trx, betrieb: number, id: number): Promise<void> {
  await db.insertInto('outbox').values({ betrieb_id: betrieb, art: 'MAIL', ziel: id }).execute()
}
