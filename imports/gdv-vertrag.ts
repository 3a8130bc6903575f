/** Satzarten 0200 (Vertrag), 0210 and 0220 (Sparte and Wagnis) → contracts. A bundle becomes one contract for each Sparte in it. */
import { normVsnr } from '../domain/nummern.ts'
import type { Sparte } from '../domain/sparten.ts'
import { type Leser, leser } from './gdv-feld.ts'
import type { Befund, Satz } from './gdv-saetze.ts'
import { sparteOf } from './gdv-sparte.ts'

export interface VersichertePerson {
  name: string
  vorname: string | null
  geburtsdatum: string | null
}

export interface GdvVertrag {
  paket: number
  zeile: number
  /** Place in `GdvLieferung.kunden`; null where the address record is missing. */
  kunde: number | null
  vuNummer: string
  vsnr: string
  vsnrNorm: string
  agenturnummer: string | null
  /** The customer's numbers in the contract record; they help where the address record has none. */
  nummerVersicherer: string | null
  nummerVermittler: string | null
  sparteGdv: string
  sparte: Sparte
  produkt: string | null
  beginn: string | null
  ablauf: string | null
  hauptfaelligkeit: string | null
  /** What is paid each time (see zahlungsweise), without Versicherungsteuer: "Gesamtbeitrag (Netto)". */
  beitragCent: number | null
  zahlungsweise: 'JAEHRLICH' | 'HALBJAEHRLICH' | 'VIERTELJAEHRLICH' | 'MONATLICH' | 'EINMALIG' | null
  status: 'AKTIV' | 'STORNIERT' | 'UNBEKANNT'
  abgangAm: string | null
  versicherte: VersichertePerson[]
  /** Raw codes of the delivery, and what else a rule may read. Keys: see `readMerkmale`. */
  merkmale: Record<string, unknown>
  /** The package's date, see gdv.ts. */
  stand: string | null
}

/** Anlage 14 is not at hand: 1 and 8 are proved by sample deliveries, 2, 4, 6 are common knowledge; others stay raw. */
const ZAHLUNGSWEISEN: Readonly<Record<string, GdvVertrag['zahlungsweise']>> = {
  '1': 'JAEHRLICH',
  '2': 'HALBJAEHRLICH',
  '4': 'VIERTELJAEHRLICH',
  '6': 'EINMALIG',
  '8': 'MONATLICH',
}
/** Anlage 24: lebend and storniert; every other code stays raw and UNBEKANNT. */
const STATUS: Readonly<Record<string, GdvVertrag['status']>> = { '1': 'AKTIV', '4': 'STORNIERT' }

/** `saetze`: one 0200 with what follows it (0200 TDS 2, 0210, 0220), all of one Versicherungsschein-Nummer. */
export function readVertraege(vuNummer: string, saetze: readonly Satz[], befunde: Befund[]): Omit<GdvVertrag, 'kunde' | 'stand'>[] {
  const erster = saetze.find(({ schluessel }) => schluessel === '0200.1')
  const vsnrNorm = erster && normVsnr(erster.roh.slice(13, 30))
  if (!erster || !vsnrNorm) {
    const satz = erster ?? saetze[0]!
    const text = erster
      ? 'Die Versicherungsschein-Nummer fehlt; der Vertrag wurde nicht übernommen.'
      : 'Teildatensatz 1 des Vertrags fehlt; der Vertrag wurde nicht übernommen.'
    befunde.push({ paket: satz.paket, zeile: satz.zeile, byte: 14, feld: 'Versicherungsschein-Nummer', text })
    return []
  }
  const kopf = leser(erster, befunde)
  const zweiter = saetze.find(({ schluessel }) => schluessel === '0200.2')
  const zusatz = zweiter && leser(zweiter, befunde)
  const gemeinsam = readGemeinsam(vuNummer, vsnrNorm, kopf, zusatz)
  const sparten = spartenOf(erster, saetze)
  return sparten.map((sparteGdv) => {
    const eigene = sparten.length === 1 ? saetze : saetze.filter(({ sparte }) => hauptsparte(sparte) === sparteGdv)
    const teil = readTeil(eigene, befunde)
    const imBuendel = sparten.length > 1 ? readBuendelteil(eigene, befunde) : {}
    return {
      ...gemeinsam,
      ...imBuendel,
      sparteGdv,
      sparte: sparteOf(sparteGdv, teil.wagnisarten, teil.wagnistexte),
      versicherte: teil.versicherte,
      merkmale: { ...gemeinsam.merkmale, ...readMerkmale(teil, sparten.length > 1 ? hauptsparte(erster.sparte) : null) },
    }
  })
}

