/** Until when to send what has to arrive in time: counted in days on which post is carried, by the holidays of a Bundesland. */
import { getHolidays } from 'feiertagejs'
import { Temporal } from 'temporal-polyfill'
import { plusTage } from './kalender.ts'

/** Codes as in feiertagejs (ISO 3166-2:DE without the prefix). */
export const BUNDESLAENDER = ['BW', 'BY', 'BE', 'BB', 'HB', 'HH', 'HE', 'MV', 'NI', 'NW', 'RP', 'SL', 'SN', 'ST', 'SH', 'TH'] as const

/** Notice of a contract that says nothing else (§ 11 Abs. 3 VVG allows one to three months; we assume the longest, Kfz has one: § 5a Abs. 1 PflVG). */
export const KUENDIGUNGSFRIST = { sonst: 3, kfz: 1 } as const

const WERKTAGE = 5
const SAMSTAG = 6

/**
 * Five Werktage before the day of arrival, 'YYYY-MM-DD'. Saturdays do not count (most offices are closed), nor do holidays of the Bundesland.
 * Whether § 193 BGB would move a last day that is a Sunday is disputed: nobody should have to rely on it, so it is not moved.
 */
export function absendenBis(zugang: string, land: string): string {
  let tag = zugang
  for (let werktage = 0; werktage < WERKTAGE;) {
    tag = plusTage(tag, -1)
    if (isWerktag(tag, land)) werktage += 1
  }
  return tag
}

const feiertage = new Map<string, ReadonlySet<string>>()
function isWerktag(tag: string, land: string): boolean {
  const jahr = tag.slice(0, 4)
  const schluessel = `${land}/${jahr}`
  const frei = feiertage.get(schluessel) ?? new Set(getHolidays(jahr, land as 'HH').map(({ dateString }) => dateString))
  feiertage.set(schluessel, frei)
  return Temporal.PlainDate.from(tag).dayOfWeek < SAMSTAG && !frei.has(tag)
}
