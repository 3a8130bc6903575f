/** The way of a mail row to the provider: GEPLANT → SENDET → GESENDET | ABGELEGT | FEHLER | UNGEWISS. Runs as the worker. */
import { type Selectable, sql } from 'kysely'
import type { Trx } from './faelle.ts'
import type { MailTable } from './schema.ts'
import type { Db } from './verbindung.ts'

export type MailRow = Selectable<MailTable> & { antwort_an: string | null }
export type MailStatus = MailRow['status']

/** Writes the reminder's subject and text from the number of Vorgänge that are due. */
export type Erinnerungstext = (anzahl: number) => { betreff: string; inhalt: string }

/**
 * Takes a mail to be sent, or takes it again after an attempt that failed; undefined where there is no such mail. From here on
 * its text does not change: the provider knows the mail by its key. A reminder whose Vorgänge are all done meanwhile is put aside.
 */
export async function claimMail(db: Db, id: number, erinnerungstext: Erinnerungstext): Promise<MailRow | undefined> {
  return db.transaction().execute(async (trx) => {
    // The lock first: a Vorgang becoming due at this moment joins before the Vorgänge are counted, or starts the next mail.
    const claimed = await trx
      .updateTable('mail')
      .set({ status: 'SENDET' })
      .where('id', '=', id)
      .where('status', '=', 'GEPLANT')
      .returning(['art', 'vermittler_id'])
      .executeTakeFirst()
    if (claimed?.art === 'ERINNERUNG') await writeReminder(trx, id, claimed.vermittler_id!, erinnerungstext)
    return findMail(trx, id)
  })
}

/** An attempt begins: `uebergeben_am` stays the first moment the mail was handed over without a sure answer since. */
export async function beginAttempt(db: Db, id: number): Promise<void> {
  await db
    .updateTable('mail')
    .set({ versuche: sql`versuche + 1`, uebergeben_am: sql<string>`coalesce(uebergeben_am, now())` })
    .where('id', '=', id)
    .execute()
}

/** An attempt failed. `nieUebergeben`: this and every earlier attempt was surely refused. */
export async function endAttempt(db: Db, id: number, { fehler, nieUebergeben }: { fehler: string; nieUebergeben: boolean }): Promise<void> {
  await db
    .updateTable('mail')
    .set({ fehler, ...(nieUebergeben && { uebergeben_am: null }) })
    .where('id', '=', id)
    .execute()
}

/** The end of a mail that is being sent; a mail that has ended stays as it is. */
export async function endMail(db: Db, id: number, ende: Partial<Pick<MailRow, 'anbieter_id' | 'fehler'>> & { status: MailStatus }): Promise<void> {
  await db
    .updateTable('mail')
    .set({ ...ende, ...(ende.status === 'GESENDET' && { gesendet_am: sql<string>`now()`, fehler: null }) })
    .where('id', '=', id)
    .where('status', '=', 'SENDET')
    .execute()
}

export async function findMail(db: Db, id: number): Promise<MailRow | undefined> {
  return db
    .selectFrom('mail as m')
    .leftJoin('vermittler as v', 'v.id', 'm.vermittler_id')
    .selectAll('m')
    .select((eb) => eb.case().when('m.art', '=', 'KUNDE').then(eb.ref('v.email')).end().as('antwort_an'))
    .where('m.id', '=', id)
    .executeTakeFirst()
}

/** Mails that still wait for their workflow, with the moment from which they may be sent. */
export async function listPendingMails(db: Db): Promise<{ id: number; senden_ab: string; anlauf: number }[]> {
  return db.selectFrom('mail').select(['id', 'senden_ab', 'anlauf']).where('status', 'in', ['GEPLANT', 'SENDET']).orderBy('id').execute()
}

async function writeReminder(trx: Trx, id: number, vermittler: number, erinnerungstext: Erinnerungstext): Promise<void> {
  const due = await trx
    .updateTable('vorgang')
    .set({ mail_id: id })
    .where('vermittler_id', '=', vermittler)
    .where('status', '=', 'FAELLIG')
    .where('mail_id', 'is', null)
    .returning('id')
    .execute()
  const change =
    due.length > 0 ? erinnerungstext(due.length) : ({ status: 'ABGELEGT', betreff: 'Nichts mehr fällig', fehler: 'NICHTS_FAELLIG' } as const)
  await trx.updateTable('mail').set(change).where('id', '=', id).execute()
}
