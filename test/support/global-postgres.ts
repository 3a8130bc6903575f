/** One PostgreSQL for the test run, with a migrated database that every test file copies. Stopped at the end, also after failures. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '../../bin/postgres.ts'
import { migrate } from '../../db/migrate.ts'

export const SECRET = 'nur-fuer-tests-nur-fuer-tests-nur-fuer-tests'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { superUrl: string; templateUrl: string }
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const base = process.getuid?.() === 0 ? '/var/lib/vorgangsmanagement' : tmpdir()
  const dir = mkdtempSync(path.join(ensure(base), `test-${process.env['TESTLAUF'] ?? ''}-`))
  chmodSync(dir, 0o755)
  // Nothing here outlives the run: durability is switched off for speed.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300', shared_buffers: '128MB' }
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres'), password: SECRET, database: 'vorlage', settings })
  await migrate(postgres.url, SECRET)
  project.provide('postgres', { superUrl: postgres.superUrl, templateUrl: postgres.url })
  return async () => {
    await postgres.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

function ensure(dir: string): string {
  mkdirSync(dir, { recursive: true, mode: 0o755 })
  return dir
}
