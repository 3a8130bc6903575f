/** A durable PostgreSQL and a durable Temporal server of our own in a scratch folder, as `npm start` runs them. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startPostgres } from '../bin/postgres.ts'
import { type EmbeddedTemporal, startTemporal } from '../bin/temporal.ts'
import { migrate } from '../db/migrate.ts'
import { type Db, type Role, createDb, createPool, roleUrl } from '../db/verbindung.ts'
import { insertBuero, settle } from './welt.ts'

const SECRET = 'nur-zum-messen-und-nirgends-sonst'

export interface Umgebung {
  dir: string
  ownerUrl: string
  secret: string
  owner: Db
  worker: Db
  url(role: Role): string
  temporal: EmbeddedTemporal
  postgresPid: number
  /** Open Fälle that stand there besides what a part brings (BENCH_BESTAND). */
  bestand: number
  close(): Promise<void>
}

export async function openUmgebung(): Promise<Umgebung> {
  const base = process.getuid?.() === 0 ? '/var/lib/vorgangsmanagement' : tmpdir()
  mkdirSync(base, { recursive: true, mode: 0o755 })
  const dir = mkdtempSync(path.join(base, `bench-${process.env['TESTLAUF'] ?? ''}-`))
  chmodSync(dir, 0o755)
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres'), password: SECRET })
  await migrate(postgres.url, SECRET)
  const temporal = await startTemporal({ dir: path.join(dir, 'temporal') })
  const url = (role: Role): string => roleUrl(postgres.url, role, SECRET)
  const owner = createDb(createPool(postgres.url, 'owner', { max: 4 }))
  const worker = createDb(createPool(url('vm_worker'), 'vm_worker'))
  const bestand = Number(process.env['BENCH_BESTAND'] ?? 0)
  if (bestand > 0) {
    await insertBuero(owner, { faelle: bestand, vermittler: 200 })
    await settle({ owner, worker })
  }
  return {
    dir,
    ownerUrl: postgres.url,
    secret: SECRET,
    owner,
    worker,
    url,
    temporal,
    postgresPid: postgres.pid,
    bestand,
    close: async () => {
      await Promise.all([owner.destroy(), worker.destroy()])
      await temporal.stop()
      await postgres.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
