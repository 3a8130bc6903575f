import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { runNacht } from '../test/support/nacht.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'

const MONTAG = '2026-11-23'

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
    await runNacht(database.worker, MONTAG)
    expect((await database.owner.selectFrom('fall').select('status').where('kunde_id', '=', k).execute()).map((f) => f.status)).toEqual([
      'GESCHLOSSEN',
      'OFFEN',
    ])
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
