/** Control totals of the sender in the Nachsatz 9999, compared with what the package holds. Sums are of all amounts, whatever their currency. */
import { type Satz, text, zahlAt } from './gdv-feld.ts'

export interface Summen {
  nimm(satz: Satz): void
  /** `gezaehlt`: records without Vorsatz and Nachsatz. Null where the Nachsatz names none. */
  vergleiche(nachsatz: Satz, gezaehlt: number, melde: (feld: string, text: string) => void): boolean | null
}

/** Field of the Nachsatz and its sign, the record and field that are added up, with its sign. */
const PROBEN = [
  ['Gesbeitrag', null, '0200.1', 'GesbeitragNettoInWE', null],
  ['GesbeitragBruttoInkasso', 'Vorzeichen', '0400.1', 'GesbeitragBruttoInWE', 'Vorzeichen4'],
  ['GesprovisionsBetrag', 'Vorzeichen2', '0400.1', 'GesProvisionsbetragInWE', 'Vorzeichen5'],
  ['Verssleistungen', 'Vorzeichen3', '0500.1', 'BetragInWEGemaessZahlungsart', 'Vorzeichen'],
  ['Schadenbearbeitungskost', 'Vorzeichen4', '0500.1', 'SchadenbearbeitungskostInWE', 'Vorzeichen2'],
] as const

export function createSummen(): Summen {
  const summen = PROBEN.map(() => 0)
  return {
    nimm(satz) {
      const { schluessel } = satz.teil
      if (schluessel !== '0200.1' && schluessel !== '0400.1' && schluessel !== '0500.1') return
      for (let i = 0; i < PROBEN.length; i++) {
        const [, , wo, feld, vorzeichen] = PROBEN[i]!
        if (wo === schluessel) summen[i]! += betrag(satz, feld, vorzeichen) ?? 0
      }
    },
    vergleiche(nachsatz, gezaehlt, melde) {
      let [genannt, stimmen] = [false, true]
      const pruefe = (feld: string, soll: number | null, ist: number, text: (soll: number) => string): void => {
        // Zero fills a field that has nothing to say.
        if (soll === null || soll === 0) return
        genannt = true
        if (soll === ist) return
        stimmen = false
        melde(feld, text(soll))
      }
      const saetze = betrag(nachsatz, 'AnzSaetze', null)
      pruefe('AnzSaetze', saetze, gezaehlt, (soll) => `Der Nachsatz nennt ${soll} Sätze, im Paket sind ${gezaehlt}.`)
      for (const [i, [feld, vorzeichen]] of PROBEN.entries()) {
        const [, , name] = nachsatz.teil.felder[feld]!
        const ist = summen[i]!
        pruefe(
          feld,
          betrag(nachsatz, feld, vorzeichen),
          ist,
          (soll) => `Der Nachsatz nennt als ${name} ${euro(soll)}, im Paket sind es ${euro(ist)}.`,
        )
      }
      return genannt ? stimmen : null
    },
  }
}

function betrag(satz: Satz, feld: string, vorzeichen: string | null): number | null {
  const [von, bis] = satz.teil.felder[feld]!
  const zahl = zahlAt(satz.roh, von, bis)
  if (zahl === null || zahl < 0) return null
  return vorzeichen !== null && text(satz, vorzeichen) === '-' ? -zahl : zahl
}

function euro(cent: number): string {
  return (cent / 100).toLocaleString('de-DE', { minimumFractionDigits: 2 })
}
