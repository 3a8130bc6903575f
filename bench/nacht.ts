/**
 * A night with all rules: per rule and in total, finding and opening vs. bare SQL that inserts the same rows into the same tables (goal ≤ 1.3 ×),
 * ten times the Kunden (goal ≤ 14 ×), the same night again (goal: opens 0, writes ≤ 1 % of the rows), memory of the process that asks.
 * Size: BENCH_KUNDEN (default 100,000; the smaller portfolio is a tenth of it).
 */
import { sql } from 'kysely'
import { seedGross } from '../db/demo/gross.ts'
import { beginNacht, finishNacht } from '../db/nachtlauf.ts'
import { closeDocumented, escalate, followKunden } from '../db/nachtlauf-enden.ts'
import { runGevo } from '../db/nachtlauf-gevo.ts'
import { type Db, createDb, createPool } from '../db/verbindung.ts'
import { katalog } from '../gevos/katalog.ts'
import type { Umgebung } from './umgebung.ts'
import { multiply } from './vervielfachen.ts'

/** In the season of Kfz, so that every rule has something to find. */
const STICHTAG = '2026-11-23'

/** Made up is a tenth of the customers, the others are the same again. */
const MAL = 10

interface Regelmessung {
  eroeffnet: number
  sekunden: number
  bareSekunden: number
  verhaeltnis: number
}

export async function benchNacht({ owner, url }: Umgebung): Promise<Record<string, object | number>> {
  const kunden = Number(process.env['BENCH_KUNDEN'] ?? 100_000)
  // One connection: what it has written is counted when it says so.
  const worker = createDb(createPool(url('vm_worker'), 'vm_worker', { max: 1 }))
  const klein = await oneNight(owner, worker, kunden / 10)
  const gross = await oneNight(owner, worker, kunden)
  await worker.destroy()
  const wachstum = Object.fromEntries(katalog.map(({ code }) => [code, gross.regeln[code]!.sekunden / klein.regeln[code]!.sekunden]))
  return {
    ...Object.fromEntries(Object.entries(gross.regeln).map(([code, messung]) => [code, { ...messung, wachstum: wachstum[code]! }])),
    gesamt: { ...gross.gesamt, wachstum: gross.gesamt.sekunden / klein.gesamt.sekunden },
    nochmal: gross.nochmal,
    rssMb: { vorher: gross.rss.vorher, hoechstens: gross.rss.hoechstens, beimZehntel: klein.rss.hoechstens },
  }
}

async function oneNight(owner: Db, worker: Db, kunden: number) {
  // Only the newest office takes part.
  await sql`UPDATE betrieb SET anlauf_am = NULL`.execute(owner)
  const { betriebe } = await seedGross(owner, { heute: STICHTAG, kunden: kunden / MAL, betriebe: 1, vermittler: 4, seed: kunden })
  await multiply(owner, betriebe[0]!.id, MAL)
  await sql`VACUUM ANALYZE`.execute(owner)
  const rss = { vorher: process.memoryUsage().rss / 1e6, hoechstens: 0 }
  const uhr = setInterval(() => (rss.hoechstens = Math.max(rss.hoechstens, process.memoryUsage().rss / 1e6)), 50)
  const erste = await runNacht(worker)
  clearInterval(uhr)
  const regeln: Record<string, Regelmessung> = {}
  for (const { code } of katalog) {
    const { sekunden, eroeffnet } = erste.regeln[code]!
    const bareSekunden = await insertBare(worker, erste.laeufe, code)
    regeln[code] = { eroeffnet, sekunden, bareSekunden, verhaeltnis: sekunden / bareSekunden }
  }
  const summe = (feld: 'eroeffnet' | 'sekunden' | 'bareSekunden'): number => Object.values(regeln).reduce((n, r) => n + r[feld], 0)
  const gesamt = { eroeffnet: summe('eroeffnet'), sekunden: summe('sekunden'), bareSekunden: summe('bareSekunden') }
  const vorher = await countWrites(owner, worker)
  const zweite = await runNacht(worker)
  const geschrieben = (await countWrites(owner, worker)) - vorher
  const eroeffnet = Object.values(zweite.regeln).reduce((n, r) => n + r.eroeffnet, 0)
  const zeilen = gesamt.eroeffnet * 3
  return {
    rss,
    regeln,
    gesamt: { ...gesamt, verhaeltnis: gesamt.sekunden / gesamt.bareSekunden },
    nochmal: { eroeffnet, geschrieben, anteilProzent: (100 * geschrieben) / zeilen, sekunden: zweite.sekunden },
  }
}

