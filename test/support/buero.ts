/**
 * An office with one row in every table for each of its portfolios. Every free text holds a canary ("kanarie" and a name), so that an
 * answer tells whose rows it was made of: `findKanarien`.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { foldZaehler } from '../../db/fallzaehler.ts'
import { hashPassword } from '../../db/passwort.ts'
import type { Db } from '../../db/verbindung.ts'
import { suchtext } from '../../domain/suchtext.ts'
import { insertBetrieb, insertFall, insertKunde, insertVermittler, insertVertrag } from './welt.ts'

export const PASSWORT = 'Regen Kante Ofen'

export interface Mensch {
  id: number
  token: string
  email: string
}

/** The rows of one portfolio. */
export interface Reihe {
  vermittler: number
  kunde: number
  vertrag: number
  /** Open, with a Vorgang that is coming. */
  fall: number
  vorgang: number
  dokumentiert: number
  /** Closed, and holds its question back. */
  gesperrt: number
  mail: number
  abweichung: number
}

export interface Buero {
  name: string
  betrieb: number
  anna: Mensch
  ben: Mensch
  karin: Mensch
  /** Deactivated, with a session that was never ended. */
  weg: Mensch
  reihen: { anna: Reihe; ben: Reihe }
  import: number
  /** Deliveries in quarantine, and one that failed. */
  quarantaene: number
  gescheitert: number
  quelle: number
  zweifel: number
  haushaltsfrage: number
  nachtlauf: number
  altbestand: number
  /** An open link that sets Ben's password. */
  link: string
}

/** Dear to make, and the same for everybody. */
let hash: Promise<string> | undefined

