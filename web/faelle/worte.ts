/** Words for a Fall that list, panel and forms share. */
import type { Arbeitszeile } from '../../db/arbeitsvorrat.ts'
import { ERGEBNISSE, type Ergebnis, KANAELE, ZWISCHENERGEBNISSE } from '../../domain/ergebnisse.ts'
import { berlinTag } from '../../domain/kalender.ts'
import { sperrfristVon } from '../../domain/regel.ts'
import { FUER_IMMER, sperreBis } from '../../domain/sperrfrist.ts'
import { findGevo } from '../../gevos/katalog.ts'
import { alterText, datum, tag, uhrzeit } from '../format.ts'
import { MAILSTATUS } from '../postausgang/worte.ts'
import { NEUER_ANLASS } from '../regeln/worte.ts'

export function gevoTitel(code: string): string {
  return findGevo(code)?.titel ?? code
}

/** "31 Jahre · 2 eigene aktive Verträge: Hausrat, Kfz"; for a documented Fall its result and Sperrfrist. */
export function anlassZeile(zeile: Arbeitszeile, heute: string): string {
  if (zeile.abschnitt === 'ERLEDIGT') return ergebnisZeile(zeile)
  return [alterText(zeile.geburtsdatum, heute), findGevo(zeile.gevo)?.anlass(zeile.befund)].filter(Boolean).join(' · ')
}

/** "abgelehnt nach Beratung · gesperrt bis 23.11.2028" */
export function ergebnisZeile({ ergebnis, sperre_bis }: Pick<Arbeitszeile, 'ergebnis' | 'sperre_bis'>): string {
  const sperre = sperre_bis === null ? '' : sperre_bis === FUER_IMMER ? 'kommt nicht wieder' : `gesperrt bis ${datum(sperre_bis)}`
  return [ergebnis ? ERGEBNISSE[ergebnis] : 'abgeschlossen', sperre].filter(Boolean).join(' · ')
}

/** "noch nie", "2. Versuch, Do 19.11.", "E-Mail Do 12.11., gesendet" */
export function kontaktZeile(zeile: Arbeitszeile, heute: string): string {
  const { kontakt_am: am, kontakt_kanal: kanal, kontakt_ergebnis: ergebnis, kontakt_versuch: versuch } = zeile
  if (!am || !kanal || !ergebnis) return 'noch nie'
  const wann = berlinTag(am) === heute ? uhrzeit(am) : tag(berlinTag(am), heute)
  if (versuch) return `${versuch}. Versuch, ${wann}`
  const zustand = zeile.kontakt_mail ? MAILSTATUS[zeile.kontakt_mail] : ergebnis === 'GESPROCHEN' ? '' : ZWISCHENERGEBNISSE[ergebnis]
  return [`${KANAELE[kanal]} ${wann}`, zustand].filter(Boolean).join(', ')
}

/** What each result means for the next time, said before saving. */
export function sperreText(gevo: string, ergebnis: Ergebnis, heute: string, monate: number | null): string {
  const art = findGevo(gevo)
  if (!art || ergebnis === 'ERLEDIGT') return ''
  if (ergebnis === 'FEHLBEFUND') return 'Gesperrt, bis sich eine Angabe ändert, die diese Regel liest.'
  if (ergebnis === 'KONTAKTDATEN_FALSCH') return 'Keine Sperrfrist. Bitte berichtigen Sie die Kontaktdaten in den Kundendaten.'
  if (ergebnis === 'WERBEWIDERSPRUCH') return 'Der Widerspruch wird beim Kunden vermerkt: Werbung ist dann auf keinem Weg mehr erlaubt.'
  const bis = sperreBis(sperrfristVon(art.sperrfrist, monate), ergebnis, heute)
  if (bis === null) return 'Keine Sperrfrist.'
  if (ergebnis === 'ABGELEHNT_NACH_BERATUNG')
    return bis === FUER_IMMER
      ? `Dieser Fall kommt nicht wieder, außer bei ${NEUER_ANLASS}.`
      : `Gesperrt bis ${datum(bis)}, früher bei ${NEUER_ANLASS}.`
  const sperre = bis === FUER_IMMER ? 'Dieser Fall kommt nicht wieder.' : `Gesperrt bis ${datum(bis)}.`
  return ergebnis === 'ANDERWEITIG_GEDECKT' ? `${sperre} Bitte legen Sie den Fremdvertrag beim Kunden an.` : sperre
}
