/** Statements that do not need each other's answers. */

/**
 * Asks them together: in a click's transaction they travel together (withPipeline), elsewhere one after the other. Waits for all of them, also when one
 * fails: nothing may be asked any more when the transaction is rolled back. Throws the first failure.
 */
export async function gemeinsam<const T extends readonly unknown[]>(alle: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const ergebnis = Promise.all(alle)
  await Promise.allSettled([ergebnis, ...alle])
  return ergebnis
}
