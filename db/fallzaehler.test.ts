/** Whatever people, timers, nights and the worker do, one after the other or at once: the counters say what counting the Fälle says, to everybody. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SECRET, type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { ZWEI_REGELN, runNacht } from '../test/support/nacht.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'
import { ABSCHNITTE, getListenzahlen, getNachbar, listArbeitsvorrat } from './arbeitsvorrat.ts'
import { getLage, listUeberblick } from './arbeitszahlen.ts'
import { documentFall, reopenFall } from './dokumentationen.ts'
import type { Auftrag } from './faelle.ts'
import { foldNaechte, foldZaehler } from './fallzaehler.ts'
import { contactFall } from './kontakte.ts'
import { migrate } from './migrate.ts'
import { getRahmen } from './rahmen.ts'
import { writeSicherung } from './sicherung.ts'
import type { WebDb } from './sitzung.ts'
import { finishVorgang, fireReminder, remindFall } from './vorgaenge.ts'
import { restoreSicherung } from './wiederherstellung.ts'

const HEUTE = '2026-11-23'
const JETZT = '2026-11-23T09:00:00.000Z'
const GEVOS = ['G01', 'G02']

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

interface Buero {
  betrieb: number
  /** Karin is the Supervisor. */
  karin: { id: number; token: string }
  anna: { id: number; token: string }
  ben: { id: number; token: string }
  kunden: number[]
  /** Day of the last night. */
  tag: number
}

async function createBuero(): Promise<Buero> {
  const { owner } = database
  const betrieb = await insertBetrieb(owner)
  const karin = await insertVermittler(owner, betrieb, { rolle: 'SUPERVISOR' })
  const anna = await insertVermittler(owner, betrieb)
  const ben = await insertVermittler(owner, betrieb)
  const kunden: number[] = []
  for (const [i, name] of ['Ärger', 'Zander', 'Arndt', 'Muster', 'Müller', 'Mueller'].entries())
    kunden.push(await insertKunde(owner, { betrieb, vermittler: [anna, ben][i % 2]!.id }, { name, vorname: i % 3 ? 'Elif' : null }))
  return { betrieb, karin, anna, ben, kunden, tag: 0 }
}

const KLICKS = ['kontakt', 'erinnern', 'faellig', 'erledigt', 'dokumentieren', 'rueckgaengig', 'zuordnen', 'umbenennen', 'verwerfen'] as const
const NACHTS = ['nacht', 'eroeffnen', 'loeschen', 'falten', 'naechteFalten'] as const
const schritt = fc.record({ art: fc.constantFrom(...KLICKS, ...KLICKS, ...NACHTS), welcher: fc.nat(1000), wer: fc.nat(2) })
type Schritt = typeof schritt extends fc.Arbitrary<infer T> ? T : never

test('after any mixture of clicks, timers, nights, reassignments and foldings, also at once, everybody sees what a count gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(schritt, { minLength: 1, maxLength: 4 }), { minLength: 6, maxLength: 14 }), async (schritte) => {
      const buero = await createBuero()
      await eroeffne(buero, 3)
      for (const zugleich of schritte) {
        await Promise.all(vertraeglich(zugleich).map((einer) => tu(buero, einer)))
        await vergleiche(buero)
      }
      await foldZaehler(database.worker)
      await vergleiche(buero)
      await pruefeReihe(buero)
    }),
    { numRuns: 4, endOnFailure: true },
  )
}, 120_000)

/** Without opening beside a customer's change of hands or name: such a Fall catches up in the next night (followKunden). */
function vertraeglich(zugleich: Schritt[]): Schritt[] {
  const wechselt = zugleich.some(({ art }) => art === 'zuordnen' || art === 'umbenennen')
  return wechselt ? zugleich.filter(({ art }) => art !== 'nacht' && art !== 'eroeffnen') : zugleich
}

