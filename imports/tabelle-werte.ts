/**
 * What stands in a cell → a value. A fault says what would be right and never repeats the cell: findings are kept longer than the file, and
 * a cell may be about a person. (Words of insurance are not, and are repeated.)
 */
import { type Lesung, readBetrag, readEmail, readTag, readTelefon, readText } from '../domain/eingabe.ts'
import { falte } from '../domain/suchtext.ts'
import type { GeliefertePerson, GelieferterVertrag } from './lieferung.ts'
import { istLeer } from './tabelle-zelle.ts'

/** Without end, or nothing at all. */
const OHNE_TAG = /^(0+|00\.00\.0+|0000-00-00|31\.12\.(9999|99|2999)|9999-12-31|unbefristet|lebenslang|lebenslaenglich|offen|bis auf weiteres)$/i

/** 'YYYY-MM-DD'. 31.12.2025, 31.12.25, 2025-12-31, 31122025, each with or without a time behind. */
export function readDatum(zelle: string, heute: string, wann: 'VERGANGEN' | 'NAH'): Lesung<string | null> {
  if (istLeer(zelle) || OHNE_TAG.test(zelle)) return { ok: true, wert: null }
  const tag = zelle.replace(/[T ]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?Z?$/, '')
  const ganz = /^(\d{1,2}[./-]\d{1,2}[./-](\d{2}|\d{4})|\d{4}-\d{1,2}-\d{1,2}|\d{8})$/.test(tag)
  const gelesen = ganz ? readTag(tag, heute, wann) : undefined
  if (!gelesen?.ok) return { ok: false, fehler: 'Das ist kein Datum. Richtig ist zum Beispiel 31.12.2025.' }
  if (wann === 'VERGANGEN' && gelesen.wert !== null && gelesen.wert > heute) return { ok: false, fehler: 'Das Datum liegt in der Zukunft.' }
  return gelesen
}

/** Whole cents. */
export function readGeld(zelle: string): Lesung<number | null> {
  if (istLeer(zelle)) return { ok: true, wert: null }
  if (/^[-–(]|[-–)]$/.test(zelle.replace(/[\s€]|EUR/gi, '').replace(/,-+$|,–$/, ''))) return { ok: false, fehler: 'Der Betrag ist negativ.' }
  const gelesen = readBetrag(zelle)
  return gelesen.ok ? gelesen : { ok: false, fehler: 'Das ist kein Betrag. Richtig ist zum Beispiel 1.234,56.' }
}

const JA = new Set([
  'ja',
  'j',
  'x',
  'yes',
  'y',
  'true',
  'wahr',
  '1',
  'vorhanden',
  'erteilt',
  'liegt vor',
  'eingeschlossen',
  'versichert',
  'mitversichert',
  'ok',
])
const NEIN = new Set([
  'nein',
  'n',
  'no',
  'false',
  'falsch',
  '0',
  'nicht vorhanden',
  'nicht erteilt',
  'ohne',
  'kein',
  'keine',
  'ausgeschlossen',
  'widerrufen',
  'abgelehnt',
  'nicht versichert',
])

export function readJaNein(zelle: string): Lesung<'JA' | 'NEIN' | null> {
  if (istLeer(zelle)) return { ok: true, wert: null }
  if (/^[✓✔☑]$/u.test(zelle)) return { ok: true, wert: 'JA' }
  const wort = falte(zelle)
  if (JA.has(wort)) return { ok: true, wert: 'JA' }
  return NEIN.has(wort) ? { ok: true, wert: 'NEIN' } : { ok: false, fehler: 'Richtig ist „ja“ oder „nein“.' }
}

export function readZahl(zelle: string, hoechstens: number): Lesung<number | null> {
  if (istLeer(zelle)) return { ok: true, wert: null }
  const ziffern = /^(\d{1,6})(?:[.,]\d+)?\s*(m²|qm|m2|monate?n?|mon\.?)?$/i.exec(zelle)?.[1]
  const zahl = Number(ziffern)
  return ziffern !== undefined && zahl <= hoechstens
    ? { ok: true, wert: zahl }
    : { ok: false, fehler: `Das ist keine Zahl zwischen 0 und ${hoechstens}.` }
}

export function readMail(zelle: string): Lesung<string | null> {
  if (istLeer(zelle)) return { ok: true, wert: null }
  const gelesen = readEmail(zelle.replace(/^mailto:/i, '').replace(/^<|>$/g, ''))
  return gelesen.ok ? gelesen : { ok: false, fehler: 'Das ist keine E-Mail-Adresse. Richtig ist zum Beispiel name@beispiel.de.' }
}

