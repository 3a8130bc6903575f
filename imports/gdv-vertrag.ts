/** Satzart 0200 (Vertrag) with the 0202, 0210 and 0220 that belong to it → contracts. A bundle becomes one contract for each Sparte in it. */
import type { Merkmale } from '../domain/merkmale.ts'
import { normVsnr } from '../domain/nummern.ts'
import { type Kontext, type Satz, code, datum, ganzzahl, text } from './gdv-feld.ts'
import { hauptsparte, sparteOf } from './gdv-sparte.ts'
import { type Teile, readTeile } from './gdv-teile.ts'
import type { GelieferterVertrag } from './lieferung.ts'

/** `paket` and `person` are the group's to say. With what the contract says about its people's Beruf. */
export interface Gelesen {
  vertrag: GelieferterVertrag
  beruf: string | null
  /** Of its versicherte, one each. */
  berufe: (string | null)[]
}

/** Anlage 14 is not at hand: 1 and 8 are proved by sample deliveries, 2, 4, 6 are common knowledge; others stay raw. */
const ZAHLUNGSWEISEN: Readonly<Record<string, GelieferterVertrag['zahlungsweise']>> = {
  '1': 'JAEHRLICH',
  '2': 'HALBJAEHRLICH',
  '4': 'VIERTELJAEHRLICH',
  '6': 'EINMALIG',
  '8': 'MONATLICH',
}
const MONATE: Readonly<Record<string, number>> = { JAEHRLICH: 12, HALBJAEHRLICH: 6, VIERTELJAEHRLICH: 3, MONATLICH: 1 }
/**
 * Anlage 24, as gdv.xport quotes it at 0210.130 byte 43: 1 lebend, 2 lebend kurzfristig, 3 ruhend/Anwartschaft, 4 storniert,
 * 5 ruhend/beitragsfrei, 6 beitragsfrei, 7 beitragsfrei durch Leistung. 8 (Beitragsstundung) and 9 (Sonstiges) say nothing of cover.
 */
const STATUS: Readonly<Record<string, GelieferterVertrag['status']>> = {
  '1': 'AKTIV',
  '2': 'AKTIV',
  '3': 'RUHEND',
  '4': 'STORNIERT',
  '5': 'RUHEND',
  '6': 'BEITRAGSFREI',
  '7': 'BEITRAGSFREI',
}
const EURO = 'EUR'
/** A, F, B: 1 alone, 2 leading, 3 taking part. */
const ALLEIN = '1'

