/**
 * Who may do what to whose rows: every route × person, against the real database. A request that is not allowed changes no table and its
 * answer holds nothing of rows that person may not see; an allowed one does what it says and touches no other Betrieb. All of it a second
 * time with the application's own conditions and doors taken out: then row-level security alone has to hold.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { sql } from 'kysely'
import { createApp } from '../../web/app.tsx'
import { type Buero, findKanarien, insertBuero } from '../support/buero.ts'
import { type OhneFilter, openOhneFilter, streiche } from '../support/ohne-filter.ts'
import { listTabellen, type Pruefsummen, readPruefsummen, unterschiede } from '../support/pruefsummen.ts'
import { type Anfrage, type Darf, ROUTEN, type Ziel, listRouten, toAnfrage } from '../support/routen.ts'
import { type TestWeb, URSPRUNG, createTestWeb } from '../support/web.ts'

// A route asked by ten persons is one test.
vi.setConfig({ testTimeout: 60_000 })

type Wer = keyof typeof PERSONEN
type Rolle = 'NIEMAND' | 'EIGNER' | 'KOLLEGE' | 'LEITUNG' | 'FREMD' | 'FREMDE_LEITUNG'

/** All requests are about Anna's rows. */
const PERSONEN = {
  niemand: 'NIEMAND',
  'eine erfundene Sitzung': 'NIEMAND',
  'eine abgelaufene Sitzung': 'NIEMAND',
  'eine gesperrte Person': 'NIEMAND',
  'ein Konto ohne Person': 'NIEMAND',
  'die Vermittlerin selbst': 'EIGNER',
  'ein anderer Vermittler': 'KOLLEGE',
  'die Supervisorin': 'LEITUNG',
  'ein Vermittler eines anderen Betriebs': 'FREMD',
  'die Supervisorin eines anderen Betriebs': 'FREMDE_LEITUNG',
} as const satisfies Record<string, Rolle>
const ALLE = Object.keys(PERSONEN) as Wer[]

const ERLAUBT: Record<Darf, readonly Rolle[]> = {
  OFFEN: ['NIEMAND', 'EIGNER', 'KOLLEGE', 'LEITUNG', 'FREMD', 'FREMDE_LEITUNG'],
  PERSON: ['EIGNER', 'KOLLEGE', 'LEITUNG', 'FREMD', 'FREMDE_LEITUNG'],
  BESTAND: ['EIGNER', 'LEITUNG'],
  LEITUNG: ['LEITUNG', 'FREMDE_LEITUNG'],
  VORGESETZT: ['LEITUNG'],
}
/** A field nobody may set by putting it into a form. */
const UNTERGESCHOBEN = {
  id: '987654321',
  betrieb_id: '987654321',
  betriebId: '987654321',
  vermittler_id: '987654321',
  anmeldung_id: '987654321',
  demo: '1',
}

let web: TestWeb
let hier: Buero
let dort: Buero
let ziel: Ziel
let fremd: Ziel
let token: Record<Wer, string | undefined>
let ohne: OhneFilter
let vorher: Pruefsummen

beforeAll(async () => {
  web = await createTestWeb()
  const { owner } = web.database
  hier = await insertBuero(owner, 'hier')
  dort = await insertBuero(owner, 'dort')
  ziel = { buero: hier, reihe: hier.reihen.anna }
  fremd = { buero: dort, reihe: dort.reihen.anna }
  await sql`INSERT INTO auth.konto (id, email) VALUES ('ohne-person', 'ohne.person@kunde.example')`.execute(owner)
  await sql`INSERT INTO auth.sitzung (id, konto_id, laeuft_ab_am) VALUES (sha256('ohne-person'), 'ohne-person', now() + interval '1 day')`.execute(
    owner,
  )
  await sql`INSERT INTO auth.sitzung (id, konto_id, laeuft_ab_am)
    SELECT sha256('abgelaufen'), anmeldung_id, now() - interval '1 second' FROM vermittler WHERE id = ${hier.anna.id}`.execute(owner)
  token = {
    niemand: undefined,
    'eine erfundene Sitzung': 'erfunden',
    'eine abgelaufene Sitzung': 'abgelaufen',
    'eine gesperrte Person': hier.weg.token,
    'ein Konto ohne Person': 'ohne-person',
    'die Vermittlerin selbst': hier.anna.token,
    'ein anderer Vermittler': hier.ben.token,
    'die Supervisorin': hier.karin.token,
    'ein Vermittler eines anderen Betriebs': dort.ben.token,
    'die Supervisorin eines anderen Betriebs': dort.karin.token,
  }
  ohne = openOhneFilter(web.database.url('vm_web'))
})
beforeEach(async () => {
  vorher = await readPruefsummen(web.database.owner)
})
afterAll(async () => {
  await ohne?.web.close()
  await web?.drop()
})

