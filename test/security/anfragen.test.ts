/** Requests nobody's browser sends of its own accord: from other sites, with what cannot be stored, numbers that are none, forged headers, odd files. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Buero, insertBuero } from '../support/buero.ts'
import { type Pruefsummen, readPruefsummen, unterschiede } from '../support/pruefsummen.ts'
import { ROUTEN, toAnfrage, type Ziel } from '../support/routen.ts'
import { type TestWeb, URSPRUNG, createTestWeb } from '../support/web.ts'

vi.setConfig({ testTimeout: 60_000 })

const POSTS = Object.keys(ROUTEN).filter((name) => name.startsWith('POST'))
const FORMULAR = 'application/x-www-form-urlencoded'
const EIGEN = { Origin: URSPRUNG, 'Sec-Fetch-Site': 'same-origin' }

let web: TestWeb
let buero: Buero
let ziel: Ziel
let vorher: Pruefsummen

beforeAll(async () => {
  web = await createTestWeb()
  buero = await insertBuero(web.database.owner, 'hier')
  ziel = { buero, reihe: buero.reihen.anna }
})
beforeEach(async () => {
  vorher = await readPruefsummen(web.database.owner)
})
afterAll(() => web.drop())

const geaendert = async (): Promise<string[]> => unterschiede(vorher, await readPruefsummen(web.database.owner))

/** As Karin, who may do all of it. */
function senden(pfad: string, init: RequestInit = {}): Promise<Response> {
  const { headers, ...rest } = init
  return Promise.resolve(
    web.app.request(URSPRUNG + pfad, { ...rest, headers: { Cookie: `sitzung=${buero.karin.token}`, ...(headers as Record<string, string>) } }),
  )
}

const FREMDE_HERKUNFT: [woher: string, headers: Record<string, string>, status: number][] = [
  ['nothing says where from', {}, 403],
  ['a sandboxed page', { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }, 403],
  ['another site', { Origin: 'https://boese.example', 'Sec-Fetch-Site': 'cross-site' }, 403],
  ['another site in an old browser', { Origin: 'https://boese.example' }, 403],
  ['a neighbour of the same site', { Origin: 'http://chat.localhost:3000', 'Sec-Fetch-Site': 'same-site' }, 403],
  ['the right Origin, another Sec-Fetch-Site', { Origin: URSPRUNG, 'Sec-Fetch-Site': 'cross-site' }, 403],
  ['an Origin that begins like ours', { Origin: `${URSPRUNG}.boese.example` }, 403],
  ['only Sec-Fetch-Site', { 'Sec-Fetch-Site': 'same-origin' }, 403],
  ['text/plain of our own', { ...EIGEN, 'Content-Type': 'text/plain' }, 415],
  ['text/plain from elsewhere', { Origin: 'https://boese.example', 'Content-Type': 'text/plain' }, 403],
  ['no Content-Type', { ...EIGEN, 'Content-Type': '' }, 415],
  ['JSON', { ...EIGEN, 'Content-Type': 'application/json' }, 415],
  ['something that begins like a form', { ...EIGEN, 'Content-Type': `${FORMULAR}2` }, 415],
]

describe('a change that no page of ours asks for is not made', () => {
  test.each(POSTS)('%s', async (name) => {
    const { pfad, form = {} } = toAnfrage(name, ziel)
    const body = new URLSearchParams(form).toString()
    for (const [woher, headers, status] of FREMDE_HERKUNFT) {
      const antwort = await senden(pfad, { method: 'POST', body: new Blob([body]), headers: { 'Content-Type': FORMULAR, ...headers } })
      expect([woher, antwort.status]).toEqual([woher, status])
    }
    // The fields in the address: reading changes nothing.
    await senden(`${pfad}${pfad.includes('?') ? '&' : '?'}${body}`)
    expect(await geaendert()).toEqual([])
  })
})

