/** Insurers that do not exist, under numbers BaFin does not give (theirs have four digits), and what they sell. */
import type { Sparte } from '../../domain/sparten.ts'
import type { Wuerfel } from './wuerfel.ts'

type Zweig = 'SACH' | 'KFZ' | 'LEBEN' | 'KRANKEN' | 'RECHT' | 'BAUSPAR'

export interface Versicherer {
  vu: string
  name: string
  zweige: readonly Zweig[]
  /** How its policy numbers look: # is a digit of the running number, * any digit. */
  muster: string
}

export const VERSICHERER: readonly Versicherer[] = [
  { vu: '90101', name: 'Elbtal Versicherung AG', zweige: ['SACH', 'KFZ'], muster: 'ET-*######-0*' },
  { vu: '90102', name: 'Leuchtfeuer Allgemeine VVaG', zweige: ['SACH', 'KFZ'], muster: '40.######.**' },
  { vu: '90103', name: 'Drei Eichen Sachversicherung AG', zweige: ['SACH', 'KFZ'], muster: '7* ### ### **' },
  { vu: '90104', name: 'Weserlicht Versicherung a. G.', zweige: ['SACH', 'LEBEN'], muster: 'W######/*' },
  { vu: '90105', name: 'Kaptein Kraftfahrt AG', zweige: ['KFZ'], muster: 'KFZ *** ######' },
  { vu: '90106', name: 'Wattenmeer Direkt Versicherung AG', zweige: ['SACH', 'KFZ'], muster: '8######**' },
  { vu: '90201', name: 'Morgenrot Lebensversicherung AG', zweige: ['LEBEN'], muster: '5.***.######.*' },
  { vu: '90202', name: 'Alte Linde Leben VVaG', zweige: ['LEBEN'], muster: 'AL *######' },
  { vu: '90203', name: 'Kranich Vorsorge AG', zweige: ['LEBEN'], muster: 'KV-######-**' },
  { vu: '90301', name: 'Silberbach Krankenversicherung a. G.', zweige: ['KRANKEN'], muster: '######*/**' },
  { vu: '90302', name: 'Heidequell Kranken AG', zweige: ['KRANKEN'], muster: 'HQ######' },
  { vu: '90401', name: 'Lindwurm Rechtsschutz AG', zweige: ['RECHT'], muster: 'RS ###.###-*' },
  { vu: '90501', name: 'Fachwerk Bausparkasse AG', zweige: ['BAUSPAR'], muster: '** ###### **' },
]

interface Angebot {
  zweig: Zweig
  gdv: string | null
  produkte: readonly string[]
  /** Whole euros a year, from and to. */
  beitrag: readonly [number, number]
}

