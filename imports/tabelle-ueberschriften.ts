/** How German broker programs, pools and people name the columns of their tables. Compared folded and without blanks (see `toKey`). */
import { falte } from '../domain/suchtext.ts'
import type { Tabellenfeld } from '../domain/tabellenfelder.ts'

export const NAMEN: Readonly<Record<Tabellenfeld, string>> = {
  name: 'Name, Nachname, Familienname, Zuname, Name 1, Kundenname, Firma, Firmenname, Nachname/Firma, Name/Firma, Firma/Nachname, Last Name, Name des Kunden',
  vorname: 'Vorname, Vornamen, Rufname, First Name, Vor-Name, Vorname(n)',
  vollname:
    'Vollständiger Name, Name Vorname, Nachname Vorname, Vorname Nachname, Vorname Name, Vor- und Nachname, Vor- und Zuname, Name und Vorname, Kunde, Versicherungsnehmer, VN, Name VN, VN Name, Name Versicherungsnehmer, Versicherungsnehmer Name, Kunde Name, Mandant',
  anrede: 'Anrede, Anredeschlüssel, Geschlecht, Salutation',
  titel: 'Titel, Akad. Titel, Akademischer Titel, Akad. Grad',
  namenszusatz: 'Namenszusatz, Name 2, Name 3, Firmenzusatz, Adresszusatz, Zusatz',
  kundenart: 'Kundenart, Personenart, Kundentyp, Personentyp, Privat/Firma, Privat/Gewerbe, Rechtsform, Art des Kunden',
  geburtsdatum:
    'Geburtsdatum, Geb.-Datum, Geb.Datum, Geb., Geb.-Dat., Gebdat, Geboren, Geboren am, Geburtstag, GebTag, Geburtsdatum Kunde, Geb.-Datum VN, Geburtsdatum VN, Birthday',
  kundennummer:
    'Kundennummer, Kundennr., Kunden-Nr., Kunden-Nummer, Kd.-Nr., Kd-Nummer, KNr., Kunden-ID, KundeID, Kunde Nr., Mandantennummer, Mandanten-Nr., Mandanten-ID, Interne Kundennummer, Kundennummer intern, Maklerkundennummer, Eigene Kundennummer, Kundennummer Makler, Kundennummer Vermittler, Personennummer, Adressnummer, Adress-Nr.',
  nummerVersicherer:
    'Kundennummer Versicherer, Kundennummer beim Versicherer, Kundennummer VU, Kundennr. VU, Kunden-Nr. VU, VU-Kundennummer, Kundennummer Gesellschaft, Kundennr. Gesellschaft, Partnernummer VU, Partnernummer',
  strasse: 'Straße, Str., Straße und Hausnummer, Straße Hausnummer, Straße/Hausnummer, Straße/Nr., Straße Hausnr., Wohnstraße',
  hausnummer: 'Hausnummer, Hausnr., Haus-Nr., HNr., Haus Nr.',
  plz: 'PLZ, Postleitzahl, ZIP, Postal Code',
  ort: 'Ort, Wohnort, Stadt, City, Wohnsitz, Ortsname',
  plzOrt: 'PLZ Ort, PLZ/Ort, PLZ und Ort, Postleitzahl Ort, Postleitzahl und Ort',
  anschrift: 'Anschrift, Adresse, Wohnanschrift, Postanschrift, Kundenanschrift',
  land: 'Land, Länderkennzeichen, LKZ, Staat, Country',
  telefon:
    'Telefon, Tel., Telefonnummer, Telefonnr., Tel.-Nr., Telefon privat, Tel. privat, Festnetz, Rufnummer, Telefon 1, Phone, Festnetznummer, Telefon Festnetz',
  mobil:
    'Mobil, Handy, Mobiltelefon, Mobilnummer, Handynummer, Handy-Nr., Mobilfunk, Mobilfunknummer, Telefon mobil, Tel. mobil, Mobil privat, Mobile',
  email: 'E-Mail, Email, Mail, E-Mail-Adresse, Emailadresse, Mailadresse, E-Mail privat, Mail privat, E-Mail 1',
  familienstand: 'Familienstand, Fam.-Stand, Famstand, FamSt.',
  erwerbsstatus:
    'Erwerbsstatus, Berufsstatus, Berufsstand, Berufsgruppe, Beschäftigungsverhältnis, Berufliche Stellung, Stellung im Beruf, Berufsstellung, Beschäftigung, Tätigkeitsstatus, Sozialstatus',
  beruf: 'Beruf, Tätigkeit, Berufsbezeichnung, Ausgeübter Beruf, Ausgeübte Tätigkeit, Job',
  kundeSeit: 'Kunde seit, Kundeseit, Mandant seit, Kunde ab, Kundenbeziehung seit',
  einwilligungTelefon:
    'Einwilligung Telefon, Einwilligung Tel., Telefon erlaubt, Telefonwerbung, Werbung Telefon, Werbeeinwilligung Telefon, Opt-in Telefon, Telefoneinwilligung, Einwilligung Telefon am, EW Telefon, Telefonische Kontaktaufnahme erlaubt, Einwilligung Werbung Telefon',
  einwilligungEmail:
    'Einwilligung E-Mail, Einwilligung Mail, E-Mail erlaubt, E-Mail-Werbung, Werbung E-Mail, Werbeeinwilligung E-Mail, Opt-in E-Mail, E-Mail-Einwilligung, Newsletter, Einwilligung E-Mail am, EW E-Mail, Einwilligung Werbung E-Mail',
  einwilligungSms: 'Einwilligung SMS, SMS erlaubt, Werbung SMS, Werbeeinwilligung SMS, Opt-in SMS, EW SMS',
  einwilligungChat: 'Einwilligung Chat, Einwilligung WhatsApp, Einwilligung Messenger, Opt-in Chat, Opt-in WhatsApp, EW Chat, WhatsApp erlaubt',
  einwilligungWege:
    'Einwilligung, Einwilligungen, Werbeeinwilligung, Einwilligung Kanal, Einwilligung Kanäle, Einwilligung Wege, Einwilligung Weg, Kontakteinwilligung, Opt-in',
  einwilligungAm:
    'Einwilligung am, Einwilligung vom, Einwilligung Datum, Datum Einwilligung, Datum der Einwilligung, Einwilligung erteilt am, Einwilligungsdatum, Werbeeinwilligung am, Werbeeinwilligung vom, Werbeeinwilligung Datum, Opt-in Datum',
  einwilligungForm:
    'Einwilligung Form, Form der Einwilligung, Einwilligung Nachweis, Nachweis Einwilligung, Nachweis der Einwilligung, Einwilligung Art, Nachweis, Einwilligungsnachweis',
  maklervollmachtAm:
    'Maklervollmacht, Maklervollmacht am, Maklervollmacht vom, Maklervollmacht Datum, Datum Maklervollmacht, Maklervertrag, Maklervertrag vom, Maklervertrag Datum, Maklermandat, Maklerauftrag, Maklerauftrag vom, Vollmacht, Vollmacht vom, Vollmacht am, Mandat vom, MVV, Maklervollmacht erteilt am',
  vsnr: 'Versicherungsscheinnummer, Versicherungsschein-Nr., Versicherungsschein, VS-Nr., VSNR, VSN, Vers.-Nr., Versicherungsnummer, Versicherungs-Nr., Vertragsnummer, Vertragsnr., Vertrags-Nr., Vertrag Nr., Policennummer, Policen-Nr., Police, Police Nr., Policennr., Schein, Scheinnummer, Schein-Nr., Vers.-Schein-Nr., Versicherungsschein Nummer, Vers.-Scheinnr., VS-Nummer, Vertrags-Nummer, Policy',
  vsnrAlt:
    'Alte Vertragsnummer, Alte Versicherungsscheinnummer, Alte VSNR, VSNR alt, Vertragsnummer alt, Vorherige Vertragsnummer, Frühere Vertragsnummer, Ersatz für, Vorvertragsnummer',
  versicherer:
    'Versicherer, Gesellschaft, Versicherungsgesellschaft, VU, Anbieter, Produktgeber, Risikoträger, VU-Name, VU Name, Name VU, Versicherungsunternehmen, Versicherer Name, Name Versicherer, Ges., Gesellschaftsname, Produktanbieter, Vers.-Gesellschaft',
  vuNummer:
    'VU-Nr., VU-Nummer, VUNR, VU Nummer, VU-Nummer BaFin, BaFin-Nr., BaFin-Nummer, Versicherernummer, Versicherer-Nr., Gesellschaftsnummer, Gesellschafts-Nr., VU-Schlüssel',
  agenturnummer:
    'Agenturnummer, Agentur-Nr., Agenturnr., Agentur, Vermittlernummer, Vermittler-Nr., Vermittlernr., VM-Nr., VM-Nummer, ADP-Nummer, ADP-Nr.',
  sparte:
    'Sparte, Versicherungssparte, Sparten, Risikoart, Versicherungsart, Vers.-Art, Produktart, Vertragsart, Spartenbezeichnung, Produktsparte, Sparte Bezeichnung, Versicherungszweig, Zweig, Spartenname, Sparte Name',
  produkt: 'Produkt, Tarif, Produktname, Tarifname, Produkt/Tarif, Tarifbezeichnung, Produktbezeichnung',
  beginn: 'Beginn, Vertragsbeginn, Versicherungsbeginn, Beginndatum, Beginn-Datum, Gültig ab, Vers.-Beginn, Laufzeit von, Vertrag ab, Beginn Vertrag',
  ablauf:
    'Ablauf, Vertragsablauf, Ablaufdatum, Vertragsende, Ende, Laufzeit bis, Gültig bis, Versicherungsablauf, Vers.-Ablauf, Ablauf Vertrag, Vertrag bis, Endalter/Ablauf',
  hauptfaelligkeit: 'Hauptfälligkeit, HF, Fälligkeit, Hauptfälligkeitsdatum, Nächste Hauptfälligkeit, Haupt-Fälligkeit, HFD',
  beitrag:
    'Beitrag, Prämie, Zahlbeitrag, Nettobeitrag, Beitrag netto, Nettoprämie, Prämie netto, Beitrag lt. Zahlweise, Beitrag gem. Zahlweise, Beitrag laut Zahlweise, Beitrag je Zahlung, Rate, Beitrag nach Zahlweise, Zahlbeitrag netto, Ratenbeitrag, Zahlungsbetrag',
  jahresbeitrag:
    'Jahresbeitrag, Jahresprämie, Beitrag p.a., Prämie p.a., Beitrag jährlich, Beitrag pro Jahr, Beitrag im Jahr, Jahresbeitrag netto, Jahresnettobeitrag, Nettojahresbeitrag, JB, Jahresnettoprämie, Beitrag/Jahr',
  beitragBrutto: 'Bruttobeitrag, Beitrag brutto, Bruttoprämie, Prämie brutto, Zahlbeitrag brutto, Beitrag inkl. Steuer, Beitrag inkl. VSt.',
  zahlungsweise: 'Zahlungsweise, Zahlweise, ZW, Zahlungsrhythmus, Zahlungsperiode, Zahlungsintervall, Zahlungsart/-weise, Zahlw.',
  status: 'Status, Vertragsstatus, Vertragszustand, Zustand, Status Vertrag, Vertrag Status',
  abgangAm:
    'Storno zum, Storno am, Storniert am, Storniert zum, Stornodatum, Gekündigt zum, Kündigung zum, Abgangsdatum, Abgang, Abgang am, Beendet am, Beendet zum',
  bestandsart:
    'Bestandsart, Eigen/Fremd, Eigen oder fremd, Eigen- oder Fremdvertrag, Eigen-/Fremdvertrag, Bestand, Vertragsherkunft, Eigenbestand/Fremdbestand',
  fremdvertrag: 'Fremdvertrag, Fremd, Fremdbestand, Ist Fremdvertrag, Fremdvertrag ja/nein',
  verlaengertSich:
    'Verlängert sich, Automatische Verlängerung, Verlängerung, Verlängerungsklausel, Stillschweigende Verlängerung, Autom. Verlängerung',
  kuendigungsfristMonate: 'Kündigungsfrist, Kündigungsfrist Monate, Kündigungsfrist in Monaten, Kündigungsfrist (Monate)',
  versichertePerson: 'Versicherte Person, VP, VP Name, Name VP, Versicherter, Versicherte, Name versicherte Person, Versicherte Person Name',
  versichertePersonGeburt:
    'Geburtsdatum VP, Geb.-Datum VP, VP Geburtsdatum, VP Geb.-Datum, Geburtsdatum versicherte Person, Versicherte Person Geburtsdatum, Geburtsdatum der versicherten Person',
  antragsdatum: 'Antragsdatum, Antrag vom, Antrag am, Datum Antrag, Antragstellung',
  summe: 'Versicherungssumme, Vers.-Summe, Deckungssumme, Summe, Versicherungssumme EUR, Todesfallsumme',
  wohnflaeche: 'Wohnfläche, Wohnfläche qm, Wohnfläche m², qm, m², Quadratmeter, Wohnfl.',
  elementar: 'Elementar, Elementarschaden, Elementarschäden, Elementardeckung, Elementar eingeschlossen, Elementar versichert, Naturgefahren',
  unterversicherungsverzicht: 'Unterversicherungsverzicht, UVV, Unterversicherungsverzicht ja/nein',
  familie: 'Familie, Familientarif, Familiendeckung, Partner mitversichert, Familie mitversichert, Single/Familie',
  kennzeichen: 'Kennzeichen, Amtliches Kennzeichen, Kfz-Kennzeichen, Amtl. Kennzeichen, Amtl. Kz., KFZ-Kz.',
  sfKh: 'SF, SF-Klasse, SF KH, SF Haftpflicht, SF-Klasse KH, SF-Klasse Haftpflicht, SFR KH, SF-Klasse KFZ-Haftpflicht, SFR Haftpflicht',
  sfVk: 'SF VK, SF Vollkasko, SF-Klasse VK, SF-Klasse Vollkasko, SFR VK, SF Kasko, SFR Vollkasko',
  risikoanschrift: 'Risikoort, Risikoanschrift, Risikoadresse, Objektanschrift, Versicherungsort, Objekt, Anschrift Risiko, Objektadresse',
}

