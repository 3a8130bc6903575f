import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Arbeit, G02_BEFUND, createArbeit } from '../support/arbeit.ts'
import { BREIT, HANDY, axe, foto, openFenster, startBrowser, watchFehler } from '../support/browser.ts'
import { insertVermittler } from '../support/welt.ts'

let arbeit: Arbeit
let browser: Browser
let origin: string
const G01 = '/geschaeftsvorfaelle/versicherungsluecken-junge-kunden'
const faelle: number[] = []

const NAMEN = [
  ['Jonas', 'Brandt'],
  ['Elif', 'Çelik'],
  ['Marie', 'Hoffmann'],
  ['Piotr', 'Kowalski'],
  ['Hannah', 'Müller'],
  ['Tim', 'Schäfer'],
  ['Sophie', 'Thiele'],
  ['Deniz', 'Ünal'],
  ['Nora', 'Vogel'],
  ['Max', 'Wagner'],
] as const

beforeAll(async () => {
  arbeit = await createArbeit()
  const { owner } = arbeit.web.database
  for (const [i, [vorname, name]] of NAMEN.entries()) {
    const { fall, kunde } = await arbeit.openFall(i % 3 === 0 ? {} : { stichtag: '2026-11-20', nachtlauf_id: null }, {
      vorname,
      name,
      geburtsdatum: `${1993 + i}-03-14`,
      titel: name === 'Hoffmann' ? 'Dr.' : null,
    })
    faelle.push(fall)
    if (i % 3 !== 2)
      await owner
        .insertInto('portalzugang')
        .values({ betrieb_id: arbeit.betrieb, kunde_id: kunde, status: i % 3 === 0 ? 'AKTIV' : 'EINGELADEN' })
        .execute()
  }
  for (const [i, frist] of ['2026-11-20', '2026-11-27', '2026-12-31'].entries())
    await arbeit.openFall({ gevo: 'G02', befund: G02_BEFUND, frist, prio: 1, schluessel: `g02-${i}` }, { name: 'Ablauf', vorname: `Nr. ${i}` })
  origin = await arbeit.web.serve()
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await arbeit?.web.drop()
})

async function oeffne(pfad: string, ansicht: Parameters<typeof openFenster>[2] = {}): Promise<{ page: Page; fehler: string[] }> {
  const context = await openFenster(browser, origin, { token: arbeit.anna.token, ...ansicht })
  const page = await context.newPage()
  const fehler = watchFehler(page)
  await page.goto(pfad)
  return { page, fehler }
}
const fokus = (page: Page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName.toLowerCase())

test('the key of the Wizard takes the list’s filter along', async () => {
  const wahl = `?vermittler=${arbeit.anna.id}`
  const { page, fehler } = await oeffne(`${G01}${wahl}`, { token: arbeit.karin.token })
  const [erster] = await page.locator('#zeilen-OFFEN tr').evaluateAll((alle) => alle.map((z) => (z as HTMLElement).dataset['fall']))
  await page.locator(`#name-${erster}`).focus()
  await page.keyboard.press('w')
  await page.waitForURL(`**/faelle/${erster}/wizard${wahl}`)
  expect(await page.locator('a', { hasText: 'zur Liste' }).getAttribute('href')).toBe(`${G01}${wahl}`)
  expect(fehler).toEqual([])
})

test('from the list by keyboard: open, document, save and go on; undo with z', async () => {
  const { page, fehler } = await oeffne(G01)
  await page.keyboard.press('j')
  await page.waitForFunction(() => document.activeElement?.matches('a.name'))
  const erster = await fokus(page)
  await page.keyboard.press('j')
  expect(await fokus(page)).not.toBe(erster)
  await page.keyboard.press('k')
  expect(await fokus(page)).toBe(erster)
  const id = erster!.replace('name-', '')
  await page.keyboard.press('d')
  await page.waitForFunction(() => document.activeElement?.id === 'doku-kopf')
  await page.getByRole('radio', { name: 'Telefon' }).check()
  await page.getByRole('radio', { name: 'Hinweis gegeben' }).check()
  await expect.poll(() => page.getByText('Gesperrt bis').filter({ visible: true }).count()).toBe(1)
  await page.getByLabel('Notiz').fill('Ruhig')
  // The list has not moved under the form.
  expect(await page.evaluate(() => scrollY)).toBe(0)
  await foto(page, 'fall-dokumentieren')
  await page.keyboard.press('Control+Enter')
  await page.waitForFunction((alt) => document.querySelector('#akte [data-fall]')?.getAttribute('data-fall') !== alt, id)
  expect(await page.locator(`#zeilen-ERLEDIGT #fall-${id}`).count()).toBe(1)
  expect(await page.locator('#zahl-ERLEDIGT').textContent()).toBe('1')
  expect(await fokus(page)).toBe('akte-titel')
  await foto(page, 'fall-toast')
  await page.keyboard.press('z')
  await page.waitForFunction((alt) => document.querySelector(`#zeilen-OFFEN #fall-${alt}`), id)
  expect(await fokus(page)).toBe(`name-${id}`)
  expect(fehler).toEqual([])
})

