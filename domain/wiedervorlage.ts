/** When a person wants to be reminded: presets, dates as people type them, and what day that is. */
import { getHolidays } from 'feiertagejs'
import { Temporal } from 'temporal-polyfill'
import { readLang } from './dokumentation.ts'
import { type Lesung, readTag, readText } from './eingabe.ts'
import { berlinInstant, plusTage } from './kalender.ts'
import { type Eingabe, type Gelesen, leser } from './kunde.ts'

export interface Wiedervorlagedaten {
  titel: string
  notiz: string | null
  /** UTC instant, in the future. */
  am: string
}

export const WIEDERVORLAGEFELDER = { wann: 'Tag', datum: 'Anderer Tag', zeit: 'Uhrzeit', titel: 'Titel', notiz: 'Notiz' } as const
export const ZEIT = '09:00'

export interface Vorschlag {
  titel: string
  tag: string
}

/** Days to choose from; one that falls on a weekend or holiday moves to the next working day. `land` is a Bundesland's code ("HH"). */
export function vorschlaege(heute: string, land: string): Vorschlag[] {
  const tag = Temporal.PlainDate.from(heute)
  return [
    { titel: 'morgen', tag: tag.add({ days: 1 }) },
    { titel: 'in 1 Woche', tag: tag.add({ weeks: 1 }) },
    { titel: 'in 2 Wochen', tag: tag.add({ weeks: 2 }) },
    { titel: 'in 1 Monat', tag: tag.add({ months: 1 }) },
  ].map((v) => {
    const werktag = naechsterWerktag(v.tag.toString(), land)
    return { titel: v.titel === 'morgen' && werktag !== v.tag.toString() ? 'nächster Werktag' : v.titel, tag: werktag }
  })
}

export function naechsterWerktag(tag: string, land: string): string {
  let kandidat = tag
  while (freierTag(kandidat, land)) kandidat = plusTage(kandidat, 1)
  return kandidat
}

/** "Samstag", "Sonntag" or the holiday's name; null for a working day. */
export function freierTag(tag: string, land: string): string | null {
  const wochentag = Temporal.PlainDate.from(tag).dayOfWeek
  const feiertag = getHolidays(tag.slice(0, 4), land as 'HH').find((h) => h.dateString === tag)
  return feiertag?.translate('de') ?? (wochentag === 6 ? 'Samstag' : wochentag === 7 ? 'Sonntag' : null)
}

/** `wann` is one of the suggested days or 'ANDERS' with a typed `datum`; without `zeit` it is 9 o'clock. `jetzt`: it has to lie after that; '': whenever. */
export function readWiedervorlage(eingabe: Eingabe, { heute, jetzt }: { heute: string; jetzt: string }): Gelesen<Wiedervorlagedaten> {
  const { lies, fehler, text } = leser(eingabe)
  const titel = lies('titel', readText(text('titel'), 120))
  if (!titel) fehler['titel'] ??= 'Der Titel fehlt. Er sagt, woran Sie erinnert werden wollen, zum Beispiel „Anrufen“.'
  const notiz = readLang('notiz', text('notiz'), fehler)
  const am = readTermin(eingabe, { heute, jetzt }, fehler)
  return am && titel && Object.keys(fehler).length === 0 ? { ok: true, werte: { titel, notiz, am } } : { ok: false, fehler }
}

/** Only the moment: for moving a Vorgang. */
export function readTermin(eingabe: Eingabe, { heute, jetzt }: { heute: string; jetzt: string }, fehler: Record<string, string>): string | null {
  const { lies, fehler: eigene, text } = leser(eingabe)
  const gewaehlt = text('wann') === 'ANDERS' ? '' : text('wann')
  const getippt = text('datum').trim()
  const feld = gewaehlt ? 'wann' : 'datum'
  const tag = lies(feld, gewaehlt ? readTag(gewaehlt, heute) : readKommend(getippt, heute))
  const zeit = lies('zeit', readZeit(text('zeit')))
  if (gewaehlt && getippt && tag !== null && tag !== lies('datum', readKommend(getippt, heute)))
    eigene['datum'] ??= 'Sie haben zwei verschiedene Tage angegeben. Bitte wählen Sie einen davon oder leeren Sie dieses Feld.'
  if (!tag) eigene[feld] ??= 'Der Tag fehlt. Bitte wählen Sie einen aus oder schreiben Sie ihn, zum Beispiel 1.12.2026.'
  const am = tag && zeit ? berlinInstant(tag, zeit) : null
  if (am && am <= jetzt)
    eigene[tag! < heute ? feld : 'zeit'] =
      `${tag!.split('-').reverse().join('.')}, ${zeit} Uhr ist schon vorbei. Möglich ist jeder spätere Zeitpunkt.`
  Object.assign(fehler, eigene)
  return Object.keys(eigene).length === 0 ? am : null
}

/** 'HH:MM'. Reads 9, 9:30, 9.30, 0930, 9 Uhr; empty is 9 o'clock. */
export function readZeit(text: string): Lesung<string> {
  const roh = text.trim().replace(/\s*Uhr$/i, '')
  if (roh === '') return { ok: true, wert: ZEIT }
  const teile = /^(\d{1,2})(?:[:.](\d{2}))?$/.exec(roh) ?? /^(\d{1,2})(\d{2})$/.exec(roh)
  const [stunde, minute] = [Number(teile?.[1]), Number(teile?.[2] ?? 0)]
  if (!teile || stunde > 23 || minute > 59) return { ok: false, fehler: `„${text.trim()}“ ist keine Uhrzeit. Richtig ist zum Beispiel 9:30.` }
  return { ok: true, wert: `${String(stunde).padStart(2, '0')}:${String(minute).padStart(2, '0')}` }
}

/** A day without a year that has passed this year means the next one. */
function readKommend(text: string, heute: string): Lesung<string | null> {
  const lesung = readTag(text, heute)
  const ohneJahr = /^\d{1,2}[.\s/-]+\d{1,2}[.]?$/.test(text)
  if (!ohneJahr || !lesung.ok || !lesung.wert || lesung.wert >= heute) return lesung
  return readTag(`${Number(heute.slice(0, 4)) + 1}${lesung.wert.slice(4)}`, heute)
}
