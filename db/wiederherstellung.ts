/** Restore: a backup's rows into an empty database, checked, and everything that reaches beyond the database made harmless. */
import { createReadStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import pg from 'pg'
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams'
import { migrate } from './migrate.ts'
import { type Kopf, type Tabelle, type Teil, readTeile } from './sicherung-format.ts'
import { listTabellen } from './sicherung.ts'

export interface Wiederherstellung {
  kopf: Kopf
  zeilen: Record<string, number>
  /** Mails that were waiting: perhaps sent after the backup, so a person decides. */
  ungewiss: number
}

/** Fälle, mails and nights number their workflows: numbers given after the backup are known to Temporal and must not come again. */
const NUMBERS_APART = 1_000_000

/** Reads the whole file, changes nothing. Throws in German when it is damaged. */
export async function checkSicherung(datei: string): Promise<{ kopf: Kopf; zeilen: Record<string, number> }> {
  let kopf: Kopf | undefined
  let zeilen: Record<string, number> = {}
  for await (const teil of read(datei)) {
    if (teil.art === 'kopf') kopf = teil.kopf
    if (teil.art === 'ende') zeilen = teil.ende.zeilen
  }
  return { kopf: kopf!, zeilen }
}

/** Whether people's data is in the database. */
export async function isEmpty(databaseUrl: string): Promise<boolean> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ da: boolean }>(`SELECT to_regclass('public.betrieb') IS NOT NULL AS da`)
    return !rows[0]!.da || (await client.query('SELECT FROM betrieb LIMIT 1')).rowCount === 0
  })
}

/** Whether web or worker are connected. */
export async function isInUse(databaseUrl: string): Promise<boolean> {
  return withClient(databaseUrl, async (client) => {
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND usename IN ('vm_web', 'vm_worker', 'vm_auth', 'vm_portal')`,
    )
    return rowCount !== 0
  })
}

/** Empties the database and fills it with the file's rows; ends at the newest migration. `secret`: see migrate. */
export async function restoreSicherung(databaseUrl: string, secret: string, datei: string): Promise<Wiederherstellung> {
  const { kopf, zeilen } = await checkSicherung(datei)
  const bisher = await dropAll(databaseUrl)
  await migrate(databaseUrl, secret, kopf.migration)
  const ungewiss = await withClient(databaseUrl, async (client) => {
    await client.query('BEGIN')
    await load(client, datei, zeilen)
    const offen = await disarm(client, { ...kopf, epoch: Math.max(bisher, kopf.epoch) })
    await client.query('COMMIT')
    return offen
  })
  await migrate(databaseUrl, secret)
  return { kopf, zeilen, ungewiss }
}

/** Returns the epoch that was in it, 0 for none. */
async function dropAll(databaseUrl: string): Promise<number> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ da: boolean }>(`SELECT to_regclass('public.installation') IS NOT NULL AS da`)
    const bisher = rows[0]!.da ? (await client.query<{ epoch: number }>('SELECT epoch FROM installation')).rows[0]?.epoch : 0
    await client.query('DROP SCHEMA IF EXISTS auth CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC')
    return bisher ?? 0
  })
}

async function load(client: pg.Client, datei: string, zeilen: Record<string, number>): Promise<void> {
  const tabellen = (await listTabellen(client)).map(({ tabelle }) => tabelle)
  // Triggers would write hashes and counts a second time; COPY does not go through row-level security.
  for (const tabelle of tabellen) await client.query(`ALTER TABLE ${tabelle} DISABLE TRIGGER USER`)
  const forced = await listForced(client)
  for (const tabelle of forced) await client.query(`ALTER TABLE ${tabelle} NO FORCE ROW LEVEL SECURITY`)
  // Migrations put first rows in.
  await client.query(`TRUNCATE ${tabellen.join(', ')}`)

  let copy: CopyStreamQuery | undefined
  for await (const teil of read(datei)) {
    if (teil.art === 'zeilen') await write(copy!, teil.daten)
    else {
      await end(copy)
      copy = teil.art === 'tabelle' ? begin(client, tabellen, teil.tabelle) : undefined
    }
  }

  for (const [tabelle, erwartet] of Object.entries(zeilen)) {
    const { rows } = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${tabelle}`)
    if (Number(rows[0]!.n) !== erwartet) throw new Error(`${tabelle}: ${rows[0]!.n} statt ${erwartet} Zeilen. Es wurde nichts übernommen.`)
  }
  for (const tabelle of forced) await client.query(`ALTER TABLE ${tabelle} FORCE ROW LEVEL SECURITY`)
  for (const tabelle of tabellen) await client.query(`ALTER TABLE ${tabelle} ENABLE TRIGGER USER`)
}

