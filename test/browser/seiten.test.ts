/**
 * Every page of the app on the demo Betrieb: axe, the browser's own complaints, valid HTML, nothing wider than the screen; light, dark, desk, phone.
 * The list comes from the app's routes: a new page without a line here fails. SCREENSHOTS=folder keeps a picture of each (docs/bilder).
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { HtmlValidate } from 'html-validate'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importNow } from '../../db/importe-sofort.ts'
import type { Db } from '../../db/verbindung.ts'
import { BREIT, HANDY, axe, openFenster, startBrowser, watchFehler } from '../support/browser.ts'
import { type Importwelt, createImportwelt } from '../support/importwelt.ts'
import { insertFall } from '../support/welt.ts'
import { type DemoTag, HEUTE, JAN, KARIN, createDemoTag } from '../support/demo-tag.ts'

const BILDER = process.env['SCREENSHOTS']
const G01 = '/geschaeftsvorfaelle/versicherungsluecken-junge-kunden'

interface Seite {
  /** Name of the picture. */
  bild: string
  /** Who looks: KARIN where only the Supervisor may, IMPORT in the office that is full of deliveries, nobody before the login. */
  wer: typeof JAN | typeof KARIN | typeof IMPORT | null
  pfad: (tag: DemoTag) => string
  status?: number
}
const seite = (bild: string, wer: Seite['wer'], pfad: Seite['pfad'] | string, status?: number): Seite => ({
  bild,
  wer,
  pfad: typeof pfad === 'string' ? () => pfad : pfad,
  ...(status && { status }),
})

const IMPORT = 'import'

let tag: DemoTag
let welt: Importwelt
let browser: Browser
let origin: string
let einfuhr: number
let tabelle: number
let link: string
let vorgang: number
let mail: number
let gesperrt: number
let luecke: number
let kollege: number
const fenster = new Map<string | null, BrowserContext>()

