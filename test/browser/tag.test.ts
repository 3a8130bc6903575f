/** A Vermittler's morning in a real browser, on the demo Betrieb after its first night: by mouse, by keyboard, on a phone, without JavaScript. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BREIT, HANDY, axe, openFenster, startBrowser, watchFehler } from '../support/browser.ts'
import { type DemoTag, JAN, KARIN, PASSWORT, createDemoTag } from '../support/demo-tag.ts'

const BILDER = process.env['SCREENSHOTS']
const G01 = '/geschaeftsvorfaelle/versicherungsluecken-junge-kunden'
const SIEBEN = ['Kundendaten aufrufen', 'Vertragsspiegel', 'Übernahme Vorgänge', 'Kundenchat', 'E-Mail', 'Bearbeiten', 'Wizard']

let tag: DemoTag
let browser: Browser
let origin: string
beforeAll(async () => {
  if (BILDER) mkdirSync(BILDER, { recursive: true })
  tag = await createDemoTag()
  origin = await tag.web.serve()
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await tag?.web.drop()
})

async function open(ansicht: Parameters<typeof openFenster>[2] = {}): Promise<{ context: BrowserContext; page: Page; fehler: string[] }> {
  const context = await openFenster(browser, origin, ansicht)
  const page = await context.newPage()
  const fehler = watchFehler(page)
  // A focus that fell back onto the page is lost for keyboard and screen reader.
  await page.addInitScript(() => {
    const isLost = () => document.activeElement === document.body
    const look = () => isLost() && console.error(`Fokus verloren auf ${location.pathname}`)
    // Between pressing and releasing on a label the page has the focus for a moment: what is lost stays lost.
    document.addEventListener('htmx:after:swap', () => setTimeout(() => isLost() && setTimeout(look, 500), 300))
  })
  return { context, page, fehler }
}
async function login(page: Page, email: string): Promise<void> {
  await page.goto('/')
  await page.getByLabel('E-Mail-Adresse').fill(email)
  await page.locator('input[type=password]').fill(PASSWORT)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/geschaeftsvorfaelle')
}
const foto = async (page: Page, name: string): Promise<void> => {
  if (BILDER) await page.screenshot({ path: path.join(BILDER, `${name}.png`) })
}
const fokus = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id || document.activeElement!.tagName)
/** Waits until the focus stands where it belongs; it never rests on the page itself. */
async function fokusAuf(page: Page, id: string): Promise<void> {
  await page.waitForFunction((ziel) => document.activeElement?.id === ziel, id).catch(async () => expect(await fokus(page)).toBe(id))
}
const menuepunkte = (page: Page): Promise<string[]> =>
  page.locator('#menue [role=menuitem]').evaluateAll((alle) =>
    alle.map((einer) => {
      const kopie = einer.cloneNode(true) as HTMLElement
      for (const neben of kopie.querySelectorAll('small, kbd')) neben.remove()
      return kopie.textContent!.trim()
    }),
  )
const readFall = (id: number) => tag.web.database.owner.selectFrom('fall').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
/** Numbers of the open rows, as they stand. */
const zeilen = (page: Page): Promise<number[]> =>
  page.locator('#zeilen-OFFEN tr').evaluateAll((alle) => alle.map((z) => Number((z as HTMLElement).dataset['fall'])))