function begin(client: pg.Client, tabellen: readonly string[], { tabelle, spalten }: Tabelle): CopyStreamQuery {
  // The name comes from a file: only one that the database has.
  if (!tabellen.includes(tabelle)) throw new Error(`Die Sicherung enthält eine unbekannte Tabelle: ${tabelle}`)
  const copy = client.query(copyFrom(`COPY ${tabelle} (${spalten.map((spalte) => pg.escapeIdentifier(spalte)).join(', ')}) FROM STDIN`))
  // Told by whoever writes next or waits for the end.
  copy.on('error', () => undefined)
  return copy
}

/** What outlives the database elsewhere: Temporal's workflows, mails at the provider, cookies. Returns the number of unsure mails. */
async function disarm(client: pg.Client, { am, epoch }: Pick<Kopf, 'am' | 'epoch'>): Promise<number> {
  // By the clock, so that a second restore of the same file is newer than what came after the first.
  await client.query('UPDATE installation SET epoch = greatest($1::int, (extract(epoch FROM now()) / 60)::int) + 1', [epoch])
  // The file holds the moment of the backup before it.
  await client.query('UPDATE installation SET letzte_sicherung_am = $1', [am])
  await client.query('UPDATE fall SET epoch = (SELECT epoch FROM installation)')
  await client.query('DELETE FROM auth.sitzung; DELETE FROM auth.zugangslink; DELETE FROM auth.versuch')
  const { rows } = await client.query<{ tabelle: string; spalte: string; folge: string }>(`
    SELECT c.oid::regclass::text AS tabelle, a.attname AS spalte, pg_get_serial_sequence(c.oid::regclass::text, a.attname) AS folge
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'auth'::regnamespace) AND a.attidentity <> ''`)
  for (const { tabelle, spalte, folge } of rows) {
    const apart = ['fall', 'mail', 'nachtlauf'].includes(tabelle) ? NUMBERS_APART : 1
    await client.query(`SELECT setval($1::regclass, coalesce(max(${pg.escapeIdentifier(spalte)}), 0) + $2, false) FROM ${tabelle}`, [folge, apart])
  }
  const { rowCount } = await client.query(
    `UPDATE mail SET status = 'UNGEWISS' WHERE status = 'SENDET' OR (status = 'GEPLANT' AND senden_ab <= now())`,
  )
  return rowCount ?? 0
}

async function listForced(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ tabelle: string }>(
    `SELECT oid::regclass::text AS tabelle FROM pg_class WHERE relkind = 'r' AND relforcerowsecurity AND relnamespace IN ('public'::regnamespace, 'auth'::regnamespace)`,
  )
  return rows.map(({ tabelle }) => tabelle)
}

async function* read(datei: string): AsyncGenerator<Teil> {
  const file = createReadStream(datei)
  const gunzip = createGunzip()
  file.on('error', (error) => gunzip.destroy(error))
  try {
    yield* readTeile(file.pipe(gunzip))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new Error(`${datei}: Die Datei gibt es nicht.`, { cause: error })
    if (code?.startsWith('Z_')) throw new Error('Die Sicherung ist beschädigt oder unvollständig.', { cause: error })
    throw new Error(message, { cause: error })
  } finally {
    file.destroy()
  }
}

async function write(copy: CopyStreamQuery, data: Buffer): Promise<void> {
  if (copy.errored) throw copy.errored
  if (!copy.write(data)) await Promise.race([once(copy, 'drain'), finished(copy)])
}

async function end(copy: CopyStreamQuery | undefined): Promise<void> {
  if (!copy) return
  copy.end()
  await finished(copy)
}

async function withClient<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
