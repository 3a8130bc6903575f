/**
 * Holds Temporal to PostgreSQL, the record: a Fall without its workflow is started from its Stand (same due instants, no mail
 * again), one with another Stand is told, one that is stuck or of an older revision begins anew, one without a row is terminated.
 * So Temporal's own file may be lost, and the code of a workflow may change while it waits.
 */
import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import type { TypedSearchAttributes } from '@temporalio/common'
import { type Stand, needsClock } from '../domain/fall.ts'
import { type OpenFall, findOpenFall, listOpenFaelle } from '../db/abgleich.ts'
import { listPendingMails } from '../db/mailversand.ts'
import type { Db } from '../db/verbindung.ts'
import { REVISION, revisionOf } from '../domain/messages.ts'
import { suchattribute } from '../workflows/anzeige.ts'
import { startFall, startMail } from './temporal.ts'

export interface ReconcileOptions {
  /** As the worker. */
  db: Db
  client: Client
  link: (fall: number) => string
  /** Called while it works. */
  beat?: () => void
  parallel?: number
}

export interface Abgleich extends Record<string, number> {
  workflows: number
  gestartet: number
  benachrichtigt: number
  /** Of an older revision, begun anew. */
  uebernommen: number
  beendet: number
  mails: number
}

/** Attempts of one workflow task: code that throws (or a signal name of Temporal's own, which its SDK cannot take) is tried for ever. */
const STUCK = 4
/** Milliseconds after which a reminder that has not fired is suspicious. */
const LATE = 60_000

/** The row needs its clock, so a completed workflow of this id is one that a restored database has forgotten. */
const NEU = { workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const
const STATT_DES_ALTEN = { ...NEU, workflowIdConflictPolicy: 'TERMINATE_EXISTING' } as const
const VERALTET = 'Der Workflow gehört zu einer älteren Fassung des Programms.'

interface Running {
  workflowId: string
  revision: number
  shown: TypedSearchAttributes
}

/** Workflows are listed first and rows second, so what begins meanwhile is not missed; every suspect is read again by itself. */
export async function reconcile({ db, client, link, beat, parallel = 16 }: ReconcileOptions): Promise<Abgleich> {
  const running = await listRunning(client, 'fall', beat)
  const abgleich: Abgleich = { workflows: running.size, gestartet: 0, benachrichtigt: 0, uebernommen: 0, beendet: 0, mails: 0 }

  const start = async ({ nr }: OpenFall): Promise<void> => {
    const row = await findOpenFall(db, nr)
    if (!row || !needsClock(row.stand)) return
    await startFall(client, { ...row, link: link(nr), signal: null }, NEU)
    abgleich.gestartet += 1
  }
  const carryOver = async (nr: number, workflowId: string): Promise<void> => {
    const row = await findOpenFall(db, nr)
    if (row && needsClock(row.stand)) await startFall(client, { ...row, link: link(nr), signal: null }, STATT_DES_ALTEN)
    else await client.workflow.getHandle(workflowId).terminate(VERALTET)
    abgleich.uebernommen += 1
  }
  const tell = async (nr: number, workflowId: string): Promise<void> => {
    const handle = client.workflow.getHandle(workflowId)
    const { typedSearchAttributes, raw } = await handle.describe()
    const row = await findOpenFall(db, nr)
    if (row && (raw.pendingWorkflowTask?.attempt ?? 0) >= STUCK) {
      await handle.terminate('Der Workflow kam nicht weiter und wird aus dem Stand der Datenbank neu begonnen.')
      await start(row)
    } else if (!row) {
      await handle.terminate('Zu diesem Workflow gibt es keine Zeile in der Datenbank.')
      abgleich.beendet += 1
    } else if (!needsClock(row.stand) || !isShown(typedSearchAttributes, row)) {
      await handle.signal('stand', row.stand)
      abgleich.benachrichtigt += 1
    }
  }

  for await (const rows of listOpenFaelle(db)) {
    const suspects = rows.map((row) => {
      const known = running.get(row.nr)
      running.delete(row.nr)
      if (!known) return () => start(row)
      // The other way round a newer worker has come meanwhile: its runs are its own.
      if (known.revision > REVISION) return undefined
      if (known.revision < REVISION) return () => carryOver(row.nr, known.workflowId)
      return isShown(known.shown, row) && !isOverdue(row.stand) ? undefined : () => tell(row.nr, known.workflowId)
    })
    await inParallel(parallel, suspects, beat)
  }
  const rest = [...running].filter(([, { revision }]) => revision <= REVISION)
  await inParallel(
    parallel,
    rest.map(
      ([nr, { workflowId, revision }]) =>
        () =>
          (revision < REVISION ? carryOver(nr, workflowId) : tell(nr, workflowId)).catch(ignoreGone),
    ),
    beat,
  )
  abgleich.mails = await startMails({ db, client, beat, parallel })
  return abgleich
}

/** Every mail that waits has its workflow, of this revision. Its row knows what was handed to the provider: none is sent twice. */
async function startMails({ db, client, beat, parallel }: Pick<ReconcileOptions, 'db' | 'client' | 'beat'> & { parallel: number }): Promise<number> {
  const running = await listRunning(client, 'mail', beat)
  const mails = await listPendingMails(db)
  const work = mails.map(({ id, senden_ab, anlauf }) => {
    const veraltet = (running.get(id)?.revision ?? REVISION) < REVISION
    return () => startMail(client, { nr: id, sendenAb: senden_ab, anlauf }, veraltet ? STATT_DES_ALTEN : NEU)
  })
  await inParallel(parallel, work, beat)
  return mails.length
}

/** Its timer should have fired: the workflow may be stuck. */
function isOverdue({ erinnerungAm }: Stand): boolean {
  return erinnerungAm !== null && Date.parse(erinnerungAm) < Date.now() - LATE
}

/** By the number of the row. */
async function listRunning(client: Client, art: 'fall' | 'mail', beat: (() => void) | undefined): Promise<Map<number, Running>> {
  const running = new Map<number, Running>()
  for await (const { workflowId, taskQueue, typedSearchAttributes } of client.workflow.list({
    query: `WorkflowType = '${art}' AND ExecutionStatus = 'Running'`,
  })) {
    const nr = Number((art === 'mail' ? /^mail\/(\d+)/ : /\/(\d+)$/).exec(workflowId)?.[1])
    if (nr) running.set(nr, { workflowId, revision: revisionOf(taskQueue), shown: typedSearchAttributes })
    if (running.size % 1_000 === 0) beat?.()
  }
  return running
}

/** Whether the workflow shows this Stand; a workflow of an older epoch with the same version, status and instant behaves the same. */
function isShown(shown: TypedSearchAttributes, row: { gevo: string; betrieb: number; stand: Stand }): boolean {
  return suchattribute(row, row.stand).every(({ key, value }) => {
    const is = shown.get(key)
    return value instanceof Date ? is instanceof Date && is.getTime() === value.getTime() : (is ?? null) === value
  })
}

async function inParallel(parallel: number, work: readonly ((() => Promise<void>) | undefined)[], beat: (() => void) | undefined): Promise<void> {
  const todo = work.filter((one) => one !== undefined)
  const next = async (): Promise<void> => {
    for (let one = todo.shift(); one; one = todo.shift()) {
      await one()
      beat?.()
    }
  }
  await Promise.all(Array.from({ length: parallel }, next))
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error
}
