/** What a column of a table (CSV, Excel) may hold, and what a mapping of its columns needs before it can be believed. */
export const FELDGRUPPEN = {
  KUNDE: 'Kunde',
  EINWILLIGUNG: 'Einwilligung und Vollmacht',
  VERTRAG: 'Vertrag',
  MERKMAL: 'Weitere Angaben zum Vertrag',
} as const
export type Feldgruppe = keyof typeof FELDGRUPPEN

/** Field → group and title, in the order in which they are offered. */
export const TABELLENFELDER = {
  name: ['KUNDE', 'Nachname oder Firma'],
  vorname: ['KUNDE', 'Vorname'],
  vollname: ['KUNDE', 'Vor- und Nachname in einem'],
  anrede: ['KUNDE', 'Anrede oder Geschlecht'],
  titel: ['KUNDE', 'Titel'],
  namenszusatz: ['KUNDE', 'Namenszusatz'],
  kundenart: ['KUNDE', 'Person oder Firma'],
  geburtsdatum: ['KUNDE', 'Geburtsdatum'],
  kundennummer: ['KUNDE', 'Eigene Kundennummer'],
  nummerVersicherer: ['KUNDE', 'Kundennummer beim Versicherer'],
  strasse: ['KUNDE', 'Straße'],
  hausnummer: ['KUNDE', 'Hausnummer'],
  plz: ['KUNDE', 'Postleitzahl'],
  ort: ['KUNDE', 'Ort'],
  plzOrt: ['KUNDE', 'Postleitzahl und Ort in einem'],
  anschrift: ['KUNDE', 'Ganze Anschrift in einem'],
  land: ['KUNDE', 'Land'],
  telefon: ['KUNDE', 'Telefon'],
  mobil: ['KUNDE', 'Mobil'],
  email: ['KUNDE', 'E-Mail'],
  familienstand: ['KUNDE', 'Familienstand'],
  erwerbsstatus: ['KUNDE', 'Erwerbsstatus'],
  beruf: ['KUNDE', 'Beruf'],
  kundeSeit: ['KUNDE', 'Kunde seit'],
  einwilligungTelefon: ['EINWILLIGUNG', 'Einwilligung Telefon (Datum oder ja)'],
  einwilligungEmail: ['EINWILLIGUNG', 'Einwilligung E-Mail (Datum oder ja)'],
  einwilligungSms: ['EINWILLIGUNG', 'Einwilligung SMS (Datum oder ja)'],
  einwilligungChat: ['EINWILLIGUNG', 'Einwilligung Chat (Datum oder ja)'],
  einwilligungWege: ['EINWILLIGUNG', 'Einwilligung: Wege als Wörter'],
  einwilligungAm: ['EINWILLIGUNG', 'Einwilligung erteilt am'],
  einwilligungForm: ['EINWILLIGUNG', 'Einwilligung: Nachweis'],
  maklervollmachtAm: ['EINWILLIGUNG', 'Maklervollmacht vom'],
  vsnr: ['VERTRAG', 'Versicherungsschein-Nummer'],
  vsnrAlt: ['VERTRAG', 'Frühere Versicherungsschein-Nummer'],
  versicherer: ['VERTRAG', 'Versicherer (Name)'],
  vuNummer: ['VERTRAG', 'Versicherer (VU-Nummer)'],
  agenturnummer: ['VERTRAG', 'Agenturnummer'],
  sparte: ['VERTRAG', 'Sparte'],
  produkt: ['VERTRAG', 'Produkt oder Tarif'],
  beginn: ['VERTRAG', 'Beginn'],
  ablauf: ['VERTRAG', 'Ablauf'],
  hauptfaelligkeit: ['VERTRAG', 'Hauptfälligkeit'],
  beitrag: ['VERTRAG', 'Beitrag je Zahlung'],
  jahresbeitrag: ['VERTRAG', 'Beitrag im Jahr'],
  beitragBrutto: ['VERTRAG', 'Beitrag je Zahlung mit Versicherungsteuer'],
  zahlungsweise: ['VERTRAG', 'Zahlweise'],
  status: ['VERTRAG', 'Vertragsstatus'],
  abgangAm: ['VERTRAG', 'Beendet am oder zum'],
  bestandsart: ['VERTRAG', 'Eigen oder fremd'],
  fremdvertrag: ['VERTRAG', 'Fremdvertrag (ja oder nein)'],
  verlaengertSich: ['VERTRAG', 'Verlängert sich (ja oder nein)'],
  kuendigungsfristMonate: ['VERTRAG', 'Kündigungsfrist in Monaten'],
  versichertePerson: ['VERTRAG', 'Versicherte Person'],
  versichertePersonGeburt: ['VERTRAG', 'Geburtsdatum der versicherten Person'],
  antragsdatum: ['MERKMAL', 'Antragsdatum'],
  summe: ['MERKMAL', 'Versicherungssumme'],
  wohnflaeche: ['MERKMAL', 'Wohnfläche in m²'],
  elementar: ['MERKMAL', 'Elementarschäden (ja oder nein)'],
  unterversicherungsverzicht: ['MERKMAL', 'Unterversicherungsverzicht (ja oder nein)'],
  familie: ['MERKMAL', 'Familie mitversichert (ja oder nein)'],
  kennzeichen: ['MERKMAL', 'Kennzeichen'],
  sfKh: ['MERKMAL', 'SF-Klasse Haftpflicht'],
  sfVk: ['MERKMAL', 'SF-Klasse Vollkasko'],
  risikoanschrift: ['MERKMAL', 'Anschrift des Risikos'],
} as const satisfies Record<string, readonly [Feldgruppe, string]>