test('who comes from elsewhere is told so, and where to go', async () => {
  const antwort = await senden('/profil', {
    method: 'POST',
    body: 'thema=hell',
    headers: { 'Content-Type': FORMULAR, Origin: 'https://boese.example' },
  })
  const text = await antwort.text()
  expect(text).toContain('Diese Anfrage kam nicht von dieser Anwendung')
  expect(text).toContain(`Öffnen Sie ${URSPRUNG}`)
})

describe('a character that cannot be stored is refused, not a fault of ours', () => {
  test.each(POSTS)('%s', async (name) => {
    const { form = {} } = toAnfrage(name, ziel)
    for (const feld of Object.keys(form)) {
      const { pfad, koerper } = toAnfrage(name, ziel, { [feld]: `${form[feld]}\0` })
      expect([feld, (await senden(pfad, { method: 'POST', body: koerper!, headers: EIGEN })).status]).toEqual([feld, 400])
    }
    expect(await geaendert()).toEqual([])
  })

  test('in a query, a path, a cookie and the name of a file', async () => {
    for (const pfad of ['/kunden?q=%00', '/geschaeftsvorfaelle?vermittler=%00', '/passwort/%00', '/regeln/%00', '/hilfe/geschaeftsvorfaelle?q=a%00b'])
      expect([pfad, (await senden(pfad)).status]).toEqual([pfad, 400])
    const cookie = await web.app.request(`${URSPRUNG}/profil`, { headers: { Cookie: 'sitzung=%00; meldung=%00' } })
    expect(cookie.status).toBe(303)
    const daten = new FormData()
    daten.set('datei', new File(['x'], 'bestand\0.gdv'))
    expect((await senden('/importe', { method: 'POST', body: daten, headers: EIGEN })).status).toBe(400)
  })
})

describe('a number that is none leads to a page that says so', () => {
  const NUMMERN = ['0', '-1', 'abc', '1e3', '0x10', '999999999999999', '9999999999', '2147483648', '%20', '1%27', '..%2f1', 'a'.repeat(300)]
  const MIT_NUMMER = Object.entries(ROUTEN).filter(([name]) => /:(id|nr)/.test(name))

  test.each(MIT_NUMMER.map(([name]) => name))('%s', async (name) => {
    const { methode, pfad, koerper } = toAnfrage(name, ziel)
    for (const nummer of NUMMERN) {
      const falsch = pfad.replace(/(?<=\/|kunde=)\d+(?=\/|$|\?)/, nummer)
      const antwort = await senden(falsch, { method: methode, ...(koerper && { body: toAnfrage(name, ziel).koerper! }), headers: EIGEN })
      // A number of nobody's may also be "done already": nothing is changed either way.
      expect([falsch, antwort.status >= 300 && antwort.status < 500]).toEqual([falsch, true])
    }
    expect(await geaendert()).toEqual([])
  })

  test('also in a query or a field', async () => {
    for (const nummer of [...NUMMERN, '%', '1;2', '99999999999999999999999999']) {
      for (const feld of ['vermittler', 'fall', 'seite', 'nach', 'offen', 'kunde', 'verlauf', 'am', 'version'])
        for (const pfad of [
          '/kunden',
          '/vorgaenge',
          '/vorgaenge/neu',
          '/geschaeftsvorfaelle',
          '/entwicklung/postausgang',
          '/regeln/versicherungsluecken-junge-kunden/vorschau',
        ]) {
          const wo = `${pfad}?${feld}=${nummer}`
          expect([wo, (await senden(wo)).status < 500]).toEqual([wo, true])
        }
    }
  })
})

test('X-Forwarded-* of a caller changes neither what is counted nor where links lead', async () => {
  const versuch = (i: number, proxy: TestWeb): Promise<Response> =>
    proxy.als(undefined, '/einrichtung', {
      form: { token: 'geraten' },
      headers: {
        'X-Forwarded-For': `10.0.0.${i}, 192.0.2.7`,
        'X-Forwarded-Host': 'boese.example',
        'X-Forwarded-Proto': 'https',
        Forwarded: `for=10.0.0.${i}`,
      },
    })
  for (const config of [{}, { proxy: true }]) {
    const eigenes = await createTestWeb({ config })
    await eigenes.database.owner.updateTable('installation').set({ einrichtung_hash: 'x' }).execute()
    const antworten = await Promise.all(Array.from({ length: 25 }, (_, i) => versuch(i, eigenes)))
    // Behind a proxy of ours only the address counts that it added itself.
    expect(antworten.filter(({ status }) => status === 429)).toHaveLength(5)
    for (const antwort of antworten) expect(await antwort.text()).not.toContain('boese.example')
    await eigenes.drop()
  }
})

