import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { getForm } from '../../test/support/formular.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from '../../test/support/welt.ts'
import { type TestWeb, createTestWeb } from '../../test/support/web.ts'

const REGEL = '/regeln/versicherungsluecken-junge-kunden'

let web: TestWeb
let betrieb: number
let anna: { id: number; token: string }
let karin: { id: number; token: string }

beforeAll(async () => void (web = await createTestWeb()))
afterAll(() => web.drop())
beforeEach(async () => {
  betrieb = await insertBetrieb(web.database.owner)
  anna = await insertVermittler(web.database.owner, betrieb)
  karin = await insertVermittler(web.database.owner, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
})

const get = async (pfad: string, wer = karin) => (await web.als(wer.token, pfad)).text()
const post = (pfad: string, form: Record<string, string>, wer = karin) => web.als(wer.token, pfad, { form })
const formular = async () => getForm(await get(REGEL), REGEL)
const kunde = (felder = {}) => insertKunde(web.database.owner, { betrieb, vermittler: anna.id }, felder)
const regel = () =>
  web.database.owner
    .selectFrom('regel')
    .select(['an', 'werte', 'prio', 'sperrfrist_monate', 'version'])
    .where('betrieb_id', '=', betrieb)
    .where('gevo', '=', 'G01')
    .executeTakeFirst()

describe('settings', () => {
  test('saved is what differs; the edition stands below with who and what, and can be opened by a Vermittler', async () => {
    await post(REGEL, { ...(await formular()), an: '1' })
    const antwort = await post(REGEL, { ...(await formular()), an: '1', 'wert-alterBis': '40', prio: '2', sperrfrist: '6' })
    expect(antwort.headers.get('Location')).toBe(REGEL)
    expect(await regel()).toEqual({ an: true, werte: { alterBis: 40 }, prio: 2, sperrfrist_monate: 6, version: 2 })
    const seite = await get(REGEL)
    for (const wort of ['34 Jahre → 40 Jahre', 'Sperrfrist: 12 Monate → 6 Monate', 'Priorität: 3 → 2', 'Lindner, Karin'])
      expect(seite).toContain(wort)
    const stand = await get(`${REGEL}/stand/2`, anna)
    for (const wort of ['Regelstand 2', '40 Jahre', '6 Monate', 'Dieser Regelstand gilt']) expect(stand).toContain(wort)
    expect(await get(`${REGEL}/stand/1`, anna)).toContain('Inzwischen gilt')
    expect((await web.als(anna.token, `${REGEL}/stand/3`)).status).toBe(404)
  })

  test('what is wrong is said with what would be right, typed text stays, nothing is saved', async () => {
    const antwort = await post(REGEL, { ...(await formular()), an: '1', 'wert-alterBis': 'vierzig' })
    expect(antwort.status).toBe(422)
    const seite = await antwort.text()
    expect(seite).toContain('value="vierzig"')
    expect(seite).toContain('„vierzig“ geht nicht. Richtig ist eine ganze Zahl von')
    expect(await regel()).toBeUndefined()
  })

  test('changed by somebody else meanwhile: told, typed text kept, and the second Speichern is meant', async () => {
    const meins = { ...(await formular()), an: '1', 'wert-alterBis': '40' }
    await post(REGEL, { ...(await formular()), an: '1', 'wert-alterBis': '50' })
    const antwort = await post(REGEL, meins)
    expect(antwort.status).toBe(409)
    const seite = await antwort.text()
    expect(seite).toContain('inzwischen von Lindner, Karin geändert')
    expect(seite).toContain('value="40"')
    expect((await post(REGEL, { ...getForm(seite, REGEL), an: '1' })).status).toBe(303)
    expect(await regel()).toMatchObject({ werte: { alterBis: 40 } })
  })

  test('back to what the GeVo says; on or off stays', async () => {
    await post(REGEL, { ...(await formular()), an: '', 'wert-alterBis': '40', sperrfrist: '6' })
    await post(`${REGEL}/vorgabe`, getForm(await get(REGEL), `${REGEL}/vorgabe`))
    expect(await regel()).toEqual({ an: false, werte: {}, prio: null, sperrfrist_monate: null, version: 2 })
    expect(await get(REGEL)).not.toContain('Auf Vorgabe zurücksetzen')
  })

  test('only the Supervisor’s', async () => {
    for (const pfad of ['/regeln', REGEL, `${REGEL}/vorschau`, '/anlauf/vorschau.csv']) expect((await web.als(anna.token, pfad)).status).toBe(403)
    expect((await post(REGEL, { an: '1', prio: '3' }, anna)).status).toBe(403)
    expect((await web.als(karin.token, '/regeln/gibt-es-nicht')).status).toBe(404)
  })
})

describe('preview', () => {
  test('trying counts what the typed thresholds would find, beside those in force, and saves nothing', async () => {
    await kunde({ geburtsdatum: '1986-11-23' })
    const seite = await get(`${REGEL}?an=1&wert-alterBis=40&prio=3&sperrfrist=12`)
    expect(seite).toContain('So entstünde 1 neuer Fall')
    expect(seite).toContain('Mit den gespeicherten Einstellungen: kein neuer Fall')
    expect(seite).toContain('value="40"')
    expect(await regel()).toBeUndefined()
    expect((await web.als(karin.token, `${REGEL}?wert-alterBis=viele&prio=3`)).status).toBe(422)
  })

  test('who would be hit, with the reason why somebody is not', async () => {
    await kunde({ name: 'Neumann' })
    const alt = await kunde({ name: 'Altmann' })
    const weg = { status: 'GESCHLOSSEN', ergebnis: 'ABGELEHNT_NACH_BERATUNG', sperre_bis: '2028-03-12' } as const
    await insertFall(web.database.owner, { betrieb, vermittler: anna.id, kunde: alt }, { schluessel: `k${alt}`, ...weg })
    const seite = await get(`${REGEL}/vorschau`)
    expect(seite).toContain('würde 1 neuen Fall öffnen')
    expect(seite).toContain('gesperrt bis 12.03.2028, weil abgelehnt nach Beratung')
    expect(seite.indexOf('Neumann')).toBeLessThan(seite.indexOf('Altmann'))
    expect(await get(`${REGEL}/vorschau?am=13.03.2028`)).toContain('würde 2 neue Fälle öffnen')
    const falsch = await web.als(karin.token, `${REGEL}/vorschau?am=irgendwann`)
    expect(falsch.status).toBe(422)
    expect(await falsch.text()).toContain('„irgendwann“ ist kein Datum')
  })

  test('whom one rule would hit, as a table', async () => {
    const { nummer } = await web.database.owner
      .selectFrom('kunde')
      .select('nummer')
      .where('id', '=', await kunde({ name: '=Neumann' }))
      .executeTakeFirstOrThrow()
    const weg = { status: 'GESCHLOSSEN', ergebnis: 'ABGELEHNT_NACH_BERATUNG', sperre_bis: '2028-03-12' } as const
    const alt = await kunde({ name: 'Altmann' })
    await insertFall(web.database.owner, { betrieb, vermittler: anna.id, kunde: alt }, { schluessel: `k${alt}`, ...weg })
    const antwort = await web.als(karin.token, `${REGEL}/vorschau.csv`)
    expect(antwort.headers.get('Content-Disposition')).toContain('vorschau-versicherungsluecken-junge-kunden-2026-11-23.csv')
    const [kopf, neu, gesperrt, ...rest] = (await antwort.text()).trim().split('\r\n')
    expect(kopf).toContain('Kundennummer;Kunde;Anlass;Frist;Vermittler;Folge;Näheres')
    expect(neu).toBe(`${nummer};'=Neumann, Elif;kein eigener aktiver Vertrag;;Weber, Anna;neuer Fall;`)
    expect(gesperrt).toContain('gesperrt;gesperrt bis 12.03.2028, weil abgelehnt nach Beratung')
    expect(rest).toEqual([])
    expect((await web.als(anna.token, `${REGEL}/vorschau.csv`)).status).toBe(403)
    expect((await web.als(karin.token, `${REGEL}/vorschau.csv?am=irgendwann`)).headers.get('Location')).toBe(`${REGEL}/vorschau?am=irgendwann`)
  })

  test('page by page', async () => {
    for (let i = 0; i < 51; i++) await kunde({ name: `Meier${i}` })
    const zeilen = (html: string) => html.match(/class="name"/g)!.length
    expect(zeilen(await get(`${REGEL}/vorschau`))).toBe(50)
    const zweite = await get(`${REGEL}/vorschau?seite=2`)
    expect(zeilen(zweite)).toBe(1)
    expect(zweite).toContain('Seite 2 von 2')
  })

  test('all rules for a day as a table', async () => {
    await kunde({ geburtsdatum: '2009-03-01' })
    const antwort = await web.als(karin.token, '/anlauf/vorschau.csv?am=2027-03-01')
    expect(antwort.headers.get('Content-Disposition')).toBe('attachment; filename="vorschau-2027-03-01.csv"')
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await antwort.arrayBuffer())
    expect(text.split('\r\n')[0]).toBe('\uFEFFCode;Geschäftsvorfall;Tag;Eingeschaltet;Neue Fälle;Schon offen;Gesperrt;Altbestand geprüft;Unbekannt')
    expect(text).toContain('G01;Versicherungslücken bei jüngeren Kunden;01.03.2027;ja;1;0;0;0;0\r\n')
  })

  test('on Anlauf: another day, and what the daily quota leaves for later', async () => {
    await web.database.owner.updateTable('betrieb').set({ tagesquote: 1 }).where('id', '=', betrieb).execute()
    for (let i = 0; i < 3; i++) await kunde()
    const [, neu, spaeter] = /würden (\d+) neue Fälle öffnen, davon (\d+) erst an späteren Tagen/.exec(await get('/anlauf'))!
    expect(Number(neu)).toBeGreaterThanOrEqual(3)
    expect(Number(spaeter)).toBe(Number(neu) - 1)
    expect(await get('/anlauf?am=1.1.2050')).toContain('01.01.2050')
  })
})

