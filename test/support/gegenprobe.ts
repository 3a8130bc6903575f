/**
 * The twelve predicates read once more, in plain TypeScript over plain objects: one household after the other, by the words of the catalogue and
 * not by its code. Shares nothing with gevos/ and db/; dates are 'YYYY-MM-DD' and compare as text.
 */
import { Temporal } from 'temporal-polyfill'
import type { Merkmale } from '../../domain/merkmale.ts'

export interface Person {
  id: number
  haushalt: number | null
  art: 'NATUERLICH' | 'FIRMA'
  status: string
  vorname: string | null
  name: string
  geburtsdatum: string | null
  erwerbsstatus: string | null
  kundeSeit: string | null
  werbewiderspruch: string | null
  verstorben: string | null
  eingeschraenkt: string | null
  loeschen: string | null
  erstelltAm: string
  geaendertAm: string
}
export interface Vertrag {
  id: number
  kunde: number
  sparte: string
  status: string
  bestandsart: string
  beginn: string | null
  ablauf: string | null
  hauptfaelligkeit: string | null
  abgang: string | null
  bestaetigt: string | null
  verlaengert: 'JA' | 'NEIN' | null
  fristMonate: number | null
  beitrag: number | null
  versichert: number | null
  versichertName: string | null
  merkmale: Merkmale
}
/** What was done: a contact or a documentation, with the contract its Fall is about. */
export interface Tat {
  kunde: number
  vertrag: number | null
  art: 'KONTAKT' | 'DOKUMENTATION'
  gevo: string | null
  kanal: string
  richtung: string
  ergebnis: string
  am: string
}
export interface Einwilligung {
  kunde: number
  kanal: string
  erteilt: string
  widerrufen: string | null
}
export interface Haushalt {
  betrieb: Betrieb
  personen: Person[]
  vertraege: Vertrag[]
  taten: Tat[]
  einwilligungen: Einwilligung[]
}
export interface Betrieb {
  id: number
  beginn: string
  bundesland: string
  /** Rules that are switched on, with their thresholds. */
  regeln: Readonly<Record<string, Readonly<Record<string, number>>>>
}
export interface Befund {
  kunde: number
  schluessel: string
  lage: 'TRIFFT' | 'UNBEKANNT'
  fehlt: string[]
}

type Drei = 'JA' | 'NEIN' | 'UNBEKANNT'
type Lesart = (h: Haushalt, s: Stichtag, werte: Readonly<Record<string, number>>) => Befund[]

/** A day, and the days around it. */
export interface Stichtag {
  tag: string
  vorMonaten(monate: number): string
  inTagen(tage: number): string
}

export function stichtagVon(tag: string): Stichtag {
  const schon = new Map<string, string>()
  const am = (dauer: { months?: number; days?: number }): string => {
    const schluessel = JSON.stringify(dauer)
    const ergebnis = schon.get(schluessel) ?? Temporal.PlainDate.from(tag).add(dauer).toString()
    schon.set(schluessel, ergebnis)
    return ergebnis
  }
  return { tag, vorMonaten: (months) => am({ months: -months }), inTagen: (days) => am({ days }) }
}

const WERBUNG = ['G01', 'G03', 'G04', 'G06', 'G07', 'G08', 'G18', 'G20']
const VERLAENGERT_SICH = ['PHV', 'THV', 'BHV', 'HAFTPFLICHT', 'HAUSRAT', 'WOHNGEBAEUDE', 'GLAS', 'KFZ', 'RECHTSSCHUTZ', 'SCHUTZBRIEF', 'UNFALL']
const KRANKEN = ['KV_VOLL', 'KV_ZUSATZ', 'KV', 'PFLEGE']
const ENDET = ['LV', 'RLV', 'RV', 'BU', 'BAUSPAREN']
const LEBEN = ['LV', 'RLV', 'RV', 'BU']
const KUENDBAR = ['PHV', 'THV', 'BHV', 'HAFTPFLICHT', 'HAUSRAT', 'WOHNGEBAEUDE', 'GLAS', 'KFZ', 'RECHTSSCHUTZ', 'SCHUTZBRIEF', 'TRANSPORT', 'UNFALL']
const BERUFSTAETIG = ['ANGESTELLT', 'SELBSTSTAENDIG', 'AZUBI', 'BEAMTER']
const GESPROCHEN = ['GESPROCHEN', 'TERMIN_VEREINBART', 'RUECKRUF_ERBETEN']
const BERATEN = ['ABGESCHLOSSEN', 'ABGELEHNT_NACH_BERATUNG', 'HINWEIS_GEGEBEN', 'ANDERWEITIG_GEDECKT', 'BERATUNGSVERZICHT']