const FREMDE_ZIELE = [
  'https://boese.example', 'http:boese.example', '//boese.example', '///boese.example', '////boese.example', '/\\boese.example', '\\/boese.example',
  '\\\\boese.example', '/\\/boese.example', '/\tboese.example', '/\t/boese.example', '\t//boese.example', ' //boese.example', '/ /boese.example',
  '/\n/boese.example', '/\r\n/boese.example', '/%0d%0aLocation:%20https://boese.example', '/%5cboese.example', '/%2f/boese.example', '/.//boese.example',
  '/..//boese.example', '/../..//boese.example', './/boese.example', './/boese.example', 'boese.example', '@boese.example', '/@boese.example',
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', 'https:/\\boese.example', 'http://localhost:3000@boese.example',
  'http://localhost:3000.boese.example', '//localhost:3000@boese.example', '/\u2028/boese.example', '/\uff0f/boese.example', '?//boese.example', '#//boese.example', '',
] // prettier-ignore

test.each(FREMDE_ZIELE)('nobody is sent from here to %j', async (wohin) => {
  const hinaus = (ort: string | null): string => new URL(ort ?? '/', URSPRUNG).origin
  const drin = await web.app.request(`${URSPRUNG}/anmelden?${new URLSearchParams({ weiter: wohin })}`, {
    headers: { Cookie: `sitzung=${buero.karin.token}` },
  })
  expect([drin.status, hinaus(drin.headers.get('Location'))]).toEqual([303, URSPRUNG])
  const gespeichert = await senden(`/kunden/${ziel.reihe.kunde}/bearbeiten`, {
    method: 'POST',
    body: new URLSearchParams({ ...(await kundenformular()), zurueck: wohin }),
    headers: EIGEN,
  })
  expect([gespeichert.status, hinaus(gespeichert.headers.get('Location'))]).toEqual([303, URSPRUNG])
  if (!/[^\x20-\x7e]/.test(wohin)) {
    const stueck = await web.app.request(`${URSPRUNG}/kunden`, { headers: { 'HX-Request-Type': 'partial', 'HX-Current-URL': wohin } })
    expect([stueck.status, hinaus(stueck.headers.get('HX-Redirect'))]).toEqual([401, URSPRUNG])
  }
})

async function kundenformular(): Promise<Record<string, string>> {
  const { version, name, vorname } = await web.database.owner
    .selectFrom('kunde')
    .selectAll()
    .where('id', '=', ziel.reihe.kunde)
    .executeTakeFirstOrThrow()
  return { version: String(version), art: 'NATUERLICH', name, vorname: vorname ?? '' }
}

