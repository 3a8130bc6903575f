/** Words the GeVos share when they say what they found. */
import { SPARTEN, type Sparte } from '../domain/sparten.ts'

/** Fields that may be unknown, as a person reads them. */
const UNBEKANNT: Record<string, string> = {
  geburtsdatum: 'das Geburtsdatum',
  status: 'der Status eines Vertrags',
  beginn: 'der Beginn eines Vertrags',
  ablauf: 'der Ablauf des Vertrags',
  bestaetigt_am: 'ob ein Vertrag noch besteht, der sich verlängern sollte (seit 13 Monaten nicht bestätigt)',
  verlaengert_sich: 'ob sich der Vertrag verlängert',
  sparte: 'die genaue Sparte eines Vertrags',
  familie: 'ob ein Vertrag die Familie mitversichert',
  versicherte_person: 'wer in einem Vertrag versichert ist',
  erwerbsstatus: 'der Erwerbsstatus',
  elementar: 'ob Elementarschäden eingeschlossen sind',
  hauptfaelligkeit: 'die Hauptfälligkeit des Vertrags',
  kontaktdaten: 'die richtigen Kontaktdaten (beim letzten Mal waren sie falsch)',
  kunde_seit: 'seit wann der Kunde bei Ihnen ist',
  kontakt: 'ob es vor dem Beginn mit diesem System einen Kontakt gab',
  geprueft: 'wann der Vertrag zuletzt mit dem Kunden durchgesehen wurde',
}

/** The same fields, as a customer is asked for them. */
const FRAGEN: Record<string, string> = {
  geburtsdatum: 'Wie lautet Ihr Geburtsdatum?',
  status: 'Welche Ihrer Verträge bestehen noch?',
  beginn: 'Seit wann bestehen Ihre Verträge? (steht im Versicherungsschein)',
  ablauf: 'Bis wann laufen Ihre Verträge? (steht im Versicherungsschein)',
  bestaetigt_am: 'Haben Sie in den letzten Monaten einen Vertrag gekündigt oder eine Kündigung bekommen?',
  verlaengert_sich: 'Verlängern sich Ihre Verträge von selbst? (steht im Versicherungsschein)',
  sparte: 'Welche Art Versicherung ist es genau, zum Beispiel Privat-, Tierhalter- oder Berufshaftpflicht?',
  familie: 'Sind in Ihrer Haftpflichtversicherung auch Ihr Partner und Ihre Kinder mitversichert?',
  versicherte_person: 'Wer ist in Ihren Lebens-, Renten- und Berufsunfähigkeitsversicherungen die versicherte Person?',
  erwerbsstatus: 'Sind Sie zurzeit angestellt, selbstständig, verbeamtet, in Ausbildung, im Studium oder im Ruhestand?',
  elementar: 'Schließt Ihre Wohngebäudeversicherung Elementarschäden ein (Starkregen, Überschwemmung, Erdrutsch)?',
  hauptfaelligkeit: 'Zu welchem Tag im Jahr verlängern sich Ihre Verträge? (Hauptfälligkeit, steht im Versicherungsschein)',
  kontaktdaten: 'Wie lauten Ihre Anschrift, Telefonnummer und E-Mail-Adresse heute?',
}

/** '2026-11-23' → '23.11.2026'. */
export function datum(tag: unknown): string {
  return typeof tag === 'string' ? tag.split('-').reverse().join('.') : 'unbekannt'
}

/** Until when something has to be done, in the middle of a sentence: 'bis zum 23.11.2026', once that day has passed 'sofort'. */
export function bisZum(tag: unknown, heute: string): string {
  return typeof tag === 'string' && tag < heute ? 'sofort' : `bis zum ${datum(tag)}`
}

export function spartenTitel(code: unknown): string {
  return typeof code === 'string' && Object.hasOwn(SPARTEN, code) ? SPARTEN[code as Sparte].titel : 'Sparte unbekannt'
}

/** As a customer reads it: what we do not know about the contract is no part of its name. */
export function spartenName(code: unknown): string {
  const titel = spartenTitel(code)
  return titel === SPARTEN.UNBEKANNT.titel ? 'Versicherung' : titel.replace(' (Art unbekannt)', '')
}

/** ['HAUSRAT', 'KFZ', 'KFZ'] → 'Hausrat, Kfz (2)'. */
export function spartenListe(codes: unknown): string {
  const alle = Array.isArray(codes) ? (codes as unknown[]) : []
  const zahl = new Map<string, number>()
  for (const code of alle) zahl.set(spartenTitel(code), (zahl.get(spartenTitel(code)) ?? 0) + 1)
  return [...zahl].map(([titel, n]) => (n === 1 ? titel : `${titel} (${n})`)).join(', ')
}

/** 1 → 'ein eigener aktiver Vertrag'. */
export function anzahlVertraege(n: number): string {
  if (n === 0) return 'kein eigener aktiver Vertrag'
  return n === 1 ? '1 eigener aktiver Vertrag' : `${n} eigene aktive Verträge`
}

/** A field that is unknown, as a person reads it: 'das Geburtsdatum'. */
export function feldWort(feld: string): string {
  return UNBEKANNT[feld] ?? feld
}

/** A field that is unknown, as a question to the customer. */
export function feldFrage(feld: string): string {
  return FRAGEN[feld] ?? `Können Sie mir sagen, ${feldWort(feld)}?`
}

/** ' Unbekannt war: …', or nothing. */
export function unbekanntSatz(felder: readonly string[]): string {
  if (felder.length === 0) return ''
  return ` Unbekannt war: ${felder.map(feldWort).join('; ')}.`
}

/** Fills `{name}`; an unknown name stays as it is, so that nobody sends a text with a silent gap. */
export function fuelle(vorlage: string, werte: Readonly<Record<string, string>>): string {
  return vorlage.replaceAll(/\{(\w+)\}/g, (ganz, name: string) => (Object.hasOwn(werte, name) ? werte[name]! : ganz))
}
