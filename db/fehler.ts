/** What may be said of an error in logs and in Temporal: never its text, PostgreSQL quotes the values of a row in it. */

/** `PG_23505 fall_offen`, `ECONNREFUSED`, `TypeError`. */
export function codeOf(error: unknown): string {
  const { code, constraint, name } = error as { code?: unknown; constraint?: unknown; name?: unknown }
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in (error as object))
    return `PG_${code}${typeof constraint === 'string' ? ` ${constraint}` : ''}`
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code
  return typeof name === 'string' && /^\w+$/.test(name) ? name : 'FEHLER'
}

/** What is wrong with the data itself will not become right by trying again: SQLSTATE classes 22, 23 and our own RAISE. */
export function isPermanent(error: unknown): boolean {
  return /^PG_(22|23|P0001)/.test(codeOf(error))
}
