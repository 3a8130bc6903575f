/** Calendar dates in Europe/Berlin ('YYYY-MM-DD') and UTC instants (ISO 8601), and the way between them. No clock: callers say what time it is. */
import { Temporal } from 'temporal-polyfill'

export const ZONE = 'Europe/Berlin'

const STUNDE = 3_600_000
/** How far Berlin is ahead of UTC, in milliseconds, by the hour since 1970: it changes on the full hour only, and a page asks for many instants of few hours. */
const vorsprung = new Map<number, number>()

/** The wall time of a UTC instant: 'YYYY-MM-DDTHH:MM:SS'. */
export function berlinZeit(instant: string): string {
  const ms = Date.parse(instant)
  const stunde = Math.floor(ms / STUNDE)
  let ahead = vorsprung.get(stunde)
  if (ahead === undefined) {
    ahead = Temporal.Instant.from(instant).toZonedDateTimeISO(ZONE).offsetNanoseconds / 1e6
    if (vorsprung.size >= 10_000) vorsprung.clear()
    vorsprung.set(stunde, ahead)
  }
  return new Date(ms + ahead).toISOString().slice(0, 19)
}

/** The Berlin date of a UTC instant. */
export function berlinTag(instant: string): string {
  return berlinZeit(instant).slice(0, 10)
}

/** The instant of a Berlin date and wall time ('HH:MM'); in the hour that summer time skips, the later one. */
export function berlinInstant(tag: string, zeit: string): string {
  const instant = Temporal.PlainDate.from(tag)
    .toZonedDateTime({ timeZone: ZONE, plainTime: Temporal.PlainTime.from(zeit) })
    .toInstant()
  return new Date(instant.epochMilliseconds).toISOString()
}

export function plusTage(tag: string, days: number): string {
  return new Date(Date.parse(tag) + days * 24 * STUNDE).toISOString().slice(0, 10)
}

/**
 * Completed years on `tag`. The day of birth counts (§ 187 Abs. 2 BGB), so N is reached at 0:00 of the Nth birthday;
 * who was born on 29 February has it on 1 March of a common year (§ 188 Abs. 2 BGB).
 */
export function alter(geburtsdatum: string, tag: string): number {
  return Math.floor((Number(tag.replaceAll('-', '')) - Number(geburtsdatum.replaceAll('-', ''))) / 10_000)
}
