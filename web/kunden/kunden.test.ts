import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { textOf } from '../../test/support/arbeit.ts'
import { getForm } from '../../test/support/formular.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from '../../test/support/welt.ts'
import { type TestWeb, createTestWeb } from '../../test/support/web.ts'

let web: TestWeb
let betrieb: number
let anna: { id: number; token: string }
let ben: { id: number; token: string }
let karin: { id: number; token: string }
let elif: number

beforeAll(async () => void (web = await createTestWeb()))
afterAll(() => web.drop())
beforeEach(async () => {
  const db = web.database.owner
  betrieb = await insertBetrieb(db)
  anna = await insertVermittler(db, betrieb)
  ben = await insertVermittler(db, betrieb, { vorname: 'Ben', name: 'Groß' })
  karin = await insertVermittler(db, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
  elif = await insertKunde(db, { betrieb, vermittler: anna.id }, { suchtext: ' k000001 elif celik hamburg' })
})

const get = async (wer: { token: string }, pfad: string) => {
  const antwort = await web.als(wer.token, pfad)
  return { status: antwort.status, text: await antwort.text() }
}
const post = async (wer: { token: string }, pfad: string, form: Record<string, string>) => {
  const antwort = await web.als(wer.token, pfad, { form })
  return { status: antwort.status, ort: antwort.headers.get('Location'), text: await antwort.text() }
}
const kundeRow = (id: number) => web.database.owner.selectFrom('kunde').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

test('the list shows the own portfolio, finds however the name is typed, and says what to do when nothing is found', async () => {
  expect((await get(anna, '/kunden')).text).toContain('Çelik, Elif')
  expect((await get(anna, '/kunden?q=elif+celik')).text).toContain('1 gefunden')
  expect((await get(anna, '/kunden?q=niemand')).text).toContain('Kein Kunde gefunden')
  expect((await get(ben, '/kunden')).text).toContain('Noch keine Kunden')
})

test('more than ten thousand are not counted out; every page can be reached', async () => {
  await sql`INSERT INTO kunde (betrieb_id, vermittler_id, nummer, art, name)
    SELECT ${betrieb}, ${anna.id}, 'V-' || i, 'NATUERLICH', 'Viele' FROM generate_series(1, 10050) i`.execute(web.database.owner)
  const erste = (await get(karin, '/kunden')).text
  expect(textOf(erste)).toMatch(/Kunden 10\.000\+ Kunden .* Seite 1 von 200\+ Nächste Seite/)
  const dahinter = (await get(karin, '/kunden?seite=201')).text
  expect(textOf(dahinter)).toContain('Vorige Seite Seite 201 von 200+ Nächste Seite')
  expect(textOf((await get(karin, '/kunden?seite=202')).text)).not.toContain('Nächste Seite')
  const keine = await web.als(karin.token, '/kunden?seite=900')
  expect([keine.status, keine.headers.get('Location')]).toEqual([303, '/kunden?seite=202'])
})

test('only the Supervisor has the Vermittler filter, and it cuts the list', async () => {
  expect((await get(anna, '/kunden')).text).not.toContain('id="vermittler"')
  expect((await get(karin, `/kunden?vermittler=${anna.id}`)).text).toContain('Çelik, Elif')
  expect((await get(karin, `/kunden?vermittler=${ben.id}`)).text).not.toContain('Çelik, Elif')
})

test('the filter keeps a locked Vermittler as long as there are customers; handing over does not offer one', async () => {
  await web.database.owner.updateTable('vermittler').set({ aktiv: false }).where('id', 'in', [anna.id, ben.id]).execute()
  const { text } = await get(karin, `/kunden?vermittler=${anna.id}`)
  expect(text).toContain(`<option value="${anna.id}" selected="">Weber, Anna (gesperrt)</option>`)
  expect(text).toContain('Çelik, Elif')
  expect(text).not.toContain('Groß, Ben')
  expect((await get(karin, `/kunden/${elif}/vermittler`)).text).not.toContain('Groß, Ben')
})

test('Kundendaten show data, contracts, household, consents and Fälle; what is missing is called unknown', async () => {
  const db = web.database.owner
  await insertVertrag(db, { betrieb, kunde: elif }, { sparte: 'HAUSRAT', beitrag_cent: 9640, zahlungsweise: 'JAEHRLICH' })
  await insertVertrag(db, { betrieb, kunde: elif }, { sparte: 'BU', bestandsart: 'FREMD', vu_nummer: null, vsnr: null, vsnr_norm: null })
  await insertFall(db, { betrieb, vermittler: anna.id, kunde: elif })
  await db.insertInto('portalzugang').values({ betrieb_id: betrieb, kunde_id: elif, status: 'AKTIV' }).execute()
  await db
    .insertInto('einwilligung')
    .values({ betrieb_id: betrieb, kunde_id: elif, kanal: 'EMAIL', text_version: '1', form: 'Papier', erteilt_am: '2026-01-05' })
    .execute()
  const { status, text } = await get(anna, `/kunden/${elif}`)
  expect(status).toBe(200)
  for (const wort of [
    '14.03.1995 (31 Jahre)',
    'href="tel:+49401234567"',
    'VU 5342',
    '96,40\u00a0€',
    'jährlich',
    'ja (angenommen)',
    'Fremdvertrag',
    'nein (angenommen)',
  ])
    expect(text).toContain(wort)
  for (const wort of ['Kundenportal aktiv', 'Versicherungslücken bei jüngeren Kunden', 'erteilt', '05.01.2026', 'Niemand weiteres bekannt'])
    expect(text).toContain(wort)
  expect(text).toMatch(/Mobil<\/dt><dd><span class="still">unbekannt/)
})

test('a customer of a colleague or of another Betrieb is not there, on any page and for any action', async () => {
  const fremd = await insertVermittler(web.database.owner, await insertBetrieb(web.database.owner), { rolle: 'SUPERVISOR' })
  for (const wer of [ben, fremd])
    for (const teil of ['', '/bearbeiten', '/vertragsspiegel', '/vertraege/neu']) expect((await get(wer, `/kunden/${elif}${teil}`)).status).toBe(404)
  expect((await post(ben, `/kunden/${elif}/bearbeiten`, { art: 'NATUERLICH', name: 'X', version: '1' })).status).toBe(404)
  expect((await post(ben, `/kunden/${elif}/vertraege/neu`, { sparte: 'PHV' })).status).toBe(404)
  expect((await get(anna, '/kunden/999999999')).status).toBe(404)
})

test('a change is saved and leads back to the list the person came from, never to another host', async () => {
  const form = {
    art: 'NATUERLICH',
    status: 'AKTIV',
    name: 'Çelik',
    vorname: 'Elif',
    telefon: '0170 / 99 88 77',
    plz: '20095',
    ort: 'Hamburg',
    version: '1',
  }
  const liste = '/geschaeftsvorfaelle/versicherungsluecken-junge-kunden?vermittler=3'
  const { status, ort } = await post(anna, `/kunden/${elif}/bearbeiten`, { ...form, zurueck: liste })
  expect([status, ort]).toEqual([303, `/kunden/${elif}?zurueck=${encodeURIComponent(liste)}`])
  expect((await get(anna, ort!)).text).toContain(`href="${liste}"`)
  expect(await kundeRow(elif)).toMatchObject({
    telefon: '0170 / 99 88 77',
    plz: '20095',
    version: 2,
    suchtext: expect.stringContaining('0170998877'),
  })
  expect((await get(anna, `/kunden/${elif}?zurueck=//boese.example`)).text).not.toContain('boese')
})

test('the insurers’ “D” is no other country, and saving what stands there leaves the deliveries in charge', async () => {
  await web.database.owner.updateTable('kunde').set({ land: 'D', quelle: 'GDV' }).where('id', '=', elif).execute()
  const vorher = await kundeRow(elif)
  const { text } = await get(anna, `/kunden/${elif}/bearbeiten`)
  expect(getForm(text, `/kunden/${elif}/bearbeiten`)['land']).toBe('')
  await post(anna, `/kunden/${elif}/bearbeiten`, getForm(text, `/kunden/${elif}/bearbeiten`))
  expect(await kundeRow(elif)).toEqual(vorher)
})

test('what cannot be read is told beside its field with 422, and everything typed is kept', async () => {
  const { status, text } = await post(anna, `/kunden/${elif}/bearbeiten`, {
    art: 'NATUERLICH',
    name: 'Çelik',
    geburtsdatum: '31.2.95',
    beruf: 'Tischlerin',
    version: '1',
  })
  expect(status).toBe(422)
  for (const wort of ['Das Datum 31.02.1995 gibt es nicht.', 'value="31.2.95"', 'value="Tischlerin"', 'href="#feld-geburtsdatum"'])
    expect(text).toContain(wort)
  expect((await kundeRow(elif)).version).toBe(1)
})

test('who saves onto an older version sees both values, loses no word, and may then decide', async () => {
  const form = {
    art: 'NATUERLICH',
    status: 'AKTIV',
    anrede: 'FRAU',
    name: 'Çelik',
    vorname: 'Elif',
    geburtsdatum: '14.3.1995',
    ort: 'Hamburg',
    email: 'elif.celik@kunde.example',
  }
  await post(karin, `/kunden/${elif}/bearbeiten`, { ...form, telefon: '040 111111', version: '1' })
  const konflikt = await post(anna, `/kunden/${elif}/bearbeiten`, { ...form, telefon: '040 222222', beruf: 'Ärztin', version: '1' })
  expect(konflikt.status).toBe(409)
  for (const wort of [
    'Dieser Kunde wurde inzwischen geändert',
    '<td>040 111111</td><td>040 222222</td>',
    '<td>leer</td><td>Ärztin</td>',
    'name="version" value="2"',
  ])
    expect(konflikt.text).toContain(wort)
  expect((await kundeRow(elif)).telefon).toBe('040 111111')
  expect((await post(anna, `/kunden/${elif}/bearbeiten`, { ...form, telefon: '040 222222', beruf: 'Ärztin', version: '2' })).status).toBe(303)
  expect(await kundeRow(elif)).toMatchObject({ telefon: '040 222222', beruf: 'Ärztin' })
})

test('a conflict says what stands there in the words of the form, and blames nobody for what the same person saved in another window', async () => {
  const vertrag = await insertVertrag(web.database.owner, { betrieb, kunde: elif }, { vsnr: 'V 1', vu_nummer: '5342' })
  const pfad = `/kunden/${elif}/vertraege/${vertrag}/bearbeiten`
  const form = { ...getForm((await get(anna, pfad)).text, pfad), version: '1' }
  await post(anna, pfad, { ...form, status: 'STORNIERT', zahlungsweise: 'MONATLICH', verlaengert_sich: 'NEIN' })
  const konflikt = await post(anna, pfad, { ...form, status: 'AKTIV', verlaengert_sich: 'JA' })
  expect(konflikt.status).toBe(409)
  expect(konflikt.text).toContain('Dieser Vertrag wurde inzwischen geändert')
  for (const zeile of ['<td>storniert</td><td>aktiv</td>', '<td>monatlich</td><td>leer</td>', '<td>nein</td><td>ja</td>'])
    expect(konflikt.text).toContain(zeile)
  expect(konflikt.text).not.toContain('Jemand anderes')
})

test('a new customer gets a number; one who may be there already is shown first, once', async () => {
  const neu = { art: 'NATUERLICH', name: 'Celik', vorname: 'Elif', geburtsdatum: '14.3.95' }
  const hinweis = await post(anna, '/kunden/neu', neu)
  expect(hinweis.status).toBe(422)
  expect(hinweis.text).toContain('Diesen Kunden gibt es vielleicht schon')
  const trotzdem = /name="trotzdem" value="([^"]+)"/.exec(hinweis.text)![1]!
  expect((await post(anna, '/kunden/neu', { ...neu, trotzdem })).status).toBe(303)
  const { ort } = await post(anna, '/kunden/neu', { art: 'FIRMA', name: 'Tischlerei Groß' })
  expect(await kundeRow(Number(ort!.split('/')[2]))).toMatchObject({ art: 'FIRMA', vermittler_id: anna.id, geburtsdatum: null })
})

