/**
 * The tables as kysely sees them. Dates (`date`) are 'YYYY-MM-DD' text, moments (`timestamptz`) are ISO 8601 UTC text, bigint is number
 * (our numbers stay below 2^53), money is whole cents. A test compares this file with the migrated database.
 */
import type { ColumnType, Generated, JSONColumnType, Selectable } from 'kysely'
import type { Ergebnis, Kanal, Zwischenergebnis } from '../domain/ergebnisse.ts'
import type { Stand, Status } from '../domain/fall.ts'
import type { Signal } from '../domain/messages.ts'
import type { Ursache } from '../domain/stoerungen.ts'
import type { Sparte } from '../domain/sparten.ts'

/** 'YYYY-MM-DD' in Europe/Berlin. */
export type Tag = string
/** ISO 8601, UTC. */
export type Zeitpunkt = string

type Auto<T> = ColumnType<T, T | undefined, T>
type Json<T> = JSONColumnType<T & object, string | undefined, string>

export interface InstallationTable {
  id: Generated<number>
  epoch: Generated<number>
  einrichtung_hash: string | null
  letzte_sicherung_am: Zeitpunkt | null
}

export interface BetriebTable {
  id: Generated<number>
  name: string
  ort: string | null
  bundesland: Auto<string>
  demo: Auto<boolean>
  beginn: Tag
  anlauf_am: Zeitpunkt | null
  tagesquote: number | null
  kundennummer: Auto<number>
  importbremse_prozent: Auto<number>
  erstellt_am: Auto<Zeitpunkt>
}

export type Rolle = 'VERMITTLER' | 'SUPERVISOR'
export interface VermittlerTable {
  id: Generated<number>
  betrieb_id: number
  anmeldung_id: string | null
  vorname: string
  name: string
  email: string
  telefon: string | null
  rolle: Rolle
  aktiv: Auto<boolean>
  einstellungen: Json<Record<string, unknown>>
  erstellt_am: Auto<Zeitpunkt>
}

export interface VersichererTable {
  betrieb_id: number
  vu_nummer: string
  name: string
}

export interface AgenturnummerTable {
  betrieb_id: number
  vu_nummer: string
  nummer: string
  vermittler_id: number
}

export interface RegelTable {
  betrieb_id: number
  gevo: string
  an: Auto<boolean>
  werte: Json<Record<string, unknown>>
  version: Auto<number>
  geaendert_am: Auto<Zeitpunkt>
  geaendert_von: number | null
  prio: number | null
  sperrfrist_monate: number | null
}

/** Written by a trigger on regel. */
export interface RegelStandTable {
  betrieb_id: number
  gevo: string
  version: number
  an: boolean
  werte: Json<Record<string, number>>
  prio: number | null
  sperrfrist_monate: number | null
  am: Auto<Zeitpunkt>
  von: number | null
}

export interface AltbestandTable {
  id: Generated<number>
  betrieb_id: number
  gevo: string
  bis: Tag
  grund: string
  anzahl: number
  am: Auto<Zeitpunkt>
  von: number | null
  zurueckgenommen_am: Zeitpunkt | null
  zurueckgenommen_von: number | null
}

export interface AltbestandSchluesselTable {
  altbestand_id: number
  betrieb_id: number
  schluessel: string
  kunde_id: number
}

export interface HaushaltTable {
  id: Generated<number>
  betrieb_id: number
}

export type Quelle = 'HAND' | 'GDV' | 'BIPRO' | 'CSV' | 'KUNDE' | 'DEMO'
/** Field → where its value comes from, for fields that differ from the row's `quelle`. */
export type Herkunft = Record<string, { quelle: Quelle; am: Tag }>
type Errechnet<T> = ColumnType<T, never, never>
export interface KundeTable {
  id: Generated<number>
  betrieb_id: number
  vermittler_id: number
  haushalt_id: number | null
  nummer: string
  art: 'NATUERLICH' | 'FIRMA'
  status: Auto<'INTERESSENT' | 'AKTIV' | 'EHEMALIG'>
  anrede: 'HERR' | 'FRAU' | 'FIRMA' | null
  titel: string | null
  vorname: string | null
  name: string
  namenszusatz: string | null
  geburtsdatum: Tag | null
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
  kunde_seit: Tag | null
  werbewiderspruch_am: Tag | null
  eingeschraenkt_am: Tag | null
  verstorben_am: Tag | null
  loeschen_ab: Tag | null
  quelle: Auto<Quelle>
  quelle_stand: Tag | null
  suchtext: Auto<string>
  namensschluessel: Errechnet<string>
  anschriftschluessel: Errechnet<string>
  herkunft: Json<Herkunft>
  version: Auto<number>
  erstellt_am: Auto<Zeitpunkt>
  geaendert_am: Auto<Zeitpunkt>
}

