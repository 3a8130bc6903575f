/** The demo Betrieb: one believable broker's office, the same every time, with something for every rule around the day of seeding. */
import { type Kysely, type Transaction, sql } from 'kysely'
import { berlinInstant } from '../../domain/kalender.ts'
import { insertAnmeldung } from '../anmeldung.ts'
import type { Rolle, Schema } from '../schema.ts'
import { type Db, withLeitung } from '../verbindung.ts'
import { bestand } from './bestand.ts'
import { type Ziel, insertHaushalte, insertVersicherer } from './einspielen.ts'
import { plusJahre } from './tage.ts'
import { createWuerfel } from './wuerfel.ts'

export interface DemoVorgaben {
  /** 'YYYY-MM-DD' in Europe/Berlin: the day around which Fristen and birthdays lie. */
  heute: string
  /** Of all logins. */
  passwort: string
  /** Whether accounts are made (needs role owner); else only people and portfolio (worker will do). */
  logins: boolean
}

export interface Demo {
  betrieb: number
  kunden: number
  vertraege: number
  logins: { email: string; name: string; rolle: Rolle }[]
}

/** What brokers look after on average (BVK-Strukturanalyse 2022/23). */
const KUNDEN = 1105
/** The seed whose average lies closest to 4.4 contracts a Kunde. */
const SEED = 9

const PERSONEN: readonly { vorname: string; name: string; rolle: Rolle; email: string; telefon: string; gewicht: number }[] = [
  { vorname: 'Karin', name: 'Lindner', rolle: 'SUPERVISOR', email: 'supervisor@demo.example', telefon: '040 66969100', gewicht: 4 },
  { vorname: 'Jan', name: 'Petersen', rolle: 'VERMITTLER', email: 'vermittler1@demo.example', telefon: '040 66969101', gewicht: 30 },
  { vorname: 'Elif', name: 'Yıldız', rolle: 'VERMITTLER', email: 'vermittler2@demo.example', telefon: '040 66969102', gewicht: 26 },
  { vorname: 'Thomas', name: 'Brandt', rolle: 'VERMITTLER', email: 'vermittler3@demo.example', telefon: '040 66969103', gewicht: 23 },
  { vorname: 'Sabine', name: 'Krüger', rolle: 'VERMITTLER', email: 'vermittler4@demo.example', telefon: '040 66969104', gewicht: 17 },
]

/** What a Supervisor has switched on in the Anlauf; the others hit hundreds of customers and wait there with their numbers. */
const REGELN_AN = ['G01', 'G02', 'G06', 'G08', 'G10', 'G14']
const REGELN_AUS = ['G03', 'G04', 'G07', 'G18', 'G20', 'G23']

/** All or nothing. Throws when there is a demo Betrieb already. Opens no Fälle: the night does. */
export async function seedDemo(db: Db, { heute, passwort, logins }: DemoVorgaben): Promise<Demo> {
  return withLeitung(db, async ({ trx, client }) => {
    // Two starters at once: the second waits and finds the first one's Betrieb.
    await sql`SELECT pg_advisory_xact_lock(7236002)`.execute(trx)
    const vorhanden = await trx.selectFrom('betrieb').select('name').where('demo', '=', true).executeTakeFirst()
    if (vorhanden) throw new Error(`Es gibt schon einen Demo-Betrieb (${vorhanden.name}). Entfernen Sie ihn zuerst.`)
    const betrieb = await insertBetrieb(trx, heute)
    const vermittler = []
    for (const person of PERSONEN) vermittler.push([await insertPerson(trx, betrieb, person, logins ? passwort : null), person.gewicht] as const)
    const ziel: Ziel = { betrieb, vermittler }
    await insertVersicherer(trx, ziel)
    await trx
      .insertInto('regel')
      .values([...REGELN_AN, ...REGELN_AUS].map((gevo) => ({ betrieb_id: betrieb, gevo, an: REGELN_AN.includes(gevo), werte: '{}' })))
      .execute()
    const haushalte = [...bestand({ heute, kunden: KUNDEN, seed: SEED, mitSonderfaellen: true })]
    const gezaehlt = await insertHaushalte({ trx, client }, createWuerfel(SEED), ziel, haushalte)
    const zugaenge = PERSONEN.map(({ email, vorname, name, rolle }) => ({ email, name: `${vorname} ${name}`, rolle }))
    return { betrieb, ...gezaehlt, logins: logins ? zugaenge : [] }
  })
}

async function insertBetrieb(db: Transaction<Schema>, heute: string): Promise<number> {
  const beginn = plusJahre(heute, -3)
  const { id } = await db
    .insertInto('betrieb')
    .values({
      name: 'Maklerhaus Lindner',
      ort: 'Hamburg',
      bundesland: 'HH',
      demo: true,
      beginn,
      anlauf_am: berlinInstant(beginn, '09:00'),
      tagesquote: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function insertPerson(db: Kysely<Schema>, betrieb: number, person: (typeof PERSONEN)[number], passwort: string | null): Promise<number> {
  const { gewicht: _, ...felder } = person
  const anmeldung = passwort === null ? null : await insertAnmeldung(db, { email: felder.email, passwort })
  const { id } = await db
    .insertInto('vermittler')
    .values({ ...felder, betrieb_id: betrieb, anmeldung_id: anmeldung, einstellungen: '{}' })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
