import { expect, test } from 'vitest'
import { katalog } from '../../gevos/katalog.ts'
import { bundleWorkflows } from '../../bin/workflow-bundle.ts'

test('the workflow bundle contains no GeVo, no database and no clock of its own', { timeout: 60_000 }, async () => {
  const { code } = await bundleWorkflows()
  // The source map in it quotes sources; what counts is the modules it is made of.
  const modules = [...code.matchAll(/"(\.\/[^"\n]+?\.(?:ts|js|mjs|cjs))"/g)].map(([, name]) => name!).filter((name) => !name.includes('node_modules'))
  expect(modules.length).toBeGreaterThan(3)
  expect(modules.filter((name) => /\/(gevos|db|activities|web|imports)\//.test(name))).toEqual([])
  for (const { titel, key } of katalog) {
    expect(code).not.toContain(titel)
    expect(code).not.toContain(key)
  }
  expect(code).not.toMatch(/temporal-polyfill/)
})
