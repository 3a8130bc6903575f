import { readdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SUCHATTRIBUTE } from '../domain/messages.ts'
import { connectClient } from '../relay/temporal.ts'
import { freePort } from './ports.ts'
import { startTemporal } from './temporal.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(path.join(tmpdir(), 'vm-temporal-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

async function look(address: string, namespace: string) {
  const client = connectClient({ connectionOptions: { address }, namespace })
  try {
    const { config } = await client.workflowService.describeNamespace({ namespace })
    const { customAttributes } = await (client.connection as import('@temporalio/client').Connection).operatorService.listSearchAttributes({
      namespace,
    })
    return { tage: Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400, attribute: Object.keys(customAttributes) }
  } finally {
    await client.connection.close()
  }
}

test('the embedded server comes up with its attributes and 90 days of memory, also on the second start', async () => {
  for (const start of [1, 2]) {
    const server = await startTemporal({ dir, port: await freePort(), uiPort: await freePort() })
    const { tage, attribute } = await look(server.address, server.namespace)
    expect([start, tage]).toEqual([start, 90])
    expect(attribute).toEqual(expect.arrayContaining(Object.keys(SUCHATTRIBUTE)))
    expect((await fetch(server.uiUrl)).status).toBe(200)
    await server.stop()
    expect(() => process.kill(server.pid, 0)).toThrow()
  }
  expect(readdirSync(dir)).toContainEqual(expect.stringMatching(/^temporal-\d+\.\d+\.\d+\.db$/))
})

test('a taken port is replaced by a free one', async () => {
  const port = await freePort()
  const other = createServer().listen(port, '127.0.0.1')
  const server = await startTemporal({ dir, port, uiPort: await freePort() })
  expect(server.address).not.toBe(`127.0.0.1:${port}`)
  await server.stop()
  other.close()
})
