import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { katalog } from '../gevos/katalog.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from '../test/support/welt.ts'
import { ZWEI_REGELN, runNacht } from '../test/support/nacht.ts'
import { beginNacht } from './nachtlauf.ts'
import { runGevo } from './nachtlauf-gevo.ts'
import type { Db } from './verbindung.ts'
import type { Befund } from './bestand.ts'

const MONTAG = '2026-11-23'
const DIENSTAG = '2026-11-24'
/** Nobody of this age interests G01. */
const ALT = { geburtsdatum: '1960-01-01' }
const ENDET = { sparte: 'HAUSRAT', ablauf: '2027-01-01', verlaengert_sich: 'NEIN' } as const

let database: TestDatabase
let betrieb: number
let anna: number

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  // Betriebe of earlier tests have no more nights.
  await database.owner.updateTable('betrieb').set({ anlauf_am: null }).execute()
  await database.owner.updateTable('nachtlauf').set({ status: 'FERTIG' }).execute()
  betrieb = await insertBetrieb(database.owner)
  anna = (await insertVermittler(database.owner, betrieb)).id
})

const nacht = (stichtag: string) => runNacht(database.worker, stichtag, ZWEI_REGELN)
const kunde = (felder = {}) => insertKunde(database.owner, { betrieb, vermittler: anna }, felder)
const vertrag = (k: number, felder = {}) => insertVertrag(database.owner, { betrieb, kunde: k }, felder)
const listFaelle = () => database.owner.selectFrom('fall').selectAll().where('betrieb_id', '=', betrieb).orderBy('id').execute()
const bericht = async (lauf: number | undefined, gevo: string) =>
  (await database.owner.selectFrom('nachtlauf_gevo').selectAll().where('nachtlauf_id', '=', lauf!).where('gevo', '=', gevo).execute())[0]
const listProtokoll = () =>
  database.owner.selectFrom('protokoll').select(['ereignis', 'version', 'quelle', 'codes']).where('betrieb_id', '=', betrieb).orderBy('id').execute()
const listOutbox = () =>
  database.owner.selectFrom('outbox').select(['spur', 'ziel', 'signal', 'stand']).where('betrieb_id', '=', betrieb).orderBy('id').execute()
const fall = (k: number, felder = {}) => insertFall(database.owner, { betrieb, vermittler: anna, kunde: k }, felder)

