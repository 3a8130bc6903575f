import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findTemporal } from './temporal-finden.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(path.join(tmpdir(), 'vm-finden-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** A program that says which server it holds. */
function put(folder: string, name: string, says: string): string {
  const file = path.join(dir, folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, `#!/bin/sh\necho "${says}"\n`)
  chmodSync(file, 0o755)
  return file
}
const suche = () => ({ pfad: [path.join(dir, 'leer'), path.join(dir, 'bin')].join(path.delimiter), cache: path.join(dir, 'cache'), holen: false })

test('a temporal on the PATH goes before the one in the cache', async () => {
  put('cache', 'temporal', 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)')
  const file = put('bin', 'temporal', 'temporal version 1.9.0 (Server 1.32.0, UI 2.50.0)')
  expect(await findTemporal(suche())).toEqual({ file, server: '1.32.0' })
})

test('something else of that name is passed over', async () => {
  put('bin', 'temporal', 'a clock')
  const file = put('cache', 'temporal', 'temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)')
  expect(await findTemporal(suche())).toEqual({ file, server: '1.29.1' })
})

test("the SDK's earlier download is found, one under way is not", async () => {
  put('cache', 'temporal-sdk-typescript-1.24.0.downloading', 'temporal version 1 (Server 9.9.9)')
  await expect(findTemporal(suche())).rejects.toThrow()
  const file = put('cache', 'temporal-sdk-typescript-1.24.0', 'temporal version 1.7.0 (Server 1.31.2, UI 2.45.0)')
  expect(await findTemporal(suche())).toEqual({ file, server: '1.31.2' })
})

test('without any, the three ways to get one are told', async () => {
  await expect(findTemporal(suche())).rejects.toThrow(/install-temporal-cli[^]*go\.dev[^]*TEMPORAL_ADDRESS/)
})
