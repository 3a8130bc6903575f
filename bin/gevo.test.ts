import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createGevo } from './gevo.ts'

const GEVOS = path.join(import.meta.dirname, '../gevos')
let dir: string
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'gevos-'))
  cpSync(GEVOS, dir, { recursive: true })
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('a new GeVo comes with its test and stands on the shelf', () => {
  expect(createGevo({ key: 'rechtsschutz-fehlt', code: 'G41' }, dir)).toEqual(['rechtsschutz-fehlt.ts', 'rechtsschutz-fehlt.test.ts', 'regal.ts'])
  expect(readFileSync(path.join(dir, 'rechtsschutz-fehlt.ts'), 'utf8')).toContain("code: 'G41'")
  expect(readFileSync(path.join(dir, 'regal.ts'), 'utf8')).toContain("import rechtsschutzFehlt from './rechtsschutz-fehlt.ts'")
})

test('without a code it gets the next number', () => {
  createGevo({ key: 'rechtsschutz-fehlt', code: 'G41' }, dir)
  createGevo({ key: 'noch-eine-luecke' }, dir)
  expect(readFileSync(path.join(dir, 'noch-eine-luecke.ts'), 'utf8')).toContain("code: 'G42'")
})

test('the shelf of the project is what the tool would write', () => {
  const vorher = readFileSync(path.join(GEVOS, 'regal.ts'), 'utf8')
  createGevo({ key: 'zz-probe' }, dir)
  const nachher = readFileSync(path.join(dir, 'regal.ts'), 'utf8')
  expect(nachher.replace("import zzProbe from './zz-probe.ts'\n", '').replace('  zzProbe,\n', '')).toBe(vorher)
})

test.each([
  [{ key: 'Müller' }, 'geht nicht als Name'],
  [{ key: 'alle' }, 'geht nicht als Name'],
  [{ key: 'probe-fall', code: 'X1' }, 'geht nicht als Code'],
  [{ key: 'probe-fall', code: 'G01' }, 'nie ein zweites Mal'],
  [{ key: 'vertrag-laeuft-bald-ab' }, 'gibt es schon'],
])('%o is refused in words', (neu, text) => expect(() => createGevo(neu, dir)).toThrow(text))
