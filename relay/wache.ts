/** The watch: every twenty seconds it looks whether everything lives, and says what does not: a log line with a number, a row for the System page, a mail. */
import { statfs } from 'node:fs/promises'
import type { Client } from '@temporalio/client'
import { REVISION } from '../domain/messages.ts'
import { STOERUNGEN } from '../domain/stoerungen.ts'
import { codeOf } from '../db/fehler.ts'
import type { Db } from '../db/verbindung.ts'
import { type Befund, listBefunde, mailStoerungen, recordBefunde, setHerzschlag } from '../db/wache.ts'
import { pause } from './deliver.ts'

export interface Wache {
  version: string
  /** Folders that hold data; the fullest disk counts. */
  ordner: readonly string[]
  /** Where Temporal's UI is, if anybody said. */
  temporalUi?: string | undefined
  /** The SDK's own metrics as text; without them failed workflow tasks go unseen. */
  kernmetriken?: (() => Promise<string>) | undefined
  /** Milliseconds between two looks. */
  takt?: number
}

export interface WacheDeps extends Wache {
  /** As the worker. */
  db: Db
  client: Client
  nightAt?: string | undefined
  /** The System page's address, for mails. */
  link: string
  signal: AbortSignal
  log: (entry: { level: 'info' | 'warn' | 'error'; text: string; fehler?: string }) => void
}

const TAKT = 20_000
const PLATTE_PROZENT = 10
/** A workflow task that fails is tried again after at most ten minutes: as long as it stays quiet for longer, it is mended. */
const RUHE = 15 * 60_000
const AUFGABEN = /^temporal_workflow_task_execution_failed(?:_total)?\{[^}]*\} (\d+)/gm

/** Runs until `signal` is aborted; what fails in a look is told and looked at again. */
export async function runWache(deps: WacheDeps): Promise<void> {
  const { signal, log, takt = TAKT } = deps
  const aufgaben = watchAufgaben(deps)
  while (!signal.aborted) {
    await look(deps, aufgaben).catch((error: unknown) => log({ level: 'warn', text: 'Wache: nicht gelungen', fehler: codeOf(error) }))
    await pause(takt, signal)
  }
}

async function look(deps: WacheDeps, aufgaben: () => Promise<Befund[]>): Promise<void> {
  const { db, client, nightAt, version, temporalUi, link, log } = deps
  const [platte, temporal] = await Promise.all([findPlatte(deps), findTemporal(client)])
  await setHerzschlag(db, {
    version,
    revision: REVISION,
    temporal: temporal !== undefined,
    temporal_version: temporal ?? null,
    temporal_ui: temporalUi ?? null,
    platte_frei: platte?.frei ?? null,
    platte_gesamt: platte?.gesamt ?? null,
  })
  const prozent = platte && Math.floor((platte.frei / platte.gesamt) * 100)
  const voll: Befund[] = prozent !== undefined && prozent < PLATTE_PROZENT ? [{ ursache: 'PLATTE_VOLL', betrieb: null, codes: { prozent } }] : []
  const befunde = [...(await listBefunde(db, new Date().toISOString(), nightAt)), ...(await aufgaben()), ...voll]
  const { neu, vorbei } = await recordBefunde(db, befunde)
  for (const { ursache, betrieb, kennung, codes } of neu)
    log({ level: 'error', text: `Störung ${kennung}: ${ursache}${betrieb === null ? '' : ` betrieb=${betrieb}`} ${JSON.stringify(codes)}` })
  for (const { ursache, kennung } of vorbei) log({ level: 'info', text: `Störung ${kennung} ist vorbei: ${ursache}` })
  await mailStoerungen(db, (ursache, kennung) => {
    const { titel, folge, abhilfe } = STOERUNGEN[ursache]
    return { betreff: `Vorgangsmanagement: ${titel}`, inhalt: `${titel}.\n\n${folge}\n${abhilfe}\n\n${link}\nKennung: ${kennung}` }
  })
}

/** The disk of the data folders with the least room. */
async function findPlatte({ ordner }: Wache): Promise<{ frei: number; gesamt: number } | undefined> {
  const platten = await Promise.all(
    ordner.map((dir) =>
      statfs(dir).then(
        ({ bavail, blocks, bsize }) => [{ frei: bavail * bsize, gesamt: blocks * bsize }],
        () => [],
      ),
    ),
  )
  return platten.flat().toSorted((a, b) => a.frei / a.gesamt - b.frei / b.gesamt)[0]
}

/** The server's version; undefined while it does not answer, or cannot read its store. */
async function findTemporal(client: Client): Promise<string | undefined> {
  const { workflowService } = client.connection
  return client
    .withDeadline(Date.now() + 3_000, () => Promise.all([workflowService.getSystemInfo({}), readStore(client)]))
    .then(
      ([{ serverVersion }]) => serverVersion || 'unbekannt',
      () => undefined,
    )
}

/** What a server knows by heart it tells with a broken store too; that there is no such workflow only the store can say. */
async function readStore(client: Client): Promise<void> {
  const { namespace } = client.options
  await client.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId: 'gibt/es/nicht' } }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== NOT_FOUND) throw error
  })
}

/** gRPC's status. */
const NOT_FOUND = 5

/** Failures are counted since the process began; only more of them is news. */
function watchAufgaben({ kernmetriken }: Wache): () => Promise<Befund[]> {
  let gezaehlt = 0
  let zuletzt = -Infinity
  return async () => {
    // Without any worker the SDK shows nothing: what was counted before stands.
    const text = await kernmetriken?.().catch(() => undefined)
    const anzahl = text === undefined ? gezaehlt : [...text.matchAll(AUFGABEN)].reduce((summe, [, n]) => summe + Number(n), 0)
    if (anzahl > gezaehlt) zuletzt = Date.now()
    gezaehlt = anzahl
    return Date.now() - zuletzt < RUHE ? [{ ursache: 'WORKFLOW_AUFGABE', betrieb: null, codes: { anzahl } }] : []
  }
}
