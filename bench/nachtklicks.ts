/**
 * A night over a large portfolio beside 20 users who click: lists and documentations, each user one a second. Goal: their p99 is at most doubled.
 * Size: BENCH_KUNDEN (default 100,000).
 */
import http from 'node:http'
import { sql } from 'kysely'
import { seedGross } from '../db/demo/gross.ts'
import { pfade } from '../web/pfade.ts'
import { runNacht } from '../test/support/nacht.ts'
import { dokumentation } from './dokumentieren.ts'
import { type Messung, runRate } from './messen.ts'
import { get, post, startWeb } from './prozesse.ts'
import type { Umgebung } from './umgebung.ts'
import { insertFaelle, insertWelt } from './welt.ts'

const STICHTAG = '2026-11-23'
const BENUTZER = 20
/** Clicks a second, and seconds of them before the night. */
const RATE = 20
const VORHER = 30
const GEVO = 'versicherungsluecken-junge-kunden'

export async function benchNachtklicks(umgebung: Umgebung): Promise<Record<string, Messung | number>> {
  const kunden = Number(process.env['BENCH_KUNDEN'] ?? 100_000)
  await seedGross(umgebung.owner, { heute: STICHTAG, kunden, betriebe: 1, vermittler: 4, seed: kunden })
  const faelle = await insertFaelle(umgebung.owner, await insertWelt(umgebung.owner, { vermittler: BENUTZER, kunden: 20_000 }))
  await sql`VACUUM ANALYZE`.execute(umgebung.owner)
  const web = await startWeb(umgebung)
  const agent = new http.Agent({ keepAlive: true, maxSockets: BENUTZER * 4 })
  let next = 0
  const klick = (): Promise<void> => {
    const { id, token } = faelle[next++]!
    const anfrage = { agent, port: web.port, token }
    return next % 2 === 0 ? get(pfade.gevo(GEVO), anfrage) : post(pfade.fallDokumentation(id), dokumentation(id), anfrage)
  }
  try {
    await runRate(RATE * 15, RATE, klick)
    const ohne = await runRate(RATE * VORHER, RATE, klick)
    let laeuft = true
    const nacht = runNacht(umgebung.worker, STICHTAG).finally(() => (laeuft = false))
    const neben = await runRate(Infinity, RATE, klick, () => laeuft)
    await nacht
    return { 'ohne Nacht': ohne, 'neben der Nacht': neben, 'p99 neben / ohne': neben.p99 / ohne.p99 }
  } finally {
    web.stop()
    agent.destroy()
  }
}