test('double click and the three bars open the same form; the menu walks with arrows and gives the focus back', async () => {
  const { page, fehler } = await oeffne(G01)
  await page.locator(`#fall-${faelle[4]} td`).nth(1).dblclick()
  await page.waitForFunction(() => document.activeElement?.id === 'doku-kopf')
  const knopf = page.locator(`#aktionen-${faelle[4]}`)
  await knopf.click()
  await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('Kundendaten aufrufen'))
  await foto(page, 'fall-menue')
  expect(await axe(page)).toEqual([])
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Bearbeiten')
  await page.keyboard.press('Escape')
  expect(await fokus(page)).toBe(`aktionen-${faelle[4]}`)
  await page.locator(`#name-${faelle[4]}`).focus()
  await page.keyboard.press('Shift+F10')
  await page.waitForFunction(() => document.querySelector('#menue')?.matches(':popover-open'))
  await page.keyboard.press('m')
  await page.waitForFunction(() => document.activeElement?.id === 'email-kopf')
  await foto(page, 'fall-email')
  await page.locator(`#fall-${faelle[5]}`).click({ button: 'right' })
  await page.waitForFunction(() => document.querySelector('#menue')?.matches(':popover-open'))
  expect(fehler).toEqual([])
})

test('a form with faults keeps the focus in the form and what was typed', async () => {
  const { page } = await oeffne(`${G01}?fall=${faelle[6]}`)
  await page.locator('#dokumentation').getByLabel('Notiz').fill('bleibt stehen')
  await page.locator('#akte .speichern .haupt').click()
  await page.waitForFunction(() => document.activeElement?.matches('.fehlerliste'))
  expect(await page.locator('#dokumentation').getByLabel('Notiz').inputValue()).toBe('bleibt stehen')
  await foto(page, 'fall-fehler')
  expect(await axe(page)).toEqual([])
})

test('nobody answers: the reminder form follows; the row waits, Vorgänge shows it', async () => {
  const { page, fehler } = await oeffne(`${G01}?fall=${faelle[7]}`)
  await page.locator(`#name-${faelle[7]}`).focus()
  await page.keyboard.press('t')
  await page.waitForFunction(() => document.activeElement?.id === 'kontakt-kopf')
  await page.getByRole('radio', { name: 'nicht erreicht' }).check()
  await page.getByRole('button', { name: 'Vermerken' }).click()
  await page.waitForFunction(() => document.activeElement?.id === 'wiedervorlage-kopf')
  await foto(page, 'fall-wiedervorlage')
  expect(await axe(page)).toEqual([])
  await page.getByRole('button', { name: 'Wiedervorlage anlegen' }).click()
  await page.waitForSelector(`#zeilen-WIEDERVORLAGE #fall-${faelle[7]}`, { state: 'attached' })
  expect(await fokus(page)).toBe('akte-titel')
  await page.goto('/vorgaenge')
  await foto(page, 'vorgaenge')
  expect(await axe(page)).toEqual([])
  await page.getByRole('button', { name: 'Erledigt' }).first().click()
  await page.waitForFunction(() => document.querySelector('#meldung')?.textContent?.startsWith('Erledigt'))
  expect(await fokus(page)).not.toBe('body')
  expect(fehler).toEqual([])
})

test('moving a Vorgang proposes its own moment and leads back to the filtered list', async () => {
  const { fall } = await arbeit.openFall({ vermittler_id: arbeit.otto.id })
  const form = { titel: 'Unterlagen anfordern', datum: '2.12.2026', zeit: '3:45' }
  await arbeit.web.als(arbeit.otto.token, `/faelle/${fall}/wiedervorlage`, { form })
  for (const [name, viewport] of Object.entries({ 1280: BREIT, 390: HANDY })) {
    const { page, fehler } = await oeffne(`/vorgaenge?vermittler=${arbeit.otto.id}`, { token: arbeit.karin.token, viewport })
    await page.locator('tr', { hasText: form.titel }).getByRole('link', { name: 'Verschieben' }).click()
    await page.waitForURL('**/termin?*')
    expect(await page.getByLabel('Uhrzeit').inputValue()).toBe('03:45')
    await foto(page, `vorgang-verschieben-${name}`, { ganz: true })
    expect(await axe(page)).toEqual([])
    await page.getByRole('textbox', { name: 'Anderer Tag' }).fill('3.12.')
    await page.getByRole('button', { name: 'Verschieben' }).click()
    await page.waitForURL(`**/vorgaenge?vermittler=${arbeit.otto.id}`)
    expect(await page.locator('tr', { hasText: form.titel }).textContent()).toContain('Do 03.12., 03:45 Uhr')
    expect(fehler).toEqual([])
  }
})

