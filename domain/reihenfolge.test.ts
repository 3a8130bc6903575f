import { expect, test } from 'vitest'
import { sortRegeln } from './reihenfolge.ts'

const REGELN = [
  { code: 'G01', prio: 3, ende: 'BEFUND_WEG' },
  { code: 'G02', prio: 1, ende: 'FRIST_VORBEI' },
  { code: 'G04', prio: 3, ende: 'FRIST_VORBEI' },
  { code: 'G03', prio: 3, ende: 'FRIST_VORBEI' },
  { code: 'G06', prio: 2, ende: 'BEFUND_WEG' },
] as const
const codes = (eigene = {}) => sortRegeln(REGELN, eigene).map(({ code }) => code)

test('by priority; of the same priority a Frist goes first, it does not come again', () => {
  expect(codes()).toEqual(['G02', 'G06', 'G03', 'G04', 'G01'])
})

test('a Betrieb’s own priority counts instead', () => {
  expect(codes({ G01: 1, G02: 4 })).toEqual(['G01', 'G06', 'G03', 'G04', 'G02'])
  expect(codes({ G06: 3 })).toEqual(['G02', 'G03', 'G04', 'G01', 'G06'])
})
