import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactFall } from '../../db/kontakte.ts'
import { suchtext } from '../../domain/suchtext.ts'
import { BREIT, HANDY, axe, foto, openFenster, startBrowser, watchFehler } from '../support/browser.ts'
import { type TestWeb, createTestWeb } from '../support/web.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from '../support/welt.ts'

let web: TestWeb
let browser: Browser
let origin: string
let karin: { id: number; token: string }
let elif: number
let lauf: number
let einfuhr: number

beforeAll(async () => {
  web = await createTestWeb()
  origin = await web.serve()
  browser = await startBrowser()
  await fill()
})
afterAll(async () => {
  await browser?.close()
  await web?.drop()
})

async function fill(): Promise<void> {
  const db = web.database.owner
  const betrieb = await insertBetrieb(db)
  karin = await insertVermittler(db, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
  const anna = await insertVermittler(db, betrieb)
  const { id: haushalt } = await db.insertInto('haushalt').values({ betrieb_id: betrieb }).returning('id').executeTakeFirstOrThrow()
  const namen = [
    'Brandt, Jonas',
    'Hoffmann, Marie',
    'Kowalski, Piotr',
    'Müller, Hannah',
    'Schäfer, Tim',
    'Thiele, Sophie',
    'Ünal, Deniz',
    'Vogel, Nora',
  ]
  const add = (voll: string, felder: Record<string, unknown> = {}) => {
    const [name, vorname] = voll.split(', ')
    return insertKunde(
      db,
      { betrieb, vermittler: anna.id },
      { name: name!, vorname: vorname!, suchtext: suchtext({ nummer: '', name: name!, vorname: vorname! }), ...felder },
    )
  }
  for (const name of namen) await add(name)
  for (let i = 0; i < 60; i++) await add(`Weber, Nr${i}`)
  elif = await add('Çelik, Elif', {
    haushalt_id: haushalt,
    strasse: 'Osterstraße 12',
    plz: '20259',
    mobil: null,
    erwerbsstatus: 'ANGESTELLT',
    beruf: 'Ärztin',
  })
  const deniz = await add('Çelik, Deniz', { haushalt_id: haushalt, geburtsdatum: '2015-05-05' })
  await db.insertInto('beziehung').values({ betrieb_id: betrieb, kunde_id: deniz, zu_kunde_id: elif, art: 'KIND' }).execute()
  await db.insertInto('portalzugang').values({ betrieb_id: betrieb, kunde_id: elif, status: 'AKTIV' }).execute()
  await db.insertInto('portalzugang').values({ betrieb_id: betrieb, kunde_id: deniz, status: 'EINGELADEN' }).execute()
  await db.insertInto('versicherer').values({ betrieb_id: betrieb, vu_nummer: '5342', name: 'Hansa Sach' }).execute()
  await db
    .insertInto('einwilligung')
    .values({ betrieb_id: betrieb, kunde_id: elif, kanal: 'EMAIL', text_version: '1', form: 'Portal', erteilt_am: '2026-01-05' })
    .execute()
  const sparten = ['HAUSRAT', 'KFZ', 'PHV', 'BU', 'WOHNGEBAEUDE', 'RECHTSSCHUTZ', 'UNFALL', 'RV', 'KV_ZUSATZ', 'GLAS', 'THV', 'SCHUTZBRIEF'] as const
  for (const [i, sparte] of sparten.entries())
    await insertVertrag(
      db,
      { betrieb, kunde: elif },
      {
        sparte,
        beitrag_cent: i === 4 ? null : 9640 + i * 1111,
        zahlungsweise: i % 3 === 0 ? 'MONATLICH' : 'JAEHRLICH',
        ablauf: i % 2 ? '2027-01-01' : null,
        bestandsart: i === 3 ? 'FREMD' : 'EIGEN',
        status: i === 11 ? 'STORNIERT' : 'AKTIV',
        vu_nummer: i === 5 ? '4711' : '5342',
        agenturnummer: i === 5 ? '0815' : null,
        abgang_am: i === 11 ? '2025-12-31' : null,
      },
    )
  const fall = await insertFall(db, { betrieb, vermittler: anna.id, kunde: elif })
  await insertFall(db, { betrieb, vermittler: anna.id, kunde: elif }, { gevo: 'G02', schluessel: 'v', frist: '2026-11-20', prio: 1 })
  const auftrag = { fall, betrieb, quelle: 'KLICK', person: anna.id } as const
  await web.database.web.withSession(anna.token, async (trx) => {
    await contactFall(
      trx,
      { ...auftrag, aktion: 'a' },
      { kanal: 'EMAIL', ergebnis: 'NACHRICHT_VERSANDT', mail: { an: 'a@b.example', betreff: 'x', inhalt: 'y' } },
    )
    await contactFall(trx, { ...auftrag, aktion: 'b' }, { kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT', notiz: 'Mailbox besprochen, Rückruf morgen' })
  })
  const laeufe = await db
    .insertInto('nachtlauf')
    .values([
      {
        betrieb_id: betrieb,
        stichtag: '2026-11-22',
        anlass: 'PLAN',
        status: 'FERTIG',
        gestartet_am: '2026-11-22T03:10:00Z',
        beendet_am: '2026-11-22T03:10:04Z',
        zaehler: '{"geschlossen":3}',
      },
      { betrieb_id: betrieb, stichtag: '2026-11-23', anlass: 'HAND', status: 'LAEUFT', von_vermittler_id: karin.id, zaehler: '{}' },
    ])
    .returning('id')
    .execute()
  lauf = laeufe[1]!.id
  for (const { id } of laeufe)
    for (const [gevo, gefunden] of [
      ['G01', 296],
      ['G02', 41],
    ] as const)
      await db
        .insertInto('nachtlauf_gevo')
        .values({
          nachtlauf_id: id,
          betrieb_id: betrieb,
          gevo,
          regel_version: 3,
          gefunden,
          eroeffnet: 11,
          behalten: gefunden - 11,
          dauer_ms: 412,
          fertig: gevo === 'G01',
        })
        .execute()
  const befunde = [{ paket: 1, zeile: 12, byte: 226, feld: 'Geburtsdatum', text: 'Das Datum „31021978“ gibt es nicht; das Feld blieb leer.' }]
  const zaehler = {
    pakete: 1,
    saetze: 165,
    kundenNeu: 12,
    kundenGeaendert: 0,
    kundenUnveraendert: 3,
    vertraegeNeu: 31,
    vertraegeUnveraendert: 2,
    befunde: 1,
  }
  const i = await db
    .insertInto('import')
    .values({
      betrieb_id: betrieb,
      datei: 'bestand-2026-11.gdv',
      pruefsumme: 'x',
      status: 'FERTIG',
      zaehler: JSON.stringify(zaehler),
      befunde: JSON.stringify(befunde),
      von_vermittler_id: karin.id,
      beendet_am: '2026-11-23T09:00:00Z',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  einfuhr = i.id
}

const seiten = (): [string, string][] => [
  ['kunden', '/kunden'],
  ['kunden-leer', '/kunden?q=niemand'],
  ['kunde', `/kunden/${elif}?zurueck=/kunden`],
  ['kunde-bearbeiten', `/kunden/${elif}/bearbeiten`],
  ['kunde-vermittler', `/kunden/${elif}/vermittler`],
  ['kunde-neu', '/kunden/neu'],
  ['vertrag-neu', `/kunden/${elif}/vertraege/neu`],
  ['vertragsspiegel', `/kunden/${elif}/vertragsspiegel`],
  ['importe', '/importe'],
  ['import', `/importe/${einfuhr}`],
  ['nachtlaeufe', '/nachtlaeufe'],
  ['nachtlauf', `/nachtlaeufe/${lauf}`],
  ['anlauf', '/anlauf'],
]

for (const [wort, viewport, dunkel] of [
  ['breit', BREIT, false],
  ['handy', HANDY, false],
  ['dunkel', BREIT, true],
] as const)
  test(`customers, imports and nights are without fault for axe and the browser: ${wort}`, async () => {
    const fenster = await openFenster(browser, origin, { viewport, dunkel, token: karin.token })
    const page = await fenster.newPage()
    const fehler = watchFehler(page)
    const maengel: string[] = []
    for (const [name, pfad] of seiten()) {
      const antwort = await page.goto(pfad)
      if (antwort!.status() !== 200) maengel.push(`${name}: Status ${antwort!.status()}`)
      maengel.push(...(await axe(page)).map((mangel) => `${name}: ${mangel}`))
      const quer = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      if (quer > 0) maengel.push(`${name}: ${quer} px zu breit`)
      maengel.push(...(await page.evaluate(tooWide)).map((element) => `${name}: ${element} ragt aus seiner Spalte`))
      await foto(page, `${name}-${wort}`, { ganz: true })
    }
    expect(maengel).toEqual([])
    expect(fehler).toEqual([])
    await fenster.close()
  })

/** Tables that stand out of the block they are in (runs in the page). */
function tooWide(): string[] {
  const tabellen = [...document.querySelectorAll('main table')].filter((tabelle) => !tabelle.closest('.rollbar'))
  return tabellen.filter((tabelle) => tabelle.scrollWidth > tabelle.parentElement!.clientWidth + 1).map((tabelle) => `table.${tabelle.className}`)
}

test('the Vertragsspiegel of twelve contracts prints on one A4 page', async () => {
  const fenster = await openFenster(browser, origin, { token: karin.token, dunkel: true })
  const page = await fenster.newPage()
  await page.goto(`/kunden/${elif}/vertragsspiegel`)
  const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1')
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
  await page.emulateMedia({ media: 'print' })
  await page.setViewportSize({ width: 1030, height: 700 })
  await foto(page, 'vertragsspiegel-druck')
  await fenster.close()
})

test('typing into the search cuts the list while the focus stays in the field', async () => {
  const fenster = await openFenster(browser, origin, { token: karin.token })
  const page = await fenster.newPage()
  await page.goto('/kunden')
  await page.fill('#q', 'elif cel')
  await page.waitForFunction(() => document.querySelectorAll('#kundenliste tbody tr').length === 1)
  expect(await page.textContent('#kundenzahl')).toContain('1 gefunden')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('q')
  expect(page.url()).toContain('q=elif+cel')
  await page.click('#kundenliste a.name')
  await page.click('text=Zurück zur Kundenliste')
  expect(await page.inputValue('#q')).toBe('elif cel')
  await fenster.close()
})

test('the page of a running night follows it and stops asking when it is done', async () => {
  const fenster = await openFenster(browser, origin, { token: karin.token })
  const page = await fenster.newPage()
  await page.goto(`/nachtlaeufe/${lauf}`)
  expect(await page.textContent('.fortschritt')).toContain('1 von 2 Regeln geprüft')
  await web.database.owner.updateTable('nachtlauf_gevo').set({ fertig: true }).where('nachtlauf_id', '=', lauf).execute()
  await page.waitForFunction(() => document.querySelector('.fortschritt')?.textContent?.includes('2 von 2'))
  await web.database.owner.updateTable('nachtlauf').set({ status: 'FERTIG', beendet_am: new Date().toISOString() }).where('id', '=', lauf).execute()
  await page.waitForFunction(() => document.querySelector('#nachtlauf')?.hasAttribute('hx-get') === false)
  expect(await page.textContent('#meldung')).toContain('Der Nachtlauf ist fertig.')
  await fenster.close()
})
