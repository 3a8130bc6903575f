/**
 * The main job by hand, in a real browser with the real worker: an insurer's file becomes Fälle overnight; one is reminded of, written to, called,
 * documented, and gone the next morning. (The same over HTTP, with every count: test/journey/musterdatei.test.ts.)
 * The office lives on 23 November 2026; only while its reminder fires does it look at the real clock, because the timer does.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { berlinTag, plusTage } from '../../domain/kalender.ts'
import { fallId } from '../../domain/messages.ts'
import { axe, openFenster, startBrowser, watchFehler } from '../support/browser.ts'
import { verschiebeGdv } from '../support/gdv-verschieben.ts'
import { type FakeResend, startFakeResend } from '../support/resend.ts'
import { type TestWorker, eventually, startTestWorker } from '../support/temporal.ts'
import { type TestWeb, createTestWeb } from '../support/web.ts'
import { insertBetrieb, insertVermittler } from '../support/welt.ts'

const BILDER = process.env['SCREENSHOTS']
const MUSTER = readFileSync(path.join(import.meta.dirname, '../daten/gdv/musterdatei_2009.txt'))
const MONTAG = '2026-11-23'
const DIENSTAG = '2026-11-24'
const G01 = 'Versicherungslücken bei jüngeren Kunden'
const REGELN_AN = [G01, 'Vertrag läuft bald ab']

let uhr: () => Date
let web: TestWeb
let worker: TestWorker
let resend: FakeResend
let browser: Browser
let origin: string

beforeAll(async () => {
  if (BILDER) mkdirSync(BILDER, { recursive: true })
  stelleUhr(MONTAG)
  web = await createTestWeb({ jetzt: () => uhr(), config: { mailSending: true } })
  resend = await startFakeResend()
  worker = await startTestWorker({
    database: web.database,
    resend: { apiKey: 're_test', baseUrl: resend.baseUrl, from: 'post@lindner.example' },
  })
  origin = await web.serve()
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await worker?.stop()
  await resend?.close()
  await web?.drop()
})

/** 10:00 in Berlin of that day (winter). */
function stelleUhr(tag: string): void {
  uhr = () => new Date(`${tag}T09:00:00Z`)
}
const db = () => web.database.owner

interface Platz {
  page: Page
  fehler: string[]
}
async function open(token: string): Promise<Platz> {
  const page = await (await openFenster(browser, origin, { token })).newPage()
  return { page, fehler: watchFehler(page) }
}
/** Every page on the way is looked at: axe finds nothing, and a picture is taken where somebody asks for them. */
async function look(page: Page, name: string): Promise<void> {
  // A message that is just fading in has not its colours yet.
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)))
  expect(await axe(page), name).toEqual([])
  if (BILDER) await page.screenshot({ path: path.join(BILDER, `weg-${name}.png`) })
}
const offene = (page: Page): Promise<(string | null)[]> => page.locator('#zeilen-OFFEN a.name').allTextContents()
const menue = (page: Page, name: string): Promise<void> => page.getByRole('navigation').first().getByRole('link', { name }).first().click()

async function startNacht({ page }: Platz, tag: string): Promise<void> {
  stelleUhr(tag)
  await page.goto('/nachtlaeufe')
  await page.getByRole('button', { name: 'Jetzt starten' }).click()
  await page.waitForURL(/\/nachtlaeufe\/\d+$/)
  await page.getByRole('heading', { name: `Nachtlauf zum ${tag.split('-').reverse().join('.')}` }).waitFor()
  // The page asks again by itself until the night is over.
  await page.locator('#nachtlauf:not([hx-trigger])').waitFor({ timeout: 60_000 })
  expect(await db().selectFrom('nachtlauf').select('status').where('stichtag', '=', tag).execute()).toEqual([{ status: 'FERTIG' }])
}

