/** A contract as a person types it into the form, its codes with their words, and what follows from its fields. */
import { type Lesung, readBetrag, readTag, readText, readWahl } from './eingabe.ts'
import { type Eingabe, type Gelesen, codes, leser } from './kunde.ts'
import { SPARTEN, type Sparte } from './sparten.ts'

export const VERTRAGSSTATUS = {
  AKTIV: 'aktiv',
  BEITRAGSFREI: 'beitragsfrei',
  RUHEND: 'ruhend',
  ANTRAG: 'Antrag',
  STORNIERT: 'storniert',
  ABGELAUFEN: 'abgelaufen',
  UNBEKANNT: 'unbekannt',
} as const
export const ZAHLUNGSWEISEN = {
  JAEHRLICH: 'jährlich',
  HALBJAEHRLICH: 'halbjährlich',
  VIERTELJAEHRLICH: 'vierteljährlich',
  MONATLICH: 'monatlich',
  EINMALIG: 'einmalig',
  BEITRAGSFREI: 'beitragsfrei',
} as const
export const BESTANDSARTEN = { EIGEN: 'Eigen', FREMD: 'Fremd' } as const

type Zahlungsweise = keyof typeof ZAHLUNGSWEISEN

export interface Vertragsdaten {
  sparte: Sparte
  vu_nummer: string | null
  /** Name for a VU number nobody has named yet. */
  versicherer_name: string | null
  vsnr: string | null
  produkt: string | null
  beitrag_cent: number | null
  zahlungsweise: Zahlungsweise | null
  beginn: string | null
  ablauf: string | null
  hauptfaelligkeit: string | null
  status: keyof typeof VERTRAGSSTATUS
  verlaengert_sich: 'JA' | 'NEIN' | null
  bestandsart: keyof typeof BESTANDSARTEN
  versicherte_person_id: number | null
  versicherte_person_name: string | null
}

export const VERTRAGSFELDER = {
  sparte: 'Sparte',
  bestandsart: 'Eigen oder Fremd',
  vu_nummer: 'Versicherer',
  vu_neu: 'VU-Nummer',
  versicherer_name: 'Name des Versicherers',
  vsnr: 'Versicherungsschein-Nummer',
  produkt: 'Produkt',
  beitrag: 'Beitrag',
  zahlungsweise: 'Zahlweise',
  beginn: 'Beginn',
  ablauf: 'Ablauf',
  hauptfaelligkeit: 'Hauptfälligkeit',
  verlaengert_sich: 'Verlängert sich',
  status: 'Status',
  versicherte_person: 'Versicherte Person',
} as const

const RATEN: Record<Zahlungsweise, number> = { JAEHRLICH: 1, HALBJAEHRLICH: 2, VIERTELJAEHRLICH: 4, MONATLICH: 12, EINMALIG: 0, BEITRAGSFREI: 0 }

/**
 * `vu_nummer` is a known number or 'NEU' with the free `vu_neu`; `versicherte_person` a customer's id or 'ANDERE' with a name.
 * `geliefert`: insurer and number are those of the delivery, which finds the contract by them; they are not asked.
 */
