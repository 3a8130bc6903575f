import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Arbeit, createArbeit, textOf } from '../../test/support/arbeit.ts'
import { suchtext } from '../../domain/suchtext.ts'

let arbeit: Arbeit
let fall: number
let kunde: number
let vorgang: number

beforeAll(async () => void (arbeit = await createArbeit()))
afterAll(() => arbeit.web.drop())
beforeEach(async () => {
  ;({ fall, kunde } = await arbeit.openFall())
  await klicke(`/faelle/${fall}/wiedervorlage`, { titel: 'Unterlagen prüfen', datum: '1.12.2026' })
  vorgang = Number((await arbeit.rows('vorgang', fall))[0]!['id'])
})

const klicke = (pfad: string, form: Record<string, string>, token = arbeit.anna.token) =>
  arbeit.web.als(token, pfad, { form: { aktion: crypto.randomUUID(), ...form } })
const hole = async (pfad: string, token = arbeit.anna.token) => textOf(await (await arbeit.web.als(token, pfad)).text())

test('Vorgänge are grouped by when they are due; the Supervisor sees whose they are', async () => {
  const { owner } = arbeit.web.database
  await owner.updateTable('vorgang').set({ faellig_am: '2026-11-20T08:00:00Z', status: 'FAELLIG' }).where('id', '=', vorgang).execute()
  const text = await hole('/vorgaenge')
  expect(text).toMatch(/Überfällig 1 .*Unterlagen prüfen .*Çelik, Elif · Versicherungslücken bei jüngeren Kunden .*Fr 20\.11\., 09:00 Uhr/)
  expect(await hole('/vorgaenge', arbeit.karin.token)).toContain('Weber, Anna')
  expect(await hole('/vorgaenge', arbeit.otto.token)).toContain('Keine offene Wiedervorlage')
  expect(await hole(`/vorgaenge?vermittler=${arbeit.otto.id}`, arbeit.karin.token)).toContain('Keine offene Wiedervorlage')
})

test('moving, ticking off and deleting change the Vorgang and tell the Fall', async () => {
  expect((await klicke(`/vorgaenge/${vorgang}/termin`, { datum: '22.11.2026' })).status).toBe(422)
  expect((await klicke(`/vorgaenge/${vorgang}/termin`, { wann: '2026-12-07' })).status).toBe(303)
  expect(await arbeit.rows('vorgang', fall)).toMatchObject([{ status: 'OFFEN', faellig_am: '2026-12-07T08:00:00.000Z' }])
  expect((await arbeit.readFall(fall))['erinnerung_am']).toBe('2026-12-07T08:00:00.000Z')
  expect((await klicke(`/vorgaenge/${vorgang}/erledigung`, {})).status).toBe(303)
  expect(await arbeit.rows('vorgang', fall)).toMatchObject([{ status: 'ERLEDIGT' }])
  expect(await arbeit.readFall(fall)).toMatchObject({ erinnerung_am: null, offene_vorgaenge: 0, status: 'IN_ARBEIT' })
  expect(textOf(await (await klicke(`/vorgaenge/${vorgang}/loeschung`, {})).text())).toBe('')
  expect(await arbeit.rows('vorgang', fall)).toMatchObject([{ status: 'ERLEDIGT' }])
})

test('what was done is shown for thirty days, the newest first', async () => {
  const { owner } = arbeit.web.database
  await owner.deleteFrom('vorgang').execute()
  for (const [titel, am] of Object.entries({
    Vorgestern: '2026-11-21T09:00:00Z',
    Gestern: '2026-11-22T09:00:00Z',
    Gerade: '2026-10-23T22:30:00Z',
    Früher: '2026-10-23T21:30:00Z',
  })) {
    await klicke(`/faelle/${fall}/wiedervorlage`, { titel, datum: '1.12.2026' })
    await owner.updateTable('vorgang').set({ status: 'ERLEDIGT', erledigt_am: am }).where('titel', '=', titel).execute()
  }
  const text = await hole('/vorgaenge')
  expect(text).toMatch(/In den letzten 30 Tagen erledigt \( ?3 ?\).*Gestern.*Vorgestern.*Gerade/)
  expect(text).not.toContain('Früher')
})

