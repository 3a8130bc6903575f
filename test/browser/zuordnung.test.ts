/** A table nobody has seen before, in a real browser: what its columns mean is corrected by keyboard, tried at once, and kept. */
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { insertImport } from '../../db/importe.ts'
import { setVersicherer } from '../../db/versicherer.ts'
import { BREIT, HANDY, axe, openFenster, startBrowser, watchFehler } from '../support/browser.ts'
import { runImporte } from '../support/importieren.ts'
import { type TestWeb, createTestWeb } from '../support/web.ts'
import { insertBetrieb, insertVermittler } from '../support/welt.ts'

const BILDER = process.env['SCREENSHOTS']
const lies = (name: string) => readFileSync(path.join(import.meta.dirname, '../daten/tabellen', name))

let web: TestWeb
let browser: Browser
let origin: string
let betrieb: number
let karin: { id: number; token: string }
let id: number

beforeAll(async () => {
  if (BILDER) mkdirSync(BILDER, { recursive: true })
  web = await createTestWeb()
  origin = await web.serve()
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await web?.drop()
})
beforeEach(async () => {
  betrieb = await insertBetrieb(web.database.owner)
  karin = await insertVermittler(web.database.owner, betrieb, { rolle: 'SUPERVISOR' })
  id = await put('fehlerhaft.csv')
})

async function put(name: string): Promise<number> {
  const dateien = [{ name, bytes: lies(name) }]
  const ids = await web.database.web.withSession(karin.token, (db) => insertImport(db, { betrieb, person: karin.id, dateien }))
  await runImporte(web.database.worker)
  return ids![0]!
}

const bedeutung = (page: Page, spalte: string) => page.getByLabel(`Bedeutung der Spalte ${spalte}`, { exact: true })
const kunden = () => web.database.owner.selectFrom('kunde').select('name').where('betrieb_id', '=', betrieb).orderBy('id').execute()

test('by keyboard: a column is set to nothing, the preview follows, the focus stays; kept, the file is read', async () => {
  const page = await (await openFenster(browser, origin, { token: karin.token })).newPage()
  const fehler = watchFehler(page)
  await page.goto(`/importe/${id}/zuordnung`)
  const vorschau = page.locator('#zuordnung-vorschau')
  expect(await vorschau.locator('tbody tr').first().textContent()).toContain('Das ist keine E-Mail-Adresse')
  await bedeutung(page, 'E-Mail').focus()
  await page.keyboard.press('Home')
  await expect.poll(() => vorschau.textContent()).toContain('Nicht übernommen werden: E-Mail.')
  expect(await vorschau.textContent()).not.toContain('Das ist keine E-Mail-Adresse')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Bedeutung der Spalte E-Mail')
  expect(await axe(page)).toEqual([])
  // From the last list on: two more lists, then the button.
  await bedeutung(page, 'Status').focus()
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/importe/${id}`)
  await runImporte(web.database.worker)
  expect((await kunden()).map(({ name }) => name)).toEqual(['Falke', 'Krähe', 'Meise'])
  expect(fehler).toEqual([])
  await page.close()
})

test('without JavaScript a button shows the preview; two columns for one field are refused and what was chosen stays', async () => {
  const page = await (await openFenster(browser, origin, { token: karin.token, javaScript: false })).newPage()
  await page.goto(`/importe/${id}/zuordnung`)
  await bedeutung(page, 'Vorname').selectOption('name')
  await page.getByRole('button', { name: 'Vorschau aktualisieren' }).click()
  expect(await page.locator('#zuordnung-vorschau').textContent()).toContain('„Nachname oder Firma“ ist mehreren Spalten zugeordnet')
  await page.getByRole('button', { name: 'Zuordnung übernehmen' }).click()
  expect(await page.locator('.fehlerliste').textContent()).toContain('mehreren Spalten zugeordnet')
  expect(await bedeutung(page, 'Vorname').inputValue()).toBe('name')
  expect(await kunden()).toEqual([])
  await page.close()
})

test('desk and phone, light and dark', async () => {
  await web.database.web.withSession(karin.token, async (db) => {
    await setVersicherer(db, betrieb, '90301', 'Silberbach Krankenversicherung a. G.')
    await setVersicherer(db, betrieb, '90401', 'Lindwurm Rechtsschutz AG')
  })
  const fremde = await put('fremdvertraege.txt')
  for (const [name, viewport, dunkel] of [
    ['zuordnung', BREIT, false],
    ['zuordnung-dunkel', BREIT, true],
    ['zuordnung-telefon', HANDY, false],
    ['zuordnung-telefon-dunkel', HANDY, true],
  ] as const) {
    const page = await (await openFenster(browser, origin, { token: karin.token, viewport, dunkel })).newPage()
    await page.goto(`/importe/${fremde}/zuordnung`)
    expect(await axe(page), name).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), name).toBe(0)
    if (BILDER) await page.screenshot({ path: path.join(BILDER, `${name}.png`), fullPage: true })
    await page.close()
  }
})
