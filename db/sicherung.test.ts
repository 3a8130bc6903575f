import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SECRET, type TestDatabase, createTestDatabase } from '../test/support/datenbank.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from '../test/support/welt.ts'
import { writeSicherung } from './sicherung.ts'
import { checkSicherung, isEmpty, isInUse, restoreSicherung } from './wiederherstellung.ts'
import type { Db } from './verbindung.ts'

let dir: string
let quelle: TestDatabase
let ziel: TestDatabase
let datei: string
let anna: { id: number; token: string }

/** Texts that a careless format would break: newlines, tabs, backslashes, COPY's own end mark, nothing at all. */
const TUECKISCH = 'Zeile 1\nZeile 2\t\\N \\. Ünïcödé „Anführung“ \u{1f4de}\n\\.\n'

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'vm-sicherung-'))
  datei = path.join(dir, 'a.gz')
  quelle = await createTestDatabase()
  ziel = await createTestDatabase()
  const betrieb = await insertBetrieb(quelle.owner)
  anna = await insertVermittler(quelle.owner, betrieb)
  for (let i = 0; i < 40; i++) {
    const kunde = await insertKunde(quelle.owner, { betrieb, vermittler: anna.id }, { name: i % 2 ? TUECKISCH : 'Çelik', telefon: i % 3 ? '' : null })
    await insertVertrag(quelle.owner, { betrieb, kunde })
    await insertFall(quelle.owner, { betrieb, vermittler: anna.id, kunde }, { befund: JSON.stringify({ text: TUECKISCH }) })
  }
  await insertMails(quelle.owner, betrieb)
})
afterAll(async () => {
  await quelle.drop()
  await ziel.drop()
  rmSync(dir, { recursive: true, force: true })
})

async function insertMails(db: Db, betrieb_id: number): Promise<void> {
  const mail = { betrieb_id, art: 'KUNDE' as const, an: 'a@kunde.example', betreff: 'x', inhalt: TUECKISCH }
  await db
    .insertInto('mail')
    .values({ ...mail, status: 'GESENDET' })
    .execute()
  await db
    .insertInto('mail')
    .values({ ...mail, status: 'GEPLANT', senden_ab: '2026-01-01T00:00:00Z' })
    .execute()
  await db
    .insertInto('mail')
    .values({ ...mail, status: 'GEPLANT', senden_ab: '2199-01-01T00:00:00Z' })
    .execute()
}

/** Every row of every table as text, by table. */
async function readAll(db: Db): Promise<Record<string, string[]>> {
  const { rows: tabellen } = await sql<{ name: string }>`
    SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('public', 'auth') AND tablename NOT LIKE 'kysely%' ORDER BY 1`.execute(
    db,
  )
  const all: Record<string, string[]> = {}
  for (const { name } of tabellen) {
    const { rows } = await sql<{ zeile: string }>`SELECT t::text AS zeile FROM ${sql.table(name)} t ORDER BY 1`.execute(db)
    all[name] = rows.map(({ zeile }) => zeile)
  }
  return all
}

/** Connections of the test's own pools would count as people at work. */
async function restoreInto(target: TestDatabase, file: string) {
  return restoreSicherung(target.ownerUrl, SECRET, file)
}

test('what was backed up comes back row by row', async () => {
  const vorher = await readAll(quelle.owner)
  const { zeilen } = await writeSicherung(quelle.ownerUrl, datei)
  expect(statSync(datei).mode & 0o777).toBe(0o600)
  expect(zeilen['public.kunde']).toBe(40)
  const { ungewiss } = await restoreInto(ziel, datei)

  const nachher = await readAll(ziel.owner)
  expect(Object.keys(nachher)).toEqual(Object.keys(vorher))
  // What reaches beyond the database differs on purpose.
  const anders = ['public.installation', 'public.fall', 'public.mail', 'auth.sitzung', 'auth.zugangslink', 'auth.versuch']
  for (const tabelle of Object.keys(vorher).filter((name) => !anders.includes(name)))
    expect([tabelle, nachher[tabelle]]).toEqual([tabelle, vorher[tabelle]])
  const faelle = (db: Db) => sql`SELECT to_jsonb(f) - 'epoch' AS fall FROM fall f ORDER BY id`.execute(db)
  expect((await faelle(ziel.owner)).rows).toEqual((await faelle(quelle.owner)).rows)
  expect(ungewiss).toBe(1)
  expect(await ziel.owner.selectFrom('mail').select('status').orderBy('id').execute()).toEqual([
    { status: 'GESENDET' },
    { status: 'UNGEWISS' },
    { status: 'GEPLANT' },
  ])
})

