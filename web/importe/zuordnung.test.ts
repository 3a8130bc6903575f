import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { insertImport } from '../../db/importe.ts'
import { runImporte } from '../../test/support/importieren.ts'
import { type TestWeb, createTestWeb } from '../../test/support/web.ts'
import { insertBetrieb, insertVermittler } from '../../test/support/welt.ts'

const NUR_INHALT = readFileSync(path.join(import.meta.dirname, '../../test/daten/tabellen/nur-inhalt.txt'))
const WAHL = { 'spalte-0': 'vollname', 'spalte-1': 'geburtsdatum', 'spalte-2': 'email', 'spalte-3': 'plz', 'spalte-4': 'strasse' }

let web: TestWeb
let betrieb: number
let karin: { id: number; token: string }

beforeAll(async () => void (web = await createTestWeb()))
afterAll(() => web.drop())
beforeEach(async () => {
  betrieb = await insertBetrieb(web.database.owner)
  karin = await insertVermittler(web.database.owner, betrieb, { rolle: 'SUPERVISOR' })
})

async function put(bytes: Uint8Array = NUR_INHALT, name = 'liste.csv'): Promise<number> {
  const ids = await web.database.web.withSession(karin.token, (db) => insertImport(db, { betrieb, person: karin.id, dateien: [{ name, bytes }] }))
  await runImporte(web.database.worker)
  return ids![0]!
}
const pfad = (id: number, wahl: Record<string, string> = {}) =>
  `/importe/${id}/zuordnung${Object.keys(wahl).length > 0 ? `?${new URLSearchParams(wahl)}` : ''}`
const get = async (ziel: string, partial = false) => (await web.als(karin.token, ziel, { partial })).text()
const status = async (id: number) =>
  (await web.database.owner.selectFrom('import').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status
const kunden = () => web.database.owner.selectFrom('kunde').select(['name', 'vorname']).where('betrieb_id', '=', betrieb).orderBy('id').execute()

test('every column stands there with examples, what it was taken for, and the rows as they would be stored', async () => {
  const text = await get(pfad(await put()))
  expect(text).toContain('Spalten zuordnen')
  expect(text).toMatch(/Wann<\/th>.*03\.04\.1971 · 17\.09\.1966/s)
  expect(text).toMatch(/<option value="geburtsdatum" selected/)
  expect(text).toContain('am Inhalt, bitte prüfen')
  expect(text).toContain('<span class="name">Anna Petersen</span>')
  expect(text).toContain('geboren 03.04.1971 · Kieler Str. 5 · 24103')
})

test('another choice shows another preview, with and without JavaScript, and changes nothing', async () => {
  const id = await put()
  const ohneName = { ...WAHL, 'spalte-0': '' }
  const stueck = await get(pfad(id, ohneName), true)
  expect(stueck).toMatch(/^<section id="zuordnung-vorschau"/)
  expect(stueck).toContain('Es fehlt die Spalte mit dem Namen')
  expect(stueck).toContain('Nicht übernommen werden: Wer.')
  const ganz = await get(pfad(id, { ...WAHL, 'spalte-1': 'kundeSeit' }))
  expect(ganz).toContain('<h1>Spalten zuordnen</h1>')
  expect(ganz).toContain('Kunde seit 03.04.1971')
  expect([await status(id), await kunden()]).toEqual(['ZUORDNUNG', []])
})

test('kept, the file is read, and the same headings never ask again; it can be changed later', async () => {
  const id = await put()
  const antwort = await web.als(karin.token, pfad(id), { form: WAHL })
  expect([antwort.status, antwort.headers.get('Location')]).toEqual([303, `/importe/${id}`])
  await runImporte(web.database.worker)
  expect([await status(id), (await kunden()).length]).toEqual(['FERTIG', 3])
  const naechster = await put(Buffer.from(`${NUR_INHALT.toString().split('\n')[0]}\nOle Neu\t01.02.1980\tole@neu.example\t24103\tWeg 1\n`), 'neu.csv')
  expect([await status(naechster), (await kunden()).length]).toEqual(['FERTIG', 4])
  expect(await get(pfad(naechster))).toContain('gilt für alle Tabellen der Quelle „liste.csv“')
  await web.als(karin.token, pfad(naechster), { form: { ...WAHL, 'spalte-2': '' } })
  expect(await get(pfad(id))).toContain('Nicht übernommen werden: Wohin.')
  expect(await status(naechster)).toBe('FERTIG')
})

test('a mapping that cannot be believed is not kept; what was chosen stays', async () => {
  const id = await put()
  const antwort = await web.als(karin.token, pfad(id), { form: { ...WAHL, 'spalte-0': 'email' } })
  const text = await antwort.text()
  expect(antwort.status).toBe(422)
  expect(text).toContain('„E-Mail“ ist mehreren Spalten zugeordnet')
  expect(text.match(/<option value="email" selected/g)).toHaveLength(2)
  expect(await status(id)).toBe('ZUORDNUNG')
})

test('cells are text, never markup', async () => {
  const text = await get(pfad(await put(Buffer.from('Name;Vorname;<b>x</b>\n<script>alert(1)</script>;Anna;<i>\n'))))
  expect(text).not.toContain('<script>alert')
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
})

test('only a Supervisor of the Betrieb sees it; a GDV file has no columns', async () => {
  const id = await put()
  const anna = await insertVermittler(web.database.owner, betrieb)
  const fremd = await insertVermittler(web.database.owner, await insertBetrieb(web.database.owner), { rolle: 'SUPERVISOR' })
  expect((await web.als(anna.token, pfad(id))).status).toBe(403)
  expect((await web.als(fremd.token, pfad(id))).status).toBe(404)
  expect((await web.als(fremd.token, pfad(id), { form: WAHL })).status).toBe(404)
  expect((await web.als(karin.token, pfad(await put(Buffer.from('0001'), 'x.gdv')))).status).toBe(404)
})