test('the Supervisor hands a customer over: the Fälle follow with protokoll; a Vermittler may not', async () => {
  const fall = await insertFall(web.database.owner, { betrieb, vermittler: anna.id, kunde: elif })
  const { text } = await get(karin, `/kunden/${elif}/vermittler`)
  const ohneFall = await insertKunde(web.database.owner, { betrieb, vermittler: anna.id })
  expect((await get(karin, `/kunden/${ohneFall}/vermittler`)).text).toContain('Offene Fälle gibt es nicht; Wiedervorlagen gehen mit.')
  const aktion = /name="aktion" value="([^"]+)"/.exec(text)![1]!
  expect((await post(anna, `/kunden/${elif}/vermittler`, { aktion, vermittler: String(ben.id) })).status).toBe(403)
  expect((await post(karin, `/kunden/${elif}/vermittler`, { aktion, vermittler: '' })).text).toContain(
    'Bitte wählen Sie, wer den Kunden künftig betreut.',
  )
  expect((await post(karin, `/kunden/${elif}/vermittler`, { aktion: `${aktion.slice(0, -1)}0`, vermittler: String(ben.id) })).status).toBe(303)
  expect((await get(ben, `/kunden/${elif}`)).text).toContain('Übergeben an Groß, Ben')
  const protokoll = await web.database.owner.selectFrom('protokoll').select('ereignis').where('fall_id', '=', fall).execute()
  expect(protokoll).toEqual([{ ereignis: 'reassigned' }])
})

