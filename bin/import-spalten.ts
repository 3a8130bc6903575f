/** The columns of a table on the command line: shown, taken as proposed where nothing is doubtful, corrected by --spalte. German lines out. */
import { falte } from '../domain/suchtext.ts'
import { type Spaltenzuordnung, TABELLENFELDER, type Tabellenfeld, checkZuordnung, isTabellenfeld, toZuordnung } from '../domain/tabellenfelder.ts'
import type { Lauf } from '../db/importe-lauf.ts'

type Bestaetige = NonNullable<Lauf['bestaetige']>
type Vorschlag = Parameters<Bestaetige>[0]

export interface Spaltenwahl {
  ueberschrift: string
  /** null: not taken over. */
  feld: Tabellenfeld | null
}

/** "Geb.=geburtsdatum", "Notiz=-"; a German sentence where it is none. */
export function readSpalten(texte: readonly string[]): Spaltenwahl[] | string {
  const wahl: Spaltenwahl[] = []
  for (const text of texte) {
    const [, ueberschrift, name] = /^(.+)=([^=]+)$/.exec(text) ?? []
    if (!ueberschrift || !name) return `„${text}“ ist keine Zuordnung. Richtig ist zum Beispiel --spalte 'Geb.=geburtsdatum'.`
    const feld = ['-', 'nichts'].includes(name.trim()) ? null : findFeld(name)
    if (feld === undefined)
      return `Ein Feld „${name.trim()}“ gibt es nicht. Möglich sind: ${Object.keys(TABELLENFELDER).join(', ')}; „-“ lässt die Spalte aus.`
    wahl.push({ ueberschrift: ueberschrift.trim(), feld })
  }
  return wahl
}

function findFeld(name: string): Tabellenfeld | undefined {
  const wort = falte(name)
  return Object.keys(TABELLENFELDER)
    .filter(isTabellenfeld)
    .find((feld) => feld.toLowerCase() === name.trim().toLowerCase() || falte(TABELLENFELDER[feld][1]) === wort)
}

/** Takes the mapping that is kept, or a proposal that is complete and certain, and prints it; else says what is missing and how to give it. */
export function createBestaetige(wahl: readonly Spaltenwahl[], schreibe: (zeile: string) => void): Bestaetige {
  return (vorschlag, bisher) => {
    if (bisher !== null && wahl.length === 0) return undefined
    const zuordnung = bisher === null ? vorschlag.zuordnung : toZuordnung(bisher, vorschlag.spalten.length)
    const { felder, fremde } = apply(vorschlag, zuordnung, wahl)
    const offene =
      bisher === null
        ? vorschlag.spalten.filter(({ feld, sicher }, i) => feld !== null && !sicher && felder[i] === feld && !isNamed(vorschlag, i, wahl))
        : []
    const { maengel, hinweise } = checkZuordnung({ ...zuordnung, felder })
    for (const zeile of describe(vorschlag, felder)) schreibe(zeile)
    for (const name of fremde) schreibe(`  Eine Spalte „${name}“ gibt es in dieser Datei nicht.`)
    for (const text of [...maengel, ...hinweise]) schreibe(`  ${text}`)
    for (const { ueberschrift, feld } of offene)
      schreibe(`  Nicht sicher: „${ueberschrift}“. Stimmt es, bestätigen Sie es mit --spalte '${ueberschrift}=${feld}'.`)
    if (maengel.length === 0 && offene.length === 0 && fremde.length === 0) return { ...zuordnung, felder }
    schreibe(
      "  Ergänzen oder ändern Sie Spalten mit --spalte 'ÜBERSCHRIFT=FELD', zum Beispiel --spalte 'Geb.=geburtsdatum'; „-“ lässt eine Spalte aus.",
    )
    return undefined
  }
}

function apply(
  vorschlag: Vorschlag,
  zuordnung: Spaltenzuordnung,
  wahl: readonly Spaltenwahl[],
): { felder: Spaltenzuordnung['felder']; fremde: string[] } {
  const felder = [...zuordnung.felder]
  const fremde: string[] = []
  for (const { ueberschrift, feld } of wahl) {
    const stelle = findSpalte(vorschlag, ueberschrift)
    if (stelle < 0) {
      fremde.push(ueberschrift)
      continue
    }
    // What was taken for it before gives way.
    for (const [i, bisher] of felder.entries()) if (feld !== null && bisher === feld) felder[i] = null
    felder[stelle] = feld
  }
  return { felder, fremde }
}

function isNamed(vorschlag: Vorschlag, stelle: number, wahl: readonly Spaltenwahl[]): boolean {
  return wahl.some(({ ueberschrift }) => findSpalte(vorschlag, ueberschrift) === stelle)
}

function findSpalte({ spalten }: Vorschlag, ueberschrift: string): number {
  const genau = spalten.findIndex((spalte) => spalte.ueberschrift === ueberschrift)
  return genau >= 0 ? genau : spalten.findIndex((spalte) => falte(spalte.ueberschrift) === falte(ueberschrift))
}

function describe({ spalten }: Vorschlag, felder: Spaltenzuordnung['felder']): string[] {
  return spalten.map(({ ueberschrift }, i) => {
    const feld = felder[i]
    return `  ${(ueberschrift || `Spalte ${i + 1}`).padEnd(30)} ${feld ? `${TABELLENFELDER[feld][1]} (${feld})` : 'nicht übernommen'}`
  })
}
