import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { importWorte, meldungen } from '../test/support/importieren.ts'
import { ZWEI_REGELN, runNacht } from '../test/support/nacht.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'
import type { Person, WebDb } from './sitzung.ts'
import { findSperre, liftSperre } from './sperrfristen.ts'

const MONTAG = '2026-11-23'
/** What G01 reads of the customer below. */
const BEFUND = JSON.stringify({ geburtsdatum: '1995-03-14', eigeneAktive: 0, sparten: [], angenommen: [] })

let database: TestDatabase
let betrieb: number
let anna: { id: number; token: string }
let k: number
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  await database.owner.updateTable('betrieb').set({ anlauf_am: null }).execute()
  betrieb = await insertBetrieb(database.owner)
  anna = await insertVermittler(database.owner, betrieb)
  k = await insertKunde(
    database.owner,
    { betrieb, vermittler: anna.id },
    { strasse: 'Lange Reihe 5', plz: '20099', familienstand: 'LEDIG', erwerbsstatus: 'AZUBI', beruf: null },
  )
})

const abgelehnt = (felder = {}) =>
  insertFall(
    database.owner,
    { betrieb, vermittler: anna.id, kunde: k },
    {
      schluessel: `k${k}`,
      status: 'GESCHLOSSEN',
      ergebnis: 'ABGELEHNT_NACH_BERATUNG',
      sperre_bis: '2099-03-12',
      dokumentiert_am: '2026-03-12T10:00:00Z',
      geschlossen_am: '2026-03-13T03:00:00Z',
      ...felder,
    },
  )
const set = (felder: object) => database.worker.updateTable('kunde').set(felder).where('id', '=', k).execute()
const aufgehoben = async () =>
  (await database.owner.selectFrom('protokoll').select(['ereignis', 'quelle', 'codes']).where('kunde_id', '=', k).execute()).map((e) => ({
    ...e.codes,
    ereignis: e.ereignis,
    quelle: e.quelle,
  }))

describe('a new Anlass ends the Sperrfrist of who declined after advice', () => {
  test.each([
    [{ strasse: 'Jungfernstieg 1', plz: '20354' }, 'ANSCHRIFT'],
    [{ familienstand: 'VERHEIRATET' }, 'FAMILIE'],
    [{ erwerbsstatus: 'ANGESTELLT' }, 'BERUF'],
  ])('%o', async (felder, anlass) => {
    await abgelehnt()
    await set(felder)
    expect(await aufgehoben()).toEqual([{ ereignis: 'unlocked', quelle: 'BESTAND', anlass }])
    await runNacht(database.worker, MONTAG, ZWEI_REGELN)
    expect((await database.owner.selectFrom('fall').select('status').where('kunde_id', '=', k).execute()).map((f) => f.status)).toEqual([
      'GESCHLOSSEN',
      'OFFEN',
    ])
  })

  test.each([
    [{ strasse: 'Kai 7', plz: '80331', ort: 'München' }, 'ANSCHRIFT'],
    [{ familienstand: 'VERHEIRATET' as const }, 'FAMILIE'],
    [{ erwerbsstatus: 'ANGESTELLT' as const }, 'BERUF'],
  ])('%o, taken over from an import', async (neu, anlass) => {
    const person = { nummerVersicherer: 'N1', familienstand: 'LEDIG', erwerbsstatus: 'AZUBI' } as const
    const importiere = (stand: string, felder: object) =>
      importWorte(database.worker, betrieb, meldungen({ stand, zeilen: [{ person: { ...person, ...felder }, vertrag: {} }] }))
    await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
    await importiere('2026-02-01', {})
    k = (await database.owner.selectFrom('kunde').select('id').where('betrieb_id', '=', betrieb).where('name', '=', 'Weiß').executeTakeFirstOrThrow())
      .id
    await abgelehnt()
    await importiere('2026-06-01', neu)
    expect(await aufgehoben()).toEqual([{ ereignis: 'unlocked', quelle: 'BESTAND', anlass }])
  })

  test('a child or a marriage, told by a delivery', async () => {
    await abgelehnt()
    const kind = await insertKunde(database.owner, { betrieb, vermittler: anna.id })
    await database.worker.insertInto('beziehung').values({ betrieb_id: betrieb, kunde_id: k, zu_kunde_id: kind, art: 'KIND' }).execute()
    expect(await aufgehoben()).toMatchObject([{ anlass: 'FAMILIE' }])
  })
})

