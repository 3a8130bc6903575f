import { sql } from 'kysely'

/**
 * For the rest of a transaction that asks a rule: by sets. The planner believes that few rows pass a rule's conditions, and would compare them with whole
 * tables one by one (G06 of 10,000 Kunden: 27 s instead of 0.2 s).
 */
export const MENGENWEISE = sql`SELECT set_config('enable_nestloop', 'off', true)`
