import { expect, test } from 'vitest'
import { bisZum, spartenName } from './texte.ts'

test('a customer reads what the contract is, not what we do not know about it', () => {
  expect(['HAFTPFLICHT', 'KV', 'PHV', 'UNBEKANNT', undefined].map(spartenName)).toEqual([
    'Haftpflicht',
    'Krankenversicherung',
    'Privathaftpflicht',
    'Versicherung',
    'Versicherung',
  ])
})

test('a day to send something by is named until it has passed', () => {
  expect(bisZum('2026-11-23', '2026-11-23')).toBe('bis zum 23.11.2026')
  expect(bisZum('2026-11-23', '2026-11-24')).toBe('sofort')
})
