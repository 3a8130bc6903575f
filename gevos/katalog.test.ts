/** The shelf checks itself: what every GeVo must have, with the remedy in the message. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { findGevo, getGevo, katalog, vorgang } from './katalog.ts'
import { fuelle } from './texte.ts'

/** Files in gevos/ that are no GeVo. */
const WERKZEUG = ['bausteine.ts', 'deckung.ts', 'fristen.ts', 'gevo.ts', 'katalog.ts', 'regal.ts', 'texte.ts']
const DATEIEN = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !WERKZEUG.includes(file))
  .map((file) => file.slice(0, -3))

test('every file is on the shelf, and its name is its key', () => {
  expect(katalog.map(({ key }) => key).sort(), 'gevos/regal.ts nennt jede Datei einmal, und key ist der Dateiname').toEqual(DATEIEN.sort())
})

test('codes and keys are unique, by hand included', () => {
  const alle = [...katalog, vorgang]
  expect(new Set(alle.map(({ code }) => code)).size).toBe(alle.length)
  expect(new Set(alle.map(({ key }) => key)).size).toBe(alle.length)
})

test('it is found by code and by key', () => {
  for (const gevo of [...katalog, vorgang]) expect([findGevo(gevo.code), findGevo(gevo.key)]).toEqual([gevo, gevo])
  expect(findGevo('G99')).toBeUndefined()
  expect(() => getGevo('G99')).toThrow('G99')
})

test('the most urgent comes first', () => {
  const prios = katalog.map(({ prio }) => prio)
  expect(prios).toEqual([...prios].sort())
})

describe.each(katalog.map((gevo) => [gevo.code, gevo] as const))('%s', (_, gevo) => {
  test('has its texts, without a gap', () => {
    for (const feld of ['titel', 'kurz', 'hilfe', 'grund', 'endetWenn'] as const) {
      expect(gevo[feld].length, `${feld} fehlt oder ist zu kurz`).toBeGreaterThan(10)
      expect(gevo[feld], `${feld} ist noch nicht ausgefüllt`).not.toMatch(/TODO|!/)
    }
    expect(gevo.code).toMatch(/^G\d\d$/)
  })

  test('its mails name only what there is', () => {
    const werte = { anrede: 'a', vermittler: 'b', betrieb: 'c', ...gevo.platzhalter?.({}) }
    for (const vorlage of [gevo.hinweis, gevo.angebot])
      if (vorlage) expect(fuelle(vorlage.betreff + vorlage.text, werte), 'ein Platzhalter ist unbekannt').not.toMatch(/\{\w+\}/)
  })

  test('has something that may be sent', () => {
    expect(
      gevo.hinweis ?? gevo.angebot ?? gevo.ohneMail,
      'hinweis (V) oder angebot (W) fehlt; wo beides nicht sein darf, sagt ohneMail warum',
    ).toBeDefined()
  })

  test('says of every threshold what it is and within which bounds', () => {
    expect(Object.keys(gevo.einstellungen).sort(), 'einstellungen und werte nennen dieselben Namen').toEqual(Object.keys(gevo.werte).sort())
    for (const [name, { min, max }] of Object.entries(gevo.einstellungen)) {
      expect(gevo.werte[name]).toBeGreaterThanOrEqual(min)
      expect(gevo.werte[name]).toBeLessThanOrEqual(max)
    }
  })
  test('has a test with both sides and its SQL', () => {
    const file = path.join(import.meta.dirname, `${gevo.key}.test.ts`)
    expect(existsSync(file), `${gevo.key}.test.ts fehlt`).toBe(true)
    for (const teil of ["describe('trifft zu'", "describe('trifft nicht zu'", 'toMatchSnapshot'])
      expect(readFileSync(file, 'utf8'), `${gevo.key}.test.ts ohne ${teil}`).toContain(teil)
  })
})
