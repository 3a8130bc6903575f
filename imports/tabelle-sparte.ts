/** Words and numbers of a table's Sparte column → our own taxonomy. What is not known stays unknown and is reported, never guessed. */
import { falte } from '../domain/suchtext.ts'
import type { Sparte } from '../domain/sparten.ts'
import { sparteOf } from './gdv-sparte.ts'

export interface Spartenwort {
  sparte: Sparte
  /** Where the cell holds GDV's three digits. */
  sparteGdv: string | null
  riester: boolean
}

/** Folded words; the first that fits decides, so the narrow ones stand first. */
const WOERTER: readonly (readonly [muster: RegExp, sparte: Sparte])[] = [
  [
    /\b(fahrrad\w*|e ?bike\w*|pedelec\w*|reise\w*|cyber\w*|tierkranken\w*|hundekranken\w*|katzenkranken\w*|tier ?op|op ?versicherung|elektronik\w*|photovoltaik\w*|solar\w*|inventar|geschaeftsinhalt\w*|inhaltsvers\w*|maschinen\w*|bauleistung\w*|handy\w*|smartphone\w*|sterbegeld\w*|d o|buergschaft\w*|kaution\w*|grundfaehigkeit\w*|dread disease|schwere krankheiten|gewerbe\w*inhalt\w*|jagd\w*|boot\w*|yacht\w*)\b/,
    'SONSTIGE',
  ],
  [
    /\bkfz|kraftfahr|\bpkw\b|\bauto(mobil)?(versicherung)?\b|motorrad|\bmoped|vollkasko|teilkasko|\bkasko\b|kraftrad|\blkw\b|wohnmobil|insassen/,
    'KFZ',
  ],
  [/\bphv\b|privat ?haft|familien ?haft|haftpflicht privat|private haftpflicht|\bph\b/, 'PHV'],
  [/\bthv\b|\bthh\b|tierhalter|tierhaft|hundehalter|hundehaft|pferdehaft|pferdehalter|haftpflicht (hund|pferd|tier)/, 'THV'],
  [/\bbhv\b|betriebs ?haft|berufs ?haft|firmenhaft|gewerbehaft|vermoegensschaden|haftpflicht (betrieb|beruf|gewerbe)|\bvsh\b/, 'BHV'],
  [/haftpflicht|\bhp\b|\bhv\b|gewaesserschaden|\bhug\b/, 'HAFTPFLICHT'],
  [/hausrat|\bhr\b|\bvhv\b|\bhrv\b/, 'HAUSRAT'],
  [/wohngebaeude|\bwg\b|\bwgb\b|\bvgv\b|\bvgb\b|gebaeude/, 'WOHNGEBAEUDE'],
  [/\bglas/, 'GLAS'],
  [/rechtsschutz|\brs\b|\brsv\b/, 'RECHTSSCHUTZ'],
  [/schutzbrief|verkehrsservice/, 'SCHUTZBRIEF'],
  [/transport/, 'TRANSPORT'],
  [/unfall|\buv\b|\bunf\b/, 'UNFALL'],
  [/risiko ?leben|\brlv\b|risiko ?lv|todesfall/, 'RLV'],
  [/riester|ruerup|basisrente|renten|\brente\b|\brv\b|\bprv\b|\bfrv\b|altersvorsorge/, 'RV'],
  [/berufsunfaehig|\bbu\b|\bsbu\b|\bbuv\b|erwerbsunfaehig|\bbuz\b/, 'BU'],
  [/lebensvers|kapital ?leben|\blv\b|\bklv\b|\bflv\b|\bleben\b|kapitalversicherung/, 'LV'],
  [/pflege/, 'PFLEGE'],
  [
    /zahnzusatz|zahnersatz|\bzahn\b|krankenzusatz|zusatz ?kranken|kv ?zusatz|zusatzversicherung|stationaer|krankentagegeld|krankenhaustagegeld|\bktg\b|auslandskranken|auslandsreisekranken|ambulant|\bkvz\b/,
    'KV_ZUSATZ',
  ],
  [/krankenvoll|vollversicherung|\bpkv\b|private kranken|kv ?voll|\bkvv\b/, 'KV_VOLL'],
  [/kranken|\bkv\b|beihilfe/, 'KV'],
  [/bauspar|\bbsv\b/, 'BAUSPAREN'],
  [/^(sonstige?s?|andere|diverse|gewerbe|sach|sachversicherung)$/, 'SONSTIGE'],
]

/** Undefined where the words say nothing known. */
export function readSparte(zelle: string): Spartenwort | undefined {
  // 051 to 059 are parts of a Kfz contract.
  const gdv = /^(\d{2,3})\b\D*/
    .exec(zelle)?.[1]
    ?.padStart(3, '0')
    .replace(/^05\d$/, '050')
  const wort = falte(zelle)
  const sparte = WOERTER.find(([muster]) => muster.test(wort))?.[1]
  if (gdv !== undefined) {
    // The number says where it belongs, the words beside it which of its kinds.
    const grob = sparteOf(gdv, [], [zelle])
    const fein = sparte !== undefined && (grob === 'UNBEKANNT' || grob === 'HAFTPFLICHT' || grob === 'KV' || grob === 'SONSTIGE')
    return { sparte: fein ? sparte : grob, sparteGdv: gdv, riester: /riester/.test(wort) }
  }
  return sparte && { sparte, sparteGdv: null, riester: /riester/.test(wort) }
}
