/**
 * `npm run test:office [-- vitest arguments]`: the tests of workflows, relay and whole journeys against the real Temporal server on PostgreSQL.
 * Builds server and schema tool once (minutes), leaves nothing running. Tests that stop and start a server of their own keep the embedded one.
 */
import path from 'node:path'
import { freePort } from '../../bin/ports.ts'
import { createOrdner, removeOrdner } from './anlage.ts'
import { ORDNER } from './bericht.ts'
import { echterServer } from './temporal-echt.ts'
import { runVitest } from './vitest.ts'

const DATEIEN = ['workflows/', 'relay/', 'test/journey/']

const ende = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ende.abort())
const gewaehlt = process.argv.slice(2)
const dir = createOrdner()
try {
  const port = await freePort()
  const server = await echterServer({ namespace: null })({ dir: path.join(dir, 'temporal'), port })
  console.log(`Temporal-Server auf PostgreSQL: 127.0.0.1:${port}`)
  try {
    const ok = await runVitest(gewaehlt.length > 0 ? gewaehlt : DATEIEN, { TEST_TEMPORAL_ADDRESS: `127.0.0.1:${port}` }, ende.signal)
    process.exitCode = ok ? 0 : 1
  } finally {
    await server.stop()
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
} finally {
  removeOrdner(dir, ORDNER)
}