describe('deliveries', () => {
  const datei = (inhalt: string | Uint8Array<ArrayBuffer>, name: string, typ = 'application/octet-stream'): FormData => {
    const daten = new FormData()
    daten.set('datei', new File([inhalt], name, { type: typ }))
    return daten
  }
  const laden = (body: FormData, headers: Record<string, string> = {}) =>
    senden('/importe', { method: 'POST', body, headers: { ...EIGEN, ...headers } })

  test('an empty one, and none at all, are refused with a word', async () => {
    expect((await laden(datei('', 'leer.gdv'))).status).toBe(422)
    expect((await laden(new FormData())).status).toBe(422)
    expect(await geaendert()).toEqual([])
  })

  test('one that never ends and is no form is broken off at its beginning', async () => {
    let gelesen = 0
    const endlos = new ReadableStream<Uint8Array>({
      pull(controller) {
        gelesen += 1024 * 1024
        controller.enqueue(new Uint8Array(1024 * 1024))
      },
    })
    const strom = await senden('/importe', {
      method: 'POST',
      body: endlos,
      duplex: 'half',
      headers: { ...EIGEN, 'Content-Type': 'multipart/form-data; boundary=x' },
    } as RequestInit)
    expect(strom.status).toBe(400)
    expect(gelesen).toBeLessThan(10 * 1024 * 1024)
    expect(await geaendert()).toEqual([])
  })

  test.each([
    ['nobody', () => undefined],
    ['a Vermittler', () => buero.anna.token],
  ] as [wer: string, token: () => string | undefined][])('of %s nothing is read', async (_, token) => {
    let gelesen = 0
    const strom = new ReadableStream<Uint8Array>({
      pull(controller) {
        gelesen += 64 * 1024
        controller.enqueue(new Uint8Array(64 * 1024))
      },
    })
    const sitzung = token()
    const antwort = await web.app.request(`${URSPRUNG}/importe`, {
      method: 'POST',
      body: strom,
      duplex: 'half',
      headers: { ...EIGEN, 'Content-Type': 'multipart/form-data; boundary=x', ...(sitzung && { Cookie: `sitzung=${sitzung}` }) },
    } as RequestInit)
    expect([303, 403]).toContain(antwort.status)
    expect(gelesen).toBeLessThan(1024 * 1024)
  })

  test('a name that is a path, a page or markup is only a name', async () => {
    for (const name of [
      '../../../etc/passwd',
      '..\\..\\web\\app.tsx',
      '<img src=x onerror=alert(1)>.gdv',
      '"><script>alert(1)</script>.gdv',
      'a\r\nSet-Cookie: x=y.gdv',
    ]) {
      const antwort = await laden(datei('<html><script>alert(1)</script>', name, 'text/html'))
      expect([name, antwort.status]).toEqual([name, 303])
      expect(antwort.headers.getSetCookie().some((zeile) => zeile.startsWith('x='))).toBe(false)
      const seite = await (await senden(antwort.headers.get('Location')!)).text()
      expect(seite).not.toMatch(/<script>|<img src=x/)
    }
  })
})

describe('a session', () => {
  test('that somebody planted is worth nothing after the login, nor is the planted token', async () => {
    const gepflanzt = 'gepflanzt-0123456789-0123456789-0123456789'
    const drin = await web.als(undefined, '/anmelden', {
      form: { email: buero.ben.email, passwort: 'Regen Kante Ofen' },
      headers: { Cookie: `sitzung=${gepflanzt}` },
    })
    const neu = /sitzung=([\w-]+)/.exec(drin.headers.getSetCookie().join())![1]!
    expect(neu).not.toBe(gepflanzt)
    expect((await web.als(gepflanzt, '/profil')).status).toBe(303)
    expect((await web.als(neu, '/profil')).status).toBe(200)
  })

  test('ends at the server with the logout, with a deactivation in the middle of it, and with a new password by link', async () => {
    const anmelden = async (email: string): Promise<string> => {
      const drin = await web.als(undefined, '/anmelden', { form: { email, passwort: 'Regen Kante Ofen' } })
      return /sitzung=([\w-]+)/.exec(drin.headers.getSetCookie().join())![1]!
    }
    const [hier, dort] = [await anmelden(buero.ben.email), await anmelden(buero.ben.email)]
    await web.als(hier, '/abmelden', { form: {} })
    expect([(await web.als(hier, '/profil')).status, (await web.als(dort, '/profil')).status]).toEqual([303, 200])
    await web.als(undefined, `/passwort/${buero.link}`, { form: { passwort: 'Nebel Kante Ofen' } })
    expect((await web.als(dort, '/profil')).status).toBe(303)
    const anna = await anmelden(buero.anna.email)
    expect((await web.als(anna, '/profil')).status).toBe(200)
    await web.als(buero.karin.token, `/mitarbeiter/${buero.anna.id}/aktiv`, { form: { aktiv: '0' } })
    expect((await web.als(anna, '/profil')).status).toBe(303)
  })
})
