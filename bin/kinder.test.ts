import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { type Kind, type Prozess, WEB_FLAGS, hold } from './kinder.ts'

/** Processes that end when the test says so. */
function kind(): { kind: Kind; prozesse: { die(how?: string): void; gestoppt: boolean }[] } {
  const prozesse: { die(how?: string): void; gestoppt: boolean }[] = []
  const start = async (): Promise<Prozess> => {
    let die = (_how?: string): void => undefined
    const ended = new Promise<string>((resolve) => (die = (how = 'Code 1') => resolve(how)))
    const dieser = { die, gestoppt: false }
    prozesse.push(dieser)
    return {
      pid: prozesse.length,
      ended,
      stop: async () => {
        dieser.gestoppt = true
        die('Signal SIGTERM')
      },
    }
  }
  return { kind: { name: 'Der Worker', start }, prozesse }
}
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const nie = (): AbortSignal => new AbortController().signal
const still = (): void => undefined

test('a process that dies is started again, after growing pauses', async () => {
  const { kind: k, prozesse } = kind()
  const gemeldet: string[] = []
  const aufsicht = await hold(k, (text) => void gemeldet.push(text), nie(), { pause: 10 })
  prozesse[0]!.die('Signal SIGKILL')
  await vi.waitFor(() => expect(prozesse).toHaveLength(2), 5_000)
  prozesse[1]!.die()
  await vi.waitFor(() => expect(prozesse).toHaveLength(3), 5_000)
  expect(gemeldet).toEqual([
    'Der Worker ist ausgefallen (Signal SIGKILL); neuer Start in 0,01 s.',
    'Der Worker ist ausgefallen (Code 1); neuer Start in 0,02 s.',
  ])
  await aufsicht.stop()
  expect(prozesse[2]!.gestoppt).toBe(true)
})

test('five deaths in five minutes are given up with the reason', async () => {
  const { kind: k, prozesse } = kind()
  const aufsicht = await hold(k, still, nie(), { pause: 1 })
  for (let i = 0; i < 5; i++) {
    await vi.waitFor(() => expect(prozesse).toHaveLength(i + 1), 5_000)
    prozesse[i]!.die()
  }
  expect(await aufsicht.aufgegeben).toBe('Der Worker ist 5-mal in 5 Minuten ausgefallen, zuletzt: Code 1.')
  expect(prozesse).toHaveLength(5)
})

test('deaths far apart are not counted together', async () => {
  const { kind: k, prozesse } = kind()
  const aufsicht = await hold(k, still, nie(), { pause: 1, tode: 2, fenster: 20 })
  for (let i = 0; i < 4; i++) {
    prozesse[i]!.die()
    await later(40)
    await vi.waitFor(() => expect(prozesse).toHaveLength(i + 2), 5_000)
  }
  await aufsicht.stop()
})

test('one that never comes up is given up with its own words', async () => {
  const aufsicht = await hold({ name: 'PostgreSQL', start: () => Promise.reject(new Error('kein Platz')) }, still, nie(), { pause: 1 })
  expect(await aufsicht.aufgegeben).toContain('kein Platz')
})

test('one that says that another try cannot help is not started again', async () => {
  let starts = 0
  const start = (): Promise<Prozess> => {
    starts += 1
    return Promise.reject(Object.assign(new Error('falsches Kennwort'), { endgueltig: true }))
  }
  const aufsicht = await hold({ name: 'PostgreSQL', start }, still, nie(), { pause: 1 })
  expect([await aufsicht.aufgegeben, starts]).toEqual(['falsches Kennwort', 1])
})

test('after a stop nothing is started any more', async () => {
  const { kind: k, prozesse } = kind()
  const ende = new AbortController()
  const aufsicht = await hold(k, still, ende.signal, { pause: 20 })
  prozesse[0]!.die()
  await later(5)
  ende.abort()
  await aufsicht.stop()
  await later(40)
  expect(prozesse).toHaveLength(1)
})

test('the web process has the same memory, whoever starts it', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(import.meta.dirname, '../package.json'), 'utf8')) as { scripts: Record<string, string> }
  expect(scripts['start:web']).toBe(`node bin/start.mjs run ${WEB_FLAGS.join(' ')} server.ts`)
})
