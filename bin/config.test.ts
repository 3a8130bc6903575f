import path from 'node:path'
import { expect, test } from 'vitest'
import { readConfig, reportConfig } from './config.ts'

const fehler = (env: Record<string, string>, noetig: Parameters<typeof readConfig>[1] = []): string[] => {
  try {
    readConfig(env, noetig)
    return []
  } catch (error) {
    return (error as Error).message.split('\n').slice(1)
  }
}

test('without any setting the application is for this machine only', () => {
  expect(readConfig({ PORT: ' ', MAIL_FROM: '' })).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:3000',
    databaseUrl: undefined,
    temporal: undefined,
    demo: undefined,
    resend: undefined,
    nightAt: '04:10',
    bundesland: 'NW',
    dataDir: path.resolve('.data'),
  })
  expect(readConfig({ PORT: '8080' }).publicUrl).toBe('http://localhost:8080')
})

test('everything wrong is told at once, with what it is for', () => {
  const zeilen = fehler({ PORT: 'achtzig', NIGHT_AT: '2530', SESSION_SECRET: 'kurz', DEMO: 'vielleicht', RESEND_API_KEY: 're_1' }, ['databaseUrl'])
  expect(zeilen).toHaveLength(6)
  expect(zeilen.join('\n')).toMatch(/PORT: „achtzig“ geht nicht. Erwartet: eine ganze Zahl.*Zweck: Port der Anwendung/)
  expect(zeilen.join('\n')).toMatch(/DATABASE_URL fehlt. Zweck/)
  expect(zeilen.join('\n')).toMatch(/MAIL_FROM fehlt/)
  expect(zeilen.join('\n')).not.toContain('kurz')
})

test.each(['02:00', '02:30', '02:59'])('a night at %s is refused: that hour happens twice or not at all', (zeit) => {
  expect(fehler({ NIGHT_AT: zeit })).toEqual([expect.stringContaining('Zeitumstellung')])
})
test.each(['01:59', '03:00', '23:30'])('a night at %s is taken', (zeit) => {
  expect(readConfig({ NIGHT_AT: zeit }).nightAt).toBe(zeit)
})

test('other machines are let in by https only', () => {
  expect(fehler({ HOST: '0.0.0.0' })).toEqual([expect.stringContaining('https://')])
  expect(fehler({ HOST: '192.168.1.5', PUBLIC_URL: 'http://buero.example' })).toEqual([expect.stringContaining('https://')])
  expect(readConfig({ HOST: '0.0.0.0', PUBLIC_URL: 'https://buero.example/' }).publicUrl).toBe('https://buero.example')
})

test('an address is an origin: a path would be lost in every link', () => {
  expect(fehler({ PUBLIC_URL: 'https://buero.example/vorgang' })).toHaveLength(1)
})

test('the report says where each value came from and shows no secret', () => {
  const geheim = { SESSION_SECRET: 'x'.repeat(40), RESEND_API_KEY: 're_geheim', DEMO_PASSWORD: 'Regen Kante', TEMPORAL_API_KEY: 'tk_geheim' }
  const config = readConfig({
    ...geheim,
    MAIL_FROM: 'Büro <post@a.example>',
    DATABASE_URL: 'postgres://vm:pw_geheim@db/vm',
    TEMPORAL_ADDRESS: 'cloud:7233',
  })
  const bericht = reportConfig(config).join('\n')
  expect(bericht).toMatch(/PORT +3000 +\(Voreinstellung\)/)
  expect(bericht).toMatch(/DATABASE_URL +postgres:\/\/vm:\*\*\*@db\/vm +\(Umgebung\)/)
  expect(bericht).toMatch(/PUBLIC_URL +http:\/\/localhost:3000 +\(abgeleitet\)/)
  for (const wert of [...Object.values(geheim), 'pw_geheim']) expect(bericht).not.toContain(wert)
  expect(config.resend).toEqual({ apiKey: 're_geheim', from: 'Büro <post@a.example>' })
})

test('a wrong database address does not show its password', () => {
  expect(fehler({ DATABASE_URL: 'mysql://vm:pw_geheim@db/vm' }).join()).not.toContain('pw_geheim')
})

test('Temporal is the embedded one unless the environment names another', () => {
  expect(readConfig({ TEMPORAL_NAMESPACE: 'x' }).temporal).toBeUndefined()
  const { temporal } = readConfig({ TEMPORAL_ADDRESS: 'buero.tmprl.cloud:7233', TEMPORAL_NAMESPACE: 'buero.a1', TEMPORAL_API_KEY: 'tk' })
  expect(temporal).toMatchObject({ namespace: 'buero.a1', connectionOptions: { address: 'buero.tmprl.cloud:7233', apiKey: 'tk', tls: true } })
  expect(fehler({ TEMPORAL_CONFIG_FILE: '/gibt/es/nicht.toml' })).toEqual([expect.stringMatching(/TEMPORAL/)])
})
