import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertAnmeldung } from '../../db/anmeldung.ts'
import { type TestWeb, createTestWeb } from '../../test/support/web.ts'
import { insertBetrieb, insertVermittler } from '../../test/support/welt.ts'
import { pfade } from '../pfade.ts'

const PASSWORT = 'Regen Kante Ofen'

let web: TestWeb
let betrieb: number

beforeAll(async () => {
  web = await createTestWeb()
  betrieb = await insertBetrieb(web.database.owner)
})
afterAll(() => web.drop())

async function insertPerson(email: string): Promise<number> {
  const konto = await insertAnmeldung(web.auth, { email, passwort: PASSWORT })
  return (await insertVermittler(web.database.owner, betrieb, { email, anmeldung_id: konto })).id
}
const anmelden = (email: string, passwort = PASSWORT, mehr: Record<string, string> = {}, cookie = '') =>
  web.als(undefined, pfade.anmelden(), { form: { email, passwort, ...mehr }, headers: { Cookie: cookie } })
const cookies = (response: Response): Record<string, string> =>
  Object.fromEntries(response.headers.getSetCookie().map((zeile) => zeile.split(';')[0]!.split('=') as [string, string]))
async function linkFor(email: string): Promise<string> {
  const mail = await web.database.owner.selectFrom('mail').select('inhalt').where('an', '=', email).orderBy('id', 'desc').executeTakeFirstOrThrow()
  return /\/passwort\/\S+/.exec(mail.inhalt)![0]
}

test('who is not logged in is led to the login and back to the page asked for', async () => {
  await insertPerson('anna@lindner.example')
  const gefragt = await web.als(undefined, pfade.kunden('Müller'))
  expect(gefragt.status).toBe(303)
  const login = gefragt.headers.get('Location')!
  expect(login).toBe(`/anmelden?${new URLSearchParams({ weiter: '/kunden?q=M%C3%BCller' })}`)
  expect(await (await web.als(undefined, login)).text()).toContain('value="/kunden?q=M%C3%BCller"')
  const drin = await anmelden('anna@lindner.example', PASSWORT, { weiter: '/kunden?q=M%C3%BCller' })
  expect([drin.status, drin.headers.get('Location')]).toEqual([303, '/kunden?q=M%C3%BCller'])
  expect((await web.als(cookies(drin)['sitzung'], pfade.profil())).status).toBe(200)
})

test('a piece of a page without a session sends the whole window to the login', async () => {
  const antwort = await web.als(undefined, '/faelle/7/kontakt', {
    form: { aktion: 'x' },
    partial: true,
    headers: { 'HX-Current-URL': 'http://localhost:3000/geschaeftsvorfaelle?vermittler=2' },
  })
  expect(antwort.status).toBe(401)
  expect(antwort.headers.get('HX-Redirect')).toBe(`/anmelden?${new URLSearchParams({ weiter: '/geschaeftsvorfaelle?vermittler=2' })}`)
})

test.each([
  '//boese.example',
  '/\\boese.example',
  'https://boese.example',
  '\\\\boese.example',
  '/\tboese',
  'javascript:alert(1)',
  '/\n/boese',
  '/%0d%0a',
  '',
])('after the login nobody is sent to %j', async (ziel) => {
  await insertPerson(`ziel-${encodeURIComponent(ziel).replaceAll('%', '').toLowerCase()}@lindner.example`)
  const { headers } = await anmelden(`ziel-${encodeURIComponent(ziel).replaceAll('%', '').toLowerCase()}@lindner.example`, PASSWORT, { weiter: ziel })
  const ort = new URL(headers.get('Location')!, 'http://localhost:3000')
  expect(ort.origin).toBe('http://localhost:3000')
  expect(headers.get('Location')).toMatch(/^\/(?![/\\])/)
})

