import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { getForm } from '../../test/support/formular.ts'
import { type TestWeb, createTestWeb } from '../../test/support/web.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../../test/support/welt.ts'

let web: TestWeb
let anna: { id: number; token: string }
let karin: { id: number; token: string }
let kunde: number
let fall: number

beforeAll(async () => void (web = await createTestWeb()))
afterAll(() => web.drop())
beforeEach(async () => {
  const { owner } = web.database
  const betrieb = await insertBetrieb(owner)
  anna = await insertVermittler(owner, betrieb)
  karin = await insertVermittler(owner, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
  kunde = await insertKunde(owner, { betrieb, vermittler: anna.id })
  const weg = { status: 'GESCHLOSSEN', ergebnis: 'ABGELEHNT_NACH_BERATUNG', sperre_bis: '2098-03-12' } as const
  fall = await insertFall(owner, { betrieb, vermittler: anna.id, kunde }, weg)
})

const get = async (pfad: string, wer = karin) => (await web.als(wer.token, pfad)).text()
const heben = async (grund: string) => {
  const pfad = `/faelle/${fall}/sperre`
  return web.als(karin.token, pfad, { form: { ...getForm(await get(pfad), pfad), grund } })
}

test('Kundendaten say what is held back, until when and why; only a Supervisor may end it', async () => {
  const annas = await get(`/kunden/${kunde}`, anna)
  expect(annas).toContain('gesperrt bis 12.03.2098, weil abgelehnt nach Beratung')
  expect(annas).not.toContain(`/faelle/${fall}/sperre`)
  expect(await get(`/kunden/${kunde}`)).toContain(`/faelle/${fall}/sperre`)
  expect((await web.als(anna.token, `/faelle/${fall}/sperre`)).status).toBe(403)
  expect((await web.als(anna.token, `/faelle/${fall}/sperre`, { form: { grund: 'x' } })).status).toBe(403)
})

test('without a reason it stays; with one it is gone, and the timeline says who and why', async () => {
  const ohne = await heben(' ')
  expect(ohne.status).toBe(422)
  expect(await ohne.text()).toContain('Der Grund fehlt')
  expect((await heben('Hat selbst angerufen')).headers.get('Location')).toBe(`/kunden/${kunde}#verlauf`)
  const seite = await get(`/kunden/${kunde}`)
  expect(seite).not.toContain('gesperrt bis')
  for (const wort of ['Sperrfrist aufgehoben', 'Hat selbst angerufen', 'Lindner, Karin']) expect(seite).toContain(wort)
  expect((await web.als(karin.token, `/faelle/${fall}/sperre`)).status).toBe(404)
})

test('what belongs to a past event is folded away', async () => {
  await web.database.owner.updateTable('fall').set({ sperre_bis: '9999-12-31', ergebnis: 'ABGESCHLOSSEN' }).where('id', '=', fall).execute()
  expect(await get(`/kunden/${kunde}`)).toMatch(/<summary>Kommt nicht wieder<\/summary>.*kommt nicht wieder, weil abgeschlossen/s)
})

describe('edited by hand, a new Anlass ends the Sperrfrist of a refusal', () => {
  const vorher = { strasse: 'Lange Reihe 5', plz: '20099', erwerbsstatus: 'AZUBI', familienstand: 'LEDIG' } as const
  const bearbeite = async (felder: Record<string, string>) => {
    await web.database.owner.updateTable('kunde').set(vorher).where('id', '=', kunde).execute()
    const pfad = `/kunden/${kunde}/bearbeiten`
    expect((await web.als(anna.token, pfad, { form: { ...getForm(await get(pfad, anna), pfad), ...felder } })).status).toBe(303)
    return get(`/kunden/${kunde}`, anna)
  }

  test.each<[string, Record<string, string>]>([
    ['neue Anschrift', { strasse: 'Jungfernstieg 1', plz: '20354' }],
    ['der Beruf hat sich geändert', { erwerbsstatus: 'ANGESTELLT' }],
    ['die Familie hat sich geändert', { familienstand: 'VERHEIRATET' }],
  ])('%s', async (anlass, felder) => {
    const seite = await bearbeite(felder)
    expect(seite).not.toContain('gesperrt bis')
    for (const wort of [`Sperrfrist endet: ${anlass}`, 'Weber, Anna']) expect(seite).toContain(wort)
  })

  test('a telephone number is none', async () => expect(await bearbeite({ telefon: '040 7654321' })).toContain('gesperrt bis 12.03.2098'))
})

test('before a refusal is saved, the form says until when it holds and what ends it earlier', async () => {
  await web.database.owner.updateTable('fall').set({ status: 'OFFEN', ergebnis: null, sperre_bis: null }).where('id', '=', fall).execute()
  expect(await get(`/faelle/${fall}`, anna)).toMatch(/abgelehnt nach Beratung:<\/strong> Gesperrt bis 23\.11\.2028, früher bei neuer Anschrift/)
})
