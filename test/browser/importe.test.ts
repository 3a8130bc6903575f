/**
 * Deliveries by hand, in a real browser with the real worker: two files dropped, watched, reported; one is held back and released, a person
 * in doubt is told apart. By mouse and by keyboard; and without script.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe, openFenster, startBrowser, watchFehler } from '../support/browser.ts'
import { type TestWorker, eventually, startTestWorker } from '../support/temporal.ts'
import { type TestWeb, createTestWeb } from '../support/web.ts'
import { insertBetrieb, insertVermittler } from '../support/welt.ts'

const BILDER = process.env['SCREENSHOTS']
const MUSTER = readFileSync(path.join(import.meta.dirname, '../daten/gdv/musterdatei_2009.txt'), 'latin1')

let web: TestWeb
let worker: TestWorker
let browser: Browser
let origin: string

beforeAll(async () => {
  if (BILDER) mkdirSync(BILDER, { recursive: true })
  web = await createTestWeb()
  worker = await startTestWorker({ database: web.database })
  origin = await web.serve()
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await worker?.stop()
  await web?.drop()
})

const db = () => web.database.owner

async function createBetrieb() {
  const betrieb = await insertBetrieb(db(), { anlauf_am: null })
  return { betrieb, karin: await insertVermittler(db(), betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' }) }
}
async function look(page: Page, name: string): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)))
  expect(await axe(page), name).toEqual([])
  if (BILDER) await page.screenshot({ path: path.join(BILDER, `importe-${name}.png`) })
}
/** Drags files from outside onto the place for them. */
async function drop(page: Page, dateien: readonly { name: string; inhalt: string }[]): Promise<void> {
  const daten = await page.evaluateHandle((alle) => {
    const transfer = new DataTransfer()
    for (const { name, inhalt } of alle)
      transfer.items.add(new File([Uint8Array.from(inhalt, (zeichen) => zeichen.charCodeAt(0))], name, { type: 'text/plain' }))
    return transfer
  }, dateien)
  for (const art of ['dragover', 'drop']) await page.dispatchEvent('[data-ablage]', art, { dataTransfer: daten })
}
/** Every contract of the sample turned: the field Vertragsstatus is byte 69 of the record 0200. */
const storniert = (gdv: string): string => gdv.replaceAll(/^0200.*$/gm, (satz) => `${satz.slice(0, 68)}4${satz.slice(69)}`)