/** What rule `gevo` says about everybody of the household. */
export function lies(gevo: string, h: Haushalt, s: Stichtag): Befund[] {
  const werte = h.betrieb.regeln[gevo]
  if (!werte) return []
  return LESARTEN[gevo]!(h, s, werte).filter(({ kunde }) => darf(gevo, person(h, kunde)))
}

const LESARTEN: Record<string, Lesart> = {
  G01: (h, s, w) =>
    h.personen.flatMap((p) => {
      if (p.art !== 'NATUERLICH' || (p.geburtsdatum && !zwischen(p, s, w['alterVon']!, w['alterBis']!))) return []
      const eigene = h.vertraege.filter((v) => v.kunde === p.id && v.bestandsart === 'EIGEN')
      const sicher = eigene.filter((v) => aktiv(v, s) === 'JA').length
      const vielleicht = eigene.filter((v) => aktiv(v, s) === 'UNBEKANNT')
      if (sicher > w['hoechstens']!) return []
      const fehlt = [...ohne(p.geburtsdatum, 'geburtsdatum'), ...vielleicht.map(woran)]
      const ungewiss = !p.geburtsdatum || sicher + vielleicht.length > w['hoechstens']!
      return [befund(p.id, `k${p.id}`, ungewiss, fehlt)]
    }),

  G02: (h, s, w) =>
    h.vertraege.flatMap((v) => {
      const besteht = lebend(v, s)
      if (LEBEN.includes(v.sparte) || besteht === 'NEIN' || verlaengert(v) === 'JA') return []
      if (v.ablauf && (v.ablauf < s.tag || v.ablauf > s.inTagen(w['tage']!))) return []
      const fehlt = [...unklar(v), ...ohne(v.ablauf, 'ablauf'), ...(verlaengert(v) === 'UNBEKANNT' ? ['verlaengert_sich'] : [])]
      return [befund(v.kunde, `v${v.id}:${v.ablauf ?? ''}`, besteht === 'UNBEKANNT' || !v.ablauf, fehlt)]
    }),

  G03: (h, s, w) =>
    h.vertraege.flatMap((v) => {
      const besteht = aktiv(v, s)
      if (!KUENDBAR.includes(v.sparte) || besteht === 'NEIN' || verlaengert(v) === 'NEIN') return []
      const hf = v.hauptfaelligkeit && naechste(v.hauptfaelligkeit, s.tag)
      if (v.sparte === 'KFZ' && hf?.endsWith('-01-01')) return []
      const monate = v.fristMonate ?? (v.sparte === 'KFZ' ? 1 : 3)
      const zugang = hf && Temporal.PlainDate.from(hf).subtract({ months: monate }).subtract({ days: 1 }).toString()
      if (zugang && (zugang < s.tag || zugang > s.inTagen(w['tage']!))) return []
      const besprochen = h.taten.filter((t) => t.vertrag === v.id && istErreicht(t)).map((t) => berlin(t.am))
      const zuletzt = spaeteste([v.beginn, v.merkmale.geprueftAm ?? null, ...besprochen])
      const grenze = s.vorMonaten(w['geprueftMonate']!)
      const { beitragVorherCent: vorher, beitragGeaendertAm: seit } = v.merkmale
      const teurer = Boolean(
        vorher && seit && v.beitrag !== null && v.beitrag * 100 >= vorher * (100 + w['anstiegProzent']!) && seit > s.vorMonaten(12),
      )
      if (!teurer && zuletzt !== null && zuletzt >= grenze) return []
      const bezeugt = h.betrieb.beginn <= grenze || v.merkmale.geprueftAm !== undefined || besprochen.length > 0
      const lange = zuletzt !== null && zuletzt < grenze && bezeugt
      const fehlt = [
        ...(besteht === 'UNBEKANNT' ? [woran(v)] : []),
        ...ohne(zugang, 'hauptfaelligkeit'),
        ...(verlaengert(v) === 'UNBEKANNT' ? ['verlaengert_sich'] : []),
        ...(!teurer && !bezeugt ? ['geprueft'] : []),
        ...(!teurer && zuletzt === null ? ['beginn'] : []),
      ]
      const trifft = besteht === 'JA' && zugang !== null && verlaengert(v) === 'JA' && (teurer || lange)
      return [befund(v.kunde, `v${v.id}:${zugang ?? ''}`, !trifft, fehlt)]
    }),

  G04: (h, s, w) =>
    h.vertraege.flatMap((v) => {
      const [jahr, frist] = [Number(s.tag.slice(0, 4)), `${s.tag.slice(0, 4)}-11-30`]
      const besteht = aktiv(v, s)
      if (v.sparte !== 'KFZ' || besteht === 'NEIN' || s.tag > frist || s.inTagen(w['tage']!) < frist) return []
      if (v.hauptfaelligkeit && naechste(v.hauptfaelligkeit, s.tag) !== `${jahr + 1}-01-01`) return []
      const fehlt = [...ohne(v.hauptfaelligkeit, 'hauptfaelligkeit'), ...(besteht === 'UNBEKANNT' ? [woran(v)] : [])]
      return [befund(v.kunde, `v${v.id}:${jahr}`, fehlt.length > 0, fehlt)]
    }),

  G06: (h, s, w) => {
    const offen = h.personen
      .filter((p) => p.art === 'NATUERLICH' && darf('G06', p) && (!p.geburtsdatum || zwischen(p, s, w['alterVon']!, 150)))
      .map((p) => ({ p, ...decktHaushalt(p, h, s) }))
      .filter(({ deckt }) => deckt !== 'JA')
      .map(({ p, deckt, fehlt }) => ({
        p,
        lage: deckt === 'NEIN' && p.geburtsdatum ? 0 : 1,
        fehlt: [...fehlt, ...ohne(p.geburtsdatum, 'geburtsdatum')],
      }))
    const jeHaushalt = Map.groupBy(offen, ({ p }) => (p.haushalt === null ? `k${p.id}` : `h${p.haushalt}`))
    return [...jeHaushalt].map(([schluessel, alle]) => {
      // The eldest who is certainly without stands for the household, else the eldest who may be.
      const [traeger] = alle.toSorted(
        (a, b) => a.lage - b.lage || (a.p.geburtsdatum ?? '9999').localeCompare(b.p.geburtsdatum ?? '9999') || a.p.id - b.p.id,
      )
      return befund(traeger!.p.id, schluessel, traeger!.lage === 1, traeger!.fehlt)
    })
  },

  G07: (h, s, w) =>
    h.personen.flatMap((p) => {
      if (p.art !== 'NATUERLICH' || (p.erwerbsstatus && !BERUFSTAETIG.includes(p.erwerbsstatus))) return []
      if (p.geburtsdatum && !zwischen(p, s, w['alterVon']!, w['alterBis']!)) return []
      const { deckt, fehlt } = decktPerson(p, h, s)
      if (deckt === 'JA') return []
      const alle = [...fehlt, ...ohne(p.geburtsdatum, 'geburtsdatum'), ...ohne(p.erwerbsstatus, 'erwerbsstatus')]
      return [befund(p.id, `k${p.id}`, alle.length > 0, alle)]
    }),

  G08: (h, s) =>
    h.vertraege.flatMap((v) => {
      const besteht = aktiv(v, s)
      if (v.sparte !== 'WOHNGEBAEUDE' || besteht === 'NEIN' || v.merkmale.elementar === 'JA') return []
      const fehlt = [...(v.merkmale.elementar ? [] : ['elementar']), ...(besteht === 'UNBEKANNT' ? [woran(v)] : [])]
      return [befund(v.kunde, `v${v.id}`, fehlt.length > 0, fehlt)]
    }),

  G10: (h, s, w) =>
    h.personen.flatMap((p) => {
      if (p.art !== 'NATUERLICH' || p.haushalt === null) return []
      if (!p.geburtsdatum) return [befund(p.id, `k${p.id}:18:`, true, ['geburtsdatum'])]
      const tag = geburtstag(p.geburtsdatum, 18)
      return tag >= s.tag && tag <= s.inTagen(w['tage']!) ? [befund(p.id, `k${p.id}:18:${tag}`, false, [])] : []
    }),

  G14: (h, s, w) =>
    h.vertraege.flatMap((v) => {
      const besteht = lebend(v, s)
      if (!LEBEN.includes(v.sparte) || besteht === 'NEIN') return []
      if (v.ablauf && (v.ablauf < s.tag || v.ablauf > s.inTagen(w['tage']!))) return []
      return [befund(v.kunde, `v${v.id}:${v.ablauf ?? ''}`, besteht === 'UNBEKANNT' || !v.ablauf, [...unklar(v), ...ohne(v.ablauf, 'ablauf')])]
    }),

  G18: (h, s, w) =>
    h.personen.flatMap((p) => {
      const eigene = h.vertraege.filter((v) => v.kunde === p.id && v.bestandsart === 'EIGEN' && aktiv(v, s) !== 'NEIN')
      if (eigene.length === 0) return []
      const grenze = s.vorMonaten(w['monate']!)
      const zuletzt = spaeteste(h.taten.filter((t) => t.kunde === p.id && istErreicht(t)).map((t) => berlin(t.am)))
      const erfasst = berlin(p.erstelltAm)
      const still = zuletzt ?? p.kundeSeit ?? (erfasst < grenze ? erfasst : null)
      if (still !== null && still >= grenze) return []
      const fehlt = [
        ...(h.betrieb.beginn > grenze ? ['kontakt'] : []),
        ...(still === null ? ['kunde_seit'] : []),
        ...(eigene.some((v) => aktiv(v, s) === 'JA') ? [] : ['status']),
      ]
      return [befund(p.id, `k${p.id}`, fehlt.length > 0, fehlt)]
    }),

  G20: (h, s, w) =>
    h.personen.flatMap((p) => {
      if (p.art !== 'NATUERLICH') return []
      const seine = h.einwilligungen.filter((e) => e.kunde === p.id && (e.kanal === 'EMAIL' || e.kanal === 'TELEFON'))
      if (seine.some((e) => e.erteilt <= s.tag && !(e.widerrufen && e.widerrufen <= s.tag))) return []
      const fragen = h.taten.filter(
        (t) => t.kunde === p.id && t.art === 'DOKUMENTATION' && t.gevo === 'G20' && !['FEHLBEFUND', 'KONTAKTDATEN_FALSCH'].includes(t.ergebnis),
      )
      const gefragt = spaeteste([...seine.map((e) => e.widerrufen), ...fragen.map((t) => berlin(t.am))])
      return gefragt !== null && gefragt >= s.vorMonaten(w['monate']!) ? [] : [befund(p.id, `k${p.id}`, false, [])]
    }),

  G23: (h, s) => {
    const felder = new Map<number, Set<string>>()
    const merke = (kunde: number, feld: string): unknown => (felder.get(kunde) ?? felder.set(kunde, new Set()).get(kunde)!).add(feld)
    for (const gevo of Object.keys(LESARTEN))
      if (gevo !== 'G23')
        for (const { lage, kunde, fehlt } of lies(gevo, h, s))
          if (lage === 'UNBEKANNT' && !fehlt.some((feld) => ['kontakt', 'geprueft', 'kunde_seit'].includes(feld)))
            for (const feld of fehlt) merke(kunde, feld)
    for (const t of h.taten)
      if (t.art === 'DOKUMENTATION' && t.ergebnis === 'KONTAKTDATEN_FALSCH' && t.am > person(h, t.kunde).geaendertAm) merke(t.kunde, 'kontaktdaten')
    return [...felder].map(([kunde, alle]) => ({ kunde, schluessel: `k${kunde}`, lage: 'TRIFFT', fehlt: [...alle].sort() }))
  },
}

