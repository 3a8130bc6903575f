/**
 * Server-side prepared statements: a click's joins under row-level security take PostgreSQL longer to plan than to run
 * (3 of 4 ms for a Fall), and a named statement is planned once per connection.
 */
import type pg from 'pg'

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

const haeufigkeit = new Map<string, number>()
const namen = new Map<string, string>()

/**
 * Gives parameterised statements of this connection a name; a Supervisor's another one. A plan that was made for one Vermittler's few rows
 * takes a Supervisor hundreds of milliseconds in a large Betrieb.
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
    return (answer as Promise<pg.QueryResult<{ rolle: string }>>).then((result) => {
      sicht = result.rows[0]?.rolle === 'SUPERVISOR' ? 's' : ''
      return result
    })
  }) as typeof client.query
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
