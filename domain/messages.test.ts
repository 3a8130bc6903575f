import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SIGNALE, parseInstant, parseSignal, parseStand } from './messages.ts'

const STAND = { epoch: 1, version: 4, status: 'IN_ARBEIT', erinnerungAm: '2026-12-01T08:00:00.000Z', offeneVorgaenge: 1 }

test('a Stand from the relay is taken as it is, its instant normalised', () => {
  expect(parseSignal('contacted', [STAND])).toEqual({ art: 'stand', stand: STAND })
  expect(parseStand({ ...STAND, erinnerungAm: '2026-12-01T09:00:00+01:00' })?.erinnerungAm).toBe('2026-12-01T08:00:00.000Z')
})

test('a signal sent by hand is understood by its fields', () => {
  expect(parseSignal('reminder', [{ id: 'ops-1', am: '2026-12-01T09:00+01:00' }])).toEqual({
    art: 'hand',
    id: 'ops-1',
    signal: 'reminder',
    ereignis: { art: 'reminder', am: '2026-12-01T08:00:00.000Z' },
  })
  expect(parseSignal('reopened', [])).toMatchObject({ art: 'hand', ereignis: { art: 'reopened' } })
})

test.each([
  ['contacted', undefined, 'KANAL_FEHLT'],
  ['contacted', { kanal: 'TELEFON' }, 'ERGEBNIS_FEHLT'],
  ['contacted', { kanal: 'toString', ergebnis: 'GESPROCHEN' }, 'KANAL_FEHLT'],
  ['reminder', null, 'ZEITPUNKT_FEHLT'],
  ['reminder', { am: '2026-02-31T25:00:00Z' }, 'ZEITPUNKT_FEHLT'],
  ['reminder', { am: '2026-12-01T09:00' }, 'ZEITPUNKT_FEHLT'],
  ['documented', 'ABGESCHLOSSEN', 'ERGEBNIS_FEHLT'],
  ['reassigned', { vermittler: 'Karin' }, 'VERMITTLER_FEHLT'],
  ['gibtEsNicht', {}, 'SIGNAL_UNBEKANNT'],
])('%s with %j is not understood: %s', (signal, raw, grund) => {
  expect(parseSignal(signal, [raw])).toMatchObject({ art: 'unverstanden', grund })
})

test('the name of an unknown signal is somebody’s text and is not kept', () => {
  expect(parseSignal('Frau Çelik anrufen', [])).toMatchObject({ signal: 'unbekannt' })
})

test('no input whatever makes the parser throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom(...SIGNALE), fc.string()),
      fc.array(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true })),
      (signal, args) => {
        expect(['stand', 'hand', 'unverstanden']).toContain(parseSignal(signal, args).art)
      },
    ),
    { numRuns: 3_000 },
  )
})

test('instants compare as text once parsed', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date('1970-01-01'), max: new Date('9000-01-01') }), (date) => {
      expect(parseInstant(date.toISOString())).toBe(date.toISOString())
    }),
  )
})
