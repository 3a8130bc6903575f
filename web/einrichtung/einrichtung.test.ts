import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestWeb, createTestWeb } from '../../test/support/web.ts'
import { insertBetrieb, insertVermittler } from '../../test/support/welt.ts'
import { pfade } from '../pfade.ts'

const TOKEN = 'einmal-und-nie-wieder'
const ANGABEN = {
  token: TOKEN,
  betrieb: 'Maklerhaus Förster',
  ort: 'Bremen',
  bundesland: 'HB',
  vorname: 'Ute',
  name: 'Förster',
  email: 'ute@foerster.example',
  passwort: 'Regen Kante Ofen',
}

let web: TestWeb

beforeAll(async () => {
  web = await createTestWeb()
  await web.database.owner
    .updateTable('installation')
    .set({ einrichtung_hash: createHash('sha256').update(TOKEN).digest('hex') })
    .execute()
})
afterAll(() => web.drop())

const senden = (angaben: Record<string, string>) => web.als(undefined, pfade.einrichtung(), { form: angaben })

test('the first run is offered at the login, and takes the token from the address', async () => {
  expect(await (await web.als(undefined, pfade.anmelden())).text()).toContain('Betrieb einrichten')
  expect(await (await web.als(undefined, `${pfade.einrichtung()}?token=${TOKEN}`)).text()).toContain(`value="${TOKEN}"`)
})

test('a wrong token, a weak password and missing words make nothing, and what was typed stays', async () => {
  const falsch = await senden({ ...ANGABEN, token: 'geraten' })
  const leer = await senden({ ...ANGABEN, betrieb: ' ', bundesland: 'XX', passwort: '1234567890' })
  const text = await leer.text()
  expect([falsch.status, leer.status]).toEqual([422, 422])
  expect(await falsch.text()).toContain('Das Einmalkennwort stimmt nicht.')
  for (const satz of ['Der Name des Betriebs fehlt', 'Diese Auswahl gibt es nicht', 'leicht zu erraten', 'value="Ute"', 'value="Förster"'])
    expect(text).toContain(satz)
  expect(text).not.toContain('1234567890')
  expect(await web.database.owner.selectFrom('betrieb').select('id').execute()).toEqual([])
})

test('an address that has an access already is refused, and the token stays good', async () => {
  const { owner } = web.database
  await insertVermittler(owner, await insertBetrieb(owner, { demo: true }), { email: 'supervisor@demo.example' })
  const antwort = await senden({ ...ANGABEN, email: 'Supervisor@demo.example' })
  expect([antwort.status, (await antwort.text()).includes('schon einen Zugang')]).toEqual([422, true])
})

test('the Betrieb and its Supervisor are made once, however often the button is pressed, and the Supervisor is in', async () => {
  const antworten = await Promise.all(Array.from({ length: 5 }, (_, i) => senden({ ...ANGABEN, email: `ute${i}@foerster.example` })))
  const gut = antworten.filter(({ status }) => status === 303)
  expect(gut).toHaveLength(1)
  const betriebe = await web.database.owner.selectFrom('betrieb').selectAll().where('demo', '=', false).execute()
  expect(betriebe).toMatchObject([{ name: 'Maklerhaus Förster', ort: 'Bremen', bundesland: 'HB', beginn: '2026-11-23', anlauf_am: null }])
  const token = /sitzung=([\w-]+)/.exec(gut[0]!.headers.getSetCookie().join())![1]
  expect(await (await web.als(token, pfade.betrieb())).text()).toContain('Ute Förster · Supervisor')
  for (const versuch of [await web.als(undefined, pfade.einrichtung()), await senden(ANGABEN)]) {
    expect(versuch.status).toBe(410)
    expect(await versuch.text()).toContain('Der Betrieb ist schon eingerichtet')
  }
  expect(await (await web.als(undefined, pfade.anmelden())).text()).not.toContain('Betrieb einrichten')
})