test('from the insurer’s file to the empty list', async () => {
  const betrieb = await insertBetrieb(db(), { anlauf_am: null })
  const supervisor = await insertVermittler(db(), betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
  const vermittler = await insertVermittler(db(), betrieb, { vorname: 'Anna', name: 'Weber' })
  const [karin, anna] = [await open(supervisor.token), await open(vermittler.token)]

  // ---- the file is dropped in; its agency number is Anna's
  await karin.page.goto('/')
  await menue(karin.page, 'Importe')
  await karin.page
    .locator('input[type=file]')
    .setInputFiles({ name: 'muster-2026.txt', mimeType: 'text/plain', buffer: Buffer.from(verschiebeGdv(MUSTER, 22)) })
  await look(karin.page, '1-importe')
  await karin.page.getByRole('button', { name: 'Einlesen' }).click()
  // The page asks again by itself until the file is taken over.
  await karin.page.locator('#import:not([hx-trigger])').waitFor({ timeout: 60_000 })
  await karin.page.getByLabel('Vermittler für 9999009999').waitFor()
  await look(karin.page, '2-import')
  await karin.page.getByLabel('Vermittler für 9999009999').selectOption({ label: 'Weber, Anna' })
  await karin.page.getByRole('button', { name: 'Zuordnen' }).click()
  await karin.page.getByText('10 Kunden haben den Vermittler gewechselt').waitFor()

  // ---- Anlauf: the numbers first, then the nights
  await karin.page.goto('/anlauf')
  expect(
    await karin.page
      .getByRole('row', { name: new RegExp(G01) })
      .locator('td.r')
      .allTextContents(),
  ).toEqual(['9', '0', '0', '0'])
  for (const regel of await karin.page.locator('table.regeln tbody tr:not(.gruppe)').all()) {
    const text = (await regel.textContent()) ?? ''
    await regel.getByRole('checkbox').setChecked(REGELN_AN.some((titel) => text.includes(titel)))
  }
  await look(karin.page, '3-anlauf')
  await karin.page.getByRole('button', { name: 'Nächte freigeben' }).click()
  await karin.page.waitForURL('**/nachtlaeufe')

  // ---- the night, started by hand
  await startNacht(karin, MONTAG)
  await look(karin.page, '4-nacht')

  // ---- Anna's morning
  await anna.page.goto('/')
  await look(anna.page, '5-uebersicht')
  await anna.page.getByRole('link', { name: G01 }).click()
  await anna.page.waitForURL('**/versicherungsluecken-junge-kunden')
  expect(await offene(anna.page)).toHaveLength(9)
  await look(anna.page, '6-liste')
  const name = anna.page.locator('#zeilen-OFFEN a.name', { hasText: 'Pollsmann, Rudolf' })
  const fall = Number((await name.getAttribute('id'))!.replace('name-', ''))
  const zeile = () => db().selectFrom('fall').selectAll().where('id', '=', fall).executeTakeFirstOrThrow()
  const waehle = async (eintrag: string): Promise<void> => {
    await anna.page.locator(`#aktionen-${fall}`).click()
    await anna.page.getByRole('menuitem', { name: eintrag }).click()
  }

  // ---- Übernahme Vorgänge: folded until its moment; it rings once
  uhr = () => new Date()
  await waehle('Übernahme Vorgänge')
  await anna.page.getByRole('radio', { name: 'anderer Tag' }).check()
  await anna.page.getByRole('textbox', { name: 'Anderer Tag' }).fill(plusTage(berlinTag(uhr().toISOString()), 1).split('-').reverse().join('.'))
  await anna.page.getByRole('textbox', { name: 'Uhrzeit' }).fill('9:30')
  await anna.page.getByRole('textbox', { name: 'Titel' }).fill('Wegen Haftpflicht anrufen')
  await look(anna.page, '7-wiedervorlage')
  await anna.page.getByRole('button', { name: 'Wiedervorlage anlegen' }).click()
  await anna.page.locator(`#zeilen-WIEDERVORLAGE #fall-${fall}`).waitFor({ state: 'attached' })
  const handle = worker.client.workflow.getHandle(fallId('G01', fall))
  await eventually(async () => expect((await handle.fetchHistory()).events!.some((e) => e.timerStartedEventAttributes)).toBe(true))
  // The form knows minutes; a signal by hand moves the timer to the moment of this test.
  await handle.signal('reminder', { am: new Date(Date.now() + 2_000).toISOString() })
  await eventually(async () =>
    expect(await db().selectFrom('vorgang').select('status').where('fall_id', '=', fall).execute()).toEqual([{ status: 'FAELLIG' }]),
  )
  await menue(anna.page, 'Vorgänge')
  expect(await anna.page.locator('#zahl-vorgaenge').textContent()).toBe('1')
  await anna.page.getByRole('link', { name: 'Wegen Haftpflicht anrufen' }).waitFor()
  await look(anna.page, '8-vorgaenge')
  await eventually(async () => expect([...resend.sent.values()].map(({ subject }) => subject)).toEqual(['Eine Wiedervorlage ist fällig']))

  // ---- E-Mail: address and subject are there; without a consent the reason is asked
  stelleUhr(MONTAG)
  await anna.page.goto('/geschaeftsvorfaelle/versicherungsluecken-junge-kunden')
  expect((await offene(anna.page))[0]).toBe('Pollsmann, Rudolf')
  await waehle('E-Mail')
  await anna.page.locator('#email-kopf').waitFor()
  const formular = anna.page.locator('#akte form').filter({ has: anna.page.locator('#email-kopf') })
  expect(await formular.getByLabel('Adresse').inputValue()).toBe('polly@example.com')
  expect(await formular.getByLabel('Betreff').inputValue()).toBe('Sind Sie gut abgesichert?')
  await formular.getByLabel('Grund').fill('hat am Telefon darum gebeten')
  await look(anna.page, '9-email')
  await anna.page.getByRole('button', { name: 'E-Mail senden' }).click()
  await eventually(async () => expect([...resend.sent.values()].map(({ to }) => to)).toContain('polly@example.com'))
  expect(await zeile()).toMatchObject({ status: 'IN_ARBEIT' })

  // ---- Bearbeiten: documented, folded away, still there to be taken back
  await waehle('Bearbeiten')
  await anna.page.waitForFunction(() => document.activeElement?.id === 'doku-kopf')
  await anna.page.getByRole('radio', { name: 'Telefon' }).check()
  await anna.page.getByRole('radio', { name: 'Hinweis gegeben' }).check()
  await anna.page.getByRole('radio', { name: 'erledigt', exact: true }).check()
  await anna.page.locator('#dokumentation').getByLabel('Notiz').fill('Meldet sich selbst.')
  await look(anna.page, '10-bearbeiten')
  await anna.page.getByRole('button', { name: 'Speichern', exact: true }).click()
  await anna.page.locator(`#zeilen-ERLEDIGT #fall-${fall}`).waitFor({ state: 'attached' })
  expect(await offene(anna.page)).toHaveLength(8)
  await look(anna.page, '11-erledigt')
  // The database's clock is the real one; this office documents on its Monday.
  await db()
    .updateTable('fall')
    .set({ dokumentiert_am: `${MONTAG}T10:00:00Z` })
    .where('id', '=', fall)
    .execute()

  // ---- the next night: gone
  await startNacht(karin, DIENSTAG)
  await anna.page.goto('/geschaeftsvorfaelle/versicherungsluecken-junge-kunden')
  expect(await offene(anna.page)).toHaveLength(8)
  expect(await anna.page.locator(`#fall-${fall}`).count()).toBe(0)
  await look(anna.page, '12-weg')
  expect(await zeile()).toMatchObject({ status: 'GESCHLOSSEN', geschlossen_grund: 'DOKUMENTIERT', sperre_bis: '2027-02-23' })
  expect([karin.fehler, anna.fehler]).toEqual([[], []])
})
