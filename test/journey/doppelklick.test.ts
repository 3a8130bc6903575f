/** Every form of the app, sent twenty times at once: one effect. The list comes from the app's routes, so a new form without a line here fails. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertAnmeldung } from '../../db/anmeldung.ts'
import { ensureRegeln } from '../../db/regeln.ts'
import type { Importstatus } from '../../db/schema.ts'
import { katalog } from '../../gevos/katalog.ts'
import { proposeTabelle } from '../../imports/tabelle.ts'
import { getForm } from '../support/formular.ts'
import { type TestWeb, URSPRUNG, createTestWeb } from '../support/web.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from '../support/welt.ts'

const ZWANZIG = 20
const PASSWORT = 'Regen Kante Ofen'
const MUSTER = readFileSync(path.join(import.meta.dirname, '../daten/gdv/musterdatei_2009.txt'))

interface Person {
  id: number
  token: string
  email: string
}
interface Welt {
  betrieb: number
  karin: Person
  anna: Person
  ben: Person
  kunde: number
  fall: number
}
/** What one click changes: rows by table ("kontakt": 1), and the sum of versions ("fall.version": 1). */
type Wirkung = Record<string, number>
interface Klick {
  /** Session; undefined for pages before the login. */
  wer?: Person | undefined
  /** The page with the form, and what is filled in. */
  seite?: string
  pfad: string
  eingabe?: Record<string, string>
  datei?: Uint8Array
}
interface Fall {
  klick: (welt: Welt) => Klick | Promise<Klick>
  wirkung: Wirkung
  /** Tables whose rows are no effect of their own: a session or a counted try for each answer. */
  ohne?: string[]
}

let web: TestWeb
beforeAll(async () => void (web = await createTestWeb()))
afterAll(() => web.drop())
const db = () => web.database.owner

