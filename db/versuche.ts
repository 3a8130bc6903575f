/** Brakes against guessing: at most so many tries in a window, counted in the database, so that every process counts together. */
import { type QueryExecutorProvider, sql } from 'kysely'

export interface Bremse {
  /** What is counted: 'konto:…', 'geraet:…', 'netz:…'. */
  schluessel: string
  hoechstens: number
  minuten: number
}

/** Counts one try; returns the instant from which it may be tried again when there were too many. */
export async function takeVersuch(db: QueryExecutorProvider, { schluessel, hoechstens, minuten }: Bremse): Promise<string | undefined> {
  const { rows } = await sql<{ anzahl: number; bis: string }>`
    WITH alt AS (DELETE FROM auth.versuch WHERE seit < now() - interval '1 day' AND schluessel <> ${schluessel})
    INSERT INTO auth.versuch AS v (schluessel, anzahl) VALUES (${schluessel}, 1)
    ON CONFLICT (schluessel) DO UPDATE SET
      anzahl = CASE WHEN v.seit < now() - make_interval(mins => ${minuten}) THEN 1 ELSE v.anzahl + 1 END,
      seit = CASE WHEN v.seit < now() - make_interval(mins => ${minuten}) THEN now() ELSE v.seit END
    RETURNING anzahl, seit + make_interval(mins => ${minuten}) AS bis`.execute(db)
  const { anzahl, bis } = rows[0]!
  return anzahl > hoechstens ? bis : undefined
}

/** A success takes the account's and the device's tries back, and its own one from the network's. */
export async function forgetVersuche(db: QueryExecutorProvider, bremsen: readonly Bremse[]): Promise<void> {
  const [netz, eigene] = [bremsen.filter(isNetz), bremsen.filter((bremse) => !isNetz(bremse))]
  await sql`DELETE FROM auth.versuch WHERE schluessel = ANY (${eigene.map((b) => b.schluessel)})`.execute(db)
  await sql`UPDATE auth.versuch SET anzahl = greatest(anzahl - 1, 0) WHERE schluessel = ANY (${netz.map((b) => b.schluessel)})`.execute(db)
}

function isNetz({ schluessel }: Bremse): boolean {
  return schluessel.startsWith('netz:')
}
