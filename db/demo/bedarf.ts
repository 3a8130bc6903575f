/** Which contracts a household has taken out: what belongs to the home once, what belongs to a person by age and work. */
import type { Sparte } from '../../domain/sparten.ts'
import type { Haushalt, Mitglied } from './personen.ts'
import type { Auftrag } from './vertraege.ts'
import type { Wuerfel } from './wuerfel.ts'

/** Brings the average to 4.4 contracts a Kunde (what brokers have, Pfefferminzia); measured over 100,000. */
const DICHTE = 0.976

export function bedarf(w: Wuerfel, haushalt: Haushalt): Auftrag[] {
  const privat = haushalt.mitglieder.filter(({ zeile }) => zeile.art === 'NATUERLICH')
  const erwachsene = privat.filter(({ kind }) => !kind)
  return [
    ...zuhause(w, haushalt, erwachsene),
    ...privat.flatMap((mitglied) => (mitglied.kind ? fuerKind(w, mitglied, erwachsene) : fuerPerson(w, mitglied, erwachsene))),
    ...haushalt.mitglieder.filter(({ zeile }) => zeile.art === 'FIRMA').flatMap((firma) => fuerFirma(w, firma)),
  ]
}

function zuhause(w: Wuerfel, { eigentum, mitglieder }: Haushalt, erwachsene: readonly Mitglied[]): Auftrag[] {
  const reife = reifeVon(erwachsene[0]!.alter)
  const familie = mitglieder.some(({ kind }) => kind)
  const kunde = (): Mitglied => w.eines(erwachsene.slice(0, 2))
  const auftraege: Auftrag[] = []
  const nimm = (sparte: Sparte, wahrscheinlichkeit: number, zeile: Auftrag['zeile'] = {}): void => {
    if (w.chance(wahrscheinlichkeit * DICHTE)) auftraege.push({ kunde: kunde(), sparte, zeile })
  }
  nimm('PHV', 0.4 + 0.42 * reife, { merkmale: erwachsene.length > 1 || familie ? { familie: 'JA' } : { familie: 'NEIN' } })
  nimm('HAUSRAT', 0.25 + 0.5 * reife)
  if (eigentum) nimm('WOHNGEBAEUDE', 0.92)
  nimm('RECHTSSCHUTZ', 0.12 + 0.38 * reife)
  nimm('GLAS', 0.13 * reife)
  nimm('THV', 0.12 * reife)
  nimm('SONSTIGE', 0.1 + 0.14 * reife)
  if (eigentum) nimm('HAFTPFLICHT', 0.03)
  return auftraege
}

function fuerPerson(w: Wuerfel, kunde: Mitglied, erwachsene: readonly Mitglied[]): Auftrag[] {
  const { alter } = kunde
  const { erwerbsstatus } = kunde.zeile
  const reife = reifeVon(alter)
  const arbeitet = ['ANGESTELLT', 'SELBSTSTAENDIG', 'BEAMTER', 'AZUBI'].includes(erwerbsstatus ?? '')
  const partner = erwachsene.find((anderer) => anderer !== kunde && Math.abs(anderer.alter - alter) < 16)
  const privatKrank = (erwerbsstatus === 'SELBSTSTAENDIG' || erwerbsstatus === 'BEAMTER') && w.chance(0.45)
  const wahl: [Sparte, number][] = [
    ['KFZ', 0.3 + 0.45 * reife],
    ['SCHUTZBRIEF', 0.12 * reife],
    ['UNFALL', 0.18 + 0.32 * reife],
    ['BU', arbeitet && alter <= 58 ? 0.28 + 0.3 * reife : 0],
    ['RV', alter <= 66 ? 0.16 + 0.5 * reife : 0.12],
    ['LV', alter >= 42 ? 0.42 : 0.04],
    ['BAUSPAREN', 0.16 + 0.16 * reife],
    ['PFLEGE', alter >= 38 ? 0.24 : 0.03],
    [privatKrank ? 'KV_VOLL' : 'KV_ZUSATZ', privatKrank ? 1 : 0.22 + 0.3 * reife],
    ['RV', alter >= 28 && alter <= 66 ? 0.2 : 0],
    ['KFZ', alter >= 30 ? 0.14 : 0],
  ]
  const genommen: Auftrag[] = wahl.filter(([, wahrscheinlichkeit]) => w.chance(wahrscheinlichkeit * DICHTE)).map(([sparte]) => ({ kunde, sparte }))
  // Often taken crosswise: one pays, the other is insured.
  if (w.chance(DICHTE * (partner && alter >= 26 && alter <= 58 ? 0.38 : 0.05)))
    genommen.push({ kunde, sparte: 'RLV', ...(partner && w.chance(0.6) ? { versichert: partner } : {}) })
  return genommen
}

/** The parents sign for their children; a few have a contract in their own name. */
function fuerKind(w: Wuerfel, kind: Mitglied, erwachsene: readonly Mitglied[]): Auftrag[] {
  const eltern = erwachsene.filter(({ alter }) => alter >= kind.alter + 16)
  const zahler = w.eines(eltern.length > 0 ? eltern : [kind])
  const auftraege: Auftrag[] = []
  if (w.chance(0.45 * DICHTE)) auftraege.push({ kunde: zahler, sparte: 'UNFALL', versichert: kind })
  if (w.chance(0.3 * DICHTE)) auftraege.push({ kunde: zahler, sparte: 'KV_ZUSATZ', versichert: kind })
  if (w.chance(0.3 * DICHTE)) auftraege.push({ kunde: kind, sparte: 'RV' })
  return auftraege
}

function fuerFirma(w: Wuerfel, kunde: Mitglied): Auftrag[] {
  const wahl: [Sparte, number][] = [
    ['BHV', 0.95],
    ['KFZ', 0.8],
    ['KFZ', 0.5],
    ['KFZ', 0.3],
    ['RECHTSSCHUTZ', 0.6],
    ['GLAS', 0.4],
    ['TRANSPORT', 0.35],
    ['WOHNGEBAEUDE', 0.3],
    ['UNFALL', 0.3],
  ]
  return wahl.filter(([, wahrscheinlichkeit]) => w.chance(wahrscheinlichkeit)).map(([sparte]) => ({ kunde, sparte }))
}

/** 0 for somebody of 18 to 1 from the middle of life on: the young have few contracts. */
function reifeVon(alter: number): number {
  return Math.min(1, Math.max(0, (alter - 18) / 24))
}
