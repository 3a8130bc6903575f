/**
 * What every reader hands over, whatever the format (GDV, CSV, Excel): messages in the order of the file, so that memory stays flat.
 * Rows point at each other by `nr`, never by place in an array. What is not said is null, never guessed.
 */
import type { Merkmale } from '../domain/merkmale.ts'
import type { Sparte } from '../domain/sparten.ts'

export type Meldung =
  | { art: 'paket'; paket: Paketkopf }
  | { art: 'person'; person: GeliefertePerson }
  | { art: 'vertrag'; vertrag: GelieferterVertrag }
  | { art: 'mahnung'; mahnung: GelieferteMahnung }
  | { art: 'schaden'; schaden: GelieferterSchaden }
  | { art: 'befund'; befund: Befund }
  | { art: 'paketEnde'; paket: Paketende }

/** What was wrong or doubtful, for the Supervisor. `byte` counts from 1, `feld` is the field's German name. No personal data in `text`. */
export interface Befund {
  paket: number | null
  zeile: number | null
  byte: number | null
  feld: string | null
  text: string
}

/** A delivery of one sender. A CSV or Excel file is one package. */
export interface Paketkopf {
  nr: number
  /** '' where the file does not say (CSV: the insurer stands in each row). */
  vuNummer: string
  absender: string
  zeichensatz: string
  /** Last day the package speaks of, null where unreadable. */
  stand: string | null
}

export interface Paketende {
  nr: number
  /** Records (GDV) or rows (CSV) read. */
  saetze: number
  /** Why nothing of it may be stored; what was handed over before is to be thrown away. */
  abgelehnt: string | null
  /** Whether the sender's control totals agree; null where it sends none. */
  summenStimmen: boolean | null
}

/** A person or firm in a role. The same one comes as often as it was delivered. */
export interface GeliefertePerson {
  /** Unique in the file. */
  nr: number
  paket: number
  zeile: number
  vuNummer: string
  /** 'VN' Versicherungsnehmer, 'VP' versicherte Person, 'ZAHLER', 'SONSTIGE'. */
  rolle: 'VN' | 'VP' | 'ZAHLER' | 'SONSTIGE'
  /** Who looks after the customer at this insurer (GDV bytes 33–42). */
  agenturnummer: string | null
  nummerVersicherer: string | null
  /** The customer's number in the Vermittler's own program. */
  nummerVermittler: string | null
  art: 'NATUERLICH' | 'FIRMA'
  anrede: 'HERR' | 'FRAU' | 'FIRMA' | null
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
  familienstand: 'LEDIG' | 'VERHEIRATET' | 'GESCHIEDEN' | 'VERWITWET' | 'GETRENNT' | 'SONSTIGES' | null
  erwerbsstatus: 'ANGESTELLT' | 'SELBSTSTAENDIG' | 'AZUBI' | 'BEAMTER' | 'STUDENT' | 'SCHUELER' | 'RENTNER' | 'OHNE' | null
  beruf: string | null
  /** Only CSV and Excel bring these. */
  kundeSeit: string | null
  einwilligungen: { kanal: 'TELEFON' | 'EMAIL' | 'CHAT' | 'SMS'; erteiltAm: string; form: string }[]
  maklervollmachtAm: string | null
}

export interface GelieferterVertrag {
  paket: number
  zeile: number
  /** `nr` of the Versicherungsnehmer; null where the delivery holds no address for it. */
  person: number | null
  vuNummer: string
  vsnr: string
  vsnrNorm: string
  /** The number this contract had before, or will have (GDV 0200 bytes 209–226), normalised. */
  vsnrAlt: string | null
  vsnrNeu: string | null
  agenturnummer: string | null
  nummerVersicherer: string | null
  nummerVermittler: string | null
  sparteGdv: string | null
  sparte: Sparte
  bestandsart: 'EIGEN' | 'FREMD'
  produkt: string | null
  beginn: string | null
  ablauf: string | null
  hauptfaelligkeit: string | null
  /** What is paid each time (see zahlungsweise), without Versicherungsteuer. */
  beitragCent: number | null
  zahlungsweise: 'JAEHRLICH' | 'HALBJAEHRLICH' | 'VIERTELJAEHRLICH' | 'MONATLICH' | 'EINMALIG' | 'BEITRAGSFREI' | null
  status: 'ANTRAG' | 'AKTIV' | 'BEITRAGSFREI' | 'RUHEND' | 'STORNIERT' | 'ABGELAUFEN' | 'UNBEKANNT'
  abgangAm: string | null
  /** What a clause of the contract says; null leaves the default of the Sparte. */
  verlaengertSich: 'JA' | 'NEIN' | null
  kuendigungsfristMonate: number | null
  versicherte: { name: string; vorname: string | null; geburtsdatum: string | null }[]
  merkmale: Merkmale
}

/** GDV 0400: a premium that was not paid. */
export interface GelieferteMahnung {
  paket: number
  zeile: number
  vuNummer: string
  vsnrNorm: string
  sparteGdv: string | null
  /** Raw codes: what kind of debit, why it came back. */
  art: string | null
  grund: string | null
  betragCent: number | null
  faelligAm: string | null
}

/** GDV 0500. */
export interface GelieferterSchaden {
  paket: number
  zeile: number
  vuNummer: string
  vsnrNorm: string
  sparteGdv: string | null
  schadennummer: string
  schadenAm: string | null
  gemeldetAm: string | null
  /** Raw code of the cause. */
  ursache: string | null
  erledigt: 'JA' | 'NEIN' | null
}
