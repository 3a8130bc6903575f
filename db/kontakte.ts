/** Contact with a customer about a Fall: the Fall stays open (signal `contacted`). */
import type { Kanal, Zwischenergebnis } from '../domain/ergebnisse.ts'
import { type Antwort, type Auftrag, type Trx, takeEvent } from './faelle.ts'
import { insertMail } from './mails.ts'

export interface NewKontakt {
  kanal: Kanal
  ergebnis: Zwischenergebnis
  notiz?: string | null
  einwilligung?: number | null
  /** Given, the contact is an e-mail that is sent with it. */
  mail?: { an: string; betreff: string; inhalt: string }
}

/** NICHT_ERREICHT counts the attempts. */
export async function contactFall(db: Trx, auftrag: Auftrag, neu: NewKontakt): Promise<Antwort> {
  return takeEvent(db, auftrag, (row) => {
    const versuch = neu.ergebnis === 'NICHT_ERREICHT' ? row.versuche + 1 : null
    return {
      ereignis: { art: 'contacted', kanal: neu.kanal, ergebnis: neu.ergebnis },
      codes: { kanal: neu.kanal, ergebnis: neu.ergebnis, ...(versuch && { versuch }) },
      ...(neu.notiz && { inhalt: { notiz: neu.notiz } }),
      ...(versuch && { fall: { versuche: versuch } }),
      schreibe: async () => {
        const wen = { betrieb_id: row.betrieb_id, kunde_id: row.kunde_id, fall_id: row.id, vermittler_id: auftrag.person }
        const mail = neu.mail ? await insertMail(db, { ...wen, art: 'KUNDE', ...neu.mail }) : null
        await db
          .insertInto('kontakt')
          .values({
            ...wen,
            kanal: neu.kanal,
            ergebnis: neu.ergebnis,
            versuch,
            notiz: neu.notiz ?? null,
            mail_id: mail,
            einwilligung_id: neu.einwilligung ?? null,
          })
          .execute()
      },
    }
  })
}