/** Route → pages to look at; none for what is no page. */
const SEITEN: Record<string, Seite[]> = {
  '/static/:datei': [],
  '/healthz': [],
  '/readyz': [],
  '/': [],
  '/anmelden': [seite('anmelden', null, '/anmelden')],
  '/passwort-vergessen': [seite('passwort-vergessen', null, '/passwort-vergessen')],
  '/passwort/:token': [seite('passwort-setzen', null, () => link), seite('passwort-abgelaufen', null, '/passwort/abgelaufen', 410)],
  '/einrichtung': [seite('einrichtung', null, '/einrichtung?token=einmal')],
  '/geschaeftsvorfaelle': [
    seite('geschaeftsvorfaelle', JAN, '/geschaeftsvorfaelle'),
    seite('geschaeftsvorfaelle-supervisor', KARIN, '/geschaeftsvorfaelle'),
  ],
  '/geschaeftsvorfaelle/:key/naechster': [],
  '/geschaeftsvorfaelle/:key': [
    seite('liste-allein', JAN, G01),
    seite('liste-supervisor', KARIN, G01),
    seite('liste', JAN, ({ faelle }) => `${G01}?fall=${faelle[0]!.id}`),
    seite('liste-frist', JAN, '/geschaeftsvorfaelle/vertrag-laeuft-bald-ab'),
  ],
  '/faelle/:id': [
    seite('fall', JAN, ({ faelle }) => `/faelle/${faelle[0]!.id}`),
    seite('fall-dokumentiert', JAN, ({ faelle }) => `/faelle/${faelle[8]!.id}`),
  ],
  '/faelle/:id/dokumentation': [seite('bearbeiten-seite', JAN, ({ faelle }) => `/faelle/${faelle[1]!.id}/dokumentation`)],
  '/faelle/:id/angaben': [seite('angaben', JAN, () => `/faelle/${luecke}/angaben`)],
  '/faelle/:id/aktionen': [seite('aktionen', JAN, ({ faelle }) => `/faelle/${faelle[0]!.id}/aktionen`)],
  '/faelle/:id/kontakt': [seite('anruf', JAN, ({ faelle }) => `/faelle/${faelle[0]!.id}/kontakt?kanal=TELEFON`)],
  '/faelle/:id/email': [
    seite('email', JAN, ({ faelle }) => `/faelle/${faelle[0]!.id}/email`),
    seite('email-hinweis', JAN, ({ frist }) => `/faelle/${frist.id}/email?vorlage=hinweis`),
  ],
  '/faelle/:id/wiedervorlage': [seite('wiedervorlage', JAN, ({ faelle }) => `/faelle/${faelle[0]!.id}/wiedervorlage`)],
  '/faelle/:id/wizard': [seite('wizard', JAN, ({ faelle }) => `/faelle/${faelle[2]!.id}/wizard`)],
  '/faelle/:id/sperre': [seite('sperre', KARIN, () => `/faelle/${gesperrt}/sperre`)],
  '/faelle/:id/chat': [seite('chat', JAN, ({ faelle }) => `/faelle/${faelle[0]!.id}/chat`)],
  '/vorgaenge': [seite('vorgaenge', JAN, '/vorgaenge')],
  '/vorgaenge/neu': [
    seite('vorgang-kunde', JAN, '/vorgaenge/neu?q=a'),
    seite('vorgang-neu', JAN, ({ faelle }) => `/vorgaenge/neu?kunde=${faelle[0]!.kunde}`),
  ],
  '/vorgaenge/:id/termin': [seite('vorgang-termin', JAN, () => `/vorgaenge/${vorgang}/termin`)],
  '/entwicklung/postausgang': [seite('postausgang', KARIN, '/entwicklung/postausgang')],
  '/entwicklung/postausgang/:id': [seite('postausgang-mail', KARIN, () => `/entwicklung/postausgang/${mail}`)],
  '/kunden': [seite('kunden', JAN, '/kunden'), seite('kunden-nichts', JAN, '/kunden?q=niemand-heisst-so')],
  '/kunden/neu': [seite('kunde-neu', JAN, '/kunden/neu')],
  '/kunden/:id': [
    seite('kunde', JAN, ({ faelle }) => `/kunden/${faelle[0]!.kunde}`),
    seite('kunde-abweichungen', IMPORT, () => `/kunden/${welt.kunde}`),
  ],
  '/kunden/:id/bearbeiten': [seite('kunde-bearbeiten', JAN, ({ faelle }) => `/kunden/${faelle[0]!.kunde}/bearbeiten`)],
  '/kunden/:id/vermittler': [seite('kunde-vermittler', KARIN, ({ faelle }) => `/kunden/${faelle[0]!.kunde}/vermittler`)],
  '/kunden/:id/vertragsspiegel': [seite('vertragsspiegel', JAN, ({ frist }) => `/kunden/${frist.kunde}/vertragsspiegel`)],
  '/kunden/:id/vertraege/neu': [seite('vertrag-neu', JAN, ({ faelle }) => `/kunden/${faelle[0]!.kunde}/vertraege/neu`)],
  '/kunden/:id/vertraege/:vertrag/bearbeiten': [
    seite('vertrag-bearbeiten', IMPORT, () => `/kunden/${welt.kunde}/vertraege/${welt.vertrag}/bearbeiten`),
  ],
  '/importe': [seite('importe-demo', KARIN, '/importe'), seite('importe', IMPORT, '/importe')],
  '/importe/:id': [
    seite('import-demo', KARIN, () => `/importe/${einfuhr}`),
    seite('import', IMPORT, () => `/importe/${welt.fertig}`),
    seite('import-neue-kunden', IMPORT, () => `/importe/${welt.fertig}?teil=kunde-neu`),
    seite('import-zurueckgehalten', IMPORT, () => `/importe/${welt.zurueckgehalten}`),
    seite('import-laeuft', IMPORT, () => `/importe/${welt.laeuft}`),
    seite('import-gescheitert', IMPORT, () => `/importe/${welt.gescheitert}`),
  ],
  '/importe/klaeren': [seite('klaeren', IMPORT, '/importe/klaeren'), seite('klaeren-nichts', KARIN, '/importe/klaeren')],
  // A piece of the page above.
  '/importe/klaeren/:id': [],
  '/importe/haushalte': [seite('haushalte', IMPORT, '/importe/haushalte')],
  '/importe/abweichungen': [seite('abweichungen', IMPORT, '/importe/abweichungen'), seite('abweichungen-keine', KARIN, '/importe/abweichungen')],
  '/importe/quellen': [seite('quellen', IMPORT, '/importe/quellen')],
  '/importe/:id/zuordnung': [
    seite('zuordnung', KARIN, () => `/importe/${tabelle}/zuordnung`),
    seite('zuordnung-fehlt', KARIN, () => `/importe/${tabelle}/zuordnung?spalte-0=email&spalte-3=plz`),
  ],
  '/nachtlaeufe': [seite('nachtlaeufe', KARIN, '/nachtlaeufe')],
  '/nachtlaeufe/:id': [seite('nachtlauf', KARIN, ({ lauf }) => `/nachtlaeufe/${lauf}`)],
  '/anlauf': [seite('anlauf', KARIN, '/anlauf'), seite('anlauf-tag', KARIN, '/anlauf?am=2027-10-01')],
  '/regeln': [seite('regeln', KARIN, '/regeln')],
  '/regeln/:key': [
    seite('regel', KARIN, '/regeln/versicherungsluecken-junge-kunden'),
    seite('regel-probe', KARIN, '/regeln/versicherungsluecken-junge-kunden?an=1&wert-alterBis=40&prio=3'),
    seite('regel-fehler', KARIN, '/regeln/versicherungsluecken-junge-kunden?an=1&wert-alterBis=viele&prio=3', 422),
  ],
  '/regeln/:key/stand/:nr': [seite('regelstand', JAN, '/regeln/versicherungsluecken-junge-kunden/stand/1')],
  '/regeln/:key/vorschau': [
    seite('regel-vorschau', KARIN, '/regeln/kuendigungstermin/vorschau'),
    seite('regel-vorschau-niemand', KARIN, '/regeln/kfz-wechselsaison/vorschau?am=2027-03-01'),
  ],
  '/hilfe/geschaeftsvorfaelle': [
    seite('hilfe', JAN, '/hilfe/geschaeftsvorfaelle'),
    seite('hilfe-nichts', JAN, '/hilfe/geschaeftsvorfaelle?q=gibtesnicht'),
  ],
  '/mitarbeiter': [seite('mitarbeiter', KARIN, '/mitarbeiter')],
  '/mitarbeiter/:id': [seite('mitarbeiter-profil', KARIN, () => `/mitarbeiter/${kollege}`)],
  '/versicherer': [seite('versicherer', KARIN, '/versicherer')],
  '/betrieb': [seite('betrieb', KARIN, '/betrieb')],
  '/system': [seite('system', KARIN, '/system')],
  '/profil': [seite('profil', JAN, '/profil')],
  '/gibt-es-nicht': [seite('nicht-gefunden', JAN, '/gibt-es-nicht', 404)],
}
/** Colours and widths are each checked once; the other two only make pictures. */
const ANSICHTEN = [
  ['', BREIT, 'light', true],
  ['-dunkel', BREIT, 'dark', false],
  ['-telefon', HANDY, 'light', false],
  ['-telefon-dunkel', HANDY, 'dark', true],
] as const
/** For a Vermittler the Supervisor's rooms are closed. */
const VERBOTEN = seite('verboten', JAN, '/mitarbeiter', 403)

