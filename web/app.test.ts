import { HtmlValidate } from 'html-validate'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestWeb, URSPRUNG, createTestWeb } from '../test/support/web.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../test/support/welt.ts'
import { createApp } from './app.tsx'
import { pfade } from './pfade.ts'
import { statisch } from './statisch.ts'
import type { WebDeps } from './umgebung.ts'

let web: TestWeb
let anna: { id: number; token: string }
let karin: { id: number; token: string }
let betrieb: number

beforeAll(async () => {
  web = await createTestWeb()
  betrieb = await insertBetrieb(web.database.owner)
  anna = await insertVermittler(web.database.owner, betrieb)
  karin = await insertVermittler(web.database.owner, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
})
afterAll(() => web.drop())

/** The same app with doors that break, as somebody's code might. */
function createBroken(): ReturnType<typeof createApp> {
  const app = createApp(web.deps)
  app.get('/kaputt', () => {
    throw new Error('Key (email)=(elif.celik@kunde.example) already exists')
  })
  app.post('/halb', async (c) => {
    await c.var.db.updateTable('betrieb').set({ ort: 'Halb' }).execute()
    throw new Error('mitten drin')
  })
  return app
}
const fragen = (app: ReturnType<typeof createApp>, pfad: string, init: RequestInit = {}) =>
  app.request(URSPRUNG + pfad, {
    ...init,
    headers: {
      Cookie: `sitzung=${karin.token}`,
      Origin: URSPRUNG,
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(init.headers as Record<string, string>),
    },
  })

const geschuetzt = (antwort: Response): Record<string, string> =>
  Object.fromEntries([...antwort.headers].filter(([name]) => !['content-length', 'set-cookie'].includes(name)))

test('every answer carries the same guards, found, missing or broken', async () => {
  const broken = createBroken()
  const [seite, fehlt, kaputt] = [await fragen(broken, pfade.profil()), await fragen(broken, '/gibt-es-nicht'), await fragen(broken, '/kaputt')]
  expect([seite.status, fehlt.status, kaputt.status]).toEqual([200, 404, 500])
  expect(geschuetzt(seite)).toMatchInlineSnapshot(`
    {
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "content-type": "text/html; charset=UTF-8",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "origin-agent-cluster": "?1",
      "referrer-policy": "same-origin",
      "vary": "HX-Request-Type",
      "x-content-type-options": "nosniff",
      "x-dns-prefetch-control": "off",
      "x-download-options": "noopen",
      "x-frame-options": "DENY",
      "x-permitted-cross-domain-policies": "none",
      "x-xss-protection": "0",
    }
  `)
  const { vary: _, ...ohneVary } = geschuetzt(seite)
  expect(geschuetzt(fehlt)).toEqual(ohneVary)
  expect(geschuetzt(kaputt)).toEqual(ohneVary)
})

test('a fault is told in German with a number, logged once under it, and quotes nothing', async () => {
  web.log.length = 0
  const antwort = await fragen(createBroken(), '/kaputt')
  const text = await antwort.text()
  const nummer = /Fehlernummer (\w{8})/.exec(text)![1]
  expect(text).toContain('Hier ist etwas schiefgegangen')
  for (const geheim of ['celik', 'Key (email)', '.ts:', 'node_modules']) expect(text).not.toContain(geheim)
  expect(web.log).toHaveLength(1)
  expect(web.log[0]).toMatchObject({ fehler: nummer, status: 500, pfad: '/kaputt' })
  expect(JSON.stringify(web.log)).not.toContain('celik')
})

test('a fault of a statement names our own line first, however deep in libraries it was raised', async () => {
  web.log.length = 0
  const app = createApp(web.deps)
  app.get('/falsch', async (c) => void (await sql`SELECT 1 / 0`.execute(c.var.db)))
  expect((await fragen(app, '/falsch')).status).toBe(500)
  const { code, stelle } = web.log[0] as { code: string; stelle: string[] }
  expect([code, stelle[0]]).toEqual(['22012', expect.stringContaining('web/app.test.ts')])
})

test('a handler that throws has saved nothing', async () => {
  expect((await fragen(createBroken(), '/halb', { method: 'POST' })).status).toBe(500)
  const row = await web.database.owner.selectFrom('betrieb').select('ort').where('id', '=', betrieb).executeTakeFirstOrThrow()
  expect(row.ort).toBe('Hamburg')
})

test('a fault in a piece of a page goes into the region that is read out', async () => {
  const antwort = await fragen(createBroken(), '/kaputt', { headers: { 'HX-Request-Type': 'partial' } })
  expect([antwort.status, antwort.headers.get('HX-Retarget')]).toEqual([500, '#stoerung'])
  expect(await antwort.text()).toMatch(/^<p>Hier ist etwas schiefgegangen\./)
})

test('without the database the page says so, and the process lives but is not ready', async () => {
  const weg = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
  const deps: WebDeps = {
    ...web.deps,
    web: { ...web.database.web, withSession: () => Promise.reject(weg), findHindernis: async () => 'Datenbank nicht erreichbar' },
  }
  const app = createApp(deps)
  const antwort = await fragen(app, pfade.profil())
  expect([antwort.status, antwort.headers.get('Retry-After')]).toEqual([503, '30'])
  expect(await antwort.text()).toContain('Die Datenbank ist gerade nicht erreichbar')
  expect((await fragen(app, pfade.lebt())).status).toBe(200)
  const bereit = await fragen(app, pfade.bereit())
  expect([bereit.status, await bereit.text()]).toEqual([503, 'Datenbank nicht erreichbar'])
})

test('ready means: the database answers and is not older than this code, and nobody asked the process to end', async () => {
  const bereit = async (app = web.app): Promise<[number, string]> => {
    const antwort = await fragen(app, pfade.bereit())
    return [antwort.status, await antwort.text()]
  }
  const { owner } = web.database
  expect(await bereit()).toEqual([200, 'bereit'])
  await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-aus-der-zukunft', '')`.execute(owner)
  expect(await bereit()).toEqual([200, 'bereit'])
  await sql`DELETE FROM kysely_migration WHERE name = '9999-aus-der-zukunft'`.execute(owner)
  const { rows } = await sql<{ timestamp: string }>`DELETE FROM kysely_migration WHERE name = '0020-wache' RETURNING timestamp`.execute(owner)
  expect(await bereit()).toEqual([503, 'Datenbank nicht auf dem neuesten Stand (es fehlt 0020-wache)'])
  await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('0020-wache', ${rows[0]!.timestamp})`.execute(owner)
  expect(await bereit(createApp({ ...web.deps, wirdBeendet: () => true }))).toEqual([503, 'wird beendet'])
})

test('a caller who hangs up in the middle of a form is no fault of ours', async () => {
  web.log.length = 0
  const auflegen = new AbortController()
  const body = new ReadableStream({
    pull(controller) {
      auflegen.abort()
      controller.error(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))
    },
  })
  const antwort = await fragen(web.app, pfade.profil(), { method: 'POST', body, duplex: 'half', signal: auflegen.signal } as RequestInit)
  expect(antwort.status).toBe(400)
  expect(web.log).toEqual([])
})

test('a known address with another method says which ones it takes', async () => {
  const antwort = await fragen(web.app, pfade.abmelden())
  expect([antwort.status, antwort.headers.get('Allow')]).toEqual([405, 'POST'])
  expect(await antwort.text()).toContain('So lässt sich diese Adresse nicht aufrufen')
})

test('a form that is too large is refused before anybody reads it', async () => {
  const antwort = await fragen(web.app, pfade.profil(), { method: 'POST', body: new URLSearchParams({ thema: 'x'.repeat(300_000) }) })
  expect(antwort.status).toBe(413)
})

test.each([
  ['our own page', { Origin: URSPRUNG, 'Sec-Fetch-Site': 'same-origin' }, 303],
  ['our own page in an old browser', { Origin: URSPRUNG }, 303],
  ['nobody', {}, 403],
  ['another site', { Origin: 'https://boese.example', 'Sec-Fetch-Site': 'cross-site' }, 403],
  ['a page in a sandbox', { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }, 403],
  ['a neighbour of the same site', { Origin: 'http://andere.localhost:3000', 'Sec-Fetch-Site': 'same-site' }, 403],
  ['the same host over another port', { Origin: 'http://localhost:3001' }, 403],
  ['our own page under another name of this machine', { Origin: 'http://127.0.0.1:3000', 'Sec-Fetch-Site': 'same-origin' }, 303],
  ['something that contradicts itself', { Origin: URSPRUNG, 'Sec-Fetch-Site': 'cross-site' }, 403],
  ['another address that calls itself ours', { Origin: 'http://boese.example:3000', 'Sec-Fetch-Site': 'same-origin' }, 403],
])('a form sent by %s is answered with the right status', async (_, headers, status) => {
  const senden = (art: string): Promise<Response> | Response =>
    web.app.request(`${URSPRUNG}${pfade.abmelden()}`, {
      method: 'POST',
      body: new Blob(['a=b']),
      headers: { ...headers, ...(art !== '' && { 'Content-Type': art }) } as Record<string, string>,
    })
  expect((await senden('application/x-www-form-urlencoded')).status).toBe(status)
  // What no form of ours sends is refused even where the origin is right.
  expect((await senden('text/plain')).status).toBe(status === 303 ? 415 : 403)
  expect((await senden('')).status).toBe(status === 303 ? 415 : 403)
  expect((await senden('application/json')).status).toBe(status === 303 ? 415 : 403)
})

test.each([
  pfade.importe(),
  pfade.nachtlaeufe(),
  pfade.mitarbeiter(),
  pfade.mitarbeiterProfil(1),
  pfade.betrieb(),
  pfade.versicherer(),
  pfade.anlauf(),
  pfade.regeln(),
])('a Vermittler may not open %s, and sees no door to it', async (pfad) => {
  const antwort = await web.als(anna.token, pfad)
  expect(antwort.status).toBe(403)
  expect(await antwort.text()).toContain('nicht für Sie freigegeben')
  expect((await web.als(karin.token, pfad)).status).not.toBe(403)
  expect(await (await web.als(anna.token, pfade.profil())).text()).not.toContain(`href="${pfad}"`)
})

test('the frame counts what the person sees: open Fälle, due reminders, and what the last night brought', async () => {
  const { owner } = web.database
  const fremd = await insertVermittler(owner, betrieb)
  const { id: nacht } = await owner
    .insertInto('nachtlauf')
    .values({ betrieb_id: betrieb, stichtag: '2026-11-23', anlass: 'PLAN', status: 'FERTIG', beendet_am: '2026-11-23T03:12:00Z', zaehler: '{}' })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const vermittler of [anna.id, anna.id, fremd.id]) {
    const kunde = await insertKunde(owner, { betrieb, vermittler })
    const fall = await insertFall(owner, { betrieb, vermittler, kunde }, { nachtlauf_id: nacht })
    await insertFall(owner, { betrieb, vermittler, kunde }, { gevo: 'VORGANG', schluessel: `v${kunde}` })
    await owner
      .insertInto('vorgang')
      .values({
        betrieb_id: betrieb,
        fall_id: fall,
        kunde_id: kunde,
        vermittler_id: vermittler,
        titel: 'Rückruf',
        status: 'FAELLIG',
        faellig_am: '2026-11-20T08:00:00Z',
      })
      .execute()
  }
  const rahmen = async (token: string) => {
    const text = await (await web.als(token, pfade.profil())).text()
    return [/id="zahl-geschaeftsvorfaelle">([^<]*)</, /id="zahl-vorgaenge"[^>]*>([^<]*)</, /class="stand">([^<]*)</].map(
      (muster) => muster.exec(text)![1],
    )
  }
  expect(await rahmen(anna.token)).toEqual(['2', '2', 'Stand: heute, 04:12 Uhr · 2 neu'])
  expect(await rahmen(karin.token)).toEqual(['3', '3', 'Stand: heute, 04:12 Uhr · 3 neu'])
  // As in the lists: one that was touched is no longer new.
  await owner.updateTable('fall').set({ status: 'IN_ARBEIT' }).where('vermittler_id', '=', fremd.id).where('nachtlauf_id', '=', nacht).execute()
  expect(await rahmen(karin.token)).toEqual(['3', '3', 'Stand: heute, 04:12 Uhr · 2 neu'])
  await sql`INSERT INTO vorgang (betrieb_id, fall_id, kunde_id, vermittler_id, titel, status, faellig_am) SELECT betrieb_id, fall_id, kunde_id, vermittler_id, titel,
    CASE WHEN i < 500 THEN 'FAELLIG' ELSE 'OFFEN' END, faellig_am FROM vorgang, generate_series(1, 996) i WHERE vermittler_id = ${fremd.id}`.execute(
    owner,
  )
  expect((await rahmen(karin.token))[1]).toBe('999')
  await sql`INSERT INTO vorgang (betrieb_id, fall_id, kunde_id, vermittler_id, titel, status, faellig_am) SELECT betrieb_id, fall_id, kunde_id, vermittler_id, titel,
    status, faellig_am FROM vorgang WHERE vermittler_id = ${fremd.id} LIMIT 7`.execute(owner)
  expect((await rahmen(karin.token))[1]).toBe('1.000+')
})

test('appearance and keys are the person’s own and part of every page', async () => {
  expect(await (await web.als(anna.token, pfade.profil())).text()).toContain(`<html lang="de" data-person="${anna.id}">`)
  await web.als(anna.token, pfade.profil(), { form: { thema: 'dunkel' } })
  expect(await (await web.als(anna.token, pfade.kunden())).text()).toContain(
    `<html lang="de" class="dunkel" data-tasten="aus" data-person="${anna.id}">`,
  )
  expect(await (await web.als(karin.token, pfade.profil())).text()).toContain(`<html lang="de" data-person="${karin.id}">`)
})

test('every page of frame and office is valid HTML', async () => {
  // How tags are written is hono's affair; what they mean is ours.
  const stil = [
    'doctype-style',
    'void-style',
    'attribute-boolean-style',
    'attribute-empty-style',
    'no-implicit-button-type',
    'long-title',
    'no-trailing-whitespace',
  ]
  const pruefer = new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: Object.fromEntries(stil.map((regel) => [regel, 'off' as const])),
  })
  const seiten = [
    pfade.betrieb(),
    pfade.mitarbeiter(),
    pfade.mitarbeiterProfil(anna.id),
    pfade.versicherer(),
    pfade.profil(),
    pfade.einrichtung(),
    '/fehlt',
  ]
  const draussen = [pfade.anmelden(), pfade.passwortVergessen()]
  for (const [pfad, token] of [...seiten.map((pfad) => [pfad, karin.token] as const), ...draussen.map((pfad) => [pfad, undefined] as const)]) {
    const { results } = await pruefer.validateString(await (await web.als(token, pfad)).text())
    expect([pfad, ...results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`))]).toEqual([pfad])
  }
})

test('static files are kept for ever under their mark, and only those there are', async () => {
  const fest = await web.als(undefined, statisch('basis.css'))
  expect([fest.status, fest.headers.get('Cache-Control'), fest.headers.get('Content-Type')]).toEqual([
    200,
    'public, max-age=31536000, immutable',
    'text/css; charset=utf-8',
  ])
  const marke = fest.headers.get('ETag')!
  expect((await web.als(undefined, pfade.static('basis.css'), { headers: { 'If-None-Match': marke } })).status).toBe(304)
  expect((await web.als(undefined, pfade.static('htmx.js'))).headers.get('Cache-Control')).toBe('no-cache')
  for (const weg of ['..%2fapp.tsx', 'basis.css%00', 'nichts.js']) expect((await web.als(undefined, `/static/${weg}`)).status).toBe(404)
})
