/**
 * The list of a GeVo and the overview over HTTP, as a Vermittler and as the Supervisor: 3,000 open Fälle vs. 300,000 in one Betrieb of 200 Vermittler,
 * and 300,000 over 100 Betriebe. Goals: ≤ 1.5 ×, p99 ≤ 50 ms at 20 users, ≥ 0.4 × a bare handler that selects and prints the same 50 rows.
 * Size: BENCH_FAELLE (default 300,000).
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import path from 'node:path'
import { sql } from 'kysely'
import { foldZaehler } from '../db/fallzaehler.ts'
import type { Db } from '../db/verbindung.ts'
import { katalog } from '../gevos/katalog.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import { pfade } from '../web/pfade.ts'
import { type Messung, combine, runLoad } from './messen.ts'
import type { Umgebung } from './umgebung.ts'

const BENUTZER = 20
const RUNDEN = 3
const AUFRUFE = 300
/** Every connection of the pool has planned its statements by then. */
const AUFWAERMEN = 300
const GEVO = katalog.find(({ code }) => code === 'G01')!

interface Buero {
  supervisor: string
  vermittler: string[]
}

export async function benchListe(umgebung: Umgebung): Promise<Record<string, Messung | number>> {
  const viele = Number(process.env['BENCH_FAELLE'] ?? 300_000)
  const klein = [await insertBuero(umgebung.owner, { faelle: Math.min(3_000, viele), vermittler: 200 })]
  const gross = [await insertBuero(umgebung.owner, { faelle: viele, vermittler: 200 })]
  const verteilt: Buero[] = []
  for (let i = 0; i < 100; i++) verteilt.push(await insertBuero(umgebung.owner, { faelle: viele / 100, vermittler: 4 }))
  await foldZaehler(umgebung.worker)
  await sql`VACUUM ANALYZE`.execute(umgebung.owner)

  const server = fork(path.join(import.meta.dirname, 'server.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, OWNER: umgebung.ownerUrl, WEB: umgebung.url('vm_web'), AUTH: umgebung.url('vm_auth') },
  })
  const agent = new http.Agent({ keepAlive: true, maxSockets: BENUTZER })
  try {
    const { port } = await answer<{ port: number }>(server)
    server.send({ liste: GEVO.code })
    const { bar } = await answer<{ bar: number }>(server)

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
      return get(agent, port, pfad, als === 'supervisor' ? buero.supervisor : buero.vermittler[i % buero.vermittler.length]!)
    }
    const leer = (): Promise<void> => get(agent, bar, '/bar', '')

    for (const [, bueros, als, pfad] of wege) await runLoad(AUFWAERMEN, BENUTZER, ruf(bueros, als, pfad))
    await runLoad(AUFWAERMEN, BENUTZER, leer)
    // In turns, so that every size sees the same machine.
    for (let runde = 0; runde < RUNDEN; runde++) {
      await messe('bar, dieselben 50 Zeilen', AUFRUFE * 3, leer)
      for (const [name, bueros, als, pfad] of wege) await messe(name, AUFRUFE, ruf(bueros, als, pfad))
    }
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
    server.disconnect()
    agent.destroy()
  }
}

/** One open Fall per customer, spread over the catalogue; half with a Frist around today, three in a hundred with a reminder. */
async function insertBuero(db: Db, { faelle, vermittler: n }: { faelle: number; vermittler: number }): Promise<Buero> {
  const betrieb = await insertBetrieb(db)
  const supervisor = await insertVermittler(db, betrieb, { rolle: 'SUPERVISOR' })
  const leute = []
  for (let i = 0; i < n; i++) leute.push(await insertVermittler(db, betrieb))
  const ids = leute.map(({ id }) => id)
  const codes = katalog.map(({ code }) => code)
  await sql`INSERT INTO nachtlauf (betrieb_id, stichtag, anlass, status, beendet_am) VALUES (${betrieb}, current_date, 'PLAN', 'FERTIG', now())`.execute(
    db,
  )
  await sql`
    INSERT INTO kunde (betrieb_id, vermittler_id, nummer, art, vorname, name, geburtsdatum, email)
    SELECT ${betrieb}, (${ids}::int[])[1 + i % ${n}], 'B-' || i, 'NATUERLICH', 'Elif', (ARRAY['Çelik', 'Müller', 'Weber', 'Ärger', 'Zander'])[1 + i % 5] || chr(97 + i % 26) || i,
      '1995-03-14', 'e@kunde.example' FROM generate_series(1, ${faelle}) i`.execute(db)
  await sql`
    INSERT INTO fall (betrieb_id, vermittler_id, kunde_id, gevo, schluessel, prio, befund, stichtag, epoch, status, frist, bearbeiten_bis, erinnerung_am, offene_vorgaenge)
    SELECT k.betrieb_id, k.vermittler_id, k.id, (${codes}::text[])[1 + i % ${codes.length}], 'k' || k.id, 3, '{"geburtsdatum":"1995-03-14","eigeneAktive":0,"sparten":[]}',
      current_date - CASE WHEN i % 3 = 0 THEN 0 ELSE i::int % 60 END, 1, CASE WHEN i % 100 < 12 THEN 'IN_ARBEIT' ELSE 'OFFEN' END,
      CASE WHEN i % 2 = 0 THEN current_date - 5 + i::int % 90 END, CASE WHEN i % 2 = 1 THEN current_date + 90 END,
      CASE WHEN i % 100 < 3 THEN now() + make_interval(hours => i::int % 400 - 20) END, CASE WHEN i % 100 < 3 THEN 1 ELSE 0 END
    FROM (SELECT *, row_number() OVER (ORDER BY id) AS i FROM kunde WHERE betrieb_id = ${betrieb}) k`.execute(db)
  await sql`
    INSERT INTO vorgang (betrieb_id, fall_id, kunde_id, vermittler_id, titel, status, faellig_am)
    SELECT betrieb_id, id, kunde_id, vermittler_id, 'Anrufen', 'OFFEN', erinnerung_am FROM fall WHERE betrieb_id = ${betrieb} AND offene_vorgaenge > 0`.execute(
    db,
  )
  return { supervisor: supervisor.token, vermittler: leute.map(({ token }) => token) }
}

function get(agent: http.Agent, port: number, pfad: string, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get({ agent, port, host: '127.0.0.1', path: pfad, headers: { Cookie: `sitzung=${token}` } }, (response) => {
      response.resume()
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${pfad}: ${response.statusCode}`))))
    })
    request.on('error', reject)
  })
}

async function answer<T>(server: ChildProcess): Promise<T> {
  const [message] = (await once(server, 'message')) as [T]
  return message
}
