/** GDV's Sparte and Wagnis → our own taxonomy. What the delivery does not say stays coarse: nothing is guessed. */
import type { Sparte } from '../domain/sparten.ts'

/** Anlage 1 of the description; everything not named here is SONSTIGE. */
const NACH_SPARTE: Readonly<Record<string, Sparte>> = {
  '020': 'KV',
  '030': 'UNFALL',
  '050': 'KFZ',
  '051': 'KFZ',
  '052': 'KFZ',
  '053': 'KFZ',
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

/** Wagnistexte of liability records (0220.040 TDS 2). The Wagnisart's six digits are the insurer's own and say nothing by themselves. */
const NACH_WAGNISTEXT: readonly (readonly [muster: RegExp, sparte: Sparte])[] = [
  [/\bphv\b|privat-? ?haft|familien-? ?haft/i, 'PHV'],
  [/\bthv\b|tierhalter|\bhunde?\b|hundehalter|pferd|reittier/i, 'THV'],
  [/\bbhv\b|betriebs-? ?haft|berufs-? ?haft|gewerbe/i, 'BHV'],
]

export function sparteOf(sparteGdv: string, wagnisarten: readonly string[], wagnistexte: readonly string[]): Sparte {
  if (sparteGdv === '010') return NACH_WAGNISART.find(([art]) => wagnisarten.includes(art))?.[1] ?? 'UNBEKANNT'
  if (sparteGdv === '040') return NACH_WAGNISTEXT.find(([muster]) => wagnistexte.some((text) => muster.test(text)))?.[1] ?? 'HAFTPFLICHT'
  return NACH_SPARTE[sparteGdv] ?? 'SONSTIGE'
}
