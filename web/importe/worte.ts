/** German words for what an import did: states, kinds, and the names and values of the fields that changed. */
import { KUNDEN_GEZAEHLT } from '../../db/abweichungen.ts'
import type { Importstatus, ImportZeileTable, Liefert } from '../../db/schema.ts'
import type { ImportZweifelTable } from '../../db/schema.ts'
import { ANREDEN, ERWERBSSTATUS, FAMILIENSTAENDE, KUNDENFELDER } from '../../domain/kunde.ts'
import { SPARTEN } from '../../domain/sparten.ts'
import { BESTANDSARTEN, VERTRAGSFELDER, VERTRAGSSTATUS, ZAHLUNGSWEISEN } from '../../domain/vertrag.ts'
import { datum, geld, mehrzahl, zahl } from '../format.ts'
import type { Marke } from '../teile.tsx'

export const STATUS: Readonly<Record<Importstatus, readonly [wort: string, marke: Marke]>> = {
  LAEUFT: ['läuft', 'bald'],
  WARTET: ['wartet, bis sie an der Reihe ist', 'bald'],
  LIEST: ['wird gelesen', 'bald'],
  ZUORDNUNG: ['Spalten zuordnen', 'spaet'],
  PRUEFT: ['wird geprüft', 'bald'],
  UEBERNIMMT: ['wird übernommen', 'bald'],
  FERTIG: ['übernommen', 'fertig'],
  QUARANTAENE: ['zurückgehalten', 'spaet'],
  VERWORFEN: ['verworfen', ''],
  ABGEBROCHEN: ['abgebrochen', ''],
  FEHLER: ['gescheitert, nichts übernommen', 'spaet'],
}

export const UMFANG: Readonly<Record<Liefert, string>> = { BESTAND: 'ganzer Bestand', AENDERUNG: 'nur Änderungen' }

type Art = ImportZeileTable['art']
type Folge = ImportZeileTable['folge']
/** The parts of the difference, in the order in which they are looked at. */
export const TEILE: readonly (readonly [art: Art, folge: Folge, wort: string])[] = [
  ['VERTRAG', 'FEHLT', 'Verträge, die fehlen'],
  ['VERTRAG', 'GEAENDERT', 'geänderte Verträge'],
  ['KUNDE', 'GEAENDERT', 'geänderte Kunden'],
  ['VERTRAG', 'NEU', 'neue Verträge'],
  ['KUNDE', 'NEU', 'neue Kunden'],
]

/** Why nobody but a person can say who it is. */
export const ZWEIFEL: Readonly<Record<Exclude<ImportZweifelTable['art'], 'HAUSHALT'>, string>> = {
  NUMMER: 'Die Kundennummer gehört schon jemandem mit anderem Namen oder Geburtsdatum.',
  ANSCHRIFT: 'Name und Geburtsdatum stimmen überein, die Anschrift ist eine andere.',
  MEHRERE: 'Mehrere Kunden kommen infrage.',
}

/** 1.536 → "2 KB", 12.345.678 → "11,8 MB" */
export function groesse(bytes: number): string {
  if (bytes < 1024 * 1024) return `${zahl(Math.ceil(bytes / 1024))} KB`
  return `${(bytes / 1024 / 1024).toLocaleString('de-DE', { maximumFractionDigits: 1 })} MB`
}

/** Of customers, counted as far as KUNDEN_GEZAEHLT. */
export function gezaehlt(kunden: number): string {
  return kunden > KUNDEN_GEZAEHLT ? `über ${zahl(KUNDEN_GEZAEHLT)}` : zahl(kunden)
}

/** "Paket 1, Zeile 15, Stelle 107" */
export function ort({ paket, zeile, byte }: { paket?: number; zeile?: number; byte?: number }): string {
  return [paket && `Paket ${zahl(paket)}`, zeile && `Zeile ${zahl(zeile)}`, byte && `Stelle ${zahl(byte)}`].filter(Boolean).join(', ')
}