export function readNummer(zelle: string): Lesung<string | null> {
  if (istLeer(zelle)) return { ok: true, wert: null }
  const gelesen = readTelefon(zelle)
  return gelesen.ok ? gelesen : { ok: false, fehler: 'Das ist keine Telefonnummer. Richtig ist zum Beispiel 040 1234567.' }
}

/** Numbers of customers and contracts. Excel keeps fifteen digits and writes longer numbers as 1,23457E+17. */
export function readKennung(zelle: string): Lesung<string | null> {
  if (istLeer(zelle)) return { ok: true, wert: null }
  if (/^\d[,.]\d+E\+?\d+$/i.test(zelle))
    return { ok: false, fehler: 'Excel hat die Nummer gerundet. Formatieren Sie die Spalte als Text und tragen Sie die Nummer neu ein.' }
  return readWort(zelle, 40)
}

export function readWort(zelle: string, laenge = 100): Lesung<string | null> {
  return readText(istLeer(zelle) ? '' : zelle, laenge)
}

/** Four digits: Excel took the zero in front away. */
export function readPlz(zelle: string, deutsch: boolean): Lesung<string | null> {
  const roh = zelle.replace(/^D[- ]/i, '')
  if (istLeer(roh)) return { ok: true, wert: null }
  if (!deutsch) return readText(roh, 10)
  if (/^\d{4}$/.test(roh)) return { ok: true, wert: `0${roh}` }
  return /^\d{5}$/.test(roh) ? { ok: true, wert: roh } : { ok: false, fehler: 'Das ist keine deutsche Postleitzahl. Richtig sind fünf Ziffern.' }
}

type Woerter<T extends string> = Readonly<Record<T, readonly string[]>>