const geaendert = async (): Promise<string[]> => unterschiede(vorher, await readPruefsummen(web.database.owner))
const darf = (name: string, wer: Wer): boolean => ERLAUBT[ROUTEN[name]!.darf].includes(PERSONEN[wer])

/** Whose canaries this person may see anywhere. */
function sieht(wer: Wer): string[] {
  const ich = wer.includes('anderen Betriebs') ? 'dort' : 'hier'
  if (wer.includes('Supervisorin')) return [`${ich}anna`, `${ich}ben`, `${ich}haus`, `${ich}leitung`]
  if (wer === 'die Vermittlerin selbst') return ['hieranna', 'hierhaus']
  return PERSONEN[wer] === 'NIEMAND' ? [] : [`${ich}ben`, `${ich}haus`]
}

async function send(app: TestWeb['app'], sitzungToken: string | undefined, { methode, pfad, koerper }: Anfrage) {
  const antwort = await app.request(URSPRUNG + pfad, {
    method: methode,
    ...(koerper && { body: koerper }),
    headers: { Origin: URSPRUNG, 'Sec-Fetch-Site': 'same-origin', ...(sitzungToken && { Cookie: `sitzung=${sitzungToken}` }) },
  })
  return { status: antwort.status, text: `${await antwort.text()} ${JSON.stringify([...antwort.headers])}` }
}

/** `fremde`: canaries in the answer that this person may not see and did not send. */
async function frage(app: TestWeb['app'], wer: Wer, anfrage: Anfrage): Promise<{ status: number; fremde: string[] }> {
  const { status, text } = await send(app, token[wer], anfrage)
  const bekannt = [...sieht(wer), ...findKanarien(`${anfrage.pfad} ${Object.values(anfrage.form ?? {}).join(' ')}`)]
  return { status, fremde: findKanarien(text).filter((kanarie) => !bekannt.includes(kanarie)) }
}

/** Refused looks like this: to the login, not for you, there is no such thing. */
const ABGEWIESEN = [303, 401, 403, 404]

test('every route of the app has its line in the table, and no line is without a route', () => {
  expect(Object.keys(ROUTEN).sort()).toEqual(listRouten(web.app).sort())
})

test('every table holds rows of both offices, so that a checksum can tell', async () => {
  const fehlt = (await listTabellen(web.database.owner)).filter(({ name, betrieb }) =>
    betrieb ? ![hier, dort].every((b) => vorher.has(`${name} ${b.betrieb}`)) : !vorher.has(name) && name !== 'auth.versuch',
  )
  expect(fehlt.map(({ name }) => name)).toEqual([])
})

test('what may be left out of a statement is left out, and what is set stays', () => {
  expect(streiche('select * from kunde k where k.betrieb_id = $1 and "k"."vermittler_id" = ANY ($2::integer[]) and k.id = $3')).toBe(
    'select * from kunde k where ($1::integer IS NULL OR true) and ($2::integer[] IS NULL OR true) and k.id = $3',
  )
  const setzen = 'update "kunde" set "ort" = $1, "vermittler_id" = $2 where "id" = $3'
  expect(streiche(setzen)).toBe(setzen)
  expect(streiche(`${setzen} and "betrieb_id" = $4`)).toBe(`${setzen} and ($4::integer IS NULL OR true)`)
})

describe('who may not is told nothing and changes nothing', () => {
  test.each(Object.keys(ROUTEN))('%s', async (name) => {
    for (const wer of ALLE) {
      if (darf(name, wer) && !name.startsWith('GET')) continue
      const { status, fremde } = await frage(web.app, wer, toAnfrage(name, ziel))
      if (darf(name, wer)) expect([wer, status < 400 || status === ROUTEN[name]!.status]).toEqual([wer, true])
      else expect([wer, ABGEWIESEN.includes(status) ? 'abgewiesen' : status]).toEqual([wer, 'abgewiesen'])
      expect([wer, fremde]).toEqual([wer, []])
    }
    expect(await geaendert()).toEqual([])
  })
})