const KUNDE: Readonly<Record<string, string>> = { ...KUNDENFELDER, land: 'Land' }
const VERTRAG: Readonly<Record<string, string>> = {
  ...VERTRAGSFELDER,
  beitrag_cent: 'Beitrag',
  abgang_am: 'Abgang am',
  kuendigungsfrist_monate: 'Kündigungsfrist',
  verlaengert_sich: 'Verlängert sich',
  agenturnummer: 'Agenturnummer',
  sparte_gdv: 'Sparte beim Versicherer',
  kunde_id: 'Kunde',
  versicherte_person_id: 'Versicherte Person',
  versicherte_person_name: 'Versicherte Person',
}
const MERKMALE: Readonly<Record<string, string>> = {
  elementar: 'Elementarschäden mitversichert',
  familie: 'Familie mitversichert',
  wohnflaeche: 'Wohnfläche',
  summeCent: 'Versicherungssumme',
  unterversicherungsverzicht: 'Unterversicherungsverzicht',
  kennzeichen: 'Kennzeichen',
  sfKh: 'SF-Klasse Haftpflicht',
  sfVk: 'SF-Klasse Vollkasko',
  kfzTeile: 'Kfz-Bausteine',
  wagnisarten: 'Wagnisart',
  wagnistexte: 'Wagnis',
  riester: 'Riester',
  versicherte: 'Versicherte Personen',
  buendel: 'Bündelvertrag',
  beitragVorherCent: 'Beitrag vorher',
  beitragGeaendertAm: 'Beitrag geändert am',
  antragsdatum: 'Antrag vom',
  beitragBruttoCent: 'Beitrag brutto',
  risikoanschrift: 'Anschrift des Risikos',
  kuendigungsklausel: 'Kündigungsklausel',
}
/** How a thing is kept, which nobody types or reads: the field beside it says the same. */
const INNERES = new Set(['vsnr_norm', 'verlaengert_quelle', 'geprueftAm', 'roh', 'versicherte_person_id'])

const CODES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  art: { NATUERLICH: 'Person', FIRMA: 'Firma' },
  anrede: ANREDEN,
  familienstand: FAMILIENSTAENDE,
  erwerbsstatus: ERWERBSSTATUS,
  sparte: Object.fromEntries(Object.entries(SPARTEN).map(([code, { titel }]) => [code, titel])),
  status: VERTRAGSSTATUS,
  zahlungsweise: ZAHLUNGSWEISEN,
  bestandsart: BESTANDSARTEN,
  verlaengert_sich: { JA: 'ja', NEIN: 'nein' },
}

export function feldname(art: Art, feld: string): string {
  return (art === 'KUNDE' ? KUNDE : VERTRAG)[feld] ?? MERKMALE[feld] ?? feld
}

/** As a person reads it; '' for nothing. */
export function feldwert(feld: string, wert: unknown): string {
  if (wert === null || wert === undefined || wert === '') return ''
  if (feld.endsWith('_cent') || feld.endsWith('Cent')) return geld(Number(wert))
  if (feld === 'wohnflaeche') return `${zahl(Number(wert))} m²`
  if (feld === 'kuendigungsfrist_monate') return mehrzahl(Number(wert), 'Monat', 'Monate')
  if (Array.isArray(wert)) return wert.map((eines) => (typeof eines === 'object' ? personenname(eines) : String(eines))).join(', ')
  const text = typeof wert === 'object' ? JSON.stringify(wert) : String(wert as string | number | boolean)
  if (text === 'JA' || text === 'NEIN') return text.toLowerCase()
  return CODES[feld]?.[text] ?? (/^\d{4}-\d{2}-\d{2}$/.test(text) ? datum(text) : text)
}

export interface Aenderung {
  feld: string
  vorher: string
  nachher: string
}

/** The changed fields in words; what lies in `merkmale` is taken apart. */
export function aenderungen(art: Art, vorher: Record<string, unknown> | null, nachher: Record<string, unknown> | null): Aenderung[] {
  const [alt, neu] = [flach(vorher), flach(nachher)]
  return Object.keys(neu)
    .filter((feld) => !INNERES.has(feld) && JSON.stringify(alt[feld]) !== JSON.stringify(neu[feld]))
    .map((feld) =>
      feld === 'kunde_id'
        ? { feld: 'Kunde', vorher: 'anderer Kunde', nachher: 'dieser Kunde' }
        : { feld: feldname(art, feld), vorher: feldwert(feld, alt[feld]), nachher: feldwert(feld, neu[feld]) },
    )
}

function flach(felder: Record<string, unknown> | null): Record<string, unknown> {
  const { merkmale, ...rest } = felder ?? {}
  return { ...(merkmale as object | null), ...rest }
}

function personenname(person: unknown): string {
  const { vorname, name } = person as { vorname?: string | null; name?: string }
  return [vorname, name].filter(Boolean).join(' ')
}
