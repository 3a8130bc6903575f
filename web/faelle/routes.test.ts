import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Arbeit, G02_BEFUND, createArbeit, textOf, verborgen } from '../../test/support/arbeit.ts'
import { insertVermittler } from '../../test/support/welt.ts'

let arbeit: Arbeit
let fall: number
let kunde: number

beforeAll(async () => void (arbeit = await createArbeit()))
afterAll(() => arbeit.web.drop())
beforeEach(async () => void ({ fall, kunde } = await arbeit.openFall()))

const LISTE = { 'HX-Current-URL': 'http://localhost:3000/geschaeftsvorfaelle/versicherungsluecken-junge-kunden' }
const hole = async (pfad: string, token = arbeit.anna.token) => (await arbeit.web.als(token, pfad)).text()
const klicke = (pfad: string, form: Record<string, string>) => arbeit.web.als(arbeit.anna.token, pfad, { form })
const tippe = (pfad: string, form: Record<string, string>) => arbeit.web.als(arbeit.anna.token, pfad, { form, partial: true, headers: LISTE })
const aktion = () => crypto.randomUUID()
const HINWEIS = { kanal: 'TELEFON', ergebnis: 'HINWEIS_GEGEBEN', notiz: 'Ruhiges Gespräch' }

test('the menu has the seven actions in their words and order, for htmx and as a page', async () => {
  const worte = ['Kundendaten aufrufen', 'Vertragsspiegel', 'Übernahme Vorgänge', 'Kundenchat', 'E-Mail', 'Bearbeiten', 'Wizard']
  const menue = await (await arbeit.web.als(arbeit.anna.token, `/faelle/${fall}/aktionen`, { partial: true })).text()
  expect([...menue.matchAll(/role="menuitem"[^>]*>(?:<span>)?([^<]+)/g)].map((m) => m[1])).toEqual(worte)
  const seite = await hole(`/faelle/${fall}/aktionen`)
  expect([...seite.matchAll(/<li><a class="knopf"[^>]*>([^<]+)/g)].map((m) => m[1]!.trim())).toEqual(worte)
})

test('what a documented Fall no longer allows says why in the menu', async () => {
  await klicke(`/faelle/${fall}/dokumentation`, { aktion: aktion(), ...HINWEIS })
  const menue = await (await arbeit.web.als(arbeit.anna.token, `/faelle/${fall}/aktionen`, { partial: true })).text()
  expect(menue).toMatch(/aria-disabled="true"[^>]*>Bearbeiten<small>Der Fall ist bereits dokumentiert/)
})

test('the page of a Fall shows customer, contracts, why it exists and every form', async () => {
  const text = textOf(await hole(`/faelle/${fall}`))
  for (const stueck of [
    'Çelik, Elif',
    '31 Jahre',
    '040 1234567',
    'elif.celik@kunde.example',
    'Hausrat',
    '96,40',
    'höchstens 3 aktiven eigenen Verträgen',
    'Regelstand 1',
  ])
    expect(text).toContain(stueck)
})

test('a Fall says with which thresholds it was opened, what was unknown, what ends it, and what the law says', async () => {
  const { owner } = arbeit.web.database
  await owner
    .updateTable('fall')
    .set({ regel_version: 3, unbekannt: ['geburtsdatum'] })
    .where('id', '=', fall)
    .execute()
  const codes = JSON.stringify({ einstellung: 3, werte: { alterVon: 20, alterBis: 40, hoechstens: 5 } })
  const eintrag = { betrieb_id: arbeit.betrieb, fall_id: fall, kunde_id: kunde, ereignis: 'opened', version: 1, quelle: 'NACHT' as const, codes }
  await owner.insertInto('protokoll').values(eintrag).execute()
  const html = await hole(`/faelle/${fall}`)
  const text = textOf(html)
  for (const stueck of [
    'zwischen 20 und 40 Jahren mit höchstens 5 aktiven',
    'Alter bis: 40 Jahre',
    'das Geburtsdatum',
    'aus dem Alter heraus',
    'Regelstand 3',
  ])
    expect(text).toContain(stueck)
  expect(html).toContain('href="/regeln/versicherungsluecken-junge-kunden/stand/3"')
})