test('after a tick the focus goes to the one that is due next, wherever it stands', async () => {
  const { owner } = arbeit.web.database
  await owner.deleteFrom('vorgang').where('id', '<>', vorgang).execute()
  for (const [titel, am] of Object.entries({
    Bald: '2026-12-02T08:00:00Z',
    Später: '2026-12-09T08:00:00Z',
    Überfällig: '2026-11-20T08:00:00Z',
    Danach: '2026-11-21T08:00:00Z',
  })) {
    await klicke(`/faelle/${fall}/wiedervorlage`, { titel, datum: '8.12.2026' })
    await owner.updateTable('vorgang').set({ faellig_am: am }).where('titel', '=', titel).execute()
  }
  const danach = await owner.selectFrom('vorgang').select(['id', 'titel']).where('titel', 'in', ['Überfällig', 'Danach']).orderBy('titel').execute()
  const form = { aktion: crypto.randomUUID() }
  const antwort = await arbeit.web.als(arbeit.anna.token, `/vorgaenge/${danach[1]!.id}/erledigung`, { form, partial: true })
  expect(antwort.headers.get('HX-Trigger')).toContain(`#vorgang-name-${danach[0]!.id}`)
})

test('by htmx the fresh list and the counts come back', async () => {
  const antwort = await arbeit.web.als(arbeit.anna.token, `/vorgaenge/${vorgang}/erledigung`, {
    form: { aktion: crypto.randomUUID() },
    partial: true,
  })
  const html = await antwort.text()
  expect(html).toContain('hx-target="#zahl-vorgaenge"')
  expect(html).toContain('id="vorgaenge"')
  expect(html).not.toContain('<!doctype')
})

test('the Supervisor’s filter outlives an action', async () => {
  const headers = { 'HX-Current-URL': `http://localhost:3000/vorgaenge?vermittler=${arbeit.otto.id}` }
  const form = { aktion: crypto.randomUUID() }
  const html = await (await arbeit.web.als(arbeit.karin.token, `/vorgaenge/${vorgang}/erledigung`, { form, partial: true, headers })).text()
  expect(html).toMatch(new RegExp(`<option value="${arbeit.otto.id}" selected`))
})

test('every way back leads to the list as it was left: its Vermittler and its pages', async () => {
  const liste = `vermittler=${arbeit.anna.id}&kommend=2`
  const als = (pfad: string, form?: Record<string, string>) =>
    arbeit.web.als(arbeit.karin.token, `${pfad}${pfad.includes('?') ? '&' : '?'}${liste}`, form && { form: { aktion: crypto.randomUUID(), ...form } })
  const gesucht = suchtext({ nummer: '', name: 'Çelik', vorname: 'Elif' })
  await arbeit.web.database.owner.updateTable('kunde').set({ suchtext: gesucht }).where('id', '=', kunde).execute()
  const inHtml = liste.replace('&', '&amp;')
  const html = await (await als('/vorgaenge')).text()
  expect(html).toContain(`href="/vorgaenge/neu?${inHtml}"`)
  expect(await (await arbeit.web.als(arbeit.karin.token, '/vorgaenge?vermittler=')).text()).toContain('href="/vorgaenge/neu"')
  const erste = await (await arbeit.web.als(arbeit.karin.token, `/vorgaenge?vermittler=${arbeit.anna.id}`)).text()
  for (const weg of ['erledigung', 'termin', 'loeschung']) expect(erste).toContain(`"/vorgaenge/${vorgang}/${weg}?vermittler=${arbeit.anna.id}"`)
  expect(await (await als(`/vorgaenge/${vorgang}/termin`)).text()).toMatch(
    new RegExp(`action="/vorgaenge/${vorgang}/termin\\?${inHtml}".*<a href="/vorgaenge\\?${inHtml}">Abbrechen`, 's'),
  )
  expect(await (await als('/vorgaenge/neu?q=Çelik')).text()).toContain(`href="/vorgaenge/neu?kunde=${kunde}&amp;${inHtml}"`)
  const weiter = [
    await als(`/vorgaenge/${vorgang}/termin`, { datum: '7.12.2026' }),
    await als(`/vorgaenge/${vorgang}/erledigung`, {}),
    await als(`/vorgaenge/${vorgang}/loeschung`, {}),
    await als(`/vorgaenge/neu?kunde=${kunde}`, { titel: 'Anrufen', datum: '7.12.2026' }),
  ]
  for (const antwort of weiter) expect([antwort.status, antwort.headers.get('Location')]).toEqual([303, `/vorgaenge?${liste}`])
})

