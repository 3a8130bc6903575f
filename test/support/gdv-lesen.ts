/** What the GDV reader says of some bytes, sorted by kind. */
import { leseGdv } from '../../imports/gdv.ts'
import type {
  Befund,
  GeliefertePerson,
  GelieferteMahnung,
  GelieferterSchaden,
  GelieferterVertrag,
  Paketende,
  Paketkopf,
} from '../../imports/lieferung.ts'

export interface GdvLieferung {
  pakete: (Paketkopf & Omit<Paketende, 'nr'>)[]
  personen: GeliefertePerson[]
  vertraege: GelieferterVertrag[]
  mahnungen: GelieferteMahnung[]
  schaeden: GelieferterSchaden[]
  befunde: Befund[]
}

/** `stuecke`: how many bytes come at a time; as a person would see it, nothing of a rejected package. */
export async function liesGdv(bytes: Uint8Array, stuecke: readonly number[] = [bytes.length], fenster?: number): Promise<GdvLieferung> {
  const gelesen: GdvLieferung = { pakete: [], personen: [], vertraege: [], mahnungen: [], schaeden: [], befunde: [] }
  for await (const meldung of leseGdv(zerteile(bytes, stuecke), fenster)) {
    if (meldung.art === 'paket') gelesen.pakete.push({ ...meldung.paket, saetze: 0, abgelehnt: null, summenStimmen: null })
    else if (meldung.art === 'person') gelesen.personen.push(meldung.person)
    else if (meldung.art === 'vertrag') gelesen.vertraege.push(meldung.vertrag)
    else if (meldung.art === 'mahnung') gelesen.mahnungen.push(meldung.mahnung)
    else if (meldung.art === 'schaden') gelesen.schaeden.push(meldung.schaden)
    else if (meldung.art === 'befund') gelesen.befunde.push(meldung.befund)
    else
      Object.assign(
        gelesen.pakete.find(({ nr }) => nr === meldung.paket.nr)!,
        meldung.paket,
      )
  }
  const gute = new Set(gelesen.pakete.filter(({ abgelehnt }) => abgelehnt === null).map(({ nr }) => nr))
  const nurGute = <T extends { paket: number }>(eintraege: T[]): T[] => eintraege.filter(({ paket }) => gute.has(paket))
  return {
    ...gelesen,
    personen: nurGute(gelesen.personen),
    vertraege: nurGute(gelesen.vertraege),
    mahnungen: nurGute(gelesen.mahnungen),
    schaeden: nurGute(gelesen.schaeden),
  }
}

function* zerteile(bytes: Uint8Array, stuecke: readonly number[]): Generator<Uint8Array> {
  for (let [ab, i] = [0, 0]; ab < bytes.length; i++) {
    const laenge = Math.max(1, stuecke[i % stuecke.length]!)
    yield bytes.subarray(ab, ab + laenge)
    ab += laenge
  }
}