const SEITEN = [
  ['uebersicht', () => '/geschaeftsvorfaelle'],
  ['liste', () => G01],
  ['liste-frist', () => '/geschaeftsvorfaelle/vertrag-laeuft-bald-ab'],
  ['liste-akte', () => `${G01}?fall=${faelle[1]}`],
  ['fall', () => `/faelle/${faelle[1]}`],
  ['aktionen', () => `/faelle/${faelle[1]}/aktionen`],
  ['email', () => `/faelle/${faelle[1]}/email`],
  ['wizard', () => `/faelle/${faelle[1]}/wizard`],
  ['chat', () => `/faelle/${faelle[1]}/chat`],
  ['vorgaenge-liste', () => '/vorgaenge'],
  ['vorgang-neu', () => '/vorgaenge/neu?q=m'],
  ['postausgang', () => '/entwicklung/postausgang'],
] as const
test.each(SEITEN)('%s: no fault by axe, wide and narrow, light and dark; nothing overflows', async (name, pfad) => {
  for (const dunkel of [false, true])
    for (const schmal of [false, true]) {
      const { page, fehler } = await oeffne(pfad(), {
        dunkel,
        ...(schmal && { viewport: HANDY }),
        token: dunkel ? arbeit.karin.token : arbeit.anna.token,
      })
      await foto(page, `f-${name}-${schmal ? '390' : '1280'}${dunkel ? '-dunkel' : ''}`)
      expect(await axe(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
      expect(fehler).toEqual([])
      await page.context().close()
    }
})

test('two in a row by keys alone: each form begins at its first way and its first result', async () => {
  const { page, fehler } = await oeffne(G01)
  await page.keyboard.press('j')
  for (let i = 0; i < 2; i++) {
    const fall = await page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-fall]')?.dataset.fall)
    await page.keyboard.press('d')
    await page.waitForFunction(() => document.activeElement?.id === 'doku-kopf')
    await page.keyboard.press('Tab')
    expect(await fokus(page)).toBe('doku-kanal-TELEFON')
    await page.keyboard.press('Space')
    await page.keyboard.press('Tab')
    expect(await fokus(page)).toBe('doku-ergebnis-ABGESCHLOSSEN')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await fokus(page)).toBe('doku-ergebnis-HINWEIS_GEGEBEN')
    await page.keyboard.press('Control+Enter')
    await page.waitForSelector(`#zeilen-ERLEDIGT #fall-${fall}`, { state: 'attached' })
    await page.waitForFunction(() => document.activeElement?.id === 'akte-titel')
  }
  expect(fehler).toEqual([])
})

test('the help names the keys in whole words', async () => {
  const { page } = await oeffne(`/faelle/${faelle[8]}`)
  await page.keyboard.press('?')
  const worte = await page.locator('dialog .tasten span').allTextContents()
  expect(worte).toEqual(expect.arrayContaining(['Dokumentieren', 'Anruf vermerken', 'E-Mail', 'Wiedervorlage']))
  await foto(page, 'tasten')
})

const ENTWURF = 'Ihre Eingaben von vorhin stehen wieder im Formular.'
const drafts = (page: Page) => page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.startsWith('entwurf')))
async function readDokumentation(page: Page): Promise<unknown[]> {
  const form = page.locator('#dokumentation')
  return [
    await form.locator('input[type=radio]:checked').evaluateAll((felder) => felder.map((f) => (f as HTMLInputElement).value)),
    await form.getByLabel('Notiz').inputValue(),
  ]
}

