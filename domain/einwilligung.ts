/** May I write to or call this customer? § 7 UWG asks for consent to advertising, Art. 21 Abs. 2 DSGVO lets people object to it. */
import { KANAELE, type Kanal } from './ergebnisse.ts'

/** W = Werbung, V = Vertragsverwaltung. It belongs to the text that is sent, mixed content counts as W. */
export type Klasse = 'W' | 'V'

export type Erlaubnis = { antwort: 'ERLAUBT'; einwilligung: number | null } | { antwort: 'NUR_MIT_GRUND' | 'GESPERRT'; warum: string }

export interface Lage {
  klasse: Klasse
  kanal: Kanal
  /** Consents that are given and not withdrawn. */
  einwilligungen: readonly { id: number; kanal: string }[]
  werbewiderspruchAm: string | null
}

/** A letter by post and a talk in person need no consent, but no advertising goes out against an objection. */
export function darfKontakt({ klasse, kanal, einwilligungen, werbewiderspruchAm }: Lage): Erlaubnis {
  const einwilligung = einwilligungen.find((e) => e.kanal === kanal)?.id ?? null
  if (klasse === 'V') return { antwort: 'ERLAUBT', einwilligung }
  if (werbewiderspruchAm) {
    const tag = werbewiderspruchAm.split('-').reverse().join('.')
    return { antwort: 'GESPERRT', warum: `Der Kunde hat am ${tag} Werbung widersprochen. Ein Angebot ist auf keinem Weg mehr erlaubt.` }
  }
  if (kanal === 'BRIEF' || kanal === 'PERSOENLICH' || einwilligung) return { antwort: 'ERLAUBT', einwilligung }
  return {
    antwort: 'NUR_MIT_GRUND',
    warum: `Für Werbung über den Weg ${KANAELE[kanal]} liegt keine Einwilligung vor (§ 7 UWG). Ohne Einwilligung ist sie nur erlaubt, wenn der Kunde selbst darum gebeten hat.`,
  }
}
