import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Arbeit, G02_BEFUND, createArbeit, textOf } from '../../test/support/arbeit.ts'
import { insertBetrieb, insertKunde, insertVermittler } from '../../test/support/welt.ts'

let arbeit: Arbeit
const G01 = '/geschaeftsvorfaelle/versicherungsluecken-junge-kunden'
const G02 = '/geschaeftsvorfaelle/vertrag-laeuft-bald-ab'
const g02 = (schluessel: string, frist: string) => ({ gevo: 'G02', befund: G02_BEFUND, prio: 1, frist, schluessel })
let annas: number[]

beforeAll(async () => {
  arbeit = await createArbeit()
  annas = [(await arbeit.openFall({}, { name: 'Zander' })).fall, (await arbeit.openFall({}, { name: 'Ärger' })).fall]
  await arbeit.openFall({ vermittler_id: arbeit.otto.id }, { name: 'Ottomann' })
  await arbeit.openFall(g02('a', '2026-12-20'), { name: 'Spätfrist' })
  await arbeit.openFall(g02('b', '2026-11-20'), { name: 'Überfällig' })
  await arbeit.openFall(g02('c', '2026-11-27'), { name: 'Baldfrist' })
})
afterAll(() => arbeit.web.drop())

const hole = async (pfad: string, token = arbeit.anna.token) => (await arbeit.web.als(token, pfad)).text()
const namen = (html: string) => [...html.matchAll(/<a class="name" id="name-\d+"[^>]*>([^<]+),/g)].map((m) => m[1])

test('the overview groups by urgency and counts open, new, overdue and the next Frist', async () => {
  const text = textOf(await hole('/geschaeftsvorfaelle'))
  expect(text).toMatch(/5 offene Fälle, 1 überfällig/)
  expect(text).toMatch(/Frist läuft Vertrag läuft bald ab .* 3 3 neu Fr 27\.11\. 1 überfällig 1 in 7 Tagen/)
  expect(text).toMatch(/Lücken .*Versicherungslücken bei jüngeren Kunden .* 2 2 neu/)
})

test('only the Supervisor has the Vermittler filter; the counts follow it; in a Vermittler’s URL it shows nothing more', async () => {
  expect(await hole('/geschaeftsvorfaelle')).not.toContain('name="vermittler"')
  const alle = await hole('/geschaeftsvorfaelle', arbeit.karin.token)
  expect(alle).toContain('<select name="vermittler">')
  expect(textOf(alle)).toContain('6 offene Fälle')
  expect(textOf(await hole(`/geschaeftsvorfaelle?vermittler=${arbeit.otto.id}`, arbeit.karin.token))).toContain('1 offener Fall')
  expect(namen(await hole(`${G01}?vermittler=${arbeit.otto.id}`, arbeit.karin.token))).toEqual(['Ottomann'])
  expect(namen(await hole(`${G01}?vermittler=${arbeit.otto.id}`))).toEqual(['Ärger', 'Zander'])
})

test('a locked Vermittler stays in the filter while there are customers, and says so', async () => {
  const { owner } = arbeit.web.database
  const max = await insertVermittler(owner, arbeit.betrieb, { vorname: 'Max', name: 'Muster', aktiv: false })
  const filter = async () => (await Promise.all(['/geschaeftsvorfaelle', G01, '/vorgaenge'].map((pfad) => hole(pfad, arbeit.karin.token)))).join()
  expect(await filter()).not.toContain('Muster, Max')
  await insertKunde(owner, { betrieb: arbeit.betrieb, vermittler: max.id })
  expect((await filter()).match(/Muster, Max \(gesperrt\)</g)).toHaveLength(3)
})