test('what was typed is there again when another row was opened meanwhile, in every form; it can be thrown away', async () => {
  const { page, fehler } = await oeffne(`${G01}?fall=${faelle[3]}`)
  await page.getByRole('radio', { name: 'Brief' }).check()
  await page.getByText('weitere …').click()
  await page.getByRole('radio', { name: 'abgelehnt nach Beratung' }).check()
  await page.locator('#doku-rat').fill('Haftpflicht zuerst')
  await page.locator('#dokumentation').getByLabel('Notiz').fill('Ruft im Januar zurück')
  const oeffneZeile = async (fall: number) => {
    await page.locator(`#name-${fall}`).click()
    await page.waitForSelector(`#akte [data-fall="${fall}"]`)
  }
  await oeffneZeile(faelle[9]!)
  expect(await readDokumentation(page)).toEqual([[], ''])
  expect(await page.getByText(ENTWURF).count()).toBe(0)
  const vorher = await page.locator('#dokumentation input[name=aktion]').inputValue()
  await page.goBack()
  await page.getByText(ENTWURF).waitFor()
  expect(await readDokumentation(page)).toEqual([['BRIEF', 'ABGELEHNT_NACH_BERATUNG'], 'Ruft im Januar zurück'])
  await oeffneZeile(faelle[9]!)
  await oeffneZeile(faelle[3]!)
  expect(await page.getByText(ENTWURF).count()).toBe(1)
  expect(await readDokumentation(page)).toEqual([['BRIEF', 'ABGELEHNT_NACH_BERATUNG'], 'Ruft im Januar zurück'])
  expect(await page.locator('#doku-rat').inputValue()).toBe('Haftpflicht zuerst')
  expect(await page.locator('#doku-rat').isVisible()).toBe(true)
  expect(await page.getByRole('radio', { name: 'abgelehnt nach Beratung' }).isVisible()).toBe(true)
  expect(await page.locator('#dokumentation input[name=aktion]').inputValue()).not.toBe(vorher)
  await page.getByText(ENTWURF).scrollIntoViewIfNeeded()
  await foto(page, 'entwurf-1280')
  expect(await axe(page)).toEqual([])
  for (const [link, feld, text] of [
    ['Anruf vermerken', '#kontakt-notiz', 'besetzt'],
    ['E-Mail', '#email-betreff', 'Ihre Fragen'],
    ['Wiedervorlage', '#wiedervorlage-titel', 'Unterlagen'],
    ['Brief', '#kontakt-notiz', 'Entwurf liegt im Schrank'],
  ] as const) {
    const wahl = page.locator('#formularwahl a', { hasText: link })
    await wahl.click()
    await page.waitForSelector(`#formularwahl a[aria-current]:has-text("${link}")`)
    expect(await page.getByText(ENTWURF).count()).toBe(0)
    await page.locator(feld).fill(text)
    await oeffneZeile(faelle[9]!)
    await oeffneZeile(faelle[3]!)
    await wahl.click()
    await page.waitForSelector(`#formularwahl a[aria-current]:has-text("${link}")`)
    expect(await page.locator(feld).inputValue()).toBe(text)
  }
  await page.goto(`/faelle/${faelle[3]}/dokumentation`)
  expect(await readDokumentation(page)).toEqual([['BRIEF', 'ABGELEHNT_NACH_BERATUNG'], 'Ruft im Januar zurück'])
  await page.getByRole('button', { name: 'Verwerfen' }).click()
  expect(await readDokumentation(page)).toEqual([[], ''])
  expect(await fokus(page)).toBe('doku-kopf')
  await page.reload()
  expect(await readDokumentation(page)).toEqual([[], ''])
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
  expect(fehler).toEqual([])
})

test('what was typed outlives faults and the session’s end, and is gone once it was taken', async () => {
  const { page } = await oeffne(`${G01}?fall=${faelle[8]}`)
  const speichern = page.getByRole('button', { name: 'Speichern', exact: true })
  await page.locator('#dokumentation').getByLabel('Notiz').fill('bleibt')
  await speichern.click()
  await page.waitForSelector('#dokumentation .fehlerliste')
  expect(await page.getByText(ENTWURF).count()).toBe(0)
  await page.getByRole('radio', { name: 'Telefon' }).check()
  await page.context().clearCookies()
  await speichern.click()
  await page.waitForURL('**/anmelden?weiter=*')
  await page.context().addCookies([{ name: 'sitzung', value: arbeit.anna.token, url: origin }])
  await page.reload()
  await page.waitForURL(`**${G01}?fall=${faelle[8]}`)
  expect(await readDokumentation(page)).toEqual([['TELEFON'], 'bleibt'])
  await page.getByRole('radio', { name: 'Hinweis gegeben' }).check()
  await speichern.click()
  await page.waitForSelector(`#zeilen-ERLEDIGT #fall-${faelle[8]}`, { state: 'attached' })
  expect(await drafts(page)).toEqual([])
  await page.locator('#meldung .ruecknahme button').click()
  await page.waitForSelector(`#zeilen-OFFEN #fall-${faelle[8]}`)
  expect(await readDokumentation(page)).toEqual([[], ''])
})

