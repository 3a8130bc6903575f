/**
 * Documenting over HTTP as htmx does it, vs. a bare Hono + pg handler with the same number of statements in one transaction, at 1 and 20 users,
 * with Temporal standing still and there, the worker up in both (with BENCH_BESTAND only away: so many workflows are more than the embedded server is for). Goals: ≥ 0.5 × the bare handler; with Temporal there, p99 at 50 clicks/s ≤ 1.3 × and throughput ≥ 0.5 × of without.
 */
import http from 'node:http'
import { sql } from 'kysely'
import { pfade } from '../web/pfade.ts'
import { type Messung, combine, runLoad, runRate } from './messen.ts'
import { drained, idle, post, startWeb, startWorkerProcess, stopWorkerProcess } from './prozesse.ts'
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
/** Seconds of clicks before the measured ones. */
const EINLAUF = 10

export async function benchDokumentieren(umgebung: Umgebung): Promise<Record<string, Messung | number>> {
  const welt = await insertWelt(umgebung.owner, {
    vermittler: VERMITTLER,
    kunden: AUFWAERMEN + (RUNDEN + 2) * KLICKS + 2 * RATE * (EINLAUF + 20) + 500,
  })
  const faelle = await insertFaelle(umgebung.owner, welt)
  await sql`ANALYZE`.execute(umgebung.owner)
  const web = await startWeb(umgebung)
  const agent = new http.Agent({ keepAlive: true, maxSockets: BENUTZER * 4 })
  const { pid } = umgebung.temporal
  process.kill(pid, 'SIGSTOP')
  const worker = startWorkerProcess(umgebung)
  try {
    const klick = (): Promise<void> => documentNext(agent, web.port, faelle)

    await runLoad(AUFWAERMEN, BENUTZER, klick)
    await web.zaehle()
    await klick()
    const statements = await web.zaehle()
    const bar = await web.bar({ bar: statements - 2 })
    const leer = (i: number): Promise<void> =>
      post(`/bar/${i}`, { notiz: 'Ruhig besprochen', ergebnis: 'HINWEIS_GEGEBEN' }, { agent, port: bar, token: '' })

    await runLoad(AUFWAERMEN, BENUTZER, leer)
    const wir: Messung[] = []
    const bare: Messung[] = []
    for (let runde = 0; runde < RUNDEN; runde++) {
      bare.push(await runLoad(KLICKS, BENUTZER, leer))
      wir.push(await runLoad(KLICKS, BENUTZER, klick))
    }
    const einzeln = { bar: await runLoad(300, 1, leer), wir: await runLoad(300, 1, klick) }
    const ohne = await runSettled(klick)
    const [a, b] = [combine(bare), combine(wir)]
    const ohneTemporal = {
      'bar, 20 Benutzer': a,
      'dokumentieren, 20 Benutzer': b,
      'bar, 1 Benutzer': einzeln.bar,
      'dokumentieren, 1 Benutzer': einzeln.wir,
      '50 Klicks/s, Temporal weg': ohne,
      'Anweisungen je Klick': statements,
      'Verhältnis zum baren Handler': b.proSekunde / a.proSekunde,
    }
    if (umgebung.bestand > 0) return ohneTemporal

    process.kill(pid, 'SIGCONT')
    await drained(umgebung, worker)
    await idle(pid)
    const marke = await lastOutbox(umgebung)
    const mit = await runSettled(klick)
    const mitVoll = combine([await runLoad(KLICKS, BENUTZER, klick), await runLoad(KLICKS, BENUTZER, klick)])
    await drained(umgebung, worker)
    const weg = await deliveryTimes(umgebung, marke, RATE * 20)
    return {
      ...ohneTemporal,
      '50 Klicks/s, Temporal da': mit,
      '20 Benutzer, Temporal da': mitVoll,
      'Klick bis Workflow bei 50/s': weg,
      'p99 mit / ohne Temporal bei 50/s': mit.p99 / ohne.p99,
      'Durchsatz mit / ohne Temporal': mitVoll.proSekunde / b.proSekunde,
    }
  } finally {
    web.stop()
    agent.destroy()
    process.kill(pid, 'SIGCONT')
    await stopWorkerProcess(worker)
  }
}

async function runSettled(klick: () => Promise<void>): Promise<Messung> {
  await runRate(RATE * EINLAUF, RATE, klick)
  return runRate(RATE * 20, RATE, klick)
}

let next = 0
async function documentNext(agent: http.Agent, port: number, faelle: readonly { id: number; token: string }[]): Promise<void> {
  const { id, token } = faelle[next++]!
  await post(pfade.fallDokumentation(id), dokumentation(id), { agent, port, token })
}

/** What stands in the form. */
export function dokumentation(fall: number): Record<string, string> {
  return { aktion: `bench-${fall}`, gesehen: '1', kanal: 'TELEFON', ergebnis: 'HINWEIS_GEGEBEN', notiz: 'Ruhig besprochen' }
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