export type Tabellenfeld = keyof typeof TABELLENFELDER

/** As a person confirmed it, kept for the source. */
export interface Spaltenzuordnung {
  /** Column for column in the order of the file; null: not taken over. */
  felder: (Tabellenfeld | null)[]
  /** What a contract is where the table does not say. */
  ohneStatus: 'AKTIV' | 'UNBEKANNT'
  ohneBestandsart: 'EIGEN' | 'FREMD'
}

export interface Urteil {
  /** Why the table cannot be read this way. */
  maengel: string[]
  /** What would be missing afterwards. */
  hinweise: string[]
}

export function isTabellenfeld(text: unknown): text is Tabellenfeld {
  return typeof text === 'string' && Object.hasOwn(TABELLENFELDER, text)
}

/** From JSON or a form: what is not known is not taken over, missing columns neither. */
export function toZuordnung(roh: unknown, spalten: number): Spaltenzuordnung {
  const { felder, ohneStatus, ohneBestandsart } = (roh ?? {}) as { felder?: unknown; ohneStatus?: unknown; ohneBestandsart?: unknown }
  const liste: unknown[] = Array.isArray(felder) ? felder : []
  return {
    felder: Array.from({ length: spalten }, (_, i) => (isTabellenfeld(liste[i]) ? liste[i] : null)),
    ohneStatus: ohneStatus === 'AKTIV' ? 'AKTIV' : 'UNBEKANNT',
    ohneBestandsart: ohneBestandsart === 'FREMD' ? 'FREMD' : 'EIGEN',
  }
}

export function checkZuordnung({ felder, ohneStatus }: Spaltenzuordnung): Urteil {
  const da = new Set(felder.filter((feld) => feld !== null))
  const eines = (...namen: Tabellenfeld[]): boolean => namen.some((name) => da.has(name))
  const titel = (feld: Tabellenfeld): string => `„${TABELLENFELDER[feld][1]}“`
  const vertrag = [...da].some((feld) => ['VERTRAG', 'MERKMAL'].includes(TABELLENFELDER[feld][0]))
  const mehrfach = [...da].filter((feld) => felder.filter((anderes) => anderes === feld).length > 1)
  const maengel = mehrfach.map((feld) => `${titel(feld)} ist mehreren Spalten zugeordnet. Bitte lassen Sie nur eine davon stehen.`)
  if (!eines('name', 'vollname', 'vsnr'))
    maengel.push('Es fehlt die Spalte mit dem Namen. Ohne Namen oder Versicherungsschein-Nummer ist nicht zu erkennen, wer gemeint ist.')
  if (da.has('name') && da.has('vollname'))
    maengel.push(`${titel('name')} und ${titel('vollname')} schließen sich aus. Bitte lassen Sie nur eine der beiden Spalten stehen.`)
  if (vertrag && !da.has('vsnr'))
    maengel.push(
      'Es fehlt die Spalte mit der Versicherungsschein-Nummer. Ohne sie lassen sich Verträge nicht wiedererkennen. Sollen nur die Kunden übernommen werden, stellen Sie die Spalten des Vertrags auf „nicht übernehmen“.',
    )
  if (da.has('beitrag') && da.has('jahresbeitrag'))
    maengel.push(`${titel('beitrag')} und ${titel('jahresbeitrag')} schließen sich aus. Bitte lassen Sie nur eine der beiden Spalten stehen.`)
  const hinweise: string[] = []
  if (da.has('vsnr') && !da.has('sparte')) hinweise.push('Ohne Sparte sieht fast keine Regel die Verträge.')
  if (da.has('vsnr') && !eines('versicherer', 'vuNummer'))
    hinweise.push(
      'Ohne Versicherer werden die Verträge nicht mit den Lieferungen der Versicherer zusammengeführt, wenn sich die Nummer unterscheidet.',
    )
  if (da.has('vsnr') && !da.has('status') && ohneStatus === 'UNBEKANNT')
    hinweise.push('Die Tabelle sagt nicht, ob ein Vertrag läuft. Laufen alle, wählen Sie bei „Wo die Tabelle keinen Status nennt“ bitte „aktiv“.')
  if (da.has('beitrag') && !da.has('zahlungsweise')) hinweise.push('Ohne Zahlweise ist nicht bekannt, was ein Vertrag im Jahr kostet.')
  if (eines('name', 'vollname') && !eines('geburtsdatum', 'kundennummer', 'strasse', 'anschrift'))
    hinweise.push('Ohne Geburtsdatum, Anschrift oder Kundennummer sind zwei Menschen gleichen Namens nicht zu unterscheiden.')
  if (eines('einwilligungWege', 'einwilligungForm') && !eines('einwilligungAm'))
    hinweise.push('Eine Einwilligung ohne das Datum, an dem sie erteilt wurde, wird nicht übernommen.')
  return { maengel, hinweise }
}