test('a rule that is switched off says so instead of a nought, last in its group; the Supervisor finds its settings', async () => {
  const { owner } = arbeit.web.database
  const ensureAus = (gevo: string, an: boolean) =>
    owner
      .insertInto('regel')
      .values({ betrieb_id: arbeit.betrieb, gevo, an })
      .onConflict((oc) => oc.columns(['betrieb_id', 'gevo']).doUpdateSet({ an }))
      .execute()
  await ensureAus('G06', false)
  await ensureAus('G01', false)
  const seite = await hole('/geschaeftsvorfaelle')
  const text = textOf(seite)
  expect(text).toMatch(/Privathaftpflicht fehlt [^0-9]* ausgeschaltet Pflege/)
  expect(text, 'what is still open is worked on').toMatch(/jüngeren Kunden .* 2 2 neu ausgeschaltet/)
  expect(seite).not.toContain('/regeln/')
  expect(await hole('/geschaeftsvorfaelle', arbeit.karin.token)).toContain('href="/regeln/privathaftpflicht-fehlt"')
  const leer = '/geschaeftsvorfaelle/privathaftpflicht-fehlt'
  expect(await hole(leer)).toContain('Diese Regel ist ausgeschaltet')
  expect(await hole(leer, arbeit.karin.token)).toContain('href="/regeln/privathaftpflicht-fehlt/vorschau"')
  await ensureAus('G06', true)
  await ensureAus('G01', true)
  expect(await hole(leer)).not.toContain('ausgeschaltet')
})

test('the list sorts overdue first, then by Frist, then as the phone book does; due reminders stand on top', async () => {
  expect(namen(await hole(G02))).toEqual(['Überfällig', 'Baldfrist', 'Spätfrist'])
  expect(namen(await hole(G01))).toEqual(['Ärger', 'Zander'])
  const { owner } = arbeit.web.database
  const row = await owner.selectFrom('fall').selectAll().where('id', '=', annas[0]!).executeTakeFirstOrThrow()
  await owner.updateTable('fall').set({ offene_vorgaenge: 1, status: 'IN_ARBEIT' }).where('id', '=', row.id).execute()
  const vorgang = { betrieb_id: row.betrieb_id, fall_id: row.id, kunde_id: row.kunde_id, vermittler_id: row.vermittler_id, titel: 'Anrufen' }
  await owner
    .insertInto('vorgang')
    .values({ ...vorgang, status: 'FAELLIG', faellig_am: '2026-11-23T08:00:00Z' })
    .execute()
  const html = await hole(G01)
  expect(namen(html)).toEqual(['Zander', 'Ärger'])
  expect(html).toContain('Wiedervorlage fällig')
})

test('a Fall opens beside its list by URL; somebody else’s does not', async () => {
  expect(await hole(`${G01}?fall=${annas[1]}`)).toContain(`<div class="akteninhalt" data-fall="${annas[1]}"`)
  const fremd = await arbeit.openFall({ vermittler_id: arbeit.otto.id, schluessel: 'fremd' })
  expect(await hole(`${G01}?fall=${fremd.fall}`)).not.toContain('akteninhalt')
})

test('the next Fall is the most urgent; after one comes the one below it', async () => {
  const ziel = async (pfad: string) => (await arbeit.web.als(arbeit.anna.token, pfad)).headers.get('Location')
  expect(await ziel('/geschaeftsvorfaelle/alle/naechster')).toBe(`${G01}?fall=${annas[0]}`)
  expect(await ziel(`${G01}/naechster?nach=${annas[0]}`)).toBe(`${G01}?fall=${annas[1]}`)
})

test('more than fifty rows are paged and say so', async () => {
  const eva = await insertVermittler(arbeit.web.database.owner, arbeit.betrieb)
  for (let i = 0; i < 53; i++)
    await arbeit.openFall({ vermittler_id: eva.id, schluessel: `viele-${i}` }, { name: `Kunde${String(i).padStart(2, '0')}` })
  const erste = await hole(G01, eva.token)
  expect([namen(erste).length, textOf(erste)]).toEqual([50, expect.stringContaining('1–50 von 53')])
  const zweite = await hole(`${G01}?seite=2`, eva.token)
  expect([namen(zweite), textOf(zweite)]).toEqual([['Kunde50', 'Kunde51', 'Kunde52'], expect.stringContaining('51–53 von 53')])
  // What stood there has been worked off meanwhile.
  const dritte = await arbeit.web.als(eva.token, `${G01}?seite=3&erledigt=1&fall=7`)
  expect([dritte.status, dritte.headers.get('Location')]).toEqual([303, `${G01}?seite=2&erledigt=1&fall=7`])
})

