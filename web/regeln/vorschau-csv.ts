import type { Vorschautreffer } from '../../db/vorschau.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { unbekanntSatz } from '../../gevos/texte.ts'
import { type Zelle, csv } from '../csv.ts'
import { datum, nameListe } from '../format.ts'
import { FOLGEN, sperreText } from './worte.ts'

/** Rows of one table; what is beyond it is said in its last line. */
export const CSV_ZEILEN = 20_000
const SPALTEN = ['Kundennummer', 'Kunde', 'Anlass', 'Frist', 'Vermittler', 'Folge', 'Näheres']

/** Whom a rule would hit, one line each, new ones first. */
export function vorschauCsv(gevo: Gevo, treffer: readonly Vorschautreffer[], gesamt: number): string {
  const zeilen = treffer.map((t): Zelle[] => [
    t.nummer,
    nameListe(t),
    t.folge === 'UNBEKANNT' ? '' : gevo.anlass(t.befund),
    t.frist && datum(t.frist),
    t.vermittler,
    FOLGEN[t.folge],
    t.folge === 'GESPERRT' ? sperreText(t) : unbekanntSatz(t.unbekannt).trim(),
  ])
  const rest = gesamt - treffer.length
  return csv(SPALTEN, rest > 0 ? [...zeilen, [`und ${rest} weitere, die hier nicht stehen`]] : zeilen)
}
