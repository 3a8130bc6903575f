/** A customer's data as a person types them into the form: codes with their words, and the reading of the form. */
import { type Lesung, readEmail, readTag, readTelefon, readText, readWahl } from './eingabe.ts'

export const ARTEN = { NATUERLICH: 'Person', FIRMA: 'Firma' } as const
export const ANREDEN = { FRAU: 'Frau', HERR: 'Herr', FIRMA: 'Firma' } as const
export const KUNDENSTATUS = { AKTIV: 'Kunde', INTERESSENT: 'Interessent', EHEMALIG: 'ehemalig' } as const
export const FAMILIENSTAENDE = {
  LEDIG: 'ledig',
  VERHEIRATET: 'verheiratet',
  GETRENNT: 'getrennt lebend',
  GESCHIEDEN: 'geschieden',
  VERWITWET: 'verwitwet',
  SONSTIGES: 'sonstiges',
} as const
export const ERWERBSSTATUS = {
  ANGESTELLT: 'angestellt',
  SELBSTSTAENDIG: 'selbstständig',
  BEAMTER: 'verbeamtet',
  AZUBI: 'in Ausbildung',
  STUDENT: 'im Studium',
  SCHUELER: 'in der Schule',
  RENTNER: 'in Rente',
  OHNE: 'ohne Erwerb',
} as const

export interface Kundendaten {
  art: keyof typeof ARTEN
  status: keyof typeof KUNDENSTATUS
  anrede: keyof typeof ANREDEN | null
  titel: string | null
  vorname: string | null
  name: string
  namenszusatz: string | null
  geburtsdatum: string | null
  strasse: string | null
  plz: string | null
  ort: string | null
  land: string | null
  telefon: string | null
  mobil: string | null
  email: string | null
  familienstand: keyof typeof FAMILIENSTAENDE | null
  erwerbsstatus: keyof typeof ERWERBSSTATUS | null
  beruf: string | null
  kunde_seit: string | null
  werbewiderspruch_am: string | null
  eingeschraenkt_am: string | null
  verstorben_am: string | null
}

/** What the browser sent: one text for each field. */
export type Eingabe = Readonly<Record<string, string>>
/** One German sentence for each field that could not be taken. */
export type Fehler = Readonly<Record<string, string>>
export type Gelesen<T> = { ok: true; werte: T } | { ok: false; fehler: Fehler }

/** Field names as people see them, in the order of the form. */
export const KUNDENFELDER: Readonly<Record<keyof Kundendaten, string>> = {
  art: 'Art',
  status: 'Status',
  anrede: 'Anrede',
  titel: 'Titel',
  vorname: 'Vorname',
  name: 'Name',
  namenszusatz: 'Namenszusatz',
  geburtsdatum: 'Geburtsdatum',
  telefon: 'Telefon',
  mobil: 'Mobil',
  email: 'E-Mail',
  strasse: 'Straße und Hausnummer',
  plz: 'Postleitzahl',
  ort: 'Ort',
  land: 'Land, wenn nicht Deutschland',
  familienstand: 'Familienstand',
  erwerbsstatus: 'Erwerbsstatus',
  beruf: 'Beruf',
  kunde_seit: 'Kunde seit',
  werbewiderspruch_am: 'Widerspruch gegen Werbung am',
  eingeschraenkt_am: 'Verarbeitung eingeschränkt am',
  verstorben_am: 'Verstorben am',
}