test('the morning: log in, choose a case, call, document, take back, go on in the Wizard', async () => {
  const { page, fehler, context } = await open()
  await login(page, JAN)
  expect(await page.locator('#zahl-geschaeftsvorfaelle').textContent()).toMatch(/^\d+$/)
  await page.getByRole('link', { name: 'Versicherungslücken bei jüngeren Kunden' }).click()
  await page.waitForURL(`**${G01}`)
  const [, , erster, zweiter] = await zeilen(page)

  // ---- three bars by mouse: exactly the seven, in their order
  await page.locator(`#zeilen-OFFEN #aktionen-${erster}`).click()
  await page.waitForFunction(() => document.querySelector('#menue')?.matches(':popover-open') && document.activeElement?.matches('[role=menuitem]'))
  expect(await menuepunkte(page)).toEqual(SIEBEN)
  expect(await axe(page)).toEqual([])
  await foto(page, 'menue')
  await page.keyboard.press('Escape')
  await fokusAuf(page, `aktionen-${erster}`)
  // ---- and by keyboard, around both ends
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('Kundendaten aufrufen'))
  await page.keyboard.press('ArrowUp')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Wizard')
  await page.keyboard.press('Escape')
  await fokusAuf(page, `aktionen-${erster}`)

  // ---- double click opens the form; what was chosen shows its Sperrfrist before anything is saved
  await page.locator(`#fall-${erster} td`).nth(1).dblclick()
  await fokusAuf(page, 'doku-kopf')
  await page.getByRole('radio', { name: 'Telefon' }).check()
  await page.getByRole('radio', { name: 'Hinweis gegeben' }).check()
  await page.locator('#sperre-HINWEIS_GEGEBEN', { hasText: 'Gesperrt bis 23.02.2027' }).waitFor()
  expect(await axe(page)).toEqual([])
  await foto(page, 'bearbeiten')

  // ---- a call nobody answered; the next step is offered at once
  await page.locator('#akte').getByRole('link', { name: 'Anruf vermerken' }).click()
  await fokusAuf(page, 'kontakt-kopf')
  await page.getByRole('radio', { name: 'nicht erreicht' }).check()
  await page.getByRole('button', { name: 'Vermerken' }).click()
  await fokusAuf(page, 'wiedervorlage-kopf')
  expect(await page.locator(`#fall-${erster}`).textContent()).toContain('1. Versuch')
  expect(await readFall(erster!)).toMatchObject({ status: 'IN_ARBEIT', versuche: 1 })

  // ---- what was chosen before the call stands there again; without it nothing is preselected; saving folds the row, says so, and the focus is on the next one
  await page.locator(`#fall-${erster} td`).nth(1).dblclick()
  await fokusAuf(page, 'doku-kopf')
  expect(await page.locator('#dokumentation input:checked').count()).toBe(2)
  await page.getByRole('button', { name: 'Verwerfen' }).click()
  expect(await page.locator('#dokumentation input:checked').count()).toBe(0)
  await page.getByRole('radio', { name: 'Telefon' }).check()
  await page.getByRole('radio', { name: 'Hinweis gegeben' }).check()
  await page.getByRole('button', { name: 'Speichern', exact: true }).click()
  await fokusAuf(page, `name-${zweiter}`)
  expect(await page.locator('#meldung').textContent()).toContain('Dokumentiert')
  expect(await zeilen(page)).not.toContain(erster)
  expect(await page.locator(`#zeilen-ERLEDIGT #fall-${erster}`).count()).toBe(1)
  expect(await readFall(erster!)).toMatchObject({ status: 'DOKUMENTIERT', ergebnis: 'HINWEIS_GEGEBEN' })
  await foto(page, 'erledigt')
  // ---- Rückgängig stands in the message
  await page.locator('#meldung').getByRole('button', { name: 'Rückgängig' }).click()
  await fokusAuf(page, `name-${erster}`)
  expect(await zeilen(page)).toContain(erster)
  expect(await readFall(erster!)).toMatchObject({ status: 'IN_ARBEIT', ergebnis: null })

  // ---- Wizard: the same form, saving leads to the next customer
  await page.locator(`#zeilen-OFFEN #aktionen-${erster}`).click()
  await page.getByRole('menuitem', { name: 'Wizard' }).click()
  await page.waitForURL(`**/faelle/${erster}/wizard`)
  await page.getByRole('radio', { name: 'Telefon' }).check()
  await page.getByRole('radio', { name: 'abgelehnt nach Beratung' }).check()
  await page.getByRole('button', { name: 'Speichern und weiter' }).click()
  // Advice was given: what and why is asked, what was chosen stays.
  await page.waitForSelector('.fehlerliste')
  expect(await fokus(page)).not.toBe('BODY')
  await page.getByRole('textbox', { name: /^Rat/ }).fill('Privathaftpflicht abschließen')
  await page.getByRole('textbox', { name: /^Gründe/ }).fill('Kein Schutz vorhanden')
  await page.getByRole('textbox', { name: /^Entscheidung/ }).fill('möchte warten')
  await page.getByRole('button', { name: 'Speichern und weiter' }).click()
  await page.waitForURL((url) => url.pathname.endsWith('/wizard') && !url.pathname.includes(`/${erster}/`))
  expect(await page.locator('#meldung').textContent()).toContain('Dokumentiert')
  expect(await fokus(page)).not.toBe('BODY')
  expect(await readFall(erster!)).toMatchObject({ status: 'DOKUMENTIERT', ergebnis: 'ABGELEHNT_NACH_BERATUNG', sperre_bis: '2028-11-23' })
  expect(fehler.filter((text) => !text.includes('status of 422'))).toEqual([])
  await context.close()
})