test('a wrong password, an unknown and a deactivated person stay outside; the first two sound the same and keep the typed address', async () => {
  const gesperrt = await insertPerson('gesperrt@lindner.example')
  await insertPerson('ben@lindner.example')
  await web.database.owner.updateTable('vermittler').set({ aktiv: false }).where('id', '=', gesperrt).execute()
  const [falsch, fremd, weg] = [
    await anmelden('ben@lindner.example', 'Regen Kante Ofem'),
    await anmelden('niemand@lindner.example'),
    await anmelden('gesperrt@lindner.example'),
  ]
  expect([falsch.status, fremd.status, weg.status]).toEqual([422, 422, 422])
  const [a, b, c] = [await falsch.text(), await fremd.text(), await weg.text()]
  expect(a).toContain('E-Mail-Adresse oder Passwort stimmen nicht.')
  expect(a).toContain('value="ben@lindner.example"')
  expect(a).not.toContain('Regen Kante')
  expect(b.replaceAll('niemand@', 'ben@')).toBe(a)
  expect(c).toContain('Ihr Zugang ist gesperrt.')
  for (const antwort of [falsch, fremd, weg]) expect(cookies(antwort)['sitzung']).toBeUndefined()
})

test('an unknown address takes as long as a known one', async () => {
  await insertPerson('zeit@lindner.example')
  const messen = async (email: string): Promise<number> => {
    const vorher = performance.now()
    await anmelden(email, 'falsch geraten')
    return performance.now() - vorher
  }
  const [bekannt, unbekannt]: [number[], number[]] = [[], []]
  for (let i = 0; i < 7; i++) {
    bekannt.push(await messen('zeit@lindner.example'))
    unbekannt.push(await messen(`niemand${i}@lindner.example`))
  }
  const median = (werte: number[]): number => werte.toSorted((x, y) => x - y)[3]!
  expect(median(unbekannt) / median(bekannt)).toBeGreaterThan(0.5)
})

test('guessing ends after ten tries, while the owner still gets in with a browser that has been in before', async () => {
  await insertPerson('opfer@lindner.example')
  const zuhause = cookies(await anmelden('opfer@lindner.example'))['geraet']
  for (let i = 0; i < 10; i++) expect((await anmelden('opfer@lindner.example', `geraten ${i}`)).status).toBe(422)
  const gebremst = await anmelden('opfer@lindner.example')
  expect(gebremst.status).toBe(429)
  expect(await gebremst.text()).toMatch(/Zu viele Versuche\. Ab \d\d:\d\d Uhr/)
  expect((await anmelden('opfer@lindner.example', PASSWORT, {}, `geraet=${zuhause}`)).status).toBe(303)
  expect((await anmelden('opfer@lindner.example', PASSWORT, {}, 'geraet=erfunden.erfunden')).status).toBe(429)
  expect((await anmelden('anna@lindner.example', PASSWORT, {}, `geraet=${zuhause}`)).status).toBe(303)
})

test('logging out ends the session on the server: the old cookie opens nothing', async () => {
  await insertPerson('aus@lindner.example')
  const token = cookies(await anmelden('aus@lindner.example'))['sitzung']
  expect((await web.als(token, pfade.profil())).status).toBe(200)
  const aus = await web.als(token, pfade.abmelden(), { form: {} })
  expect([aus.status, aus.headers.get('Location'), aus.headers.get('Clear-Site-Data')]).toEqual([303, '/anmelden', '"cache", "storage"'])
  expect((await web.als(token, pfade.profil())).headers.get('Location')).toContain('/anmelden')
})

test('each login has a token of its own, and the one before it ends', async () => {
  await insertPerson('neu@lindner.example')
  const eins = cookies(await anmelden('neu@lindner.example'))['sitzung']!
  const zwei = cookies(await anmelden('neu@lindner.example', PASSWORT, {}, `sitzung=${eins}`))['sitzung']!
  expect(zwei).not.toBe(eins)
  expect((await web.als(eins, pfade.profil())).status).toBe(303)
  expect((await web.als(zwei, pfade.profil())).status).toBe(200)
})

