/** GDV's Sparte and Wagnis → our own taxonomy. What the delivery does not say stays coarse: nothing is guessed. */
import type { Sparte } from '../domain/sparten.ts'

/** Anlage 1 of the description; everything not named here is SONSTIGE. */
const NACH_SPARTE: Readonly<Record<string, Sparte>> = {
  '020': 'KV',
  '030': 'UNFALL',
  '050': 'KFZ',
  '070': 'RECHTSSCHUTZ',
  '110': 'GLAS',
  '130': 'HAUSRAT',
  '140': 'WOHNGEBAEUDE',
  '190': 'TRANSPORT',
  '510': 'SCHUTZBRIEF',
  '580': 'BAUSPAREN',
  '000': 'UNBEKANNT',
  '': 'UNBEKANNT',
}

/**
 * Wagnisarten of life records (0220.010, byte 60), the leading one first: a BU or Unfall added to a life or pension contract does not
 * make it one. 5 (Risikozusatz) and 6 (Unfallzusatz) never lead.
 */
const NACH_WAGNISART: readonly (readonly [wagnisart: string, sparte: Sparte])[] = [
  ['1', 'LV'],
  ['7', 'LV'],
  ['2', 'RV'],
  ['9', 'RV'],
  ['3', 'RLV'],
  ['4', 'BU'],
  ['8', 'BU'],
]

/** Texts of liability records (0220.040 TDS 2, Produktname). */
const NACH_TEXT: readonly (readonly [muster: RegExp, sparte: Sparte])[] = [
  [/\bphv\b|privat-? ?haft|familien-? ?haft/i, 'PHV'],
  [/\bthv\b|tierhalter|\bhunde?\b|hundehalter|pferd|reittier/i, 'THV'],
  [/\bbhv\b|betriebs-? ?haft|berufs-? ?haft|gewerbe/i, 'BHV'],
]
/**
 * Wagnisarten of liability (0220.040 bytes 43–48; the list itself, Anlage 16, is not at hand): those that GDV's own sample names by a text
 * (9001 PHV, 3001 Hunde) and its handbook by an example (9007 Pferde). Read only where no text decides.
 */
const NACH_HAFTPFLICHTWAGNIS: readonly (readonly [wagnisart: string, sparte: Sparte])[] = [
  ['9001', 'PHV'],
  ['3001', 'THV'],
  ['9007', 'THV'],
]

export function sparteOf(sparte: string, wagnisarten: readonly string[], texte: readonly string[]): Sparte {
  const sparteGdv = hauptsparte(sparte)
  if (sparteGdv === '010') return NACH_WAGNISART.find(([art]) => wagnisarten.includes(art))?.[1] ?? 'UNBEKANNT'
  if (sparteGdv === '040')
    return (
      NACH_TEXT.find(([muster]) => texte.some((text) => muster.test(text)))?.[1] ??
      NACH_HAFTPFLICHTWAGNIS.find(([art]) => wagnisarten.includes(art))?.[1] ??
      'HAFTPFLICHT'
    )
  return NACH_SPARTE[sparteGdv] ?? 'SONSTIGE'
}

/** 051 to 059 are parts of a Kfz contract; 0210 and 0200 say 050. */
export function hauptsparte(sparte: string): string {
  return sparte.startsWith('05') && sparte >= '050' && sparte <= '059' ? '050' : sparte.trim()
}