test('the Supervisor sees whose Fall it is, filters by Vermittler in the URL, and the counts follow', async () => {
  const { page, fehler, context } = await open()
  await login(page, KARIN)
  const alle = Number(await page.locator('.uebersicht .zahl').first().textContent())
  await page.getByLabel('Vermittler').selectOption({ label: 'Petersen, Jan' })
  await page.waitForURL(/vermittler=\d+/)
  const seine = Number(await page.locator('.uebersicht .zahl').first().textContent())
  expect(seine).toBeGreaterThan(0)
  expect(seine).toBeLessThan(alle)
  await page.getByRole('link', { name: 'Vertrag läuft bald ab' }).click()
  await page.waitForURL(/vertrag-laeuft-bald-ab\?vermittler=\d+/)
  expect(await page.locator('#zeilen-OFFEN tr').count()).toBe(seine)
  for (const zeile of await page.locator('#zeilen-OFFEN tr').allTextContents()) expect(zeile).toContain('Petersen, Jan')
  expect(fehler).toEqual([])
  await context.close()
})

test('on a phone: the list, the menu, one Fall documented with the thumb', async () => {
  const { page, fehler, context } = await open({ viewport: HANDY, token: await tag.token(JAN) })
  await page.goto(G01)
  await foto(page, 'liste-telefon')
  const [, , , fall] = await zeilen(page)
  await page.locator(`#zeilen-OFFEN #aktionen-${fall}`).tap()
  await page.waitForFunction(() => document.querySelector('#menue')?.matches(':popover-open'))
  expect(await menuepunkte(page)).toEqual(SIEBEN)
  await foto(page, 'menue-telefon')
  await page.getByRole('menuitem', { name: 'Bearbeiten' }).tap()
  await fokusAuf(page, 'doku-kopf')
  await page.getByRole('radio', { name: 'E-Mail' }).check()
  await page.getByRole('radio', { name: 'Hinweis gegeben' }).check()
  await foto(page, 'bearbeiten-telefon')
  await page.getByRole('button', { name: 'Speichern', exact: true }).tap()
  await page.waitForFunction(() => document.querySelector('#meldung')?.textContent?.includes('Dokumentiert'))
  expect(await fokus(page)).not.toBe('BODY')
  expect(await readFall(fall!)).toMatchObject({ status: 'DOKUMENTIERT' })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(HANDY.width)
  expect(fehler).toEqual([])
  await context.close()
})

test('without JavaScript: the menu is a page, the form saves, a mistake keeps what was typed, undo works', async () => {
  const { page, fehler, context } = await open({ javaScript: false, token: await tag.token(JAN), viewport: BREIT })
  await page.goto(G01)
  const fall = Number(/fall-(\d+)/.exec((await page.locator('#zeilen-OFFEN tr').nth(5).getAttribute('id'))!)![1])
  await page.locator(`#zeilen-OFFEN #aktionen-${fall}`).click()
  await page.waitForURL(`**/faelle/${fall}/aktionen?`)
  expect(await page.locator('.aktionen a, .aktionen p').evaluateAll((alle) => alle.map((einer) => einer.firstChild!.textContent!.trim()))).toEqual(
    SIEBEN,
  )
  await page.getByRole('link', { name: 'Bearbeiten' }).click()
  await page.waitForURL(`**/faelle/${fall}/dokumentation#formularwahl`)
  await page.getByLabel('Notiz').fill('bleibt stehen')
  await page.getByRole('button', { name: 'Speichern', exact: true }).click()
  await page.waitForSelector('.fehlerliste')
  expect(await page.getByLabel('Notiz').inputValue()).toBe('bleibt stehen')
  await page.getByRole('radio', { name: 'Telefon' }).check()
  await page.getByRole('radio', { name: 'anderweitig gedeckt' }).check()
  await page.getByRole('button', { name: 'Speichern', exact: true }).click()
  await page.waitForURL(`**${G01}`)
  expect(await page.locator('#meldung').textContent()).toContain('Dokumentiert')
  expect(await readFall(fall)).toMatchObject({ status: 'DOKUMENTIERT', ergebnis: 'ANDERWEITIG_GEDECKT' })
  await page.locator('#falte-ERLEDIGT summary').click()
  await page.locator(`#zeilen-ERLEDIGT #fall-${fall}`).getByRole('button', { name: 'Rückgängig' }).click()
  await page.waitForURL(`**/faelle/${fall}`)
  expect(await readFall(fall)).toMatchObject({ status: 'IN_ARBEIT', ergebnis: null })
  expect(fehler.filter((text) => !text.includes('status of 422'))).toEqual([])
  await context.close()
})
