/** Sends one mail, in its own time. Nobody waits for it. */
import { ActivityFailure, sleep } from '@temporalio/workflow'
import type { MailInput } from '../domain/messages.ts'
import { wartetBis } from './anzeige.ts'
import { giveUpMail, sendMail } from './proxies.ts'

export async function mail({ nr, sendenAb }: MailInput): Promise<string> {
  const left = Date.parse(sendenAb) - Date.now()
  if (left > 0) await sleep(left, { summary: wartetBis('Versand ab', sendenAb) })
  try {
    return await sendMail(nr)
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error
    return giveUpMail(nr)
  }
}
