/** The shelf checks itself (what it demands stands in test/support/regal.ts), and every demand is shown to fail. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listMaengel, listRegalmaengel } from '../test/support/regal.ts'
import type { Gevo } from './gevo.ts'
import { findGevo, getGevo, katalog, vorgang } from './katalog.ts'

test('every file is on the shelf once, named as its key, with a code of its own', () => {
  expect(listRegalmaengel(katalog, import.meta.dirname)).toEqual([])
})

test.each(katalog.map((gevo) => [gevo.code, gevo] as const))('%s is filled in, can be set and is tested', (_, gevo) => {
  expect(listMaengel(gevo, import.meta.dirname)).toEqual([])
})

test('it is found by code and by key, one made by hand included', () => {
  for (const gevo of [...katalog, vorgang]) expect([findGevo(gevo.code), findGevo(gevo.key)]).toEqual([gevo, gevo])
  expect(findGevo('G99')).toBeUndefined()
  expect(() => getGevo('G99')).toThrow('G99')
})

test('the most urgent comes first', () => {
  const prios = katalog.map(({ prio }) => prio)
  expect(prios).toEqual([...prios].sort())
})

describe('what the shelf refuses', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'gevos-'))
    cpSync(import.meta.dirname, dir, { recursive: true })
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  const g01 = findGevo('G01') as Gevo
  const ohne = (code: string) => katalog.filter((gevo) => gevo.code !== code)
  const datei = (name: string) => path.join(dir, name.replace('KEY', g01.key))
  const ersetze = (name: string, alt: string, neu: string) => writeFileSync(datei(name), readFileSync(datei(name), 'utf8').replaceAll(alt, neu))

  test.each<[string, readonly Gevo[], string]>([
    ['a file that is not on the shelf', ohne('G01'), `gevos/${g01.key}.ts: kein GeVo im Regal heißt so`],
    ['a key that is no file', [...ohne('G01'), { ...g01, key: 'junge-kunden' }], 'junge-kunden: eine Datei gevos/junge-kunden.ts gibt es nicht'],
    ['a key twice', [...katalog, { ...g01, code: 'G99' }], 'den key gibt es zweimal'],
    ['a code twice', [...ohne('G02'), { ...getGevo('G02'), code: 'G01' } as Gevo], 'G01: den Code gibt es zweimal'],
  ])('%s', (_, gevos, text) => expect(listRegalmaengel(gevos, dir).join('\n')).toContain(text))

  test.each<[string, Partial<Gevo>, string]>([
    ['a code of its own kind', { code: 'X1' }, 'code X1 geht nicht'],
    ['no help', { hilfe: '' }, 'hilfe fehlt oder ist zu kurz'],
    ['a text still to be written', { grund: 'TODO: warum sich das lohnt' }, 'grund ist noch nicht ausgefüllt'],
    ['an exclamation', { kurz: 'Jetzt sofort anrufen!' }, 'kurz ist noch nicht ausgefüllt'],
    ['a placeholder nobody knows', { angebot: { betreff: 'Guten Tag', text: '{anrede}, {vorname}' } }, 'den Platzhalter {vorname} kennt niemand'],
    [
      'facts that advertise',
      { hinweis: { betreff: 'Ihr Vertrag', text: '{anrede}, gern vergleiche ich für Sie.' } },
      'hinweis (V) wirbt mit „vergleich“',
    ],
    ['a mail still to be written', { angebot: { betreff: 'TODO', text: '{anrede}' } }, 'eine Mailvorlage ist noch nicht ausgefüllt'],
    ['nothing to send and no reason', { hinweis: undefined, angebot: undefined, ohneMail: undefined } as object, 'sagt ohneMail, warum'],
    ['a threshold without bounds', { einstellungen: {} }, 'alterVon: werte und einstellungen nennen dieselben Namen'],
    ['a default out of bounds', { werte: { ...g01.werte, alterVon: 200 } }, 'alterVon: die Vorgabe 200 liegt nicht zwischen'],
  ])('%s', (_, felder, text) => expect(listMaengel({ ...g01, ...felder }, dir).join('\n')).toContain(text))

  test.each<[string, () => void, string]>([
    ['no test', () => rmSync(datei('KEY.test.ts')), 'test.ts fehlt'],
    ['a test without a hit', () => ersetze('KEY.test.ts', "describe('trifft zu'", "describe.skip('trifft zu'"), "im Test fehlt describe('trifft zu'"],
    ['a test without a miss', () => ersetze('KEY.test.ts', "describe('trifft nicht zu'", "describe('sonst'"), "fehlt describe('trifft nicht zu'"],
    ['a test that keeps no SQL', () => ersetze('KEY.test.ts', 'toMatchSnapshot', 'toBeDefined'), 'im Test fehlt toMatchSnapshot'],
    ['a test still to be written', () => ersetze('KEY.test.ts', '18', 'TODO'), 'der Test ist noch nicht ausgefüllt'],
    ['SQL nobody has looked at', () => rmSync(datei('__snapshots__/KEY.test.ts.snap')), 'das SQL liegt nicht in __snapshots__'],
  ])('%s', (_, breche, text) => {
    expect(listMaengel(g01, dir)).toEqual([])
    breche()
    expect(listMaengel(g01, dir).join('\n')).toContain(text)
  })
})