describe('rows of somebody else named in query or body lead nowhere', () => {
  test.each(Object.keys(ROUTEN).filter((name) => ROUTEN[name]!.fremdes))('%s', async (name) => {
    for (const wer of ALLE.filter((einer) => darf(name, einer) && einer !== 'die Supervisorin eines anderen Betriebs')) {
      const eigen = wer.includes('anderen Betriebs') ? { buero: dort, reihe: dort.reihen.ben } : ziel
      const anderer = wer.includes('anderen Betriebs') ? ziel : fremd
      const { query = {}, form } = ROUTEN[name]!.fremdes!(anderer)
      const anfrage = toAnfrage(name, eigen, form)
      const pfad = `${anfrage.pfad}${anfrage.pfad.includes('?') ? '&' : '?'}${new URLSearchParams(query)}`
      const { status, fremde } = await frage(web.app, wer, { ...anfrage, pfad })
      expect([wer, status < 500, fremde]).toEqual([wer, true, []])
      if (name.startsWith('POST')) expect([wer, status]).toEqual([wer, 422])
    }
    expect(await geaendert()).toEqual([])
  })
})

describe('with the application’s own conditions and doors gone, row-level security alone keeps it so', () => {
  test.each(Object.keys(ROUTEN))('%s', async (name) => {
    const app = createApp({ ...web.deps, web: ohne.web })
    const { nurAnwendung } = ROUTEN[name]!
    for (const wer of ALLE) {
      if (darf(name, wer) && !name.startsWith('GET')) continue
      if (nurAnwendung && wer === 'die Vermittlerin selbst') continue
      const { fremde } = await frage(app, wer, toAnfrage(name, ziel))
      expect([wer, fremde]).toEqual([wer, []])
    }
    expect(await geaendert()).toEqual([])
  })

  test('conditions were in fact dropped', () => {
    expect(ohne.gestrichen()).toBeGreaterThan(100)
  })
})

test('no address takes another method', async () => {
  const adressen = Map.groupBy(Object.keys(ROUTEN), (name) => name.split(' ')[1]!)
  for (const [, namen] of adressen) {
    const methoden = namen.map((name) => name.split(' ')[0]!)
    const { pfad } = toAnfrage(namen[0]!, ziel)
    for (const methode of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((m) => !methoden.includes(m))) {
      const koerper = methode === 'GET' ? undefined : new URLSearchParams({ a: 'b' })
      const { status } = await frage(web.app, 'die Supervisorin', { methode, pfad, form: undefined, koerper })
      expect([methode, pfad, status]).toEqual([methode, pfad, 405])
    }
  }
  expect(await geaendert()).toEqual([])
})

describe('who may does it, to nobody else’s Betrieb, and nothing slips in with the form', () => {
  const POSTS = Object.keys(ROUTEN).filter((name) => name.startsWith('POST'))

  test.each(POSTS)('%s', async (name) => {
    const { owner } = web.database
    const { darf: wem, status: erwartet, folgenlos } = ROUTEN[name]!
    const buero = await insertBuero(owner, `neu${name.replace(/[^a-z]/gi, '')}`)
    const wer = wem === 'OFFEN' ? undefined : wem === 'LEITUNG' || wem === 'VORGESETZT' ? buero.karin.token : buero.anna.token
    const personen = () => owner.selectFrom('vermittler').select(['id', 'rolle', 'betrieb_id', 'aktiv']).orderBy('id').execute()
    const besetzung = await personen()
    vorher = await readPruefsummen(owner)
    const { status, text } = await send(web.app, wer, toAnfrage(name, { buero, reihe: buero.reihen.anna }, UNTERGESCHOBEN))
    expect([status, status < 400 || status === erwartet], text).toEqual([status, true])
    const neu = await geaendert()
    expect(neu.filter((was) => / \d+$/.test(was) && !was.endsWith(` ${buero.betrieb}`))).toEqual([])
    expect(neu.length > 0 || folgenlos !== undefined, text).toBe(true)
    const untergeschoben = (await listTabellen(owner)).map(
      ({ name: tabelle }) => sql`SELECT ${tabelle} AS wo FROM ${sql.table(tabelle)} t WHERE to_jsonb(t)::text LIKE '%987654321%'`,
    )
    expect((await sql`${sql.join(untergeschoben, sql` UNION ALL `)}`.execute(owner)).rows).toEqual([])
    if (!name.includes('/mitarbeiter')) expect(await personen()).toEqual(besetzung)
  })
})
