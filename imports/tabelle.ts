/** The reader of tables (CSV, Excel): proposes what the columns mean, then reads the rows as a person confirmed them. Pure, streaming for CSV. */
import { type Spaltenzuordnung, checkZuordnung, toZuordnung } from '../domain/tabellenfelder.ts'
import type { Befund, Meldung } from './lieferung.ts'
import { openRaster } from './tabelle-raster.ts'
import { type Spaltenvorschlag, proposeSpalten, toVorschlag } from './tabelle-spalten.ts'
import { type Versicherername, createFindVu } from './tabelle-versicherer.ts'
import { type Gelesen, readZeile } from './tabelle-zeile.ts'
import { type Rohzeile, Unlesbar } from './tabelle-zelle.ts'

export interface Tabellenlage {
  format: 'CSV' | 'EXCEL'
  /** Today in Europe/Berlin. */
  heute: string
  /** As the Betrieb knows them. */
  versicherer: readonly Versicherername[]
}

export interface Tabellenvorschlag {
  /** As they stand in the file: they tell one source from another. */
  ueberschriften: string[]
  spalten: Spaltenvorschlag[]
  zuordnung: Spaltenzuordnung
  /** Complete, and every column taken is certain: nobody needs to look. */
  sicher: boolean
  /** The first rows, for showing how they would be stored. */
  zeilen: Rohzeile[]
}

/** Rows by whose content the columns are told. */
const PROBE = 200
const VORSCHAU = 10
/** A cell of the preview; nothing that is stored is longer. */
const VORSCHAU_LAENGE = 300

/** `fehler`: why the file cannot be read as a table, for a person. */
export async function proposeTabelle(
  stuecke: AsyncIterable<Uint8Array>,
  { format, heute, versicherer }: Tabellenlage,
): Promise<Tabellenvorschlag | { fehler: string }> {
  try {
    const { ueberschriften, zeilen: alle } = await openRaster(stuecke, format)
    const zeilen: Rohzeile[] = []
    for await (const zeile of alle) if (zeilen.push(zeile) >= PROBE) break
    const findVu = createFindVu(versicherer)
    const spalten = proposeSpalten(
      ueberschriften,
      zeilen.map(({ zellen }) => zellen),
      { heute, findVu },
    )
    const zuordnung = toVorschlag(spalten)
    const sicher = checkZuordnung(zuordnung).maengel.length === 0 && spalten.every((spalte) => spalte.feld === null || spalte.sicher)
    const kurz = zeilen.slice(0, VORSCHAU).map(({ nr, zellen }) => ({ nr, zellen: zellen.map((zelle) => zelle.slice(0, VORSCHAU_LAENGE)) }))
    return { ueberschriften, spalten, zuordnung, sicher, zeilen: kurz }
  } catch (error) {
    if (error instanceof Unlesbar) return { fehler: error.message }
    throw error
  }
}

export async function* readTabelle(stuecke: AsyncIterable<Uint8Array>, lage: Tabellenlage & { spalten: unknown }): AsyncGenerator<Meldung> {
  let saetze = 0
  yield { art: 'paket', paket: { nr: 1, vuNummer: '', absender: '', zeichensatz: '', stand: null } }
  try {
    const { ueberschriften, zeilen, uebergangen } = await openRaster(stuecke, lage.format)
    for (const blatt of uebergangen)
      yield befund(`Das Tabellenblatt „${blatt}“ wurde nicht gelesen; gelesen wird nur das mit den passenden Überschriften.`)
    const wie = {
      ueberschriften,
      zuordnung: toZuordnung(lage.spalten, ueberschriften.length),
      heute: lage.heute,
      findVu: createFindVu(lage.versicherer),
    }
    for await (const zeile of zeilen) {
      saetze++
      const { person, vertrag, befunde } = readZeile(zeile, wie)
      for (const eine of befunde) yield { art: 'befund', befund: eine }
      if (person) yield { art: 'person', person }
      if (vertrag) yield { art: 'vertrag', vertrag }
    }
    yield { art: 'paketEnde', paket: { nr: 1, saetze, abgelehnt: null, summenStimmen: null } }
  } catch (error) {
    if (!(error instanceof Unlesbar)) throw error
    yield befund(error.message)
    yield { art: 'paketEnde', paket: { nr: 1, saetze, abgelehnt: error.message, summenStimmen: null } }
  }
}

/** The rows of a proposal as they would be stored under another mapping. */
export function previewZeilen(
  { ueberschriften, zeilen }: Pick<Tabellenvorschlag, 'ueberschriften' | 'zeilen'>,
  zuordnung: Spaltenzuordnung,
  { heute, versicherer }: Omit<Tabellenlage, 'format'>,
): (Gelesen & { nr: number })[] {
  const lage = { ueberschriften, zuordnung, heute, findVu: createFindVu(versicherer) }
  return zeilen.map((zeile) => ({ nr: zeile.nr, ...readZeile(zeile, lage) }))
}

function befund(text: string): Meldung {
  const ohneOrt: Omit<Befund, 'text'> = { paket: 1, zeile: null, byte: null, feld: null }
  return { art: 'befund', befund: { ...ohneOrt, text } }
}