const ALLE = [...Object.values(SEITEN).flat(), VERBOTEN]

// How tags are written is hono's affair; what they mean is ours.
const STIL = [
  'doctype-style',
  'void-style',
  'attribute-boolean-style',
  'attribute-empty-style',
  'no-implicit-button-type',
  'long-title',
  'no-trailing-whitespace',
  // A phone number is copied as it is typed.
  'tel-non-breaking',
]
const pruefer = new HtmlValidate({ extends: ['html-validate:recommended'], rules: Object.fromEntries(STIL.map((regel) => [regel, 'off' as const])) })

beforeAll(async () => {
  if (BILDER) mkdirSync(BILDER, { recursive: true })
  tag = await createDemoTag()
  const { owner } = tag.web.database
  const einmal = createHash('sha256').update('einmal').digest('hex')
  await owner.updateTable('installation').set({ einrichtung_hash: einmal }).execute()
  const bytes = readFileSync(path.join(import.meta.dirname, '../daten/gdv/musterdatei_2009.txt'))
  einfuhr = (await importNow(tag.web.database.worker, { betrieb: tag.betrieb, datei: 'musterdatei_2009.txt', bytes, person: null, heute: HEUTE })).id
  const liste = readFileSync(path.join(import.meta.dirname, '../daten/tabellen/fehlerhaft.csv'))
  tabelle = (
    await importNow(tag.web.database.worker, { betrieb: tag.betrieb, datei: 'kunden-und-vertraege.csv', bytes: liste, person: null, heute: HEUTE })
  ).id
  await owner
    .updateTable('import')
    .set({ gestartet_am: `${HEUTE}T08:15:00Z`, beendet_am: `${HEUTE}T08:15:02Z` })
    .execute()
  kollege = (await owner.selectFrom('vermittler').select('id').where('email', '=', 'vermittler2@demo.example').executeTakeFirstOrThrow()).id
  const einladung = await (await tag.web.als(await tag.token(KARIN), `/mitarbeiter/${kollege}/link`, { form: {} })).text()
  link = /\/passwort\/[\w-]+/.exec(einladung)![0]
  vorgang = (await owner.selectFrom('vorgang').select('id').where('titel', '=', 'Unterlagen anfordern').executeTakeFirstOrThrow()).id
  mail = (await owner.selectFrom('mail').select('id').where('art', '=', 'KUNDE').executeTakeFirstOrThrow()).id
  const wen = { betrieb: tag.betrieb, kunde: tag.faelle[0]!.kunde }
  const { vermittler_id: vermittler } = await owner.selectFrom('kunde').select('vermittler_id').where('id', '=', wen.kunde).executeTakeFirstOrThrow()
  const weg = { status: 'GESCHLOSSEN', ergebnis: 'ABGELEHNT_NACH_BERATUNG', sperre_bis: '2028-11-01', gevo: 'G06', schluessel: 'h0' } as const
  gesperrt = await insertFall(owner, { ...wen, vermittler }, weg)
  await owner.updateTable('kunde').set({ geburtsdatum: null, erwerbsstatus: null }).where('id', '=', tag.faelle[9]!.kunde).execute()
  const felder = ['erwerbsstatus', 'geburtsdatum']
  luecke = await insertFall(
    owner,
    { betrieb: tag.betrieb, kunde: tag.faelle[9]!.kunde, vermittler },
    { gevo: 'G23', schluessel: 'k0', unbekannt: felder, befund: JSON.stringify({ felder, regeln: ['G01', 'G07'] }) },
  )
  welt = await createImportwelt(tag.web.database)
  await insertSystem(owner, tag.betrieb, vermittler)
  origin = await tag.web.serve()
  browser = await startBrowser()
  for (const wer of [JAN, KARIN, null]) fenster.set(wer, await openFenster(browser, origin, wer ? { token: await tag.token(wer) } : {}))
  fenster.set(IMPORT, await openFenster(browser, origin, { token: welt.karin.token }))
})
afterAll(async () => {
  await browser?.close()
  await tag?.web.drop()
})