/** `name` tells the offices apart; letters only. Canaries: <name>anna, <name>ben (portfolios), <name>haus (all its people), <name>leitung (its Supervisor). */
export async function insertBuero(db: Db, name: string): Promise<Buero> {
  const wort = (wessen: string): string => `Kanarie${name}${wessen}`
  const betrieb = await insertBetrieb(db, { name: wort('haus'), ort: wort('haus') })
  const person = async (vorname: string, felder: object = {}): Promise<Mensch> => {
    const email = `kanarie${name}haus.${vorname}@lindner.example`
    const konto = randomUUID()
    await sql`INSERT INTO auth.konto (id, email, passwort) VALUES (${konto}, ${email.toLowerCase()}, ${await (hash ??= hashPassword(PASSWORT))})`.execute(
      db,
    )
    return insertVermittler(db, betrieb, { vorname, name: wort('haus'), email, anmeldung_id: konto, ...felder })
  }
  const anna = await person('anna')
  const ben = await person('ben')
  const karin = await person('karin', { rolle: 'SUPERVISOR' })
  const weg = await person('weg', { aktiv: false })
  const haus = { betrieb_id: betrieb }
  await db
    .insertInto('versicherer')
    .values({ ...haus, vu_nummer: '5342', name: wort('haus') })
    .execute()
  await db
    .insertInto('regel')
    .values({ ...haus, gevo: 'G01', werte: '{"alterBis":40}' })
    .execute()
  const { id: quelle } = await db
    .insertInto('importquelle')
    .values({ ...haus, kennung: wort('leitung'), name: wort('leitung') })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id: einfuhr } = await db
    .insertInto('import')
    .values({
      ...haus,
      datei: wort('leitung'),
      pruefsumme: 'p',
      status: 'FERTIG',
      zaehler: '{}',
      befunde: JSON.stringify([{ text: wort('leitung') }]),
      quelle_id: quelle,
      format: 'CSV',
      vorschlag: JSON.stringify({
        ueberschriften: [wort('leitung')],
        spalten: [{ ueberschrift: wort('leitung'), feld: 'name', woran: 'NAME', sicher: true, beispiele: [wort('leitung')] }],
        zuordnung: { felder: ['name'], ohneStatus: 'UNBEKANNT', ohneBestandsart: 'EIGEN' },
        sicher: true,
        zeilen: [{ nr: 2, zellen: [wort('leitung')] }],
      }),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('import_datei')
    .values({ ...haus, import_id: einfuhr, nr: 1, bytes: Buffer.from(wort('leitung')) })
    .execute()
  await db
    .insertInto('import_befund')
    .values({ ...haus, import_id: einfuhr, nr: 1, text: wort('leitung') })
    .execute()
  const weitere = async (status: 'QUARANTAENE' | 'FEHLER'): Promise<number> => {
    const felder = { ...haus, datei: wort('leitung'), pruefsumme: status, status, zaehler: '{}', befunde: '[]', quelle_id: quelle }
    const { id } = await db.insertInto('import').values(felder).returning('id').executeTakeFirstOrThrow()
    await db
      .insertInto('import_datei')
      .values({ ...haus, import_id: id, nr: 1, bytes: Buffer.from(wort('leitung')) })
      .execute()
    return id
  }
  const quarantaene = await weitere('QUARANTAENE')
  const gescheitert = await weitere('FEHLER')
  const { id: nachtlauf } = await db
    .insertInto('nachtlauf')
    .values({ ...haus, stichtag: '2026-11-23', anlass: 'PLAN', status: 'FERTIG', zaehler: '{}' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('nachtlauf_gevo')
    .values({ ...haus, nachtlauf_id: nachtlauf, gevo: 'G01', regel_version: 1 })
    .execute()
  await db
    .insertInto('aktion')
    .values({ ...haus, id: 'kanarie-aktion', antwort: '{}' })
    .execute()
  await db
    .insertInto('outbox')
    .values({ ...haus, art: 'FALL', ziel: 1 })
    .execute()
  await db
    .insertInto('herzschlag')
    .values({ am: '2026-11-23T08:59:00Z', version: '0.1.0', revision: 1 })
    .onConflict((oc) => oc.doNothing())
    .execute()
  await db
    .insertInto('stoerung')
    .values({ ...haus, ursache: 'NACHT_FEHLT', codes: '{}' })
    .execute()
  const { id: altbestand } = await db
    .insertInto('altbestand')
    .values({ ...haus, gevo: 'G20', bis: '2027-01-01', grund: wort('leitung'), anzahl: 1 })
    .returning('id')
    .executeTakeFirstOrThrow()
  const reihen = {
    anna: await insertReihe(db, { betrieb, vermittler: anna.id, wort: wort('anna') }),
    ben: await insertReihe(db, { betrieb, vermittler: ben.id, wort: wort('ben') }),
  }
  const { kunde } = reihen.anna
  await db
    .insertInto('altbestand_schluessel')
    .values({ ...haus, altbestand_id: altbestand, schluessel: 'k1', kunde_id: kunde })
    .execute()
  await db
    .insertInto('import_zeile')
    .values({
      ...haus,
      import_id: einfuhr,
      art: 'KUNDE',
      folge: 'GEAENDERT',
      objekt_id: kunde,
      kunde_id: kunde,
      nachher: JSON.stringify({ ort: wort('leitung') }),
    })
    .execute()
  const { id: zweifel } = await db
    .insertInto('import_zweifel')
    .values({
      ...haus,
      import_id: einfuhr,
      art: 'MEHRERE',
      schluessel: wort('leitung'),
      kunde_id: kunde,
      kandidaten: [kunde],
      geliefert: JSON.stringify({ personen: [], vertraege: [] }),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id: haushaltsfrage } = await db
    .insertInto('import_zweifel')
    .values({
      ...haus,
      import_id: einfuhr,
      art: 'HAUSHALT',
      schluessel: wort('leitung'),
      kunde_id: kunde,
      kandidaten: [kunde, reihen.ben.kunde],
      geliefert: '{}',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('protokoll_anker')
    .values({ ...haus, bis_id: 1, zeilen: 1, hash: Buffer.from('x') })
    .execute()
  const link = randomUUID()
  await sql`INSERT INTO auth.zugangslink (id, konto_id, art, laeuft_ab_am)
    SELECT sha256(convert_to(${link}, 'UTF8')), anmeldung_id, 'PASSWORT', now() + interval '1 hour' FROM vermittler WHERE id = ${ben.id}`.execute(db)
  await foldZaehler(db)
  return {
    name,
    betrieb,
    anna,
    ben,
    karin,
    weg,
    reihen,
    import: einfuhr,
    quarantaene,
    gescheitert,
    quelle,
    zweifel,
    haushaltsfrage,
    nachtlauf,
    altbestand,
    link,
  }
}

/** One more portfolio's worth of rows for a Vermittler, all with the canary `wort`. */
export async function insertReihe(db: Db, { betrieb, vermittler, wort }: { betrieb: number; vermittler: number; wort: string }): Promise<Reihe> {
  const { id: haushalt } = await db.insertInto('haushalt').values({ betrieb_id: betrieb }).returning('id').executeTakeFirstOrThrow()
  const daten = {
    vorname: wort,
    name: wort,
    strasse: wort,
    ort: wort,
    beruf: wort,
    titel: wort,
    namenszusatz: wort,
    email: `${wort.toLowerCase()}@kunde.example`,
  }
  const kunde = await insertKunde(db, { betrieb, vermittler }, { ...daten, haushalt_id: haushalt, suchtext: suchtext({ nummer: '', ...daten }) })
  const partner = await insertKunde(db, { betrieb, vermittler }, { ...daten, haushalt_id: haushalt })
  const vertrag = await insertVertrag(db, { betrieb, kunde }, { vsnr: `${wort} ${kunde}`, produkt: wort, versicherte_person_name: wort })
  const wen = { betrieb_id: betrieb, kunde_id: kunde }
  const wem = { betrieb, vermittler, kunde }
  // Before the Fälle: somebody new in the family lifts a Sperrfrist.
  await db
    .insertInto('beziehung')
    .values({ ...wen, zu_kunde_id: partner, art: 'EHEPARTNER' })
    .execute()
  const befund = JSON.stringify({ geburtsdatum: '1995-03-14', eigeneAktive: 0, sparten: [] })
  const fall = await insertFall(db, wem, { befund, unbekannt: ['erwerbsstatus'], offene_vorgaenge: 1, erinnerung_am: '2026-12-01T08:00:00Z' })
  const dokumentiert = await insertFall(db, wem, {
    befund,
    schluessel: `d${kunde}`,
    status: 'DOKUMENTIERT',
    ergebnis: 'HINWEIS_GEGEBEN',
    dokumentiert_am: '2026-11-23T08:00:00Z',
  })
  const gesperrt = await insertFall(db, wem, {
    befund,
    schluessel: `s${kunde}`,
    status: 'GESCHLOSSEN',
    ergebnis: 'ABGELEHNT_NACH_BERATUNG',
    sperre_bis: '2199-01-01',
  })
  await db
    .insertInto('agenturnummer')
    .values({ betrieb_id: betrieb, vu_nummer: '5342', nummer: `A${kunde}`, vermittler_id: vermittler })
    .execute()
  await db
    .insertInto('kundennummer')
    .values({ ...wen, vu_nummer: '5342', nummer: `${wort}${kunde}` })
    .execute()
  await db
    .insertInto('einwilligung')
    .values({ ...wen, kanal: 'EMAIL', text_version: '1', form: wort, erteilt_am: '2026-01-01' })
    .execute()
  await db
    .insertInto('portalzugang')
    .values({ ...wen, status: 'AKTIV', benutzername: wort })
    .execute()
  const { id: mail } = await db
    .insertInto('mail')
    .values({ ...wen, art: 'KUNDE', status: 'FEHLER', fall_id: fall, vermittler_id: vermittler, an: daten.email, betreff: wort, inhalt: wort })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('kontakt')
    .values({ ...wen, fall_id: fall, kanal: 'TELEFON', ergebnis: 'GESPROCHEN', notiz: wort })
    .execute()
  await db
    .insertInto('dokumentation')
    .values({ ...wen, fall_id: dokumentiert, ergebnis: 'HINWEIS_GEGEBEN', notiz: wort, rat: wort })
    .execute()
  const eintrag = { ...wen, ereignis: 'opened', version: 1, quelle: 'NACHT', codes: '{}', inhalt: JSON.stringify({ notiz: wort }) } as const
  for (const fall_id of [fall, dokumentiert, gesperrt])
    await db
      .insertInto('protokoll')
      .values({ ...eintrag, fall_id })
      .execute()
  const { id: vorgang } = await db
    .insertInto('vorgang')
    .values({ ...wen, fall_id: fall, vermittler_id: vermittler, titel: wort, notiz: wort, status: 'OFFEN', faellig_am: '2026-12-01T08:00:00Z' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id: abweichung } = await db
    .insertInto('abweichung')
    .values({ ...wen, feld: 'ort', hier: wort, geliefert: wort, stand: '2026-11-01' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('mahnung')
    .values({ ...wen, vertrag_id: vertrag, grund: wort, gemeldet_am: '2026-11-01' })
    .execute()
  await db
    .insertInto('schaden')
    .values({ ...wen, vertrag_id: vertrag, schadennummer: `${wort}${kunde}`, ursache: wort, quelle_stand: '2026-11-01' })
    .execute()
  await db
    .insertInto('maklervollmacht')
    .values({ ...wen, erteilt_am: '2026-01-01', quelle: 'HAND' })
    .execute()
  return { vermittler, kunde, vertrag, fall, vorgang, dokumentiert, gesperrt, mail, abweichung }
}

/** Whose canaries a text holds, in small letters. */
export function findKanarien(text: string): string[] {
  return [...new Set([...text.matchAll(/kanarie([a-z]+)/gi)].map(([, wessen]) => wessen!.toLowerCase()))].sort()
}
