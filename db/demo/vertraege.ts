/** One contract of a made-up Betrieb, as an insurer would have delivered it. */
import type { Selectable } from 'kysely'
import { normVsnr } from '../../domain/nummern.ts'
import { LEBEN, SPARTEN, type Sparte } from '../../domain/sparten.ts'
import type { VertragTable, Zahlungsweise } from '../schema.ts'
import { kennzeichen } from './orte.ts'
import type { Mitglied } from './personen.ts'
import { monatserster, naechsterJahrestag, plusJahre, plusTage } from './tage.ts'
import { ANGEBOTE, versichererFuer, vsnr } from './versicherer.ts'
import type { Wuerfel } from './wuerfel.ts'

/** The columns a generator fills; `agenturnummer` and the ids come with the insert. */
export type Vertragszeile = Omit<
  Selectable<VertragTable>,
  | 'id'
  | 'betrieb_id'
  | 'kunde_id'
  | 'versicherte_person_id'
  | 'agenturnummer'
  | 'vsnr_frueher'
  | 'version'
  | 'herkunft'
  | 'fehlt_seit'
  | 'importquelle_id'
  | 'erstellt_am'
  | 'geaendert_am'
>

export interface Demovertrag {
  kunde: Mitglied
  versichert: Mitglied | null
  zeile: Vertragszeile
}

export interface Auftrag {
  kunde: Mitglied
  sparte: Sparte
  /** Who is insured, if not the Kunde. */
  versichert?: Mitglied | null
  /** Whatever the case needs beyond; what is set here is not left to chance. */
  zeile?: Partial<Vertragszeile>
}

export interface Laufend {
  nummer: number
}

const RATEN: Record<Zahlungsweise, number> = { JAEHRLICH: 1, HALBJAEHRLICH: 2, VIERTELJAEHRLICH: 4, MONATLICH: 12, EINMALIG: 1 / 12, BEITRAGSFREI: 1 }
/** End by themselves after a year or two. */
const BEFRISTET: readonly Sparte[] = ['HAFTPFLICHT', 'SONSTIGE']
const PERSONENBEZOGEN: readonly Sparte[] = ['LV', 'RLV', 'RV', 'BU', 'KV_VOLL', 'KV_ZUSATZ', 'KV', 'PFLEGE', 'UNFALL']

export function vertrag(w: Wuerfel, heute: string, laufend: Laufend, { kunde, sparte, versichert, zeile = {} }: Auftrag): Demovertrag {
  const versicherer = versichererFuer(w, sparte)
  const nummer = vsnr(w, versicherer, ++laufend.nummer)
  const eigen = zeile.bestandsart ?? (w.chance(0.17) ? 'FREMD' : 'EIGEN')
  const lauf = laufzeit(w, heute, kunde, sparte)
  const zahlungsweise = zahlweise(w, sparte)
  const fertig: Vertragszeile = {
    vu_nummer: versicherer.vu,
    vsnr: nummer,
    vsnr_norm: normVsnr(nummer),
    sparte_gdv: ANGEBOTE[sparte].gdv,
    sparte,
    produkt: w.eines(ANGEBOTE[sparte].produkte),
    ...lauf,
    kuendigungsfrist_monate: SPARTEN[sparte].gruppe === 'PERSON' && sparte !== 'UNFALL' ? null : sparte === 'KFZ' ? 1 : 3,
    ...(zeile.status ? { status: zeile.status, abgang_am: null } : status(w, heute, sparte, lauf)),
    beitrag_cent: beitrag(w, sparte, zahlungsweise),
    zahlungsweise,
    bestandsart: eigen,
    versicherte_person_name: null,
    merkmale: merkmale(w, sparte, kunde.zeile.ort),
    quelle: 'DEMO',
    quelle_stand: heute,
    // Own ones come with every delivery, foreign ones when somebody asked last.
    bestaetigt_am: plusTage(heute, -(eigen === 'EIGEN' ? w.zahl(0, 45) : w.zahl(5, 520))),
    ...zeile,
  }
  const selbst = PERSONENBEZOGEN.includes(sparte) && kunde.zeile.art === 'NATUERLICH' && !w.chance(0.06) ? kunde : null
  return { kunde, versichert: versichert === undefined ? selbst : versichert, zeile: fertig }
}

type Lauf = Pick<Vertragszeile, 'beginn' | 'ablauf' | 'hauptfaelligkeit' | 'verlaengert_sich' | 'verlaengert_quelle'>

