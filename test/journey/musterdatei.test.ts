/**
 * The main job from the delivery to the empty list, over HTTP, with the real worker: the sample of 2004, moved to today's people.
 * The office lives on 23 November 2026; only while its reminder fires does it look at the real clock, because the timer does.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importNow } from '../../db/importe-sofort.ts'
import { fallId } from '../../domain/messages.ts'
import { berlinTag, plusTage } from '../../domain/kalender.ts'
import { getForm, text } from '../support/formular.ts'
import { verschiebeGdv } from '../support/gdv-verschieben.ts'
import { ZWEI_REGELN, runNacht } from '../support/nacht.ts'
import { type FakeResend, startFakeResend } from '../support/resend.ts'
import { type TestWorker, eventually, startTestWorker } from '../support/temporal.ts'
import { type TestWeb, URSPRUNG, createTestWeb } from '../support/web.ts'
import { insertBetrieb, insertVermittler } from '../support/welt.ts'

const MUSTER = readFileSync(path.join(import.meta.dirname, '../daten/gdv/musterdatei_2009.txt'))
const MONTAG = '2026-11-23'
const LISTE = '/geschaeftsvorfaelle/versicherungsluecken-junge-kunden'
/** All of the file but Fresy, Wilhelm: he holds five own contracts. The lists show them by urgency, here by name. */
const GEFUNDEN = [
  'Auszeilerbx, Anton',
  'Gillensdrei, Hans',
  'Gillenseins, Wolfgang',
  'Gillensvier, Herbert',
  'Gillenszwei, Herbert',
  'Kitzelpfütze, Martina',
  'Pollimann, Rudolf',
  'Pollsmann, Rudolf',
  'Pooosmann, Rudolf',
]

let uhr: () => Date
let web: TestWeb
let worker: TestWorker
let resend: FakeResend

beforeAll(async () => {
  stelleUhr(MONTAG)
  web = await createTestWeb({ jetzt: () => uhr(), config: { mailSending: true } })
  resend = await startFakeResend()
  const mail = { resend: { apiKey: 're_test', baseUrl: resend.baseUrl, from: 'post@lindner.example' } }
  worker = await startTestWorker({ database: web.database, ...mail })
})
afterAll(async () => {
  await worker?.stop()
  await resend?.close()
  await web?.drop()
})