test('the Betrieb’s own Sperrfrist holds, is said before saving, and doubles after a refusal', async () => {
  const { owner } = arbeit.web.database
  const regel = { betrieb_id: arbeit.betrieb, gevo: 'G01', werte: '{}', sperrfrist_monate: 6 }
  await owner.insertInto('regel').values(regel).execute()
  expect(textOf(await hole(`/faelle/${fall}`))).toContain('Gesperrt bis 23.05.2027.')
  await klicke(`/faelle/${fall}/dokumentation`, {
    aktion: aktion(),
    kanal: 'TELEFON',
    ergebnis: 'ABGELEHNT_NACH_BERATUNG',
    rat: 'PHV',
    gruende: 'kein Schutz',
    entscheidung: 'nein',
  })
  expect((await arbeit.rows('dokumentation', fall))[0]).toMatchObject({ sperre_bis: '2027-11-23' })
  await owner.deleteFrom('regel').where('betrieb_id', '=', arbeit.betrieb).execute()
})

test('a Fall of another Vermittler is not there, whatever is asked of it', async () => {
  const fremd = await arbeit.openFall({ vermittler_id: arbeit.otto.id })
  for (const teil of ['', '/aktionen', '/kontakt', '/email', '/wiedervorlage', '/dokumentation', '/wizard', '/chat'])
    expect((await arbeit.web.als(arbeit.anna.token, `/faelle/${fremd.fall}${teil}`)).status).toBe(404)
  for (const teil of ['kontakt', 'email', 'wiedervorlage', 'dokumentation', 'ruecknahme'])
    expect((await klicke(`/faelle/${fremd.fall}/${teil}`, { aktion: aktion(), ...HINWEIS })).status).toBe(404)
  expect(await arbeit.rows('protokoll', fremd.fall)).toHaveLength(0)
})

test('form and Wizard post to one validation and write equal rows', async () => {
  const felder = {
    kanal: 'PERSOENLICH',
    ergebnis: 'ABGELEHNT_NACH_BERATUNG',
    rat: 'PHV abschließen',
    gruende: 'Kein Schutz',
    entscheidung: 'möchte warten',
    notiz: ' mit\r\nUmbruch ',
  }
  const zweiter = await arbeit.openFall()
  await klicke(`/faelle/${fall}/dokumentation`, { aktion: aktion(), gesehen: '1', ...felder })
  await klicke(`/faelle/${zweiter.fall}/dokumentation`, { aktion: aktion(), gesehen: '1', dann: 'wizard', ...felder })
  const ohneIds = (row: Record<string, unknown> | undefined) => ({ ...row, id: 0, fall_id: 0, kunde_id: 0, am: '' })
  const [a] = await arbeit.rows('dokumentation', fall)
  const [b] = await arbeit.rows('dokumentation', zweiter.fall)
  expect(ohneIds(a)).toEqual(ohneIds(b))
  expect(a).toMatchObject({ ergebnis: 'ABGELEHNT_NACH_BERATUNG', sperre_bis: '2028-11-23', notiz: 'mit\nUmbruch', entscheidung: 'möchte warten' })
  const leer = { aktion: aktion(), rat: 'nur das' }
  const dritter = await arbeit.openFall()
  const form = await klicke(`/faelle/${dritter.fall}/dokumentation`, leer)
  const wizard = await klicke(`/faelle/${dritter.fall}/dokumentation`, { ...leer, dann: 'wizard' })
  expect([form.status, wizard.status]).toEqual([422, 422])
  expect(textOf(await wizard.text())).toContain('Das Ergebnis fehlt')
})

test('nothing is preselected, and each result says its Sperrfrist before saving', async () => {
  const html = await hole(`/faelle/${fall}/dokumentation`)
  expect(html).not.toMatch(/type="radio"[^>]*checked/)
  const text = textOf(html)
  expect(text).toContain('abgeschlossen: Gesperrt bis 23.11.2027.')
  expect(text).toContain('abgelehnt nach Beratung: Gesperrt bis 23.11.2028, früher bei neuer Anschrift')
  expect(text).toContain('Hinweis gegeben: Gesperrt bis 23.02.2027.')
})

test('advice without Rat, Gründe and Entscheidung is refused in German with the typed text kept', async () => {
  const antwort = await tippe(`/faelle/${fall}/dokumentation`, {
    aktion: aktion(),
    kanal: 'TELEFON',
    ergebnis: 'ABGESCHLOSSEN',
    notiz: 'Schon viel geschrieben',
  })
  const html = await antwort.text()
  expect(antwort.status).toBe(422)
  expect(html).toMatch(/^<form/)
  expect(html).toContain('Schon viel geschrieben')
  expect(html.match(/§ 61 VVG\)/g)?.length).toBeGreaterThanOrEqual(2)
  expect((await arbeit.readFall(fall))['status']).toBe('OFFEN')
})

