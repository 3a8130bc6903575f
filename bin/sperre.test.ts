import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
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
