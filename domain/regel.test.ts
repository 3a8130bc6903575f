import { expect, test } from 'vitest'
import { type Einstellbar, readRegel, sperrfristVon } from './regel.ts'

const JUNG: Einstellbar = {
  werte: { alterVon: 18, alterBis: 34 },
  einstellungen: {
    alterVon: { titel: 'Alter ab', einheit: 'Jahre', min: 16, max: 67 },
    alterBis: { titel: 'Alter bis', einheit: 'Jahre', min: 16, max: 99 },
  },
  sperrfrist: { monate: 12 },
  prio: 3,
}

test('kept is only what differs from the GeVo', () => {
  expect(readRegel({ an: '1', 'wert-alterVon': '18', 'wert-alterBis': ' 40 ', sperrfrist: '12', prio: '2' }, JUNG)).toEqual({
    ok: true,
    werte: { an: true, werte: { alterBis: 40 }, prio: 2, sperrfristMonate: null },
  })
})

test('an empty field is as the GeVo says, no tick is off', () => {
  expect(readRegel({}, JUNG)).toEqual({ ok: true, werte: { an: false, werte: {}, prio: null, sperrfristMonate: null } })
})

test.each(['15', '100', '34,5', '-3', 'viele', '1e2', '9999999'])('%s is refused with what would be right', (alterBis) => {
  const gelesen = readRegel({ 'wert-alterBis': alterBis }, JUNG)
  expect(gelesen).toMatchObject({ ok: false })
  expect(!gelesen.ok && gelesen.fehler['wert-alterBis']).toBe(
    `Alter bis: „${alterBis}“ geht nicht. Richtig ist eine ganze Zahl von 16 bis 99 Jahre, zum Beispiel 34.`,
  )
})

test('a span that nobody can be in is refused', () => {
  const gelesen = readRegel({ 'wert-alterVon': '40' }, JUNG)
  expect(!gelesen.ok && gelesen.fehler['wert-alterBis']).toContain('Alter bis (34) liegt unter Alter ab (40)')
})

test('a rule that belongs to one event has no months', () => {
  expect(readRegel({ sperrfrist: '7' }, { ...JUNG, sperrfrist: 'EREIGNIS' })).toMatchObject({ ok: true, werte: { sperrfristMonate: null } })
  expect(sperrfristVon('EREIGNIS', 7)).toBe('EREIGNIS')
  expect(sperrfristVon({ monate: 12 }, 7)).toEqual({ monate: 7 })
  expect(sperrfristVon({ monate: 12 }, null)).toEqual({ monate: 12 })
})
