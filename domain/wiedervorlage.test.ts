import { expect, test } from 'vitest'
import { freierTag, readWiedervorlage, readZeit, vorschlaege } from './wiedervorlage.ts'

const JETZT = { heute: '2026-11-23', jetzt: '2026-11-23T09:00:00Z' }
const am = (felder: Record<string, string>) => {
  const gelesen = readWiedervorlage({ titel: 'Anrufen', ...felder }, JETZT)
  return gelesen.ok ? gelesen.werte.am : gelesen.fehler
}

test.each([
  [{ wann: '2026-11-24' }, '2026-11-24T08:00:00.000Z'],
  [{ wann: 'ANDERS', datum: '1.12.', zeit: '14:30' }, '2026-12-01T13:30:00.000Z'],
  [{ datum: '1.3.' }, '2027-03-01T08:00:00.000Z'],
  [{ datum: '1.7.2027', zeit: '9 Uhr' }, '2027-07-01T07:00:00.000Z'],
  [{ datum: '23.11.2026', zeit: '11' }, '2026-11-23T10:00:00.000Z'],
])('%o is taken', (felder, erwartet) => expect(am(felder)).toBe(erwartet))

test.each([
  [{}, 'datum', 'Der Tag fehlt'],
  [{ datum: '23.11.2026', zeit: '9:00' }, 'zeit', 'schon vorbei'],
  [{ datum: '31.2.2027' }, 'datum', 'gibt es nicht'],
  [{ datum: '1.12.2026', zeit: '25' }, 'zeit', 'keine Uhrzeit'],
  [{ wann: '2026-11-24', datum: '1.12.2026' }, 'datum', 'zwei verschiedene Tage'],
])('%o says what is wrong', (felder, feld, text) => expect(am(felder)).toMatchObject({ [feld]: expect.stringContaining(text) }))

test('suggested days are working days of the Bundesland', () => {
  expect(vorschlaege('2026-11-27', 'HH').map((v) => v.tag)).toEqual(['2026-11-30', '2026-12-04', '2026-12-11', '2026-12-28'])
  expect(vorschlaege('2026-11-27', 'HH').map((v) => v.titel)).toEqual(['nächster Werktag', 'in 1 Woche', 'in 2 Wochen', 'in 1 Monat'])
  expect(vorschlaege('2026-11-26', 'HH')[0]).toEqual({ titel: 'morgen', tag: '2026-11-27' })
  expect(freierTag('2026-12-25', 'HH')).toBe('1. Weihnachtstag')
  expect(freierTag('2026-11-28', 'HH')).toBe('Samstag')
  expect(freierTag('2026-11-30', 'HH')).toBeNull()
})

test('times are read as people type them', () => {
  for (const [text, zeit] of [
    ['9', '09:00'],
    ['9.30', '09:30'],
    ['0930', '09:30'],
    ['', '09:00'],
  ] as const)
    expect(readZeit(text)).toEqual({ ok: true, wert: zeit })
})
