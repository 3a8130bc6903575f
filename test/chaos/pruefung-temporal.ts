/** Whether Temporal holds exactly what the record says: one workflow for each row that needs a clock, with the row's Stand, and none besides. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import type { TypedSearchAttributes } from '@temporalio/common'
import { type OpenFall, listOpenFaelle } from '../../db/abgleich.ts'
import { listPendingMails } from '../../db/mailversand.ts'
import type { Db } from '../../db/verbindung.ts'
import { fallId, mailId } from '../../domain/messages.ts'
import { suchattribute } from '../../workflows/anzeige.ts'
import type { Befunde } from './pruefung.ts'

const DETAILS = '__temporal_workflow_metadata'
/** So many Fälle are asked themselves for their epoch, which is no search attribute. */
const STICHPROBE = 200

export async function checkTemporal(db: Db, client: Client): Promise<Befunde> {
  const laufend = await listLaufende(client)
  const faelle = await listAll(db)
  const ohne: { id: string }[] = []
  const anders: unknown[] = []
  for (const { nr, gevo, betrieb, stand } of faelle) {
    const id = fallId(gevo, nr)
    const shown = laufend.get(id)
    laufend.delete(id)
    if (!shown) ohne.push({ id })
    else if (!suchattribute({ gevo, betrieb }, stand).every(({ key, value }) => gleich(shown.get(key), value)))
      anders.push({ nr, stand, gezeigt: shown.getAll() })
  }
  for (const { id } of await listPendingMails(db)) if (!laufend.delete(mailId(id))) ohne.push({ id: mailId(id) })
  const laeuft = await Promise.all(ohne.map(({ id }) => isRunning(client, id)))
  const gescheitert = `ExecutionStatus IN ('Failed', 'TimedOut', 'Canceled') AND WorkflowType IN ('fall', 'mail')`
  return {
    'Jeder offene Fall und jede geplante Mail hat einen Workflow': ohne.filter((_, i) => !laeuft[i]),
    'Temporals Listen zeigen jeden Workflow': ohne.filter((_, i) => laeuft[i]),
    'Jeder Workflow zeigt den Stand seiner Zeile': anders,
    'Kein Workflow ohne Zeile': [...laufend.keys()],
    'Kein Workflow ist gescheitert': await listIds(client, gescheitert),
    'Epoche und Version im Workflow selbst sind die der Zeile': await askWorkflows(client, faelle),
  }
}

async function listLaufende(client: Client): Promise<Map<string, TypedSearchAttributes>> {
  const laufende = new Map<string, TypedSearchAttributes>()
  for await (const { workflowId, typedSearchAttributes } of client.workflow.list({
    query: `WorkflowType IN ('fall', 'mail') AND ExecutionStatus = 'Running'`,
  }))
    laufende.set(workflowId, typedSearchAttributes)
  return laufende
}

/** Of the workflow itself: the lists are filled later. */
async function isRunning(client: Client, id: string): Promise<boolean> {
  return beharrlich(async () => {
    try {
      return (await client.workflow.getHandle(id).describe()).status.name === 'RUNNING'
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false
      throw error
    }
  })
}

async function listIds(client: Client, query: string): Promise<string[]> {
  const ids: string[] = []
  for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId)
  return ids
}

async function listAll(db: Db): Promise<OpenFall[]> {
  const alle: OpenFall[] = []
  for await (const rows of listOpenFaelle(db)) alle.push(...rows)
  return alle
}

/** Its details are computed by the workflow from the Stand it holds. Asked together: where thousands wait for the worker, each answer takes its time. */
async function askWorkflows(client: Client, faelle: readonly OpenFall[]): Promise<unknown[]> {
  const schritt = Math.max(1, Math.floor(faelle.length / STICHPROBE))
  const ask = async ({ nr, gevo, stand }: OpenFall): Promise<unknown> => {
    const handle = client.workflow.getHandle(fallId(gevo, nr))
    const { currentDetails } = await beharrlich(() =>
      client.withDeadline(Date.now() + 20_000, () => handle.query<{ currentDetails: string }>(DETAILS)),
    )
    return currentDetails.includes(`Version ${stand.version}, Epoche ${stand.epoch}`) ? undefined : { nr, stand, currentDetails }
  }
  const befunde = await Promise.all(faelle.filter((_, i) => i % schritt === 0).map(ask))
  return befunde.filter((befund) => befund !== undefined)
}

function gleich(ist: unknown, soll: unknown): boolean {
  return soll instanceof Date ? ist instanceof Date && ist.getTime() === soll.getTime() : (ist ?? null) === soll
}

/** A server whose store fails by chance answers at the next try. */
async function beharrlich<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      if (tries >= 10) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}
