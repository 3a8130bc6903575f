/**
 * What a rule may read of a contract beyond its columns (vertrag.merkmale, JSON). Every key is left out where nothing is known:
 * "not said" is never "no". Raw codes of a delivery stand under `roh`, for people and later readers only.
 */
export type JaNein = 'JA' | 'NEIN'

export interface Merkmale {
  /** Natural hazards in a Wohngebäude or Hausrat contract (GDV 0220.140 TDS 2 byte 221). */
  elementar?: JaNein
  /** Whether partner and children are covered (PHV, Rechtsschutz, Unfall). */
  familie?: JaNein
  /** Square metres (GDV 0210.130 bytes 208–212). */
  wohnflaeche?: number
  /** Whole cents (Hausrat, Wohngebäude, Leben). */
  summeCent?: number
  unterversicherungsverzicht?: JaNein
  /** Kfz: number plate, no-claims classes, parts ('KH', 'VK', 'TK', 'UNFALL', 'SCHUTZBRIEF'). */
  kennzeichen?: string
  sfKh?: string
  sfVk?: string
  kfzTeile?: string[]
  /** Liability and life: kinds and texts of the Wagnis as delivered. */
  wagnisarten?: string[]
  wagnistexte?: string[]
  /** Riester contract (Wagnisart 2/9 with its funding record). */
  riester?: JaNein
  /** Several insured persons, singly. */
  versicherte?: { name: string; vorname: string | null; geburtsdatum: string | null }[]
  /** Common Sparte of a bundle this contract was delivered in. */
  buendel?: string
  /** Last premium before the current one, and the day of the delivery that changed it (written by the import). */
  beitragVorherCent?: number
  beitragGeaendertAm?: string
  /** Day a person last looked through this contract with the customer. */
  geprueftAm?: string
  antragsdatum?: string
  beitragBruttoCent?: number
  /** Address of the risk, one line. */
  risikoanschrift?: string
  roh?: Record<string, string>
}
