/** A child turns 18: until the birthday the plain facts go to the parents, afterwards nobody is written to but the young adult. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Arbeit, createArbeit, textOf, verborgen } from '../../test/support/arbeit.ts'
import { insertKunde } from '../../test/support/welt.ts'

const befund = (achtzehn: string) => ({ gevo: 'G10', prio: 2, frist: achtzehn, befund: JSON.stringify({ geburtsdatum: '2009-01-10', achtzehn }) })
const PETER = { anrede: 'HERR', vorname: 'Peter', name: 'Weiß', geburtsdatum: '1975-04-01', email: 'peter.weiss@eltern.example' } as const
const MARIA = { anrede: 'FRAU', vorname: 'Maria', name: 'Weiß', titel: 'Dr.', geburtsdatum: '1977-04-01', email: null } as const
const BRUDER = { anrede: 'HERR', vorname: 'Tom', name: 'Weiß', geburtsdatum: '2001-04-01', email: 'tom.weiss@kind.example' } as const

let arbeit: Arbeit
let haushalt: number
let lena: { fall: number; kunde: number }
const insert = (felder: object) => insertKunde(arbeit.web.database.owner, { betrieb: arbeit.betrieb, vermittler: arbeit.anna.id }, felder)
const imHaushalt = (felder: object) => insert({ haushalt_id: haushalt, ...felder })
const kindVon = (zu: number) =>
  arbeit.web.database.owner
    .insertInto('beziehung')
    .values({ betrieb_id: arbeit.betrieb, kunde_id: lena.kunde, zu_kunde_id: zu, art: 'KIND' })
    .execute()
const hole = async (vorlage = 'hinweis') => (await arbeit.web.als(arbeit.anna.token, `/faelle/${lena.fall}/email?vorlage=${vorlage}`)).text()
const feld = (html: string, name: string) => /value="([^"]*)"/.exec(new RegExp(`<input[^>]* name="${name}"[^>]*>`).exec(html)?.[0] ?? '')?.[1] ?? ''

beforeAll(async () => void (arbeit = await createArbeit()))
afterAll(() => arbeit.web.drop())
beforeEach(async () => {
  const { id } = await arbeit.web.database.owner
    .insertInto('haushalt')
    .values({ betrieb_id: arbeit.betrieb })
    .returning('id')
    .executeTakeFirstOrThrow()
  haushalt = id
  lena = await arbeit.openFall(befund('2027-01-10'), {
    haushalt_id: id,
    vorname: 'Lena',
    name: 'Weiß',
    geburtsdatum: '2009-01-10',
    email: 'lena@kind.example',
  })
})

test('the hinweis greets both parents, goes to the one with an address, and speaks of the child', async () => {
  for (const wer of [MARIA, PETER]) await kindVon(await imHaushalt(wer))
  await imHaushalt(BRUDER)
  const html = await hole()
  expect([feld(html, 'an'), feld(html, 'betreff')]).toEqual(['peter.weiss@eltern.example', 'Lena Weiß wird 18: was sich bei Ihren Verträgen ändert'])
  expect(html).toContain('Sehr geehrter Herr Weiß, sehr geehrte Frau Dr. Weiß,')
  expect(html).toContain('am 10.01.2027 wird Lena Weiß volljährig')
  expect(textOf(html)).toContain('Geht an die Eltern: Peter Weiß und Dr. Maria Weiß.')
  expect(/<textarea[^>]*>[^<]*/.exec(html)?.[0]).not.toContain('Tom')
})

test('sent, it goes to the parent, is noted at the child, and uses no consent of hers', async () => {
  const { owner } = arbeit.web.database
  await kindVon(await imHaushalt(PETER))
  await owner
    .insertInto('einwilligung')
    .values({ betrieb_id: arbeit.betrieb, kunde_id: lena.kunde, kanal: 'EMAIL', text_version: '1', form: 'PAPIER', erteilt_am: '2026-01-01' })
    .execute()
  const html = await hole()
  const form = { aktion: verborgen(html, 'aktion'), vorlage: 'hinweis', an: feld(html, 'an')!, betreff: feld(html, 'betreff')!, inhalt: 'Text' }
  expect((await arbeit.web.als(arbeit.anna.token, `/faelle/${lena.fall}/email`, { form })).status).toBe(303)
  expect(await arbeit.rows('mail', lena.fall)).toMatchObject([{ an: PETER.email, kunde_id: lena.kunde }])
  expect(await arbeit.rows('kontakt', lena.fall)).toMatchObject([{ einwilligung_id: null, notiz: expect.stringContaining('an die Eltern') }])
})

test('a parent who lives elsewhere is greeted alone where the address is theirs', async () => {
  await kindVon(await imHaushalt(MARIA))
  await kindVon(await insert(PETER))
  const html = await hole()
  expect(feld(html, 'an')).toBe('')
  expect(html).toContain('Sehr geehrte Frau Dr. Weiß,')
  expect(html).not.toContain('Herr Weiß')
  expect(textOf(html)).toContain('Eine E-Mail-Adresse ist nicht bekannt')
})

test('where nobody is recorded, who may be a parent by household and age is proposed, to be checked; a brother is not', async () => {
  await imHaushalt(PETER)
  await imHaushalt(BRUDER)
  const html = await hole()
  expect(feld(html, 'an')).toBe(PETER.email)
  expect(textOf(html)).toContain('Nach Haushalt und Alter sind das Peter Weiß: Bitte prüfen Sie')
})

test('who has died or is restricted is not written to; without anybody address and greeting are left to the person', async () => {
  await kindVon(await imHaushalt({ ...PETER, verstorben_am: '2026-01-01' }))
  await kindVon(await imHaushalt({ ...MARIA, eingeschraenkt_am: '2026-01-01T00:00:00Z' }))
  const html = await hole()
  expect(feld(html, 'an')).toBe('')
  expect(html).toContain('Guten Tag,')
  expect(textOf(html)).toContain('Zu Lena Weiß sind keine erfasst')
})

test('the offer speaks to the young adult; from the birthday on the parents are told nothing more', async () => {
  await kindVon(await imHaushalt(PETER))
  const angebot = await hole('angebot')
  expect(feld(angebot, 'an')).toBe('lena@kind.example')
  expect(angebot).toContain('Sehr geehrte Frau Weiß,')
  expect(angebot).not.toContain('peter.weiss')
  await arbeit.web.database.owner.updateTable('fall').set(befund('2026-11-23')).where('id', '=', lena.fall).execute()
  const heute = await hole()
  expect(heute).not.toMatch(/peter\.weiss|Geht an die Eltern/)
  expect(feld(heute, 'an')).toBe('lena@kind.example')
})