/** Known, and left out: nothing here needs them, or nobody should keep them. */
const UEBERGANGEN =
  'IBAN, BIC, Bank, Bankverbindung, Bankname, Kontonummer, Konto, BLZ, Kontoinhaber, Zahlungsart, Lastschrift, SEPA, SEPA-Mandat, lfd. Nr., Lfd.Nr., Nr., ID, Provision, Courtage, Courtagesatz, Bestandscourtage, Bemerkung, Bemerkungen, Notiz, Notizen, Kommentar, Anmerkung, Anmerkungen, Betreuer, Vermittler, Berater, Kundenbetreuer, Stand, Steuer-ID, Steuernummer, Sozialversicherungsnummer, Personalausweis, Ausweisnummer, Fax, Telefax, Faxnummer, Briefanrede, Alter, Erstellt am, Geändert am, Nationalität, Staatsangehörigkeit, Kundenstatus, Status Kunde'

const FELD_VON = new Map(Object.entries(NAMEN).flatMap(([feld, namen]) => splitNamen(namen).map((key) => [key, feld as Tabellenfeld] as const)))
const OHNE = new Set(splitNamen(UEBERGANGEN))

export interface Gedeutet {
  /** null: known, but left out. */
  feld: Tabellenfeld | null
  /** By its whole heading, not by a part of it. */
  genau: boolean
}