test('moving proposes the day and the time it is due now; a day typed beside it is meant', async () => {
  const { owner } = arbeit.web.database
  const faellig = (am: string) => owner.updateTable('vorgang').set({ faellig_am: am }).where('id', '=', vorgang).execute()
  const form = async () => (await arbeit.web.als(arbeit.anna.token, `/vorgaenge/${vorgang}/termin`)).text()
  await faellig('2026-12-01T02:45:00Z')
  const html = await form()
  expect(html).toMatch(/<input type="radio"[^>]*value="2026-12-01"[^>]*checked/)
  expect(html).toMatch(/<input type="text" value="03:45"/)
  await klicke(`/vorgaenge/${vorgang}/termin`, { wann: '2026-12-01', datum: '2.12.', zeit: '03:45' })
  expect(await arbeit.rows('vorgang', fall)).toMatchObject([{ faellig_am: '2026-12-02T02:45:00.000Z' }])
  await faellig('2026-11-20T02:45:00Z')
  expect(await form()).not.toMatch(/ checked/)
  expect(await form()).toMatch(/<input type="text" value="03:45"/)
})

test('a Vorgang made by hand has its customer from the URL and ends with its tick', async () => {
  expect(await hole(`/vorgaenge/neu?kunde=${kunde}`)).toMatch(/Kunde Çelik, Elif ?, K-/)
  expect((await klicke(`/vorgaenge/neu?kunde=${kunde}`, { titel: '', datum: '1.12.2026' })).status).toBe(422)
  const aktion = crypto.randomUUID()
  for (let i = 0; i < 3; i++)
    expect((await klicke(`/vorgaenge/neu?kunde=${kunde}`, { aktion, titel: 'Vertrag schicken', datum: '1.12.2026' })).status).toBe(303)
  const gemacht = await arbeit.web.database.owner.selectFrom('vorgang').selectAll().where('titel', '=', 'Vertrag schicken').execute()
  expect(gemacht).toMatchObject([{ kunde_id: kunde, vermittler_id: arbeit.anna.id }])
  await klicke(`/vorgaenge/${gemacht[0]!.id}/erledigung`, {})
  expect(await arbeit.readFall(gemacht[0]!.fall_id)).toMatchObject({
    gevo: 'VORGANG',
    status: 'DOKUMENTIERT',
    ergebnis: 'ERLEDIGT',
    offene_vorgaenge: 0,
  })
})

test('deleting a Vorgang made by hand leaves no Fall behind', async () => {
  await klicke(`/vorgaenge/neu?kunde=${kunde}`, { titel: 'Doch nicht', datum: '1.12.2026' })
  const [weg] = await arbeit.web.database.owner.selectFrom('vorgang').selectAll().where('titel', '=', 'Doch nicht').execute()
  await klicke(`/vorgaenge/${weg!.id}/loeschung`, {})
  expect(await arbeit.rows('vorgang', weg!.fall_id)).toMatchObject([{ status: 'GELOESCHT' }])
  expect(await arbeit.readFall(weg!.fall_id)).toMatchObject({ status: 'DOKUMENTIERT', offene_vorgaenge: 0 })
})

test('Vorgänge and customers of another Vermittler are not there', async () => {
  for (const weg of ['termin', 'erledigung', 'loeschung'])
    expect((await klicke(`/vorgaenge/${vorgang}/${weg}`, { datum: '1.12.2026' }, arbeit.otto.token)).status).toBe(404)
  expect((await klicke(`/vorgaenge/neu?kunde=${kunde}`, { titel: 'X', datum: '1.12.2026' }, arbeit.otto.token)).status).toBe(404)
  expect(await arbeit.rows('vorgang', fall)).toMatchObject([{ status: 'OFFEN' }])
})

test('the Postausgang shows what would be sent, to those who may see it', async () => {
  await klicke(`/faelle/${fall}/email`, {
    an: 'elif@kunde.example',
    betreff: 'Ihre Absicherung',
    inhalt: 'Guten Tag, Frau Çelik',
    vorlage: 'angebot',
    grund: 'hat gefragt',
  })
  const [mail] = await arbeit.rows('mail', fall)
  expect(await hole('/entwicklung/postausgang')).toMatch(/Ihre Absicherung an Kunden elif@kunde\.example wird gesendet/)
  expect(await hole(`/entwicklung/postausgang/${mail!['id']}`)).toContain('Guten Tag, Frau Çelik')
  expect((await arbeit.web.als(arbeit.otto.token, `/entwicklung/postausgang/${mail!['id']}`)).status).toBe(404)
})
