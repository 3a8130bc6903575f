import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePort, isFree } from './ports.ts'

test('a free port can be listened on, is none of those outgoing connections get, and is not free any more then', async () => {
  const port = await freePort()
  expect(port).toBeLessThan(32_768)
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  try {
    expect((server.address() as AddressInfo).port).toBe(port)
    expect(await isFree(port)).toBe(false)
  } finally {
    server.close()
  }
})