describe('opening', () => {
  test('a young customer without contracts becomes a Fall with protokoll and message; a second night changes nothing', async () => {
    const k = await kunde()
    const lauf = await nacht(MONTAG)
    const [neu, ...rest] = await listFaelle()
    expect(rest).toEqual([])
    expect(neu).toMatchObject({ gevo: 'G01', schluessel: `k${k}`, status: 'OFFEN', version: 1, stichtag: MONTAG, prio: 3, nachtlauf_id: lauf })
    expect(await listProtokoll()).toEqual([
      {
        ereignis: 'opened',
        version: 1,
        quelle: 'NACHT',
        codes: {
          regel: 1,
          einstellung: 1,
          stichtag: MONTAG,
          nachtlauf: lauf,
          werte: { alterVon: 18, alterBis: 34, hoechstens: 3, bearbeitenBisTage: 90 },
        },
      },
    ])
    const stand = { epoch: 1, version: 1, status: 'OFFEN', erinnerungAm: null, offeneVorgaenge: 0 }
    expect(await listOutbox()).toEqual([{ spur: 1, ziel: neu!.id, signal: null, stand }])
    expect(await bericht(lauf, 'G01')).toMatchObject({ gefunden: 1, eroeffnet: 1, behalten: 0, fertig: true })

    const zweiter = await nacht(MONTAG)
    expect(await listFaelle()).toEqual([neu])
    expect(await bericht(zweiter, 'G01')).toMatchObject({ gefunden: 1, eroeffnet: 0, behalten: 1, fertig: true })
  })

  test('the daily quota lets the most urgent through, over all rules; the rest waits and comes on the next day', async () => {
    await database.owner.updateTable('betrieb').set({ tagesquote: 2 }).where('id', '=', betrieb).execute()
    const ruhig = await kunde()
    await vertrag(ruhig)
    const dringend = await kunde()
    const alt = await kunde(ALT)
    await vertrag(alt, ENDET)
    const lauf = await nacht(MONTAG)
    expect((await listFaelle()).map((f) => [f.gevo, f.kunde_id])).toEqual([
      ['G02', alt],
      ['G01', dringend],
    ])
    expect(await bericht(lauf, 'G01')).toMatchObject({ gefunden: 2, eroeffnet: 1, wartend: 1 })
    await nacht(MONTAG)
    expect(await listFaelle()).toHaveLength(2)
    await nacht(DIENSTAG)
    expect((await listFaelle()).map((f) => f.kunde_id)).toContain(ruhig)
  })

  test('a Betrieb’s own priority counts in its quota, and only in its own', async () => {
    const { owner } = database
    const anderer = await insertBetrieb(owner, { tagesquote: 1 })
    await owner.updateTable('betrieb').set({ tagesquote: 1 }).where('id', '=', betrieb).execute()
    for (const [wo, vermittler] of [
      [betrieb, anna],
      [anderer, (await insertVermittler(owner, anderer)).id],
    ] as const) {
      await insertKunde(owner, { betrieb: wo, vermittler })
      await insertVertrag(owner, { betrieb: wo, kunde: await insertKunde(owner, { betrieb: wo, vermittler }, ALT) }, ENDET)
    }
    await owner.insertInto('regel').values({ betrieb_id: betrieb, gevo: 'G02', prio: 4 }).execute()
    await owner.insertInto('regel').values({ betrieb_id: betrieb, gevo: 'G01' }).execute()
    await nacht(MONTAG)
    const offen = await owner.selectFrom('fall').select(['betrieb_id', 'gevo']).where('betrieb_id', 'in', [betrieb, anderer]).execute()
    expect(Object.fromEntries(offen.map((f) => [f.betrieb_id, f.gevo]))).toEqual({ [betrieb]: 'G01', [anderer]: 'G02' })
    expect(offen).toHaveLength(2)
  })

  test('a quota of zero opens nothing; another Vermittler has a quota of the own', async () => {
    await database.owner.updateTable('betrieb').set({ tagesquote: 1 }).where('id', '=', betrieb).execute()
    const ben = (await insertVermittler(database.owner, betrieb)).id
    for (const vermittler of [anna, anna, ben, ben]) await insertKunde(database.owner, { betrieb, vermittler })
    await nacht(MONTAG)
    expect((await listFaelle()).map((f) => f.vermittler_id).sort()).toEqual([anna, ben].sort())
    await database.owner.updateTable('betrieb').set({ tagesquote: 0 }).where('id', '=', betrieb).execute()
    await nacht(DIENSTAG)
    expect(await listFaelle()).toHaveLength(2)
  })

  test('a rule that is switched off finds nothing and ends nothing', async () => {
    const k = await kunde(ALT)
    await fall(k, { gevo: 'G01', schluessel: `k${k}` })
    await kunde()
    await database.owner.insertInto('regel').values({ betrieb_id: betrieb, gevo: 'G01', an: false, werte: '{}' }).execute()
    const lauf = await nacht(MONTAG)
    expect((await listFaelle()).map((f) => f.status)).toEqual(['OFFEN'])
    expect(await bericht(lauf, 'G01')).toBeUndefined()
  })

  test('a Betrieb that has not been released has no night', async () => {
    await database.owner.updateTable('betrieb').set({ anlauf_am: null }).where('id', '=', betrieb).execute()
    await kunde()
    expect(await nacht(MONTAG)).toBeUndefined()
    expect(await listFaelle()).toEqual([])
  })
})

