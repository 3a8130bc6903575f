/** One Temporal server for the test run (TEST_TEMPORAL_ADDRESS names one that runs already); every test file gets a namespace of its own in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startTestTemporal } from './temporal-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    temporal: { address: string }
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const address = process.env['TEST_TEMPORAL_ADDRESS']
  if (address) return void project.provide('temporal', { address })
  const dir = mkdtempSync(path.join(tmpdir(), `vm-temporal-${process.env['TESTLAUF'] ?? ''}-`))
  const server = await startTestTemporal({ file: path.join(dir, 'temporal.db') })
  project.provide('temporal', { address: server.address })
  return async () => {
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}
