/** Each cause with the real parts: the watch says it, once, with a number; and says when it is over. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { NativeConnection } from '@temporalio/worker'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { writeSicherung } from '../db/sicherung.ts'
import { TASK_QUEUES } from '../domain/messages.ts'
import type { Ursache } from '../domain/stoerungen.ts'
import { type FallWelt, createFallWelt } from '../test/support/faelle.ts'
import { runNacht } from '../test/support/nacht.ts'
import { eventually, kernmetriken } from '../test/support/temporal.ts'
import { startTestTemporal } from '../test/support/temporal-server.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import { berlinTag } from '../domain/kalender.ts'
import { connectClient } from './temporal.ts'
import { serveMetriken } from './metriken.ts'
import type { Log } from './telemetrie.ts'
import { runWache } from './wache.ts'

let welt: FallWelt
let dir: string
let karin: { id: number; email: string }
const log: Log[] = []
const ende = new AbortController()
let wache: Promise<void>
let verbindung: NativeConnection

beforeAll(async () => {
  welt = await createFallWelt()
  // As long as one is open the SDK keeps its metrics, whichever worker ends.
  verbindung = await NativeConnection.connect({ address: welt.namespace.address })
  dir = mkdtempSync(path.join(tmpdir(), 'vm-wache-'))
  karin = await insertVermittler(welt.database.owner, welt.betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin' })
  wache = runWache({
    db: welt.database.worker,
    client: welt.namespace.client,
    nightAt: '00:01',
    link: 'https://vorgang.test/system',
    version: '0.1.0',
    ordner: [path.join(dir, 'daten')],
    temporalUi: 'http://127.0.0.1:8233/namespaces/default',
    kernmetriken,
    takt: 150,
    signal: ende.signal,
    log: (entry) => void log.push(entry),
  })
})
afterAll(async () => {
  ende.abort()
  await wache
  await verbindung.close()
  await welt.close()
  rmSync(dir, { recursive: true, force: true })
})

const offen = async (): Promise<{ ursache: Ursache; betrieb_id: number | null; kennung: string }[]> =>
  welt.database.owner.selectFrom('stoerung').select(['ursache', 'betrieb_id', 'kennung']).where('beendet_am', 'is', null).execute()
const kommt = (ursache: Ursache): Promise<string> =>
  eventually(async () => {
    const eine = (await offen()).find((s) => s.ursache === ursache)
    expect(eine).toBeDefined()
    return eine!.kennung
  })
const geht = (ursache: Ursache): Promise<void> => eventually(async () => expect((await offen()).map((s) => s.ursache)).not.toContain(ursache))
const zeilen = (kennung: string): string[] => log.filter(({ text }) => text.includes(kennung)).map(({ level, text }) => `${level} ${text}`)

test('while all is well it only beats', async () => {
  const schlag = await eventually(() => welt.database.owner.selectFrom('herzschlag').selectAll().executeTakeFirstOrThrow())
  expect(schlag).toMatchObject({ version: '0.1.0', temporal_weg_seit: null, temporal_ui: 'http://127.0.0.1:8233/namespaces/default' })
  expect(schlag.temporal_version).toMatch(/^\d+\.\d+/)
  expect(await offen()).toEqual([])
})

test('a message that nobody delivers is old after a minute; delivered, it is over', async () => {
  await welt.openFall()
  await sql`UPDATE outbox SET erstellt_am = now() - interval '58 seconds'`.execute(welt.database.owner)
  const kennung = await kommt('OUTBOX_ALT')
  await welt.startWorker()
  await geht('OUTBOX_ALT')
  expect(zeilen(kennung)).toEqual([expect.stringMatching(/^error Störung .* OUTBOX_ALT/), expect.stringMatching(/^info .* ist vorbei/)])
})

test('thousands of the night may take their minutes while they move, and not when they stand', async () => {
  await welt.stopWorker()
  const { owner } = welt.database
  await sql`INSERT INTO outbox (betrieb_id, spur, art, ziel, erstellt_am) VALUES (${welt.betrieb}, 1, 'FALL', 1, now() - interval '3 minutes')`.execute(
    owner,
  )
  await sql`UPDATE outbox SET zugestellt_am = now() - interval '57 seconds' WHERE zugestellt_am IS NOT NULL`.execute(owner)
  await new Promise((resolve) => setTimeout(resolve, 800))
  expect(await offen()).toEqual([])
  await kommt('OUTBOX_ALT')
  await sql`DELETE FROM outbox WHERE spur = 1`.execute(owner)
  await geht('OUTBOX_ALT')
})

test('a night that is not complete an hour after its time; complete, it is over', async () => {
  const { owner, worker } = welt.database
  // A Betrieb that came after the night's time has missed none: the demo of a first start.
  await owner.updateTable('betrieb').set({ anlauf_am: '2024-01-01T00:00:00Z' }).where('id', '=', welt.betrieb).execute()
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(await offen()).toEqual([])
  const frueher = { erstellt_am: sql<string>`now() - interval '25 hours 30 minutes'` } as never
  await owner.updateTable('betrieb').set(frueher).where('id', '=', welt.betrieb).execute()
  await kommt('NACHT_FEHLT')
  expect((await offen()).map((s) => s.betrieb_id)).toEqual([welt.betrieb])
  await runNacht(worker, berlinTag(new Date().toISOString()), [])
  await geht('NACHT_FEHLT')
})

test('no backup for 26 hours of real work; the next one ends it. The demo needs none', async () => {
  const { owner, ownerUrl } = welt.database
  await owner
    .updateTable('betrieb')
    .set({ erstellt_am: sql<string>`now() - interval '27 hours'`, demo: true } as never)
    .execute()
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(await offen()).toEqual([])
  await owner.updateTable('betrieb').set({ demo: false }).execute()
  await kommt('SICHERUNG_ALT')
  await writeSicherung(ownerUrl, path.join(dir, 'sicherung.gz'))
  await geht('SICHERUNG_ALT')
})

test('a workflow task that fails', async () => {
  await welt.startWorker()
  const handle = await welt.namespace.client.workflow.start('gibtEsNicht', { workflowId: 'kaputt', taskQueue: TASK_QUEUES.faelle, args: [] })
  const kennung = await kommt('WORKFLOW_AUFGABE')
  expect(zeilen(kennung)).toHaveLength(1)
  await handle.terminate()
  await welt.stopWorker()
})

test.skipIf(process.getuid?.() !== 0)('a disk with less than a tenth left (a small one of our own)', async () => {
  const platte = path.join(dir, 'daten')
  mkdirSync(platte)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', platte])
  try {
    writeFileSync(path.join(platte, 'voll'), Buffer.alloc(960 * 1024))
    await kommt('PLATTE_VOLL')
    rmSync(path.join(platte, 'voll'))
    await geht('PLATTE_VOLL')
  } finally {
    execFileSync('umount', ['-l', platte])
  }
})

test('a Temporal that does not answer is told since when', async () => {
  const client = connectClient({ connectionOptions: { address: '127.0.0.1:1' } }, 'test')
  const stop = new AbortController()
  const deps = { db: welt.database.worker, client, link: '', version: '0.1.0', ordner: [], takt: 50, signal: stop.signal, log: () => undefined }
  const zweite = runWache(deps)
  const gelesen = () => welt.database.owner.selectFrom('herzschlag').select('temporal_weg_seit').executeTakeFirstOrThrow()
  await eventually(async () => expect((await gelesen()).temporal_weg_seit).not.toBeNull())
  stop.abort()
  await zweite
  await client.connection.close()
  await eventually(async () => expect((await gelesen()).temporal_weg_seit).toBeNull())
})

test('each Supervisor of a real Betrieb had one mail a cause, not one a day more; a Vermittler and another Betrieb none of the night’s', async () => {
  const { owner } = welt.database
  const { id: fremd } = await insertVermittler(owner, await insertBetrieb(owner, { anlauf_am: null }), { rolle: 'SUPERVISOR' })
  await sql`INSERT INTO outbox (betrieb_id, spur, art, ziel, erstellt_am) VALUES (${welt.betrieb}, 0, 'FALL', 1, now() - interval '3 minutes')`.execute(
    owner,
  )
  const kennung = await kommt('OUTBOX_ALT')
  await eventually(async () => expect(zeilen(kennung)).toHaveLength(1))
  await new Promise((resolve) => setTimeout(resolve, 500))
  const mails = await owner
    .selectFrom('mail')
    .select(['vermittler_id', 'an', 'betreff', 'inhalt'])
    .where('art', '=', 'STOERUNG')
    .orderBy('id')
    .execute()
  expect(mails.every(({ vermittler_id, an }) => vermittler_id === karin.id && an === karin.email)).toBe(true)
  const betreffe = mails.map(({ betreff }) => betreff)
  expect(new Set(betreffe).size).toBe(betreffe.length)
  expect(betreffe).toContain('Vorgangsmanagement: Der Nachtlauf fehlt')
  expect(mails[0]!.inhalt).toMatch(/https:\/\/vorgang\.test\/system\nKennung: [\w-]{36}$/)
  expect(mails.map((m) => m.vermittler_id)).not.toContain(fremd)
})

test('metrics: ours and the SDK’s, on loopback, without a name in any label', async () => {
  await welt.openFaelle(3)
  const server = await serveMetriken({ db: welt.database.worker, kernmetriken }, { port: 0, host: '127.0.0.1' })
  const url = `http://127.0.0.1:${server.port}`
  const text = await (await fetch(`${url}/metrics`)).text()
  expect(text).toMatch(/^vm_outbox_nachrichten\{spur="klicks"\} [1-9]/m)
  expect(text).toMatch(/^vm_outbox_alter_sekunden\{spur="klicks"\} \d/m)
  expect(text).toMatch(/^vm_faelle\{status="offen"\} 4$/m)
  expect(text).toMatch(/^vm_nachtlauf_fertig_zeitstempel \d{10}/m)
  expect(text).toMatch(/^vm_sicherung_zeitstempel \d{10}/m)
  expect(text).toMatch(/^temporal_workflow_task_execution_failed\{.*\} [1-9]/m)
  expect(text).not.toMatch(/Karin|Weber|Çelik|@/)
  expect([(await fetch(`${url}/healthz`)).status, (await fetch(`${url}/anderes`)).status]).toEqual([200, 404])
  await server.close()
})

test('a Temporal that answers but cannot read its store does not count as one', async () => {
  const file = path.join(dir, 'temporal.db')
  await (await startTestTemporal({ file })).stop()
  const db = new DatabaseSync(file)
  db.exec('DROP TABLE current_executions')
  db.close()
  const server = await startTestTemporal({ file })
  onTestFinished(server.stop)
  const client = connectClient({ connectionOptions: { address: server.address } }, 'test')
  // One watch at a time: both have the same row.
  ende.abort()
  await wache
  const stop = new AbortController()
  const deps = { db: welt.database.worker, client, link: '', version: 'zweite', ordner: [], takt: 50, signal: stop.signal, log: () => undefined }
  const zweite = runWache(deps)
  const gelesen = () => welt.database.owner.selectFrom('herzschlag').select(['version', 'temporal_weg_seit']).executeTakeFirstOrThrow()
  await eventually(async () => expect((await gelesen()).version).toBe('zweite'))
  expect((await gelesen()).temporal_weg_seit).not.toBeNull()
  stop.abort()
  await zweite
  await client.connection.close()
})
