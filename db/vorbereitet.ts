/**
 * Server-side prepared statements: a click's joins under row-level security take PostgreSQL longer to plan than to run
 * (3 of 4 ms for a Fall), and a named statement is planned once per connection.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type pg from 'pg'
import { gemeinsam } from './gemeinsam.ts'
import type { Schema } from './schema.ts'

/** A text is worth a name from its third run on; what lists its values one by one has too many forms, so there is an end. */
const AB = 3
const HOECHSTENS = 300

/**
 * Not named: `select *` over a table. Its result changes with a migration that adds a column, and PostgreSQL then refuses the old
 * plan in every open connection ("cached plan must not change result type").
 */
const STERN = /\b(select|returning) \*|"\.\*/

/** Begins a transaction in a person's sight (db/sitzung.ts); its answer says whose. */
const SICHT = 'SELECT * FROM sitzung_beginnen('

const EIN_PLAN = sql`SELECT set_config('plan_cache_mode', 'force_generic_plan', true)`

/**
 * Runs a large statement with one plan for each order of magnitude, as do those that follow in the transaction. Left to itself, PostgreSQL may plan it anew for
 * every click (11 of 15 ms), or not, as its statistics happen to be: with the values known it looks a little cheaper. One plan is as good.
 */
export async function executeInOnePlan<T>(db: Kysely<Schema>, statement: RawBuilder<T>): Promise<T[]> {
  const [, { rows }] = await gemeinsam([EIN_PLAN.execute(db), statement.execute(db)])
  return rows
}

const haeufigkeit = new Map<string, number>()
const namen = new Map<string, string>()

/** Up to so many customers a person sees; how much that is, is asked again after `NEU_ZAEHLEN` milliseconds. */
const GROESSEN = [300, 3_000, 20_000]
const NEU_ZAEHLEN = 600_000
const groessen = new Map<number, { klasse: number; bis: number }>()

interface Begonnen {
  vermittler_id: number
  rolle: string
}

/**
 * Gives parameterised statements of this connection a name, another one for those who see ten times as much, and for a Supervisor. PostgreSQL plans for whoever
 * asks first: what is good for one Vermittler's few rows, or for an office that has just begun, takes a large one seconds.
 */
export function prepareStatements(client: pg.ClientBase): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown
  let sicht = ''
  client.query = ((text: unknown, values: unknown, ...rest: unknown[]) => {
    if (typeof text !== 'string' || !Array.isArray(values) || rest.length > 0) return query(text, values, ...rest)
    const beginnt = text.startsWith(SICHT)
    const name = nameOf(text)
    const answer = name === undefined ? query(text, values) : query({ name: beginnt ? name : name + sicht, text, values })
    if (!beginnt) return answer
    return (answer as Promise<pg.QueryResult<Begonnen>>).then(async (result) => {
      const [wer] = result.rows
      if (wer) sicht = `${wer.rolle === 'SUPERVISOR' ? 's' : 'v'}${await klasseOf(wer, query as typeof client.query)}`
      return result
    })
  }) as typeof client.query
}

/** Within the transaction that has just begun: row-level security says what the person sees. */
async function klasseOf({ vermittler_id: wer }: Begonnen, query: pg.ClientBase['query']): Promise<number> {
  const bekannt = groessen.get(wer)
  if (bekannt && bekannt.bis > Date.now()) return bekannt.klasse
  const { rows } = await query<{ n: number }>('SELECT count(*) AS n FROM (SELECT FROM kunde LIMIT $1) k', [GROESSEN.at(-1)! + 1])
  const klasse = GROESSEN.filter((groesse) => rows[0]!.n > groesse).length
  groessen.set(wer, { klasse, bis: Date.now() + NEU_ZAEHLEN })
  return klasse
}

function nameOf(text: string): string | undefined {
  const name = namen.get(text)
  if (name !== undefined || namen.size >= HOECHSTENS) return name
  const zahl = (haeufigkeit.get(text) ?? 0) + 1
  if (zahl < AB) {
    if (haeufigkeit.size >= 10 * HOECHSTENS) haeufigkeit.clear()
    haeufigkeit.set(text, zahl)
    return undefined
  }
  haeufigkeit.delete(text)
  if (STERN.test(text)) return undefined
  const neu = `s${namen.size}`
  namen.set(text, neu)
  return neu
}