/** One step; one that the Fall refuses, or that meets another one in a deadlock, changes nothing. */
async function tu(buero: Buero, { art, welcher, wer }: Schritt): Promise<void> {
  const { owner, worker, web } = database
  const person = [buero.karin, buero.anna, buero.ben][wer]!
  const faelle = await owner.selectFrom('fall').select(['id', 'kunde_id']).where('betrieb_id', '=', buero.betrieb).orderBy('id').execute()
  const fall = faelle[welcher % Math.max(faelle.length, 1)]
  const als = <T>(work: (db: WebDb) => Promise<T>): Promise<T | undefined> => web.withSession(person.token, work)
  const klick: Auftrag = { fall: fall?.id ?? 0, betrieb: buero.betrieb, aktion: randomUUID(), quelle: 'KLICK', person: person.id }
  const am = ['2026-11-20T08:00:00.000Z', '2026-12-01T08:00:00.000Z', '2027-02-01T08:00:00.000Z'][welcher % 3]!
  const doku = { ergebnis: 'HINWEIS_GEGEBEN', kanal: 'TELEFON', notiz: null, sperreBis: null } as const
  const taten: Record<Schritt['art'], () => Promise<unknown>> = {
    kontakt: () => als((db) => contactFall(db, klick, { kanal: 'TELEFON', ergebnis: 'GESPROCHEN' })),
    erinnern: () => als((db) => remindFall(db, klick, { titel: 'Anrufen', notiz: null, am })),
    faellig: () => worker.transaction().execute((db) => fireReminder(db, { ...klick, quelle: 'TIMER', person: null }, am)),
    erledigt: async () => {
      const offen = await owner
        .selectFrom('vorgang')
        .select('id')
        .where('fall_id', '=', klick.fall)
        .where('status', 'in', ['OFFEN', 'FAELLIG'])
        .execute()
      if (offen[0]) await als((db) => finishVorgang(db, klick, offen[0]!.id))
    },
    dokumentieren: () => als((db) => documentFall(db, klick, { ...doku, vorgaenge: welcher % 2 ? 'BLEIBEN' : 'ERLEDIGT' })),
    rueckgaengig: () => als((db) => reopenFall(db, klick)),
    zuordnen: () =>
      web.withSession(buero.karin.token, (db) =>
        sql`SELECT kunde_zuordnen(${buero.kunden[welcher % 6]!}, ${welcher % 2 ? buero.anna.id : buero.ben.id})`.execute(db),
      ),
    umbenennen: () =>
      owner
        .updateTable('kunde')
        .set({ name: ['Aal', 'Öhler', 'Zett'][welcher % 3]! })
        .where('id', '=', buero.kunden[welcher % 6]!)
        .execute(),
    verwerfen: () =>
      als(async (db) => {
        await contactFall(db, klick, { kanal: 'TELEFON', ergebnis: 'GESPROCHEN' })
        throw new Error('verworfen')
      }),
    nacht: () => runNacht(worker, plusTage(++buero.tag), ZWEI_REGELN),
    eroeffnen: () => eroeffne(buero, 1 + (welcher % 4)),
    loeschen: () => owner.deleteFrom('fall').where('id', '=', klick.fall).execute(),
    falten: () => foldZaehler(worker),
    naechteFalten: () => foldNaechte(worker),
  }
  await taten[art]().catch((error: Error & { code?: string }) => {
    if (error.message !== 'verworfen' && error.code !== '40P01') throw error
  })
}

function plusTage(n: number): string {
  return new Date(Date.UTC(2026, 10, 23 + n)).toISOString().slice(0, 10)
}

/** Several in one statement, with Fristen on both sides of today. */
async function eroeffne({ betrieb, kunden }: Buero, n: number): Promise<void> {
  await sql`
    INSERT INTO fall (betrieb_id, vermittler_id, kunde_id, gevo, schluessel, prio, stichtag, epoch, status, frist)
    SELECT ${betrieb}, k.vermittler_id, k.id, 'G02', gen_random_uuid(), 1 + i % 3, '2026-11-23', 1, 'OFFEN',
      CASE i % 4 WHEN 0 THEN NULL ELSE ${HEUTE}::date - 8 + i * 5 % 21 END
    FROM generate_series(1, ${n}) i JOIN kunde k ON k.id = (${kunden}::int[])[1 + i * 5 % 6]`.execute(database.owner)
}

const SICHTEN = ['karin', 'anna', 'ben'] as const

