/**
 * Which records belong together, with bounded memory. A delivery lists contract after contract (0100, 0200, 0210, 0220 … of one
 * Versicherungsschein-Nummer), or block after block (all addresses first), or mixes both within a customer. So:
 * - Records of one number are one group while the group is in the window: the last 20,000 records, in the order in which groups began.
 *   Whatever order a file of that size has, it is read whole.
 * - A group that leaves the window is handed over. Of one that held only addresses the reader keeps the number of its person until the
 *   contract comes (some 100 bytes each, at most 200,000 of them), so that addresses may lie any distance before their contracts.
 * - What comes later than the window for a contract that is gone is a finding, never a guess.
 */
import type { Satz } from './gdv-feld.ts'

export interface Gruppe {
  /** Insurer and number as they stand in the records: bytes 5–9 and 14–30. */
  schluessel: string
  vuNummer: string
  /** Records about persons, contracts and what belongs to them, in the order of the file. */
  saetze: Satz[]
  hatVertrag: boolean
}

export const FENSTER = 20_000

export interface Fenster {
  /** Returns the groups that have left the window. */
  nimm(satz: Satz): readonly Gruppe[]
  /** All that are left. */
  leere(): readonly Gruppe[]
}

/** `vu`: of the Vorsatz, for records that do not name theirs. */
export function createFenster(vu: string, groesse: number): Fenster {
  const offene = new Map<string, Gruppe>()
  let reihe: Gruppe[] = []
  let erste = 0
  let saetze = 0
  let jetzt: Gruppe | undefined
  let [vuJetzt, vsnrJetzt] = ['', '']

  function findGruppe(satz: Satz, schluessel: string): Gruppe {
    const bekannt = offene.get(schluessel)
    // The same contract once more: a second state of it, with its own address.
    const nochmal = bekannt?.hatVertrag === true && (satz.teil.schluessel === '0100.1' || satz.teil.schluessel === '0200.1')
    if (bekannt && !nochmal) return bekannt
    const neue: Gruppe = { schluessel, vuNummer: vuJetzt.trim() || vu, saetze: [], hatVertrag: false }
    offene.set(schluessel, neue)
    reihe.push(neue)
    return neue
  }

  function nimmHeraus(): Gruppe {
    const gruppe = reihe[erste++]!
    if (offene.get(gruppe.schluessel) === gruppe) offene.delete(gruppe.schluessel)
    saetze -= gruppe.saetze.length
    if (erste > 1_000 && erste * 2 > reihe.length) {
      reihe = reihe.slice(erste)
      erste = 0
    }
    return gruppe
  }

  return {
    nimm(satz) {
      const vsnr = satz.roh.slice(13, 30)
      const vuRoh = satz.roh.slice(4, 9)
      if (jetzt === undefined || vsnr !== vsnrJetzt || vuRoh !== vuJetzt) {
        vsnrJetzt = vsnr
        vuJetzt = vuRoh
        jetzt = findGruppe(satz, vuRoh + vsnr)
      }
      jetzt.saetze.push(satz)
      saetze++
      if (satz.teil.schluessel === '0200.1') jetzt.hatVertrag = true
      if (saetze <= groesse) return KEINE
      const fertige: Gruppe[] = []
      while (saetze > groesse && reihe[erste] !== jetzt) fertige.push(nimmHeraus())
      // One number without end: handed over in parts.
      if (saetze > groesse) {
        fertige.push(nimmHeraus())
        jetzt = undefined
      }
      return fertige
    },
    leere() {
      const fertige = reihe.slice(erste)
      reihe = []
      offene.clear()
      erste = saetze = 0
      jetzt = undefined
      return fertige
    },
  }
}

const KEINE: readonly Gruppe[] = []