test('documenting from the list folds the row, offers undo, counts anew and leads to the next row', async () => {
  const zweiter = await arbeit.openFall()
  const antwort = await tippe(`/faelle/${fall}/dokumentation`, { aktion: aktion(), gesehen: '1', ...HINWEIS })
  const html = await antwort.text()
  expect(antwort.status).toBe(200)
  expect(html).toContain(`hx-target="#fall-${fall}" hx-swap="delete"`)
  expect(html).toMatch(new RegExp(`hx-target="#zeilen-ERLEDIGT" hx-swap="prepend"><tr id="fall-${fall}"`))
  expect(html).toContain('Hinweis gegeben · gesperrt bis 23.02.2027')
  expect(html).toMatch(/hx-target="#meldung">Dokumentiert: Çelik, Elif.*Rückgängig/s)
  expect(antwort.headers.get('HX-Trigger')).toContain('.folgt a.name')
  expect(html).toMatch(
    /hx-target="#blaettern-OFFEN"><span>Noch \d+ offene Fälle<.span><a [^>]*href="\/geschaeftsvorfaelle\/versicherungsluecken-junge-kunden">/,
  )
  expect(zweiter.fall).toBeGreaterThan(fall)
})

test('save and go on shows the next Fall beside the list', async () => {
  await arbeit.openFall()
  const antwort = await tippe(`/faelle/${fall}/dokumentation`, { aktion: aktion(), dann: 'weiter', ...HINWEIS })
  const naechster = /data-fall="(\d+)"/.exec(await antwort.text())?.[1]
  expect(Number(naechster)).not.toBe(fall)
  expect(antwort.headers.get('HX-Replace-Url')).toContain(`fall=${naechster}`)
})

test('the same form sent twice documents once', async () => {
  const form = { aktion: aktion(), gesehen: '1', ...HINWEIS }
  const antworten = await Promise.all(Array.from({ length: 10 }, () => klicke(`/faelle/${fall}/dokumentation`, form)))
  for (const antwort of antworten) expect(antwort.status).toBe(303)
  expect(await arbeit.rows('dokumentation', fall)).toHaveLength(1)
})

test('undo brings a documented Fall back to the list', async () => {
  await klicke(`/faelle/${fall}/dokumentation`, { aktion: aktion(), ...HINWEIS })
  const antwort = await tippe(`/faelle/${fall}/ruecknahme`, { aktion: aktion(), gesehen: '2' })
  expect(await antwort.text()).toContain('hx-target="#zeilen-OFFEN" hx-swap="prepend"')
  expect(await arbeit.readFall(fall)).toMatchObject({ status: 'IN_ARBEIT', ergebnis: null, sperre_bis: null })
})

test('what somebody else did meanwhile is shown, and the typed text stays', async () => {
  const karin = arbeit.karin.token
  await arbeit.web.als(karin, `/faelle/${fall}/kontakt`, { form: { aktion: aktion(), gesehen: '1', kanal: 'TELEFON', ergebnis: 'GESPROCHEN' } })
  const erste = aktion()
  const konflikt = await klicke(`/faelle/${fall}/dokumentation`, { aktion: erste, gesehen: '1', ...HINWEIS, notiz: 'Mühsam getippt' })
  const html = await konflikt.text()
  expect(konflikt.status).toBe(422)
  expect(textOf(html)).toMatch(/Telefon: gesprochen, noch offen \(Lindner, Karin\)/)
  expect(html).toContain('Mühsam getippt')
  const form = html.slice(html.indexOf('<form id="dokumentation"'))
  expect(verborgen(form, 'aktion')).not.toBe(erste)
  expect(
    (await klicke(`/faelle/${fall}/dokumentation`, { aktion: verborgen(form, 'aktion'), gesehen: verborgen(form, 'gesehen'), ...HINWEIS })).status,
  ).toBe(303)
})

