/** A whole portfolio, household by household. Pure: the same seed and day give the same rows. */
import { bedarf } from './bedarf.ts'
import { type Geschichte, geschichte } from './geschichte.ts'
import { haushalt } from './haushalte.ts'
import type { Haushalt, Mitglied } from './personen.ts'
import { type Sonderfall, sonderfaelle } from './sonderfaelle.ts'
import { type Auftrag, type Demovertrag, type Laufend, vertrag } from './vertraege.ts'
import { type Wuerfel, createWuerfel } from './wuerfel.ts'

export interface Bestandshaushalt {
  haushalt: Haushalt
  vertraege: Demovertrag[]
  /** One for each member, in their order. */
  geschichten: Geschichte[]
}

export interface Vorgaben {
  /** 'YYYY-MM-DD'. */
  heute: string
  kunden: number
  seed: number
  /** Whether the boundary cases are in it. */
  mitSonderfaellen: boolean
}

/**
 * Exactly `kunden` customers. The boundary cases lie scattered among the first few hundred households. Each household has a seed of its own,
 * so that the same people live in the Betrieb whatever the day, with dates that moved along.
 */
export function* bestand({ heute, kunden, seed, mitSonderfaellen }: Vorgaben): Generator<Bestandshaushalt> {
  const karten = createWuerfel(seed)
  const w = createWuerfel(seed)
  const laufend = { nummer: 100_000 }
  const wartend = mitSonderfaellen ? karten.gemischt(sonderfaelle(w, heute)) : []
  let offen = kunden
  for (let nummer = 1; offen > 0; nummer++) {
    const braucht = wartend.reduce((summe, { haushalt: h }) => summe + h.mitglieder.length, 0)
    const besonders = wartend.length > 0 && (karten.chance(0.2) || offen - 6 <= braucht)
    w.neu(seed * 1_000_003 + nummer)
    const naechster = besonders ? wartend.shift()! : gewuerfelt(w, heute, offen)
    offen -= naechster.haushalt.mitglieder.length
    yield fertig(w, heute, laufend, naechster)
  }
}

/** One that still fits: the last places are for singles. */
function gewuerfelt(w: Wuerfel, heute: string, platz: number): Sonderfall {
  for (;;) {
    const einer = haushalt(w, heute)
    if (einer.mitglieder.length <= platz) return { haushalt: einer, auftraege: bedarf(w, einer) }
  }
}

function fertig(
  w: Wuerfel,
  heute: string,
  laufend: Laufend,
  { haushalt: einer, auftraege }: { haushalt: Haushalt; auftraege: Auftrag[] },
): Bestandshaushalt {
  const vertraege = auftraege.map((auftrag) => vertrag(w, heute, laufend, auftrag))
  for (const mitglied of einer.mitglieder) if (!w.chance(0.2)) seitDemErstenVertrag(mitglied, vertraege)
  return { haushalt: einer, vertraege, geschichten: einer.mitglieder.map((mitglied) => geschichte(w, heute, mitglied, laufend.nummer)) }
}

/** Most became Kunde with their first own contract; the others brought older ones along. */
function seitDemErstenVertrag({ zeile }: Mitglied, vertraege: readonly Demovertrag[]): void {
  for (const { kunde, zeile: eigener } of vertraege)
    if (kunde.zeile === zeile && eigener.bestandsart === 'EIGEN' && eigener.beginn! < zeile.kunde_seit!) zeile.kunde_seit = eigener.beginn
}