test('of what is folded away the beginning comes along; all of it, unfolded, on request', async () => {
  const { owner } = arbeit.web.database
  const ida = await insertVermittler(owner, arbeit.betrieb)
  for (let i = 0; i < 62; i++) {
    const { fall } = await arbeit.openFall({ vermittler_id: ida.id, schluessel: `wartet-${i}` }, { name: `Kunde${String(i).padStart(2, '0')}` })
    await owner
      .updateTable('fall')
      .set({ offene_vorgaenge: 1, status: 'IN_ARBEIT', erinnerung_am: `2026-12-01T08:${String(i % 60).padStart(2, '0')}:0${Math.floor(i / 60)}Z` })
      .where('id', '=', fall)
      .execute()
  }
  const falte = (html: string) => /<details class="falte" id="falte-WIEDERVORLAGE"[^]*?<\/details>/.exec(html)![0]
  const zu = falte(await hole(G01, ida.token))
  expect([namen(zu).length, textOf(zu)]).toEqual([10, expect.stringMatching(/Wiedervorlage \( ?62 ?\).* Weitere zeigen/)])
  expect(zu).not.toMatch(/ open|1–10/)
  const weiter = /href="([^"]+)">Weitere zeigen/.exec(zu)![1]!
  expect(weiter).toBe(`${G01}?wiedervorlage=1#falte-WIEDERVORLAGE`)
  const offen = falte(await hole(weiter, ida.token))
  expect([namen(offen).length, textOf(offen), offen.includes(' open')]).toEqual([50, expect.stringContaining('1–50 von 62 Nächste'), true])
  const zweite = falte(await hole(`${G01}?wiedervorlage=2`, ida.token))
  expect([namen(zweite).length, zweite]).toEqual([12, expect.stringContaining(`rel="prev" href="${G01}?wiedervorlage=1#falte-WIEDERVORLAGE"`)])
})

test('an empty office is told what comes next', async () => {
  const betrieb = await insertBetrieb(arbeit.web.database.owner, { anlauf_am: null })
  const chefin = await insertVermittler(arbeit.web.database.owner, betrieb, { rolle: 'SUPERVISOR' })
  const html = await hole('/geschaeftsvorfaelle', chefin.token)
  expect(textOf(html)).toContain('Noch keine Kunden Bestand importieren')
  expect(html).toContain('href="/anlauf"')
})

test('what is not in the catalogue is not there; a Vorgang by hand is no list', async () => {
  for (const key of ['vorgang', 'gibt-es-nicht']) expect((await arbeit.web.als(arbeit.anna.token, `/geschaeftsvorfaelle/${key}`)).status).toBe(404)
})

test('before the first night and while one is under way overview and list say so and ask again by themselves; when it is over, the counts of the menu come along', async () => {
  const { owner } = arbeit.web.database
  const betrieb = await insertBetrieb(owner)
  const neu = await insertVermittler(owner, betrieb)
  await insertKunde(owner, { betrieb, vermittler: neu.id }, {})
  const seiten = { '/geschaeftsvorfaelle': 'Zurzeit ist kein Fall offen.', [G01]: 'Kein offener Fall.' }
  const jede = (pruefe: (pfad: string, leer: string) => Promise<void>) =>
    Promise.all(Object.entries(seiten).map(([pfad, leer]) => pruefe(pfad, leer)))
  await jede(async (pfad) => {
    const bevor = await hole(pfad, neu.token)
    expect(textOf(bevor)).toContain('Der erste Nachtlauf steht noch bevor.')
    expect(bevor).toContain(`hx-get="${pfad}" hx-trigger="every 5s"`)
  })
  const { id } = await owner
    .insertInto('nachtlauf')
    .values({ betrieb_id: betrieb, stichtag: '2026-11-24', anlass: 'HAND', status: 'LAEUFT', zaehler: '{}' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await jede(async (pfad, leer) => {
    const laeuft = await hole(pfad, neu.token)
    expect(textOf(laeuft)).toContain('Der Nachtlauf sieht gerade den Bestand durch.')
    expect(textOf(laeuft)).not.toContain(leer)
    expect(laeuft).toContain(`hx-get="${pfad}" hx-trigger="every 2s"`)
  })
  await owner.updateTable('nachtlauf').set({ status: 'FERTIG', beendet_am: '2026-11-24T04:11:00Z' }).where('id', '=', id).execute()
  await jede(async (pfad, leer) => {
    const antwort = await arbeit.web.als(neu.token, pfad, { headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' } })
    const fertig = await antwort.text()
    expect(fertig).not.toContain('hx-trigger="every')
    expect(textOf(fertig)).toContain(leer)
    expect(fertig).toContain('hx-target="#zahl-geschaeftsvorfaelle"')
    expect(textOf(fertig)).toContain('Stand: ')
  })
})