test('three calls nobody answers: attempts are counted, then a letter or 90 days are offered', async () => {
  const anruf = () => tippe(`/faelle/${fall}/kontakt`, { aktion: aktion(), kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT' })
  expect(textOf(await (await anruf()).text())).toContain('Nicht erreicht, 1. Versuch')
  expect(textOf(await hole(`/faelle/${fall}/kontakt?kanal=TELEFON`))).toContain('Das ist der 2. Versuch')
  await anruf()
  const dritter = await (await anruf()).text()
  expect(textOf(dritter)).toMatch(/3 Versuche ohne Erfolg.*Brief vermerken/)
  expect(dritter).toMatch(/value="2027-02-22"[^>]*checked|checked[^>]*value="2027-02-22"/)
  expect((await arbeit.rows('kontakt', fall)).map((k) => k['versuch'])).toEqual([1, 2, 3])
})

test('Übernahme Vorgänge: a future day is taken, a past one refused, the row waits under Wiedervorlage', async () => {
  const gestern = await tippe(`/faelle/${fall}/wiedervorlage`, { aktion: aktion(), titel: 'Anrufen', datum: '22.11.2026' })
  expect([gestern.status, textOf(await gestern.text())]).toEqual([422, expect.stringContaining('schon vorbei')])
  const antwort = await tippe(`/faelle/${fall}/wiedervorlage`, { aktion: aktion(), titel: 'Anrufen', wann: 'ANDERS', datum: '1.12.', zeit: '14.30' })
  expect(await antwort.text()).toContain('hx-target="#zeilen-WIEDERVORLAGE"')
  expect(await arbeit.rows('vorgang', fall)).toMatchObject([{ titel: 'Anrufen', faellig_am: '2026-12-01T13:30:00.000Z', kunde_id: kunde }])
})

test('open reminders: the documentation asks whether they stay', async () => {
  await klicke(`/faelle/${fall}/wiedervorlage`, { aktion: aktion(), titel: 'Anrufen', datum: '01.12.2026' })
  const frage = await klicke(`/faelle/${fall}/dokumentation`, { aktion: aktion(), ...HINWEIS })
  expect([frage.status, textOf(await frage.text())]).toEqual([
    422,
    expect.stringContaining('ob die offenen Wiedervorlagen bleiben oder erledigt sind'),
  ])
  await klicke(`/faelle/${fall}/dokumentation`, { aktion: aktion(), ...HINWEIS, vorgaenge: 'ERLEDIGT' })
  expect(await arbeit.rows('vorgang', fall)).toMatchObject([{ status: 'ERLEDIGT' }])
})

test('advertising by e-mail without consent needs a reason; against an objection it does not go out', async () => {
  const html = await hole(`/faelle/${fall}/email`)
  expect(html).toContain('value="elif.celik@kunde.example"')
  expect(html).toContain('Sehr geehrte Frau Çelik,')
  expect(textOf(html)).toContain('keine Einwilligung')
  const mail = { an: 'elif@neu.example', betreff: 'Ihre Absicherung', inhalt: 'Guten Tag', vorlage: 'angebot' }
  expect((await klicke(`/faelle/${fall}/email`, { aktion: aktion(), ...mail })).status).toBe(422)
  expect((await klicke(`/faelle/${fall}/email`, { aktion: aktion(), ...mail, an: 'elif' })).status).toBe(422)
  expect((await klicke(`/faelle/${fall}/email`, { aktion: aktion(), ...mail, grund: 'hat darum gebeten' })).status).toBe(303)
  expect(await arbeit.rows('mail', fall)).toMatchObject([{ an: 'elif@neu.example', betreff: 'Ihre Absicherung', status: 'GEPLANT' }])
  expect(String((await arbeit.rows('kontakt', fall))[0]?.['notiz'])).toContain('Grund: hat darum gebeten')

  const widersprochen = await arbeit.openFall({}, { werbewiderspruch_am: '2026-01-02' })
  const antwort = await klicke(`/faelle/${widersprochen.fall}/email`, { aktion: aktion(), ...mail, grund: 'trotzdem' })
  expect([antwort.status, textOf(await antwort.text())]).toEqual([422, expect.stringContaining('Werbung widersprochen')])
  expect(await arbeit.rows('mail', widersprochen.fall)).toHaveLength(0)
})

test('with consent the e-mail needs no reason and names the consent; plain facts need none', async () => {
  const { id } = await arbeit.web.database.owner
    .insertInto('einwilligung')
    .values({ betrieb_id: arbeit.betrieb, kunde_id: kunde, kanal: 'EMAIL', text_version: '1', form: 'PAPIER', erteilt_am: '2026-01-01' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await klicke(`/faelle/${fall}/email`, { aktion: aktion(), an: 'a@b.de', betreff: 'B', inhalt: 'T', vorlage: 'angebot' })
  expect(await arbeit.rows('kontakt', fall)).toMatchObject([{ kanal: 'EMAIL', einwilligung_id: id }])
  const ablauf = await arbeit.openFall({ gevo: 'G02', befund: G02_BEFUND, frist: '2026-12-31', prio: 1 }, { werbewiderspruch_am: '2026-01-02' })
  const text = textOf(await hole(`/faelle/${ablauf.fall}/email`))
  expect(text).toContain('endet nach meinen Unterlagen am 31.12.2026')
  expect(
    (await klicke(`/faelle/${ablauf.fall}/email`, { aktion: aktion(), an: 'a@b.de', betreff: 'B', inhalt: 'T', vorlage: 'hinweis' })).status,
  ).toBe(303)
})

test('a call for advertising without consent may name its reason; with consent it names the consent', async () => {
  const anruf = (mehr: Record<string, string> = {}) =>
    klicke(`/faelle/${fall}/kontakt`, { aktion: aktion(), kanal: 'TELEFON', ergebnis: 'GESPROCHEN', ...mehr })
  expect(await hole(`/faelle/${fall}/kontakt?kanal=TELEFON`)).toContain('name="grund"')
  expect(await hole(`/faelle/${fall}/kontakt?kanal=BRIEF`)).not.toContain('name="grund"')
  await anruf({ notiz: 'Kurz', grund: 'hat um Rückruf gebeten' })
  const { id } = await arbeit.web.database.owner
    .insertInto('einwilligung')
    .values({ betrieb_id: arbeit.betrieb, kunde_id: kunde, kanal: 'TELEFON', text_version: '1', form: 'PAPIER', erteilt_am: '2026-01-01' })
    .returning('id')
    .executeTakeFirstOrThrow()
  expect(await hole(`/faelle/${fall}/kontakt?kanal=TELEFON`)).not.toContain('name="grund"')
  await anruf({ grund: 'nicht mehr nötig' })
  expect(await arbeit.rows('kontakt', fall)).toMatchObject([
    { einwilligung_id: null, notiz: 'Kurz; ohne Einwilligung, Grund: hat um Rückruf gebeten' },
    { einwilligung_id: id, notiz: null },
  ])
})

test('every form works as a plain page and answers 303', async () => {
  const wege = {
    kontakt: { kanal: 'BRIEF', ergebnis: 'NACHRICHT_VERSANDT' },
    wiedervorlage: { titel: 'Anrufen', datum: '1.12.2026' },
    dokumentation: { ...HINWEIS, vorgaenge: 'BLEIBEN' },
    ruecknahme: {},
  }
  for (const [weg, form] of Object.entries(wege)) {
    const antwort = await klicke(`/faelle/${fall}/${weg}`, { aktion: aktion(), ...form })
    expect([weg, antwort.status]).toEqual([weg, 303])
    expect((await arbeit.web.als(arbeit.anna.token, antwort.headers.get('Location')!)).status).toBe(200)
  }
})

test('the Wizard goes on to the next and ends at the list', async () => {
  const eva = await insertVermittler(arbeit.web.database.owner, arbeit.betrieb)
  const erster = await arbeit.openFall({ vermittler_id: eva.id })
  const zweiter = await arbeit.openFall({ vermittler_id: eva.id })
  const speichere = (id: number) =>
    arbeit.web.als(eva.token, `/faelle/${id}/dokumentation`, { form: { aktion: aktion(), dann: 'wizard', ...HINWEIS } })
  expect(textOf(await hole(`/faelle/${erster.fall}/wizard`, eva.token))).toContain('Fall 1 von 2')
  expect((await speichere(erster.fall)).headers.get('Location')).toBe(`/faelle/${zweiter.fall}/wizard`)
  expect((await speichere(zweiter.fall)).headers.get('Location')).toBe('/geschaeftsvorfaelle/versicherungsluecken-junge-kunden')
})

test('a Supervisor’s filter leads into the Wizard, through it and back to the list', async () => {
  const { karin, betrieb, web } = arbeit
  const G01 = '/geschaeftsvorfaelle/versicherungsluecken-junge-kunden'
  const ida = await insertVermittler(web.database.owner, betrieb)
  const wahl = `?vermittler=${ida.id}`
  const erster = await arbeit.openFall({ vermittler_id: ida.id })
  const fremd = await arbeit.openFall()
  const zweiter = await arbeit.openFall({ vermittler_id: ida.id })
  const wizard = (id: number): string => `/faelle/${id}/wizard${wahl}`
  expect(await hole(`${G01}${wahl}`, karin.token)).toContain(`href="${wizard(erster.fall)}"`)
  const beiListe = { partial: true, headers: { 'HX-Current-URL': `http://localhost:3000${G01}${wahl}` } }
  expect(await (await web.als(karin.token, `/faelle/${erster.fall}/aktionen`, beiListe)).text()).toContain(`href="${wizard(erster.fall)}"`)
  expect(await hole(`/faelle/${erster.fall}/aktionen${wahl}`, karin.token)).toContain(`href="${wizard(erster.fall)}"`)

  const seite = await hole(wizard(erster.fall), karin.token)
  expect(textOf(seite)).toContain('Fall 1 von 2')
  expect(seite).toMatch(new RegExp(`href="/faelle/${zweiter.fall}/wizard\\${wahl}"[^>]*>Überspringen`))
  expect(seite).toContain(`href="${G01}${wahl}">zur Liste`)
  const speichere = (id: number, felder: Record<string, string>) =>
    web.als(karin.token, `/faelle/${id}/dokumentation`, {
      form: { aktion: aktion(), dann: 'wizard', vermittler: verborgen(seite, 'vermittler'), ...felder },
    })
  const falsch = await (await speichere(erster.fall, {})).text()
  expect([verborgen(falsch, 'vermittler'), falsch.includes(wizard(zweiter.fall))]).toEqual([String(ida.id), true])
  expect((await speichere(erster.fall, HINWEIS)).headers.get('Location')).toBe(wizard(zweiter.fall))
  expect((await speichere(zweiter.fall, HINWEIS)).headers.get('Location')).toBe(`${G01}${wahl}`)
  expect(await arbeit.readFall(fremd.fall)).toMatchObject({ status: 'OFFEN' })
})

test('a page opened from a filtered list leads back to it without JavaScript; for a Vermittler a filter means nothing', async () => {
  const { karin, anna, otto, web } = arbeit
  const G01 = '/geschaeftsvorfaelle/versicherungsluecken-junge-kunden'
  const wahl = `?vermittler=${anna.id}`
  expect(await hole(`${G01}${wahl}`, karin.token)).toContain(`href="/faelle/${fall}${wahl}"`)
  const seite = await hole(`/faelle/${fall}${wahl}`, karin.token)
  expect(seite).toContain(`href="${G01}${wahl}">zur Liste`)
  const form = { aktion: aktion(), vermittler: verborgen(seite, 'vermittler'), ...HINWEIS }
  expect((await web.als(karin.token, `/faelle/${fall}/dokumentation`, { form })).headers.get('Location')).toBe(`${G01}${wahl}`)

  const annas = await arbeit.openFall()
  const wizard = await hole(`/faelle/${annas.fall}/wizard?vermittler=${otto.id}`)
  expect(wizard).not.toContain('vermittler=')
  expect(verborgen(wizard, 'vermittler')).toBe('')
  expect(textOf(wizard)).toMatch(/Fall \d+ von \d+/)
  const antwort = await klicke(`/faelle/${annas.fall}/dokumentation`, { aktion: aktion(), dann: 'wizard', vermittler: String(otto.id), ...HINWEIS })
  expect(antwort.headers.get('Location')).not.toContain('vermittler')
})

test('a saved Fall asks PostgreSQL sixteen times on six ways: what does not need an answer does not wait for it', async () => {
  const speichere = (wen: number) => tippe(`/faelle/${wen}/dokumentation`, { aktion: aktion(), gesehen: '1', ...HINWEIS })
  // How much the person sees is counted with the first request.
  await speichere(fall)
  const { fall: naechster } = await arbeit.openFall()
  let [fragen, wege, unterwegs] = [0, 0, 0]
  const frage = pg.Query.prototype as unknown as Record<'submit' | 'handleReadyForQuery', (connection: unknown) => unknown>
  const { submit, handleReadyForQuery } = frage
  const spione = [
    vi.spyOn(frage, 'submit').mockImplementation(function (this: unknown, connection) {
      fragen += 1
      if (unterwegs++ === 0) wege += 1
      return submit.call(this, connection)
    }),
    vi.spyOn(frage, 'handleReadyForQuery').mockImplementation(function (this: unknown, connection) {
      unterwegs -= 1
      return handleReadyForQuery.call(this, connection)
    }),
  ]
  try {
    expect((await speichere(naechster)).status).toBe(200)
  } finally {
    for (const spion of spione) spion.mockRestore()
  }
  expect([fragen, wege]).toEqual([16, 6])
})