test('two files are dropped, watched and reported; what turns a portfolio over is held back until somebody says so', async () => {
  const { betrieb, karin } = await createBetrieb()
  const page = await (await openFenster(browser, origin, { token: karin.token })).newPage()
  const fehler = watchFehler(page)
  await page.goto('/importe')
  await drop(page, [{ name: 'leer.gdv', inhalt: '' }])
  await page.click('[data-einlesen]')
  expect(await page.$eval('#feld-datei', (feld: HTMLInputElement) => feld.validationMessage)).toContain(
    'Keine der gewählten Dateien kann angenommen werden.',
  )
  expect(await page.isEnabled('[data-einlesen]')).toBe(true)
  await drop(page, [
    { name: 'muster.gdv', inhalt: MUSTER },
    { name: 'leer.gdv', inhalt: '' },
  ])
  expect(await page.locator('[data-gewaehlte] li').allTextContents()).toEqual([
    expect.stringMatching(/^muster\.gdv\d+ KB/),
    'leer.gdvleer, wird nicht angenommen',
  ])
  await look(page, 'gewaehlt')
  // The focus is on the button: one key is enough.
  await page.keyboard.press('Enter')
  await page.getByText('1 Datei angenommen; sie werden jetzt eingelesen. Die Datei „leer.gdv“ ist leer.').waitFor()
  await page.locator('#importliste:not([hx-trigger])').waitFor({ timeout: 60_000 })
  expect(await page.locator('table.importe tbody tr').allTextContents()).toEqual([
    expect.stringMatching(/muster\.gdv.*übernommen.*165 Sätze.*15 Verträge/),
  ])
  await look(page, 'liste')

  // ---- the report, and where to go from here
  await page.getByRole('link', { name: 'muster.gdv' }).click()
  await page.getByRole('link', { name: 'Weiter zum Anlauf' }).waitFor()
  await page.getByRole('link', { name: /neue Kunden/ }).click()
  expect(await page.locator('table.differenz tbody tr').count()).toBe(10)
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Als Tabelle herunterladen' }).click()
  expect(readFileSync(await (await download).path(), 'utf8')).toMatch(/^\uFEFFPaket;Zeile;Stelle;Feld;Befund\r\n1;/)
  await look(page, 'bericht')

  // ---- the next one would end everything
  await page.goto('/importe')
  await drop(page, [{ name: 'storno.gdv', inhalt: storniert(MUSTER) }])
  await page.getByRole('button', { name: 'Einlesen' }).click()
  await page.waitForURL(/\/importe\/\d+$/)
  await page.getByRole('heading', { name: 'Zurückgehalten: Bitte entscheiden Sie' }).waitFor({ timeout: 60_000 })
  await page.getByText(/VU 9999: \d+ von 15 Verträgen .* von laufend auf beendet/).waitFor()
  await look(page, 'zurueckgehalten')
  const laufende = () =>
    db().selectFrom('vertrag').select('id').where('betrieb_id', '=', betrieb).where('status', 'not in', ['STORNIERT', 'ABGELAUFEN']).execute()
  const vorher = (await laufende()).length
  await page.getByRole('button', { name: 'Freigeben', exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Trotzdem übernehmen?' }).waitFor()
  await look(page, 'freigabe')
  // Escape: not yet; then yes, by the key alone.
  await page.keyboard.press('Escape')
  expect(await page.getByRole('dialog').count()).toBe(0)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Freigeben und übernehmen' }).waitFor()
  await page.keyboard.press('Enter')
  await page.locator('#import:not([hx-trigger])').getByRole('heading', { name: 'Wie es weitergeht' }).waitFor({ timeout: 60_000 })
  expect((await laufende()).length).toBeLessThan(vorher)
  expect(fehler).toEqual([])
})

test('a person in doubt is told apart: both sides, one answer, and the contracts follow', async () => {
  const { betrieb, karin } = await createBetrieb()
  const page = await (await openFenster(browser, origin, { token: karin.token })).newPage()
  const fehler = watchFehler(page)
  const lade = async (name: string, inhalt: string) => {
    await page.goto('/importe')
    await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(inhalt, 'latin1') })
    await page.getByRole('button', { name: 'Einlesen' }).click()
    await page.waitForURL(/\/importe\/\d+$/)
    await page.locator('#import:not([hx-trigger])').waitFor({ timeout: 60_000 })
  }
  await lade('muster.gdv', MUSTER)
  // The same person at another address: no delivery can know whether he moved.
  const [kunde] = await db()
    .selectFrom('kunde')
    .selectAll()
    .where('betrieb_id', '=', betrieb)
    .where('geburtsdatum', 'is not', null)
    .orderBy('id')
    .execute()
  await db().deleteFrom('kundennummer').where('kunde_id', '=', kunde!.id).execute()
  await db().updateTable('kunde').set({ strasse: 'Ganz woanders 1', plz: '99999' }).where('id', '=', kunde!.id).execute()
  await db().updateTable('vertrag').set({ vsnr_norm: 'ANDERS', vsnr: 'ANDERS' }).where('kunde_id', '=', kunde!.id).execute()
  await lade('muster-neu.gdv', MUSTER)
  await page.getByRole('link', { name: '1 Person klären' }).click()
  await page.getByRole('heading', { name: `Wer ist ${kunde!.vorname} ${kunde!.name}?` }).waitFor()
  expect(await page.locator('.vergleich mark').first().textContent()).toContain('Ganz woanders 1')
  await look(page, 'klaeren')
  expect(await page.locator('#zahl-importe').textContent()).toBe('1')
  await page.getByRole('button', { name: 'Ist derselbe Kunde' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('derselbe Kunde. Übernommen.').waitFor({ timeout: 60_000 })
  expect(await page.locator('#zahl-importe').textContent()).toBe('')
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(false)
  const row = await db()
    .selectFrom('import_zweifel')
    .select(['entscheidung', 'ziel_kunde_id'])
    .where('betrieb_id', '=', betrieb)
    .where('art', '=', 'ANSCHRIFT')
    .execute()
  expect(row).toEqual([{ entscheidung: 'DERSELBE', ziel_kunde_id: kunde!.id }])
  expect(fehler).toEqual([])
})

test('without script a file is taken all the same', async () => {
  const { betrieb, karin } = await createBetrieb()
  const page = await (await openFenster(browser, origin, { token: karin.token, javaScript: false })).newPage()
  await page.goto('/importe')
  await page.locator('input[type=file]').setInputFiles({ name: 'muster.gdv', mimeType: 'text/plain', buffer: Buffer.from(MUSTER, 'latin1') })
  await page.getByRole('button', { name: 'Einlesen' }).click()
  await page.waitForURL(/\/importe\/\d+$/)
  await eventually(async () =>
    expect(await db().selectFrom('import').select('status').where('betrieb_id', '=', betrieb).execute()).toEqual([{ status: 'FERTIG' }]),
  )
  await page.reload()
  await page.getByText('übernommen', { exact: true }).waitFor()
})
