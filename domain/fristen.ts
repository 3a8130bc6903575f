/** Until when to send what has to arrive in time: counted in days on which post is carried, by the holidays of a Bundesland. */
import { getHolidays } from 'feiertagejs'

/** Codes as in feiertagejs (ISO 3166-2:DE without the prefix). */
export const BUNDESLAENDER = ['BW', 'BY', 'BE', 'BB', 'HB', 'HH', 'HE', 'MV', 'NI', 'NW', 'RP', 'SL', 'SN', 'ST', 'SH', 'TH'] as const

/** Notice of a contract that says nothing else (§ 11 Abs. 3 VVG allows one to three months; we assume the longest, Kfz has one: § 5a Abs. 1 PflVG). */
export const KUENDIGUNGSFRIST = { sonst: 3, kfz: 1 } as const

const WERKTAGE = 5
const SAMSTAG = 6
/** Day 0, 1 January 1970, was one; Sunday is 0. */
const DONNERSTAG = 4

/**
 * Five Werktage before the day of arrival, 'YYYY-MM-DD'. Saturdays do not count (most offices are closed), nor do holidays of the Bundesland.
 * Whether § 193 BGB would move a last day that is a Sunday is disputed: nobody should have to rely on it, so it is not moved.
 */
export function absendenBis(zugang: string, land: string): string {
  let tag = toZahl(zugang)
  for (let werktage = 0; werktage < WERKTAGE;) {
    tag -= 1
    if (isWerktag(tag, land)) werktage += 1
  }
  return toTag(tag)
}

const feiertage = new Map<string, ReadonlySet<string>>()
/** Days are counted here, not taken apart: a night asks this thousands of times. */
function isWerktag(zahl: number, land: string): boolean {
  if ((zahl + DONNERSTAG) % 7 >= SAMSTAG || (zahl + DONNERSTAG) % 7 === 0) return false
  const tag = toTag(zahl)
  const schluessel = `${land}/${tag.slice(0, 4)}`
  const frei = feiertage.get(schluessel) ?? new Set(getHolidays(tag.slice(0, 4), land as 'HH').map(({ dateString }) => dateString))
  feiertage.set(schluessel, frei)
  return !frei.has(tag)
}

const MS = 86_400_000
function toZahl(tag: string): number {
  return Date.parse(tag) / MS
}
function toTag(zahl: number): string {
  return new Date(zahl * MS).toISOString().slice(0, 10)
}
