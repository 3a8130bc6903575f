import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readable } from './ansage.ts'
import { isHeld, lock } from './sperre.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(path.join(tmpdir(), 'vm-sperre-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('the second one learns who is there, and gets the lock when it is free again', () => {
  const first = lock(dir, { wofuer: 'der Start', url: 'http://localhost:3000' })
  const second = lock(dir, { wofuer: 'der Start' })
  expect(isHeld(second)).toBe(false)
  expect(second).toMatchObject({ pid: process.pid, wofuer: 'der Start', url: 'http://localhost:3000' })
  if (isHeld(first)) first.release()
  const third = lock(dir, { wofuer: 'die Sicherung' })
  expect(isHeld(third)).toBe(true)
  if (isHeld(third)) third.release()
})

test('the lock of a process that was killed is free', async () => {
  const code = `const { lock } = await import(${JSON.stringify(new URL('./sperre.ts', import.meta.url).href)}); lock(${JSON.stringify(dir)}, { wofuer: 'der Start' }); console.log('da'); setInterval(() => {}, 1000)`
  const other = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout!, 'data')
  expect(lock(dir, { wofuer: 'der Start' })).toMatchObject({ pid: other.pid })
  other.kill('SIGKILL')
  await once(other, 'exit')
  const mine = lock(dir, { wofuer: 'der Start' })
  expect(isHeld(mine)).toBe(true)
  if (isHeld(mine)) mine.release()
})

/** What a person reads where the lock cannot be taken. */
function einwand(ordner: string): string {
  try {
    lock(ordner, { wofuer: 'der Start' })
    return ''
  } catch (error) {
    return readable(error)
  }
}

test('a file that is no lock is named, and left as it is', () => {
  const datei = path.join(dir, 'sperre.db')
  writeFileSync(datei, 'Unsinn'.repeat(1_000))
  expect(einwand(dir)).toBe(`Die Sperrdatei ${datei} ist beschädigt: Löschen Sie sie, wenn nichts mehr läuft. Es wurde nichts verändert.`)
  expect(readFileSync(datei, 'utf8')).toBe('Unsinn'.repeat(1_000))
})

test('a lock that cannot be opened, and a file where the folder should be, are told in German with the place', () => {
  mkdirSync(path.join(dir, 'sperre.db'))
  expect(einwand(dir)).toMatch(/darf nicht geschrieben werden\. Starten Sie als dasselbe Benutzerkonto.*\(.*sperre\.db\)$/)
  const datei = path.join(dir, 'datei')
  writeFileSync(datei, '')
  expect(einwand(datei)).toMatch(/Hier liegt eine Datei, wo ein Ordner sein muss\..*\(.*datei\)$/)
  expect(einwand(path.join(datei, 'daten'))).toMatch(/Hier liegt eine Datei, wo ein Ordner sein muss\./)
})