export interface KundennummerTable {
  betrieb_id: number
  vu_nummer: string
  nummer: string
  kunde_id: number
}

export interface BeziehungTable {
  id: Generated<number>
  betrieb_id: number
  kunde_id: number
  zu_kunde_id: number
  art: 'EHEPARTNER' | 'KIND' | 'GESETZLICHER_VERTRETER' | 'INHABER'
}

export type Vertragsstatus = 'ANTRAG' | 'AKTIV' | 'BEITRAGSFREI' | 'RUHEND' | 'STORNIERT' | 'ABGELAUFEN' | 'UNBEKANNT'
export type Zahlungsweise = 'JAEHRLICH' | 'HALBJAEHRLICH' | 'VIERTELJAEHRLICH' | 'MONATLICH' | 'EINMALIG' | 'BEITRAGSFREI'
export interface VertragTable {
  id: Generated<number>
  betrieb_id: number
  kunde_id: number
  vu_nummer: string | null
  vsnr: string | null
  vsnr_norm: string | null
  /** Normalised numbers it went under before. */
  vsnr_frueher: Auto<string[]>
  agenturnummer: string | null
  sparte_gdv: string | null
  sparte: Sparte
  produkt: string | null
  beginn: Tag | null
  ablauf: Tag | null
  hauptfaelligkeit: Tag | null
  beitrag_cent: number | null
  zahlungsweise: Zahlungsweise | null
  status: Vertragsstatus
  abgang_am: Tag | null
  bestandsart: 'EIGEN' | 'FREMD'
  verlaengert_sich: 'JA' | 'NEIN' | null
  verlaengert_quelle: 'PERSON' | 'KLAUSEL' | null
  kuendigungsfrist_monate: number | null
  versicherte_person_id: number | null
  versicherte_person_name: string | null
  merkmale: Json<Record<string, unknown>>
  quelle: Auto<Quelle>
  quelle_stand: Tag | null
  bestaetigt_am: Tag | null
  herkunft: Json<Herkunft>
  fehlt_seit: Tag | null
  importquelle_id: number | null
  version: Auto<number>
  erstellt_am: Auto<Zeitpunkt>
  geaendert_am: Auto<Zeitpunkt>
}

export interface EinwilligungTable {
  id: Generated<number>
  betrieb_id: number
  kunde_id: number
  kanal: 'TELEFON' | 'EMAIL' | 'CHAT' | 'SMS'
  text_version: string
  form: string
  erteilt_am: Tag
  widerrufen_am: Tag | null
  letzte_nutzung_am: Tag | null
}

export interface PortalzugangTable {
  kunde_id: number
  betrieb_id: number
  status: 'EINGELADEN' | 'AKTIV' | 'GESPERRT'
  benutzername: string | null
  eingeladen_am: Zeitpunkt | null
  letzte_anmeldung_am: Zeitpunkt | null
}

/** A place in a delivery that could not be read as it stands. */
export interface ImportBefund {
  paket?: number
  zeile?: number
  byte?: number
  feld?: string
  text: string
  /** How often this kind was found; said at the first of the kind. */
  anzahl?: number
}
/** A package of a delivery, as its reader told it. */
export interface ImportPaket {
  nr: number
  vuNummer: string
  absender: string
  zeichensatz: string
  stand: Tag | null
  saetze: number
  abgelehnt: string | null
  summenStimmen: boolean | null
}
/** What a delivery was taken for, source by source: said for it, said for the source, or judged by how much of what is known it brought. */
export interface Beurteilung {
  quelle: number
  name: string
  liefert: Liefert
  woher: 'LIEFERUNG' | 'QUELLE' | 'INHALT'
  bekannt: number
  getroffen: number
}
/** LAEUFT is how an older version names an import under way. */
export type Importstatus =
  | 'LAEUFT'
  | 'WARTET'
  | 'LIEST'
  | 'ZUORDNUNG'
  | 'PRUEFT'
  | 'UEBERNIMMT'
  | 'FERTIG'
  | 'QUARANTAENE'
  | 'VERWORFEN'
  | 'ABGEBROCHEN'
  | 'FEHLER'