/** Whether the rule may speak of the person at all. */
function darf(gevo: string, p: Person): boolean {
  if (p.status !== 'AKTIV' || p.verstorben || p.eingeschraenkt || p.loeschen) return false
  return !(WERBUNG.includes(gevo) && p.werbewiderspruch)
}

function verlaengert({ verlaengert: gesagt, sparte }: Vertrag): Drei {
  if (gesagt) return gesagt
  if (VERLAENGERT_SICH.includes(sparte) || KRANKEN.includes(sparte)) return 'JA'
  return ENDET.includes(sparte) ? 'NEIN' : 'UNBEKANNT'
}

/** Begun, not cancelled, not left. */
function lebend(v: Vertrag, { tag }: Stichtag): Drei {
  if (['STORNIERT', 'ABGELAUFEN', 'ANTRAG'].includes(v.status) || (v.beginn && v.beginn > tag) || (v.abgang && v.abgang <= tag)) return 'NEIN'
  return v.status === 'UNBEKANNT' || !v.beginn ? 'UNBEKANNT' : 'JA'
}

/** In force: on the day before Ablauf, not on the day; a renewing one goes on, for 13 months on trust. */
function aktiv(v: Vertrag, s: Stichtag): Drei {
  const besteht = lebend(v, s)
  if (besteht === 'NEIN' || !v.ablauf || v.ablauf > s.tag) return besteht
  if (verlaengert(v) === 'NEIN') return 'NEIN'
  return besteht === 'JA' && v.bestaetigt && v.bestaetigt >= s.vorMonaten(13) ? 'JA' : 'UNBEKANNT'
}

