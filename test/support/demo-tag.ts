/** The demo Betrieb in the morning after its first night, with a day already begun: reminders overdue, due and coming, calls, a mail, one Fall done. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { insertSitzung } from '../../db/anmeldung.ts'
import { seedDemo } from '../../db/demo/demo.ts'
import { documentFall } from '../../db/dokumentationen.ts'
import type { Auftrag } from '../../db/faelle.ts'
import { contactFall } from '../../db/kontakte.ts'
import { openVorgang, remindFall } from '../../db/vorgaenge.ts'
import { sperreBis } from '../../domain/sperrfrist.ts'
import { runNacht } from './nacht.ts'
import { type TestWeb, createTestWeb } from './web.ts'

export const HEUTE = '2026-11-23'
export const PASSWORT = 'Regen Kante Ofen'
export const KARIN = 'supervisor@demo.example'
export const JAN = 'vermittler1@demo.example'

export interface DemoTag {
  web: TestWeb
  betrieb: number
  lauf: number
  /** Jan's open Fälle of G01 in the order of the list's rows in the table, and one of G02. */
  faelle: { id: number; kunde: number }[]
  frist: { id: number; kunde: number }

  /** A session of one of the logins. */
  token(email: string): Promise<string>
}

/** At 10:00 on Monday, 23 November 2026. */
export async function createDemoTag(): Promise<DemoTag> {
  const web = await createTestWeb()
  const { owner, worker } = web.database
  const { betrieb } = await seedDemo(owner, { heute: HEUTE, passwort: PASSWORT, logins: true })
  const lauf = (await runNacht(worker, HEUTE))!
  await owner
    .updateTable('nachtlauf')
    .set({ gestartet_am: `${HEUTE}T03:10:00Z`, beendet_am: `${HEUTE}T03:10:04Z` })
    .execute()
  await owner
    .updateTable('fall')
    .set({ eroeffnet_am: `${HEUTE}T03:10:02Z` })
    .execute()
  const jan = await owner.selectFrom('vermittler').select(['id', 'anmeldung_id']).where('email', '=', JAN).executeTakeFirstOrThrow()
  const listFaelle = (gevo: string) =>
    owner
      .selectFrom('fall as f')
      .innerJoin('kunde as k', 'k.id', 'f.kunde_id')
      .select(['f.id', 'f.kunde_id as kunde'])
      .where('f.vermittler_id', '=', jan.id)
      .where('f.gevo', '=', gevo)
      .where('k.telefon', 'is not', null)
      .orderBy('f.id')
      .execute()
  const faelle = await listFaelle('G01')
  const [frist] = await listFaelle('G02')
  const token = async (email: string): Promise<string> => {
    const { anmeldung_id } = await owner.selectFrom('vermittler').select('anmeldung_id').where('email', '=', email).executeTakeFirstOrThrow()
    return insertSitzung(web.auth, anmeldung_id!)
  }

  const auftrag = (fall: number): Auftrag => ({ fall, betrieb, aktion: randomUUID(), quelle: 'KLICK', person: jan.id })
  const [, , , , a, b, c, d, e] = faelle
  await web.database.web.withSession(await token(JAN), async (db) => {
    const remind = (fall: number, titel: string, am: string) => remindFall(db, auftrag(fall), { titel, notiz: null, am })
    await contactFall(db, auftrag(a!.id), { kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT', notiz: 'Mailbox besprochen' })
    await remind(a!.id, 'Anrufen, 2. Versuch', '2026-11-20T08:00:00Z')
    await remind(b!.id, 'Zum Angebot nachfassen', `${HEUTE}T08:30:00Z`)
    await remind(c!.id, 'Unterlagen anfordern', '2026-11-30T08:00:00Z')
    await openVorgang(db, auftrag(0), {
      titel: 'Schadenmeldung nachreichen',
      notiz: null,
      am: `${HEUTE}T13:00:00Z`,
      kunde: d!.kunde,
      vermittler: jan.id,
      stichtag: HEUTE,
    })
    const mail = { an: 'kunde@kunde.example', betreff: 'Ihre Unterlagen', inhalt: 'Guten Tag,\n\nanbei die Unterlagen.' }
    await contactFall(db, auftrag(d!.id), { kanal: 'EMAIL', ergebnis: 'NACHRICHT_VERSANDT', notiz: '„Ihre Unterlagen“', mail })
    const sperre = sperreBis({ monate: 12 }, 'HINWEIS_GEGEBEN', HEUTE)
    await documentFall(db, auftrag(e!.id), { ergebnis: 'HINWEIS_GEGEBEN', kanal: 'TELEFON', notiz: null, vorgaenge: 'BLEIBEN', sperreBis: sperre })
  })
  // As the timers would have done.
  await sql`UPDATE vorgang SET status = 'FAELLIG', faellig_geworden_am = faellig_am WHERE faellig_am < ${`${HEUTE}T09:00:00Z`}`.execute(owner)
  await sql`UPDATE fall SET erinnerung_am = NULL WHERE erinnerung_am < ${`${HEUTE}T09:00:00Z`}`.execute(owner)
  for (const tabelle of ['kontakt', 'dokumentation'] as const)
    await owner
      .updateTable(tabelle)
      .set({ am: `${HEUTE}T08:40:00Z` })
      .where('fall_id', 'is not', null)
      .execute()
  await sql`UPDATE fall SET dokumentiert_am = ${`${HEUTE}T08:40:00Z`} WHERE dokumentiert_am IS NOT NULL`.execute(owner)
  await sql`UPDATE protokoll SET am = ${`${HEUTE}T08:40:00Z`} WHERE quelle = 'KLICK'`.execute(owner)
  await sql`UPDATE protokoll SET am = ${`${HEUTE}T03:10:02Z`} WHERE quelle = 'NACHT'`.execute(owner)
  return { web, betrieb, lauf, faelle, frist: frist!, token }
}
