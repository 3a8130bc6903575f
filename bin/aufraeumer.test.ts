import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

let ordner: string
beforeAll(() => void (ordner = mkdtempSync(path.join(tmpdir(), 'vm-aufraeumer-'))))
afterAll(() => rmSync(ordner, { recursive: true, force: true }))

const start = (lauf: string) =>
  spawn(process.execPath, [path.join(import.meta.dirname, 'aufraeumer.mjs'), lauf, ordner], { stdio: ['pipe', 'pipe', 'inherit'] })

test.runIf(existsSync('/proc/self'))(
  'what a test run leaves behind when it is killed is ended and named, with its folders; what others run stays',
  async () => {
    const [lauf, anderer] = [randomUUID(), randomUUID()]
    const reste = mkdtempSync(path.join(ordner, `test-${lauf}-`))
    const fremd = mkdtempSync(path.join(ordner, `test-${anderer}-`))
    const server = (von: string) => spawn('sleep', ['600'], { detached: true, stdio: 'ignore', env: { ...process.env, TESTLAUF: von } })
    const [eigener, andererServer] = [server(lauf), server(anderer)]
    try {
      const aufraeumer = start(lauf)
      let text = ''
      aufraeumer.stdout.on('data', (teil: Buffer) => (text += teil.toString()))
      aufraeumer.stdin.destroy()
      const [[code]] = await Promise.all([once(aufraeumer, 'exit'), once(eigener, 'exit')])
      expect(code).toBe(1)
      expect(text).toContain(`Übrig geblieben, wird beendet: ${eigener.pid} sleep 600`)
      expect(existsSync(reste)).toBe(false)
      expect(existsSync(fremd)).toBe(true)
      expect(andererServer.exitCode ?? andererServer.signalCode).toBeNull()
    } finally {
      eigener.kill('SIGKILL')
      andererServer.kill('SIGKILL')
    }
  },
)

test('a run that has ended everything itself finds nothing left', async () => {
  const aufraeumer = start(randomUUID())
  aufraeumer.stdin.end()
  expect((await once(aufraeumer, 'exit'))[0]).toBe(0)
})