describe('nothing new', () => {
  test.each([
    ['the same street, written otherwise', { strasse: 'Lange  Reihe 5' }],
    ['a job that only became known', { beruf: 'Erzieherin' }],
    ['a telephone number', { telefon: '040 7654321' }],
    ['an address that is taken out', { strasse: null, plz: null }],
  ])('%s', async (_, felder) => {
    await abgelehnt()
    await set(felder)
    expect(await aufgehoben()).toEqual([])
  })

  test('who had it done, or was only told, is not asked earlier', async () => {
    await abgelehnt({ ergebnis: 'ABGESCHLOSSEN' })
    await abgelehnt({ ergebnis: 'HINWEIS_GEGEBEN', schluessel: 'k0' })
    await set({ familienstand: 'VERHEIRATET' })
    expect(await aufgehoben()).toEqual([])
  })
})

describe('lifted by a Supervisor', () => {
  const alsKarin = async <T>(work: (db: WebDb, person: Person) => Promise<T>): Promise<T> => {
    const karin = await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR' })
    return (await database.web.withSession(karin.token, work))!
  }
  const lift = (fall: number, aktion = 'aufheben-1') =>
    alsKarin((db, person) => liftSperre(db, { fall, betrieb, aktion, person: person.id }, 'Kunde hat selbst angerufen'))

  test.each([
    ['a refusal', { ergebnis: 'ABGELEHNT_NACH_BERATUNG', sperre_bis: '2099-03-12' }],
    ['what was told to be wrong', { ergebnis: 'FEHLBEFUND', sperre_bis: null, befund: BEFUND }],
    ['what was done yesterday', { ergebnis: 'ABGESCHLOSSEN', sperre_bis: '2099-03-12', dokumentiert_am: '2026-11-22T10:00:00Z' }],
  ])('%s: the next night asks again', async (_, felder) => {
    const fall = await abgelehnt(felder)
    const offene = async () => {
      await runNacht(database.worker, MONTAG)
      const rows = await database.owner
        .selectFrom('fall')
        .select('id')
        .where('kunde_id', '=', k)
        .where('gevo', '=', 'G01')
        .where('status', '=', 'OFFEN')
        .execute()
      return rows.length
    }
    expect(await offene()).toBe(0)
    expect(await lift(fall)).toBe(1)
    expect(await offene()).toBe(1)
    const [eintrag] = await database.owner.selectFrom('protokoll').selectAll().where('fall_id', '=', fall).execute()
    expect(eintrag).toMatchObject({ ereignis: 'unlocked', quelle: 'KLICK', inhalt: { notiz: 'Kunde hat selbst angerufen' } })
  })

  test('a second press does nothing more, and what holds nothing is not found', async () => {
    const fall = await abgelehnt()
    expect(await alsKarin((db) => findSperre(db, fall))).toMatchObject({ gevo: 'G01', sperre_ergebnis: 'ABGELEHNT_NACH_BERATUNG' })
    expect([await lift(fall), await lift(fall), await lift(fall, 'aufheben-2')]).toEqual([1, 1, 0])
    expect(await aufgehoben()).toHaveLength(1)
    expect(await alsKarin((db) => findSperre(db, fall))).toBeUndefined()
    expect(await alsKarin(async (db) => findSperre(db, await abgelehnt({ sperre_bis: '2020-01-01', schluessel: 'alt' })))).toBeUndefined()
  })
})
