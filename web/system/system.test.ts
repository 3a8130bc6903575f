import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Insertable } from 'kysely'
import type { HerzschlagTable, MailTable } from '../../db/schema.ts'
import { textOf } from '../../test/support/arbeit.ts'
import { type TestWeb, createTestWeb } from '../../test/support/web.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler } from '../../test/support/welt.ts'
import { pfade } from '../pfade.ts'

let web: TestWeb
let betrieb: number
let karin: { id: number; token: string }
let anna: { id: number; token: string }
let fremd: number

beforeAll(async () => {
  web = await createTestWeb()
  const { owner } = web.database
  betrieb = await insertBetrieb(owner)
  fremd = await insertBetrieb(owner)
  karin = await insertVermittler(owner, betrieb, { rolle: 'SUPERVISOR' })
  anna = await insertVermittler(owner, betrieb)
})
afterAll(() => web.drop())

const seite = async (): Promise<string> => textOf(await (await web.als(karin.token, pfade.system())).text())
const schlag = async (felder: Partial<Insertable<HerzschlagTable>>): Promise<void> => {
  await web.database.owner.deleteFrom('herzschlag').execute()
  const am = { am: '2026-11-23T08:59:50Z', version: '0.1.0', revision: 1, temporal_version: '1.29.1', platte_frei: 70e9, platte_gesamt: 252e9 }
  await web.database.owner
    .insertInto('herzschlag')
    .values({ ...am, ...felder })
    .execute()
}
const mail = async (felder: Partial<Insertable<MailTable>>): Promise<number> =>
  (
    await web.database.owner
      .insertInto('mail')
      .values({
        betrieb_id: betrieb,
        art: 'KUNDE',
        an: 'e@kunde.example',
        vermittler_id: anna.id,
        betreff: 'Angebot',
        inhalt: 'x',
        status: 'FEHLER',
        ...felder,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
  ).id
const readMail = (id: number) => web.database.owner.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const outbox = (id: number) =>
  web.database.owner.selectFrom('outbox').select(['art', 'ziel']).where('art', '=', 'MAIL').where('ziel', '=', id).execute()
const wiederhole = (id: number, wer = karin, form = {}) => web.als(wer.token, pfade.systemMail(id), { form })

test('is the Supervisor’s alone', async () => {
  expect((await web.als(anna.token, pfade.system())).status).toBe(403)
  const id = await mail({})
  expect((await wiederhole(id, anna)).status).toBe(403)
  expect((await readMail(id)).status).toBe('FEHLER')
  expect(await (await web.als(anna.token, pfade.geschaeftsvorfaelle())).text()).not.toContain(pfade.system())
})

test('says of each part whether it lives, in words; a worker that is silent is one that is gone', async () => {
  expect(await seite()).toMatch(/Worker ✗ Störung Hat sich noch nie gemeldet.*Temporal ! Achtung unbekannt.*Festplatte ! Achtung/)
  await schlag({ temporal_ui: 'http://127.0.0.1:8233/namespaces/default' })
  expect(await seite()).toMatch(/Worker ✓ in Ordnung.*Temporal ✓ in Ordnung Version 1\.29\.1.*alle zugestellt.*Festplatte ✓ in Ordnung 27 % frei/)
  expect(await (await web.als(karin.token, pfade.system())).text()).toContain('href="http://127.0.0.1:8233/namespaces/default/workflows"')
  await schlag({ temporal_weg_seit: '2026-11-23T08:30:00Z', platte_frei: 20e9 })
  expect(await seite()).toMatch(/Temporal ✗ Störung antwortet nicht seit heute, 09:30 Uhr.*Festplatte ✗ Störung 7 % frei/)
  await schlag({ am: '2026-11-23T08:57:00Z' })
  expect(await seite()).toMatch(/Worker ✗ Störung.*Bitte neu starten/)
})

test('counts what waits for Temporal in the own Betrieb, and says how old the backup is', async () => {
  const { owner } = web.database
  const warte = { art: 'FALL', ziel: 1, erstellt_am: '2026-11-23T08:55:00Z' } as const
  await owner
    .insertInto('outbox')
    .values([
      { ...warte, betrieb_id: betrieb },
      { ...warte, betrieb_id: fremd },
      { ...warte, betrieb_id: fremd },
    ])
    .execute()
  expect(await seite()).toMatch(/Nachrichten an Temporal ✗ Störung 1 wartet, die älteste seit 5 Minuten/)
  expect(await seite()).toContain('Letzte Sicherung ! Achtung noch keine')
  await owner.updateTable('installation').set({ letzte_sicherung_am: '2026-11-22T21:30:00Z' }).execute()
  expect(await seite()).toContain('Letzte Sicherung ✓ in Ordnung gestern, 22:30 Uhr')
})

test('shows Störungen of the own Betrieb and of the installation with their number, never another Betrieb’s', async () => {
  const stoerung = { ursache: 'NACHT_FEHLT', codes: '{}', seit: '2026-11-23T05:00:00Z' } as const
  const [eigen, andere] = ['0b5f7c9e-6a8a-4c29-9a5e-0d2f8f2f1c11', '5c1f2f6e-8e1b-4f5a-9b39-7d7a3c3a2b22']
  await web.database.owner
    .insertInto('stoerung')
    .values([
      { ...stoerung, betrieb_id: betrieb, kennung: eigen },
      { ...stoerung, betrieb_id: fremd, kennung: andere },
    ])
    .execute()
  const text = await seite()
  expect(text).toMatch(new RegExp(`1 Störung .*Der Nachtlauf fehlt .*seit heute, 06:00 Uhr · Kennung ${eigen}`))
  expect(text).not.toContain(andere)
})

test('a mail that was refused is tried again: a row, a message to Temporal, a try of its own; pressed twice it goes once', async () => {
  const id = await mail({ versuche: 3, fehler: 'validation_error', uebergeben_am: '2026-11-23T08:00:00Z' })
  expect(await seite()).toContain('Absender oder Adresse abgelehnt (validation_error)')
  for (let i = 0; i < 2; i++) expect((await wiederhole(id)).headers.get('Location')).toBe(pfade.system())
  expect(await readMail(id)).toMatchObject({ status: 'GEPLANT', anlauf: 2, versuche: 0, fehler: null, uebergeben_am: null })
  expect(await outbox(id)).toEqual([{ art: 'MAIL', ziel: id }])
  const gesendet = await mail({ status: 'GESENDET' })
  await wiederhole(gesendet)
  expect((await readMail(gesendet)).status).toBe('GESENDET')
  expect((await wiederhole(await mail({ betrieb_id: fremd, vermittler_id: null }))).status).toBe(404)
})

test('the address a customer’s mail failed with can be mended on the way; a wrong one is kept in its field', async () => {
  const id = await mail({ an: 'falsch@kunde' })
  const antwort = await wiederhole(id, karin, { an: 'immer noch falsch' })
  expect(antwort.status).toBe(422)
  const text = await antwort.text()
  expect(text).toContain('value="immer noch falsch"')
  expect(textOf(text)).toContain('„immer noch falsch“ ist keine E-Mail-Adresse.')
  expect((await wiederhole(id, karin, { an: '' })).status).toBe(422)
  expect(await readMail(id)).toMatchObject({ status: 'FEHLER', an: 'falsch@kunde' })
  await wiederhole(id, karin, { an: 'richtig@kunde.example' })
  expect(await readMail(id)).toMatchObject({ status: 'GEPLANT', an: 'richtig@kunde.example', anlauf: 2 })
})

test('a link to the password is not sent twice: it is valid for a short time', async () => {
  const id = await mail({ art: 'ZUGANG' })
  expect(await seite()).toContain('Der Link darin gilt nur kurz. Stellen Sie unter Mitarbeiter einen neuen aus.')
  await wiederhole(id)
  expect((await readMail(id)).status).toBe('FEHLER')
})

test('a reminder that was not sent is written anew for what is due by now', async () => {
  const { owner } = web.database
  const kunde = await insertKunde(owner, { betrieb, vermittler: anna.id })
  const fall = await insertFall(owner, { betrieb, vermittler: anna.id, kunde }, { schluessel: 'erinnerung' })
  const alt = await mail({ art: 'ERINNERUNG', vermittler_id: anna.id })
  const vorgang = {
    betrieb_id: betrieb,
    fall_id: fall,
    kunde_id: kunde,
    vermittler_id: anna.id,
    titel: 'Anrufen',
    faellig_am: '2026-11-23T08:00:00Z',
  }
  await owner
    .insertInto('vorgang')
    .values({ ...vorgang, status: 'FAELLIG', mail_id: alt })
    .execute()
  await wiederhole(alt)
  expect((await readMail(alt)).status).toBe('ABGELEGT')
  const neu = await owner
    .selectFrom('mail')
    .selectAll()
    .where('vermittler_id', '=', anna.id)
    .where('status', '=', 'GEPLANT')
    .executeTakeFirstOrThrow()
  expect(await outbox(neu.id)).toHaveLength(1)
  expect(await owner.selectFrom('vorgang').select('mail_id').where('fall_id', '=', fall).executeTakeFirstOrThrow()).toEqual({ mail_id: null })
})