/** 10:00 in Berlin of that day (winter). */
function stelleUhr(tag: string): void {
  uhr = () => new Date(`${tag}T09:00:00Z`)
}
const db = () => web.database.owner
const count = async (frage: ReturnType<typeof sql>): Promise<number> => {
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM ${frage}`.execute(db())
  return rows[0]!.n
}
const namen = (html: string, abschnitt: string): string[] => {
  const [, zeilen = ''] = new RegExp(`<tbody id="zeilen-${abschnitt}">([\\s\\S]*?)</tbody>`).exec(html) ?? []
  return [...zeilen.matchAll(/<a class="name"[^>]*>([^<]*)</g)].map(([, name]) => name!).sort()
}

interface Person {
  id: number
  token: string
}
async function get(wer: Person, pfad: string): Promise<string> {
  const antwort = await web.als(wer.token, pfad)
  expect(antwort.status, pfad).toBe(200)
  return antwort.text()
}
/** Fills in the form that stands on `seite` and sends it; the answer is the page it leads to. */
async function send(wer: Person, seite: string, action: string, eingabe: Record<string, string>): Promise<string> {
  const form = { ...getForm(await get(wer, seite), action), ...eingabe }
  const antwort = await web.als(wer.token, action, { form })
  const ort = antwort.headers.get('Location')
  if (!ort) throw new Error(`${action}: ${antwort.status} ${text(await antwort.text())}`)
  return ort
}
async function upload(wer: Person, name: string, bytes: Uint8Array): Promise<string> {
  const body = new FormData()
  body.append('datei', new File([new Uint8Array(bytes)], name))
  const headers = { Cookie: `sitzung=${wer.token}`, Origin: URSPRUNG, 'Sec-Fetch-Site': 'same-origin' }
  const antwort = await web.app.request(`${URSPRUNG}/importe`, { method: 'POST', body, headers })
  expect(antwort.status).toBe(303)
  return antwort.headers.get('Location')!
}
/** The Supervisor presses "Jetzt starten"; the real workflow does it; the report stands on its page. */
async function nacht(wer: Person, tag: string): Promise<Record<string, unknown>> {
  stelleUhr(tag)
  const ort = await send(wer, '/nachtlaeufe', '/nachtlaeufe', {})
  const lauf = Number(ort.split('/')[2])
  // The page of a running night asks again by itself.
  await eventually(async () => expect(await get(wer, ort)).not.toContain('every 2s'), 60_000)
  const zeilen = await db().selectFrom('nachtlauf_gevo').selectAll().where('nachtlauf_id', '=', lauf).execute()
  const { zaehler, stichtag, status } = await db().selectFrom('nachtlauf').selectAll().where('id', '=', lauf).executeTakeFirstOrThrow()
  expect([stichtag, status]).toEqual([tag, 'FERTIG'])
  const kurz = ({ gefunden, eroeffnet, behalten, gesperrt, wartend, beendet, entfallen, unbekannt }: (typeof zeilen)[number]) => ({
    gefunden,
    eroeffnet,
    behalten,
    gesperrt,
    wartend,
    beendet,
    entfallen,
    unbekannt,
  })
  return { ...Object.fromEntries(zeilen.map((zeile) => [zeile.gevo, kurz(zeile)])), ...(zaehler as object) }
}
const NICHTS = { gefunden: 0, eroeffnet: 0, behalten: 0, gesperrt: 0, wartend: 0, beendet: 0, entfallen: 0, unbekannt: 0 }

test('a delivery becomes Fälle overnight; one is reminded of, written to, called, documented, and gone the next morning', async () => {
  const betrieb = await insertBetrieb(db(), { anlauf_am: null })
  const karin = await insertVermittler(db(), betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
  const anna = await insertVermittler(db(), betrieb)

  // ---- the portfolio arrives, and its agency number is Anna's
  const ort = await upload(karin, 'muster-2026.txt', verschiebeGdv(MUSTER, 22))
  await eventually(async () => expect(await get(karin, ort)).not.toContain('every 2s'), 60_000)
  const bericht = await get(karin, ort)
  expect(bericht).toMatch(/Kunden<\/th><td class="r">10<\/td><td class="r">0<\/td><td class="r">0<\/td>/)
  expect(text(bericht)).toContain('9999009999')
  const einfuhr = /\/importe\/\d+/.exec(await get(karin, '/importe'))![0]
  expect(await send(karin, einfuhr, '/importe/agenturnummern', { 'nummer/9999/9999009999': String(anna.id) })).toBe(einfuhr)
  expect(await count(sql`kunde WHERE vermittler_id = ${anna.id}`)).toBe(10)

  // ---- the Anlauf: numbers first, then released
  expect(await web.als(karin.token, '/nachtlaeufe', { form: {} }).then((a) => a.headers.get('Location'))).toBe('/anlauf')
  expect(text(await get(karin, '/anlauf'))).toMatch(/Versicherungslücken bei jüngeren Kunden .*?\b9\b/)
  const alle = getForm(await get(karin, '/anlauf'), '/anlauf')
  const zwei = Object.fromEntries(Object.entries(alle).filter(([name]) => !name.startsWith('an/') || name === 'an/G01' || name === 'an/G02'))
  const frei = await web.als(karin.token, '/anlauf', { form: { ...zwei, tagesquote: '' } })
  expect(frei.headers.get('Location')).toBe('/nachtlaeufe')

  // ---- the night
  expect(await nacht(karin, MONTAG)).toEqual({ G01: { ...NICHTS, gefunden: 9, eroeffnet: 9 }, G02: NICHTS })
  expect(namen(await get(anna, LISTE), 'OFFEN')).toEqual(GEFUNDEN)
  // What ends within 90 days is Kfz (01.01.2027), Hausrat and PHV (23.12.2026): all of them renew.
  expect(namen(await get(anna, '/geschaeftsvorfaelle/vertrag-laeuft-bald-ab'), 'OFFEN')).toEqual([])
  expect(text(await get(anna, '/geschaeftsvorfaelle'))).toContain('9 neu')
  await eventually(async () => expect(await worker.client.workflow.count("WorkflowType = 'fall' AND VmGevo = 'G01'")).toMatchObject({ count: 9 }))

  const { id: fall } = await db()
    .selectFrom('fall as f')
    .innerJoin('kunde as k', 'k.id', 'f.kunde_id')
    .select('f.id')
    .where('k.name', '=', 'Pollsmann')
    .executeTakeFirstOrThrow()
  const akte = `/faelle/${fall}`
  const zeile = () => db().selectFrom('fall').selectAll().where('id', '=', fall).executeTakeFirstOrThrow()
  const handle = worker.client.workflow.getHandle(fallId('G01', fall))

  // ---- Übernahme Vorgänge: waits in the fold, fires at its moment, once
  uhr = () => new Date()
  const morgen = plusTage(berlinTag(uhr().toISOString()), 1)
  await send(anna, `${akte}/wiedervorlage`, `${akte}/wiedervorlage`, {
    wann: 'ANDERS',
    datum: morgen.split('-').reverse().join('.'),
    zeit: '9:30',
    titel: 'Wegen Haftpflicht anrufen',
  })
  expect(namen(await get(anna, LISTE), 'WIEDERVORLAGE')).toEqual(['Pollsmann, Rudolf'])
  expect(text(await get(anna, '/vorgaenge'))).toContain('Kommend 1')
  await eventually(async () => expect((await handle.fetchHistory()).events!.some((e) => e.timerStartedEventAttributes)).toBe(true))
  // The form knows minutes; a signal by hand moves the timer to the moment of this test.
  await handle.signal('reminder', { am: new Date(Date.now() + 2_500).toISOString() })
  await eventually(async () => expect((await zeile()).version).toBe(3))
  expect(await count(sql`vorgang WHERE status = 'OFFEN'`)).toBe(1)
  await eventually(async () => expect(await count(sql`vorgang WHERE status = 'FAELLIG'`)).toBe(1))
  expect((await handle.fetchHistory()).events!.filter((e) => e.timerFiredEventAttributes)).toHaveLength(1)

  const vorgaenge = await get(anna, '/vorgaenge')
  expect(text(vorgaenge)).toMatch(/(Heute|Überfällig) 1 .*Wegen Haftpflicht anrufen/)
  expect(vorgaenge).toMatch(/id="zahl-vorgaenge"[^>]*>1</)
  expect(text(await get(anna, LISTE))).toContain('Wiedervorlage fällig')
  await eventually(async () =>
    expect([...resend.sent.values()].map(({ to, subject }) => [to, subject])).toEqual([[anna.email, 'Eine Wiedervorlage ist fällig']]),
  )

  // ---- E-Mail: there is no consent, so the reason is asked; then it goes out once
  stelleUhr(MONTAG)
  const ohneGrund = await web.als(anna.token, `${akte}/email`, { form: getForm(await get(anna, `${akte}/email`), `${akte}/email`) })
  expect([ohneGrund.status, text(await ohneGrund.text())]).toEqual([422, expect.stringContaining('braucht diese E-Mail einen Grund')])
  await send(anna, `${akte}/email`, `${akte}/email`, { grund: 'hat am Telefon darum gebeten' })
  await eventually(async () => expect(resend.sent.size).toBe(2))
  const brief = [...resend.sent.values()].find(({ to }) => to === 'polly@example.com')!
  expect(brief).toMatchObject({ subject: 'Sind Sie gut abgesichert?', reply_to: anna.email })
  expect(brief.text).toMatch(/^Sehr geehrter Herr Pollsmann,/)
  expect(await zeile()).toMatchObject({ status: 'IN_ARBEIT' })
  await eventually(async () => expect(text(await get(anna, akte))).toContain('gesendet'))

  // ---- Anruf vermerken, twice in vain
  for (const versuch of [1, 2]) {
    await send(anna, `${akte}/kontakt?kanal=TELEFON`, `${akte}/kontakt`, { ergebnis: 'NICHT_ERREICHT', notiz: `Mailbox ${versuch}` })
    expect(text(await get(anna, akte))).toContain(`${versuch}. Versuch`)
  }
  const kontakte = await db().selectFrom('kontakt').select(['kanal', 'ergebnis', 'versuch']).where('fall_id', '=', fall).orderBy('id').execute()
  expect(kontakte).toEqual([
    { kanal: 'EMAIL', ergebnis: 'NACHRICHT_VERSANDT', versuch: null },
    { kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT', versuch: 1 },
    { kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT', versuch: 2 },
  ])

  // ---- Bearbeiten, Rückgängig, Bearbeiten
  const dokumentation = { kanal: 'TELEFON', ergebnis: 'HINWEIS_GEGEBEN', vorgaenge: 'ERLEDIGT', notiz: 'Meldet sich selbst.' }
  await send(anna, akte, `${akte}/dokumentation`, dokumentation)
  const erledigt = await get(anna, LISTE)
  expect(namen(erledigt, 'ERLEDIGT')).toEqual(['Pollsmann, Rudolf'])
  expect(text(erledigt)).toContain('Hinweis gegeben · gesperrt bis 23.02.2027')
  expect(await count(sql`vorgang WHERE status = 'ERLEDIGT'`)).toBe(1)
  await send(anna, LISTE, `${akte}/ruecknahme`, {})
  expect(namen(await get(anna, LISTE), 'OFFEN')).toEqual(GEFUNDEN)
  expect(await count(sql`vorgang WHERE status = 'FAELLIG'`)).toBe(1)
  await send(anna, akte, `${akte}/dokumentation`, dokumentation)
  // The database's clock is the real one; this office documents on its Monday.
  await db()
    .updateTable('fall')
    .set({ dokumentiert_am: `${MONTAG}T10:00:00Z` })
    .where('id', '=', fall)
    .execute()

  // ---- the next night: gone, and the Sperrfrist keeps it away until its last day
  const G01 = { ...NICHTS, gefunden: 9, behalten: 8, gesperrt: 1 }
  expect(await nacht(karin, '2026-11-24')).toEqual({ G01, G02: NICHTS, geschlossen: 1 })
  const liste = await get(anna, LISTE)
  expect(namen(liste, 'OFFEN')).toEqual(GEFUNDEN.filter((name) => name !== 'Pollsmann, Rudolf'))
  expect(namen(liste, 'ERLEDIGT')).toEqual([])
  expect(await zeile()).toMatchObject({ status: 'GESCHLOSSEN', geschlossen_grund: 'DOKUMENTIERT', sperre_bis: '2027-02-23' })
  await eventually(async () => expect((await handle.describe()).status.name).toBe('COMPLETED'))
  expect(await nacht(karin, '2027-02-23')).toEqual({ G01, G02: NICHTS })
  expect(await nacht(karin, '2027-02-24')).toEqual({ G01: { ...NICHTS, gefunden: 9, eroeffnet: 1, behalten: 8 }, G02: NICHTS })

  // ---- what remains: every event once, every message delivered, two mails in all
  const protokoll = await db().selectFrom('protokoll').select(['ereignis', 'quelle']).where('fall_id', '=', fall).orderBy('id').execute()
  expect(protokoll.map(({ ereignis, quelle }) => `${ereignis} ${quelle}`)).toEqual([
    'opened NACHT',
    'reminder KLICK',
    'reminder SIGNAL',
    'due TIMER',
    'contacted KLICK',
    'contacted KLICK',
    'contacted KLICK',
    'documented KLICK',
    'reopened KLICK',
    'documented KLICK',
    'closed NACHT',
  ])
  await eventually(async () => expect(await count(sql`outbox WHERE zugestellt_am IS NULL`)).toBe(0))
  expect(resend.requests).toHaveLength(2)
  expect(web.log.filter((eintrag) => 'fehler' in eintrag)).toEqual([])
})

/**
 * By hand from domain.md §3.1: on 01.12.2004 the ten are 24 to 27 (born 1977 to 1979). Everything is lebend, begun by 04.08.2004 and confirmed
 * by the delivery of 22.07.2004, so every contract is aktiv. Fresy holds five own contracts, Auszeilerbx two (a bundle of PHV and Hausrat),
 * the others one each: G01 finds nine. In the window of G02 (until 01.03.2005) lie four Kfz contracts (01.01.2005) and the bundle
 * (23.12.2004), but Kfz, PHV and Hausrat renew where nothing else is recorded: G02 finds none.
 */
test('the untouched delivery on 1 December 2004: nine young customers with gaps, no contract that ends', async () => {
  const betrieb = await insertBetrieb(db())
  await db().updateTable('betrieb').set({ anlauf_am: null }).where('id', '<>', betrieb).execute()
  const karin = await insertVermittler(db(), betrieb, { rolle: 'SUPERVISOR' })
  await importNow(web.database.worker, { betrieb, datei: 'musterdatei_2009.txt', bytes: MUSTER, person: karin.id, heute: '2004-12-01' })
  const lauf = await runNacht(web.database.worker, '2004-12-01', ZWEI_REGELN)
  const bericht = await db()
    .selectFrom('nachtlauf_gevo')
    .select(['gevo', 'gefunden', 'eroeffnet', 'unbekannt'])
    .where('nachtlauf_id', '=', lauf!)
    .orderBy('gevo')
    .execute()
  expect(bericht).toEqual([
    { gevo: 'G01', gefunden: 9, eroeffnet: 9, unbekannt: 0 },
    { gevo: 'G02', gefunden: 0, eroeffnet: 0, unbekannt: 0 },
  ])
  const gefunden = await db()
    .selectFrom('fall as f')
    .innerJoin('kunde as k', 'k.id', 'f.kunde_id')
    .select(['k.name', 'k.vorname'])
    .where('f.betrieb_id', '=', betrieb)
    .execute()
  expect(gefunden.map(({ name, vorname }) => `${name}, ${vorname}`).sort()).toEqual(GEFUNDEN)
  // A year later nobody has confirmed the Kfz contracts that ran past their Ablauf: unknown, but with one contract each it changes no answer.
  const spaeter = await runNacht(web.database.worker, '2005-12-01', ZWEI_REGELN)
  expect(
    await db()
      .selectFrom('nachtlauf_gevo')
      .select(['gefunden', 'unbekannt'])
      .where('nachtlauf_id', '=', spaeter!)
      .where('gevo', '=', 'G01')
      .executeTakeFirst(),
  ).toEqual({ gefunden: 9, unbekannt: 0 })
})
