/** What must be said to close a Fall: one reading for the form in the list, the page and the Wizard. */
import { readWahl } from './eingabe.ts'
import { type Ergebnis, type Kanal, KANAELE, MIT_BERATUNG, ergebnisseFuer } from './ergebnisse.ts'
import { type Eingabe, type Fehler, type Gelesen, codes, leser } from './kunde.ts'

export interface Dokumentationsdaten {
  ergebnis: Ergebnis
  kanal: Kanal | null
  notiz: string | null
  anlass: string | null
  wuensche: string | null
  rat: string | null
  gruende: string | null
  entscheidung: string | null
  vorgaenge: 'BLEIBEN' | 'ERLEDIGT'
}

/** Field names as people see them, in the order of the form. */
export const DOKUMENTATIONSFELDER = {
  kanal: 'Weg',
  ergebnis: 'Ergebnis',
  anlass: 'Anlass',
  wuensche: 'Wünsche und Bedürfnisse',
  rat: 'Rat',
  gruende: 'Gründe',
  entscheidung: 'Entscheidung',
  notiz: 'Notiz',
  vorgaenge: 'Wiedervorlagen',
} as const

/** The four a Vermittler chooses most; the others unfold. */
export const HAEUFIGE_ERGEBNISSE: readonly Ergebnis[] = ['ABGESCHLOSSEN', 'ABGELEHNT_NACH_BERATUNG', 'HINWEIS_GEGEBEN', 'ANDERWEITIG_GEDECKT']

/** Nobody was reached for these, so no Weg is asked. */
export const OHNE_WEG: readonly Ergebnis[] = ['FEHLBEFUND', 'KONTAKTDATEN_FALSCH', 'ERLEDIGT']

/** § 61 Abs. 1 VVG: what the advice was and why; Anlass and Wünsche are asked but may be short. */
export const BERATUNGSFELDER = ['anlass', 'wuensche', 'rat', 'gruende', 'entscheidung'] as const
const PFLICHT = {
  rat: 'Bitte schreiben Sie, was Sie geraten haben (§ 61 VVG), zum Beispiel „Privathaftpflicht mit 10 Mio. € Deckung“.',
  gruende: 'Bitte schreiben Sie, warum Sie dazu geraten haben (§ 61 VVG), zum Beispiel „Kind im Haushalt, bisher kein Schutz“.',
  entscheidung: 'Bitte schreiben Sie, wie sich die Kundin oder der Kunde entschieden hat, zum Beispiel „schließt ab“ oder „möchte warten“.',
} as const

const LAENGE = 4000

/** `offeneVorgaenge`: with open Vorgänge it must be said what becomes of them. A Vorgang by hand is done with its documentation. */
export function readDokumentation(
  eingabe: Eingabe,
  { gevo, offeneVorgaenge }: { gevo: string; offeneVorgaenge: number },
): Gelesen<Dokumentationsdaten> {
  const { lies, fehler, text } = leser(eingabe)
  const moeglich = ergebnisseFuer(gevo)
  const ergebnis = lies('ergebnis', readWahl(text('ergebnis'), moeglich))
  if (!ergebnis) fehler['ergebnis'] ??= 'Das Ergebnis fehlt. Bitte wählen Sie eines aus.'
  const kanal = lies('kanal', readWahl(text('kanal'), codes(KANAELE)))
  if (ergebnis && !kanal && !OHNE_WEG.includes(ergebnis))
    fehler['kanal'] ??= 'Der Weg fehlt. Bitte wählen Sie, wie Sie gesprochen oder geschrieben haben.'
  const beraten = ergebnis !== null && MIT_BERATUNG.includes(ergebnis)
  const frei = (feld: string): string | null => readLang(feld, text(feld), fehler)
  const beratung = (feld: (typeof BERATUNGSFELDER)[number]): string | null => (beraten ? frei(feld) : null)
  const werte = {
    kanal,
    notiz: frei('notiz'),
    anlass: beratung('anlass'),
    wuensche: beratung('wuensche'),
    rat: beratung('rat'),
    gruende: beratung('gruende'),
    entscheidung: beratung('entscheidung'),
  }
  if (beraten) for (const feld of ['rat', 'gruende', 'entscheidung'] as const) if (!werte[feld]) fehler[feld] ??= PFLICHT[feld]
  const vorgaenge = lies('vorgaenge', readWahl(text('vorgaenge'), ['BLEIBEN', 'ERLEDIGT'] as const))
  if (offeneVorgaenge > 0 && !vorgaenge && moeglich.length > 1)
    fehler['vorgaenge'] ??= 'Bitte wählen Sie, ob die offenen Wiedervorlagen bleiben oder erledigt sind.'
  if (!ergebnis || Object.keys(fehler).length > 0) return { ok: false, fehler }
  return { ok: true, werte: { ...werte, ergebnis, vorgaenge: vorgaenge ?? (ergebnis === 'ERLEDIGT' ? 'ERLEDIGT' : 'BLEIBEN') } }
}

/** Several lines, trimmed; null for an empty text. */
export function readLang(feld: string, roh: string, fehler: Record<string, string>): string | null {
  const text = roh.replace(/\r\n/g, '\n').trim()
  if (text.length > LAENGE) fehler[feld] = `Der Text ist zu lang: ${text.length} Zeichen, höchstens ${LAENGE} sind möglich.`
  return text === '' ? null : text
}

/** The errors in the order of the form, for the list above it. */
export function sortFehler(fehler: Fehler, felder: Readonly<Record<string, string>>): [feld: string, text: string][] {
  const reihe = Object.keys(felder)
  return Object.entries(fehler).sort(([a], [b]) => reihe.indexOf(a) - reihe.indexOf(b))
}
