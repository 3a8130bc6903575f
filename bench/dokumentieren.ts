/**
 * Documenting over HTTP as htmx does it, vs. a bare Hono + pg handler with the same number of statements in one transaction, at 1 and 20 users,
 * with Temporal away and there. Goals: ≥ 0.5 × the bare handler; with Temporal there, p99 at 50 clicks/s ≤ 1.3 × and throughput ≥ 0.5 × of without.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import path from 'node:path'
import { sql } from 'kysely'
import { nachrangig } from '../bin/nachrangig.ts'
import { pfade } from '../web/pfade.ts'
import { type Messung, combine, runLoad, runRate } from './messen.ts'
import type { Umgebung } from './umgebung.ts'
import { insertFaelle, insertWelt } from './welt.ts'

const RUNDEN = 3
const KLICKS = 600
const BENUTZER = 20
/** With about a hundred open Fälle each; any twenty of them click at a time. */
const VERMITTLER = 60
/** Every connection of the pool has planned its statements by then. */
const AUFWAERMEN = 800
const RATE = 50
/** Seconds of clicks before the measured ones: what went before (thousands of workflows just started) has to come to its end. */
const EINLAUF = 10

export async function benchDokumentieren(umgebung: Umgebung): Promise<Record<string, Messung | number>> {
  const welt = await insertWelt(umgebung.owner, {
    vermittler: VERMITTLER,
    kunden: AUFWAERMEN + (RUNDEN + 2) * KLICKS + 2 * RATE * (EINLAUF + 20) + 500,
  })
  const faelle = await insertFaelle(umgebung.owner, welt)
  await sql`ANALYZE`.execute(umgebung.owner)
  const server = fork(path.join(import.meta.dirname, 'server.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, OWNER: umgebung.ownerUrl, WEB: umgebung.url('vm_web'), AUTH: umgebung.url('vm_auth') },
  })
  let worker: ChildProcess | undefined
  try {
    const { port } = await answer<{ port: number }>(server)
    const agent = new http.Agent({ keepAlive: true, maxSockets: BENUTZER * 4 })
    const klick = (): Promise<void> => documentNext(agent, port, faelle)

    await runLoad(AUFWAERMEN, BENUTZER, klick)
    server.send('zaehle')
    await answer(server)
    await klick()
    server.send('zaehle')
    const { statements } = await answer<{ statements: number }>(server)
    server.send({ bar: statements - 2 })
    const { bar } = await answer<{ bar: number }>(server)
    const leer = (i: number): Promise<void> => post(agent, bar, `/bar/${i}`, '', { notiz: 'Ruhig besprochen', ergebnis: 'HINWEIS_GEGEBEN' })

    await runLoad(AUFWAERMEN, BENUTZER, leer)
    const wir: Messung[] = []
    const bare: Messung[] = []
    for (let runde = 0; runde < RUNDEN; runde++) {
      bare.push(await runLoad(KLICKS, BENUTZER, leer))
      wir.push(await runLoad(KLICKS, BENUTZER, klick))
    }
    const einzeln = { bar: await runLoad(300, 1, leer), wir: await runLoad(300, 1, klick) }
    const ohne = await runSettled(klick)

    worker = startWorkerProcess(umgebung)
    await drained(umgebung, worker)
    const marke = await lastOutbox(umgebung)
    const mit = await runSettled(klick)
    const mitVoll = combine([await runLoad(KLICKS, BENUTZER, klick), await runLoad(KLICKS, BENUTZER, klick)])
    await drained(umgebung, worker)
    const weg = await deliveryTimes(umgebung, marke, RATE * 20)

    const [a, b] = [combine(bare), combine(wir)]
    return {
      'bar, 20 Benutzer': a,
      'dokumentieren, 20 Benutzer': b,
      'bar, 1 Benutzer': einzeln.bar,
      'dokumentieren, 1 Benutzer': einzeln.wir,
      '50 Klicks/s, Temporal weg': ohne,
      '50 Klicks/s, Temporal da': mit,
      '20 Benutzer, Temporal da': mitVoll,
      'Klick bis Workflow bei 50/s': weg,
      'Anweisungen je Klick': statements,
      'Verhältnis zum baren Handler': b.proSekunde / a.proSekunde,
      'p99 mit / ohne Temporal bei 50/s': mit.p99 / ohne.p99,
      'Durchsatz mit / ohne Temporal': mitVoll.proSekunde / b.proSekunde,
    }
  } finally {
    server.disconnect()
    if (worker && worker.exitCode === null) {
      worker.kill('SIGTERM')
      await once(worker, 'exit')
    }
  }
}