/** `saetze`: one 0200 TDS 1 first, then what belongs to it. `stand`: the day the delivery speaks of. */
export function readVertraege(k: Kontext, vuNummer: string, saetze: readonly Satz[], stand: string | null): Gelesen[] {
  const kopf = saetze[0]!
  const vsnr = kopf.roh.slice(13, 30).trim()
  const vsnrNorm = normVsnr(vsnr)
  if (vsnrNorm === null) {
    k.melde(kopf, null, 'Die Versicherungsschein-Nummer fehlt; der Vertrag wurde nicht übernommen.')
    return []
  }
  const sparten = spartenOf(kopf, saetze)
  const zusatz = saetze.find(({ teil }) => teil.schluessel === '0200.2')
  const gemeinsam = readGemeinsam(k, kopf, zusatz)
  const antrag = saetze.find(({ art }) => art === '0202')
  return sparten.map((sparteGdv) => {
    const buendel = sparten.length > 1
    const teile = readTeile(k, buendel ? saetze.filter(({ sparte }) => hauptsparte(sparte) === sparteGdv) : saetze, stand)
    const { status, statusRoh, beitragCent } = buendel ? ofBuendel(gemeinsam, teile) : gemeinsam
    const zahlungsweise = gemeinsam.zahlungsweise ?? teile.zahlungsweise
    const produkt = gemeinsam.produkt ?? teile.produkt
    const geteilt = ZAHLUNGSWEISEN[zahlungsweise ?? ''] ?? null
    return {
      vertrag: {
        paket: 0,
        person: null,
        zeile: kopf.zeile,
        vuNummer,
        vsnr,
        vsnrNorm,
        ...gemeinsam.nummern,
        sparteGdv,
        sparte: sparteOf(sparteGdv, teile.wagnisarten, [...teile.wagnistexte, ...teile.texte, produkt ?? '']),
        bestandsart: 'EIGEN',
        produkt,
        beginn: gemeinsam.beginn,
        ablauf: gemeinsam.ablauf,
        hauptfaelligkeit: gemeinsam.hauptfaelligkeit ?? teile.hauptfaelligkeit,
        beitragCent: sparteGdv === '020' ? gemaessZahlungsweise(k, kopf, beitragCent, geteilt) : beitragCent,
        zahlungsweise: geteilt,
        status,
        abgangAm: gemeinsam.abgangAm,
        // "Nein" is also written where a contract renews: only the yes is taken.
        verlaengertSich: gemeinsam.klausel === '1' ? 'JA' : null,
        kuendigungsfristMonate: null,
        versicherte: teile.versicherte,
        merkmale: merkmaleOf(teile, {
          gemeinsam,
          buendel: buendel ? hauptsparte(kopf.sparte) : null,
          roh: {
            vertragsstatus: statusRoh !== null && STATUS[statusRoh] === undefined ? statusRoh : null,
            zahlungsweise: geteilt === null ? zahlungsweise : null,
            datenschutzklausel: antrag ? text(antrag, 'EinwilligungZurDatenschutzklauselLiegtVor') : null,
            schweigepflichtentbindung: antrag ? text(antrag, 'EinwilligungZurEntbindungVonSchweigepflicht') : null,
          },
        }),
      },
      beruf: teile.beruf,
      berufe: teile.berufe,
    }
  })
}

type Gemeinsam = ReturnType<typeof readGemeinsam>

function readGemeinsam(k: Kontext, kopf: Satz, zusatz: Satz | undefined) {
  const waehrung = text(kopf, 'Waehrungsschluessel') ?? EURO
  const betrag = ganzzahl(k, kopf, 'GesbeitragNettoInWE')
  if (waehrung !== EURO && betrag) k.melde(kopf, 'Waehrungsschluessel', `Der Beitrag ist in „${waehrung}“ angegeben; nicht übernommen.`)
  const statusRoh = text(kopf, 'Vertragsstatus')
  const fuehrung = code(kopf, 'AFB')
  const klausel = zusatz ? text(zusatz, 'Kuendigungsklausel') : null
  return {
    nummern: {
      ...readReferenz(k, kopf),
      agenturnummer: kopf.roh.slice(32, 42).trim() || null,
      nummerVersicherer: text(kopf, 'PersonenKundenNrVersicherers'),
      nummerVermittler: text(kopf, 'PersonenKundenNrVermittlers'),
    },
    produkt: zusatz ? text(zusatz, 'Produktname') : null,
    beginn: datum(k, kopf, 'Vertragsbeginn'),
    ablauf: datum(k, kopf, 'Vertragsablauf'),
    hauptfaelligkeit: datum(k, kopf, 'Hauptfaelligkeit'),
    abgangAm: datum(k, kopf, 'Abgangsdatum'),
    antragsdatum: datum(k, kopf, 'Antragsdatum'),
    beitragCent: waehrung === EURO ? betrag : null,
    beitragBruttoCent: zusatz && waehrung === EURO ? ganzzahl(k, zusatz, 'GesbeitragBruttoInWE') : null,
    zahlungsweise: text(kopf, 'Zahlungsweise'),
    statusRoh,
    status: STATUS[statusRoh ?? ''] ?? 'UNBEKANNT',
    klausel,
    roh: {
      abgangsgrund: code(kopf, 'Abgangsgrund'),
      aenderungsgrund: code(kopf, 'Aenderungsgrund'),
      waehrung: waehrung === EURO ? null : waehrung,
      kuendigungsklausel: klausel,
      fuehrung: fuehrung === ALLEIN ? null : fuehrung,
      anteil: fuehrung === ALLEIN ? null : code(kopf, 'AnteilInProz'),
    },
  }
}