/** `heute` in Europe/Berlin. A company has no first name, no birthday and no family. */
export function readKunde(eingabe: Eingabe, heute: string): Gelesen<Kundendaten> {
  const { lies, fehler, text } = leser(eingabe)
  const art = eingabe['art'] === 'FIRMA' ? 'FIRMA' : 'NATUERLICH'
  const person = art === 'NATUERLICH'
  const name = lies('name', readText(text('name'), 120))
  if (name === null && !fehler['name']) fehler['name'] = person ? 'Der Nachname fehlt.' : 'Der Name der Firma fehlt.'
  const werte: Kundendaten = {
    art,
    status: lies('status', readWahl(text('status'), codes(KUNDENSTATUS))) ?? 'AKTIV',
    anrede: person ? lies('anrede', readWahl(text('anrede'), ['FRAU', 'HERR'] as const)) : 'FIRMA',
    titel: person ? lies('titel', readText(text('titel'), 40)) : null,
    vorname: person ? lies('vorname', readText(text('vorname'))) : null,
    name: name ?? '',
    namenszusatz: lies('namenszusatz', readText(text('namenszusatz'))),
    geburtsdatum: person ? lies('geburtsdatum', notAfter(readTag(text('geburtsdatum'), heute, 'VERGANGEN'), heute)) : null,
    strasse: lies('strasse', readText(text('strasse'))),
    plz: lies('plz', readPlz(text('plz'), text('land'))),
    ort: lies('ort', readText(text('ort'))),
    land: lies('land', istDeutschland(text('land')) ? { ok: true, wert: null } : readText(text('land'), 40)),
    telefon: lies('telefon', readTelefon(text('telefon'))),
    mobil: lies('mobil', readTelefon(text('mobil'))),
    email: lies('email', readEmail(text('email'))),
    familienstand: person ? lies('familienstand', readWahl(text('familienstand'), codes(FAMILIENSTAENDE))) : null,
    erwerbsstatus: person ? lies('erwerbsstatus', readWahl(text('erwerbsstatus'), codes(ERWERBSSTATUS))) : null,
    beruf: person ? lies('beruf', readText(text('beruf'))) : null,
    kunde_seit: lies('kunde_seit', notAfter(readTag(text('kunde_seit'), heute, 'VERGANGEN'), heute)),
    werbewiderspruch_am: lies('werbewiderspruch_am', notAfter(readTag(text('werbewiderspruch_am'), heute, 'VERGANGEN'), heute)),
    eingeschraenkt_am: lies('eingeschraenkt_am', notAfter(readTag(text('eingeschraenkt_am'), heute, 'VERGANGEN'), heute)),
    verstorben_am: lies('verstorben_am', notAfter(readTag(text('verstorben_am'), heute, 'VERGANGEN'), heute)),
  }
  return Object.keys(fehler).length > 0 ? { ok: false, fehler } : { ok: true, werte }
}

/** Collects the errors while the fields of a form are read one by one. */
export function leser(eingabe: Eingabe): {
  lies: <T>(feld: string, lesung: Lesung<T>) => T | null
  fehler: Record<string, string>
  text: (feld: string) => string
} {
  const fehler: Record<string, string> = {}
  return {
    fehler,
    text: (feld) => eingabe[feld] ?? '',
    lies: (feld, lesung) => {
      if (lesung.ok) return lesung.wert
      fehler[feld] = lesung.fehler
      return null
    },
  }
}

export function codes<T extends string>(liste: Readonly<Record<T, string>>): T[] {
  return Object.keys(liste) as T[]
}

function notAfter(lesung: Lesung<string | null>, heute: string): Lesung<string | null> {
  if (!lesung.ok || lesung.wert === null || lesung.wert <= heute) return lesung
  return { ok: false, fehler: `Das Datum ${lesung.wert.split('-').reverse().join('.')} liegt in der Zukunft.` }
}

/** Nothing, or the country as insurers ("D") and people ("Deutschland") write it. */
export function istDeutschland(land: string | null): boolean {
  return ['', 'D', 'DE', 'DEUTSCHLAND'].includes((land ?? '').trim().toUpperCase())
}

function readPlz(text: string, land: string): Lesung<string | null> {
  const roh = text.trim()
  if (roh !== '' && istDeutschland(land) && !/^\d{5}$/.test(roh))
    return { ok: false, fehler: `„${roh}“ ist keine deutsche Postleitzahl. Richtig sind fünf Ziffern, zum Beispiel 20095.` }
  return readText(roh, 10)
}
