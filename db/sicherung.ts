/** Backup: all tables of one moment into one file, by COPY. Runs as the owner beside people who go on working. */
import { createWriteStream, promises as fs } from 'node:fs'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { type Ende, FORMAT, type Kopf, type Tabelle } from './sicherung-format.ts'

export interface Sicherung {
  datei: string
  bytes: number
  zeilen: Record<string, number>
}

const NEWLINE = 10

/** The file appears under its name only when it is whole; readable by its owner only. Throws when rows might be hidden from this role. */
export async function writeSicherung(databaseUrl: string, datei: string): Promise<Sicherung> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const entwurf = `${datei}.unfertig`
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const kopf = await readKopf(client)
    const zeilen = await writeFile(client, entwurf, kopf)
    await client.query('COMMIT')
    await fs.rename(entwurf, datei)
    // The moment of the snapshot: what came later is not in it.
    await client.query('UPDATE installation SET letzte_sicherung_am = $1', [kopf.am])
    return { datei, bytes: (await fs.stat(datei)).size, zeilen }
  } finally {
    await fs.rm(entwurf, { force: true })
    await client.end()
  }
}

async function writeFile(client: pg.Client, datei: string, kopf: Kopf): Promise<Record<string, number>> {
  const gzip = createGzip()
  // Flushed to the disk before it gets its name.
  const file = createWriteStream(datei, { mode: 0o600, flush: true })
  const written = finished(gzip.pipe(file))
  try {
    await write(gzip, `${JSON.stringify(kopf)}\n`)
    const zeilen: Record<string, number> = {}
    for (const tabelle of await listTabellen(client)) zeilen[tabelle.tabelle] = await writeTabelle(client, gzip, tabelle)
    await write(gzip, `${JSON.stringify({ zeilen } satisfies Ende)}\n`)
    gzip.end()
    await written
    return zeilen
  } catch (error) {
    gzip.destroy()
    file.destroy()
    await written.catch(() => undefined)
    throw error
  }
}

async function writeTabelle(client: pg.Client, out: Writable, tabelle: Tabelle): Promise<number> {
  await write(out, `${JSON.stringify(tabelle)}\n`)
  let count = 0
  const spalten = tabelle.spalten.map((spalte) => pg.escapeIdentifier(spalte)).join(', ')
  for await (const chunk of client.query(copyTo(`COPY (SELECT ${spalten} FROM ${tabelle.tabelle}) TO STDOUT`)) as AsyncIterable<Buffer>) {
    for (const byte of chunk) if (byte === NEWLINE) count++
    await write(out, chunk)
  }
  await write(out, '\\.\n')
  return count
}

/** In the order in which they can be filled: what is referred to comes first. Without generated columns. */
export async function listTabellen(client: pg.Client): Promise<Tabelle[]> {
  const { rows } = await client.query<Tabelle & { braucht: string[] | null; eigen: boolean }>(`
    SELECT c.oid::regclass::text AS x, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS tabelle,
      pg_has_role(c.relowner, 'USAGE') AS eigen,
      (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS spalten,
      (SELECT array_agg(DISTINCT quote_ident(rn.nspname) || '.' || quote_ident(r.relname)) FROM pg_constraint k
        JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS braucht
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname IN ('public', 'auth') AND c.relname NOT IN ('kysely_migration', 'kysely_migration_lock')
    ORDER BY 1`)
  const fremd = rows.find(({ eigen }) => !eigen)
  if (fremd) throw new Error(`Die Rolle aus DATABASE_URL besitzt ${fremd.tabelle} nicht: Zeilen könnten ihr verborgen sein.`)
  const sorted: Tabelle[] = []
  const open = new Map(rows.map((row) => [row.tabelle, row]))
  while (open.size > 0) {
    const next = [...open.values()].find(({ braucht }) => !braucht?.some((name) => open.has(name)))
    if (!next) throw new Error(`Tabellen verweisen im Kreis: ${[...open.keys()].join(', ')}`)
    open.delete(next.tabelle)
    sorted.push({ tabelle: next.tabelle, spalten: next.spalten })
  }
  return sorted
}

async function readKopf(client: pg.Client): Promise<Kopf> {
  const { rows } = await client.query<{ am: string; migration: string; epoch: number }>(`
    SELECT to_json(now())#>>'{}' AS am, (SELECT max(name) FROM kysely_migration) AS migration, (SELECT epoch FROM installation) AS epoch`)
  return { format: FORMAT, ...rows[0]!, am: new Date(rows[0]!.am).toISOString() }
}

async function write(out: Writable, data: string | Buffer): Promise<void> {
  if (!out.write(data)) await new Promise((resolve) => out.once('drain', resolve))
}
