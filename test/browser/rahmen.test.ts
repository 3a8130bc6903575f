/** The pages of frame, login and office in a real browser: by eye (pictures), by axe, by keyboard, with and without JavaScript. */
import { createHash } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertAnmeldung } from '../../db/anmeldung.ts'
import { pfade } from '../../web/pfade.ts'
import { BREIT, HANDY, axe, foto, openFenster, startBrowser, watchFehler } from '../support/browser.ts'
import { type TestWeb, createTestWeb } from '../support/web.ts'
import { insertBetrieb, insertKunde, insertVermittler, insertVertrag } from '../support/welt.ts'

const PASSWORT = 'Regen Kante Ofen'

let web: TestWeb
let browser: Browser
let origin: string
let karin: { id: number; token: string }
let anna: { id: number; token: string }

beforeAll(async () => {
  web = await createTestWeb()
  const { owner } = web.database
  const betrieb = await insertBetrieb(owner, { demo: true })
  karin = await insertVermittler(owner, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner', email: 'karin@lindner.example' })
  anna = await insertVermittler(owner, betrieb, { email: 'anna@lindner.example' })
  const konto = await insertAnmeldung(owner, { email: 'jan@lindner.example', passwort: PASSWORT })
  await insertVermittler(owner, betrieb, {
    vorname: 'Jan',
    name: 'Petersen',
    email: 'jan@lindner.example',
    telefon: '040 1234567',
    anmeldung_id: konto,
  })
  await insertVermittler(owner, betrieb, { vorname: 'Özlem', name: 'Ünal', email: 'oezlem.uenal@lindner.example', aktiv: false })
  const kunde = await insertKunde(owner, { betrieb, vermittler: anna.id })
  for (const vu of ['5342', '5342', '4711']) await insertVertrag(owner, { betrieb, kunde }, { vu_nummer: vu })
  await owner.insertInto('versicherer').values({ betrieb_id: betrieb, vu_nummer: '5058', name: 'Nordstern Auto' }).execute()
  await owner.insertInto('agenturnummer').values({ betrieb_id: betrieb, vu_nummer: '5058', nummer: '0815/4711', vermittler_id: anna.id }).execute()
  await owner
    .updateTable('installation')
    .set({ einrichtung_hash: createHash('sha256').update('einmal').digest('hex') })
    .execute()
  origin = await web.serve()
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await web?.drop()
})

const SEITEN = [
  ['anmelden', pfade.anmelden(), false],
  ['passwort-vergessen', pfade.passwortVergessen(), false],
  ['einrichtung', `${pfade.einrichtung()}?token=einmal`, false],
  ['mitarbeiter', pfade.mitarbeiter(), true],
  ['mitarbeiter-profil', 'ANNA', true],
  ['betrieb', pfade.betrieb(), true],
  ['versicherer', pfade.versicherer(), true],
  ['profil', pfade.profil(), true],
  ['fehlt', '/gibt-es-nicht', true],
] as const

const ANSICHTEN = [
  ['breit-hell', { viewport: BREIT, dunkel: false }],
  ['breit-dunkel', { viewport: BREIT, dunkel: true }],
  ['handy-hell', { viewport: HANDY, dunkel: false }],
  ['handy-dunkel', { viewport: HANDY, dunkel: true }],
] as const

test.each(ANSICHTEN)('every page of the frame is free of faults: %s', async (name, ansicht) => {
  const gefunden: Record<string, string[]> = {}
  for (const [seite, pfad, drin] of SEITEN) {
    const fenster = await openFenster(browser, origin, { ...ansicht, ...(drin && { token: karin.token }) })
    const page = await fenster.newPage()
    const fehler = watchFehler(page)
    await page.goto(pfad === 'ANNA' ? pfade.mitarbeiterProfil(anna.id) : pfad)
    await foto(page, `${seite}-${name}`, { ganz: true })
    const breite = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    const verstoesse = [...(await axe(page)), ...fehler.filter((f) => !f.includes('404')), ...(breite > 0 ? [`scrolls sideways by ${breite}`] : [])]
    if (verstoesse.length > 0) gefunden[seite] = verstoesse
    await fenster.close()
  }
  expect(gefunden).toEqual({})
})

test.each(ANSICHTEN)('faults under each other can each be hit: %s', async (name, ansicht) => {
  const fenster = await openFenster(browser, origin, ansicht)
  const page = await fenster.newPage()
  await page.goto(`${pfade.einrichtung()}?token=einmal`)
  await page.evaluate(() => {
    const form = document.querySelector<HTMLFormElement>('main form')!
    form.noValidate = true
    form.requestSubmit()
  })
  await page.waitForFunction(() => document.querySelectorAll('.fehlerliste li').length > 2)
  await foto(page, `einrichtung-fehler-${name}`, { ganz: true })
  expect(await axe(page)).toEqual([])
  await fenster.close()
})

test('axe does look: a page made worse is found out', async () => {
  const fenster = await openFenster(browser, origin)
  const page = await fenster.newPage()
  await page.goto(pfade.anmelden())
  await page.evaluate(() => {
    document.documentElement.removeAttribute('lang')
    document.querySelector('label')?.remove()
  })
  const gefunden = (await axe(page)).map((zeile) => zeile.split(':')[0])
  expect(gefunden).toEqual(expect.arrayContaining(['html-has-lang', 'label']))
  await fenster.close()
})

test('at 320 px nothing is cut off and nothing scrolls sideways', async () => {
  const fenster = await openFenster(browser, origin, { viewport: { width: 320, height: 640 }, token: karin.token })
  const page = await fenster.newPage()
  for (const pfad of [pfade.mitarbeiter(), pfade.mitarbeiterProfil(anna.id), pfade.betrieb(), pfade.versicherer(), pfade.profil()]) {
    await page.goto(pfad)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  }
  await fenster.close()
})

test('a person logs in by keyboard alone, a mistake first, and the focus leads to what is wrong', async () => {
  const fenster = await openFenster(browser, origin)
  const page = await fenster.newPage()
  await page.goto(pfade.anmelden())
  await page.waitForFunction(() => document.activeElement?.id === 'feld-email')
  await page.keyboard.type('jan@lindner.example')
  await page.keyboard.press('Tab')
  await page.keyboard.type('falsch geraten')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.fehlerliste')
  expect(await page.evaluate(() => document.activeElement?.className)).toBe('fehlerliste')
  expect(await axe(page)).toEqual([])
  await page.focus('#feld-passwort')
  await page.keyboard.type(PASSWORT)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  expect(await page.getAttribute('#feld-passwort', 'type')).toBe('text')
  await page.focus('#feld-passwort')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/geschaeftsvorfaelle')
  await page.goto(pfade.profil())
  await page.keyboard.press('/')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('suche')
  await fenster.close()
})

test('the question mark shows the keys of the page, and they can be switched off', async () => {
  const fenster = await openFenster(browser, origin, { token: anna.token })
  const page = await fenster.newPage()
  await page.goto(pfade.profil())
  await page.keyboard.press('?')
  expect(await page.textContent('dialog')).toContain('Kunden und Verträge suchen')
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.uncheck('#feld-tasten')
  await page.click('text=Speichern')
  await page.waitForSelector('#meldung:has-text("Gespeichert.")')
  await page.keyboard.press('?')
  expect(await page.$('dialog')).toBeNull()
  await fenster.close()
})

test('naming an insurer changes its row in place, keeps the focus there and is announced', async () => {
  const fenster = await openFenster(browser, origin, { token: karin.token })
  const page = await fenster.newPage()
  const fehler = watchFehler(page)
  await page.goto(pfade.versicherer())
  await page.fill('#vu-4711-name', 'Alte Elbe')
  await page.click('#vu-4711-knopf')
  await page.waitForSelector('#meldung:has-text("VU 4711 heißt jetzt Alte Elbe.")')
  expect(await page.evaluate(() => document.activeElement?.closest('tr')?.id)).toBe('vu-4711')
  expect(await page.textContent('#vu-4711')).not.toContain('ohne Namen')
  expect(fehler).toEqual([])
  await fenster.close()
})

test('a cut line, a fault of the server and a lost session each say what happened, and what was typed stays', async () => {
  const fenster = await openFenster(browser, origin, { token: karin.token })
  const page = await fenster.newPage()
  await page.goto(pfade.versicherer())
  await page.fill('#vu-5342-name', 'Hansa Sach')
  await page.route('**/versicherer', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()))
  await page.click('#vu-5342-knopf')
  await page.waitForSelector('#stoerung:has-text("Die Verbindung ist unterbrochen")')
  await page.unroute('**/versicherer')
  await page.route('**/versicherer', (route) => route.fulfill({ status: 500, contentType: 'text/html', body: '<p>Fehlernummer 4711.</p>' }))
  await page.click('#vu-5342-knopf')
  await page.waitForSelector('#stoerung:has-text("Fehlernummer 4711.")')
  expect(await page.inputValue('#vu-5342-name')).toBe('Hansa Sach')
  await page.unroute('**/versicherer')
  await fenster.clearCookies()
  await page.click('#vu-5342-knopf')
  await page.waitForURL('**/anmelden?weiter=%2Fversicherer')
  await fenster.close()
})

