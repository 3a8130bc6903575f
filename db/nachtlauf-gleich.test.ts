/** The night's set statements give what `advance` gives, row by row, from whatever state. */
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ereignis, type Fall, STATUS, advance, toStand } from '../domain/fall.ts'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'
import { STAND_COLUMNS, rowToStand } from './faelle.ts'
import { closeDocumented, endObsolete } from './nachtlauf-enden.ts'

const STICHTAG = '2026-11-23'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const instant = fc.date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }).map((date) => date.toISOString())
const zustand = fc.record({
  status: fc.constantFrom(...STATUS),
  befundEntfallen: fc.boolean(),
  version: fc.integer({ min: 1, max: 1000 }),
  epoch: fc.integer({ min: 1, max: 5 }),
  erinnerungen: fc.array(fc.option(instant, { nil: null }), { maxLength: 3 }),
  dokumentiertAm: fc.constantFrom('2026-11-22T22:59:59.000Z', '2026-11-22T23:00:00.000Z', '2026-10-01T12:00:00.000Z'),
})
type Zustand = typeof zustand extends fc.Arbitrary<infer T> ? T : never

const toFall = ({ status, befundEntfallen, version, epoch, erinnerungen }: Zustand): Fall => ({
  status,
  befundEntfallen,
  version,
  epoch,
  erinnerungen: erinnerungen.map((am, i) => ({ vorgang: i + 1, am })),
})

test.each<[string, Ereignis, (z: Zustand) => boolean]>([
  ['obsolete', { art: 'obsolete', grund: 'BEFUND_WEG' }, () => true],
  ['closed', { art: 'closed' }, (z) => z.dokumentiertAm < '2026-11-22T23:00:00.000Z'],
])('%s', async (_, ereignis, istDran) => {
  await fc.assert(
    fc.asyncProperty(fc.array(zustand, { minLength: 1, maxLength: 12 }), async (zustaende) => {
      const { betrieb, lauf, ids } = await insertFaelle(zustaende)
      await database.worker.connection().execute(async (db) => {
        if (ereignis.art === 'closed') return closeDocumented(db, { stichtag: STICHTAG, laeufe: [lauf] })
        await sql`CREATE TEMPORARY TABLE enden (id bigint PRIMARY KEY, grund text NOT NULL)`.execute(db)
        await sql`INSERT INTO enden SELECT unnest(${ids}::bigint[]), 'BEFUND_WEG'`.execute(db)
        await endObsolete(db, [lauf], 'G01')
        await sql`DROP TABLE pg_temp.enden`.execute(db)
      })

      const erwartet = zustaende.map((z) => {
        const ausgang = istDran(z) ? advance(toFall(z), ereignis) : undefined
        return { geaendert: ausgang?.ok === true, fall: ausgang?.ok ? ausgang.fall : toFall(z) }
      })
      const rows = await database.owner
        .selectFrom('fall')
        .select([...STAND_COLUMNS, 'befund_entfallen_am'])
        .where('betrieb_id', '=', betrieb)
        .orderBy('id')
        .execute()
      expect(rows.map(rowToStand)).toEqual(erwartet.map(({ fall }) => toStand(fall)))
      expect(rows.map((r) => r.befund_entfallen_am !== null)).toEqual(erwartet.map(({ fall }) => fall.befundEntfallen))

      const gesagt = await database.owner
        .selectFrom('outbox')
        .select(['ziel', 'signal', 'stand'])
        .where('betrieb_id', '=', betrieb)
        .orderBy('id')
        .execute()
      const zuSagen = erwartet.flatMap(({ geaendert, fall }, i) => (geaendert ? [{ ziel: ids[i], signal: ereignis.art, stand: toStand(fall) }] : []))
      expect(gesagt).toEqual(zuSagen)
      const protokoll = await database.owner
        .selectFrom('protokoll')
        .select(['fall_id', 'ereignis', 'version'])
        .where('betrieb_id', '=', betrieb)
        .orderBy('id')
        .execute()
      expect(protokoll).toEqual(zuSagen.map(({ ziel, stand }) => ({ fall_id: ziel, ereignis: ereignis.art, version: stand.version })))
    }),
    { numRuns: 40 },
  )
})

async function insertFaelle(zustaende: readonly Zustand[]): Promise<{ betrieb: number; lauf: number; ids: number[] }> {
  const betrieb = await insertBetrieb(database.owner)
  const { id: vermittler } = await insertVermittler(database.owner, betrieb)
  const kunde = await insertKunde(database.owner, { betrieb, vermittler })
  const { id: lauf } = await database.owner
    .insertInto('nachtlauf')
    .values({ betrieb_id: betrieb, stichtag: STICHTAG, anlass: 'PLAN', status: 'LAEUFT', zaehler: '{}' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const ids: number[] = []
  for (const [i, z] of zustaende.entries()) {
    const stand = toStand(toFall(z))
    ids.push(
      await insertFall(
        database.owner,
        { betrieb, vermittler, kunde },
        {
          schluessel: `x${i}`,
          status: z.status,
          version: z.version,
          epoch: z.epoch,
          erinnerung_am: stand.erinnerungAm,
          offene_vorgaenge: stand.offeneVorgaenge,
          befund_entfallen_am: z.befundEntfallen ? '2026-11-01T00:00:00Z' : null,
          dokumentiert_am: z.status === 'DOKUMENTIERT' ? z.dokumentiertAm : null,
        },
      ),
    )
  }
  return { betrieb, lauf, ids }
}