function laufzeit(w: Wuerfel, heute: string, { alter, zeile }: Mitglied, sparte: Sparte): Lauf {
  const jahre = zeile.art === 'FIRMA' ? alter : Math.max(1, alter - 16)
  if (LEBEN.includes(sparte)) return leben(w, heute, alter, zeile.geburtsdatum, sparte)
  if (BEFRISTET.includes(sparte)) {
    const beginn = plusTage(heute, -w.zahl(3, 700))
    const offen = w.chance(0.3)
    return {
      beginn,
      ablauf: plusJahre(beginn, 2),
      hauptfaelligkeit: null,
      verlaengert_sich: offen ? null : 'NEIN',
      verlaengert_quelle: offen ? null : 'PERSON',
    }
  }
  const begonnen = plusTage(heute, -w.zahl(10, 365 * Math.min(jahre, 13)))
  const neujahr = sparte === 'KFZ' && w.chance(0.8)
  const beginn = neujahr ? begonnen : w.chance(0.6) ? monatserster(begonnen) : begonnen
  const faellig = neujahr ? naechsterJahrestag('2000-01-01', heute) : naechsterJahrestag(beginn, heute)
  // The day on which it is expected to be paid out.
  if (sparte === 'BAUSPAREN')
    return { beginn, ablauf: plusJahre(beginn, w.eines([14, 16, 18])), hauptfaelligkeit: null, verlaengert_sich: null, verlaengert_quelle: null }
  const krank = sparte.startsWith('KV') || sparte === 'PFLEGE'
  const endet = !krank && w.chance(0.018)
  const klausel = w.chance(0.35)
  return {
    beginn,
    ablauf: krank ? null : w.chance(0.85) || endet ? faellig : null,
    hauptfaelligkeit: faellig,
    verlaengert_sich: endet ? 'NEIN' : klausel ? 'JA' : null,
    verlaengert_quelle: endet ? 'PERSON' : klausel ? 'KLAUSEL' : null,
  }
}

/** Ends on the first of the month after a birthday in the sixties; a Risikoleben after a round number of years. */
function leben(w: Wuerfel, heute: string, alter: number, geburtsdatum: string | null, sparte: Sparte): Lauf {
  const geburt = geburtsdatum ?? plusJahre(heute, -alter)
  const begonnen = monatserster(plusTage(heute, -w.zahl(40, 365 * Math.min(Math.max(1, alter - 17), 24))))
  const endalter = alter < 67 ? w.eines(sparte === 'BU' ? [60, 63, 65, 67] : [60, 62, 65, 67]) : alter + 4
  const ablauf = sparte === 'RLV' ? plusJahre(begonnen, w.eines([15, 20, 25, 30])) : monatserster(plusTage(plusJahre(geburt, endalter), 31))
  // At least eight years, and nobody is insured before birth.
  const spaetestens = plusJahre(ablauf, -8)
  const beginn = spaeter(begonnen < spaetestens ? begonnen : spaetestens, geburt)
  return { beginn, ablauf, hauptfaelligkeit: null, verlaengert_sich: null, verlaengert_quelle: null }
}

function status(
  w: Wuerfel,
  heute: string,
  sparte: Sparte,
  { beginn, ablauf, hauptfaelligkeit }: Lauf,
): Partial<Lauf> & Pick<Vertragszeile, 'status' | 'abgang_am'> {
  const endetVonSelbst = LEBEN.includes(sparte) || BEFRISTET.includes(sparte)
  if (endetVonSelbst && ablauf !== null && ablauf <= heute) return { status: 'ABGELAUFEN', abgang_am: ablauf }
  if (w.chance(0.045)) return { status: 'STORNIERT', abgang_am: spaeter(beginn!, plusTage(heute, -w.zahl(5, 700))) }
  if (w.chance(0.012))
    return { status: 'ANTRAG', abgang_am: null, ...beantragt(plusTage(heute, w.zahl(1, 60)), sparte, { ablauf, hauptfaelligkeit }) }
  if ((sparte === 'RV' || sparte === 'LV') && w.chance(0.07)) return { status: 'BEITRAGSFREI', abgang_am: null }
  if (sparte === 'KFZ' && w.chance(0.01)) return { status: 'RUHEND', abgang_am: null }
  return { status: w.chance(0.003) ? 'UNBEKANNT' : 'AKTIV', abgang_am: null }
}

/** Has not begun yet: what would run out before it begins runs a year. */
function beantragt(beginn: string, sparte: Sparte, { ablauf, hauptfaelligkeit }: Pick<Lauf, 'ablauf' | 'hauptfaelligkeit'>): Partial<Lauf> {
  const ende = plusJahre(beginn, LEBEN.includes(sparte) ? 12 : 1)
  return { beginn, ablauf: ablauf && spaeter(ablauf, ende), hauptfaelligkeit: hauptfaelligkeit && plusJahre(beginn, 1) }
}

function spaeter(a: string, b: string): string {
  return a > b ? a : b
}

function zahlweise(w: Wuerfel, sparte: Sparte): Zahlungsweise {
  if (sparte === 'RV' && w.chance(0.05)) return 'EINMALIG'
  if (SPARTEN[sparte].gruppe === 'SCHADEN')
    return w.gewichtet([
      ['JAEHRLICH', 62],
      ['MONATLICH', 16],
      ['VIERTELJAEHRLICH', 11],
      ['HALBJAEHRLICH', 11],
    ])
  return w.gewichtet([
    ['MONATLICH', 80],
    ['JAEHRLICH', 13],
    ['VIERTELJAEHRLICH', 7],
  ])
}

/** Cents for one payment. */
function beitrag(w: Wuerfel, sparte: Sparte, zahlungsweise: Zahlungsweise): number {
  const [von, bis] = ANGEBOTE[sparte].beitrag
  return Math.round(w.zahl(von * 100, bis * 100) / RATEN[zahlungsweise])
}

function merkmale(w: Wuerfel, sparte: Sparte, ort: string | null): Record<string, unknown> {
  if (sparte === 'WOHNGEBAEUDE')
    return w.gewichtet([
      [{ elementar: 'JA' }, 52],
      [{ elementar: 'NEIN' }, 43],
      [{}, 5],
    ])
  if (sparte === 'KFZ') return { kennzeichen: kennzeichen(w, ort) }
  return {}
}
