/** Histories of workflows: recorded once into histories/ (`AUFZEICHNEN=1 npx vitest run --project temporal workflows/geschichten`), replayed ever after. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { WorkflowHandle } from '@temporalio/client'
import { temporal } from '@temporalio/proto'
import { Worker, type WorkflowBundle } from '@temporalio/worker'
import { fileURLToPath } from 'node:url'

// (The SDK's own historyToJSON needs one copy of protobufjs for all its packages; npm installs three.)
const { History } = temporal.api.history.v1
const DIR = path.join(import.meta.dirname, '../../histories')
const CONVERTER = fileURLToPath(new URL('../../workflows/payload-converter.ts', import.meta.url))

export interface Geschichte {
  name: string
  /** As JSON of Temporal's API, moments as seconds and nanos. */
  history: unknown
}

export function listGeschichten(): Geschichte[] {
  return readdirSync(DIR)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ name: file.replace(/\.json$/, ''), history: JSON.parse(readFileSync(path.join(DIR, file), 'utf8')) as unknown }))
}

/** The history as it would be committed; written only when asked for. */
export async function record(name: string, handle: WorkflowHandle): Promise<unknown> {
  const history = History.toObject(History.fromObject(await handle.fetchHistory()), { longs: String, bytes: String, enums: String })
  const text = JSON.stringify(history, null, 1)
  if (process.env['AUFZEICHNEN']) {
    mkdirSync(DIR, { recursive: true })
    writeFileSync(path.join(DIR, `${name}.json`), `${text}\n`)
  }
  return JSON.parse(text) as unknown
}

/** Throws where the workflow code of today would have gone another way. */
export async function replay(workflowBundle: WorkflowBundle, { name, history }: Geschichte): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle, dataConverter: { payloadConverterPath: CONVERTER } }, History.fromObject(history as object), name)
}
