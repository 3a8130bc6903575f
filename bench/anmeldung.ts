/**
 * Logging in: whether the time of an answer tells a known address from an unknown one (400 tries in turns, none of them right, each from an address and a
 * network of its own), and what a flood of 100 logins a second does to the pages of those who are in. Goals: the medians differ by less than 3 ms and chance
 * explains the difference (p > 0.01); the others' p95 stays below 500 ms.
 */
import http from 'node:http'
import { insertAnmeldung } from '../db/anmeldung.ts'
import { pfade } from '../web/pfade.ts'
import { type Messung, median, runRate } from './messen.ts'
import { get, post, rss, startWeb } from './prozesse.ts'
import type { Umgebung } from './umgebung.ts'
import { insertFaelle, insertWelt } from './welt.ts'

const VERSUCHE = 200
const FLUT = { proSekunde: 100, sekunden: 20 }
const SEITEN_RATE = 10
/** Wrong, throttled, too many at once: all of them answers. */
const ABGELEHNT = [422, 429, 503]

export async function benchAnmeldung(umgebung: Umgebung): Promise<Record<string, Messung | object | number>> {
  const { owner } = umgebung
  const welt = await insertWelt(owner, { vermittler: 20, kunden: 2_000 })
  await insertFaelle(owner, welt)
  const bekannte = Array.from({ length: VERSUCHE + 20 }, (_, i) => `bekannt${i}@lindner.example`)
  for (const email of bekannte) await insertAnmeldung(owner, { email, passwort: 'Regen Kante Ofen' })
  const web = await startWeb(umgebung, { proxy: true })
  const agent = new http.Agent({ keepAlive: true, maxSockets: 400 })
  let netz = 0
  const melde = (email: string): Promise<void> => {
    const von = `10.${(++netz >> 16) & 255}.${(netz >> 8) & 255}.${netz & 255}`
    const headers = { 'X-Forwarded-For': von, 'HX-Request-Type': 'full' }
    return post(pfade.anmelden(), { email, passwort: 'falsch geraten' }, { agent, port: web.port, token: '', headers, erlaubt: ABGELEHNT })
  }
  try {
    const zeiten: Record<'bekannt' | 'unbekannt', number[]> = { bekannt: [], unbekannt: [] }
    for (let i = 0; i < VERSUCHE + 20; i++)
      // In turns, and each first in its turn as often as the other.
      for (const wer of i % 2 === 0 ? (['bekannt', 'unbekannt'] as const) : (['unbekannt', 'bekannt'] as const)) {
        const beginn = performance.now()
        await melde(wer === 'bekannt' ? bekannte[i]! : `unbekannt${i}@lindner.example`)
        if (i >= 20) zeiten[wer].push(performance.now() - beginn)
      }
    const seite = (i: number): Promise<void> =>
      get(pfade.geschaeftsvorfaelle(), { agent, port: web.port, token: welt.vermittler[i % welt.vermittler.length]!.token })
    await runRate(SEITEN_RATE * 5, SEITEN_RATE, seite)
    const ruhig = await runRate(SEITEN_RATE * 10, SEITEN_RATE, seite)
    const vorher = rss(web.pid)
    const [flut, neben] = await Promise.all([
      runRate(FLUT.proSekunde * FLUT.sekunden, FLUT.proSekunde, (i) => melde(`flut${i}@lindner.example`)),
      runRate(SEITEN_RATE * FLUT.sekunden, SEITEN_RATE, seite),
    ])
    return {
      'bekannte Adresse (ms)': { n: VERSUCHE, p50: median(zeiten.bekannt) },
      'unbekannte Adresse (ms)': { n: VERSUCHE, p50: median(zeiten.unbekannt) },
      'Unterschied der Mediane in ms': Math.abs(median(zeiten.bekannt) - median(zeiten.unbekannt)),
      'p (Rangsummentest)': rankSum(zeiten.bekannt, zeiten.unbekannt),
      'Seiten ohne Flut': ruhig,
      'Seiten in der Flut': neben,
      'Anmeldungen der Flut': flut,
      'Speicher dazu in MB': rss(web.pid) - vorher,
    }
  } finally {
    web.stop()
    agent.destroy()
  }
}

/** Chance of ranks at least so uneven if both came from one distribution (Mann-Whitney, normal approximation; both have some hundred values). */
function rankSum(a: readonly number[], b: readonly number[]): number {
  const alle = [...a.map((wert) => ({ wert, a: true })), ...b.map((wert) => ({ wert, a: false }))].toSorted((x, y) => x.wert - y.wert)
  const raenge = alle.reduce((summe, { a: ausA }, i) => summe + (ausA ? i + 1 : 0), 0)
  const u = raenge - (a.length * (a.length + 1)) / 2
  const z = Math.abs(u - (a.length * b.length) / 2) / Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12)
  return 2 * (1 - normal(z))
}

/** https://dlmf.nist.gov/7.6 : the error function's series, exact enough below 6. */
function normal(z: number): number {
  if (z > 6) return 1
  let [glied, summe] = [z, z]
  for (let k = 1; k < 200; k++) {
    glied *= (-z * z) / (2 * k)
    summe += glied / (2 * k + 1)
  }
  return 0.5 + summe / Math.sqrt(2 * Math.PI)
}