function woran(v: Vertrag): string {
  return v.status === 'UNBEKANNT' ? 'status' : v.beginn ? 'bestaetigt_am' : 'beginn'
}
function unklar(v: Vertrag): string[] {
  return [...(v.status === 'UNBEKANNT' ? ['status'] : []), ...ohne(v.beginn, 'beginn')]
}

interface Deckung {
  deckt: Drei
  fehlt: string[]
}

function decktHaushalt(p: Person, h: Haushalt, s: Stichtag): Deckung {
  return zusammen(
    h.vertraege.flatMap((v): Deckung[] => {
      const besteht = aktiv(v, s)
      const grob = v.sparte === 'HAFTPFLICHT' || v.sparte === 'UNBEKANNT'
      if ((v.sparte !== 'PHV' && !grob) || besteht === 'NEIN') return []
      const genannt = v.kunde === p.id || v.versichert === p.id
      const daheim = p.haushalt !== null && v.kunde !== p.id && person(h, v.kunde).haushalt === p.haushalt && v.merkmale.familie !== 'NEIN'
      const offen = (familie: boolean): Deckung => {
        const feld = grob ? 'sparte' : familie && !v.merkmale.familie ? 'familie' : besteht === 'UNBEKANNT' ? woran(v) : null
        return feld ? { deckt: 'UNBEKANNT', fehlt: [feld] } : { deckt: 'JA', fehlt: [] }
      }
      return [...(genannt ? [offen(false)] : []), ...(daheim ? [offen(true)] : [])]
    }),
  )
}

