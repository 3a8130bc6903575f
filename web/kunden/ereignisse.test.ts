import { expect, test } from 'vitest'
import type { Zeitleisteneintrag } from '../../db/zeitleiste.ts'
import { ABLEHNUNGEN } from '../../domain/fall.ts'
import { SIGNALFEHLER } from '../../domain/messages.ts'
import { ereignisText } from './ereignisse.ts'

const EINTRAG: Zeitleisteneintrag = {
  anker: 'p-1',
  am: '2026-11-23T09:00:00Z',
  ereignis: 'abgelehnt',
  quelle: 'SIGNAL',
  fall: 1,
  gevo: 'G01',
  codes: {},
  inhalt: null,
  person: null,
  neuerVermittler: null,
  mail: null,
}

test.each([...Object.entries(ABLEHNUNGEN), ...Object.entries(SIGNALFEHLER)])('a refused signal says why in words: %s', (grund, satz) => {
  expect(ereignisText({ ...EINTRAG, codes: { signal: 'documented', grund } })).toBe(`Signal abgelehnt: ${satz}`)
})

test('what PostgreSQL refused is called a technical error', () => {
  expect(ereignisText({ ...EINTRAG, codes: { grund: '23514' } })).toBe('Signal abgelehnt: Technischer Fehler 23514.')
})

test.each([
  ['GEPLANT', 'E-Mail: wird gesendet'],
  ['GESENDET', 'E-Mail: gesendet'],
  ['FEHLER', 'E-Mail: nicht zustellbar'],
  [null, 'E-Mail: Nachricht versandt'],
] as const)('an e-mail says how far it is: %s', (mail, satz) => {
  expect(ereignisText({ ...EINTRAG, ereignis: 'contacted', codes: { kanal: 'EMAIL', ergebnis: 'NACHRICHT_VERSANDT' }, mail })).toBe(satz)
})