async function vergleiche(buero: Buero): Promise<void> {
  const anders = sql`SELECT f.id FROM fall f WHERE f.faellige_vorgaenge <> (SELECT count(*) FROM vorgang g WHERE g.fall_id = f.id AND g.status = 'FAELLIG')`
  expect((await anders.execute(database.owner)).rows).toEqual([])
  for (const wer of SICHTEN) {
    const { token, id } = buero[wer]
    const wahlen = wer === 'karin' ? [undefined, buero.anna.id, buero.ben.id] : [undefined]
    for (const vermittler of wahlen)
      await database.web.withSession(token, async (db) => {
        // One moment for both sides: somebody else's commit between two statements is no mistake.
        const sicht = vermittler ?? (wer === 'karin' ? undefined : id)
        const filter = { heute: HEUTE, vermittler }
        const gezaehlt = await zaehle(db, sicht)
        expect({
          gevos: (await listUeberblick(db, filter)).filter((z) => z.offen !== 0).toSorted((a, b) => a.gevo.localeCompare(b.gevo)),
          erledigt: (await getLage(db, { ...filter, leer: true })).erledigt,
          listen: Object.fromEntries(
            await Promise.all(GEVOS.map(async (gevo) => [gevo, await getListenzahlen(db, { ...filter, jetzt: JETZT, gevo })] as const)),
          ),
        }).toEqual(gezaehlt)
        const rahmen = await getRahmen(db)
        if (vermittler === undefined) expect(rahmen.faelle).toBe(gezaehlt.gevos.reduce((summe, z) => summe + z.offen, 0))
        if (vermittler === undefined && rahmen.nachtlauf) expect(rahmen.nachtlauf.neu).toBe(gezaehlt.gevos.reduce((summe, z) => summe + z.neu, 0))
      })
  }
}

/** By counting the rows that are visible. */
async function zaehle(db: WebDb, vermittler: number | undefined) {
  const von = vermittler === undefined ? sql`true` : sql`f.vermittler_id = ${vermittler}`
  const lauf = sql`(SELECT stichtag FROM nachtlauf WHERE status = 'FERTIG' ORDER BY stichtag DESC LIMIT 1)`
  const faellig = sql`(f.offene_vorgaenge > 0 AND (f.erinnerung_am IS NULL OR f.erinnerung_am <= ${JETZT}::timestamptz
    OR EXISTS (SELECT FROM vorgang g WHERE g.fall_id = f.id AND g.status = 'FAELLIG')))`
  const gevos = await sql<{ gevo: string; offen: number; neu: number }>`
    SELECT f.gevo, count(*) AS offen, count(*) FILTER (WHERE f.status = 'OFFEN' AND f.stichtag = ${lauf}) AS neu, count(*) FILTER (WHERE f.frist < ${HEUTE}) AS ueberfaellig,
      min(f.frist) FILTER (WHERE f.frist >= ${HEUTE}) AS "naechsteFrist", count(*) FILTER (WHERE f.frist BETWEEN ${HEUTE} AND ${HEUTE}::date + 7) AS bald
    FROM fall f WHERE f.status IN ('OFFEN', 'IN_ARBEIT') AND ${von} GROUP BY f.gevo ORDER BY f.gevo`.execute(db)
  const listen = await Promise.all(
    GEVOS.map(async (gevo) => {
      const { rows } = await sql<Record<string, number>>`
        SELECT count(*) FILTER (WHERE offen AND (faellig OR offene_vorgaenge = 0)) AS "OFFEN", count(*) FILTER (WHERE offen AND NOT faellig AND offene_vorgaenge > 0) AS "WIEDERVORLAGE",
          count(*) FILTER (WHERE NOT offen) AS "ERLEDIGT", count(*) FILTER (WHERE status = 'OFFEN' AND stichtag = ${lauf}) AS neu,
          count(*) FILTER (WHERE offen AND NOT faellig AND frist < ${HEUTE}) AS ueberfaellig
        FROM (SELECT f.*, f.status <> 'DOKUMENTIERT' AS offen, ${faellig} AS faellig FROM fall f WHERE f.status <> 'GESCHLOSSEN' AND f.gevo = ${gevo} AND ${von}) f`.execute(
        db,
      )
      return [gevo, rows[0]!] as const
    }),
  )
  const erledigt = listen.reduce((summe, [, z]) => summe + z['ERLEDIGT']!, 0)
  return { gevos: gevos.rows, erledigt, listen: Object.fromEntries(listen) }
}

