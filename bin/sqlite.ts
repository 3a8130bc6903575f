/** What an error of node:sqlite says: the primary result code. https://www.sqlite.org/rescode.html */
export function sqliteCode(error: unknown): number {
  // The upper bytes say more than anybody asks here.
  return ((error as { errcode?: number }).errcode ?? 0) & 0xff
}

/** SQLITE_CORRUPT, SQLITE_NOTADB. */
const BESCHAEDIGT = new Set([11, 26])

export function isBeschaedigt(error: unknown): boolean {
  return BESCHAEDIGT.has(sqliteCode(error))
}
