import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ask } from '../../db/bestand.ts'
import { ensureRegeln } from '../../db/regeln.ts'
import { HEUTE } from '../../test/support/demo-tag.ts'
import { getForm } from '../../test/support/formular.ts'
import { type TestWeb, createTestWeb } from '../../test/support/web.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from '../../test/support/welt.ts'
import datenluecke from '../../gevos/datenluecke.ts'
import { katalog } from '../../gevos/katalog.ts'

let web: TestWeb
let betrieb: number
let anna: { id: number; token: string }
let kunde: number
let haus: number
let phv: number

beforeAll(async () => void (web = await createTestWeb()))
afterAll(() => web.drop())
beforeEach(async () => {
  const { owner } = web.database
  betrieb = await insertBetrieb(owner)
  anna = await insertVermittler(owner, betrieb)
  const { id } = await owner.insertInto('haushalt').values({ betrieb_id: betrieb }).returning('id').executeTakeFirstOrThrow()
  kunde = await insertKunde(owner, { betrieb, vermittler: anna.id }, { haushalt_id: id, geburtsdatum: null, erwerbsstatus: null })
  const can = await insertKunde(owner, { betrieb, vermittler: anna.id }, { haushalt_id: id, vorname: 'Can', erwerbsstatus: 'OHNE' })
  haus = await insertVertrag(owner, { betrieb, kunde }, { sparte: 'WOHNGEBAEUDE', hauptfaelligkeit: '2027-10-01' })
  phv = await insertVertrag(owner, { betrieb, kunde: can }, { sparte: 'PHV', hauptfaelligkeit: '2027-10-01' })
  await ensureRegeln(owner, katalog)
})

const feldnamen = (): string[] => ['geburtsdatum', 'erwerbsstatus', `v${haus}-elementar`, `v${phv}-familie`]
/** What the night would find, as an open Fall. */
async function find(): Promise<{ fall: number; felder: string[] } | undefined> {
  const { owner, worker } = web.database
  const [treffer] = await worker
    .selectFrom(ask(worker, datenluecke, { betriebe: [betrieb], stichtag: HEUTE }).as('t'))
    .selectAll()
    .where('t.kunde_id', '=', kunde)
    .execute()
  if (!treffer) return undefined
  const { befund, unbekannt, schluessel } = treffer
  await owner.deleteFrom('fall').where('kunde_id', '=', kunde).execute()
  const fall = await insertFall(
    owner,
    { betrieb, vermittler: anna.id, kunde },
    { gevo: 'G23', schluessel, unbekannt, befund: JSON.stringify(befund) },
  )
  return { fall, felder: unbekannt }
}
async function speichere(fall: number, eingabe: Record<string, string>, wer = anna) {
  const pfad = `/faelle/${fall}/angaben`
  const form = getForm(await (await web.als(anna.token, pfad)).text(), pfad)
  return web.als(wer.token, pfad, { form: { ...form, ...eingabe } })
}
const vertrag = (id: number) => web.database.owner.selectFrom('vertrag').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

test('the Fall of the gap opens with an input for each missing field; filled in, the next night has nothing to find', async () => {
  const { fall, felder } = (await find())!
  expect(felder).toEqual(['elementar', 'erwerbsstatus', 'familie', 'geburtsdatum'])
  const seite = await (await web.als(anna.token, `/faelle/${fall}`)).text()
  for (const name of feldnamen()) expect(seite).toContain(`name="${name}"`)
  expect(seite).not.toContain(`name="v${haus}-ablauf"`)

  const antwort = await speichere(fall, {
    geburtsdatum: '14.03.1995',
    erwerbsstatus: 'STUDENT',
    [`v${haus}-elementar`]: 'JA',
    [`v${phv}-familie`]: 'JA',
  })
  expect(antwort.status).toBe(303)
  const row = await web.database.owner.selectFrom('kunde').selectAll().where('id', '=', kunde).executeTakeFirstOrThrow()
  expect(row).toMatchObject({ geburtsdatum: '1995-03-14', erwerbsstatus: 'STUDENT', herkunft: { geburtsdatum: { quelle: 'HAND' } } })
  expect(await vertrag(haus)).toMatchObject({ merkmale: { elementar: 'JA' }, herkunft: { elementar: { quelle: 'HAND' } } })
  expect(await (await web.als(anna.token, `/faelle/${fall}`)).text()).toContain('Hier ist nichts mehr einzutragen')
  expect(await find()).toBeUndefined()
})

test('what is left empty stays unknown; nothing at all, or a date that is none, is told in the form', async () => {
  const { fall } = (await find())!
  expect((await speichere(fall, { [`v${phv}-familie`]: 'NEIN' })).status).toBe(303)
  expect(await vertrag(phv)).toMatchObject({ merkmale: { familie: 'NEIN' } })
  expect((await find())!.felder).toEqual(['elementar', 'erwerbsstatus', 'geburtsdatum'])
  const { fall: neuer } = (await find())!
  const leer = await speichere(neuer, {})
  expect([leer.status, await leer.text()]).toEqual([422, expect.stringContaining('mindestens ein Feld')])
  const falsch = await speichere(neuer, { geburtsdatum: '31.02.1995', erwerbsstatus: 'STUDENT' })
  expect([falsch.status, await falsch.text()]).toEqual([422, expect.stringContaining('31.02.1995 gibt es nicht')])
  const nie = await speichere(neuer, { geburtsdatum: '01.01.2090' })
  expect(await nie.text()).toContain('liegt in der Zukunft')
})

test('what somebody else has written meanwhile stays', async () => {
  const { fall } = (await find())!
  const pfad = `/faelle/${fall}/angaben`
  const form = getForm(await (await web.als(anna.token, pfad)).text(), pfad)
  await web.database.owner.updateTable('kunde').set({ geburtsdatum: '1990-01-01' }).where('id', '=', kunde).execute()
  await web.als(anna.token, pfad, { form: { ...form, geburtsdatum: '14.03.1995', erwerbsstatus: 'AZUBI' } })
  const row = await web.database.owner.selectFrom('kunde').selectAll().where('id', '=', kunde).executeTakeFirstOrThrow()
  expect(row).toMatchObject({ geburtsdatum: '1990-01-01', erwerbsstatus: 'AZUBI' })
})

test('only who may see the Fall', async () => {
  const { fall } = (await find())!
  const ben = await insertVermittler(web.database.owner, betrieb, { vorname: 'Ben', name: 'Groß' })
  expect((await web.als(ben.token, `/faelle/${fall}/angaben`)).status).toBe(404)
  expect((await speichere(fall, { geburtsdatum: '14.03.1995' }, ben)).status).toBe(404)
})

test('a contract of the Fall alone: the last review ends the reminder of the notice', async () => {
  const { owner } = web.database
  const fall = await insertFall(
    owner,
    { betrieb, vermittler: anna.id, kunde },
    {
      gevo: 'G03',
      schluessel: `v${haus}:2027-06-30`,
      vertrag_id: haus,
      befund: JSON.stringify({ sparte: 'WOHNGEBAEUDE', zugang: '2027-06-30', absenden: '2027-06-23', hauptfaelligkeit: '2027-10-01' }),
    },
  )
  const seite = await (await web.als(anna.token, `/faelle/${fall}/angaben`)).text()
  expect(seite).toContain(`name="v${haus}-geprueft"`)
  expect(seite).not.toContain(`v${phv}-`)
  expect((await speichere(fall, { [`v${haus}-geprueft`]: '02.11.2026' })).status).toBe(303)
  expect(await vertrag(haus)).toMatchObject({ merkmale: { geprueftAm: '2026-11-02' } })
})
