/**
 * The list of a GeVo and the overview over HTTP, as a Vermittler and as the Supervisor: 3,000 open Fälle vs. 300,000 in one Betrieb of 200 Vermittler,
 * and 300,000 over 100 Betriebe. Goals: ≤ 1.5 ×, p99 ≤ 50 ms at 20 users, ≥ 0.4 × a bare handler that selects and prints the same 50 rows.
 * The users click without a pause; the lists of the large Betrieb once more with a pause of a second, as people do. Size: BENCH_FAELLE (default 300,000).
 */
import http from 'node:http'
import { katalog } from '../gevos/katalog.ts'
import { pfade } from '../web/pfade.ts'
import { type Messung, combine, runLoad, runRate } from './messen.ts'
import { get, startWeb } from './prozesse.ts'
import type { Umgebung } from './umgebung.ts'
import { type Buero, insertBuero, settle } from './welt.ts'

const BENUTZER = 20
const RUNDEN = 3
const AUFRUFE = 300
/** Seconds of clicks with a pause. */
const GEMAECHLICH = 20
/** Every connection of the pool has planned its statements by then. */
const AUFWAERMEN = 300
const GEVO = katalog.find(({ code }) => code === 'G01')!

export async function benchListe(umgebung: Umgebung): Promise<Record<string, Messung | number>> {
  const viele = Number(process.env['BENCH_FAELLE'] ?? 300_000)
  // Four: of 200 each would have one Fall in the list, and a page of one row would be compared with one of fifty.
  const klein = [await insertBuero(umgebung.owner, { faelle: Math.min(3_000, viele), vermittler: 4 })]
  const gross = [await insertBuero(umgebung.owner, { faelle: viele, vermittler: 200 })]
  const verteilt: Buero[] = []
  for (let i = 0; i < 100; i++) verteilt.push(await insertBuero(umgebung.owner, { faelle: viele / 100, vermittler: 4 }))
  await settle(umgebung)

  const web = await startWeb(umgebung)
  const agent = new http.Agent({ keepAlive: true, maxSockets: BENUTZER })
  try {
    const bar = await web.bar({ liste: GEVO.code })

    const wege: [name: string, bueros: Buero[], als: 'vermittler' | 'supervisor', pfad: string][] = []
    for (const als of ['vermittler', 'supervisor'] as const)
      for (const [was, pfad] of [
        ['Liste', pfade.gevo(GEVO.key)],
        ['Übersicht', pfade.geschaeftsvorfaelle()],
      ] as const)
        for (const [wo, bueros] of [
          ['3.000', klein],
          ['viele', gross],
          ['verteilt', verteilt],
        ] as const)
          wege.push([`${was}, ${als}, ${wo}`, [...bueros], als, pfad])
    const laeufe = new Map<string, Messung[]>()
    const messe = async (name: string, n: number, ruf: (i: number) => Promise<void>): Promise<void> => {
      const einer = await runLoad(n, BENUTZER, ruf)
      laeufe.set(name, [...(laeufe.get(name) ?? []), einer])
    }
    const ruf = (bueros: Buero[], als: 'vermittler' | 'supervisor', pfad: string) => (i: number) => {
      const buero = bueros[i % bueros.length]!
      const token = als === 'supervisor' ? buero.supervisor : buero.vermittler[i % buero.vermittler.length]!
      return get(pfad, { agent, port: web.port, token })
    }
    const leer = (): Promise<void> => get('/bar', { agent, port: bar, token: '' })

    for (const [, bueros, als, pfad] of wege) await runLoad(AUFWAERMEN, BENUTZER, ruf(bueros, als, pfad))
    await runLoad(AUFWAERMEN, BENUTZER, leer)
    // In turns, so that every size sees the same machine.
    for (let runde = 0; runde < RUNDEN; runde++) {
      await messe('bar, dieselben 50 Zeilen', AUFRUFE * 3, leer)
      for (const [name, bueros, als, pfad] of wege) await messe(name, AUFRUFE, ruf(bueros, als, pfad))
    }
    for (const als of ['vermittler', 'supervisor'] as const)
      laeufe.set(`Liste, ${als}, viele, jeder einen Klick je Sekunde`, [
        await runRate(BENUTZER * GEMAECHLICH, BENUTZER, ruf(gross, als, pfade.gevo(GEVO.key))),
      ])
    const ergebnis = Object.fromEntries([...laeufe].map(([name, einer]) => [name, combine(einer)]))
    const verhaeltnisse = ['Liste', 'Übersicht'].flatMap((was) =>
      ['vermittler', 'supervisor'].flatMap((als) =>
        ['viele', 'verteilt'].map((wo) => [
          `p50 ${was}, ${als}: ${wo} / 3.000`,
          ergebnis[`${was}, ${als}, ${wo}`]!.p50 / ergebnis[`${was}, ${als}, 3.000`]!.p50,
        ]),
      ),
    )
    const bare = ergebnis['bar, dieselben 50 Zeilen']!.proSekunde
    return {
      ...ergebnis,
      ...Object.fromEntries(verhaeltnisse),
      'Liste, supervisor, viele / bar': ergebnis['Liste, supervisor, viele']!.proSekunde / bare,
    }
  } finally {
    web.stop()
    agent.destroy()
  }
}
