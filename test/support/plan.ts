/** What PostgreSQL would do for a query: each big table by an index or in one pass for each time the query names it, never one row after the other against a whole table. */
import { type Compilable, type Kysely, sql } from 'kysely'
import type { Schema } from '../../db/schema.ts'

interface Knoten {
  'Node Type': string
  'Parent Relationship'?: string
  'Subplan Name'?: string
  'Relation Name'?: string
  'Index Cond'?: string
  'Recheck Cond'?: string
  'Cache Key'?: string
  'Plan Rows': number
  Plans?: Knoten[]
}

/** Rows from which a second pass hurts. */
const GROSS = 1_000
/** Rows of the smaller side that may each be compared with the other without an index: a few offices and their settings. */
const WENIGE = 10

export async function explain(db: Kysely<Schema>, abfrage: Compilable): Promise<Knoten> {
  const { sql: text, parameters } = abfrage.compile()
  // The parameters stand in the query as they would in the night: planned with their values.
  const teile = text.split(/\$\d+/)
  const fragment = sql.join(
    teile.flatMap((teil, i) => (i === 0 ? [sql.raw(teil)] : [sql`${parameters[i - 1]}`, sql.raw(teil)])),
    sql``,
  )
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: Knoten }] }>`EXPLAIN (FORMAT JSON) ${fragment}`.execute(db)
  return rows[0]!['QUERY PLAN'][0].Plan
}

/** One sentence for each thing that would not bear a million rows. */
export function einwaende(plan: Knoten, { durchgaenge }: { durchgaenge: number }): string[] {
  const alle = [...walk(plan)]
  // A hashed one (row-level security) is read once, whatever asks it.
  const text = JSON.stringify(plan)
  const jeZeile = alle.filter((k) => k['Parent Relationship'] === 'SubPlan' && !text.includes(`hashed ${k['Subplan Name']}`))
  const ganz = alle.filter((k) => k['Node Type'] === 'Seq Scan' && k['Plan Rows'] > GROSS).map((k) => k['Relation Name']!)
  const zuOft = [...new Set(ganz)].filter((tabelle) => ganz.filter((t) => t === tabelle).length > durchgaenge)
  return [
    ...zuOft.map((tabelle) => `${tabelle} wird öfter als ${durchgaenge} mal ganz gelesen`),
    ...alle.flatMap((k) => (k['Node Type'] === 'Nested Loop' ? nested(k) : [])),
    ...jeZeile.flatMap((k) => scans(k).map((tabelle) => `${tabelle} wird je Zeile ganz gelesen`)),
  ]
}

function nested(k: Knoten): string[] {
  const [aussen, innen] = k.Plans!
  if (Math.min(aussen!['Plan Rows'], innen!['Plan Rows']) <= WENIGE) return []
  return [...walk(innen!)].some((n) => n['Index Cond'] ?? n['Recheck Cond'] ?? n['Cache Key'])
    ? []
    : [`${scans(innen!).join(', ') || innen!['Node Type']} wird je Zeile durchsucht`]
}

function scans(k: Knoten): string[] {
  return [...walk(k)].filter((n) => n['Node Type'] === 'Seq Scan' && n['Plan Rows'] > GROSS).map((n) => n['Relation Name']!)
}

function* walk(k: Knoten): Generator<Knoten> {
  yield k
  for (const kind of k.Plans ?? []) yield* walk(kind)
}