test('every page of the app stands in this list', () => {
  const ohneMuster = (pfad: string): string => pfad.replace(/\{(?:[^{}]|\{[^}]*\})*\}/g, '')
  const gets = new Set(
    tag.web.app.routes.filter(({ method, path: pfad }) => method === 'GET' && !pfad.endsWith('.csv')).map((route) => ohneMuster(route.path)),
  )
  expect(
    Object.keys(SEITEN)
      .filter((pfad) => pfad !== '/gibt-es-nicht')
      .sort(),
  ).toEqual([...gets].sort())
})

describe('no page has a fault', () => {
  test.each(ALLE.map((eine) => [eine.bild, eine] as const))('%s', async (bild, { wer, pfad, status = 200 }) => {
    const page = await fenster.get(wer)!.newPage()
    const fehler = watchFehler(page)
    const maengel: string[] = []
    await page.setViewportSize(BREIT)
    await page.emulateMedia({ colorScheme: 'light' })
    const antwort = (await page.goto(pfad(tag)))!
    expect(antwort.status()).toBe(status)
    const { results } = await pruefer.validateString(await antwort.text())
    maengel.push(...results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `html: ${ruleId}: ${message} (${line})`)))
    for (const [ansicht, viewport, farbe, geprueft] of ANSICHTEN) {
      if (!geprueft && !BILDER) continue
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme: farbe })
      if (BILDER) await page.screenshot({ path: path.join(BILDER, `${bild}${ansicht}.png`) })
      if (geprueft) maengel.push(...(await axe(page)).map((mangel) => `axe${ansicht}: ${mangel}`))
      const quer = await sideways(page)
      if (quer > 0) maengel.push(`${ansicht}: ${quer} px zu breit`)
      // A wide table may scroll on a phone, not on the desk.
      if (viewport === BREIT && (await cutTables(page)) > 0) maengel.push(`${ansicht}: Tabelle abgeschnitten`)
    }
    // The browser itself reports an answer that is not 200.
    const unerwartet = fehler.filter((text) => !(status >= 400 && text.includes(`status of ${status}`)))
    expect([...maengel, ...unerwartet]).toEqual([])
    await page.close()
  })
})

