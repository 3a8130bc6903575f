import { expect, test } from 'vitest'
import type { Ergebnis } from './ergebnisse.ts'
import { FUER_IMMER, sperreBis } from './sperrfrist.ts'

test.each<[Ergebnis, string | null, string | null]>([
  ['ABGESCHLOSSEN', '2027-11-23', FUER_IMMER],
  ['ANDERWEITIG_GEDECKT', '2027-11-23', FUER_IMMER],
  ['ABGELEHNT_NACH_BERATUNG', '2028-11-23', FUER_IMMER],
  ['HINWEIS_GEGEBEN', '2027-02-23', '2027-02-23'],
  ['BERATUNGSVERZICHT', '2028-11-23', '2028-11-23'],
  ['WERBEWIDERSPRUCH', FUER_IMMER, FUER_IMMER],
  ['FEHLBEFUND', null, null],
  ['KONTAKTDATEN_FALSCH', null, null],
  ['ERLEDIGT', null, null],
])('%s on 23.11.2026 blocks until %s with a year’s Sperrfrist, until %s for an event', (ergebnis, jahr, ereignis) => {
  expect(sperreBis({ monate: 12 }, ergebnis, '2026-11-23')).toBe(jahr)
  expect(sperreBis('EREIGNIS', ergebnis, '2026-11-23')).toBe(ereignis)
})

test('declined after advice blocks twice as long, but never more than 36 months', () => {
  expect(sperreBis({ monate: 24 }, 'ABGELEHNT_NACH_BERATUNG', '2026-11-23')).toBe('2029-11-23')
})

test('the end of a month does not spill over', () => {
  expect(sperreBis({ monate: 12 }, 'HINWEIS_GEGEBEN', '2026-11-30')).toBe('2027-02-28')
})
