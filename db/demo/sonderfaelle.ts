/** What chance alone would not bring: one household for every boundary the night must judge, around the day of seeding. */
import type { Sparte } from '../../domain/sparten.ts'
import { alsKind, familie, kindVon, paar, single } from './haushalte.ts'
import type { Haushalt, Mitglied } from './personen.ts'
import { istSchaltjahr, naechsterJahrestag, plusJahre, plusTage } from './tage.ts'
import type { Auftrag, Vertragszeile } from './vertraege.ts'
import type { Wuerfel } from './wuerfel.ts'

export interface Sonderfall {
  haushalt: Haushalt
  /** Exactly these contracts, no others. */
  auftraege: Auftrag[]
}

type Zeile = Partial<Vertragszeile>

const EIGEN: Zeile = { bestandsart: 'EIGEN', status: 'AKTIV', abgang_am: null }
const ENDET: Zeile = { ...EIGEN, verlaengert_sich: 'NEIN', verlaengert_quelle: 'PERSON' }
const OFFEN: Zeile = { ...EIGEN, verlaengert_sich: null, verlaengert_quelle: null }

export function sonderfaelle(w: Wuerfel, heute: string): Sonderfall[] {
  return [...anAltersgrenzen(w, heute), ...anVertragszahlen(w, heute), ...anAblaeufen(w, heute), ...inFamilien(w, heute), ...ausgeschlossen(w, heute)]
}

/** 17, 18, 34 and 35 on the birthday and the day before; born on 29 February. */
function anAltersgrenzen(w: Wuerfel, heute: string): Sonderfall[] {
  const morgen = plusTage(heute, 1)
  const geboren = [17, 18, 34, 35].flatMap((jahre) => [plusJahre(heute, -jahre), plusJahre(morgen, -jahre)])
  const schalttage = [19, 27, 36].map((jahre) => schalttagVor(heute, jahre))
  return [...geboren, ...schalttage].map((geburtsdatum) => {
    const jahre = Math.floor((Number(heute.replaceAll('-', '')) - Number(geburtsdatum.replaceAll('-', ''))) / 10_000)
    return fall(mit(single(w, heute, jahre), { geburtsdatum, kunde_seit: plusTage(heute, -90) }), jahre < 18 ? [] : ['PHV', 'HAUSRAT'])
  })
}

/** People of 25 with 0 to 4 contracts, one of the four foreign, cancelled, applied for, renewing or long unconfirmed. */
function anVertragszahlen(w: Wuerfel, heute: string): Sonderfall[] {
  const drei: Sparte[] = ['PHV', 'HAUSRAT', 'UNFALL']
  const neujahr = naechsterJahrestag('2000-01-01', heute)
  const vierte: [Sparte, Zeile][] = [
    ['RECHTSSCHUTZ', {}],
    ['RECHTSSCHUTZ', { bestandsart: 'FREMD' }],
    ['RECHTSSCHUTZ', { status: 'STORNIERT', abgang_am: plusTage(heute, -20) }],
    ['RECHTSSCHUTZ', { status: 'ANTRAG', beginn: plusTage(heute, 14) }],
    ['KFZ', { ablauf: neujahr, hauptfaelligkeit: neujahr, verlaengert_sich: null, verlaengert_quelle: null }],
    // Ran out by its date, renews, and nobody confirmed it for 14 months: unknown whether it still stands.
    [
      'RECHTSSCHUTZ',
      {
        ablauf: plusTage(heute, -60),
        hauptfaelligkeit: plusTage(heute, -60),
        bestaetigt_am: plusTage(heute, -425),
        quelle_stand: plusTage(heute, -425),
        verlaengert_sich: 'JA',
        verlaengert_quelle: 'KLAUSEL',
      },
    ],
  ]
  const jung = (): Haushalt => single(w, heute, 25)
  return [
    fall(jung(), []),
    fall(jung(), drei),
    ...vierte.map(([sparte, zeile]) => {
      const haushalt = jung()
      const basis = fall(haushalt, drei)
      return { ...basis, auftraege: [...basis.auftraege, { kunde: haushalt.mitglieder[0]!, sparte, zeile: { ...EIGEN, ...zeile } }] }
    }),
  ]
}

/** Ends today, tomorrow, in 30, 90 and 91 days; known to end, or unknown; and what does not belong there. */
function anAblaeufen(w: Wuerfel, heute: string): Sonderfall[] {
  const inTagen = (tage: number): Zeile => ({ ablauf: plusTage(heute, tage), hauptfaelligkeit: null, beginn: plusJahre(heute, -2) })
  const vertraege: [Sparte, Zeile][] = [
    ...[-1, 0, 1, 30, 90, 91].flatMap((tage): [Sparte, Zeile][] => [
      ['HAFTPFLICHT', { ...ENDET, ...inTagen(tage) }],
      ['SONSTIGE', { ...OFFEN, ...inTagen(tage) }],
    ]),
    ['HAUSRAT', { ...ENDET, ...inTagen(45) }],
    ['HAUSRAT', { ...ENDET, ...inTagen(45), bestandsart: 'FREMD' }],
    ['HAUSRAT', { ...ENDET, ...inTagen(45), status: 'STORNIERT', abgang_am: plusTage(heute, -3) }],
    ['UNFALL', { ...ENDET, ...inTagen(60), status: 'ANTRAG', beginn: plusTage(heute, 10) }],
    ['LV', { ...EIGEN, ...inTagen(30), beginn: plusJahre(heute, -25) }],
    ['RV', { ...EIGEN, ...inTagen(200), beginn: plusJahre(heute, -20) }],
    ['BU', { ...EIGEN, ...inTagen(120), beginn: plusJahre(heute, -30) }],
    ['RLV', { ...EIGEN, ...inTagen(365), beginn: plusJahre(heute, -20) }],
    ['RLV', { ...EIGEN, ...inTagen(366), beginn: plusJahre(heute, -20) }],
  ]
  return vertraege.map(([sparte, zeile]) => {
    const haushalt = single(w, heute, sparte === 'LV' || sparte === 'BU' ? 62 : w.zahl(38, 58))
    const basis = fall(haushalt, ['PHV', 'UNFALL', 'RV'])
    return { ...basis, auftraege: [...basis.auftraege, { kunde: haushalt.mitglieder[0]!, sparte, zeile }] }
  })
}