describe('holding back', () => {
  const BEFUND: Befund = { geburtsdatum: '1995-03-14', eigeneAktive: 0, sparten: [], angenommen: [] }
  /** A Fall documented on Sunday evening, closed by Monday's night. */
  const erledigt = (k: number, felder: object) =>
    fall(k, { schluessel: `k${k}`, status: 'DOKUMENTIERT', dokumentiert_am: '2026-11-22T20:00:00Z', ergebnis: 'HINWEIS_GEGEBEN', ...felder })
  const statusAm = async (stichtag: string) => {
    await nacht(stichtag)
    return (await listFaelle()).map((f) => f.status)
  }

  test('within the Sperrfrist, its last day included', async () => {
    await erledigt(await kunde(), { sperre_bis: '2027-02-22' })
    expect(await statusAm(MONTAG)).toEqual(['GESCHLOSSEN'])
    expect(await statusAm('2027-02-22')).toEqual(['GESCHLOSSEN'])
    expect(await statusAm('2027-02-23')).toEqual(['GESCHLOSSEN', 'OFFEN'])
  })

  test('what was worked the day before is not shown the next morning, even without a Sperrfrist', async () => {
    await erledigt(await kunde(), { ergebnis: 'KONTAKTDATEN_FALSCH' })
    const lauf = await nacht(MONTAG)
    expect((await listFaelle()).map((f) => f.status)).toEqual(['GESCHLOSSEN'])
    expect(await bericht(lauf, 'G01')).toMatchObject({ gefunden: 1, gesperrt: 1, eroeffnet: 0 })
    expect(await statusAm(DIENSTAG)).toEqual(['GESCHLOSSEN', 'OFFEN'])
  })

  test('a finding told to be wrong stays away until something the rule reads has changed', async () => {
    const k = await kunde()
    await erledigt(k, { ergebnis: 'FEHLBEFUND', befund: JSON.stringify({ ...BEFUND, angenommen: ['KFZ'] }) })
    expect(await statusAm('2027-06-01')).toEqual(['GESCHLOSSEN'])
    await vertrag(k, { sparte: 'PHV' })
    expect(await statusAm('2027-06-02')).toEqual(['GESCHLOSSEN', 'OFFEN'])
  })

  describe('a finding told to be wrong that has gone and comes back as it was', () => {
    /** G01 no longer finds a customer without contracts when the birthday says 1960, and does again when it says 1995. */
    const geboren = (k: number, geburtsdatum: string | null) =>
      database.owner.updateTable('kunde').set({ geburtsdatum }).where('id', '=', k).execute()
    const fehlbefund = async () => {
      const k = await kunde()
      await erledigt(k, { ergebnis: 'FEHLBEFUND', befund: JSON.stringify(BEFUND) })
      expect(await statusAm(DIENSTAG)).toEqual(['GESCHLOSSEN'])
      return k
    }

    test('is asked again, once', async () => {
      const k = await fehlbefund()
      await geboren(k, '1960-01-01')
      expect(await statusAm('2027-06-01')).toEqual(['GESCHLOSSEN'])
      expect((await listProtokoll()).slice(-1)).toEqual([
        { ereignis: 'unlocked', version: 2, quelle: 'NACHT', codes: { anlass: 'BEFUND', stichtag: '2027-06-01' } },
      ])
      await geboren(k, '1995-03-14')
      expect(await statusAm('2027-06-02')).toEqual(['GESCHLOSSEN', 'OFFEN'])
      expect(await statusAm('2027-06-03')).toEqual(['GESCHLOSSEN', 'OFFEN'])
    })

    test('is not, where it was only unknown or nobody might look', async () => {
      const k = await fehlbefund()
      await geboren(k, null)
      expect(await statusAm('2027-06-01')).toEqual(['GESCHLOSSEN'])
      await geboren(k, '1995-03-14')
      await database.owner.updateTable('kunde').set({ eingeschraenkt_am: '2027-06-01T10:00:00Z' }).where('id', '=', k).execute()
      expect(await statusAm('2027-06-02')).toEqual(['GESCHLOSSEN'])
      await database.owner.updateTable('kunde').set({ eingeschraenkt_am: null }).where('id', '=', k).execute()
      expect(await statusAm('2027-06-03')).toEqual(['GESCHLOSSEN'])
    })
  })
})

