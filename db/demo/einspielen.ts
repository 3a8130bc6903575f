/** Writes made-up households: thousands of rows by one COPY each. */
import { type Kysely, sql } from 'kysely'
import { kundennummer } from '../../domain/nummern.ts'
import { suchtext } from '../../domain/suchtext.ts'
import { type Wert, copyRows } from '../kopieren.ts'
import type { Schema } from '../schema.ts'
import type { Leitung } from '../verbindung.ts'
import type { Bestandshaushalt } from './bestand.ts'
import type { Mitglied } from './personen.ts'
import { VERSICHERER, agenturnummer } from './versicherer.ts'
import type { Wuerfel } from './wuerfel.ts'

export interface Ziel {
  betrieb: number
  /** Who looks after how many: a Vermittler's id and weight. */
  vermittler: readonly (readonly [id: number, gewicht: number])[]
}

export type Zeile = Record<string, unknown>

const AGENTUREN = new Map(VERSICHERER.map((versicherer) => [versicherer.vu, versicherer]))

/** Insurers and the numbers under which each knows each Vermittler. */
export async function insertVersicherer(db: Kysely<Schema>, { betrieb, vermittler }: Ziel): Promise<void> {
  await db
    .insertInto('versicherer')
    .values(VERSICHERER.map(({ vu, name }) => ({ betrieb_id: betrieb, vu_nummer: vu, name })))
    .execute()
  const nummern = VERSICHERER.flatMap((versicherer) =>
    vermittler.map(([id], i) => ({ betrieb_id: betrieb, vu_nummer: versicherer.vu, nummer: agenturnummer(versicherer, i), vermittler_id: id })),
  )
  await db.insertInto('agenturnummer').values(nummern).execute()
}

/** Needs role owner or worker. A household stays with one Vermittler. Returns how many Kunden and Verträge it wrote. */
export async function insertHaushalte(
  leitung: Leitung,
  w: Wuerfel,
  ziel: Ziel,
  haushalte: readonly Bestandshaushalt[],
): Promise<{ kunden: number; vertraege: number }> {
  const anzahl = haushalte.reduce((summe, { haushalt }) => summe + haushalt.mitglieder.length, 0)
  const nummern = await reserve(leitung.trx, ziel.betrieb, haushalte.length, anzahl)
  const ids = new Map<Mitglied, number>()
  const rows = collect(ziel, nummern, ids, haushalte, w)
  for (const [tabelle, zeilen] of Object.entries(rows)) await insertRows(leitung, tabelle, zeilen)
  return { kunden: anzahl, vertraege: rows.vertrag.length }
}

interface Nummern {
  haushalte: number[]
  kunden: number[]
  erste: number
}

/** Ids beforehand, so that nothing has to be read back: rows of one block name each other. */
async function reserve(db: Kysely<Schema>, betrieb: number, haushalte: number, kunden: number): Promise<Nummern> {
  const { rows } = await sql<Nummern>`
    SELECT array(SELECT nextval(pg_get_serial_sequence('haushalt', 'id'))::int FROM generate_series(1, ${haushalte})) AS haushalte,
      array(SELECT nextval(pg_get_serial_sequence('kunde', 'id'))::int FROM generate_series(1, ${kunden})) AS kunden,
      naechste_kundennummern(${betrieb}, ${kunden}) AS erste
  `.execute(db)
  return rows[0]!
}

function collect({ betrieb, vermittler }: Ziel, nummern: Nummern, ids: Map<Mitglied, number>, haushalte: readonly Bestandshaushalt[], w: Wuerfel) {
  const rows = {
    haushalt: [] as Zeile[],
    kunde: [] as Zeile[],
    beziehung: [] as Zeile[],
    vertrag: [] as Zeile[],
    einwilligung: [] as Zeile[],
    portalzugang: [] as Zeile[],
    kontakt: [] as Zeile[],
  }
  const plaetze = vermittler.map(([, gewicht], i) => [i, gewicht] as const)
  haushalte.forEach(({ haushalt, vertraege, geschichten }, h) => {
    const platz = w.gewichtet(plaetze)
    const vermittler_id = vermittler[platz]![0]
    const haushalt_id = nummern.haushalte[h]!
    rows.haushalt.push({ id: haushalt_id, betrieb_id: betrieb })
    haushalt.mitglieder.forEach((mitglied, m) => {
      const id = nummern.kunden[ids.size]!
      const nummer = kundennummer(nummern.erste + ids.size)
      ids.set(mitglied, id)
      const { zeile } = mitglied
      // A firm is a Kunde of its own, not a member of its owner's household.
      rows.kunde.push({
        id,
        betrieb_id: betrieb,
        vermittler_id,
        haushalt_id: zeile.art === 'FIRMA' ? null : haushalt_id,
        nummer,
        ...zeile,
        suchtext: suchtext({ nummer, ...zeile }),
      })
      const { einwilligungen, portal, kontakte } = geschichten[m]!
      for (const einwilligung of einwilligungen) rows.einwilligung.push({ betrieb_id: betrieb, kunde_id: id, ...einwilligung })
      if (portal) rows.portalzugang.push({ kunde_id: id, betrieb_id: betrieb, ...portal })
      for (const kontakt of kontakte) rows.kontakt.push({ betrieb_id: betrieb, kunde_id: id, vermittler_id, ...kontakt })
    })
    for (const { von, zu, art } of haushalt.beziehungen)
      rows.beziehung.push({ betrieb_id: betrieb, kunde_id: ids.get(von), zu_kunde_id: ids.get(zu), art })
    for (const { kunde, versichert, zeile } of vertraege) {
      const agentur = zeile.bestandsart === 'EIGEN' ? agenturnummer(AGENTUREN.get(zeile.vu_nummer!)!, platz) : null
      const person = versichert && ids.get(versichert)
      rows.vertrag.push({ betrieb_id: betrieb, kunde_id: ids.get(kunde), versicherte_person_id: person, agenturnummer: agentur, ...zeile })
    }
  })
  return rows
}

/** By way of a temporary table: COPY does not go into tables with row-level security. The columns are those of all rows together. */
export async function insertRows({ trx, client }: Leitung, tabelle: string, rows: readonly Zeile[]): Promise<void> {
  if (rows.length === 0) return
  const spalten = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const alle = sql.join(spalten.map((spalte) => sql.ref(spalte)))
  const zwischen = `neu_${tabelle}`
  await sql`CREATE TEMP TABLE ${sql.table(zwischen)} ON COMMIT DROP AS SELECT ${alle} FROM ${sql.table(tabelle)} WITH NO DATA`.execute(trx)
  const werte = rows.map((row) => spalten.map((spalte) => row[spalte] as Wert))
  await copyRows(client, zwischen, spalten, werte)
  await sql`INSERT INTO ${sql.table(tabelle)} (${alle}) OVERRIDING SYSTEM VALUE SELECT ${alle} FROM ${sql.table(zwischen)}`.execute(trx)
}
