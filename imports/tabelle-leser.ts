/** The cells of one row, by what the mapping of the columns says they mean. */
import type { Lesung } from '../domain/eingabe.ts'
import type { Spaltenzuordnung, Tabellenfeld } from '../domain/tabellenfelder.ts'
import type { Befund } from './lieferung.ts'
import type { FindVu } from './tabelle-versicherer.ts'
import type { Rohzeile } from './tabelle-zelle.ts'

export interface Leselage {
  ueberschriften: readonly string[]
  zuordnung: Spaltenzuordnung
  /** Today in Europe/Berlin: decides short years, and what is past. */
  heute: string
  findVu: FindVu
}

export interface Zeilenleser {
  nr: number
  heute: string
  zuordnung: Spaltenzuordnung
  findVu: FindVu
  /** '' where there is no such column. */
  text(feld: Tabellenfeld): string
  hat(feld: Tabellenfeld): boolean
  /** What can be read, else null and a finding. `folge`: what becomes of it. */
  lies<T>(feld: Tabellenfeld, read: (zelle: string) => Lesung<T | null>, folge?: string): T | null
  melde(feld: Tabellenfeld | null, text: string): void
}

export const NICHT = 'Die Angabe wurde nicht übernommen.'
export function createLeser(zeile: Rohzeile, { ueberschriften, zuordnung, heute, findVu }: Leselage, befunde: Befund[]): Zeilenleser {
  const spalte = (feld: Tabellenfeld): number => stellenOf(zuordnung).get(feld) ?? -1
  const text = (feld: Tabellenfeld): string => zeile.zellen[spalte(feld)] ?? ''
  const melde: Zeilenleser['melde'] = (feld, grund) =>
    void befunde.push({ paket: 1, zeile: zeile.nr, byte: null, feld: feld === null ? null : (ueberschriften[spalte(feld)] ?? null), text: grund })
  return {
    nr: zeile.nr,
    heute,
    zuordnung,
    findVu,
    text,
    hat: (feld) => spalte(feld) >= 0,
    melde,
    lies: (feld, read, folge = NICHT) => {
      const zelle = text(feld)
      if (zelle === '') return null
      const gelesen = read(zelle)
      if (gelesen.ok) return gelesen.wert
      melde(feld, `${gelesen.fehler} ${folge}`)
      return null
    },
  }
}

const STELLEN = new WeakMap<Spaltenzuordnung, ReadonlyMap<Tabellenfeld, number>>()

/** Where each field stands; asked fifty times a row, found once a table. */
function stellenOf(zuordnung: Spaltenzuordnung): ReadonlyMap<Tabellenfeld, number> {
  const bekannt = STELLEN.get(zuordnung)
  if (bekannt) return bekannt
  const stellen = new Map<Tabellenfeld, number>()
  for (const [i, feld] of zuordnung.felder.entries()) if (feld !== null && !stellen.has(feld)) stellen.set(feld, i)
  STELLEN.set(zuordnung, stellen)
  return stellen
}
