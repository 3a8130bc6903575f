/**
 * The GDV reader (GDV-Datensatz VU-Vermittler): bytes of a delivery → packages, persons, contracts, dunnings, claims, findings. Pure, and
 * flat in memory: what it holds is one chunk, the window of gdv-fenster.ts, and the numbers of addresses that wait for their contract.
 */
import { FENSTER } from './gdv-fenster.ts'
import { type Paketleser, createPaketleser } from './gdv-paket.ts'
import { type Zeile, createZeilenleser } from './gdv-zeilen.ts'
import type { Meldung } from './lieferung.ts'

const KEIN_PAKET = 'Die Datei enthält kein lesbares GDV-Paket (Vorsatz 0001 bis Nachsatz 9999).'

/** Reads chunks of any size, cut anywhere. Never throws because of what the bytes say. `fenster`: records, see gdv-fenster.ts. */
export async function* leseGdv(stuecke: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, fenster = FENSTER): AsyncGenerator<Meldung> {
  const leser = createDateileser(fenster)
  for await (const stueck of stuecke) for (const meldung of leser.lies(stueck)) yield meldung
  for (const meldung of leser.ende()) yield meldung
}

function createDateileser(fenster: number) {
  const zeilen = createZeilenleser()
  let meldungen: Meldung[] = []
  let paket: Paketleser | undefined
  let [pakete, personen] = [0, 0]
  let eines = false

  const schliesse = (): void => {
    if (paket?.ende()) eines = true
    paket = undefined
  }
  const nimm = (zeile: Zeile): void => {
    const beginnt = !paket || paket.letzte === '9999' || (paket.letzte !== '0001' && zeile.roh.startsWith('0001'))
    if (beginnt) {
      schliesse()
      paket = createPaketleser(zeile, {
        nr: ++pakete,
        fenster,
        sende: (meldung) => meldungen.push(meldung),
        neueNummer: () => personen++,
      })
    }
    paket!.nimm(zeile)
  }
  const gib = (): Meldung[] => {
    const fertige = meldungen
    meldungen = []
    return fertige
  }
  return {
    lies(stueck: Uint8Array): Meldung[] {
      zeilen.lies(stueck).forEach(nimm)
      return gib()
    },
    ende(): Meldung[] {
      zeilen.ende().forEach(nimm)
      schliesse()
      if (!eines) meldungen.push({ art: 'befund', befund: { paket: null, zeile: null, byte: null, feld: null, text: KEIN_PAKET } })
      return gib()
    },
  }
}
