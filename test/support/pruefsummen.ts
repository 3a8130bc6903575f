/** One checksum per table and Betrieb: what a request changed, and whose. */
import { type Kysely, sql } from 'kysely'
import type { Db } from '../../db/verbindung.ts'

/** 'kunde 3' → checksum of the rows of Betrieb 3 in kunde; tables of no Betrieb stand under their name alone. */
export type Pruefsummen = Map<string, string>

/** Also of tables that came after this was written. `db` is the owner's. */
export async function readPruefsummen(db: Db): Promise<Pruefsummen> {
  const tabellen = await listTabellen(db)
  const teile = tabellen.map(
    ({ name, betrieb }) => sql`
      SELECT ${name} || ${betrieb ? sql`' ' || t.${sql.ref(betrieb)}` : sql`''`} AS was, md5(string_agg(t::text, E'\n' ORDER BY t::text)) AS summe
      FROM ${sql.table(name)} t GROUP BY 1`,
  )
  const { rows } = await sql<{ was: string; summe: string }>`${sql.join(teile, sql` UNION ALL `)}`.execute(db)
  return new Map(rows.map(({ was, summe }) => [was, summe]))
}

/** Tables (with the Betrieb where there is one) whose rows differ. */
export function unterschiede(vorher: Pruefsummen, nachher: Pruefsummen): string[] {
  return [...new Set([...vorher.keys(), ...nachher.keys()])].filter((was) => vorher.get(was) !== nachher.get(was)).sort()
}

interface Tabelle {
  name: string
  /** The column that says whose a row is. */
  betrieb: string | null
}

const bekannt = new WeakMap<Kysely<never>, Promise<Tabelle[]>>()

export function listTabellen(db: Db): Promise<Tabelle[]> {
  const schluessel = db as never
  let gefunden = bekannt.get(schluessel)
  if (!gefunden) {
    gefunden = sql<Tabelle>`
      SELECT CASE schemaname WHEN 'public' THEN tablename ELSE schemaname || '.' || tablename END AS name,
        CASE WHEN tablename = 'betrieb' THEN 'id' ELSE (SELECT 'betrieb_id' FROM information_schema.columns c
          WHERE c.table_schema = schemaname AND c.table_name = tablename AND c.column_name = 'betrieb_id') END AS betrieb
      FROM pg_tables WHERE schemaname IN ('public', 'auth') AND tablename NOT LIKE 'kysely%' ORDER BY 1`
      .execute(db)
      .then(({ rows }) => rows)
    bekannt.set(schluessel, gefunden)
  }
  return gefunden
}