/** The list's order and the way from Fall to Fall, against a plain sort of all of them. */
async function pruefeReihe(buero: Buero): Promise<void> {
  for (const wer of SICHTEN)
    await database.web.withSession(buero[wer].token, async (db) => {
      for (const gevo of [...GEVOS, null]) {
        const { rows } = await sql<{ id: number; gevo: string; abschnitt: string }>`
          SELECT f.id, f.gevo, a.abschnitt FROM fall f JOIN kunde k ON k.id = f.kunde_id
            CROSS JOIN LATERAL (SELECT f.offene_vorgaenge > 0 AND (f.erinnerung_am IS NULL OR f.erinnerung_am <= ${JETZT}::timestamptz
              OR EXISTS (SELECT FROM vorgang g WHERE g.fall_id = f.id AND g.status = 'FAELLIG')) AS faellig) d
            CROSS JOIN LATERAL (SELECT CASE WHEN f.status = 'DOKUMENTIERT' THEN 'ERLEDIGT' WHEN d.faellig OR f.offene_vorgaenge = 0 THEN 'OFFEN' ELSE 'WIEDERVORLAGE' END AS abschnitt) a
          WHERE f.status <> 'GESCHLOSSEN' AND f.gevo <> 'VORGANG' AND (${gevo}::text IS NULL OR f.gevo = ${gevo}) ORDER BY d.faellig DESC, coalesce(f.frist, 'infinity'), f.prio, coalesce(f.bearbeiten_bis, 'infinity'),
            concat_ws(', ', k.name, k.vorname) COLLATE telefonbuch, f.id`.execute(db)
        const offen = rows.filter((row) => row.abschnitt === 'OFFEN')
        if (gevo) {
          const { zeilen, zahlen } = await listArbeitsvorrat(db, { heute: HEUTE, jetzt: JETZT, gevo, seiten: { WIEDERVORLAGE: 1, ERLEDIGT: 1 } })
          expect(zeilen.filter((z) => z.abschnitt === 'OFFEN').map((z) => z.id)).toEqual(offen.map((z) => z.id).slice(0, 50))
          for (const a of ABSCHNITTE) expect(zeilen.filter((z) => z.abschnitt === a)).toHaveLength(Math.min(zahlen[a], 50))
        }
        for (const [i, { id }] of offen.entries()) {
          const folgt = offen.length > 1 ? offen[(i + 1) % offen.length]! : null
          const nachbar = await getNachbar(db, { heute: HEUTE, jetzt: JETZT, gevo, fall: id })
          expect(nachbar).toEqual({ naechster: folgt?.id ?? null, naechsterGevo: folgt?.gevo ?? null, platz: i + 1, gesamt: offen.length })
        }
        const ohne = await getNachbar(db, { heute: HEUTE, jetzt: JETZT, gevo })
        expect(ohne).toMatchObject({ naechster: offen[0]?.id ?? null, platz: 0, gesamt: offen.length })
      }
    })
}

test('a Vermittler sees no counter of anybody else, folded or not; the Supervisor those of the Betrieb', async () => {
  const [lindner, fremd] = [await createBuero(), await createBuero()]
  for (const buero of [lindner, fremd]) await eroeffne(buero, 20)
  for (const gefaltet of [false, true]) {
    if (gefaltet) await foldZaehler(database.worker)
    const gesehen = async (token: string): Promise<unknown[]> =>
      (await database.web.withSession(
        token,
        async (db) => (await sql`SELECT DISTINCT betrieb_id AS b, vermittler_id AS v FROM fall_zaehler`.execute(db)).rows,
      ))!
    expect(await gesehen(lindner.anna.token)).toEqual([{ b: lindner.betrieb, v: lindner.anna.id }])
    const alle = [lindner.anna.id, lindner.ben.id, ...(gefaltet ? [null] : [])].map((v) => ({ b: lindner.betrieb, v }))
    expect(new Set(await gesehen(lindner.karin.token))).toEqual(new Set(alle))
  }
})

test('folding leaves sums only, one for each Frist, and none of nought', async () => {
  const buero = await createBuero()
  await eroeffne(buero, 10)
  await sql`UPDATE fall SET status = 'IN_ARBEIT' WHERE betrieb_id = ${buero.betrieb} AND id % 2 = 0`.execute(database.owner)
  const fall = await insertFall(
    database.owner,
    { betrieb: buero.betrieb, vermittler: buero.anna.id, kunde: buero.kunden[0]! },
    { gevo: 'G07', frist: '2026-12-24' },
  )
  await foldZaehler(database.worker)
  await database.owner.deleteFrom('fall').where('id', '=', fall).execute()
  await foldZaehler(database.worker)
  const rows = await database.owner
    .selectFrom('fall_zaehler')
    .select(['vermittler_id', 'gevo', 'frist', 'n', 'gefaltet'])
    .where('betrieb_id', '=', buero.betrieb)
    .execute()
  expect(rows.every(({ gefaltet, n, gevo }) => gefaltet && n > 0 && gevo !== 'G07')).toBe(true)
  expect(new Set(rows.map(({ vermittler_id, gevo, frist }) => `${vermittler_id} ${gevo} ${frist}`)).size).toBe(rows.length)
  expect(await foldZaehler(database.worker)).toBe(0)
})