/** Undefined where the heading says nothing. */
export function deute(ueberschrift: string): Gedeutet | undefined {
  const genau = findGenau(ueberschrift)
  if (genau !== undefined) return { feld: genau, genau: true }
  const worte = falte(ueberschrift).split(' ')
  const teil = [...FELD_VON].filter(([name]) => name.length >= 5 && worte.some((_, i) => worte.slice(i).join('').startsWith(name)))
  const laengster = teil.toSorted(([a], [b]) => b.length - a.length)[0]
  return laengster && { feld: laengster[1], genau: false }
}

/** Whether a cell is one of the headings people use. */
export function isUeberschrift(zelle: string): boolean {
  return zelle.length < 60 && findGenau(zelle) !== undefined
}

/** null: known, but left out. */
function findGenau(ueberschrift: string): Tabellenfeld | null | undefined {
  const key = toKey(ueberschrift)
  // "VN_Nachname", "Kunde: Ort", "Vertrag Beginn": whose it is stands beside it.
  return FELD_VON.get(key) ?? (OHNE.has(key) ? null : FELD_VON.get(key.replace(WESSEN, '')))
}
const WESSEN = /^(?:vn|kunde|kunden|vertrag|vertrags|versicherungsnehmer)|(?:vn|kunde|deskunden|versicherungsnehmer|vertrag)$/

/** Folded, without blanks, units and what stands in brackets. */
function toKey(ueberschrift: string): string {
  const ohneKlammer = ueberschrift.replace(/\((?!n\)|monate\))[^)]*\)|[€*:]/gi, ' ')
  return falte(ohneKlammer.replace(/m²/g, 'qm'))
    .replace(/ (in )?(eur|euro)$/, '')
    .replaceAll(' ', '')
}

export function splitNamen(namen: string): string[] {
  return namen.split(', ').map(toKey)
}
