/** Joins in the order in which they are written. */
import { type RawBuilder, sql } from 'kysely'

/**
 * `JOIN` of `tabelle` (name and alias: "kunde k"), read for each row that stands before it, by `wo`; OFFSET 0 keeps the join from being planned as a whole.
 * Plans are kept per connection, made for the Betrieb that asks first: left to itself PostgreSQL begins with all customers of a small one, and later reads
 * all of a large one, too, for every row of its list (5 ms become 450).
 */
export function danach(tabelle: `${string} ${string}`, wo: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`JOIN LATERAL (SELECT * FROM ${sql.raw(tabelle)} WHERE ${wo} OFFSET 0) ${sql.raw(tabelle.split(' ')[1]!)} ON true`
}