function readGemeinsam(vuNummer: string, vsnrNorm: string, kopf: Leser, zusatz: Leser | undefined) {
  const waehrung = kopf.text('Waehrungsschluessel') ?? 'EUR'
  const betrag = kopf.cent('GesbeitragNettoInWE')
  if (waehrung !== 'EUR' && betrag !== null) kopf.melde('Waehrungsschluessel', `Der Beitrag ist in „${waehrung}“ angegeben; nicht übernommen.`)
  const [zahlungsweise, status] = [kopf.text('Zahlungsweise'), kopf.text('Vertragsstatus')]
  const roh = {
    zahlungsweise: zahlungsweise !== null && !ZAHLUNGSWEISEN[zahlungsweise] ? zahlungsweise : null,
    vertragsstatus: status !== null && !STATUS[status] ? status : null,
    abgangsgrund: unlessZero(kopf.text('Abgangsgrund')),
    waehrung: waehrung === 'EUR' ? null : waehrung,
    antragsdatum: kopf.datum('Antragsdatum'),
    kuendigungsklausel: unlessZero(zusatz?.text('Kuendigungsklausel') ?? null),
    beitragBruttoCent: zusatz?.cent('GesbeitragBruttoInWE') || null,
  }
  return {
    paket: kopf.satz.paket,
    zeile: kopf.satz.zeile,
    vuNummer,
    vsnr: kopf.satz.roh.slice(13, 30).trim(),
    vsnrNorm,
    agenturnummer: kopf.satz.roh.slice(32, 42).trim() || null,
    nummerVersicherer: kopf.text('PersonenKundenNrVersicherers'),
    nummerVermittler: kopf.text('PersonenKundenNrVermittlers'),
    produkt: zusatz?.text('Produktname') ?? null,
    beginn: kopf.datum('Vertragsbeginn'),
    ablauf: kopf.datum('Vertragsablauf'),
    hauptfaelligkeit: kopf.datum('Hauptfaelligkeit'),
    beitragCent: waehrung === 'EUR' ? betrag : null,
    zahlungsweise: ZAHLUNGSWEISEN[zahlungsweise ?? ''] ?? null,
    status: STATUS[status ?? ''] ?? ('UNBEKANNT' as const),
    abgangAm: kopf.datum('Abgangsdatum'),
    merkmale: ohneLeere(roh),
  }
}

/** Premium and status of one Sparte in a bundle stand in its own 0210; the dates in the common 0200. */
function readBuendelteil(saetze: readonly Satz[], befunde: Befund[]): Partial<Pick<GdvVertrag, 'beitragCent' | 'status'>> {
  const satz = saetze.find(({ art, schluessel }) => art === '0210' && schluessel?.endsWith('.1'))
  if (!satz) return { beitragCent: null }
  const feld = leser(satz, befunde)
  const status = STATUS[feld.text('Vertragsstatus') ?? '']
  return { beitragCent: feld.cent('GesbeitragInWE'), ...(status && { status }) }
}

interface Teil {
  wagnisarten: string[]
  wagnistexte: string[]
  versicherte: VersichertePerson[]
  kennzeichen: string | null
  elementar: string | null
}

function readTeil(saetze: readonly Satz[], befunde: Befund[]): Teil {
  const felder = saetze.map((satz) => leser(satz, befunde))
  const alle = (feld: string) => unique(felder.map((satz) => satz.text(feld)).filter((wert) => wert !== null))
  const personen = felder.flatMap((satz): VersichertePerson[] => {
    const name = satz.text('NameVp')
    return name === null ? [] : [{ name, vorname: satz.text('VornameVp'), geburtsdatum: satz.datum('GeburtsdatumVp') }]
  })
  return {
    wagnisarten: alle('Wagnisart').filter((art) => art !== '0'),
    wagnistexte: alle('Wagnistext'),
    versicherte: [...new Map(personen.map((person) => [JSON.stringify(person), person])).values()],
    kennzeichen: alle('AmtlichesKennzeichen')[0] ?? null,
    elementar: alle('Elementarschaeden')[0] ?? null,
  }
}

/** `elementar` is the raw code of 0220.140 TDS 2 byte 221, `buendel` the common Sparte of the bundle. */
function readMerkmale({ wagnisarten, wagnistexte, versicherte, kennzeichen, elementar }: Teil, buendel: string | null): Record<string, unknown> {
  return ohneLeere({ wagnisarten, wagnistexte, kennzeichen, elementar, buendel, versicherte: versicherte.length > 1 ? versicherte : null })
}

/** The Sparten of a contract: its own, or those of its 0210 where it is a bundle (Bündelungskennzeichen or Sparte 000). */
function spartenOf(erster: Satz, saetze: readonly Satz[]): string[] {
  const eigene = hauptsparte(erster.sparte)
  const darunter = unique(saetze.filter(({ art }) => art === '0210').map(({ sparte }) => hauptsparte(sparte)))
  if (eigene !== '000' && erster.roh.charAt(9).trim() === '') return [eigene]
  return darunter.length > 0 ? darunter : [eigene]
}

/** 051 to 059 are parts of a Kfz contract; 0210 and 0200 say 050. */
function hauptsparte(sparte: string): string {
  return /^05\d$/.test(sparte) ? '050' : sparte.trim()
}

function unlessZero(code: string | null): string | null {
  return code === null || /^0+$/.test(code) ? null : code
}

function ohneLeere(werte: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(werte).filter(([, wert]) => wert !== null && !(Array.isArray(wert) && wert.length === 0)))
}

function unique<T>(werte: readonly T[]): T[] {
  return [...new Set(werte)]
}
