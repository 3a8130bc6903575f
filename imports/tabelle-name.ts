/** Names and addresses that stand in one cell, taken apart. Pure text: no list of names, only what the spelling shows. */
import { falte } from '../domain/suchtext.ts'

export interface Namensteile {
  anrede: 'HERR' | 'FRAU' | 'FIRMA' | null
  titel: string | null
  vorname: string | null
  name: string
}

const FIRMA =
  /\b(gmbh|mbh|ag|kg|ohg|gbr|ug|kgaa|se|e\.? ?k\.?|e\.? ?v\.?|e\.? ?g\.?|ltd|inc|co\.|partg|partnerschaft|stiftung|verein|firma|praxis|kanzlei|apotheke|gemeinde|weg|hausverwaltung|handwerksbetrieb|autohaus|restaurant|hotel)(?=$|[\s.,)&])/i
const TITEL = /^((?:dr|prof|dipl|ing|mag|med|jur|rer|nat|pol|phil|h\.c|ba|ma|b\.?sc|m\.?sc)\.?(?:-?(?:ing|kfm|kffr|inf|oec|psych)\.?)?\s+)+/i
const ANREDE: readonly (readonly [RegExp, Namensteile['anrede']])[] = [
  [/^(herrn?|hr\.)\s+/i, 'HERR'],
  [/^(frau|fr\.)\s+/i, 'FRAU'],
  [/^(firma|fa\.)\s+/i, 'FIRMA'],
]
/** Belongs to the family name. */
const VORSATZ = /^(von|vom|van|zu|zum|zur|de|del|della|der|den|di|da|dos|la|le|el|al|bin|ten|ter|af|y)$/i

export function istFirma(name: string): boolean {
  return FIRMA.test(name)
}

/** "Dr. Anna von der Heide", "Heide, Dr. Anna", "Firma Elbe Bau GmbH". Of two names without comma the last is the family name. */
export function splitName(text: string): Namensteile {
  let rest = text
  let anrede: Namensteile['anrede'] = null
  for (const [muster, wert] of ANREDE)
    if (muster.test(rest)) {
      anrede = wert
      rest = rest.replace(muster, '')
    }
  if (anrede === 'FIRMA' || (anrede === null && istFirma(rest))) return { anrede: 'FIRMA', titel: null, vorname: null, name: rest }
  const [nachname, komma] = rest.split(/\s*,\s*(.*)/s)
  if (komma) {
    const { titel, ohne } = splitTitel(komma)
    const vorne = splitTitel(nachname!)
    // "Heide, Anna von der": what stands behind the first name belongs in front of the family name.
    const worte = ohne.split(' ')
    const ab = worte.findLastIndex((wort) => !VORSATZ.test(wort)) + 1
    return { anrede, titel: titel ?? vorne.titel, vorname: worte.slice(0, ab).join(' ') || null, name: [...worte.slice(ab), vorne.ohne].join(' ') }
  }
  const { titel, ohne } = splitTitel(rest)
  const worte = ohne.split(' ')
  let ab = worte.length - 1
  while (ab > 1 && VORSATZ.test(worte[ab - 1]!)) ab--
  return { anrede, titel, vorname: worte.slice(0, ab).join(' ') || null, name: worte.slice(ab).join(' ') }
}

/** "Dr. med. Anna" → "Dr. med." and "Anna". */
export function splitTitel(text: string): { titel: string | null; ohne: string } {
  const titel = TITEL.exec(`${text} `)?.[0].trim()
  return titel && titel !== text ? { titel, ohne: text.slice(titel.length).trim() } : { titel: null, ohne: text }
}

/** Two people in one cell ("Anna und Peter Weber") are no one customer. */
export function istPaar(text: string): boolean {
  return !istFirma(text) && /^(eheleute|familie|ehel\.)\b|\s(und|u\.|&|\+)\s/i.test(` ${text} `.trim())
}

export interface Anschrift {
  strasse: string | null
  plz: string | null
  ort: string | null
}

/** "20095 Hamburg", "D-20095 Hamburg". */
export function splitPlzOrt(text: string): Pick<Anschrift, 'plz' | 'ort'> {
  const teile = /^(?:[A-Z]{1,3}-)?(\d{4,5})\s+(.+)$/i.exec(text)
  return teile ? { plz: teile[1]!, ort: teile[2]! } : { plz: null, ort: text || null }
}

/** "Fleet 3, 20095 Hamburg"; undefined where it is not to be taken apart. */
export function splitAnschrift(text: string): Anschrift | undefined {
  const teile = /^(.+?)[\s,;]+(?:[A-Z]{1,3}-)?(\d{5})\s+(\D.*)$/.exec(text)
  return teile ? { strasse: teile[1]!.replace(/[\s,;]+$/, ''), plz: teile[2]!, ort: teile[3]! } : undefined
}

/** "Müller GmbH" and "Mueller GmbH" alike: for comparing names of insurers, without their legal form. */
export function kurzname(text: string): string {
  return falte(text)
    .split(' ')
    .filter(
      (wort) =>
        !/^(ag|vvag|se|gmbh|kg|a|g|vag|versicherung|versicherungs|versicherungen|versicherungsgesellschaft|versicherungsverein|gruppe|deutschland)$/.test(
          wort,
        ),
    )
    .join(' ')
}
