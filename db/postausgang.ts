/** The Betrieb's mails as they would be or were sent, newest first. */
import { type Selectable, sql } from 'kysely'
import { SEITENLAENGE } from './arbeitsvorrat.ts'
import type { MailTable } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export type Mail = Selectable<MailTable>
export interface Postzeile extends Omit<Mail, 'inhalt'> {
  gesamt: number
}

export async function listMails(db: WebDb, seite = 1): Promise<{ mails: Postzeile[]; gesamt: number }> {
  const { rows } = await sql<Postzeile>`
    SELECT id, betrieb_id, art, kunde_id, fall_id, vermittler_id, an, betreff, status, senden_ab, versuche, uebergeben_am, gesendet_am, anbieter_id, fehler,
      erstellt_am, count(*) OVER () AS gesamt
    FROM mail ORDER BY id DESC LIMIT ${SEITENLAENGE} OFFSET ${(seite - 1) * SEITENLAENGE}`.execute(db)
  return { mails: rows, gesamt: rows[0]?.gesamt ?? 0 }
}

export async function findMail(db: WebDb, id: number): Promise<Mail | undefined> {
  return db.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirst()
}