function decktPerson(p: Person, h: Haushalt, s: Stichtag): Deckung {
  return zusammen(
    h.vertraege.flatMap((v): Deckung[] => {
      const besteht = aktiv(v, s)
      const grob = v.sparte === 'UNBEKANNT'
      const zusatz = ['LV', 'RLV', 'RV'].includes(v.sparte) && Boolean(v.merkmale.wagnisarten?.some((art) => art === '4' || art === '8'))
      if ((v.sparte !== 'BU' && !zusatz && !grob) || besteht === 'NEIN') return []
      const imHaushalt = v.kunde === p.id || (p.haushalt !== null && person(h, v.kunde).haushalt === p.haushalt)
      const namenlos = v.versichert === null && v.versichertName === null
      const seiner = v.versichert !== null ? v.versichert === p.id : imHaushalt && (namenlos || heisst(v.versichertName!, p))
      if (!seiner) return []
      const feld = grob ? 'sparte' : namenlos ? 'versicherte_person' : besteht === 'UNBEKANNT' ? woran(v) : null
      return [feld ? { deckt: 'UNBEKANNT', fehlt: [feld] } : { deckt: 'JA', fehlt: [] }]
    }),
  )
}

function zusammen(einzeln: Deckung[]): Deckung {
  if (einzeln.some(({ deckt }) => deckt === 'JA')) return { deckt: 'JA', fehlt: [] }
  return { deckt: einzeln.length > 0 ? 'UNBEKANNT' : 'NEIN', fehlt: einzeln.flatMap(({ fehlt }) => fehlt) }
}

