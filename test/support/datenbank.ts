/** A fresh, migrated database for one test file: a copy of the template, dropped at the end. */
import pg from 'pg'
import { inject } from 'vitest'
import { type Db, type Role, createDb, createPool, roleUrl } from '../../db/verbindung.ts'
import { type WebDatabase, openWebDatabase } from '../../db/sitzung.ts'

export const SECRET = 'nur-fuer-tests-nur-fuer-tests-nur-fuer-tests'

export interface TestDatabase {
  ownerUrl: string
  url(role: Role): string
  /** Sees and may do everything, as a migration does. */
  owner: Db
  worker: Db
  web: WebDatabase
  drop(): Promise<void>
}

let count = 0

export async function createTestDatabase(): Promise<TestDatabase> {
  const { superUrl, templateUrl } = inject('postgres')
  const name = `test_${process.pid}_${++count}_${Math.random().toString(36).slice(2, 8)}`
  await asSuperuser(superUrl, `CREATE DATABASE ${name} TEMPLATE vorlage OWNER vm_owner`)
  await asSuperuser(superUrl, `REVOKE TEMPORARY ON DATABASE ${name} FROM PUBLIC; GRANT TEMPORARY ON DATABASE ${name} TO vm_worker`)
  const ownerUrl = Object.assign(new URL(templateUrl), { pathname: `/${name}` }).toString()
  const url = (role: Role): string => roleUrl(ownerUrl, role, SECRET)
  const owner = createDb(createPool(ownerUrl, 'owner', { max: 4 }))
  const worker = createDb(createPool(url('vm_worker'), 'vm_worker', { max: 10 }))
  const web = openWebDatabase(url('vm_web'))
  return {
    ownerUrl,
    url,
    owner,
    worker,
    web,
    drop: async () => {
      await Promise.all([owner.destroy(), worker.destroy(), web.close()])
      await asSuperuser(superUrl, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

async function asSuperuser(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