describe('ending', () => {
  test('a cured finding closes the Fall nobody has begun and marks, once, the one somebody works on', async () => {
    const [offen, begonnen] = [await kunde(), await kunde()]
    await nacht(MONTAG)
    await database.owner.updateTable('fall').set({ status: 'IN_ARBEIT' }).where('kunde_id', '=', begonnen).execute()
    for (const k of [offen, begonnen]) for (let i = 0; i < 4; i++) await vertrag(k)
    const lauf = await nacht(DIENSTAG)
    expect(await listFaelle()).toMatchObject([
      {
        status: 'GESCHLOSSEN',
        version: 2,
        geschlossen_grund: 'BEFUND_WEG',
        geschlossen_am: expect.any(String),
        befund_entfallen_am: expect.any(String),
      },
      { status: 'IN_ARBEIT', version: 2, geschlossen_grund: null, geschlossen_am: null, befund_entfallen_am: expect.any(String) },
    ])
    expect(await bericht(lauf, 'G01')).toMatchObject({ gefunden: 0, beendet: 1, entfallen: 1 })
    expect((await listProtokoll()).slice(2)).toMatchObject([
      { ereignis: 'obsolete', version: 2, codes: { grund: 'BEFUND_WEG' } },
      { ereignis: 'obsolete', version: 2 },
    ])
    expect((await listOutbox()).slice(2)).toMatchObject([
      { spur: 1, signal: 'obsolete', stand: { version: 2, status: 'GESCHLOSSEN' } },
      { spur: 1, signal: 'obsolete', stand: { version: 2, status: 'IN_ARBEIT' } },
    ])
    const vorher = await listFaelle()
    expect(await bericht(await nacht('2026-11-25'), 'G01')).toMatchObject({ beendet: 0, entfallen: 0 })
    expect(await listFaelle()).toEqual(vorher)
  })

  test('what is unknown opens nothing and ends nothing', async () => {
    const k = await kunde()
    const v = await vertrag(await kunde(ALT), ENDET)
    await nacht(MONTAG)
    await database.owner.updateTable('kunde').set({ geburtsdatum: null }).where('id', '=', k).execute()
    await database.owner.updateTable('vertrag').set({ ablauf: null }).where('id', '=', v).execute()
    const lauf = await nacht(DIENSTAG)
    expect((await listFaelle()).map((f) => f.status)).toEqual(['OFFEN', 'OFFEN'])
    expect([await bericht(lauf, 'G01'), await bericht(lauf, 'G02')]).toMatchObject([{ unbekannt: 1 }, { unbekannt: 1 }])
  })

  test('a window that passed is no cure: the Fall stays, overdue, and goes to the Supervisor once', async () => {
    await vertrag(await kunde(ALT), ENDET)
    await nacht(MONTAG)
    await nacht('2027-01-01')
    expect(await listFaelle()).toMatchObject([{ status: 'OFFEN', eskaliert_am: null, version: 1 }])
    await nacht('2027-01-02')
    await nacht('2027-01-03')
    expect(await listFaelle()).toMatchObject([{ status: 'OFFEN', eskaliert_am: '2027-01-02', version: 1 }])
    expect((await listProtokoll()).map((p) => p.ereignis)).toEqual(['opened', 'escalated'])
  })

  test('a contract renewed in time ends its Fall before the Frist', async () => {
    const v = await vertrag(await kunde(ALT), ENDET)
    await nacht(MONTAG)
    await database.owner.updateTable('vertrag').set({ ablauf: '2028-01-01' }).where('id', '=', v).execute()
    await nacht(DIENSTAG)
    expect(await listFaelle()).toMatchObject([{ status: 'GESCHLOSSEN', geschlossen_grund: 'BEFUND_WEG' }])
  })

  test('a customer who has died ends every Fall, also an overdue one, and for that reason', async () => {
    const k = await kunde(ALT)
    await vertrag(k, ENDET)
    await nacht(MONTAG)
    await database.owner.updateTable('kunde').set({ verstorben_am: '2026-12-31' }).where('id', '=', k).execute()
    await nacht('2027-01-05')
    expect(await listFaelle()).toMatchObject([{ status: 'GESCHLOSSEN', geschlossen_grund: 'AUSGESCHLOSSEN', eskaliert_am: null }])
  })

  test('documented yesterday is closed, documented today is not, by the Berlin date', async () => {
    const k = await kunde(ALT)
    const dokumentiert = (schluessel: string, am: string) =>
      fall(k, { schluessel, gevo: 'VORGANG', status: 'DOKUMENTIERT', dokumentiert_am: am, version: 3 })
    await dokumentiert('gestern', '2026-11-22T22:59:00Z')
    await dokumentiert('heute', '2026-11-22T23:01:00Z')
    const lauf = await nacht(MONTAG)
    expect(await listFaelle()).toMatchObject([
      { schluessel: 'gestern', status: 'GESCHLOSSEN', geschlossen_grund: 'DOKUMENTIERT', version: 4 },
      { schluessel: 'heute', status: 'DOKUMENTIERT', version: 3 },
    ])
    expect(await listOutbox()).toMatchObject([{ signal: 'closed', stand: { status: 'GESCHLOSSEN', version: 4 } }])
    expect(await database.owner.selectFrom('nachtlauf').select(['zaehler', 'status']).where('id', '=', lauf!).executeTakeFirst()).toEqual({
      zaehler: { geschlossen: 1 },
      status: 'FERTIG',
    })
  })

  test('what was opened in the moment its Kunde changed hands and name, catches up', async () => {
    const k = await kunde(ALT)
    const verirrt = await fall(k, { schluessel: 'verirrt', gevo: 'VORGANG' })
    const ben = (await insertVermittler(database.owner, betrieb)).id
    await sql`INSERT INTO vorgang (betrieb_id, vermittler_id, kunde_id, fall_id, titel, status, faellig_am)
      VALUES (${betrieb}, ${anna}, ${k}, ${verirrt}, 'Anrufen', 'ERLEDIGT', now())`.execute(database.owner)
    await sql`ALTER TABLE kunde DISABLE TRIGGER kunde_umbenannt`.execute(database.owner)
    await sql`UPDATE kunde SET name = 'Zander', vermittler_id = ${ben} WHERE id = ${k}`.execute(database.owner)
    await sql`ALTER TABLE kunde ENABLE TRIGGER kunde_umbenannt`.execute(database.owner)
    await nacht(MONTAG)
    await nacht(DIENSTAG)
    const { rows } = await sql`SELECT f.vermittler_id, f.version, split_part(f.sortiername, ',', 1) AS name, g.vermittler_id AS vorgang
      FROM fall f JOIN vorgang g ON g.fall_id = f.id WHERE f.id = ${verirrt}`.execute(database.owner)
    expect(rows).toEqual([{ vermittler_id: ben, version: 2, name: 'Zander', vorgang: ben }])
    expect(await listProtokoll()).toMatchObject([{ ereignis: 'reassigned', version: 2, quelle: 'NACHT', codes: { vermittler: ben } }])
    expect(await listOutbox()).toMatchObject([{ signal: 'reassigned', stand: { version: 2 } }])
  })

  test('more Fälle than one batch, one of them just being saved by somebody', async () => {
    const k = await kunde(ALT)
    await sql`INSERT INTO fall (betrieb_id, vermittler_id, kunde_id, gevo, schluessel, prio, stichtag, epoch, status)
      SELECT ${betrieb}::integer, ${anna}::integer, ${k}::integer, 'G01', 'x' || n, 3, ${MONTAG}, 1, 'OFFEN' FROM generate_series(1, 1500) n`.execute(
      database.owner,
    )
    const lauf = database.owner.transaction().execute(async (trx) => {
      await sql`UPDATE fall SET status = 'IN_ARBEIT', version = 2 WHERE betrieb_id = ${betrieb} AND schluessel = 'x7'`.execute(trx)
      const nachts = nacht(DIENSTAG)
      await new Promise((resolve) => setTimeout(resolve, 500))
      return { nachts }
    })
    expect(await bericht((await (await lauf).nachts)!, 'G01')).toMatchObject({ beendet: 1499, entfallen: 1 })
    expect((await listFaelle()).filter((f) => f.status !== 'GESCHLOSSEN')).toMatchObject([{ schluessel: 'x7', status: 'IN_ARBEIT', version: 3 }])
  })
})