test('a database or a backup from before the counters, and before due reminders were, is counted when it comes up', async () => {
  const [alt, ziel] = [await createTestDatabase(), await createTestDatabase()]
  const dir = mkdtempSync(path.join(tmpdir(), 'vm-zaehler-'))
  try {
    await sql`DROP SCHEMA auth CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC`.execute(alt.owner)
    await migrate(alt.ownerUrl, SECRET, '0013-anker')
    const betrieb = await insertBetrieb(alt.owner)
    const { id: vermittler } = await insertVermittler(alt.owner, betrieb)
    const kunde = await insertKunde(alt.owner, { betrieb, vermittler }, { name: 'Ärger', vorname: 'Anna' })
    for (const status of ['OFFEN', 'OFFEN', 'IN_ARBEIT', 'GESCHLOSSEN'] as const)
      await insertFall(alt.owner, { betrieb, vermittler, kunde }, { status, schluessel: randomUUID(), frist: '2026-12-24' })
    const fall = await insertFall(alt.owner, { betrieb, vermittler, kunde }, { gevo: 'VORGANG' })
    for (const status of ['FAELLIG', 'FAELLIG', 'OFFEN', 'ERLEDIGT'])
      await sql`INSERT INTO vorgang (betrieb_id, fall_id, kunde_id, vermittler_id, titel, status, faellig_am)
        VALUES (${betrieb}, ${fall}, ${kunde}, ${vermittler}, 'Anrufen', ${status}, ${JETZT})`.execute(alt.owner)
    await writeSicherung(alt.ownerUrl, path.join(dir, 'alt.gz'))
    await migrate(alt.ownerUrl, SECRET)
    await restoreSicherung(ziel.ownerUrl, SECRET, path.join(dir, 'alt.gz'))
    for (const { owner } of [alt, ziel]) {
      const rows = await owner.selectFrom('fall_zaehler').select(['vermittler_id', 'status', 'frist', 'stichtag', 'n', 'gefaltet']).execute()
      const fristen = [vermittler, null].map((v) => ({
        vermittler_id: v,
        status: 'OFFEN',
        frist: '2026-12-24',
        stichtag: null,
        n: 3,
        gefaltet: true,
      }))
      expect(new Set(rows)).toEqual(new Set(fristen))
      const ohneFrist = await owner.selectFrom('fall_summe').select(['vermittler_id', 'dokumentiert', 'stichtag', 'n']).execute()
      const summen = [vermittler, null].flatMap((v) => [
        { vermittler_id: v, dokumentiert: false, stichtag: '2026-11-23', n: 2 },
        { vermittler_id: v, dokumentiert: false, stichtag: null, n: 1 },
      ])
      expect(new Set(ohneFrist)).toEqual(new Set(summen))
      expect(await owner.selectFrom('fall').select('sortiername').where('status', '=', 'OFFEN').distinct().execute()).toEqual([
        { sortiername: 'Ärger, Anna' },
      ])
      const faellige = () => owner.selectFrom('fall').select('faellige_vorgaenge').where('id', '=', fall).execute()
      expect(await faellige()).toEqual([{ faellige_vorgaenge: 2 }])
      await sql`DELETE FROM vorgang WHERE fall_id = ${fall} AND status <> 'OFFEN'`.execute(owner)
      expect(await faellige()).toEqual([{ faellige_vorgaenge: 0 }])
    }
  } finally {
    await Promise.all([alt.drop(), ziel.drop()])
    rmSync(dir, { recursive: true, force: true })
  }
})

test('a worker of an older version, which knows no sums without Fristen, folds nothing: the counts stay right', async () => {
  const buero = await createBuero()
  await eroeffne(buero, 4)
  const { worker } = database
  const alteFassung = sql`INSERT INTO fall_zaehler (betrieb_id, vermittler_id, gevo, status, wartet, n, gefaltet)
    SELECT betrieb_id, vermittler_id, gevo, status, wartet, n, true FROM fall_zaehler WHERE NOT gefaltet AND betrieb_id = ${buero.betrieb}`
  await expect(alteFassung.execute(worker)).rejects.toThrow('ALTE_FASSUNG_FALTET')
  await vergleiche(buero)
})

