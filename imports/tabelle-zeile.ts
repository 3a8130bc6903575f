/** One row of a table → the person and the contract it speaks of. A cell that cannot be read is a finding; the rest of the row is read. */
import type { Befund, GeliefertePerson, GelieferterVertrag } from './lieferung.ts'
import { type Leselage, type Zeilenleser, createLeser } from './tabelle-leser.ts'
import { readPerson } from './tabelle-person.ts'
import { readVertrag } from './tabelle-vertrag.ts'
import { type Rohzeile, istLeer } from './tabelle-zelle.ts'

export interface Gelesen {
  person: GeliefertePerson | null
  vertrag: GelieferterVertrag | null
  befunde: Befund[]
}

const SUMME = /^(summen?|gesamt|gesamtsumme|total|ergebnis|zwischensumme|anzahl|gesamtergebnis)\b/i

export function readZeile(zeile: Rohzeile, lage: Leselage): Gelesen {
  const befunde: Befund[] = []
  const leser = createLeser(zeile, lage, befunde)
  if (isSumme(zeile)) return nichts(leser, 'Das ist eine Summenzeile; sie wurde nicht übernommen.', befunde)
  if (zeile.zellen.every((zelle, i) => zelle === (lage.ueberschriften[i] ?? '')))
    return nichts(leser, 'Die Überschriften stehen hier noch einmal; die Zeile wurde nicht übernommen.', befunde)
  const zuviel = zeile.zellen.slice(lage.ueberschriften.length).some((zelle) => zelle !== '')
  if (zuviel)
    return nichts(
      leser,
      `Die Zeile hat ${zeile.zellen.length} Spalten, die Überschrift ${lage.ueberschriften.length}; sie wurde nicht übernommen. Vermutlich steht in einem Text das Trennzeichen: Setzen Sie solche Texte in Anführungszeichen.`,
      befunde,
    )
  const vuNummer = readVu(leser)
  const person = readPerson(leser, vuNummer)
  const vertrag = readVertrag(leser, { vuNummer, person: person?.nr ?? null })
  if (!person && !vertrag && befunde.every(({ text }) => !text.includes('nicht übernommen')))
    leser.melde(null, 'Die Zeile nennt weder einen Namen noch eine Versicherungsschein-Nummer; sie wurde nicht übernommen.')
  return { person, vertrag, befunde }
}

function nichts(leser: Zeilenleser, text: string, befunde: Befund[]): Gelesen {
  leser.melde(null, text)
  return { person: null, vertrag: null, befunde }
}

/** A word for "sum" in front, and little more than numbers behind. */
function isSumme({ zellen }: Rohzeile): boolean {
  const gefuellt = zellen.filter((zelle) => zelle !== '')
  return SUMME.test(gefuellt[0] ?? '') && gefuellt.slice(1).every((zelle) => /^[\d.,\s€%-]+(EUR)?$/.test(zelle))
}

/** '' where the insurer is not known by number. */
function readVu(leser: Zeilenleser): string {
  const nummer = leser.lies('vuNummer', (zelle) => {
    if (istLeer(zelle)) return { ok: true, wert: null }
    const ziffern = /^(?:VU[\s:-]*)?(\d{4,5})$/i.exec(zelle)?.[1]
    return ziffern
      ? { ok: true, wert: ziffern }
      : { ok: false, fehler: 'Das ist keine VU-Nummer. Richtig sind vier oder fünf Ziffern, zum Beispiel 5342.' }
  })
  if (nummer !== null) return nummer
  const name = leser.text('versicherer')
  return istLeer(name) ? '' : (leser.findVu(name) ?? '')
}