test('the Wizard brings back what was typed, and forgets it once it was taken', async () => {
  const { page, fehler } = await oeffne(`/faelle/${faelle[9]}/wizard`, { viewport: HANDY })
  await page.locator('#dokumentation').getByLabel('Notiz').fill('vom Wizard')
  await page
    .getByRole('link', { name: 'Überspringen' })
    .or(page.getByRole('link', { name: 'zur Liste' }))
    .first()
    .click()
  await page.goBack()
  await page.reload()
  expect(await readDokumentation(page)).toEqual([[], 'vom Wizard'])
  await page.getByText(ENTWURF).scrollIntoViewIfNeeded()
  await foto(page, 'entwurf-390')
  expect(await axe(page)).toEqual([])
  await page.getByRole('radio', { name: 'Telefon' }).check()
  await page.getByRole('button', { name: 'Speichern und weiter' }).click()
  await page.waitForSelector('.fehlerliste')
  expect(await readDokumentation(page)).toEqual([['TELEFON'], 'vom Wizard'])
  expect(await drafts(page)).toHaveLength(1)
  await page.getByRole('radio', { name: 'Hinweis gegeben' }).check()
  await page.getByRole('button', { name: 'Speichern und weiter' }).click()
  await page.waitForSelector('#meldung:has-text("Dokumentiert")')
  expect(await drafts(page)).toEqual([])
  expect(fehler.filter((f) => !f.includes('422'))).toEqual([])
})

test('nobody else finds it: it ends with the logout, and with somebody else’s login', async () => {
  const { page } = await oeffne(`/faelle/${faelle[2]}/dokumentation`)
  const tippe = async () => {
    await page.goto(`/faelle/${faelle[2]}/dokumentation`)
    await page.locator('#dokumentation').getByLabel('Notiz').fill('nur für Anna')
    expect(await drafts(page)).toHaveLength(1)
  }
  await tippe()
  await page.context().addCookies([{ name: 'sitzung', value: arbeit.karin.token, url: origin }])
  await page.goto('/profil')
  expect(await drafts(page)).toEqual([])
  const anna = await insertVermittler(arbeit.web.database.owner, arbeit.betrieb, { rolle: 'SUPERVISOR' })
  await page.context().addCookies([{ name: 'sitzung', value: anna.token, url: origin }])
  await tippe()
  // Without the browser's own clearing, which only https and this machine have.
  await page.route('**/abmelden', (route) => route.fulfill({ status: 204 }))
  await page.evaluate(() => document.querySelector<HTMLFormElement>('form[action="/abmelden"]')!.requestSubmit())
  await expect.poll(() => drafts(page)).toEqual([])
})

test('a page that was worked off says how many are left, and is filled again', async () => {
  const viele = await insertVermittler(arbeit.web.database.owner, arbeit.betrieb)
  for (let i = 0; i < 52; i++)
    await arbeit.openFall({ vermittler_id: viele.id, schluessel: `seite-${i}` }, { name: `Kunde${String(i).padStart(2, '0')}` })
  const { page, fehler } = await oeffne(`${G01}?seite=2`, { token: viele.token })
  const stand = page.locator('#blaettern-OFFEN span')
  expect(await stand.textContent()).toBe('51–52 von 52')
  const documentFirst = async () => {
    const name = page.locator('#zeilen-OFFEN a.name').first()
    await name.focus()
    const fall = (await fokus(page))!.replace('name-', '')
    await page.keyboard.press('d')
    await page.waitForFunction(() => document.activeElement?.id === 'doku-kopf')
    await page.getByRole('radio', { name: 'Telefon' }).check()
    await page.getByRole('radio', { name: 'Hinweis gegeben' }).check()
    await page.getByRole('button', { name: 'Speichern', exact: true }).click()
    await page.waitForSelector(`#zeilen-ERLEDIGT #fall-${fall}`, { state: 'attached' })
  }
  await documentFirst()
  expect(await stand.textContent()).toBe('Noch 51 offene Fälle')
  await foto(page, 'liste-auffuellen')
  expect(await axe(page)).toEqual([])
  await documentFirst()
  await page.waitForFunction(() => document.activeElement?.textContent === 'Liste auffüllen')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**${G01}`)
  expect(await page.locator('#zeilen-OFFEN tr').count()).toBe(50)
  expect(fehler).toEqual([])
})