/** Children about to come of age, homes with and without Elementar, families with and without Privathaftpflicht, workers without BU. */
function inFamilien(w: Wuerfel, heute: string): Sonderfall[] {
  const volljaehrig = [1, 5, 30, 60, 90, 91].map((tage) => {
    const eltern = paar(w, heute, w.zahl(42, 50), true)
    const kind = kindVon(w, heute, eltern.mitglieder[0]!, 17)
    kind.zeile.geburtsdatum = plusJahre(plusTage(heute, tage), -18)
    return fall({ ...eltern, mitglieder: [...eltern.mitglieder, kind], beziehungen: [...eltern.beziehungen, ...alsKind(kind, eltern)] }, [
      'PHV',
      'HAUSRAT',
      'BU',
      'KFZ',
    ])
  })
  const haeuser = [{ elementar: 'JA' }, { elementar: 'NEIN' }, {}].map((merkmale) => {
    const haushalt = paar(w, heute, w.zahl(40, 60), true)
    const basis = fall(haushalt, ['PHV', 'HAUSRAT'])
    return {
      ...basis,
      auftraege: [...basis.auftraege, { kunde: haushalt.mitglieder[0]!, sparte: 'WOHNGEBAEUDE' as const, zeile: { ...EIGEN, merkmale } }],
    }
  })
  const ohnePhv = fall(familie(w, heute, 36), ['HAUSRAT', 'KFZ', 'RLV'])
  const phvBeimPartner = familie(w, heute, 37)
  const mitPhv: Sonderfall = {
    haushalt: phvBeimPartner,
    auftraege: [{ kunde: phvBeimPartner.mitglieder[1]!, sparte: 'PHV', zeile: { ...EIGEN, merkmale: { familie: 'JA' } } }],
  }
  const ohneBu = (['ANGESTELLT', 'SELBSTSTAENDIG', 'AZUBI', 'BEAMTER'] as const).map((erwerbsstatus) =>
    fall(mit(single(w, heute, 30), { erwerbsstatus }), ['PHV', 'RV', 'UNFALL', 'KFZ']),
  )
  return [...volljaehrig, ...haeuser, ohnePhv, mitPhv, ...ohneBu]
}

/** Found by no rule: deceased, restricted, to be deleted, former, only interested; and one whose birthday nobody knows. */
function ausgeschlossen(w: Wuerfel, heute: string): Sonderfall[] {
  const vor = (tage: number): string => plusTage(heute, -tage)
  const zeilen: [number, Partial<Mitglied['zeile']>][] = [
    [28, { verstorben_am: vor(40) }],
    ...[71, 83, 86, 79, 90].map((alter, i): [number, Partial<Mitglied['zeile']>] => [alter, { verstorben_am: vor(12 + i * 30) }]),
    [24, { eingeschraenkt_am: vor(100) }],
    [33, { eingeschraenkt_am: vor(15) }],
    [52, { eingeschraenkt_am: vor(200) }],
    [29, { loeschen_ab: plusTage(heute, 60), status: 'EHEMALIG' }],
    [47, { status: 'EHEMALIG' }],
    [31, { status: 'INTERESSENT' }],
    [22, { status: 'INTERESSENT' }],
    [26, { werbewiderspruch_am: vor(30) }],
    [27, { geburtsdatum: null }],
    [44, { geburtsdatum: null }],
  ]
  return zeilen.map(([alter, zeile]) => fall(mit(single(w, heute, alter), zeile), zeile.status === 'INTERESSENT' ? [] : ['PHV', 'HAUSRAT']))
}

function fall(haushalt: Haushalt, sparten: readonly Sparte[]): Sonderfall {
  const [kunde] = haushalt.mitglieder
  return {
    haushalt,
    auftraege: sparten.map((sparte) => ({
      kunde: kunde!,
      sparte,
      zeile: { ...EIGEN, ...(sparte === 'KFZ' ? {} : { verlaengert_sich: 'JA', verlaengert_quelle: 'KLAUSEL' }) },
    })),
  }
}

function mit(haushalt: Haushalt, zeile: Partial<Mitglied['zeile']>): Haushalt {
  Object.assign(haushalt.mitglieder[0]!.zeile, zeile)
  return haushalt
}

function schalttagVor(heute: string, jahre: number): string {
  let jahr = Number(heute.slice(0, 4)) - jahre
  while (!istSchaltjahr(jahr)) jahr--
  return `${jahr}-02-29`
}