/** The steps of the workflow, one after the other. */
async function runNacht(worker: Db) {
  const nacht = await beginNacht(worker, katalog, STICHTAG)
  await followKunden(worker, nacht)
  await closeDocumented(worker, nacht)
  const regeln: Record<string, { eroeffnet: number; sekunden: number }> = {}
  const beginn = performance.now()
  for (const regel of katalog) {
    const start = performance.now()
    await runGevo(worker, nacht, regel)
    const sekunden = (performance.now() - start) / 1_000
    const { rows } = await sql<{ n: number }>`SELECT sum(eroeffnet) AS n FROM nachtlauf_gevo
      WHERE nachtlauf_id = ANY (${nacht.laeufe}::integer[]) AND gevo = ${regel.code}`.execute(worker)
    regeln[regel.code] = { eroeffnet: Number(rows[0]!.n), sekunden }
  }
  const sekunden = (performance.now() - beginn) / 1_000
  await escalate(worker, nacht)
  await finishNacht(worker, nacht)
  return { laeufe: nacht.laeufe, regeln, sekunden }
}

/** Seconds to insert what the night opened for one rule once more, under other keys, from rows that lie ready; taken back afterwards. */
async function insertBare(worker: Db, laeufe: number[], code: string): Promise<number> {
  let sekunden = 0
  const zurueck = new Error('zurück')
  await worker
    .transaction()
    .execute(async (trx) => {
      await sql`CREATE TEMPORARY TABLE vorlage ON COMMIT DROP AS SELECT f.*, p.codes FROM fall f JOIN protokoll p ON p.fall_id = f.id AND p.ereignis = 'opened'
        WHERE f.nachtlauf_id = ANY (${laeufe}::integer[]) AND f.gevo = ${code}`.execute(trx)
      await sql`ANALYZE vorlage`.execute(trx)
      const start = performance.now()
      await sql`
        WITH neu AS (
          INSERT INTO fall (betrieb_id, vermittler_id, kunde_id, vertrag_id, gevo, schluessel, regel_version, prio, befund, unbekannt, frist, bearbeiten_bis,
            stichtag, nachtlauf_id, epoch, status)
          SELECT betrieb_id, vermittler_id, kunde_id, vertrag_id, gevo, schluessel || ':bar', regel_version, prio, befund, unbekannt, frist, bearbeiten_bis,
            stichtag, nachtlauf_id, epoch, status FROM vorlage ORDER BY id RETURNING id, betrieb_id, kunde_id, version),
        eintrag AS (
          INSERT INTO protokoll (betrieb_id, fall_id, kunde_id, ereignis, version, quelle, codes)
          SELECT betrieb_id, id, kunde_id, 'opened', version, 'NACHT', (SELECT codes FROM vorlage LIMIT 1) FROM neu ORDER BY id)
        INSERT INTO outbox (betrieb_id, spur, art, ziel, stand)
        SELECT betrieb_id, 1, 'FALL', id, jsonb_build_object('epoch', 1, 'version', version, 'status', 'OFFEN', 'erinnerungAm', null) FROM neu ORDER BY id`.execute(
        trx,
      )
      sekunden = (performance.now() - start) / 1_000
      throw zurueck
    })
    .catch((error: unknown) => {
      if (error !== zurueck) throw error
    })
  return sekunden
}

/** Rows written since the beginning of time, those taken back included. */
async function countWrites(owner: Db, worker: Db): Promise<number> {
  await sql`SELECT pg_stat_force_next_flush()`.execute(worker)
  const { rows } = await sql<{
    n: number
  }>`SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) AS n FROM pg_stat_user_tables WHERE schemaname = 'public'`.execute(owner)
  return Number(rows[0]!.n)
}
