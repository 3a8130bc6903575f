import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import { HILFE, runImport } from './import-befehl.ts'

const TABELLEN = path.join(import.meta.dirname, '../test/daten/tabellen')
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
  const { fragen, text } = await rufe([MUSTER, `--betrieb=${betrieb}`], ['99', 'zwei', '2'])
  expect(fragen).toHaveLength(3)
  expect(text).toMatch(
    /„99“ steht nicht in der Liste.*\n„zwei“ steht nicht in der Liste. Richtig ist eine Nummer von 1 bis \d\.\nZugeordnet: \w+ \w+\./,
  )
  expect(fragen[0]).toContain('1  Karin Lindner')
  expect(await betreuer()).toEqual([anna.id])
  expect((await rufe([MUSTER, `--betrieb=${betrieb}`], ['1'])).fragen).toEqual([])
})

test('a table whose columns are certain is taken at once, with its mapping printed; the next one with these headings, too', async () => {
  const { code, text } = await rufe([path.join(TABELLEN, 'bestand-windows-1252.csv'), `--betrieb=${betrieb}`])
  expect(code).toBe(0)
  expect(text).toMatch(/Geb\.-Datum +Geburtsdatum \(geburtsdatum\)/)
  expect(text).toMatch(/IBAN +nicht übernommen/)
  expect(text).toContain('Kunden: 4 neu, 0 geändert, 0 unverändert')
  expect(text).toContain('Zeile 12: Das ist eine Summenzeile')
  const zweiter = await rufe([path.join(TABELLEN, 'bestand-windows-1252.csv'), `--betrieb=${betrieb}`])
  expect(zweiter.text).toContain('Kunden: 0 neu, 0 geändert, 4 unverändert')
})

test('a doubtful table waits and says how to give what is missing; given, it is taken in the place of the one that waits', async () => {
  const datei = path.join(TABELLEN, 'nur-inhalt.txt')
  const erster = await rufe([datei, `--betrieb=${betrieb}`])
  expect(erster.code).toBe(1)
  expect(erster.text).toContain("Nicht sicher: „Wann“. Stimmt es, bestätigen Sie es mit --spalte 'Wann=geburtsdatum'.")
  expect(erster.text).toContain('Die Spalten der Tabelle sind noch nicht zugeordnet')
  const spalten = ['Wer=vollname', 'Wann=Geburtsdatum', 'WOHIN=email', 'Wo=plz', 'Noch was=-'].map((eine) => `--spalte=${eine}`)
  const zweiter = await rufe([datei, `--betrieb=${betrieb}`, ...spalten])
  expect([zweiter.code, zweiter.text]).toEqual([0, expect.stringContaining('Kunden: 3 neu')])
  const importe = await database.owner.selectFrom('import').select('status').where('betrieb_id', '=', betrieb).orderBy('id').execute()
  expect(importe.map(({ status }) => status)).toEqual(['VERWORFEN', 'FERTIG'])
  expect((await rufe([datei, `--betrieb=${betrieb}`, '--spalte', 'Wieso=plz'])).text).toContain('Eine Spalte „Wieso“ gibt es in dieser Datei nicht.')
  expect((await rufe([datei, `--betrieb=${betrieb}`, '--spalte', 'Wo=postleid'])).text).toMatch(/^Ein Feld „postleid“ gibt es nicht/)
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
