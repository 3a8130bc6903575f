/** Calendar dates as fast as a million of them need: 'YYYY-MM-DD' through UTC days, no time zone involved. */

const TAG_MS = 86_400_000

export function plusTage(tag: string, tage: number): string {
  return text(Date.parse(tag) + tage * TAG_MS)
}

/** A 29 February becomes the 28th in a common year. */
export function plusJahre(tag: string, jahre: number): string {
  const jahr = Number(tag.slice(0, 4)) + jahre
  const rest = tag.slice(4)
  return `${String(jahr).padStart(4, '0')}${rest === '-02-29' && !istSchaltjahr(jahr) ? '-02-28' : rest}`
}

/** The first day of the month `tag` lies in. */
export function monatserster(tag: string): string {
  return `${tag.slice(0, 8)}01`
}

/** The next day after `heute` with month and day of `tag`. */
export function naechsterJahrestag(tag: string, heute: string): string {
  const dieses = plusJahre(tag, Number(heute.slice(0, 4)) - Number(tag.slice(0, 4)))
  return dieses > heute ? dieses : plusJahre(tag, Number(heute.slice(0, 4)) + 1 - Number(tag.slice(0, 4)))
}

export function istSchaltjahr(jahr: number): boolean {
  return (jahr % 4 === 0 && jahr % 100 !== 0) || jahr % 400 === 0
}

function text(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