const ZAHLUNGSWEISEN: Woerter<NonNullable<GelieferterVertrag['zahlungsweise']>> = {
  JAEHRLICH: ['jaehrlich', 'jahr', 'jahresbeitrag', 'jahreszahlung', 'ganzjaehrlich', 'j', 'ja', '1', '1 1', 'p a', '1x jaehrlich', 'jaehrl'],
  HALBJAEHRLICH: ['halbjaehrlich', 'halbjahr', 'h', 'hj', '1 2', '2', '2x jaehrlich', 'halbj', '1 2 jaehrlich'],
  VIERTELJAEHRLICH: [
    'vierteljaehrlich',
    'vierteljahr',
    'quartal',
    'quartalsweise',
    'v',
    'vj',
    '1 4',
    '4',
    '4x jaehrlich',
    '1 4 jaehrlich',
    'viertelj',
  ],
  MONATLICH: ['monatlich', 'monat', 'm', 'mtl', '1 12', '12', '12x jaehrlich', '1 12 jaehrlich'],
  EINMALIG: ['einmalig', 'einmalbeitrag', 'einmal', 'e', 'eb', 'einmalzahlung'],
  BEITRAGSFREI: ['beitragsfrei', 'bfr', 'keine zahlung', 'ohne beitrag'],
}
const STATUS: Woerter<GelieferterVertrag['status']> = {
  AKTIV: [
    'aktiv',
    'laufend',
    'lebend',
    'lfd',
    'in kraft',
    'policiert',
    'bestand',
    'aktuell',
    'laeuft',
    'gueltig',
    'beitragspflichtig',
    'vertrag',
    'a',
  ],
  BEITRAGSFREI: ['beitragsfrei', 'beitragsfrei gestellt', 'bfr', 'stillgelegt'],
  RUHEND: ['ruhend', 'ruht', 'ruhe', 'ausser kraft', 'beitragsruhe'],
  ANTRAG: ['antrag', 'beantragt', 'in bearbeitung', 'eingereicht', 'angebot angenommen', 'antrag gestellt', 'in antrag'],
  STORNIERT: ['storniert', 'storno', 'gekuendigt', 'beendet', 'aufgehoben', 'widerrufen', 'erloschen', 'inaktiv', 'kuendigung', 's'],
  ABGELAUFEN: ['abgelaufen', 'ausgelaufen', 'ablauf'],
  UNBEKANNT: ['nicht bekannt', 'unklar'],
}
const FAMILIENSTAENDE: Woerter<NonNullable<GeliefertePerson['familienstand']>> = {
  LEDIG: ['ledig', 'led', 'l', 'single', 'unverheiratet'],
  VERHEIRATET: ['verheiratet', 'verh', 'vh', 'verpartnert', 'eingetragene lebenspartnerschaft', 'lebenspartnerschaft', 'eingetr lebenspartnerschaft'],
  GESCHIEDEN: ['geschieden', 'gesch', 'gs'],
  VERWITWET: ['verwitwet', 'verw', 'vw', 'witwe', 'witwer'],
  GETRENNT: ['getrennt', 'getrennt lebend', 'dauernd getrennt lebend'],
  SONSTIGES: ['sonstiges', 'sonstige', 'eheaehnlich', 'lebensgemeinschaft', 'in partnerschaft', 'eheaehnliche gemeinschaft'],
}
const ERWERBSSTATUS: Woerter<NonNullable<GeliefertePerson['erwerbsstatus']>> = {
  ANGESTELLT: [
    'angestellt',
    'angestellter',
    'angestellte',
    'arbeiter',
    'arbeiterin',
    'arbeitnehmer',
    'arbeitnehmerin',
    'angestellte r',
    'berufstaetig',
    'oeffentlicher dienst',
    'angestellter oeffentlicher dienst',
  ],
  SELBSTSTAENDIG: [
    'selbststaendig',
    'selbstaendig',
    'selbststaendiger',
    'selbststaendige',
    'selbstaendiger',
    'selbstaendige',
    'freiberufler',
    'freiberuflerin',
    'freiberuflich',
    'unternehmer',
    'unternehmerin',
    'gewerbetreibender',
    'gesellschafter geschaeftsfuehrer',
  ],
  AZUBI: ['azubi', 'auszubildender', 'auszubildende', 'in ausbildung', 'auszubildende r', 'lehrling', 'ausbildung'],
  BEAMTER: ['beamter', 'beamtin', 'verbeamtet', 'beamte', 'beamtenanwaerter', 'beamter auf lebenszeit', 'richter', 'soldat'],
  STUDENT: ['student', 'studentin', 'studierend', 'studierende', 'studierender', 'im studium', 'studium'],
  SCHUELER: ['schueler', 'schuelerin', 'in der schule', 'schule', 'kind'],
  RENTNER: ['rentner', 'rentnerin', 'pensionaer', 'pensionaerin', 'in rente', 'rente', 'pension', 'altersrentner', 'ruhestand', 'im ruhestand'],
  OHNE: ['ohne', 'ohne erwerb', 'arbeitslos', 'arbeitssuchend', 'hausfrau', 'hausmann', 'nicht erwerbstaetig', 'nicht berufstaetig', 'elternzeit'],
}
const ANREDEN: Woerter<NonNullable<GeliefertePerson['anrede']>> = {
  HERR: ['herr', 'herrn', 'hr', 'm', 'mann', 'maennlich', 'mr'],
  FRAU: ['frau', 'fr', 'w', 'f', 'weiblich', 'mrs', 'ms', 'fraeulein'],
  FIRMA: ['firma', 'fa', 'juristische person', 'gesellschaft', 'verein', 'organisation', 'unternehmen', 'gewerbe', 'gewerbekunde', 'firmenkunde'],
}

export const readZahlungsweise = readWoerter(
  ZAHLUNGSWEISEN,
  'Zahlweise',
  'jährlich, halbjährlich, vierteljährlich, monatlich, einmalig, beitragsfrei',
)
export const readStatus = readWoerter(STATUS, 'Vertragsstatus', 'aktiv, beitragsfrei, ruhend, Antrag, storniert, abgelaufen')
export const readFamilienstand = readWoerter(FAMILIENSTAENDE, 'Familienstand', 'ledig, verheiratet, getrennt lebend, geschieden, verwitwet')
export const readErwerbsstatus = readWoerter(
  ERWERBSSTATUS,
  'Erwerbsstatus',
  'angestellt, selbstständig, Beamter, Azubi, Student, Schüler, Rentner, ohne Erwerb',
)
export const readAnrede = readWoerter(ANREDEN, 'Anrede', 'Herr, Frau, Firma')

/** Words that are none of the list are repeated: they are codes of a program, not about a person. */
function readWoerter<T extends string>(woerter: Woerter<T>, was: string, richtig: string): (zelle: string) => Lesung<T | null> {
  const codes = new Map(Object.entries<readonly string[]>(woerter).flatMap(([code, liste]) => liste.map((wort) => [wort, code as T] as const)))
  return (zelle) => {
    if (istLeer(zelle)) return { ok: true, wert: null }
    const code = codes.get(falte(zelle).replace(/^\d+ (?=\D)/, ''))
    if (code !== undefined) return { ok: true, wert: code }
    return { ok: false, fehler: `„${zelle.slice(0, 40)}“ ist als ${was} nicht bekannt. Bekannt sind: ${richtig}.` }
  }
}
