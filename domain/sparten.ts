/**
 * Our own taxonomy of Sparten: GDV's three digits are too coarse to find a gap (040 is every Haftpflicht).
 * `verlaengert` is the default where nothing is recorded and is always shown as assumed.
 */
interface Eigenschaften {
  titel: string
  gruppe: 'SCHADEN' | 'PERSON' | 'SONSTIGE'
  verlaengert: 'JA' | 'NEIN' | null
}

export const SPARTEN = {
  PHV: { titel: 'Privathaftpflicht', gruppe: 'SCHADEN', verlaengert: 'JA' },
  THV: { titel: 'Tierhalterhaftpflicht', gruppe: 'SCHADEN', verlaengert: 'JA' },
  BHV: { titel: 'Betriebshaftpflicht', gruppe: 'SCHADEN', verlaengert: 'JA' },
  HAFTPFLICHT: { titel: 'Haftpflicht (Art unbekannt)', gruppe: 'SCHADEN', verlaengert: 'JA' },
  HAUSRAT: { titel: 'Hausrat', gruppe: 'SCHADEN', verlaengert: 'JA' },
  WOHNGEBAEUDE: { titel: 'Wohngebäude', gruppe: 'SCHADEN', verlaengert: 'JA' },
  GLAS: { titel: 'Glas', gruppe: 'SCHADEN', verlaengert: 'JA' },
  KFZ: { titel: 'Kfz', gruppe: 'SCHADEN', verlaengert: 'JA' },
  RECHTSSCHUTZ: { titel: 'Rechtsschutz', gruppe: 'SCHADEN', verlaengert: 'JA' },
  SCHUTZBRIEF: { titel: 'Schutzbrief', gruppe: 'SCHADEN', verlaengert: 'JA' },
  TRANSPORT: { titel: 'Transport', gruppe: 'SCHADEN', verlaengert: null },
  UNFALL: { titel: 'Unfall', gruppe: 'PERSON', verlaengert: 'JA' },
  LV: { titel: 'Kapitallebensversicherung', gruppe: 'PERSON', verlaengert: 'NEIN' },
  RLV: { titel: 'Risikoleben', gruppe: 'PERSON', verlaengert: 'NEIN' },
  RV: { titel: 'Rentenversicherung', gruppe: 'PERSON', verlaengert: 'NEIN' },
  BU: { titel: 'Berufsunfähigkeit', gruppe: 'PERSON', verlaengert: 'NEIN' },
  KV_VOLL: { titel: 'Private Krankenversicherung', gruppe: 'PERSON', verlaengert: 'JA' },
  KV_ZUSATZ: { titel: 'Krankenzusatz', gruppe: 'PERSON', verlaengert: 'JA' },
  KV: { titel: 'Krankenversicherung (Art unbekannt)', gruppe: 'PERSON', verlaengert: 'JA' },
  PFLEGE: { titel: 'Pflege', gruppe: 'PERSON', verlaengert: 'JA' },
  BAUSPAREN: { titel: 'Bausparen', gruppe: 'SONSTIGE', verlaengert: 'NEIN' },
  SONSTIGE: { titel: 'Sonstige', gruppe: 'SONSTIGE', verlaengert: null },
  UNBEKANNT: { titel: 'Sparte unbekannt', gruppe: 'SONSTIGE', verlaengert: null },
} as const satisfies Record<string, Eigenschaften>

export type Sparte = keyof typeof SPARTEN

/** G02 leaves the expiry of these to G14 (reinvestment advice has its own duties, § 7c VVG). */
export const LEBEN: readonly Sparte[] = ['LV', 'RLV', 'RV', 'BU']
