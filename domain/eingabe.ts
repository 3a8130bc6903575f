/** Dates, money, phone numbers, addresses as people type them. What can be read is taken; what cannot says how it looks right. */
import { Temporal } from 'temporal-polyfill'

/** Nobody's birthday and no contract lies outside; also what PostgreSQL and `9999-12-31` (for ever) leave free. */
const FRUEHESTER = '1880-01-01'
const SPAETESTER = '2200-12-31'

export type Lesung<T> = { ok: true; wert: T } | { ok: false; fehler: string }

/** Where a two-digit year belongs: a birthday is always past, a contract begins or ends near today. */
export type Jahrhundert = 'VERGANGEN' | 'NAH'

/**
 * 'YYYY-MM-DD', or null for an empty text. Reads 23.11.2026, 23.11.26, 23.11. (this year), 23/11/2026, 23 11 2026, 231126, 23112026
 * and 2026-11-23. `heute` decides the year where it is short or missing.
 */
export function readTag(text: string, heute: string, jahrhundert: Jahrhundert = 'NAH'): Lesung<string | null> {
  const roh = text.trim()
  if (roh === '') return { ok: true, wert: null }
  const teile = splitTag(roh)
  if (!teile) return { ok: false, fehler: `„${roh}“ ist kein Datum. Richtig ist zum Beispiel ${heute.split('-').reverse().join('.')}.` }
  const { tag, monat } = teile
  const jahr = fullYear(teile.jahr, heute, jahrhundert)
  const datum = `${String(jahr).padStart(4, '0')}-${pad(monat)}-${pad(tag)}`
  if (!exists(jahr, monat, tag)) return { ok: false, fehler: `Das Datum ${pad(tag)}.${pad(monat)}.${jahr} gibt es nicht.` }
  if (datum < FRUEHESTER || datum > SPAETESTER)
    return { ok: false, fehler: `Das Jahr ${jahr} liegt zu weit entfernt. Richtig ist zum Beispiel ${heute.split('-').reverse().join('.')}.` }
  return { ok: true, wert: datum }
}

/** Whole cents, or null for an empty text. Reads 1.234,56, 1234,5, 1234.56 €, 1 234,56 EUR, 1.234 (thousands). Never negative. */
export function readBetrag(text: string): Lesung<number | null> {
  const roh = text.trim()
  if (roh === '') return { ok: true, wert: null }
  const zahl = roh.replace(/\s|€|EUR|Euro|,-+$|,–$/gi, '')
  const cent = centOf(zahl)
  if (cent === null) return { ok: false, fehler: `„${roh}“ ist kein Betrag. Richtig ist zum Beispiel 1.234,56.` }
  if (cent > 99_999_999_99) return { ok: false, fehler: 'Der Betrag ist zu groß. Möglich sind höchstens 99.999.999,99 €.' }
  return { ok: true, wert: cent }
}

/** The number as typed, with single spaces; null for an empty text. */
export function readTelefon(text: string): Lesung<string | null> {
  const roh = text.trim().replace(/\s+/g, ' ')
  if (roh === '') return { ok: true, wert: null }
  const ziffern = roh.replace(/\D/g, '').length
  if (!/^\+?[\d\s()/.–-]+$/.test(roh) || ziffern < 5 || ziffern > 17)
    return { ok: false, fehler: `„${roh}“ ist keine Telefonnummer. Richtig ist zum Beispiel 040 1234567 oder +49 40 1234567.` }
  return { ok: true, wert: roh }
}

/** The address with a small domain; null for an empty text. */
export function readEmail(text: string): Lesung<string | null> {
  const roh = text.trim()
  if (roh === '') return { ok: true, wert: null }
  if (roh.length > 254 || !/^[^\s@"<>(),;:]+@[^\s@"<>(),;:.]+(\.[^\s@"<>(),;:.]+)+$/.test(roh))
    return { ok: false, fehler: `„${roh}“ ist keine E-Mail-Adresse. Richtig ist zum Beispiel name@beispiel.de.` }
  const at = roh.lastIndexOf('@')
  return { ok: true, wert: roh.slice(0, at) + roh.slice(at).toLowerCase() }
}

/** One line of at most `laenge` characters, single spaces; null for an empty text. */
export function readText(text: string, laenge = 100): Lesung<string | null> {
  const roh = text.trim().replace(/\s+/g, ' ')
  if (roh.length > laenge) return { ok: false, fehler: `Der Text ist zu lang: ${roh.length} Zeichen, höchstens ${laenge} sind möglich.` }
  return { ok: true, wert: roh === '' ? null : roh }
}

/** A code of a closed list; null for an empty text. */
export function readWahl<T extends string>(text: string, codes: readonly T[]): Lesung<T | null> {
  if (text === '') return { ok: true, wert: null }
  const code = codes.find((c) => c === text)
  return code === undefined
    ? { ok: false, fehler: 'Diese Auswahl gibt es nicht. Bitte wählen Sie einen Eintrag der Liste.' }
    : { ok: true, wert: code }
}

interface Teile {
  tag: number
  monat: number
  jahr: string
}

function splitTag(text: string): Teile | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  if (iso) return { jahr: iso[1]!, monat: Number(iso[2]), tag: Number(iso[3]) }
  const deutsch = /^(\d{1,2})[.\s/-]+(\d{1,2})(?:[.\s/-]+(\d{2}|\d{4})?)?$/.exec(text) ?? /^(\d{2})(\d{2})(\d{2}|\d{4})$/.exec(text)
  return deutsch && { tag: Number(deutsch[1]), monat: Number(deutsch[2]), jahr: deutsch[3] ?? '' }
}

/** Two digits: the latest past year for a birthday, else the year between 59 years ago and 40 years ahead. */
function fullYear(jahr: string, heute: string, jahrhundert: Jahrhundert): number {
  const dieses = Number(heute.slice(0, 4))
  if (jahr === '') return dieses
  if (jahr.length === 4) return Number(jahr)
  const grenze = jahrhundert === 'VERGANGEN' ? dieses : dieses + 40
  const kandidat = Math.floor(grenze / 100) * 100 + Number(jahr)
  return kandidat > grenze ? kandidat - 100 : kandidat
}

function exists(year: number, month: number, day: number): boolean {
  try {
    Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' })
    return true
  } catch {
    return false
  }
}

/** A comma is the decimal sign; a single dot is, too, unless exactly three digits follow it. */
function centOf(zahl: string): number | null {
  const deutsch = /^(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}))?$/.exec(zahl)
  if (deutsch) return toCent(deutsch[1]!.replaceAll('.', ''), deutsch[2])
  const englisch = /^(\d{1,3}(?:,\d{3})+|\d+)\.(\d{1,2})$/.exec(zahl)
  return englisch ? toCent(englisch[1]!.replaceAll(',', ''), englisch[2]) : null
}

function toCent(ganze: string, bruch = ''): number | null {
  return ganze.length > 12 ? null : Number(ganze) * 100 + Number(bruch.padEnd(2, '0'))
}
function pad(n: number): string {
  return String(n).padStart(2, '0')
}