test('a Fremdvertrag by hand appears with its insurer’s number; errors keep what was typed', async () => {
  const form = {
    bestandsart: 'FREMD',
    sparte: 'PHV',
    vu_nummer: 'NEU',
    vu_neu: '4711',
    beitrag: '1.234,5',
    zahlungsweise: 'MONATLICH',
    beginn: '1.1.20',
    vsnr: 'AB-1',
  }
  const falsch = await post(anna, `/kunden/${elif}/vertraege/neu`, { ...form, beitrag: 'viel' })
  expect(falsch.status).toBe(422)
  expect(falsch.text).toContain('„viel“ ist kein Betrag. Richtig ist zum Beispiel 1.234,56.')
  expect(falsch.text).toContain('value="4711"')
  expect((await post(anna, `/kunden/${elif}/vertraege/neu`, form)).status).toBe(303)
  const doppelt = await post(anna, `/kunden/${elif}/vertraege/neu`, form)
  expect(doppelt.text).toContain('Ein Vertrag mit dieser Nummer ist bei diesem Versicherer schon erfasst.')
  for (const wort of ['VU 4711', '1.234,50\u00a0€', 'ab 01.01.2020', 'Fremdvertrag'])
    expect((await get(anna, `/kunden/${elif}`)).text).toContain(wort)
})

test('the Vertragsspiegel holds name, birthday, e-mail, every contract and what a year costs', async () => {
  const db = web.database.owner
  await insertVertrag(db, { betrieb, kunde: elif }, { sparte: 'KFZ', beitrag_cent: 5000, zahlungsweise: 'MONATLICH', ablauf: '2027-01-01' })
  await insertVertrag(db, { betrieb, kunde: elif }, { sparte: 'PHV', bestandsart: 'FREMD', beitrag_cent: 8000, zahlungsweise: 'JAEHRLICH' })
  await insertVertrag(db, { betrieb, kunde: elif }, { sparte: 'GLAS', status: 'STORNIERT', beitrag_cent: 1000, zahlungsweise: 'JAEHRLICH' })
  const { text } = await get(anna, `/kunden/${elif}/vertragsspiegel`)
  for (const wort of ['Elif Çelik', '14.03.1995', 'elif.celik@kunde.example', 'VU 5342', 'monatlich', '01.01.2027', 'storniert', 'Fremd'])
    expect(text).toContain(wort)
  for (const betrag of ['600,00\u00a0€', '80,00\u00a0€', '680,00\u00a0€']) expect(text).toContain(betrag)
})