describe('killed and begun again', () => {
  test('after opening, before ending: the same rows and the same counts', async () => {
    await kunde()
    const geheilt = await kunde(ALT)
    await fall(geheilt, { schluessel: `k${geheilt}` })
    const plan = await beginNacht(database.worker, [{ code: 'G01' }, { code: 'G02' }], MONTAG)
    const g01 = katalog.find(({ code }) => code === 'G01')!
    await expect(runGevo(dyingAt(database.worker, 'WITH dran'), plan, g01)).rejects.toThrow('gestorben')
    expect((await listFaelle()).map((f) => f.status)).toEqual(['OFFEN', 'OFFEN'])
    await runGevo(database.worker, plan, g01)
    expect((await listFaelle()).map((f) => f.status)).toEqual(['GESCHLOSSEN', 'OFFEN'])
    const [lauf] = plan.laeufe
    const fertig = await bericht(lauf!, 'G01')
    expect(fertig).toMatchObject({ gefunden: 1, eroeffnet: 1, behalten: 0, beendet: 1, fertig: true })
    await runGevo(database.worker, plan, g01)
    expect(await bericht(lauf!, 'G01')).toEqual(fertig)
  })

  test('between two portions: it goes on with the rest, within the quota, and counts each once', async () => {
    await sql`UPDATE betrieb SET tagesquote = 1800 WHERE id = ${betrieb}`.execute(database.owner)
    await sql`INSERT INTO kunde (betrieb_id, vermittler_id, nummer, art, name, geburtsdatum)
      SELECT ${betrieb}::integer, ${anna}::integer, 'P-' || n, 'NATUERLICH', 'Name ' || n, '1995-03-14' FROM generate_series(1, 2100) n`.execute(
      database.owner,
    )
    const plan = await beginNacht(database.worker, [{ code: 'G01' }], MONTAG)
    const g01 = katalog.find(({ code }) => code === 'G01')!
    await expect(runGevo(dyingAt(database.worker, 'INSERT INTO fall', 2), plan, g01)).rejects.toThrow('gestorben')
    expect(await listFaelle()).toHaveLength(1_000)
    await Promise.all([1, 2].map(() => runGevo(database.worker, plan, g01)))
    expect(await listFaelle()).toHaveLength(1_800)
    expect(await listProtokoll()).toHaveLength(1_800)
    expect(await listOutbox()).toHaveLength(1_800)
    expect(await bericht(plan.laeufe[0]!, 'G01')).toMatchObject({ gefunden: 2_100, eroeffnet: 1_800, behalten: 0, wartend: 300, fertig: true })
  })

  test('two workers at once', async () => {
    for (let i = 0; i < 20; i++) await kunde()
    const plan = await beginNacht(database.worker, [{ code: 'G01' }], MONTAG)
    const g01 = katalog.find(({ code }) => code === 'G01')!
    await Promise.all([1, 2, 3].map(() => runGevo(database.worker, plan, g01)))
    expect(await listFaelle()).toHaveLength(20)
    expect(await bericht(plan.laeufe[0]!, 'G01')).toMatchObject({ gefunden: 20, eroeffnet: 20 })
    expect(await listProtokoll()).toHaveLength(20)
  })

  test('a run of the same day is joined, one left behind is given up, a later day is left alone', async () => {
    const heute = await beginNacht(database.worker, [{ code: 'G01' }], MONTAG)
    expect(await beginNacht(database.worker, [{ code: 'G01' }], MONTAG)).toEqual(heute)
    const morgen = await beginNacht(database.worker, [{ code: 'G01' }], DIENSTAG)
    expect(morgen.laeufe).not.toEqual(heute.laeufe)
    expect((await beginNacht(database.worker, [{ code: 'G01' }], MONTAG)).laeufe).toEqual([])
    const rows = await database.owner.selectFrom('nachtlauf').select('status').where('betrieb_id', '=', betrieb).orderBy('id').execute()
    expect(rows.map((r) => r.status)).toEqual(['FEHLER', 'LAEUFT'])
  })
})

/** The worker's connection, lost when a statement with these words is sent, for the first or a later time. */
function dyingAt(db: Db, worte: string, beim = 1): Db {
  let mal = 0
  return db.withPlugin({
    transformQuery: ({ node }) => {
      if (JSON.stringify(node).includes(worte) && ++mal === beim) throw new Error('gestorben')
      return node
    },
    transformResult: async ({ result }) => result,
  })
}