export type Importformat = 'GDV' | 'CSV' | 'EXCEL'
export type Liefert = 'BESTAND' | 'AENDERUNG'
/** Why a delivery is not believed, or failed. `n` of `von` contracts, where it counts any. No personal data of customers. */
export interface Importgrund {
  art: 'STATUSWECHSEL' | 'SCHWUND' | 'SUMMEN' | 'VERALTET' | 'FEHLER'
  text: string
  n?: number
  von?: number
  /** The first few contracts it is about, with the status they would get (STATUSWECHSEL). */
  beispiele?: { vertrag: number; nach?: string }[]
}
/** How far an import is. `bytes` read, of import.bytes. */
export interface Fortschritt {
  schritt?: string
  bytes?: number
  saetze?: number
  personen?: number
  vertraege?: number
}
export interface ImportTable {
  id: Generated<number>
  betrieb_id: number
  datei: string
  pruefsumme: string
  status: Importstatus
  zaehler: Json<Record<string, number>>
  befunde: Json<ImportBefund[]>
  von_vermittler_id: number | null
  gestartet_am: Auto<Zeitpunkt>
  beendet_am: Zeitpunkt | null
  format: Importformat | null
  quelle_id: number | null
  liefert: Liefert | null
  stand: Tag | null
  bytes: Auto<number>
  fortschritt: Json<Fortschritt>
  bewegt_am: Auto<Zeitpunkt>
  abbruch_gewuenscht: Auto<boolean>
  anlauf: Auto<number>
  gruende: Json<Importgrund[]>
  vorschlag: JSONColumnType<object, string | null, string | null> | null
  freigegeben_am: Zeitpunkt | null
  freigegeben_von: number | null
  pakete: Json<ImportPaket[]>
  beurteilung: Json<Beurteilung[]>
}

export interface ImportDateiTable {
  import_id: number
  nr: number
  betrieb_id: number
  bytes: Buffer
}

export interface ImportquelleTable {
  id: Generated<number>
  betrieb_id: number
  kennung: string
  name: string
  liefert: Liefert | null
  spalten: JSONColumnType<object, string | null, string | null> | null
  letzter_stand: Tag | null
}

export interface ImportBefundTable {
  import_id: number
  nr: number
  betrieb_id: number
  paket: number | null
  zeile: number | null
  byte: number | null
  feld: string | null
  text: string
}
export interface ImportZeileTable {
  import_id: number
  betrieb_id: number
  art: 'KUNDE' | 'VERTRAG'
  folge: 'NEU' | 'GEAENDERT' | 'FEHLT'
  objekt_id: number
  kunde_id: number
  vorher: JSONColumnType<Record<string, unknown>, string | null, string | null> | null
  nachher: JSONColumnType<Record<string, unknown>, string | null, string | null> | null
}

export type Entscheidung = 'DERSELBE' | 'NEU' | 'ZUSAMMEN' | 'GETRENNT'
export interface ImportZweifelTable {
  id: Generated<number>
  betrieb_id: number
  import_id: number
  art: 'NUMMER' | 'ANSCHRIFT' | 'MEHRERE' | 'HAUSHALT'
  schluessel: string
  kunde_id: number
  kandidaten: number[]
  geliefert: Json<Record<string, unknown>>
  entscheidung: Entscheidung | null
  ziel_kunde_id: number | null
  entschieden_am: Zeitpunkt | null
  entschieden_von: number | null
  uebernommen_am: Zeitpunkt | null
  erstellt_am: Auto<Zeitpunkt>
}

export interface AbweichungTable {
  id: Generated<number>
  betrieb_id: number
  kunde_id: number
  vertrag_id: number | null
  feld: string
  hier: string | null
  geliefert: string
  import_id: number | null
  stand: Tag
  erstellt_am: Auto<Zeitpunkt>
  entscheidung: 'UEBERNEHMEN' | 'BEHALTEN' | null
  entschieden_am: Zeitpunkt | null
  entschieden_von: number | null
}

export interface MahnungTable {
  id: Generated<number>
  betrieb_id: number
  kunde_id: number
  vertrag_id: number
  art: string | null
  grund: string | null
  betrag_cent: number | null
  faellig_am: Tag | null
  gemeldet_am: Tag
}

export interface SchadenTable {
  id: Generated<number>
  betrieb_id: number
  kunde_id: number
  vertrag_id: number
  schadennummer: string
  schaden_am: Tag | null
  gemeldet_am: Tag | null
  ursache: string | null
  erledigt: 'JA' | 'NEIN' | null
  quelle_stand: Tag
}

export interface MaklervollmachtTable {
  id: Generated<number>
  betrieb_id: number
  kunde_id: number
  erteilt_am: Tag
  widerrufen_am: Tag | null
  quelle: Quelle
}

