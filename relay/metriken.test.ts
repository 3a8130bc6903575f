import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'
import { serveMetriken } from './metriken.ts'

let database: TestDatabase

beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

test('counts what is overdue, what is due and which mails failed', async () => {
  const { owner } = database
  const betrieb = await insertBetrieb(owner)
  const { id: vermittler } = await insertVermittler(owner, betrieb)
  const kunde = await insertKunde(owner, { betrieb, vermittler })
  const wen = { betrieb, vermittler, kunde }
  const fall = await insertFall(owner, wen, { schluessel: 'spaet', frist: '2020-01-01' })
  await insertFall(owner, wen, { schluessel: 'frueh', frist: '2999-01-01' })
  await insertFall(owner, wen, { schluessel: 'fertig', frist: '2020-01-01', status: 'DOKUMENTIERT' })
  const vorgang = {
    betrieb_id: betrieb,
    fall_id: fall,
    kunde_id: kunde,
    vermittler_id: vermittler,
    titel: 'Anrufen',
    faellig_am: '2026-01-01T08:00:00Z',
  }
  await owner
    .insertInto('vorgang')
    .values([
      { ...vorgang, status: 'FAELLIG' },
      { ...vorgang, status: 'ERLEDIGT' },
    ])
    .execute()
  const mail = { betrieb_id: betrieb, art: 'KUNDE', an: 'e@kunde.example', betreff: 'B', inhalt: 'T' } as const
  await owner
    .insertInto('mail')
    .values([
      { ...mail, status: 'FEHLER' },
      { ...mail, status: 'UNGEWISS' },
      { ...mail, status: 'UNGEWISS' },
      { ...mail, status: 'GESENDET' },
    ])
    .execute()

  const server = await serveMetriken({ db: database.worker }, { port: 0, host: '127.0.0.1' })
  const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text()
  await server.close()
  const zeilen = text.split('\n').filter((zeile) => /^vm_(faelle|wiedervorlagen|mails)/.test(zeile))
  expect(zeilen).toEqual([
    'vm_faelle{status="offen"} 2',
    'vm_faelle{status="dokumentiert"} 1',
    'vm_faelle_ueberfaellig 1',
    'vm_wiedervorlagen_faellig 1',
    'vm_mails_gescheitert{status="FEHLER"} 1',
    'vm_mails_gescheitert{status="UNGEWISS"} 2',
  ])
})
