/** The way to Temporal: connection, the namespace's search attributes, and how each kind of workflow is started. */
import { Client, Connection, WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client'
import type { SearchAttributePair, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common'
import type { ClientConnectConfig } from '@temporalio/envconfig'
import type { Stand } from '../domain/fall.ts'
import {
  type FallInput,
  type ImportInput,
  type MailInput,
  RECONCILE_ID,
  SUCHATTRIBUTE,
  type Signal,
  TASK_QUEUES,
  fallId,
  importId,
  mailId,
  nachtlaufId,
} from '../domain/messages.ts'
import { suchattribute, zusammenfassung } from '../workflows/anzeige.ts'

/** Default for all calls, milliseconds: nobody here waits for an answer that does not come. */
export const DEADLINE = 5_000

/** How long a task that a dead worker took along is waited for (default 10 s): a reminder has to come within ten seconds of the healing. */
const AUFGABE = '5 seconds'

/** IndexedValueType of Temporal's API. */
const KINDS = { KEYWORD: 2, INT: 3, DATETIME: 6 } as const

/**
 * Connects when first used, so Temporal may still be away. The client's own repeats (21 s for one call) are switched off:
 * who calls has a back-off of its own. Close the connection last, when no call is under way.
 */
export function connectClient({ connectionOptions, namespace }: ClientConnectConfig, identity = 'vorgangsmanagement'): Client {
  return new Client({ connection: Connection.lazy({ ...connectionOptions, interceptors: [] }), namespace: namespace ?? 'default', identity })
}

/** Creates what is missing; safe to repeat. A cloud namespace gets its attributes from its owner: there this is refused and passed over. */
export async function ensureSearchAttributes(client: Client): Promise<void> {
  const { namespace } = client.options
  const { operatorService } = client.connection as Connection
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace })
  const missing = Object.entries(SUCHATTRIBUTE).filter(([name]) => !(name in customAttributes))
  if (missing.length === 0) return
  await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing.map(([name, kind]) => [name, KINDS[kind]])) })
}

export interface FallStart extends FallInput {
  /** Sent with the start; null starts only. */
  signal: { name: Signal; stand: Stand } | null
}

/** What becomes of a workflow of the same id: a closed one stays closed, a running one is used, unless the caller knows better. */
export interface Vorgaenger {
  workflowIdReusePolicy?: WorkflowIdReusePolicy
  workflowIdConflictPolicy?: WorkflowIdConflictPolicy
}
const BLEIBT = { workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY', workflowIdConflictPolicy: 'USE_EXISTING' } as const

/** Starts the Fall's workflow or signals the one that runs. */
export async function startFall(client: Client, { signal, ...input }: FallStart, vorgaenger: Vorgaenger = {}): Promise<void> {
  const options = {
    workflowId: fallId(input.gevo, input.nr),
    taskQueue: TASK_QUEUES.faelle,
    workflowTaskTimeout: AUFGABE,
    ...BLEIBT,
    ...vorgaenger,
    typedSearchAttributes: suchattribute(input, input.stand).filter((pair): pair is SearchAttributePair => pair.value !== null),
    staticSummary: zusammenfassung(input),
    args: [input],
  } satisfies WorkflowStartOptions
  await ignoreAlreadyStarted(
    signal
      ? client.workflow.signalWithStart('fall', { ...options, signal: signal.name, signalArgs: [signal.stand] })
      : client.workflow.start('fall', options),
  )
}

export async function startMail(client: Client, { anlauf, ...input }: MailInput & { anlauf?: number }, vorgaenger: Vorgaenger = {}): Promise<void> {
  const options = { taskQueue: TASK_QUEUES.faelle, staticSummary: `Mail ${input.nr}`, ...vorgaenger }
  await startOnce(client, 'mail', mailId(input.nr, anlauf), [input], options)
}

export async function startNachtlauf(client: Client, nr: number, vorgaenger: Vorgaenger = {}): Promise<void> {
  const options = { taskQueue: TASK_QUEUES.nacht, staticSummary: `Nachtlauf ${nr}`, ...vorgaenger }
  await startOnce(client, 'nachtlauf', nachtlaufId(nr), [{ nr }], options)
}

/** A run of one import. It is told by its number which it is: a lost one is followed by the next, never repeated. */
export async function startImport(client: Client, input: ImportInput): Promise<void> {
  await startOnce(client, 'import', importId(input.nr, input.anlauf), [input], {
    taskQueue: TASK_QUEUES.nacht,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    staticSummary: `Import ${input.nr}`,
  })
}

/** One at a time: a second call joins the run under way. */
export async function startReconcile(client: Client): Promise<void> {
  const options = { taskQueue: TASK_QUEUES.nacht, workflowIdReusePolicy: 'ALLOW_DUPLICATE', staticSummary: 'Abgleich mit der Datenbank' } as const
  await startOnce(client, 'reconcile', RECONCILE_ID, [], options)
}

async function startOnce(
  client: Client,
  workflow: string,
  workflowId: string,
  args: unknown[],
  options: Pick<WorkflowStartOptions, 'taskQueue' | 'staticSummary'> & Vorgaenger,
): Promise<void> {
  await ignoreAlreadyStarted(client.workflow.start(workflow, { ...BLEIBT, ...options, workflowId, args }))
}

async function ignoreAlreadyStarted(start: Promise<unknown>): Promise<void> {
  await start.catch((error: unknown) => {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  })
}
