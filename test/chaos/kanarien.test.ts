/** A whole journey with names, addresses, phones and texts that occur nowhere else: none of them reaches Temporal or a log. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentFall, reopenFall } from '../../db/dokumentationen.ts'
import { contactFall } from '../../db/kontakte.ts'
import { openVorgang, remindFall } from '../../db/vorgaenge.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../support/welt.ts'
import { createTestDatabase, type TestDatabase } from '../support/datenbank.ts'
import { inSeconds } from '../support/faelle.ts'
import { type FakeResend, startFakeResend } from '../support/resend.ts'
import { type TestTemporal, startTestTemporal } from '../support/temporal-server.ts'
import { type TestNamespace, type TestWorker, createTestNamespace, eventually, logged, startTestWorker } from '../support/temporal.ts'
import { randomUUID } from 'node:crypto'

/** Each is looked for in every place; `kanari` is in all of them. */
const VOGEL = {
  betrieb: 'Kanarihaus Quittenbaum',
  vorname: 'Kanaria',
  name: 'Zeisigmann-Kanari',
  strasse: 'Kanarigasse 4711',
  ort: 'Kanaristedt',
  email: 'kanaria.zeisigmann@kanari.example',
  telefon: '0176 47114711',
  geburtsdatum: '1995-07-13',
  vermittler: 'Kanarienvogt',
  vermittlerMail: 'kanarienvogt@kanari.example',
  titel: 'Kanariruf wegen Scheidung',
  notiz: 'Kanarinotiz: Diagnose bekannt',
  betreff: 'Kanaribetreff',
  inhalt: 'Kanaritext mit Kontonummer',
  vsnr: 'KANARI-0815-4711',
} as const

let dir: string
let temporal: TestTemporal
let namespace: TestNamespace
let database: TestDatabase
let worker: TestWorker
let resend: FakeResend

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'vm-reise-'))
  temporal = await startTestTemporal({ file: path.join(dir, 'temporal.db') })
  namespace = await createTestNamespace(temporal.address)
  database = await createTestDatabase()
  resend = await startFakeResend()
  worker = await startTestWorker({ database, namespace, resend: { apiKey: 're_reise', baseUrl: resend.baseUrl, from: VOGEL.vermittlerMail } })
})
afterAll(async () => {
  await worker?.stop()
  await namespace?.close()
  await temporal?.stop()
  await resend?.close()
  await database?.drop()
  rmSync(dir, { recursive: true, force: true })
})

