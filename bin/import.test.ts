import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import { HILFE, runImport } from './import-befehl.ts'

const MUSTER = path.join(import.meta.dirname, '../test/daten/gdv/musterdatei_2009.txt')

let database: TestDatabase
let betrieb: number
let anna: { id: number; email: string }

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  betrieb = await insertBetrieb(database.owner)
  await insertVermittler(database.owner, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
  anna = await insertVermittler(database.owner, betrieb)
})

async function rufe(argumente: readonly string[], antworten?: string[]) {
  const zeilen: string[] = []
  const fragen: string[] = []
  const frage = antworten && (async (text: string) => (fragen.push(text), antworten.shift() ?? ''))
  const umgebung = { db: database.worker, heute: '2026-11-23', schreibe: (zeile: string) => void zeilen.push(zeile), frage }
  return { code: await runImport(argumente, umgebung), text: zeilen.join('\n'), fragen }
}
const betreuer = async () => {
  const rows = await database.owner.selectFrom('kunde').select('vermittler_id').distinct().where('betrieb_id', '=', betrieb).execute()
  return rows.map(({ vermittler_id }) => vermittler_id)
}

test('counts, findings and open agency numbers are told in German', async () => {
  const { code, text } = await rufe([MUSTER, '--betrieb', String(betrieb)])
  expect(code).toBe(0)
  expect(text).toContain('Pakete: 1 gelesen, 0 abgelehnt; 165 Sätze')
  expect(text).toContain('Kunden: 10 neu, 0 geändert, 0 unverändert')
  expect(text).toContain('Verträge: 15 neu, 0 geändert, 0 unverändert')
  expect(text).toContain('Agenturnummer 9999009999 bei VU 9999: 10 Kunden liegen beim Supervisor')
  expect(text).toContain('Paket 1, Zeile 15, Stelle 107, Kommunikationsnummer 6: Die E-Mail-Adresse wurde mit „(a)“ geliefert')
  expect((await rufe([MUSTER, '--betrieb', String(betrieb)])).text).toContain('Verträge: 0 neu, 0 geändert, 15 unverändert')
})

test('an agency number is taken from the call', async () => {
  const { code } = await rufe([MUSTER, `--betrieb=${betrieb}`, '--agentur', `9999/9999009999=${anna.email.toUpperCase()}`])
  expect([code, await betreuer()]).toEqual([0, [anna.id]])
})

test('on a terminal it is asked for, once', async () => {
  const { fragen } = await rufe([MUSTER, `--betrieb=${betrieb}`], ['2'])
  expect(fragen).toHaveLength(1)
  expect(fragen[0]).toContain('1  Karin Lindner')
  expect(await betreuer()).toEqual([anna.id])
  expect((await rufe([MUSTER, `--betrieb=${betrieb}`], ['1'])).fragen).toEqual([])
})

test('what cannot be done says why and ends with a code that is not zero', async () => {
  expect(await rufe([])).toMatchObject({ code: 2, text: HILFE })
  expect(await rufe(['--nein', MUSTER])).toMatchObject({ code: 2, text: HILFE })
  expect((await rufe([MUSTER, '--betrieb', '0'])).text).toMatch(/Einen Betrieb 0 gibt es nicht/)
  expect((await rufe([MUSTER, `--betrieb=${betrieb}`, '--agentur', 'x'])).text).toMatch(/keine Zuordnung/)
  expect((await rufe([MUSTER, `--betrieb=${betrieb}`, '--agentur', '1/2=wer@x.example'])).text).toMatch(/gehört zu niemandem/)
  expect(await rufe(['gibt-es-nicht.gdv', MUSTER, `--betrieb=${betrieb}`])).toMatchObject({ code: 1 })
  const kein = await rufe([import.meta.filename, `--betrieb=${betrieb}`])
  expect([kein.code, kein.text]).toEqual([1, expect.stringContaining('Es wurde nichts übernommen')])
})
