/** Sends a mail through Resend. The row says how far it is, the idempotency key keeps a repeat from being a second mail. */
import { cancellationSignal } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { type ErrorResponse, Resend } from 'resend'
import { type Erinnerungstext, type MailRow, beginAttempt, claimMail, endAttempt, endMail, findMail } from '../db/mailversand.ts'
import type { Db } from '../db/verbindung.ts'
import { mailId } from '../domain/messages.ts'

export interface MailDeps {
  /** As the worker. */
  db: Db
  /** Undefined: mails are put aside (ABGELEGT) and shown on the development page. */
  resend?: { apiKey: string; baseUrl?: string; from: string } | undefined
  /** Where the app is: reminders link to it. */
  publicUrl: string
  /** Pause before the next attempt, milliseconds, instead of the growing one. */
  retryDelay?: number
  now?: () => number
}

/** Resend remembers an idempotency key for 24 h: after 23 h nobody can tell any more whether a repeat would be a second mail. */
const UNSURE_AFTER = 23 * 3600 * 1000
const HOUR = 3600 * 1000

export type MailActivities = ReturnType<typeof createMailActivities>

export function createMailActivities({ db, resend, publicUrl, retryDelay, now = Date.now }: MailDeps) {
  const client = resend && new Resend(resend.apiKey, resend.baseUrl ? { baseUrl: resend.baseUrl } : {})

  const send = async (mail: MailRow): Promise<void> => {
    const { data, error } = await client!.emails.send(
      { from: resend!.from, to: mail.an, subject: mail.betreff, text: mail.inhalt, ...(mail.antwort_an && { replyTo: mail.antwort_an }) },
      { idempotencyKey: mailId(mail.id, mail.anlauf), signal: AbortSignal.any([cancellationSignal(), AbortSignal.timeout(20_000)]) },
    )
    if (data) return endMail(db, mail.id, { status: 'GESENDET', anbieter_id: data.id })
    const verdict = judge(error!)
    await endAttempt(db, mail.id, { fehler: error!.name, nieUebergeben: verdict.refused && mail.uebergeben_am === null })
    // An earlier attempt may have arrived, although nobody said so.
    if (verdict.final) return endMail(db, mail.id, { status: mail.uebergeben_am === null ? 'FEHLER' : 'UNGEWISS' })
    const delay = retryDelay ?? verdict.delay
    throw ApplicationFailure.create({ message: error!.name, type: error!.name, ...(delay && { nextRetryDelay: delay }) })
  }

  return {
    /** Answers the mail's status in the end. */
    async sendMail(nr: number): Promise<string> {
      const mail = await claimMail(db, nr, reminderText(publicUrl))
      if (mail?.status !== 'SENDET') return mail?.status ?? 'GELOESCHT'
      if (!client) await endMail(db, nr, { status: 'ABGELEGT' })
      else if (mail.uebergeben_am && now() - Date.parse(mail.uebergeben_am) > UNSURE_AFTER) await endMail(db, nr, { status: 'UNGEWISS' })
      else {
        await beginAttempt(db, nr)
        await send(mail)
      }
      return (await findMail(db, nr))?.status ?? 'GELOESCHT'
    },

    /** All attempts have failed: a person has to see it. */
    async giveUpMail(nr: number): Promise<string> {
      const mail = await findMail(db, nr)
      if (mail?.status === 'SENDET') await endMail(db, nr, { status: mail.uebergeben_am ? 'UNGEWISS' : 'FEHLER' })
      return (await findMail(db, nr))?.status ?? 'GELOESCHT'
    },
  }
}

interface Verdict {
  /** Surely not sent by this attempt. */
  refused: boolean
  /** Will be refused again. */
  final: boolean
  /** Milliseconds, where the reason asks for its own pause. */
  delay?: number
}

/** What an error of the provider means; `statusCode` is null where no answer came at all. https://resend.com/docs/api-reference/errors */
function judge({ name, statusCode }: ErrorResponse): Verdict {
  if (name === 'rate_limit_exceeded') return { refused: true, final: false, delay: 2_000 }
  if (name === 'daily_quota_exceeded' || name === 'monthly_quota_exceeded') return { refused: true, final: false, delay: HOUR }
  // The office's own settings: a person repairs them, the mail waits.
  if (name === 'missing_api_key' || name === 'invalid_api_key' || name === 'restricted_api_key')
    return { refused: true, final: false, delay: HOUR / 6 }
  if (name === 'concurrent_idempotent_requests') return { refused: false, final: false }
  const refused = statusCode !== null && statusCode >= 400 && statusCode < 500
  return { refused, final: refused }
}

/** Neither names nor titles: a mailbox is no place for customers' affairs. */
function reminderText(publicUrl: string): Erinnerungstext {
  return (anzahl) => {
    const was = anzahl === 1 ? 'Eine Wiedervorlage ist fällig' : `${anzahl} Wiedervorlagen sind fällig`
    return { betreff: was, inhalt: `${was}.\n\n${publicUrl}/vorgaenge\n\nDiese Nachricht wurde vom Vorgangsmanagement erstellt.` }
  }
}