export function readVertrag(eingabe: Eingabe, heute: string, geliefert?: Pick<Vertragsdaten, 'vu_nummer' | 'vsnr'>): Gelesen<Vertragsdaten> {
  const { lies, fehler, text } = leser(eingabe)
  const sparte = lies('sparte', readWahl(text('sparte'), Object.keys(SPARTEN) as Sparte[]))
  if (!sparte) fehler['sparte'] ??= 'Die Sparte fehlt. Bitte wählen Sie einen Eintrag der Liste.'
  const bestandsart = lies('bestandsart', readWahl(text('bestandsart'), codes(BESTANDSARTEN)))
  if (!bestandsart) fehler['bestandsart'] ??= 'Bitte wählen Sie, ob der Vertrag ein eigener oder ein Fremdvertrag ist.'
  const neu = text('vu_nummer') === 'NEU'
  const vu = geliefert ? geliefert.vu_nummer : lies(neu ? 'vu_neu' : 'vu_nummer', readVu(text(neu ? 'vu_neu' : 'vu_nummer')))
  if (!vu && !geliefert)
    fehler[neu ? 'vu_neu' : 'vu_nummer'] ??= 'Der Versicherer fehlt. Bitte wählen Sie einen aus oder geben Sie seine VU-Nummer an.'
  const beginn = lies('beginn', readTag(text('beginn'), heute))
  const ablauf = lies('ablauf', readTag(text('ablauf'), heute))
  if (beginn && ablauf && ablauf < beginn) fehler['ablauf'] = 'Der Ablauf liegt vor dem Beginn.'
  const andere = text('versicherte_person') === 'ANDERE'
  const werte: Vertragsdaten = {
    sparte: sparte ?? 'UNBEKANNT',
    vu_nummer: vu,
    versicherer_name: neu ? lies('versicherer_name', readText(text('versicherer_name'))) : null,
    vsnr: geliefert ? geliefert.vsnr : lies('vsnr', readText(text('vsnr'), 40)),
    produkt: lies('produkt', readText(text('produkt'))),
    beitrag_cent: lies('beitrag', readBetrag(text('beitrag'))),
    zahlungsweise: lies('zahlungsweise', readWahl(text('zahlungsweise'), codes(ZAHLUNGSWEISEN))),
    beginn,
    ablauf,
    hauptfaelligkeit: lies('hauptfaelligkeit', readTag(text('hauptfaelligkeit'), heute)),
    status: lies('status', readWahl(text('status'), codes(VERTRAGSSTATUS))) ?? 'AKTIV',
    verlaengert_sich: lies('verlaengert_sich', readWahl(text('verlaengert_sich'), ['JA', 'NEIN'] as const)),
    bestandsart: bestandsart ?? 'EIGEN',
    versicherte_person_id: /^\d{1,9}$/.test(text('versicherte_person')) ? Number(text('versicherte_person')) : null,
    versicherte_person_name: andere ? lies('versicherte_person_name', readText(text('versicherte_person_name'), 120)) : null,
  }
  if (werte.beitrag_cent && !werte.zahlungsweise && !fehler['zahlungsweise'])
    fehler['zahlungsweise'] = 'Bitte wählen Sie, wie oft dieser Beitrag gezahlt wird.'
  return Object.keys(fehler).length > 0 ? { ok: false, fehler } : { ok: true, werte }
}

/** Cents a year: a single premium and a contract free of premiums cost nothing a year; null where amount or rhythm are unknown. */
export function jahresbeitrag({ beitrag_cent, zahlungsweise }: { beitrag_cent: number | null; zahlungsweise: Zahlungsweise | null }): number | null {
  if (zahlungsweise === 'BEITRAGSFREI') return 0
  return beitrag_cent === null || zahlungsweise === null ? null : beitrag_cent * RATEN[zahlungsweise]
}

/** Recorded by a person or a clause, else the default of the Sparte, which is always shown as assumed. */
export function verlaengertSich(vertrag: { verlaengert_sich: 'JA' | 'NEIN' | null; sparte: Sparte }): {
  antwort: 'JA' | 'NEIN' | null
  angenommen: boolean
} {
  if (vertrag.verlaengert_sich) return { antwort: vertrag.verlaengert_sich, angenommen: false }
  const angenommen = SPARTEN[vertrag.sparte].verlaengert
  return { antwort: angenommen, angenommen: angenommen !== null }
}

function readVu(text: string): Lesung<string | null> {
  const roh = text.trim()
  if (roh === '') return { ok: true, wert: null }
  return /^\d{4,5}$/.test(roh)
    ? { ok: true, wert: roh }
    : { ok: false, fehler: `„${roh}“ ist keine VU-Nummer. Richtig sind vier oder fünf Ziffern, zum Beispiel 5342.` }
}
