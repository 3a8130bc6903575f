/** Insurers a table names in words → the VU number under which the Betrieb knows them. */
import { falte } from '../domain/suchtext.ts'
import { kurzname } from './tabelle-name.ts'

export interface Versicherername {
  vuNummer: string
  name: string
}

/** Undefined: nobody has given the name a number, or several have it. */
export type FindVu = (text: string) => string | undefined

export function createFindVu(liste: readonly Versicherername[]): FindVu {
  const genau = toMap(liste, falte)
  const kurz = toMap(liste, kurzname)
  return (text) => /^(?:VU[\s:-]*)?(\d{4,5})$/i.exec(text)?.[1] ?? genau.get(falte(text)) ?? kurz.get(kurzname(text)) ?? undefined
}

/** A key that several numbers share leads nowhere. */
function toMap(liste: readonly Versicherername[], key: (name: string) => string): Map<string, string | null> {
  const karte = new Map<string, string | null>()
  for (const { vuNummer, name } of liste) {
    const wort = key(name)
    if (wort === '') continue
    const schon = karte.get(wort)
    karte.set(wort, schon === undefined || schon === vuNummer ? vuNummer : null)
  }
  return karte
}