test('a worker of an older version, which folds by status, reminder and night, may fold beside this one: the counts stay right', async () => {
  const buero = await createBuero()
  const { worker } = database
  await eroeffne(buero, 12)
  await foldAlt('DELETE FROM fall_zaehler WHERE NOT gefaltet RETURNING *, NULL::date AS bisher')
  await vergleiche(buero)
  await runNacht(worker, plusTage(++buero.tag), ZWEI_REGELN)
  await sql`UPDATE fall SET status = 'IN_ARBEIT' WHERE betrieb_id = ${buero.betrieb} AND id % 2 = 0`.execute(database.owner)
  await foldZaehler(worker)
  await foldNaechte(worker)
  await vergleiche(buero)
  await foldAlt(`DELETE FROM fall_zaehler z USING (SELECT betrieb_id, max(stichtag) AS stichtag FROM nachtlauf WHERE status = 'FERTIG' GROUP BY betrieb_id) l
    WHERE z.gefaltet AND z.betrieb_id = l.betrieb_id AND z.stichtag < l.stichtag
    RETURNING z.betrieb_id, z.vermittler_id, z.gevo, z.status, z.wartet, z.frist, NULL::date AS stichtag, z.n, true AS gefaltet, z.stichtag AS bisher`)
  await vergleiche(buero)
  await foldNaechte(worker)
  await vergleiche(buero)
})

/** As the version before 0037-fristsummen folded. */
async function foldAlt(weg: string): Promise<void> {
  await sql`
    WITH faltet AS MATERIALIZED (SELECT set_config('app.faltet', 'mit summe', true)), weg AS (${sql.raw(weg)}),
    beide AS (
      SELECT betrieb_id, vermittler_id, gevo, status, wartet, frist, stichtag, n FROM weg
      UNION ALL SELECT betrieb_id, NULL, gevo, status, wartet, frist, stichtag, n FROM weg WHERE NOT gefaltet),
    zaehler AS (
      INSERT INTO fall_zaehler AS z (betrieb_id, vermittler_id, gevo, status, wartet, frist, stichtag, n, gefaltet)
      SELECT betrieb_id, vermittler_id, gevo, status, wartet, frist, stichtag, sum(n), true FROM beide, faltet GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(n) <> 0
      ON CONFLICT (betrieb_id, vermittler_id, gevo, status, wartet, frist, stichtag) WHERE gefaltet DO UPDATE SET n = z.n + excluded.n)
    INSERT INTO fall_summe AS s (betrieb_id, vermittler_id, gevo, dokumentiert, wartet, stichtag, n)
    SELECT betrieb_id, vermittler_id, gevo, status = 'DOKUMENTIERT', wartet, stichtag, sum(n) FROM (
      SELECT betrieb_id, vermittler_id, gevo, status, wartet, stichtag, n FROM beide
      UNION ALL SELECT betrieb_id, vermittler_id, gevo, status, wartet, bisher, -n FROM weg WHERE gefaltet) alle GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0
    ON CONFLICT (betrieb_id, vermittler_id, gevo, dokumentiert, wartet, stichtag) DO UPDATE SET n = s.n + excluded.n`.execute(database.worker)
}

