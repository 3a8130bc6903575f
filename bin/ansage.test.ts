import { spawnSync } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { SECRET, createTestDatabase } from '../test/support/datenbank.ts'
import { describeZugaenge, readable } from './ansage.ts'
import { readConfig } from './config.ts'

const fehlerVon = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  )
/** The error of a connection to that address of the test's PostgreSQL. */
async function fehler(aendere: (url: URL) => void): Promise<unknown> {
  const url = new URL(inject('postgres').superUrl)
  aendere(url)
  const client = new pg.Client({ connectionString: url.href })
  const error = await fehlerVon(client.connect())
  await client.end().catch(() => undefined)
  return error
}

test('a PostgreSQL that is not there, or does not let in, is told in German with the remedy', async () => {
  expect(readable(await fehler((url) => (url.port = '1')))).toBe(
    'PostgreSQL antwortet nicht (127.0.0.1, Port 1). Prüfen Sie, ob der Server läuft und ob DATABASE_URL stimmt.',
  )
  expect(readable(await fehler((url) => (url.password = 'falsch')))).toMatch(/weist den Benutzer oder das Kennwort ab.*DATABASE_URL/)
  expect(readable(await fehler((url) => (url.pathname = '/gibt-es-nicht')))).toMatch(/Die Datenbank gibt es auf dem PostgreSQL-Server nicht\./)
  expect(readable(await fehlerVon(lookup('gibt-es-nicht.invalid')))).toBe(
    'Der Rechner „gibt-es-nicht.invalid“ der Datenbank ist nicht zu finden. Prüfen Sie DATABASE_URL.',
  )
})

test('a name with several addresses is told by its first', async () => {
  const error = await new Promise((resolve) =>
    connect({
      host: 'localhost',
      port: 1,
      lookup: (_host, _options, found) =>
        found(null, [
          { address: '127.0.0.1', family: 4 },
          { address: '127.0.0.2', family: 4 },
        ]),
    }).once('error', resolve),
  )
  expect(readable(error)).toMatch(/^PostgreSQL antwortet nicht \(127\.0\.0\.1, Port 1\)/)
})

test.each(['backup', 'import', 'migrate', 'protokoll', 'seed'])('%s says the same', (befehl) => {
  const env = { ...process.env, DATABASE_URL: 'postgres://x:y@127.0.0.1:1/db', SESSION_SECRET: 's'.repeat(40) }
  const args = ['--import', 'tsx', `bin/${befehl}.ts`, ...(befehl === 'backup' || befehl === 'import' ? ['/gibt/es/nicht'] : [])]
  const { stderr, status } = spawnSync(process.execPath, args, { cwd: path.join(import.meta.dirname, '..'), env, encoding: 'utf8' })
  expect([status, stderr]).toEqual([expect.any(Number), expect.stringContaining('PostgreSQL antwortet nicht (127.0.0.1, Port 1). Prüfen Sie')])
  expect(stderr).not.toContain('    at ')
  expect(status).not.toBe(0)
})

test('a demo Betrieb that was asked for and not loaded is told, one that nobody asked for is not', () => {
  expect(describeZugaenge(readConfig({ DEMO: '1' }), {})).toContain('Demo-Betrieb   nicht geladen: Ihn gibt es nur in einer leeren Datenbank')
  expect(describeZugaenge(readConfig({}), {})).not.toContain('Demo')
  const demo = { emails: ['supervisor@demo.example'], neu: false, passwort: undefined }
  expect(describeZugaenge(readConfig({ DEMO: '1' }), { demo })).not.toContain('nicht geladen')
})

test('a small backup does not have 0 MB', async () => {
  const database = await createTestDatabase()
  const dir = mkdtempSync(path.join(tmpdir(), 'vm-sicherung-'))
  const env = { ...process.env, DATABASE_URL: database.ownerUrl, SESSION_SECRET: SECRET }
  const args = ['--import', 'tsx', 'bin/backup.ts', path.join(dir, 'sicherung.gz')]
  const { stdout } = spawnSync(process.execPath, args, { cwd: path.join(import.meta.dirname, '..'), env, encoding: 'utf8' })
  expect(stdout).toMatch(/Gesichert: [\d.]+ Zeilen aus \d+ Tabellen, [1-9]\d* KB\n/)
  await database.drop()
  rmSync(dir, { recursive: true })
})