test('the theme of the person beats the system’s, and print is always light', async () => {
  const fenster = await openFenster(browser, origin, { token: karin.token })
  const page = await fenster.newPage()
  await page.goto(pfade.profil())
  const papier = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const hell = await papier()
  await page.check('#feld-thema-dunkel')
  await page.click('text=Speichern')
  await page.waitForSelector('html.dunkel')
  expect(await papier()).not.toBe(hell)
  await page.emulateMedia({ media: 'print' })
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('light')
  await page.emulateMedia({ media: 'screen' })
  await page.check('#feld-thema-system')
  await page.click('text=Speichern')
  await page.waitForSelector('html:not(.dunkel)')
  await fenster.close()
})

test('on a phone the menu stands at the bottom and the rest unfolds from "Mehr"', async () => {
  const fenster = await openFenster(browser, origin, { viewport: HANDY, token: karin.token })
  const page = await fenster.newPage()
  await page.goto(pfade.profil())
  expect(await page.isVisible('#mehr')).toBe(false)
  await page.click('text=Mehr')
  await page.waitForSelector('#mehr:popover-open')
  await foto(page, 'menue-handy')
  expect(await axe(page)).toEqual([])
  await page.click('#mehr >> text=Mitarbeiter')
  await page.waitForURL('**/mitarbeiter')
  await fenster.close()
})

test('all of it works without JavaScript', async () => {
  const fenster = await openFenster(browser, origin, { javaScript: false })
  const page = await fenster.newPage()
  await page.goto(pfade.anmelden())
  await page.fill('#feld-email', 'jan@lindner.example')
  await page.fill('#feld-passwort', PASSWORT)
  await page.click('text=Anmelden >> nth=-1')
  await page.goto(pfade.profil())
  await page.check('#feld-thema-dunkel')
  await page.click('text=Speichern')
  expect(await page.textContent('#meldung')).toBe('Gespeichert.')
  expect(await page.getAttribute('html', 'class')).toBe('dunkel')
  await page.click('text=Abmelden')
  expect(new URL(page.url()).pathname).toBe('/anmelden')
  expect(await page.textContent('#meldung')).toBe('Sie sind abgemeldet.')
  await fenster.close()
})