/** "Referenz-Versicherungsscheinnummer", its Spezifikation 1 the old, 2 the new number. Without one it is somebody's own number. */
function readReferenz(k: Kontext, kopf: Satz): Pick<GelieferterVertrag, 'vsnrAlt' | 'vsnrNeu'> {
  const nummer = normVsnr(code(kopf, 'ReferenzVsNr'))
  const art = nummer === null ? null : code(kopf, 'SpezifikationReferenzVsNr')
  if (art !== null && art !== '1' && art !== '2')
    k.melde(kopf, 'SpezifikationReferenzVsNr', `Die Spezifikation „${art}“ ist nicht bekannt; die Nummer wurde nicht übernommen.`)
  return { vsnrAlt: art === '1' ? nummer : null, vsnrNeu: art === '2' ? nummer : null }
}

/**
 * Premium and status of one Sparte in a bundle stand in its own 0210; the dates in the common 0200. (Its Ausschluss is no end: contracts
 * that renew carry the day of their Ablauf there.)
 */
function ofBuendel(gemeinsam: Gemeinsam, { vertragsstatus, beitragCent }: Teile): Pick<Gemeinsam, 'status' | 'statusRoh' | 'beitragCent'> {
  return {
    beitragCent: gemeinsam.roh.waehrung === null ? beitragCent : null,
    status: vertragsstatus === null ? gemeinsam.status : (STATUS[vertragsstatus] ?? 'UNBEKANNT'),
    statusRoh: vertragsstatus ?? gemeinsam.statusRoh,
  }
}

/** In Krankenversicherung the premium is that of a month, whatever is paid each time. */
function gemaessZahlungsweise(k: Kontext, kopf: Satz, monatlich: number | null, zahlungsweise: GelieferterVertrag['zahlungsweise']): number | null {
  if (monatlich === null || monatlich === 0) return monatlich
  const monate = MONATE[zahlungsweise ?? '']
  if (monate !== undefined) return monatlich * monate
  k.melde(kopf, 'Zahlungsweise', 'Der Beitrag gilt für einen Monat, und wie gezahlt wird, ist nicht bekannt; nicht übernommen.')
  return null
}

function merkmaleOf(teile: Teile, { gemeinsam, buendel, roh }: { gemeinsam: Gemeinsam; buendel: string | null; roh: Record<string, string | null> }) {
  const merkmale: Merkmale = { ...teile.merkmale }
  if (gemeinsam.antragsdatum !== null) merkmale.antragsdatum = gemeinsam.antragsdatum
  if (gemeinsam.beitragBruttoCent) merkmale.beitragBruttoCent = gemeinsam.beitragBruttoCent
  if (teile.wagnisarten.length > 0) merkmale.wagnisarten = teile.wagnisarten
  if (teile.wagnistexte.length > 0) merkmale.wagnistexte = teile.wagnistexte
  if (teile.versicherte.length > 1) merkmale.versicherte = teile.versicherte
  if (buendel !== null) merkmale.buendel = buendel
  addRohe(merkmale, gemeinsam.roh)
  addRohe(merkmale, roh)
  addRohe(merkmale, teile.roh)
  return merkmale
}

function addRohe(merkmale: Merkmale, rohe: Readonly<Record<string, string | null>>): void {
  for (const name in rohe) {
    const wert = rohe[name]
    if (wert !== null && wert !== undefined) (merkmale.roh ??= {})[name] = wert
  }
}

/** The Sparten of a contract: its own, or those of its 0210 where it is a bundle (Bündelungskennzeichen or Sparte 000). */
function spartenOf(kopf: Satz, saetze: readonly Satz[]): string[] {
  const eigene = hauptsparte(kopf.sparte)
  if (eigene !== '000' && eigene !== '' && kopf.roh[9] === ' ') return [eigene]
  const darunter = new Set(saetze.filter(({ art }) => art === '0210').map(({ sparte }) => hauptsparte(sparte)))
  return darunter.size > 0 ? [...darunter] : [eigene]
}
