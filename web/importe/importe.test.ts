import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { insertBetrieb, insertVermittler } from '../../test/support/welt.ts'
import { runImporte } from '../../test/support/importieren.ts'
import { type TestWeb, URSPRUNG, createTestWeb } from '../../test/support/web.ts'

const MUSTER = readFileSync(path.join(import.meta.dirname, '../../test/daten/gdv/musterdatei_2009.txt'))

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

async function upload(
  wer: { token: string },
  ...dateien: [name: string, inhalt: Uint8Array][]
): Promise<{ status: number; ort: string; meldung: string; text: string }> {
  const body = new FormData()
  for (const [name, inhalt] of dateien) body.append('datei', new File([new Uint8Array(inhalt)], name))
  const headers = { Cookie: `sitzung=${wer.token}`, Origin: URSPRUNG, 'Sec-Fetch-Site': 'same-origin' }
  const antwort = await web.app.request(`${URSPRUNG}/importe`, { method: 'POST', body, headers })
  await runImporte(web.database.worker)
  const meldung = /meldung=([^;]*)/.exec(antwort.headers.get('Set-Cookie') ?? '')?.[1] ?? ''
  return { status: antwort.status, ort: antwort.headers.get('Location') ?? '', meldung, text: await antwort.text() }
}
const get = async (wer: { token: string }, pfad: string) => (await web.als(wer.token, pfad)).text()
const kunden = () => web.database.owner.selectFrom('kunde').selectAll().where('betrieb_id', '=', betrieb).orderBy('id').execute()

test('a GDV file is uploaded, read and reported; the same file again changes nothing', async () => {
  const erste = await upload(karin, ['musterdatei_2009.txt', MUSTER])
  expect(erste.status).toBe(303)
  const bericht = await get(karin, erste.ort)
  expect(bericht).toContain('musterdatei_2009.txt')
  const vorher = await kunden()
  expect(vorher.length).toBeGreaterThan(3)
  expect(bericht).toMatch(new RegExp(`Kunden</th><td class="r">${vorher.length}</td><td class="r">0</td><td class="r">0</td>`))
  expect(bericht).toMatch(/href="\/nachtlaeufe">Sie können ihn auch jetzt starten/)

  const zweite = await upload(karin, ['musterdatei_2009.txt', MUSTER])
  expect(await kunden()).toEqual(vorher)
  expect(await get(karin, zweite.ort)).toMatch(new RegExp(`Kunden</th><td class="r">0</td><td class="r">0</td><td class="r">${vorher.length}</td>`))
  expect(await get(karin, zweite.ort)).toContain('Genau diese Datei wurde schon einmal eingelesen')
})

test('an unknown agency number is asked once: its customers move to the chosen Vermittler and later deliveries follow', async () => {
  await upload(karin, ['muster.txt', MUSTER])
  expect(new Set((await kunden()).map((k) => k.vermittler_id))).toEqual(new Set([karin.id]))
  const felder = [...(await get(karin, '/importe/klaeren')).matchAll(/name="(nummer\/[^"]+)"/g)].map(([, name]) => name!)
  expect(felder.length).toBeGreaterThan(0)
  const form = Object.fromEntries(felder.map((name) => [name, String(anna.id)]))
  expect((await web.als(karin.token, '/importe/agenturnummern', { form })).status).toBe(303)
  expect(new Set((await kunden()).map((k) => k.vermittler_id))).toEqual(new Set([anna.id]))
  expect(await get(karin, '/importe')).not.toContain('noch niemandem zugeordnet')
  expect(await get(karin, '/importe/klaeren')).toContain('Niemand wartet auf Ihre Antwort')
  const spaeter = await web.als(karin.token, '/importe/agenturnummern', { form: {} })
  expect(decodeURIComponent(spaeter.headers.get('Set-Cookie')!)).toContain('Alle Agenturnummern sind schon zugeordnet.')
})

test('where no Vermittler is chosen the form says so, here and in the report, and nothing is written', async () => {
  const { ort } = await upload(karin, ['muster.txt', MUSTER])
  const felder = [...(await get(karin, '/importe/klaeren')).matchAll(/name="(nummer\/[^"]+)"/g)].map(([, name]) => name!)
  expect(await get(karin, '/importe/klaeren')).toContain('1 Agenturnummer wartet auf Ihre Antwort')
  const leer = Object.fromEntries(felder.map((name) => [name, '']))
  for (const [zurueck, ueberschrift] of [
    ['/importe/klaeren', 'Zu klären'],
    [ort, 'muster.txt'],
  ] as const) {
    const antwort = await web.als(karin.token, '/importe/agenturnummern', { form: { ...leer, zurueck } })
    const text = await antwort.text()
    expect(antwort.status).toBe(422)
    expect(text).toContain(`<h1>${ueberschrift}</h1>`)
    const [, ziel] = /<a href="#([\w-]+)">Bitte wählen Sie zuerst einen Vermittler\.<\/a>/.exec(text)!
    expect(text).toContain(`<select id="${ziel}" name="${felder[0]}"`)
  }
  expect(new Set((await kunden()).map((k) => k.vermittler_id))).toEqual(new Set([karin.id]))
})

test('what is no GDV file is reported as unreadable, nothing is stored', async () => {
  const { ort } = await upload(karin, ['urlaub.jpg', new TextEncoder().encode('Dies ist keine GDV-Datei.')])
  const text = await get(karin, ort)
  expect(text).toContain('gescheitert, nichts übernommen')
  expect(text).toContain('kein lesbares GDV-Paket')
  expect(await kunden()).toEqual([])
})

test('no file and an empty one are told in the form; what is good of several is taken, and what is not is named', async () => {
  expect(await upload(karin)).toMatchObject({ status: 422, text: expect.stringContaining('Es wurde keine Datei ausgewählt.') })
  const leer: [string, Uint8Array] = ['leer.gdv', new Uint8Array()]
  expect(await upload(karin, leer)).toMatchObject({ status: 422, text: expect.stringContaining('Die Datei „leer.gdv“ ist leer.') })
  const beide = await upload(karin, ['C:\\Daten\\muster.txt', MUSTER], leer)
  expect([beide.status, beide.ort, decodeURIComponent(beide.meldung)]).toEqual([
    303,
    '/importe',
    '1 Datei angenommen; sie werden jetzt eingelesen. Die Datei „leer.gdv“ ist leer.',
  ])
  const importe = await web.database.owner.selectFrom('import').select(['datei', 'status', 'bytes']).where('betrieb_id', '=', betrieb).execute()
  expect(importe).toEqual([{ datei: 'muster.txt', status: 'FERTIG', bytes: MUSTER.length }])
})

test('imports are the Supervisor’s alone, and stay in the Betrieb', async () => {
  const { ort } = await upload(karin, ['muster.txt', MUSTER])
  expect((await web.als(anna.token, '/importe')).status).toBe(403)
  expect((await upload(anna, ['muster.txt', MUSTER])).status).toBe(403)
  const fremd = await insertVermittler(web.database.owner, await insertBetrieb(web.database.owner), { rolle: 'SUPERVISOR' })
  expect((await web.als(fremd.token, ort)).status).toBe(404)
})