test('the session cookie is out of reach of scripts and other sites, and bound to the host over https', async () => {
  await insertPerson('keks@lindner.example')
  const zeile = (await anmelden('keks@lindner.example')).headers.getSetCookie().find((z) => z.startsWith('sitzung='))
  expect(zeile).toMatch(/^sitzung=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)
  const sicher = await createTestWeb({ config: { publicUrl: 'https://vm.example' } })
  const konto = await insertAnmeldung(sicher.auth, { email: 'keks@lindner.example', passwort: PASSWORT })
  await insertVermittler(sicher.database.owner, await insertBetrieb(sicher.database.owner), { anmeldung_id: konto })
  const antwort = await sicher.als(undefined, pfade.anmelden(), { form: { email: 'keks@lindner.example', passwort: PASSWORT } })
  const gesetzt = antwort.headers.getSetCookie()
  expect(gesetzt.find((z) => z.includes('sitzung='))).toMatch(/^__Host-sitzung=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  expect(gesetzt.every((z) => z.includes('Secure'))).toBe(true)
  expect(antwort.headers.get('Strict-Transport-Security')).toContain('max-age=31536000')
  await sicher.drop()
})

test('a forgotten password: the answer never tells whether the account exists, the link sets a new one once and logs in', async () => {
  await insertPerson('vergessen@lindner.example')
  const fragen = async (email: string): Promise<string> => (await web.als(undefined, pfade.passwortVergessen(), { form: { email } })).text()
  const [da, nicht] = [await fragen('vergessen@lindner.example'), await fragen('niemand@lindner.example')]
  expect(nicht.replace('niemand@', 'vergessen@')).toBe(da)
  const link = await linkFor('vergessen@lindner.example')
  const schwach = await web.als(undefined, link, { form: { passwort: 'Passwort2026!' } })
  expect([schwach.status, (await schwach.text()).includes('leicht zu erraten')]).toEqual([422, true])
  const gesetzt = await web.als(undefined, link, { form: { passwort: 'Nebel Kante Ofen' } })
  expect([gesetzt.status, gesetzt.headers.get('Location')]).toEqual([303, '/'])
  expect((await web.als(cookies(gesetzt)['sitzung'], pfade.profil())).status).toBe(200)
  expect((await web.als(undefined, link, { form: { passwort: 'Nebel Kante Herd' } })).status).toBe(410)
  expect((await anmelden('vergessen@lindner.example')).status).toBe(422)
  expect((await anmelden('vergessen@lindner.example', 'Nebel Kante Ofen')).status).toBe(303)
})

test('no more than three links an hour go to one address, and nobody is told', async () => {
  await insertPerson('viele@lindner.example')
  for (let i = 0; i < 5; i++)
    expect((await web.als(undefined, pfade.passwortVergessen(), { form: { email: 'viele@lindner.example' } })).status).toBe(200)
  const mails = await web.database.owner.selectFrom('mail').select('id').where('an', '=', 'viele@lindner.example').execute()
  expect(mails).toHaveLength(3)
})

test('the own password is changed with the old one; all other sessions end', async () => {
  await insertPerson('wechsel@lindner.example')
  const [hier, dort] = [await anmelden('wechsel@lindner.example'), await anmelden('wechsel@lindner.example')].map((r) => cookies(r)['sitzung'])
  const aendern = (bisher: string, passwort: string) => web.als(hier, pfade.profilPasswort(), { form: { bisher, passwort } })
  expect((await aendern('falsch', 'Nebel Kante Ofen')).status).toBe(422)
  const ok = await aendern(PASSWORT, 'Nebel Kante Ofen')
  expect(ok.status).toBe(303)
  expect((await web.als(cookies(ok)['sitzung'], pfade.profil())).status).toBe(200)
  expect((await web.als(dort, pfade.profil())).status).toBe(303)
})

test('what is logged about a login names accounts by number only', () => {
  const zeilen = JSON.stringify(web.log)
  expect(zeilen).toContain('anmeldung')
  expect(zeilen).not.toContain('@')
  expect(zeilen).not.toContain('Kante')
})
