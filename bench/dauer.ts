/**
 * Mixed load for long: memory of web, worker, Temporal and PostgreSQL over time. Goal: after the first ten minutes (or the first third of a shorter run)
 * none of them grows by more than 5 %. Size: BENCH_FAELLE open Fälle (default 10,000), BENCH_MINUTEN (default 30).
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pfade } from '../web/pfade.ts'
import { dokumentation } from './dokumentieren.ts'
import { median } from './messen.ts'
import { drained, get, post, rss, startWeb, startWorkerProcess, stopWorkerProcess } from './prozesse.ts'
import type { Umgebung } from './umgebung.ts'
import { insertFaelle, insertWelt, tellTemporal } from './welt.ts'

/** Clicks a second. */
const RATE = 10
/** Milliseconds between two looks. */
const BLICK = 5_000
const ANLAUF_MINUTEN = 10

const WER = ['web', 'worker', 'temporal', 'postgres'] as const
type Blick = Record<(typeof WER)[number], number>

export async function benchDauer(umgebung: Umgebung): Promise<Record<string, object | number>> {
  const n = Number(process.env['BENCH_FAELLE'] ?? 10_000)
  const minuten = Number(process.env['BENCH_MINUTEN'] ?? 30)
  const { owner, temporal, dir, postgresPid } = umgebung
  const welt = await insertWelt(owner, { vermittler: 60, kunden: n })
  const faelle = await insertFaelle(owner, welt)
  await tellTemporal(owner, welt)
  const web = await startWeb(umgebung)
  const worker = startWorkerProcess(umgebung)
  const agent = new http.Agent({ keepAlive: true, maxSockets: 40 })
  const blicke: Blick[] = []
  const blick = (): Blick => ({ web: rss(web.pid), worker: rss(worker.pid!), temporal: rss(temporal.pid), postgres: pss(postgresPid) })
  try {
    const beginn = performance.now()
    await drained(umgebung, worker)
    const gestartet = (performance.now() - beginn) / 1_000
    const nachStart = blick()
    let dokumentiert = 0
    const klick = async (i: number): Promise<void> => {
      const { id, token } = faelle[i % faelle.length]!
      const anfrage = { agent, port: web.port, token }
      if (i % 3 === 0) return get(pfade.gevo('versicherungsluecken-junge-kunden'), anfrage)
      if (i % 3 === 1) return get(pfade.fall(id), anfrage)
      const { id: fall, token: wer } = faelle[faelle.length - 1 - dokumentiert++]!
      return post(pfade.fallDokumentation(fall), dokumentation(fall), { ...anfrage, token: wer })
    }
    const ende = Date.now() + minuten * 60_000
    const last = (async (): Promise<number> => {
      let i = 0
      for (; Date.now() < ende; i++) await Promise.all([klick(i), setTimeout(1_000 / RATE)])
      return i
    })()
    while (Date.now() < ende) {
      await setTimeout(BLICK)
      blicke.push(blick())
    }
    const klicks = await last
    const ab = Math.floor(blicke.length * Math.min(ANLAUF_MINUTEN / minuten, 1 / 3))
    const zeile = (wer: (typeof WER)[number]) => {
      const spaeter = blicke.slice(ab).map((b) => b[wer])
      const [anfang, schluss] = [spaeter.slice(0, spaeter.length / 4), spaeter.slice(-spaeter.length / 4)]
      return {
        nachDemStart: nachStart[wer],
        hoechstens: Math.max(...blicke.map((b) => b[wer])),
        anfang: median(anfang),
        schluss: median(schluss),
        wachstumProzent: 100 * (median(schluss) / median(anfang) - 1),
      }
    }
    return {
      ...Object.fromEntries(WER.map((wer) => [`${wer} (MB)`, zeile(wer)])),
      Fälle: n,
      Minuten: minuten,
      Klicks: klicks,
      'Sekunden, bis alle Workflows liefen': gestartet,
      'Temporals Datei je Fall in kB': temporalFile(path.join(dir, 'temporal')) / n / 1_000,
    }
  } finally {
    web.stop()
    agent.destroy()
    await stopWorkerProcess(worker)
  }
}

/** Megabytes of PostgreSQL's processes together; what they share counts once. */
function pss(postmaster: number): number {
  const kinder = execFileSync('ps', ['-o', 'pid=', '--ppid', String(postmaster)], { encoding: 'utf8' })
  return [postmaster, ...kinder.split('\n').filter(Boolean).map(Number)].reduce((summe, pid) => summe + readPss(pid), 0)
}

/** One that has just ended holds nothing. */
function readPss(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1_000
  } catch {
    return 0
  }
}

function temporalFile(ordner: string): number {
  return readdirSync(ordner)
    .filter((name) => name.includes('.db'))
    .reduce((summe, name) => summe + statSync(path.join(ordner, name)).size, 0)
}