export const ANGEBOTE: Readonly<Record<Sparte, Angebot>> = {
  PHV: sach('040', 'Privathaftpflicht Komfort, PHV Premium, Haftpflicht Privat Plus', 45, 115),
  THV: sach('040', 'Hundehalterhaftpflicht, Tierhalter Komfort', 58, 140),
  BHV: sach('040', 'Betriebshaftpflicht Handwerk, Berufshaftpflicht Kompakt', 240, 1800),
  HAFTPFLICHT: sach('040', 'Bauherrenhaftpflicht, Veranstaltungshaftpflicht', 90, 320),
  HAUSRAT: sach('130', 'Hausrat Komfort, Hausrat Premium, Mein Zuhause', 62, 270),
  WOHNGEBAEUDE: sach('140', 'Wohngebäude Komfort, Wohngebäude Premium, Haus Rundum', 290, 980),
  GLAS: sach('110', 'Glasversicherung', 28, 75),
  KFZ: { ...sach('050', 'Kfz Vollkasko Premium, Kfz Teilkasko Komfort, Kfz Haftpflicht Basis', 290, 1150), zweig: 'KFZ' },
  RECHTSSCHUTZ: { ...sach('070', 'Rechtsschutz Privat und Beruf, Verkehrsrechtsschutz, Rechtsschutz Kompakt', 110, 390), zweig: 'RECHT' },
  SCHUTZBRIEF: { ...sach('510', 'Schutzbrief Europa', 18, 48), zweig: 'KFZ' },
  TRANSPORT: sach('190', 'Warentransport, Werkverkehr', 180, 1200),
  UNFALL: sach('030', 'Unfall Komfort, Unfall Premium mit Progression, Unfall Aktiv', 84, 380),
  LV: leben('Kapitallebensversicherung, Lebensversicherung Klassik', 480, 2400),
  RLV: leben('Risikoleben Konstant, Risikoleben Familie', 84, 540),
  RV: leben('Privatrente Fonds, Basisrente Fonds, Riester-Rente, Privatrente Klassik', 600, 3000),
  BU: leben('Berufsunfähigkeit Premium, BU Komfort', 480, 1850),
  KV_VOLL: kranken('Vollkosten Komfort, Vollkosten Premium', 4200, 9600),
  KV_ZUSATZ: kranken('Zahnzusatz Premium, Stationär Zusatz, Auslandsreise Jahr, Brille und Vorsorge', 36, 540),
  KV: kranken('Krankenversicherung', 240, 4800),
  PFLEGE: kranken('Pflegetagegeld, Pflege Bahr', 150, 760),
  BAUSPAREN: { zweig: 'BAUSPAR', gdv: '580', produkte: ['Bausparvertrag Wohnen', 'Bausparvertrag Renovieren'], beitrag: [480, 1800] },
  SONSTIGE: sach(null, 'Reiserücktritt Jahr, Fahrradversicherung, Elektronikversicherung, Ferienhausinhalt', 42, 310),
  UNBEKANNT: sach(null, 'Produkt laut Altbestand', 60, 400),
}

/** The insurer first (with one Vermittler people mostly have few), then what it calls the product. */
export function versichererFuer(w: Wuerfel, sparte: Sparte): Versicherer {
  return w.eines(NACH_ZWEIG[ANGEBOTE[sparte].zweig])
}

/** A policy number in the insurer's own form; `laufend` makes it unique, also beyond a million. */
export function vsnr(w: Wuerfel, { muster }: Versicherer, laufend: number): string {
  // Spread over the whole range, each number once (7919 shares no factor with a million).
  const ziffern = String((laufend * 7919) % 1_000_000).padStart(6, '0')
  let n = 0
  const nummer = muster.replace(/[#*]/g, (zeichen) => (zeichen === '#' ? ziffern[n++]! : String(w.zahl(0, 9))))
  return laufend < 1_000_000 ? nummer : `${nummer}-${Math.floor(laufend / 1_000_000)}`
}

/** Under which number an insurer knows a Vermittler. */
export function agenturnummer({ vu }: Versicherer, vermittler: number): string {
  return `${vu.slice(-3)}/${4700 + vermittler * 13}`
}

const NACH_ZWEIG = Object.fromEntries(
  (['SACH', 'KFZ', 'LEBEN', 'KRANKEN', 'RECHT', 'BAUSPAR'] as const).map((zweig) => [
    zweig,
    VERSICHERER.filter(({ zweige }) => zweige.includes(zweig)),
  ]),
) as Record<Zweig, Versicherer[]>

function sach(gdv: string | null, produkte: string, von: number, bis: number): Angebot {
  return { zweig: 'SACH', gdv, produkte: produkte.split(', '), beitrag: [von, bis] }
}

function leben(produkte: string, von: number, bis: number): Angebot {
  return { zweig: 'LEBEN', gdv: '010', produkte: produkte.split(', '), beitrag: [von, bis] }
}

function kranken(produkte: string, von: number, bis: number): Angebot {
  return { zweig: 'KRANKEN', gdv: '020', produkte: produkte.split(', '), beitrag: [von, bis] }
}
