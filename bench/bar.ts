/** What documenting is measured against: a bare Hono + pg handler with the same number of statements in one transaction. */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { createPool } from '../db/verbindung.ts'

export interface Bar {
  port: number
  close(): Promise<void>
}

/** `statements` writes of one small row each, between BEGIN and COMMIT. `ownerUrl` may create the table. */
export async function serveBar(ownerUrl: string, statements: number): Promise<Bar> {
  const pool = createPool(ownerUrl, 'owner', { max: 20 })
  await pool.query('CREATE TABLE IF NOT EXISTS bench_bar (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, fall bigint, text text)')
  const app = new Hono().post('/bar/:id', async (c) => {
    const form = await c.req.parseBody()
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      for (let i = 0; i < statements; i++)
        await client.query('INSERT INTO bench_bar (fall, text) VALUES ($1, $2)', [c.req.param('id'), form['notiz']])
      await client.query('COMMIT')
    } finally {
      client.release()
    }
    return c.html(`<tr id="fall-${c.req.param('id')}"><td>erledigt</td></tr>`)
  })
  return listen(app, pool)
}

/** Selects and prints fifty rows of a GeVo, whichever: no order, no session, no frame. */
export async function serveListe(ownerUrl: string, gevo: string): Promise<Bar> {
  const pool = createPool(ownerUrl, 'owner', { max: 20 })
  const { rows } = await pool.query<{ id: number }>('SELECT id FROM fall WHERE gevo = $1 LIMIT 50', [gevo])
  const ids = rows.map(({ id }) => id)
  const select = {
    name: 'liste',
    text: `SELECT f.id, f.status, f.frist, f.befund, k.name, k.vorname, v.name AS vermittler FROM fall f JOIN kunde k ON k.id = f.kunde_id
      JOIN vermittler v ON v.id = f.vermittler_id WHERE f.id = ANY ($1)`,
    values: [ids],
  }
  const app = new Hono().get('/bar', async (c) => {
    const { rows: zeilen } = await pool.query<Record<string, unknown>>(select)
    const tr = zeilen.map(
      (z) =>
        `<tr>${Object.values(z)
          .map((wert) => `<td>${String(wert)}</td>`)
          .join('')}</tr>`,
    )
    return c.html(`<table>${tr.join('')}</table>`)
  })
  return listen(app, pool)
}

function listen(app: Hono, pool: ReturnType<typeof createPool>): Promise<Bar> {
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({ port, close: () => new Promise((done) => server.close(() => void pool.end().then(() => done()))) }),
    )
  })
}