describe('Altbestand geprüft', () => {
  const G18 = '/regeln/kein-kontakt'
  const altbestand = `${G18}/altbestand`
  /** A customer long before, with a contract, whom nobody has reached. */
  const still = async () => {
    await web.database.owner.updateTable('betrieb').set({ beginn: '2015-01-01' }).where('id', '=', betrieb).execute()
    await insertVertrag(web.database.owner, { betrieb, kunde: await kunde({ kunde_seit: '2015-05-01' }) }, { ablauf: null })
  }
  const merke = async (felder: Record<string, string>) => post(altbestand, { ...getForm(await get(G18), `${altbestand}#altbestand`), ...felder })

  test('all findings of today are held back with a reason and until a day, found again when taken back; a second click does nothing', async () => {
    await still()
    await still()
    expect(await get(`${G18}/vorschau`)).toContain('würde 2 neue Fälle öffnen')
    const form = { ...getForm(await get(G18), `${altbestand}#altbestand`), grund: 'Jahresgespräche auf Papier' }
    for (const _ of [1, 2]) expect((await post(altbestand, form)).headers.get('Location')).toBe(`${G18}#altbestand`)
    const seite = await get(G18)
    expect(seite.match(/2 Befunde bis 23\.11\.2027: Jahresgespräche auf Papier/g)).toHaveLength(1)
    expect(seite).toContain('Lindner, Karin')
    const vorschau = await get(`${G18}/vorschau`)
    for (const wort of ['würde keinen neuen Fall öffnen', '2 gesperrt', 'Altbestand geprüft']) expect(vorschau).toContain(wort)
    const weg = /action="([^"]*\/ruecknahme)"/.exec(seite)![1]!
    expect((await post(weg, {})).status).toBe(303)
    expect((await post(weg, {})).status).toBe(303)
    expect(await get(G18)).toContain('zurückgenommen')
    expect(await get(`${G18}/vorschau`)).toContain('würde 2 neue Fälle öffnen')
  })

  test.each<[{ grund: string; bis?: string }, string]>([
    [{ grund: ' ' }, 'Der Grund fehlt'],
    [{ grund: 'Papier', bis: '' }, 'Bis wann?'],
    [{ grund: 'Papier', bis: 'irgendwann' }, '„irgendwann“ ist kein Datum'],
    [{ grund: 'Papier', bis: '23.11.2026' }, 'Richtig ist ein Tag nach heute'],
    [{ grund: 'Papier', bis: '01.01.2099' }, 'spätestens der 22.11.2031'],
  ])('%o is refused with what would be right, typed text stays', async (felder, text) => {
    await still()
    const antwort = await merke(felder)
    expect(antwort.status).toBe(422)
    const seite = await antwort.text()
    expect(seite).toContain(text)
    expect(seite).toContain(`value="${felder.bis ?? '23.11.2027'}"`)
    expect(await get(`${G18}/vorschau`)).toContain('würde 1 neuen Fall öffnen')
  })

  test('only the Supervisor’s, only where the past is not known, and said where there is nothing', async () => {
    const form = { grund: 'Papier', bis: '23.11.2027' }
    expect((await post(altbestand, form, anna)).status).toBe(403)
    expect((await post(`${altbestand}/1/ruecknahme`, {}, anna)).status).toBe(403)
    expect((await post(`${REGEL}/altbestand`, form)).status).toBe(404)
    await merke(form)
    expect(await web.database.owner.selectFrom('altbestand').select('id').where('betrieb_id', '=', betrieb).execute()).toEqual([])
  })
})

describe('help', () => {
  test('the catalogue in words, with the thresholds of this Betrieb; found by a word', async () => {
    await post(REGEL, { ...(await formular()), an: '1', 'wert-alterBis': '40' })
    const seite = await get('/hilfe/geschaeftsvorfaelle', anna)
    for (const wort of ['id="versicherungsluecken-junge-kunden"', '40 Jahre', '§ 10 VVG', 'nach 12 Monaten', '<dt>Kommt wieder</dt>'])
      expect(seite).toContain(wort)
    expect(seite).not.toContain(`href="${REGEL}"`)
    const gesucht = await get('/hilfe/geschaeftsvorfaelle?q=verlaengerung', anna)
    expect(gesucht).toContain('id="vertrag-laeuft-bald-ab"')
    expect(gesucht).not.toContain('id="versicherungsluecken-junge-kunden"')
    expect(await get('/hilfe/geschaeftsvorfaelle?q=gibtesnicht', anna)).toContain('Kein Geschäftsvorfall passt')
  })
})