test('what a page reads does not grow with what is open: the same few rows of 15,000', async () => {
  const { betrieb, karin, anna, ben } = await createBuero()
  await sql`INSERT INTO kunde (betrieb_id, vermittler_id, nummer, art, name) SELECT ${betrieb}, CASE WHEN i % 4 = 0 THEN ${anna.id}::int ELSE ${ben.id}::int END,
    'L-' || i, 'NATUERLICH', 'Name ' || i FROM generate_series(1, 15000) i`.execute(database.owner)
  await sql`INSERT INTO fall (betrieb_id, vermittler_id, kunde_id, gevo, schluessel, prio, stichtag, epoch, status, frist, erinnerung_am, offene_vorgaenge)
    SELECT ${betrieb}, vermittler_id, id, CASE WHEN id % 5 < 4 THEN 'G01' ELSE 'G02' END, 'l' || id, 3, '2026-11-23', 1, 'OFFEN', CASE WHEN id % 2 = 0 THEN ${HEUTE}::date + id % 40 END,
      CASE WHEN id % 20 = 0 THEN ${JETZT}::timestamptz + make_interval(hours => id % 800) END, CASE WHEN id % 20 = 0 THEN 1 ELSE 0 END
    FROM kunde WHERE betrieb_id = ${betrieb} AND nummer LIKE 'L-%'`.execute(database.owner)
  // By the evening much is documented, and nothing of it in the second GeVo.
  await sql`UPDATE fall SET status = 'DOKUMENTIERT', ergebnis = 'HINWEIS_GEGEBEN', dokumentiert_am = ${JETZT} WHERE betrieb_id = ${betrieb} AND gevo = 'G01'
    AND offene_vorgaenge = 0 AND id % 4 = 0`.execute(database.owner)
  await foldZaehler(database.worker)
  await sql`ANALYZE`.execute(database.owner)
  const { id: mitte } = await database.owner
    .selectFrom('fall')
    .select('id')
    .where('betrieb_id', '=', betrieb)
    .where('vermittler_id', '=', anna.id)
    .where('status', '=', 'OFFEN')
    .where('offene_vorgaenge', '=', 0)
    .orderBy('frist')
    .orderBy('id')
    .offset(5)
    .limit(1)
    .executeTakeFirstOrThrow()
  const filter = { heute: HEUTE, jetzt: JETZT }
  const wege: Record<string, (db: WebDb) => Promise<unknown>> = {
    liste: (db) => listArbeitsvorrat(db, { ...filter, gevo: 'G01' }),
    zweite: (db) => listArbeitsvorrat(db, { ...filter, gevo: 'G02' }),
    zahlen: (db) => getListenzahlen(db, { ...filter, gevo: 'G01' }),
    uebersicht: (db) => listUeberblick(db, filter),
    lage: (db) => getLage(db, { ...filter, leer: true }),
    rahmen: (db) => getRahmen(db),
    naechster: (db) => getNachbar(db, { ...filter, gevo: null }),
    danach: (db) => getNachbar(db, { ...filter, gevo: null, fall: mitte }),
  }
  // Often enough that every statement has its plan for good: those who ask next see a thousand and a hundred times as much.
  const klein = await createBuero()
  await eroeffne(klein, 3)
  for (const { token } of [klein.anna, klein.karin, anna])
    for (let i = 0; i < 10; i++)
      await database.web.withSession(token, async (db) => void (await Promise.all(Object.values(wege).map((weg) => weg(db)))))
  const expectWenige = async (wer: { token: string }): Promise<void> => {
    for (const [name, weg] of Object.entries(wege)) {
      for (let i = 0; i < 10; i++) await database.web.withSession(wer.token, weg)
      const gelesen = await database.web.withSession(wer.token, async (db) => {
        const vorher = await liesZaehlung(db)
        await weg(db)
        return (await liesZaehlung(db)) - vorher
      })
      // How many stand before a Fall is counted, up to a thousand of each of the two GeVos.
      const hoechstens = { danach: 3_000 }[name] ?? 600
      expect([name, gelesen! < hoechstens ? 'wenige' : gelesen]).toEqual([name, 'wenige'])
    }
  }
  await expectWenige(karin)
  await expectWenige(anna)
  expect(await database.web.withSession(anna.token, countPlanungen)).toBe(0)

  // The worker is away, and nobody folds what Ben does.
  await sql`INSERT INTO fall_zaehler (betrieb_id, vermittler_id, gevo, status, wartet, n)
    SELECT ${betrieb}, ${ben.id}, 'G01', 'IN_ARBEIT', false, CASE i % 2 WHEN 0 THEN 1 ELSE -1 END FROM generate_series(1, 5000) i`.execute(
    database.owner,
  )
  await expectWenige(anna)
}, 120_000)

/** Rows this connection has taken from the tables of the daily work. */
async function liesZaehlung(db: WebDb): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0) AS n FROM pg_stat_xact_user_tables
    WHERE relname IN ('fall', 'kunde', 'vorgang', 'fall_zaehler')`.execute(db)
  return rows[0]!.n
}

/** How often this connection has planned a Vermittler's list for one click only. */
async function countPlanungen(db: WebDb): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`SELECT sum(custom_plans) AS n FROM pg_prepared_statements WHERE statement LIKE '%seite AS (%' AND name LIKE '%v_'`.execute(db)
  return rows[0]!.n
}