async function createWelt(felder: { demo?: boolean } = {}): Promise<Welt> {
  const betrieb = await insertBetrieb(db(), felder)
  const karin = await insertVermittler(db(), betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
  const anna = await insertVermittler(db(), betrieb)
  const ben = await insertVermittler(db(), betrieb, { vorname: 'Ben', name: 'Groß' })
  const kunde = await insertKunde(db(), { betrieb, vermittler: anna.id })
  const fall = await insertFall(db(), { betrieb, vermittler: anna.id, kunde })
  return { betrieb, karin, anna, ben, kunde, fall }
}

const KONTAKT = { kontakt: 1, protokoll: 1, outbox: 1, aktion: 1, 'fall.version': 1 }
const EREIGNIS = { protokoll: 1, outbox: 1, aktion: 1, 'fall.version': 1 }
const doku = (welt: Welt): Klick => ({
  wer: welt.anna,
  seite: `/faelle/${welt.fall}/dokumentation`,
  pfad: `/faelle/${welt.fall}/dokumentation`,
  eingabe: { kanal: 'TELEFON', ergebnis: 'HINWEIS_GEGEBEN' },
})
/** A delivery in that state, with its bytes. */
async function lieferung({ betrieb }: Welt, status: Importstatus): Promise<number> {
  const leer = { zaehler: '{}', befunde: '[]', fortschritt: '{}', pakete: '[]', beurteilung: '[]' }
  const gruende = JSON.stringify([{ art: 'SCHWUND', text: 'Es fehlt viel.', n: 8, von: 20 }])
  const { id } = await db()
    .insertInto('import')
    .values({ betrieb_id: betrieb, datei: 'a.gdv', pruefsumme: '', status, gruende, ...leer })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db().insertInto('import_datei').values({ import_id: id, nr: 1, betrieb_id: betrieb, bytes: MUSTER }).execute()
  return id
}
/** A table whose columns nobody has confirmed yet. */
async function tabelle(welt: Welt): Promise<number> {
  const id = await lieferung(welt, 'ZUORDNUNG')
  const quelle = await db()
    .insertInto('importquelle')
    .values({ betrieb_id: welt.betrieb, kennung: 'CSV kundenliste', name: 'kundenliste.csv' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const vorschlag = await proposeTabelle(Readable.from([Buffer.from('Name;Vorname\nÇelik;Elif\n')]), {
    format: 'CSV',
    heute: '2026-11-23',
    versicherer: [],
  })
  await db()
    .updateTable('import')
    .set({ format: 'CSV', quelle_id: quelle.id, vorschlag: JSON.stringify(vorschlag) })
    .where('id', '=', id)
    .execute()
  return id
}
async function entscheide(welt: Welt, status: Importstatus, wort: string): Promise<Klick> {
  const seite = `/importe/${await lieferung(welt, status)}`
  return { wer: welt.karin, seite, pfad: `${seite}/${wort}` }
}
/** A question about these customers. */
async function frage(welt: Welt, art: 'ANSCHRIFT' | 'HAUSHALT', kandidaten: number[]): Promise<number> {
  const offen = {
    betrieb_id: welt.betrieb,
    import_id: await lieferung(welt, 'FERTIG'),
    schluessel: 'celik|elif',
    kunde_id: kandidaten[0]!,
    kandidaten,
  }
  const geliefert = JSON.stringify({ personen: [{ name: 'Çelik', vorname: 'Elif' }], vertraege: [] })
  return (
    await db()
      .insertInto('import_zweifel')
      .values({ ...offen, art, geliefert })
      .returning('id')
      .executeTakeFirstOrThrow()
  ).id
}
const wiedervorlage = (welt: Welt): Klick => ({
  wer: welt.anna,
  seite: `/faelle/${welt.fall}/wiedervorlage`,
  pfad: `/faelle/${welt.fall}/wiedervorlage`,
  eingabe: { wann: 'ANDERS', datum: '1.12.2026', titel: 'Anrufen' },
})
/** A Vorgang of the Fall to act on. */
async function vorgang(welt: Welt): Promise<number> {
  expect((await send(await prepare(wiedervorlage(welt)))).status).toBe(303)
  return (await db().selectFrom('vorgang').select('id').where('fall_id', '=', welt.fall).executeTakeFirstOrThrow()).id
}
async function vonHand(welt: Welt): Promise<number> {
  const pfad = `/vorgaenge/neu?kunde=${welt.kunde}`
  const klick = { wer: welt.anna, seite: pfad, pfad, eingabe: { wann: 'ANDERS', datum: '1.12.2026', titel: 'Post öffnen' } }
  expect((await send(await prepare(klick))).status).toBe(303)
  const titel = await db()
    .selectFrom('vorgang')
    .select('id')
    .where('kunde_id', '=', welt.kunde)
    .where('titel', '=', 'Post öffnen')
    .executeTakeFirstOrThrow()
  return titel.id
}
const profil = { vorname: 'Ute', name: 'Vogel', telefon: '', rolle: 'VERMITTLER' }
async function mitPasswort(welt: Welt): Promise<Person> {
  const email = `${welt.betrieb}@lindner.example`
  const konto = await insertAnmeldung(web.auth, { email, passwort: PASSWORT })
  const person = await insertVermittler(db(), welt.betrieb, { email: `x${email}`, vorname: 'Ute', name: 'Vogel' })
  // The session that insertVermittler opened belongs to an account of its own; this person's account has the password.
  await sql`UPDATE auth.sitzung SET konto_id = ${konto} WHERE id = sha256(convert_to(${person.token}, 'UTF8'))`.execute(db())
  await db().updateTable('vermittler').set({ anmeldung_id: konto, email }).where('id', '=', person.id).execute()
  return { ...person, email }
}

const FAELLE: Record<string, Fall> = {
  // ---- a Fall
  '/faelle/:id/kontakt': {
    klick: ({ anna, fall }) => ({
      wer: anna,
      seite: `/faelle/${fall}/kontakt?kanal=TELEFON`,
      pfad: `/faelle/${fall}/kontakt`,
      eingabe: { ergebnis: 'NICHT_ERREICHT' },
    }),
    wirkung: KONTAKT,
  },
  '/faelle/:id/email': {
    klick: ({ anna, fall }) => ({
      wer: anna,
      seite: `/faelle/${fall}/email`,
      pfad: `/faelle/${fall}/email`,
      eingabe: { grund: 'hat darum gebeten' },
    }),
    wirkung: { ...KONTAKT, mail: 1, outbox: 2 },
  },
  '/faelle/:id/wiedervorlage': { klick: wiedervorlage, wirkung: { ...EREIGNIS, vorgang: 1 } },
  '/faelle/:id/dokumentation': { klick: doku, wirkung: { ...EREIGNIS, dokumentation: 1 } },
  '/faelle/:id/ruecknahme': {
    klick: async (welt) => {
      expect((await send(await prepare(doku(welt)))).status).toBe(303)
      return { wer: welt.anna, seite: `/faelle/${welt.fall}`, pfad: `/faelle/${welt.fall}/ruecknahme` }
    },
    wirkung: EREIGNIS,
  },
  // ---- Vorgänge
  '/vorgaenge/neu': {
    klick: ({ anna, kunde }) => {
      const pfad = `/vorgaenge/neu?kunde=${kunde}`
      return { wer: anna, seite: pfad, pfad, eingabe: { wann: 'ANDERS', datum: '1.12.2026', titel: 'Post öffnen' } }
    },
    wirkung: { fall: 1, vorgang: 1, protokoll: 1, outbox: 1, aktion: 1, 'fall.version': 1 },
  },
  '/vorgaenge/:id/termin': {
    klick: async (welt) => {
      const pfad = `/vorgaenge/${await vorgang(welt)}/termin`
      return { wer: welt.anna, seite: pfad, pfad, eingabe: { wann: 'ANDERS', datum: '2.12.2026' } }
    },
    wirkung: EREIGNIS,
  },
  '/vorgaenge/:id/erledigung': {
    klick: async (welt) => ({ wer: welt.anna, seite: '/vorgaenge', pfad: `/vorgaenge/${await vonHand(welt)}/erledigung` }),
    wirkung: { ...EREIGNIS, dokumentation: 1 },
  },
  '/vorgaenge/:id/loeschung': {
    klick: async (welt) => ({ wer: welt.anna, seite: '/vorgaenge', pfad: `/vorgaenge/${await vorgang(welt)}/loeschung` }),
    wirkung: EREIGNIS,
  },
  // ---- customers
  '/kunden/neu': {
    klick: ({ anna }) => ({
      wer: anna,
      seite: '/kunden/neu',
      pfad: '/kunden/neu',
      eingabe: { name: 'Doppelklick', vorname: 'Dora', geburtsdatum: '1.2.1990' },
    }),
    wirkung: { kunde: 1, 'kunde.version': 1, aktion: 1 },
  },
  '/kunden/:id/bearbeiten': {
    klick: ({ anna, kunde }) => ({
      wer: anna,
      seite: `/kunden/${kunde}/bearbeiten`,
      pfad: `/kunden/${kunde}/bearbeiten`,
      eingabe: { telefon: '040 999' },
    }),
    wirkung: { 'kunde.version': 1 },
  },
  '/kunden/:id/vermittler': {
    klick: ({ karin, ben, kunde }) => ({
      wer: karin,
      seite: `/kunden/${kunde}/vermittler`,
      pfad: `/kunden/${kunde}/vermittler`,
      eingabe: { vermittler: String(ben.id) },
    }),
    wirkung: { ...EREIGNIS, 'kunde.version': 1 },
  },
  '/kunden/:id/vertraege/neu': {
    klick: ({ anna, kunde }) => {
      const pfad = `/kunden/${kunde}/vertraege/neu`
      return { wer: anna, seite: pfad, pfad, eingabe: { bestandsart: 'FREMD', sparte: 'PHV', vu_nummer: 'NEU', vu_neu: '4711' } }
    },
    wirkung: { vertrag: 1, 'vertrag.version': 1, aktion: 1 },
  },
  '/kunden/:id/vertraege/:vertrag/bearbeiten': {
    klick: async ({ anna, betrieb, kunde }) => {
      const pfad = `/kunden/${kunde}/vertraege/${await insertVertrag(db(), { betrieb, kunde })}/bearbeiten`
      return { wer: anna, seite: pfad, pfad, eingabe: { produkt: 'Komfort' } }
    },
    wirkung: { 'vertrag.version': 1 },
  },
  '/kunden/:id/abweichungen/:abweichung': {
    klick: async ({ anna, betrieb, kunde }) => {
      const { id } = await db()
        .insertInto('abweichung')
        .values({ betrieb_id: betrieb, kunde_id: kunde, feld: 'telefon', hier: '040 1', geliefert: '040 2', stand: '2026-11-01' })
        .returning('id')
        .executeTakeFirstOrThrow()
      return { wer: anna, seite: `/kunden/${kunde}`, pfad: `/kunden/${kunde}/abweichungen/${id}`, eingabe: { antwort: 'UEBERNEHMEN' } }
    },
    wirkung: { 'kunde.version': 1 },
  },
  // ---- the Supervisor's
  '/importe': {
    klick: ({ karin }) => ({ wer: karin, seite: '/importe', pfad: '/importe', datei: MUSTER }),
    wirkung: { import: 1, import_datei: 1, outbox: 1, aktion: 1 },
  },
  '/importe/:id/abbruch': { klick: (welt) => entscheide(welt, 'WARTET', 'abbruch'), wirkung: {} },
  '/importe/:id/freigabe': { klick: (welt) => entscheide(welt, 'QUARANTAENE', 'freigabe'), wirkung: { outbox: 1 } },
  '/importe/:id/verwerfung': { klick: (welt) => entscheide(welt, 'QUARANTAENE', 'verwerfung'), wirkung: {} },
  '/importe/:id/umfang': { klick: (welt) => entscheide(welt, 'QUARANTAENE', 'umfang'), wirkung: { outbox: 1 } },
  '/importe/:id/wiederholung': { klick: (welt) => entscheide(welt, 'FEHLER', 'wiederholung'), wirkung: { outbox: 1 } },
  '/importe/:id/zuordnung': {
    klick: async (welt) => {
      const seite = `/importe/${await tabelle(welt)}/zuordnung`
      return { wer: welt.karin, seite, pfad: seite }
    },
    wirkung: { outbox: 1 },
  },
  '/importe/klaeren/:id': {
    klick: async (welt) => {
      const pfad = `/importe/klaeren/${await frage(welt, 'ANSCHRIFT', [welt.kunde])}`
      return { wer: welt.karin, seite: '/importe/klaeren', pfad, eingabe: { antwort: `DERSELBE/${welt.kunde}` } }
    },
    wirkung: { outbox: 1 },
  },
  '/importe/haushalte': {
    klick: async (welt) => {
      const anderer = await insertKunde(db(), { betrieb: welt.betrieb, vermittler: welt.anna.id })
      const id = await frage(welt, 'HAUSHALT', [welt.kunde, anderer])
      const eingabe = { 'haushalt[]': String(id), antwort: 'ZUSAMMEN' }
      return { wer: welt.karin, seite: '/importe/haushalte', pfad: '/importe/haushalte', eingabe }
    },
    wirkung: { haushalt: 1 },
  },
  '/importe/quellen/:id': {
    klick: async ({ karin, betrieb }) => {
      const quelle = { betrieb_id: betrieb, kennung: 'GDV 5342', name: 'Hansa' }
      const { id } = await db().insertInto('importquelle').values(quelle).returning('id').executeTakeFirstOrThrow()
      return { wer: karin, seite: '/importe/quellen', pfad: `/importe/quellen/${id}`, eingabe: { liefert: 'AENDERUNG' } }
    },
    wirkung: {},
  },
  '/importe/agenturnummern': {
    klick: async ({ karin, ben, betrieb, kunde }) => {
      const vertrag = { vu_nummer: '9999', agenturnummer: '4711' }
      await insertVertrag(db(), { betrieb, kunde }, vertrag)
      await db().updateTable('kunde').set({ vermittler_id: karin.id }).where('id', '=', kunde).execute()
      await db().updateTable('fall').set({ vermittler_id: karin.id }).where('kunde_id', '=', kunde).execute()
      return { wer: karin, seite: '/importe/klaeren', pfad: '/importe/agenturnummern', eingabe: { 'nummer/9999/4711': String(ben.id) } }
    },
    wirkung: { agenturnummer: 1, ...EREIGNIS, 'kunde.version': 1 },
  },
  '/nachtlaeufe': {
    klick: ({ karin }) => ({ wer: karin, seite: '/nachtlaeufe', pfad: '/nachtlaeufe' }),
    wirkung: { nachtlauf: 1, outbox: 1 },
  },
  '/anlauf': {
    klick: async ({ karin }) => {
      await ensureRegeln(db(), katalog)
      return { wer: karin, seite: '/anlauf', pfad: '/anlauf', eingabe: { tagesquote: '7' } }
    },
    // What stands already is set again to the same.
    wirkung: {},
  },
  '/faelle/:id/angaben': {
    klick: async ({ anna, fall, kunde }) => {
      await db().updateTable('kunde').set({ geburtsdatum: null }).where('id', '=', kunde).execute()
      await db()
        .updateTable('fall')
        .set({ gevo: 'G23', unbekannt: ['geburtsdatum'], befund: JSON.stringify({ felder: ['geburtsdatum'], regeln: ['G01'] }) })
        .where('id', '=', fall)
        .execute()
      return { wer: anna, seite: `/faelle/${fall}/angaben`, pfad: `/faelle/${fall}/angaben`, eingabe: { geburtsdatum: '14.03.1995' } }
    },
    wirkung: { 'kunde.version': 1 },
  },
  '/faelle/:id/sperre': {
    klick: async ({ karin, fall }) => {
      await db()
        .updateTable('fall')
        .set({ status: 'GESCHLOSSEN', ergebnis: 'ABGESCHLOSSEN', sperre_bis: '2099-01-01' })
        .where('id', '=', fall)
        .execute()
      return { wer: karin, seite: `/faelle/${fall}/sperre`, pfad: `/faelle/${fall}/sperre`, eingabe: { grund: 'hat selbst angerufen' } }
    },
    wirkung: { protokoll: 1, aktion: 1 },
  },
  '/regeln/:key': {
    klick: ({ karin }) => ({
      wer: karin,
      seite: '/regeln/vertrag-laeuft-bald-ab',
      pfad: '/regeln/vertrag-laeuft-bald-ab',
      eingabe: { an: '1', 'wert-tage': '60' },
    }),
    wirkung: { regel: 1, 'regel.version': 1, regel_stand: 1, 'regel_stand.version': 1 },
  },
  '/regeln/:key/vorgabe': {
    klick: async ({ karin, betrieb }) => {
      await db().insertInto('regel').values({ betrieb_id: betrieb, gevo: 'G02', werte: '{"tage": 60}' }).execute()
      return { wer: karin, seite: '/regeln/vertrag-laeuft-bald-ab', pfad: '/regeln/vertrag-laeuft-bald-ab/vorgabe', eingabe: { version: '1' } }
    },
    wirkung: { 'regel.version': 1, regel_stand: 1, 'regel_stand.version': 2 },
  },
  '/regeln/:key/altbestand': {
    klick: async ({ karin }) => {
      await ensureRegeln(db(), katalog)
      const eingabe = { grund: 'Vor dem ersten Tag besprochen', bis: '1.12.2027' }
      return { wer: karin, seite: '/regeln/werbeeinwilligung-fehlt', pfad: '/regeln/werbeeinwilligung-fehlt/altbestand', eingabe }
    },
    wirkung: { altbestand: 1, altbestand_schluessel: 1, aktion: 1 },
  },
  '/regeln/:key/altbestand/:nr/ruecknahme': {
    klick: async ({ karin, betrieb }) => {
      await ensureRegeln(db(), katalog)
      const { id } = await db()
        .insertInto('altbestand')
        .values({ betrieb_id: betrieb, gevo: 'G20', bis: '2027-12-01', grund: 'Geprüft', anzahl: 1, von: karin.id })
        .returning('id')
        .executeTakeFirstOrThrow()
      return { wer: karin, pfad: `/regeln/werbeeinwilligung-fehlt/altbestand/${id}/ruecknahme` }
    },
    wirkung: {},
  },
  '/mitarbeiter': {
    klick: ({ karin, betrieb }) => ({
      wer: karin,
      seite: '/mitarbeiter',
      pfad: '/mitarbeiter',
      eingabe: { ...profil, email: `neu${betrieb}@lindner.example` },
    }),
    wirkung: { vermittler: 1, mail: 1, outbox: 1, 'auth.konto': 1, 'auth.zugangslink': 1 },
  },
  '/mitarbeiter/:id': {
    klick: ({ karin, ben }) => ({ wer: karin, seite: `/mitarbeiter/${ben.id}`, pfad: `/mitarbeiter/${ben.id}`, eingabe: { name: 'Klein' } }),
    wirkung: {},
  },
  '/mitarbeiter/:id/link': {
    klick: ({ karin, ben }) => ({ wer: karin, seite: `/mitarbeiter/${ben.id}`, pfad: `/mitarbeiter/${ben.id}/link` }),
    wirkung: { mail: 1, outbox: 1, 'auth.zugangslink': 1, aktion: 1 },
  },
  '/mitarbeiter/:id/aktiv': {
    klick: ({ karin, ben }) => ({ wer: karin, seite: `/mitarbeiter/${ben.id}`, pfad: `/mitarbeiter/${ben.id}/aktiv` }),
    wirkung: { 'auth.sitzung': -1 },
  },
  '/mitarbeiter/:id/agenturnummern': {
    klick: ({ karin, ben }) => ({
      wer: karin,
      seite: `/mitarbeiter/${ben.id}`,
      pfad: `/mitarbeiter/${ben.id}/agenturnummern`,
      eingabe: { vu_nummer: '5342', nummer: '815' },
    }),
    wirkung: { agenturnummer: 1 },
  },
  '/mitarbeiter/:id/agenturnummern/loeschung': {
    klick: async ({ karin, ben, betrieb }) => {
      await db().insertInto('agenturnummer').values({ betrieb_id: betrieb, vu_nummer: '5342', nummer: '815', vermittler_id: ben.id }).execute()
      return { wer: karin, seite: `/mitarbeiter/${ben.id}`, pfad: `/mitarbeiter/${ben.id}/agenturnummern/loeschung` }
    },
    wirkung: { agenturnummer: -1 },
  },
  '/versicherer': {
    klick: ({ karin }) => ({ wer: karin, pfad: '/versicherer', eingabe: { vu_nummer: '5342', name: 'Hansa Sach' } }),
    wirkung: { versicherer: 1 },
  },
  '/betrieb': { klick: ({ karin }) => ({ wer: karin, seite: '/betrieb', pfad: '/betrieb', eingabe: { ort: 'Altona' } }), wirkung: {} },
  '/betrieb/demo': {
    klick: async () => {
      const { karin } = await createWelt({ demo: true })
      return { wer: karin, seite: '/betrieb', pfad: '/betrieb/demo' }
    },
    wirkung: { betrieb: -1, vermittler: -3, kunde: -1, 'kunde.version': -1, fall: -1, 'fall.version': -1, 'auth.konto': -3, 'auth.sitzung': -3 },
  },
  '/system/mails/:id/wiederholung': {
    klick: async ({ karin, betrieb, kunde }) => {
      const { id } = await db()
        .insertInto('mail')
        .values({
          betrieb_id: betrieb,
          kunde_id: kunde,
          art: 'KUNDE',
          an: 'e@kunde.example',
          betreff: 'B',
          inhalt: 'I',
          status: 'FEHLER',
          fehler: '422',
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return { wer: karin, seite: '/system', pfad: `/system/mails/${id}/wiederholung` }
    },
    wirkung: { outbox: 1 },
  },
  '/profil': { klick: ({ anna }) => ({ wer: anna, seite: '/profil', pfad: '/profil', eingabe: { thema: 'dunkel' } }), wirkung: {} },
  // ---- the door: a session or a counted try for each answer, of which the browser keeps the last
  '/profil/passwort': {
    klick: async (welt) => ({ wer: await mitPasswort(welt), pfad: '/profil/passwort', eingabe: { bisher: PASSWORT, passwort: 'Anderer Weg Haus' } }),
    wirkung: {},
    ohne: ['auth.sitzung', 'auth.versuch'],
  },
  '/anmelden': {
    klick: async (welt) => ({ pfad: '/anmelden', eingabe: { email: (await mitPasswort(welt)).email, passwort: PASSWORT } }),
    wirkung: {},
    ohne: ['auth.sitzung', 'auth.versuch'],
  },
  '/abmelden': { klick: ({ anna }) => ({ wer: anna, pfad: '/abmelden' }), wirkung: { 'auth.sitzung': -1 } },
  '/passwort-vergessen': {
    klick: async (welt) => ({ seite: '/passwort-vergessen', pfad: '/passwort-vergessen', eingabe: { email: (await mitPasswort(welt)).email } }),
    wirkung: { mail: 1, outbox: 1, 'auth.zugangslink': 1 },
    ohne: ['auth.versuch'],
  },
  '/passwort/:token': {
    klick: async ({ karin, ben }) => {
      const antwort = await send(await prepare({ wer: karin, seite: `/mitarbeiter/${ben.id}`, pfad: `/mitarbeiter/${ben.id}/link` }))
      return { pfad: /\/passwort\/[\w-]+/.exec(await antwort.text())![0], eingabe: { passwort: 'Anderer Weg Haus' } }
    },
    // Setting a password ends the session that was there and opens one.
    wirkung: { 'auth.zugangslink': -1 },
  },
  '/einrichtung': {
    klick: async () => {
      await db()
        .updateTable('installation')
        .set({ einrichtung_hash: createHash('sha256').update('einmal').digest('hex') })
        .execute()
      const person = { vorname: 'Ute', name: 'Vogel', email: 'ute@vogel.example', passwort: PASSWORT }
      return { pfad: '/einrichtung', eingabe: { token: 'einmal', betrieb: 'Vogel Makler', bundesland: 'HH', ...person } }
    },
    wirkung: { betrieb: 1, vermittler: 1, 'auth.konto': 1, 'auth.sitzung': 1 },
    ohne: ['auth.versuch'],
  },
}

interface Anfrage {
  wer: Person | undefined
  pfad: string
  form: Record<string, string>
  datei: Uint8Array | undefined
}
/** The page is opened once: all twenty clicks send the same form. */
async function prepare({ wer, seite, pfad, eingabe = {}, datei }: Klick): Promise<Anfrage> {
  const vorbelegt = seite ? getForm(await (await web.als(wer?.token, seite)).text(), pfad) : {}
  return { wer, pfad, datei, form: { ...vorbelegt, ...eingabe } }
}
async function send({ wer, pfad, form, datei }: Anfrage): Promise<Response> {
  if (!datei) return web.als(wer?.token, pfad, { form })
  const body = new FormData()
  for (const [name, wert] of Object.entries(form)) body.append(name, wert)
  body.append('datei', new File([new Uint8Array(datei)], 'muster.txt'))
  const headers = { Cookie: `sitzung=${wer?.token}`, Origin: URSPRUNG, 'Sec-Fetch-Site': 'same-origin' }
  return web.app.request(`${URSPRUNG}${pfad}`, { method: 'POST', body, headers })
}

/** Rows of every table, and the sum of versions where a table has them. Counters follow from the Fälle; what they add up to is held to a count elsewhere. */
async function measure(): Promise<Record<string, number>> {
  const tabellen = await sql<{ schema: string; name: string; versioniert: boolean }>`
    SELECT t.table_schema AS schema, t.table_name AS name, EXISTS (SELECT FROM information_schema.columns c
      WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.column_name = 'version' AND c.data_type = 'integer' AND t.table_name <> 'protokoll') AS versioniert
    FROM information_schema.tables t WHERE t.table_type = 'BASE TABLE' AND t.table_schema IN ('public', 'auth') AND t.table_name NOT LIKE 'kysely_%' AND t.table_name NOT IN ('fall_zaehler', 'fall_summe')`.execute(
    db(),
  )
  const stand: Record<string, number> = {}
  for (const { schema, name, versioniert } of tabellen.rows) {
    const kurz = schema === 'public' ? name : `${schema}.${name}`
    const summe = versioniert ? sql`coalesce(sum(version), 0)::integer` : sql`0`
    const { rows } = await sql<{ n: number; v: number }>`SELECT count(*)::integer AS n, ${summe} AS v FROM ${sql.table(`${schema}.${name}`)}`.execute(
      db(),
    )
    stand[kurz] = rows[0]!.n
    if (versioniert) stand[`${kurz}.version`] = rows[0]!.v
  }
  return stand
}
const difference = (vorher: Record<string, number>, nachher: Record<string, number>): Wirkung =>
  Object.fromEntries(Object.entries(nachher).flatMap(([name, n]) => (n === vorher[name] ? [] : [[name, n - vorher[name]!]])))

test('every form of the app stands in this list', () => {
  const ohneMuster = (pfad: string): string => pfad.replace(/\{(?:[^{}]|\{[^}]*\})*\}/g, '')
  const posts = new Set(web.app.routes.filter(({ method }) => method === 'POST').map((route) => ohneMuster(route.path)))
  expect(Object.keys(FAELLE).sort()).toEqual([...posts].sort())
})

describe('twenty times at once is once', () => {
  test.each(Object.entries(FAELLE))('%s', async (_, { klick, wirkung, ohne = [] }) => {
    const anfrage = await prepare(await klick(await createWelt()))
    const vorher = await measure()
    const antworten = await Promise.all(Array.from({ length: ZWANZIG }, () => send(anfrage)))
    const gezaehlt = difference(vorher, await measure())
    const stati = antworten.map(({ status }) => status)
    for (const name of ohne) delete gezaehlt[name]
    expect({ wirkung: gezaehlt, fehler: stati.filter((status) => status >= 500) }).toEqual({ wirkung, fehler: [] })
    // At least one click was taken; the others learn of it.
    expect(stati.some((status) => status < 400)).toBe(true)
  })
})
