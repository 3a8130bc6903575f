import { defineConfig } from 'vitest/config'

/** `schnell` needs PostgreSQL only; `temporal` and `browser` bring up the real server and a real browser. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'schnell',
          include: ['**/*.test.{ts,tsx}'],
          exclude: ['node_modules/**', 'test/{journey,browser,chaos}/**', '**/*.temporal.test.ts'],
          globalSetup: ['test/support/global-postgres.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'temporal',
          include: ['**/*.temporal.test.ts', 'test/{journey,chaos}/**/*.test.ts'],
          exclude: ['node_modules/**'],
          globalSetup: ['test/support/global-postgres.ts', 'test/support/global-temporal.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/global-postgres.ts', 'test/support/global-temporal.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
        },
      },
    ],
  },
})