function heisst(namen: string, p: Person): boolean {
  const falte = (text: string): string => text.toLowerCase().replaceAll('ü', 'ue').normalize('NFD').replaceAll(/\p{M}/gu, '').trim()
  return namen.split(', ').some((name) => falte(name) === falte([p.vorname, p.name].filter((teil) => teil !== null).join(' ')))
}

function istErreicht(t: Tat): boolean {
  if (t.art === 'KONTAKT') return t.richtung === 'EIN' || GESPROCHEN.includes(t.ergebnis)
  return ['TELEFON', 'PERSOENLICH', 'CHAT'].includes(t.kanal) && BERATEN.includes(t.ergebnis)
}

function zwischen(p: Person, s: Stichtag, von: number, bis: number): boolean {
  return geburtstag(p.geburtsdatum!, von) <= s.tag && s.tag < geburtstag(p.geburtsdatum!, bis + 1)
}

/** Day on which `jahre` years are completed; of 29 February in a common year 1 March. */
function geburtstag(geboren: string, jahre: number): string {
  const jahr = Number(geboren.slice(0, 4)) + jahre
  const tag = geboren.slice(5) === '02-29' && !schaltjahr(jahr) ? '03-01' : geboren.slice(5)
  return `${String(jahr).padStart(4, '0')}-${tag}`
}

/** The first day after `tag` on which a year of the contract begins. */
function naechste(hauptfaelligkeit: string, tag: string): string {
  for (let jahr = Number(hauptfaelligkeit.slice(0, 4)); ; jahr++) {
    const dieses = hauptfaelligkeit.slice(5) === '02-29' && !schaltjahr(jahr) ? `${jahr}-02-28` : `${jahr}-${hauptfaelligkeit.slice(5)}`
    if (dieses > tag) return dieses
  }
}

function schaltjahr(jahr: number): boolean {
  return (jahr % 4 === 0 && jahr % 100 !== 0) || jahr % 400 === 0
}

function berlin(instant: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO('Europe/Berlin').toPlainDate().toString()
}
function spaeteste(tage: (string | null)[]): string | null {
  return tage.reduce((bisher, tag) => (tag !== null && (bisher === null || tag > bisher) ? tag : bisher), null)
}
function ohne(wert: string | null, feld: string): string[] {
  return wert === null ? [feld] : []
}
function befund(kunde: number, schluessel: string, ungewiss: boolean, fehlt: string[]): Befund {
  return { kunde, schluessel, lage: ungewiss ? 'UNBEKANNT' : 'TRIFFT', fehlt: [...new Set(fehlt)].sort() }
}
function person(h: Haushalt, id: number): Person {
  return h.personen.find((p) => p.id === id)!
}