export interface NachtlaufTable {
  id: Generated<number>
  betrieb_id: number
  stichtag: Tag
  anlass: 'PLAN' | 'HAND' | 'WAECHTER'
  status: 'LAEUFT' | 'FERTIG' | 'FEHLER'
  von_vermittler_id: number | null
  gestartet_am: Auto<Zeitpunkt>
  beendet_am: Zeitpunkt | null
  zaehler: Json<Record<string, number>>
}

export interface NachtlaufGevoTable {
  nachtlauf_id: number
  betrieb_id: number
  gevo: string
  regel_version: number
  gefunden: Auto<number>
  eroeffnet: Auto<number>
  behalten: Auto<number>
  gesperrt: Auto<number>
  wartend: Auto<number>
  beendet: Auto<number>
  entfallen: Auto<number>
  unbekannt: Auto<number>
  dauer_ms: Auto<number>
  fertig: Auto<boolean>
  /** Missing fields ("status,beginn") → customers, while the night is under way. */
  unentschieden: Json<Record<string, number[]>> | null
}

export interface FallTable {
  id: Generated<number>
  betrieb_id: number
  vermittler_id: number
  kunde_id: number
  vertrag_id: number | null
  gevo: string
  schluessel: string
  regel_version: Auto<number>
  prio: number
  befund: Json<Record<string, unknown>>
  unbekannt: Auto<string[]>
  frist: Tag | null
  bearbeiten_bis: Tag | null
  stichtag: Tag
  eroeffnet_am: Auto<Zeitpunkt>
  nachtlauf_id: number | null
  epoch: number
  version: Auto<number>
  status: Status
  erinnerung_am: Zeitpunkt | null
  offene_vorgaenge: Auto<number>
  /** Of these, whose moment has come: by trigger. */
  faellige_vorgaenge: ColumnType<number, never, never>
  befund_entfallen_am: Zeitpunkt | null
  eskaliert_am: Tag | null
  versuche: Auto<number>
  ergebnis: Ergebnis | null
  dokumentiert_am: Zeitpunkt | null
  sperre_bis: Tag | null
  geschlossen_am: Zeitpunkt | null
  geschlossen_grund: string | null
  sperre_aufgehoben_am: Zeitpunkt | null
  /** "Weber, Anna" of the customer, by trigger: the lists' last sort key. */
  sortiername: ColumnType<string, never, never>
}

/** Rows that add up (see fallzaehler.ts), written by triggers. */
export interface FallZaehlerTable {
  betrieb_id: number
  vermittler_id: number | null
  gevo: string
  status: Status
  wartet: boolean
  frist: Tag | null
  stichtag: Tag | null
  n: number
  gefaltet: Auto<boolean>
}

/** Sums of fall_zaehler's folded rows, kept by whoever folds. */
export interface FallSummeTable {
  betrieb_id: number
  vermittler_id: number | null
  gevo: string
  dokumentiert: boolean
  wartet: boolean
  stichtag: Tag | null
  n: number
}

export interface VorgangTable {
  id: Generated<number>
  betrieb_id: number
  fall_id: number
  kunde_id: number
  vermittler_id: number
  titel: string
  notiz: string | null
  status: 'OFFEN' | 'FAELLIG' | 'ERLEDIGT' | 'GELOESCHT'
  faellig_am: Zeitpunkt
  faellig_geworden_am: Zeitpunkt | null
  mail_id: number | null
  erledigt_am: Zeitpunkt | null
  erstellt_am: Auto<Zeitpunkt>
}

export interface AktionTable {
  betrieb_id: number
  id: string
  antwort: JSONColumnType<object, string | null, string> | null
  am: Auto<Zeitpunkt>
}

export interface MailTable {
  id: Generated<number>
  betrieb_id: number
  art: 'KUNDE' | 'ERINNERUNG' | 'ZUGANG' | 'STOERUNG'
  kunde_id: number | null
  fall_id: number | null
  vermittler_id: number | null
  an: string
  betreff: string
  inhalt: string
  status: Auto<'GEPLANT' | 'SENDET' | 'GESENDET' | 'ABGELEGT' | 'FEHLER' | 'UNGEWISS'>
  senden_ab: Auto<Zeitpunkt>
  versuche: Auto<number>
  /** Tries begun by a person, from 1. */
  anlauf: Auto<number>
  uebergeben_am: Zeitpunkt | null
  gesendet_am: Zeitpunkt | null
  anbieter_id: string | null
  fehler: string | null
  erstellt_am: Auto<Zeitpunkt>
}