test('no message from before wins: the epoch is higher, also on the Fälle, and higher again after the next restore', async () => {
  const alt = await quelle.owner.selectFrom('installation').select('epoch').executeTakeFirstOrThrow()
  const neu = await ziel.owner.selectFrom('installation').select('epoch').executeTakeFirstOrThrow()
  expect(neu.epoch).toBeGreaterThan(alt.epoch)
  expect(await ziel.owner.selectFrom('fall').select('epoch').distinct().execute()).toEqual([neu])
  await restoreInto(ziel, datei)
  const { epoch } = await ziel.owner.selectFrom('installation').select('epoch').executeTakeFirstOrThrow()
  expect(epoch).toBeGreaterThan(neu.epoch)
})

test('numbers Temporal may know are not given again, and a new row finds a free one', async () => {
  const betrieb = (await ziel.owner.selectFrom('betrieb').select('id').executeTakeFirstOrThrow()).id
  const kunde = await insertKunde(ziel.owner, { betrieb, vermittler: anna.id })
  const fall = await insertFall(ziel.owner, { betrieb, vermittler: anna.id, kunde })
  expect(kunde).toBeLessThan(1_000)
  expect(fall).toBeGreaterThan(1_000_000)
})

test('sessions end, row-level security stands, triggers work', async () => {
  expect(await ziel.web.withSession(anna.token, async () => 'drin')).toBeUndefined()
  const offen = await sql`SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity`.execute(ziel.owner)
  expect(offen.rows).toEqual([])
  const aus = await sql`SELECT tgname FROM pg_trigger WHERE tgenabled = 'D'`.execute(ziel.owner)
  expect(aus.rows).toEqual([])
  expect(await ziel.web.withoutSession((db) => db.selectFrom('kunde').selectAll().execute())).toEqual([])
})

test('the moment of the last backup is known, also after a restore', async () => {
  const [da, dort] = await Promise.all(
    [quelle, ziel].map(({ owner }) => owner.selectFrom('installation').select('letzte_sicherung_am').executeTakeFirstOrThrow()),
  )
  expect(Math.abs(Date.now() - Date.parse(da!.letzte_sicherung_am!))).toBeLessThan(60_000)
  expect(dort).toEqual(da)
})

test('a file that is damaged, cut short or something else is refused before anything is touched', async () => {
  const bytes = readFileSync(datei)
  const kaputt = path.join(dir, 'kaputt.gz')
  const versuche = [bytes.subarray(0, bytes.length / 2), gzipSync(gunzipSync(bytes).subarray(0, -30)), gzipSync('hallo\n'), Buffer.from('hallo')]
  for (const inhalt of versuche) {
    writeFileSync(kaputt, inhalt)
    await expect(restoreInto(ziel, kaputt)).rejects.toThrow(/unvollständig|beschädigt|keine Sicherung/)
  }
  await expect(checkSicherung(path.join(dir, 'gibt-es-nicht'))).rejects.toThrow('Die Datei gibt es nicht')
  expect(await isEmpty(ziel.ownerUrl)).toBe(false)
})

test('whether people are at work and whether there is data can be asked', async () => {
  expect(await isInUse(ziel.ownerUrl)).toBe(true)
  const leer = await createTestDatabase()
  expect([await isEmpty(leer.ownerUrl), await isInUse(leer.ownerUrl)]).toEqual([true, false])
  await leer.drop()
})