/** A worker that lives, a Störung that lasts and one that is over, mails that were not sent. */
async function insertSystem(owner: Db, betrieb: number, vermittler: number): Promise<void> {
  const herzschlag = { am: `${HEUTE}T08:59:50Z`, version: '0.1.0', revision: 1, temporal_version: '1.29.1', platte_frei: 70e9, platte_gesamt: 252e9 }
  await owner
    .insertInto('herzschlag')
    .values({ ...herzschlag, temporal_ui: 'http://127.0.0.1:8233/namespaces/default' })
    .execute()
  await owner
    .insertInto('stoerung')
    .values([
      { ursache: 'SICHERUNG_ALT', codes: '{}', seit: `${HEUTE}T06:00:00Z`, kennung: '0b5f7c9e-6a8a-4c29-9a5e-0d2f8f2f1c11' },
      {
        ursache: 'OUTBOX_ALT',
        codes: '{}',
        seit: `2026-11-20T10:00:00Z`,
        beendet_am: '2026-11-20T10:04:00Z',
        kennung: '5c1f2f6e-8e1b-4f5a-9b39-7d7a3c3a2b22',
      },
    ])
    .execute()
  const wen = { betrieb_id: betrieb, vermittler_id: vermittler, art: 'KUNDE' as const, inhalt: 'Guten Tag', erstellt_am: `${HEUTE}T07:12:00Z` }
  await owner
    .insertInto('mail')
    .values([
      { ...wen, an: 'unbekannt@kunde.example', betreff: 'Ihr Vertrag läuft ab', status: 'FEHLER', fehler: 'validation_error' },
      { ...wen, an: 'a.yilmaz@kunde.example', betreff: 'Terminvorschlag', status: 'UNGEWISS' },
    ])
    .execute()
}

const sideways = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
const cutTables = (page: Page): Promise<number> =>
  page.evaluate(() => [...document.querySelectorAll('.rollbar')].filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length)