async function runSettled(klick: () => Promise<void>): Promise<Messung> {
  await runRate(RATE * EINLAUF, RATE, klick)
  return runRate(RATE * 20, RATE, klick)
}

let next = 0
async function documentNext(agent: http.Agent, port: number, faelle: readonly { id: number; token: string }[]): Promise<void> {
  const { id, token } = faelle[next++]!
  await post(agent, port, pfade.fallDokumentation(id), token, {
    aktion: `bench-${id}`,
    gesehen: '1',
    kanal: 'TELEFON',
    ergebnis: 'HINWEIS_GEGEBEN',
    notiz: 'Ruhig besprochen',
  })
}

function post(agent: http.Agent, port: number, pfad: string, token: string, form: Record<string, string>): Promise<void> {
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    Cookie: `sitzung=${token}`,
    Origin: 'http://localhost',
    'Sec-Fetch-Site': 'same-origin',
    'HX-Request': 'true',
    'HX-Request-Type': 'partial',
    'HX-Current-URL': `http://localhost${pfade.gevo('versicherungsluecken-junge-kunden')}`,
  }
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, port, host: '127.0.0.1', path: pfad, method: 'POST', headers }, (response) => {
      let text = ''
      response.on('data', (part: Buffer) => (text += part.toString()))
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${pfad}: ${response.statusCode} ${text.slice(0, 300)}`))))
    })
    request.on('error', reject)
    request.end(new URLSearchParams(form).toString())
  })
}

function startWorkerProcess({ ownerUrl, secret, temporal }: Umgebung): ChildProcess {
  const env = {
    ...process.env,
    DATABASE_URL: ownerUrl,
    SESSION_SECRET: secret,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
  }
  return spawn(...nachrangig(process.execPath, ['--import', 'tsx', 'worker.ts']), { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

async function answer<T>(server: ChildProcess): Promise<T> {
  const [message] = (await once(server, 'message')) as [T]
  return message
}

async function drained({ owner }: Umgebung, worker: ChildProcess): Promise<void> {
  for (;;) {
    if (worker.exitCode !== null) throw new Error('Der Worker ist von selbst zu Ende gegangen.')
    const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM outbox WHERE zugestellt_am IS NULL`.execute(owner)
    if (rows[0]!.n === 0) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

async function lastOutbox({ owner }: Umgebung): Promise<number> {
  const { rows } = await sql<{ id: number }>`SELECT coalesce(max(id), 0) AS id FROM outbox`.execute(owner)
  return rows[0]!.id
}

async function deliveryTimes({ owner }: Umgebung, from: number, n: number): Promise<Messung> {
  const { rows } = await sql<{ p50: number; p99: number }>`
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p50, percentile_cont(0.99) WITHIN GROUP (ORDER BY ms) AS p99
    FROM (SELECT extract(epoch FROM zugestellt_am - erstellt_am) * 1000 AS ms FROM outbox WHERE id > ${from} ORDER BY id LIMIT ${n}) x`.execute(owner)
  return { n, dauer: 0, proSekunde: 0, p50: Number(rows[0]!.p50), p99: Number(rows[0]!.p99) }
}
