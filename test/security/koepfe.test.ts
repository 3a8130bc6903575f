/** The guards an answer carries, whatever it answers. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../web/app.tsx'
import { statisch } from '../../web/statisch.ts'
import { type Buero, PASSWORT, insertBuero } from '../support/buero.ts'
import { type TestWeb, createTestWeb } from '../support/web.ts'

const URSPRUNG = 'https://vm.example'
const WAECHTER = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

let web: TestWeb
let buero: Buero
let antworten: [was: string, antwort: Response][]

beforeAll(async () => {
  web = await createTestWeb({ config: { publicUrl: URSPRUNG } })
  buero = await insertBuero(web.database.owner, 'hier')
  const kaputt = createApp(web.deps)
  kaputt.get('/kaputt', () => {
    throw new Error('mit Absicht')
  })
  const weg = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
  const ohneDatenbank = createApp({ ...web.deps, web: { ...web.database.web, withSession: () => Promise.reject(weg) } })
  const frage = (pfad: string, mehr: RequestInit = {}, app = web.app): Promise<Response> =>
    Promise.resolve(
      app.request(URSPRUNG + pfad, {
        ...mehr,
        headers: { Cookie: `__Host-sitzung=${buero.anna.token}`, Origin: URSPRUNG, ...(mehr.headers as Record<string, string>) },
      }),
    )
  const post = (felder: Record<string, string>, headers = {}): RequestInit => ({ method: 'POST', body: new URLSearchParams(felder), headers })
  const marke = (await frage(statisch('basis.css'))).headers.get('ETag')!
  const draussen = { Cookie: '' }
  const faelle: [string, Promise<Response>][] = [
    ['200 Seite', frage('/profil')],
    ['200 Stück', frage('/profil', { headers: { 'HX-Request-Type': 'partial' } })],
    ['200 Datei', frage(statisch('basis.css'))],
    ['200 Tabelle', frage('/anlauf/vorschau.csv', { headers: { Cookie: `__Host-sitzung=${buero.karin.token}` } })],
    ['200 lebt', frage('/healthz')],
    ['200 Anmeldung', frage('/anmelden', { headers: draussen })],
    ['303 gespeichert', frage('/profil', post({ thema: 'hell' }))],
    ['303 angemeldet', frage('/anmelden', post({ email: buero.ben.email, passwort: PASSWORT }, draussen))],
    ['303 zur Anmeldung', frage('/kunden', { headers: draussen })],
    ['304 Datei', frage(statisch('basis.css'), { headers: { 'If-None-Match': marke } })],
    ['400', frage('/kunden?q=%00')],
    ['401', frage('/kunden', { headers: { ...draussen, 'HX-Request-Type': 'partial' } })],
    ['403', frage('/betrieb')],
    ['403 fremde Herkunft', frage('/profil', post({}, { Origin: 'https://boese.example' }))],
    ['404', frage('/gibt-es-nicht')],
    ['404 Datei', frage('/static/nichts.js')],
    ['405', frage('/abmelden')],
    ['410', frage('/einrichtung')],
    ['413', frage('/profil', post({ thema: 'x'.repeat(300_000) }))],
    ['415', frage('/profil', { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } })],
    ['422', frage('/kunden/neu', post({ art: 'NATUERLICH' }))],
    ['500', frage('/kaputt', {}, kaputt)],
    ['503', frage('/profil', {}, ohneDatenbank)],
  ]
  antworten = await Promise.all(faelle.map(async ([was, antwort]) => [was, await antwort] as [string, Response]))
})
afterAll(() => web.drop())

test('every answer is what it was meant to be, and carries every guard', () => {
  for (const [was, antwort] of antworten) {
    expect([was, antwort.status]).toEqual([was, Number(was.slice(0, 3))])
    const traegt = Object.fromEntries(Object.keys(WAECHTER).map((name) => [name, antwort.headers.get(name)]))
    expect([was, traegt]).toEqual([was, WAECHTER])
    expect([was, antwort.headers.get('server'), antwort.headers.get('x-powered-by')]).toEqual([was, null, null])
  }
})

test('nothing is kept by anybody on the way, but the files under their mark', () => {
  for (const [was, antwort] of antworten)
    expect([was, antwort.headers.get('Cache-Control')]).toEqual([
      was,
      /^(200|304) Datei$/.test(was) ? 'public, max-age=31536000, immutable' : 'no-store',
    ])
})

test('no cookie is within reach of a script, of another site, or of http', () => {
  const cookies = antworten.flatMap(([, antwort]) => antwort.headers.getSetCookie())
  expect(cookies.length).toBeGreaterThan(2)
  for (const cookie of cookies) expect(cookie).toMatch(/HttpOnly.*Secure|Secure.*HttpOnly/)
  for (const cookie of cookies) expect(cookie).toMatch(/SameSite=(Lax|Strict)/)
})
