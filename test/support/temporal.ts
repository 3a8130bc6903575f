/** The real worker (workflows, activities, relay) on a test database and a namespace of its own. */
import { randomUUID } from 'node:crypto'
import { Client, Connection } from '@temporalio/client'
import type { WorkflowBundle } from '@temporalio/worker'
import { inject } from 'vitest'
import { ensureSearchAttributes } from '../../relay/temporal.ts'
import { freePort } from '../../bin/ports.ts'
import { type Log, installTelemetrie } from '../../relay/telemetrie.ts'
import { bundleWorkflows } from '../../bin/workflow-bundle.ts'
import { type RunningWorker, type WorkerConfig, startWorker } from '../../worker.ts'
import type { TestDatabase } from './datenbank.ts'

export interface TestNamespace {
  address: string
  namespace: string
  /** For looking and for signals by hand. */
  client: Client
  /** The client's connection is closed here, last. */
  close(): Promise<void>
}

export const PUBLIC_URL = 'https://vorgang.test'

/** Workflow ids carry the row's number, and every test database begins at 1: a namespace of its own keeps files apart. */
export async function createTestNamespace(
  address = inject('temporal').address,
  namespace = `test-${randomUUID().slice(0, 8)}`,
): Promise<TestNamespace> {
  const connection = await Connection.connect({ address })
  const client = new Client({ connection, namespace, identity: 'test' })
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: (90 * 86_400) as never } })
  await eventually(async () => void (await ensureSearchAttributes(client)), 20_000)
  return { address, namespace, client, close: () => connection.close() }
}

let bundle: Promise<WorkflowBundle> | undefined
/** Everything the worker processes of this test file would have logged. */
export const logged: Log[] = []
export const kernmetriken = installTelemetrie((entry) => void logged.push(entry), await freePort())

export interface TestWorker extends RunningWorker {
  namespace: TestNamespace
}

/** No workflow is cached: every task replays its whole history, so what is not deterministic fails here. */
export async function startTestWorker({
  database,
  namespace,
  ...config
}: { database: TestDatabase; namespace?: TestNamespace } & Partial<WorkerConfig>): Promise<TestWorker> {
  const own = namespace ?? (await createTestNamespace())
  const worker = await startWorker({
    db: database.worker,
    temporal: { connectionOptions: { address: own.address }, namespace: own.namespace },
    publicUrl: PUBLIC_URL,
    workflowBundle: await (bundle ??= bundleWorkflows()),
    maxCachedWorkflows: 0,
    retryDelay: 200,
    log: (entry) => void logged.push(entry),
    ...config,
  })
  return {
    ...worker,
    namespace: own,
    stop: async () => {
      await worker.stop()
      if (!namespace) await own.close()
    },
  }
}

/** Tries until `look` no longer throws; its last error is the test's. */
export async function eventually<T>(look: () => Promise<T>, ms = 30_000): Promise<T> {
  for (const end = Date.now() + ms; ;) {
    try {
      return await look()
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
