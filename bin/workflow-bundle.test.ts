import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadWorkflows } from './workflow-bundle.ts'

let ordner: string
beforeEach(() => void (ordner = mkdtempSync(path.join(tmpdir(), 'vm-workflows-'))))
afterEach(() => rmSync(ordner, { recursive: true }))

test('what was bundled is kept and taken again; a damaged one and one of other sources are not', { timeout: 60_000 }, async () => {
  writeFileSync(path.join(ordner, 'workflows-alt.js'), 'von gestern')
  const { code } = await loadWorkflows(ordner)
  const [name, ...weitere] = readdirSync(ordner)
  expect(weitere).toEqual([])
  const datei = path.join(ordner, name!)
  const abgelegt = readFileSync(datei, 'utf8')
  expect(abgelegt.endsWith(code)).toBe(true)

  expect(await loadWorkflows(ordner)).toEqual({ code })
  expect(readFileSync(datei, 'utf8')).toBe(abgelegt)
  writeFileSync(datei, abgelegt.slice(0, 100_000))
  expect((await loadWorkflows(ordner)).code).toHaveLength(code.length)
  expect(readFileSync(datei, 'utf8')).toHaveLength(abgelegt.length)
})

test('without a folder to keep it in there is a bundle all the same', { timeout: 60_000 }, async () => {
  const datei = path.join(ordner, 'keinordner')
  writeFileSync(datei, '')
  expect((await loadWorkflows(datei)).code.length).toBeGreaterThan(100_000)
})
