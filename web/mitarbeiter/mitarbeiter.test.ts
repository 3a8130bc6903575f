import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestWeb, createTestWeb } from '../../test/support/web.ts'
import { insertBetrieb, insertKunde, insertVermittler, insertVertrag } from '../../test/support/welt.ts'
import { pfade } from '../pfade.ts'

let web: TestWeb
let betrieb: number
let karin: { id: number; token: string; email: string }
let anna: { id: number; token: string; email: string }

const NEU = { vorname: 'Jan', name: 'Petersen', email: 'jan@lindner.example', telefon: '040 1234567', rolle: 'VERMITTLER' }

beforeAll(async () => {
  web = await createTestWeb()
  betrieb = await insertBetrieb(web.database.owner)
  karin = await insertVermittler(web.database.owner, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
  anna = await insertVermittler(web.database.owner, betrieb)
})
afterAll(() => web.drop())

const senden = (pfad: string, form: Record<string, string>, token = karin.token) => web.als(token, pfad, { form })
const profil = (id: number) => web.database.owner.selectFrom('vermittler').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const setPasswort = (id: number) =>
  sql`UPDATE auth.konto SET passwort = 'gesetzt' WHERE id = (SELECT anmeldung_id FROM vermittler WHERE id = ${id})`.execute(web.database.owner)
const linkIn = (text: string): string => /http:\/\/localhost:3000(\/passwort\/[\w-]{43})/.exec(text)![1]!

test('a new person is invited by mail and by a link shown once, sets a password with it and is in', async () => {
  const antwort = await senden(pfade.mitarbeiter(), NEU)
  const text = await antwort.text()
  expect(antwort.status).toBe(200)
  expect(text).toContain('Jan Petersen ist angelegt')
  const mail = await web.database.owner.selectFrom('mail').selectAll().where('an', '=', NEU.email).executeTakeFirstOrThrow()
  expect(mail).toMatchObject({ art: 'ZUGANG', betrieb_id: betrieb, betreff: 'Ihr Zugang zum Vorgangsmanagement (Maklerhaus Lindner)' })
  const outbox = await web.database.owner.selectFrom('outbox').select('ziel').where('art', '=', 'MAIL').where('ziel', '=', mail.id).execute()
  expect(outbox).toHaveLength(1)
  const link = linkIn(text)
  expect(linkIn(mail.inhalt)).toBe(link)
  expect(await (await web.als(undefined, link)).text()).toContain('Willkommen, Jan')
  const drin = await web.als(undefined, link, { form: { passwort: 'Regen Kante Ofen' } })
  const token = /sitzung=([\w-]+)/.exec(drin.headers.getSetCookie().join())![1]
  expect(await (await web.als(token, pfade.profil())).text()).toContain('Jan Petersen · Vermittler')
  expect(await (await web.als(karin.token, pfade.mitarbeiter())).text()).toMatch(/Petersen, Jan.*angemeldet, zuletzt/s)
})

test('what is missing or wrong is said at its field, and what was typed stays', async () => {
  const antwort = await senden(pfade.mitarbeiter(), { vorname: '', name: 'Voß', email: 'kein-name', telefon: 'abc' })
  const text = await antwort.text()
  expect(antwort.status).toBe(422)
  for (const satz of [
    'Der Vorname fehlt.',
    'ist keine E-Mail-Adresse',
    'ist keine Telefonnummer',
    'Bitte wählen Sie die Rolle.',
    'value="Voß"',
    'value="kein-name"',
  ])
    expect(text).toContain(satz)
  expect(text).toContain('4 Angaben fehlen oder passen nicht')
})

test('an address has one access, in any spelling, and the refusal saves nothing else', async () => {
  await senden(pfade.mitarbeiter(), { ...NEU, email: 'doppelt@lindner.example' })
  const vorher = await web.database.owner.selectFrom('vermittler').select('id').execute()
  const antwort = await senden(pfade.mitarbeiter(), { ...NEU, email: 'Doppelt@Lindner.example' })
  expect([antwort.status, (await antwort.text()).includes('gibt es schon einen Zugang')]).toEqual([422, true])
  expect(await web.database.owner.selectFrom('vermittler').select('id').execute()).toHaveLength(vorher.length)
})

test('a profile is changed, its address with the login', async () => {
  const { id } = await insertVermittler(web.database.owner, betrieb, { email: 'alt@lindner.example' })
  const geaendert = await senden(pfade.mitarbeiterProfil(id), {
    vorname: 'Jana',
    name: 'Otto',
    email: 'neu@lindner.example',
    telefon: '',
    rolle: 'SUPERVISOR',
  })
  expect(geaendert.status).toBe(303)
  expect(await profil(id)).toMatchObject({ vorname: 'Jana', name: 'Otto', email: 'neu@lindner.example', telefon: null, rolle: 'SUPERVISOR' })
  await web.als(undefined, pfade.passwortVergessen(), { form: { email: 'neu@lindner.example' } })
  expect(await web.database.owner.selectFrom('mail').select('an').where('vermittler_id', '=', id).execute()).toEqual([{ an: 'neu@lindner.example' }])
})

test('locking an access ends its sessions at once; opening it again asks for a new login', async () => {
  const ben = await insertVermittler(web.database.owner, betrieb, { vorname: 'Ben' })
  expect((await web.als(ben.token, pfade.profil())).status).toBe(200)
  await senden(pfade.mitarbeiterAktiv(ben.id), { aktiv: '0' })
  expect((await web.als(ben.token, pfade.profil())).headers.get('Location')).toContain('/anmelden')
  await senden(pfade.mitarbeiterAktiv(ben.id), { aktiv: '1' })
  expect((await profil(ben.id)).aktiv).toBe(true)
  expect((await web.als(ben.token, pfade.profil())).status).toBe(303)
})

test('the last Supervisor can neither be locked nor made a Vermittler', async () => {
  const buero = await insertBetrieb(web.database.owner)
  const allein = await insertVermittler(web.database.owner, buero, { rolle: 'SUPERVISOR', email: `allein${buero}@lindner.example` })
  const sperren = await senden(pfade.mitarbeiterAktiv(allein.id), { aktiv: '0' }, allein.token)
  const degradieren = await senden(pfade.mitarbeiterProfil(allein.id), { ...NEU, email: allein.email }, allein.token)
  for (const antwort of [sperren, degradieren]) {
    expect(antwort.status).toBe(422)
    expect(await antwort.text()).toContain('der letzte Zugang als Supervisor')
  }
  expect(await profil(allein.id)).toMatchObject({ aktiv: true, rolle: 'SUPERVISOR' })
})

test('an invited Supervisor without a password does not count: the one who can enter stays', async () => {
  const buero = await insertBetrieb(web.database.owner)
  const kann = await insertVermittler(web.database.owner, buero, { rolle: 'SUPERVISOR', email: `kann${buero}@lindner.example` })
  await setPasswort(kann.id)
  const eingeladen = await insertVermittler(web.database.owner, buero, { rolle: 'SUPERVISOR' })
  const sperren = () => senden(pfade.mitarbeiterAktiv(kann.id), { aktiv: '0' }, kann.token)
  const degradieren = () => senden(pfade.mitarbeiterProfil(kann.id), { ...NEU, email: kann.email }, kann.token)
  for (const antwort of [await sperren(), await degradieren()]) {
    expect(antwort.status).toBe(422)
    expect(await antwort.text()).toContain('sobald sie ihr Passwort gesetzt hat')
  }
  expect(await profil(kann.id)).toMatchObject({ aktiv: true, rolle: 'SUPERVISOR' })
  await setPasswort(eingeladen.id)
  expect((await degradieren()).status).toBe(303)
  expect(await profil(kann.id)).toMatchObject({ rolle: 'VERMITTLER' })
})

test('two Supervisors who lock each other in the same moment do not both succeed', async () => {
  const buero = await insertBetrieb(web.database.owner)
  const [a, b] = [
    await insertVermittler(web.database.owner, buero, { rolle: 'SUPERVISOR' }),
    await insertVermittler(web.database.owner, buero, { rolle: 'SUPERVISOR' }),
  ]
  for (const { id } of [a, b]) await setPasswort(id)
  await Promise.all([senden(pfade.mitarbeiterAktiv(b.id), { aktiv: '0' }, a.token), senden(pfade.mitarbeiterAktiv(a.id), { aktiv: '0' }, b.token)])
  const uebrig = await web.database.owner.selectFrom('vermittler').select('id').where('betrieb_id', '=', buero).where('aktiv', '=', true).execute()
  expect(uebrig).toHaveLength(1)
})

test('people of another Betrieb do not exist here', async () => {
  const fremd = await insertVermittler(web.database.owner, await insertBetrieb(web.database.owner))
  for (const [pfad, form] of [
    [pfade.mitarbeiterProfil(fremd.id), NEU],
    [pfade.mitarbeiterLink(fremd.id), {}],
    [pfade.mitarbeiterAktiv(fremd.id), { aktiv: '0' }],
    [pfade.mitarbeiterAgenturnummern(fremd.id), { vu_nummer: '5342', nummer: 'X1' }],
  ] as const)
    expect((await senden(pfad, form)).status).toBe(404)
  expect((await profil(fremd.id)).aktiv).toBe(true)
  for (const nummer of ['0', '-1', '1e3', '99999999999', 'abc']) expect((await web.als(karin.token, `/mitarbeiter/${nummer}`)).status).toBe(404)
})

test('a Vermittler writes nobody’s profile, not even the own role', async () => {
  for (const id of [anna.id, karin.id])
    expect((await senden(pfade.mitarbeiterProfil(id), { ...NEU, rolle: 'SUPERVISOR' }, anna.token)).status).toBe(403)
  const versuch = web.database.web.withSession(anna.token, (db) =>
    db.updateTable('vermittler').set({ rolle: 'SUPERVISOR' }).where('id', '=', anna.id).execute(),
  )
  await versuch
  expect(await profil(anna.id)).toMatchObject({ rolle: 'VERMITTLER', vorname: 'Anna' })
})

test('an agency number moves the customers it stands for, and belongs to one person only', async () => {
  const kunde = await insertKunde(web.database.owner, { betrieb, vermittler: karin.id })
  await insertVertrag(web.database.owner, { betrieb, kunde }, { agenturnummer: '0815', vu_nummer: '5342' })
  const nummer = { vu_nummer: '5342', nummer: '0815' }
  expect((await senden(pfade.mitarbeiterAgenturnummern(anna.id), nummer)).status).toBe(303)
  const row = await web.database.owner.selectFrom('kunde').select('vermittler_id').where('id', '=', kunde).executeTakeFirstOrThrow()
  expect(row.vermittler_id).toBe(anna.id)
  const vergeben = await senden(pfade.mitarbeiterAgenturnummern(karin.id), nummer)
  expect([vergeben.status, (await vergeben.text()).includes('gehört schon zu Anna Weber')]).toEqual([422, true])
  const falsch = await senden(pfade.mitarbeiterAgenturnummern(anna.id), { vu_nummer: '53a', nummer: '' })
  const text = await falsch.text()
  expect([falsch.status, text.includes('ist keine VU-Nummer'), text.includes('value="Anna"')]).toEqual([422, true, true])
  await senden(pfade.mitarbeiterAgenturnummerLoeschung(anna.id), nummer)
  expect(await (await web.als(karin.token, pfade.mitarbeiterProfil(anna.id))).text()).not.toContain('0815')
})