test('a whole journey leaves no personal data in Temporal’s file, in any history, in any log line', async () => {
  const betrieb = await insertBetrieb(database.owner, { name: VOGEL.betrieb, ort: VOGEL.ort })
  const anna = await insertVermittler(database.owner, betrieb, { vorname: VOGEL.vorname, name: VOGEL.vermittler, email: VOGEL.vermittlerMail })
  const { vorname, name, strasse, ort, email, telefon, geburtsdatum } = VOGEL
  const kunde = await insertKunde(database.owner, { betrieb, vermittler: anna.id }, { vorname, name, strasse, ort, email, telefon, geburtsdatum })
  const fall = await openByNight(betrieb, kunde)
  const klick = () => ({ fall, betrieb, aktion: randomUUID(), quelle: 'KLICK', person: anna.id }) as const
  const handle = namespace.client.workflow.getHandle(`fall/G01/${fall}`)

  // A mail that is refused, tried again, and one that is refused for good; errors quote what they got.
  resend.answers.push({ status: 500, name: 'internal_server_error' })
  const mail = { an: VOGEL.email, betreff: VOGEL.betreff, inhalt: VOGEL.inhalt }
  await database.web.withSession(anna.token, (db) =>
    contactFall(db, klick(), { kanal: 'EMAIL', ergebnis: 'NACHRICHT_VERSANDT', notiz: VOGEL.notiz, mail }),
  )
  await mailsAre(['GESENDET'])
  resend.answers.push({ status: 422, name: 'validation_error' })
  await database.web.withSession(anna.token, (db) => contactFall(db, klick(), { kanal: 'EMAIL', ergebnis: 'NACHRICHT_VERSANDT', mail }))
  await mailsAre(['FEHLER', 'GESENDET'])

  await database.web.withSession(anna.token, (db) => remindFall(db, klick(), { titel: VOGEL.titel, notiz: VOGEL.notiz, am: inSeconds(1) }))
  await mailsAre(['FEHLER', 'GESENDET', 'GESENDET'])

  // An activity that fails with the row's values in the error: a check of the database quotes the whole row.
  await sql`ALTER TABLE fall ADD CONSTRAINT hoechstens_einer CHECK (versuche < 2)`.execute(database.owner)
  for (let i = 0; i < 2; i += 1) await handle.signal('contacted', { kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT' })
  await eventually(async () => expect(await refusals(fall)).toEqual(['PG_23514 hoechstens_einer']))
  await sql`ALTER TABLE fall DROP CONSTRAINT hoechstens_einer`.execute(database.owner)
  // And one that cannot be recorded at all for a while.
  await sql`REVOKE UPDATE ON fall FROM vm_worker`.execute(database.owner)
  await handle.signal('replied')
  await eventually(async () => expect((await handle.describe()).raw.pendingActivities?.[0]?.lastFailure?.message).toBe('PG_42501'))
  await sql`GRANT UPDATE ON fall TO vm_worker`.execute(database.owner)

  const doku = { ergebnis: 'ABGESCHLOSSEN', kanal: 'TELEFON', notiz: VOGEL.notiz, vorgaenge: 'ERLEDIGT', sperreBis: null } as const
  const texte = { anlass: VOGEL.inhalt, wuensche: VOGEL.inhalt, rat: VOGEL.inhalt, gruende: VOGEL.inhalt, entscheidung: VOGEL.inhalt }
  await database.web.withSession(anna.token, (db) => documentFall(db, klick(), { ...doku, ...texte }))
  await database.web.withSession(anna.token, (db) => reopenFall(db, klick()))
  const { fall: _, ...auftrag } = klick()
  const neu = { kunde, vermittler: anna.id, stichtag: '2026-11-23', titel: VOGEL.titel, notiz: VOGEL.notiz, am: inSeconds(1) }
  await database.web.withSession(anna.token, (db) => openVorgang(db, auftrag, neu))
  await namespace.client.workflow.execute('nachtlauf', { workflowId: 'nachtlauf/plan', taskQueue: 'nacht' })
  await namespace.client.workflow.execute('reconcile', { workflowId: 'reconcile-2', taskQueue: 'nacht' })
  await allDelivered()

  const details = await handle.query('__temporal_workflow_metadata')
  const histories: unknown[] = [details]
  for await (const { workflowId, runId } of namespace.client.workflow.list()) {
    const run = namespace.client.workflow.getHandle(workflowId, runId)
    histories.push(await run.fetchHistory(), (await run.describe()).raw)
  }
  expect(histories.length).toBeGreaterThan(12)
  await worker.stop()
  await temporal.stop()

  // First that the search finds at all what is there: the Fall's link.
  const places = { histories: plain(histories), log: plain(logged), ...files() }
  expect(places.histories).toContain(`/faelle/${fall}`)
  expect(Object.entries(places).some(([file, bytes]) => file.startsWith('temporal.db') && bytes.includes(`/faelle/${fall}`))).toBe(true)
  expect(resend.requests.length).toBeGreaterThan(3)
  const found = Object.entries(places).flatMap(([place, text]) =>
    canaries()
      .filter((canary) => text.toLowerCase().includes(canary))
      .map((c) => `${place}: ${c}`),
  )
  expect(found).toEqual([])
}, 180_000)

/** Every value, and its parts that are long enough to mean something; also as base64, as Temporal's JSON shows bytes. */
function canaries(): string[] {
  const values = Object.values(VOGEL).flatMap((value) => [value, ...value.split(/[^\p{L}\d]+/u).filter((part) => part.length > 4)])
  return [...new Set(values.map((value) => value.toLowerCase()))]
}

function plain(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner instanceof Uint8Array) return Buffer.from(inner).toString('latin1') + Buffer.from(inner).toString('utf8')
    if (typeof inner === 'object' && inner !== null && (inner as { type?: unknown }).type === 'Buffer')
      return Buffer.from((inner as { data: number[] }).data).toString()
    return typeof inner === 'bigint' ? String(inner) : inner
  })
}

/** Temporal's file and its journal, as text. */
function files(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(dir).flatMap((file) => {
      const bytes = readFileSync(path.join(dir, file))
      return [[file, bytes.toString('utf8')] as const, [`${file} (latin1)`, bytes.toString('latin1')] as const]
    }),
  )
}

async function openByNight(betrieb: number, kunde: number): Promise<number> {
  const { vermittler_id } = await database.owner.selectFrom('kunde').select('vermittler_id').where('id', '=', kunde).executeTakeFirstOrThrow()
  const nr = await insertFall(
    database.owner,
    { betrieb, vermittler: vermittler_id, kunde },
    { befund: JSON.stringify({ vsnr: VOGEL.vsnr, ort: VOGEL.ort }) },
  )
  await sql`INSERT INTO outbox (betrieb_id, art, ziel, spur) VALUES (${betrieb}, 'FALL', ${nr}, 1)`.execute(database.owner)
  return nr
}

const mailsAre = (expected: string[]): Promise<void> =>
  eventually(async () => {
    const rows = await database.owner.selectFrom('mail').select('status').execute()
    expect(rows.map((row) => row.status).sort()).toEqual(expected)
  }, 60_000)
const refusals = async (fall: number): Promise<unknown[]> =>
  (await database.owner.selectFrom('protokoll').select('codes').where('fall_id', '=', fall).where('ereignis', '=', 'abgelehnt').execute()).map(
    (row) => (row.codes as { grund: string }).grund,
  )
const allDelivered = (): Promise<void> =>
  eventually(async () => {
    const rows = await database.owner.selectFrom('outbox').select('id').where('zugestellt_am', 'is', null).execute()
    expect(rows).toEqual([])
  }, 60_000)
