/** Words for a rule's settings. */
import type { Folge } from '../../db/vorschau.ts'
import type { Regelstand } from '../../db/regeln.ts'
import { type Ergebnis, ERGEBNISSE, ergebnisseFuer } from '../../domain/ergebnisse.ts'
import { sperrfristVon } from '../../domain/regel.ts'
import { FUER_IMMER, type Sperrfrist, sperreBis } from '../../domain/sperrfrist.ts'
import type { Einstellung, Gevo, Gruppe } from '../../gevos/gevo.ts'
import { datum, mehrzahl } from '../format.ts'

/** The urgent group first. */
export const GRUPPEN: Readonly<Record<Gruppe, string>> = { FRIST: 'Frist läuft', LUECKE: 'Lücken', PFLEGE: 'Pflege' }

export const PRIOS = { 1: '1 Frist oder Haftung', 2: '2 existenzbedrohende Lücke', 3: '3 Chance oder Pflege', 4: '4 Aufmerksamkeit' } as const

/** What ends the Sperrfrist of a refusal early (by trigger: migration 0009). */
export const NEUER_ANLASS = 'neuer Anschrift, neuem Beruf oder Veränderung in der Familie'

export const FOLGEN: Record<Folge, string> = {
  NEU: 'neuer Fall',
  OFFEN: 'schon offen',
  GESPERRT: 'gesperrt',
  GEPRUEFT: 'Altbestand geprüft',
  UNBEKANNT: 'unbekannt',
}

/** 1 → '1 Monat'; 'Stück' counts without a word. */
export function mitEinheit(wert: number, { einheit }: Pick<Einstellung, 'einheit'>): string {
  switch (einheit) {
    case 'Tage':
      return mehrzahl(wert, 'Tag', 'Tage')
    case 'Monate':
      return mehrzahl(wert, 'Monat', 'Monate')
    case 'Jahre':
      return mehrzahl(wert, 'Jahr', 'Jahre')
    case 'Prozent':
      return `${wert}\u00a0%`
    default:
      return String(wert)
  }
}

/** ['Alter ab 18 Jahre', 'Alter bis 40 Jahre']: what is in force in this Betrieb. */
export function schwellen(
  gevo: Gevo,
  stand: Pick<Regelstand, 'werte'>,
): { name: string; titel: string; wert: number; text: string; eigen: boolean }[] {
  return Object.entries(gevo.einstellungen).map(([name, einstellung]) => {
    const wert = stand.werte[name] ?? gevo.werte[name]!
    return { name, titel: einstellung.titel, wert, text: mitEinheit(wert, einstellung), eigen: Object.hasOwn(stand.werte, name) }
  })
}

export function sperrfristText(sperrfrist: Sperrfrist): string {
  return sperrfrist === 'EREIGNIS' ? 'je Ereignis einmal' : mehrzahl(sperrfrist.monate, 'Monat', 'Monate')
}

/** What changed against the edition before, in one line; empty where nothing a person sees did. */
export function unterschied(gevo: Gevo, stand: Regelstand, vorher: Regelstand | undefined): string[] {
  if (!vorher) return [stand.an ? 'angelegt, eingeschaltet' : 'angelegt, ausgeschaltet']
  const geaendert = (name: string, war: string, ist: string) => (war === ist ? [] : [`${name}: ${war} → ${ist}`])
  const [alt, neu] = [schwellen(gevo, vorher), schwellen(gevo, stand)]
  return [
    ...(stand.an === vorher.an ? [] : [stand.an ? 'eingeschaltet' : 'ausgeschaltet']),
    ...neu.flatMap((schwelle, i) => geaendert(schwelle.titel, alt[i]!.text, schwelle.text)),
    ...geaendert('Sperrfrist', sperrfrist(gevo, vorher), sperrfrist(gevo, stand)),
    ...geaendert('Priorität', String(vorher.prio ?? gevo.prio), String(stand.prio ?? gevo.prio)),
  ]
}

export function sperrfrist(gevo: Gevo, stand: Pick<Regelstand, 'sperrfristMonate'>): string {
  return sperrfristText(sperrfristVon(gevo.sperrfrist, stand.sperrfristMonate))
}

/** When the same question comes again, with the results after which it does: ['nach 12 Monaten', ['abgeschlossen', 'anderweitig gedeckt']]. */
export function wiederkehr(art: Sperrfrist): [wann: string, ergebnisse: string[]][] {
  const AM = '2025-01-01'
  const wann = (ergebnis: Ergebnis): string => {
    if (ergebnis === 'FEHLBEFUND') return 'wenn sich eine Angabe ändert, die diese Regel liest'
    const bis = sperreBis(art, ergebnis, AM)
    const anlass = (wort: string) => (ergebnis === 'ABGELEHNT_NACH_BERATUNG' ? `, ${wort} bei ${NEUER_ANLASS}` : '')
    if (bis === null) return 'in der nächsten Nacht, wenn der Befund noch zutrifft'
    if (bis === FUER_IMMER) return ergebnis === 'WERBEWIDERSPRUCH' ? 'nie mehr (Werbung)' : `nicht wieder für dieses Ereignis${anlass('außer')}`
    const monate = (Number(bis.slice(0, 4)) - 2025) * 12 + Number(bis.slice(5, 7)) - 1
    return `nach ${mehrzahl(monate, 'Monat', 'Monaten')}${anlass('früher')}`
  }
  const nachWann = Map.groupBy(ergebnisseFuer('G'), wann)
  return [...nachWann].map(([text, ergebnisse]) => [text, ergebnisse.map((ergebnis) => ERGEBNISSE[ergebnis])])
}

/** "gesperrt bis 12.03.2028, weil abgelehnt nach Beratung" */
export function sperreText({ sperre_bis: bis, sperre_ergebnis: ergebnis }: { sperre_bis: string | null; sperre_ergebnis: Ergebnis | null }): string {
  const weil = ergebnis ? `, weil ${ERGEBNISSE[ergebnis]}` : ''
  if (ergebnis === 'FEHLBEFUND') return 'gesperrt, bis sich eine Angabe ändert, weil der Befund nicht zutraf'
  if (bis === null) return `gesperrt bis morgen${weil}`
  return bis === FUER_IMMER ? `kommt nicht wieder${weil}` : `gesperrt bis ${datum(bis)}${weil}`
}
