/** How long the same question is not asked again, by result (BGH I ZR 147/14: who declined after advice need not be advised again against his will). */
import { Temporal } from 'temporal-polyfill'
import type { Ergebnis } from './ergebnisse.ts'

/** EREIGNIS: the case belongs to one event (this contract's this end) and does not come back once worked. */
export type Sperrfrist = { monate: number } | 'EREIGNIS'

export const FUER_IMMER = '9999-12-31'

/**
 * Last day ('YYYY-MM-DD') on which the case is not opened again, or null for none. `tag` is the Berlin date of the documentation.
 * FEHLBEFUND has no date: it holds until a field the rule read changes (the night compares the finding).
 */
export function sperreBis(sperrfrist: Sperrfrist, ergebnis: Ergebnis, tag: string): string | null {
  switch (ergebnis) {
    case 'ABGESCHLOSSEN':
    case 'ANDERWEITIG_GEDECKT':
      return sperrfrist === 'EREIGNIS' ? FUER_IMMER : plusMonate(tag, sperrfrist.monate)
    case 'ABGELEHNT_NACH_BERATUNG':
      return sperrfrist === 'EREIGNIS' ? FUER_IMMER : plusMonate(tag, Math.min(36, sperrfrist.monate * 2))
    case 'HINWEIS_GEGEBEN':
      return plusMonate(tag, 3)
    case 'BERATUNGSVERZICHT':
      return plusMonate(tag, 24)
    case 'WERBEWIDERSPRUCH':
      return FUER_IMMER
    case 'FEHLBEFUND':
    case 'KONTAKTDATEN_FALSCH':
    case 'ERLEDIGT':
      return null
  }
}

function plusMonate(tag: string, months: number): string {
  return Temporal.PlainDate.from(tag).add({ months }).toString()
}