export interface KontaktTable {
  id: Generated<number>
  betrieb_id: number
  kunde_id: number
  fall_id: number | null
  vermittler_id: number | null
  kanal: Kanal
  richtung: Auto<'AUS' | 'EIN'>
  ergebnis: Zwischenergebnis
  versuch: number | null
  notiz: string | null
  mail_id: number | null
  einwilligung_id: number | null
  am: Auto<Zeitpunkt>
}

export interface DokumentationTable {
  id: Generated<number>
  betrieb_id: number
  kunde_id: number
  fall_id: number
  vermittler_id: number | null
  kanal: Kanal | null
  ergebnis: Ergebnis
  notiz: string | null
  anlass: string | null
  wuensche: string | null
  rat: string | null
  gruende: string | null
  entscheidung: string | null
  sperre_bis: Tag | null
  erledigte_vorgaenge: Auto<number[]>
  am: Auto<Zeitpunkt>
}

export interface ProtokollAnkerTable {
  id: Generated<number>
  betrieb_id: number
  bis_id: number
  zeilen: number
  hash: Buffer
  am: Auto<Zeitpunkt>
}

export type ProtokollQuelle = 'KLICK' | 'TIMER' | 'SIGNAL' | 'NACHT' | 'BESTAND'
export interface ProtokollTable {
  id: Generated<number>
  betrieb_id: number
  fall_id: number
  kunde_id: number
  ereignis: string
  version: number
  quelle: ProtokollQuelle
  vermittler_id: number | null
  codes: Json<Record<string, unknown>>
  inhalt: JSONColumnType<object, string | null, string | null> | null
  inhalt_hash: ColumnType<Buffer | null, never, never>
  am: Auto<Zeitpunkt>
  hash: ColumnType<Buffer, never, never>
}

export interface OutboxTable {
  id: Generated<number>
  betrieb_id: number
  spur: Auto<number>
  art: 'FALL' | 'MAIL' | 'NACHTLAUF' | 'IMPORT'
  ziel: number
  signal: Signal | null
  stand: JSONColumnType<Stand, string | null, string | null> | null
  erstellt_am: Auto<Zeitpunkt>
  versuche: Auto<number>
  naechster_versuch_am: Auto<Zeitpunkt>
  zugestellt_am: Zeitpunkt | null
  fehler: string | null
}

/** One row: what the worker that wrote last knows. */
export interface HerzschlagTable {
  id: Generated<number>
  am: Zeitpunkt
  version: string
  revision: number
  temporal_weg_seit: Zeitpunkt | null
  temporal_version: string | null
  temporal_ui: string | null
  platte_frei: number | null
  platte_gesamt: number | null
}

export interface StoerungTable {
  id: Generated<number>
  betrieb_id: number | null
  ursache: Ursache
  kennung: Auto<string>
  codes: Json<Record<string, string | number | null>>
  seit: Auto<Zeitpunkt>
  beendet_am: Zeitpunkt | null
  gemailt_am: Zeitpunkt | null
}

export interface Schema {
  installation: InstallationTable
  betrieb: BetriebTable
  vermittler: VermittlerTable
  versicherer: VersichererTable
  agenturnummer: AgenturnummerTable
  regel: RegelTable
  regel_stand: RegelStandTable
  altbestand: AltbestandTable
  altbestand_schluessel: AltbestandSchluesselTable
  haushalt: HaushaltTable
  kunde: KundeTable
  kundennummer: KundennummerTable
  beziehung: BeziehungTable
  vertrag: VertragTable
  einwilligung: EinwilligungTable
  portalzugang: PortalzugangTable
  import: ImportTable
  import_befund: ImportBefundTable
  import_datei: ImportDateiTable
  importquelle: ImportquelleTable
  import_zeile: ImportZeileTable
  import_zweifel: ImportZweifelTable
  abweichung: AbweichungTable
  mahnung: MahnungTable
  schaden: SchadenTable
  maklervollmacht: MaklervollmachtTable
  nachtlauf: NachtlaufTable
  nachtlauf_gevo: NachtlaufGevoTable
  fall: FallTable
  fall_zaehler: FallZaehlerTable
  fall_summe: FallSummeTable
  herzschlag: HerzschlagTable
  stoerung: StoerungTable
  vorgang: VorgangTable
  aktion: AktionTable
  mail: MailTable
  kontakt: KontaktTable
  dokumentation: DokumentationTable
  protokoll: ProtokollTable
  protokoll_anker: ProtokollAnkerTable
  outbox: OutboxTable
}

export type FallRow = Selectable<FallTable>
export type KundeRow = Selectable<KundeTable>
export type VertragRow = Selectable<VertragTable>
