import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestWeb, createTestWeb } from '../../test/support/web.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from '../../test/support/welt.ts'
import { pfade } from '../pfade.ts'

let web: TestWeb
let betrieb: number
let karin: { id: number; token: string }

beforeAll(async () => {
  web = await createTestWeb()
  betrieb = await insertBetrieb(web.database.owner)
  karin = await insertVermittler(web.database.owner, betrieb, { rolle: 'SUPERVISOR' })
})
afterAll(() => web.drop())

const senden = (pfad: string, form: Record<string, string>, token = karin.token) => web.als(token, pfad, { form })
const seite = async (pfad: string, token = karin.token) => (await web.als(token, pfad)).text()

test('the Betrieb’s name, place, daily quota and import brake are the Supervisor’s to change', async () => {
  const daten = { name: 'Maklerhaus Lindner & Töchter', ort: 'Lübeck', bundesland: 'SH', tagesquote: '25', importbremse_prozent: '30 %' }
  const antwort = await senden(pfade.betrieb(), daten)
  expect(antwort.status).toBe(303)
  const row = await web.database.owner.selectFrom('betrieb').selectAll().where('id', '=', betrieb).executeTakeFirstOrThrow()
  expect(row).toMatchObject({ name: 'Maklerhaus Lindner & Töchter', ort: 'Lübeck', bundesland: 'SH', tagesquote: 25, importbremse_prozent: 30 })
  expect(await seite(pfade.betrieb())).toContain('Maklerhaus Lindner &amp; Töchter, Lübeck')
})

test('a quota that is no number keeps what was typed', async () => {
  const antwort = await senden(pfade.betrieb(), { name: 'Neu', ort: '', bundesland: 'SH', tagesquote: 'viele' })
  const text = await antwort.text()
  expect([antwort.status, text.includes('„viele“ ist keine Anzahl'), text.includes('value="Neu"')]).toEqual([422, true, true])
  for (const prozent of ['0', '101', '12,5'])
    expect(await (await senden(pfade.betrieb(), { name: 'Neu', bundesland: 'SH', importbremse_prozent: prozent })).text()).toContain(
      `„${prozent}“ passt nicht. Richtig ist eine ganze Zahl von 1 bis 100.`,
    )
})

test('the last backup is told, and that there is none yet', async () => {
  expect(await seite(pfade.betrieb())).toContain('noch keine. Gesichert wird')
  await web.database.owner.updateTable('installation').set({ letzte_sicherung_am: '2026-11-22T21:30:00Z' }).execute()
  expect(await seite(pfade.betrieb())).toContain('gestern, 22:30 Uhr')
})

test('a saved message greets once, also without JavaScript', async () => {
  const antwort = await senden(pfade.betrieb(), { name: 'Maklerhaus Lindner', ort: '', bundesland: 'SH', tagesquote: '', importbremse_prozent: '20' })
  const keks = antwort.headers.getSetCookie()[0]!.split(';')[0]!
  const danach = await web.als(karin.token, pfade.betrieb(), { headers: { Cookie: `sitzung=${karin.token}; ${keks}` } })
  expect(await danach.text()).toContain('role="status">Gespeichert.</div>')
  expect(danach.headers.getSetCookie()[0]).toMatch(/^meldung=; Max-Age=0/)
})

test('numbers that occur in contracts stand on top without a name, and get one in place', async () => {
  const kunde = await insertKunde(web.database.owner, { betrieb, vermittler: karin.id })
  for (const vu of ['5342', '5342', '4711']) await insertVertrag(web.database.owner, { betrieb, kunde }, { vu_nummer: vu })
  expect(await seite(pfade.versicherer())).toMatch(/id="ohne-namen">2 Nummern ohne Namen.*placeholder="VU 5342".*placeholder="VU 4711"/s)
  const zeile = await web.als(karin.token, pfade.versicherer(), { form: { vu_nummer: '5342', name: 'Hansa Sach' }, partial: true })
  expect(await zeile.text()).toMatch(
    /^<tr id="vu-5342">.*value="Hansa Sach".*<hx-partial hx-target="#ohne-namen">1 Nummer ohne Namen<\/hx-partial><hx-partial hx-target="#meldung">VU 5342 heißt jetzt Hansa Sach\.<\/hx-partial>$/s,
  )
  expect((await senden(pfade.versicherer(), { vu_nummer: '4711', name: 'Alte Elbe' })).status).toBe(303)
  expect(await seite(pfade.versicherer())).toContain('Alle Nummern haben einen Namen')
  const leer = await web.als(karin.token, pfade.versicherer(), { form: { vu_nummer: '4711', name: ' ' }, partial: true })
  expect([leer.status, (await leer.text()).includes('Der Name fehlt')]).toEqual([422, true])
  expect((await senden(pfade.versicherer(), { vu_nummer: 'abc', name: 'X' })).status).toBe(422)
})

test('the demo goes with one click, whole, with its people; the real Betrieb beside it keeps everything', async () => {
  const { owner } = web.database
  const demo = await insertBetrieb(owner, { demo: true, name: 'Demo' })
  const chef = await insertVermittler(owner, demo, { rolle: 'SUPERVISOR' })
  const anna = await insertVermittler(owner, demo)
  const kunde = await insertKunde(owner, { betrieb: demo, vermittler: anna.id })
  await insertVertrag(owner, { betrieb: demo, kunde })
  await insertFall(owner, { betrieb: demo, vermittler: anna.id, kunde })
  expect(await seite(pfade.betrieb(), chef.token)).toMatch(/mit 1 Kunden, 1 Vertrag und\s+2 Zugängen, auch Ihrem/)
  expect((await senden(pfade.demoEntfernen(), {}, anna.token)).status).toBe(403)
  const antwort = await senden(pfade.demoEntfernen(), {}, chef.token)
  expect([antwort.status, antwort.headers.get('Location')]).toEqual([303, '/anmelden'])
  expect((await web.als(chef.token, pfade.profil())).headers.get('Location')).toContain('/anmelden')
  const uebrig = await owner.selectFrom('betrieb').select('id').execute()
  expect(uebrig).toEqual([{ id: betrieb }])
  expect(await owner.selectFrom('kunde').select('betrieb_id').distinct().execute()).toEqual([{ betrieb_id: betrieb }])
})

test('a real Betrieb has no such button, and the address does nothing', async () => {
  expect(await seite(pfade.betrieb())).not.toContain('Demo')
  await senden(pfade.demoEntfernen(), {})
  expect((await web.als(karin.token, pfade.profil())).status).toBe(200)
})
