/** How dates, money and phone numbers are shown (German). Pure; what "today" is comes from the request. */
import { alter, berlinTag, berlinZeit, plusTage } from '../domain/kalender.ts'

const WOCHENTAG = ['So', 'Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa'] as const
const GELD = new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' })
const ZAHL = new Intl.NumberFormat('de-DE')

/** '2026-11-23' → 'Mo 23.11.'; with `heute` the year is added where it is another one: 'Mi 03.02.2027'. */
export function tag(datum: string, heute?: string): string {
  const jahr = heute && heute.slice(0, 4) !== datum.slice(0, 4) ? datum.slice(0, 4) : ''
  return `${WOCHENTAG[new Date(datum).getUTCDay()]} ${datum.slice(8)}.${datum.slice(5, 7)}.${jahr}`
}

/** '2026-11-23' → '23.11.2026'; nothing for null. */
export function datum(iso: string | null): string {
  return iso ? `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)}` : ''
}

/** UTC instant → '04:12 Uhr' in Berlin. */
export function uhrzeit(instant: string): string {
  return `${berlinZeit(instant).slice(11, 16)} Uhr`
}

/** UTC instant → 'heute, 04:12 Uhr', 'gestern, 04:12 Uhr', 'morgen, …', else 'Fr 20.11., 04:12 Uhr'. */
export function zeitpunkt(instant: string, heute: string): string {
  return `${tagWort(berlinTag(instant), heute)}, ${uhrzeit(instant)}`
}

/** 'heute', 'gestern', 'morgen', else 'Fr 20.11.' (with the year where it is another one). */
export function tagWort(datum: string, heute: string): string {
  if (datum === heute) return 'heute'
  if (datum === plusTage(heute, -1)) return 'gestern'
  return datum === plusTage(heute, 1) ? 'morgen' : tag(datum, heute)
}

/** Whole cents → '1.234,56 €' (with a no-break space, as ICU writes it); nothing for null. */
export function geld(cent: number | null): string {
  return cent === null ? '' : GELD.format(cent / 100)
}

/** 1045 → '1.045'. */
export function zahl(n: number): string {
  return ZAHL.format(n)
}

/** What is not counted out beyond `hoechstens`: 9999 → '9.999', from 10000 on '10.000+'. */
export function zahlBis(n: number, hoechstens: number): string {
  return n < hoechstens ? zahl(n) : `${zahl(hoechstens)}+`
}

/** (1, 'Fall', 'Fälle') → '1 Fall'; (0, …, 'kein') → 'kein Fall' where a word for none is given. */
export function mehrzahl(n: number, eins: string, viele: string, keins?: string): string {
  return n === 0 && keins !== undefined ? keins : `${zahl(n)} ${n === 1 ? eins : viele}`
}

/** '31 Jahre', '1 Jahr'; nothing where the birthday is unknown. */
export function alterText(geburtsdatum: string | null, heute: string): string {
  return geburtsdatum ? mehrzahl(alter(geburtsdatum, heute), 'Jahr', 'Jahre') : ''
}

/** As typed → 'tel:+49401234567': a leading 0 is German, 00 is +. */
export function telefonLink(nummer: string): string {
  // "+49 (0)40": the bracketed zero is not dialled from abroad.
  const ziffern = nummer.replace(/^(\s*(?:\+|00)\d+[^\d(]*)\(0\)/, '$1').replace(/(?!^\+)\D/g, '')
  if (ziffern.startsWith('+')) return `tel:${ziffern}`
  return `tel:+${ziffern.startsWith('00') ? ziffern.slice(2) : `49${ziffern.replace(/^0/, '')}`}`
}

/** 'Weber, Dr. Anna' for lists: name first, as sorted. */
export function nameListe(person: { name: string; vorname?: string | null; titel?: string | null }): string {
  const rest = [person.titel, person.vorname].filter(Boolean).join(' ')
  return rest ? `${person.name}, ${rest}` : person.name
}

/** 'Dr. Anna Weber'. */
export function nameVoll(person: { name: string; vorname?: string | null; titel?: string | null }): string {
  return [person.titel, person.vorname, person.name].filter(Boolean).join(' ')
}
