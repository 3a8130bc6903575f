/**
 * Every route of the app that takes part in a security test: who may use it, on whose rows, and a body it takes. The matrix, the origin
 * tests, the limits and the walk with polyglots go through this one table; a route without a line here fails the matrix.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Hono } from 'hono'
import { PASSWORT, type Buero, type Reihe } from './buero.ts'

/**
 * OFFEN: anybody, logged in or not. PERSON: whoever is logged in, on what is his own or nobody's. BESTAND: the portfolio's Vermittler
 * and the Supervisor. LEITUNG: every Supervisor, about his own Betrieb. VORGESETZT: the Supervisor of these rows' Betrieb.
 */
export type Darf = 'OFFEN' | 'PERSON' | 'BESTAND' | 'LEITUNG' | 'VORGESETZT'

/** The rows a request is about. */
export interface Ziel {
  buero: Buero
  reihe: Reihe
}

export interface Route {
  darf: Darf
  pfad: string | ((ziel: Ziel) => string)
  /** Fields of a form the route takes from whoever may. */
  form?: Record<string, string> | ((ziel: Ziel) => Record<string, string>)
  /** Instead of `form`: with a file in it. */
  datei?: { name: string; inhalt: () => Uint8Array<ArrayBuffer> | string }
  /** The same with rows of somebody else named in the query or the body, on the own address. */
  fremdes?: (fremd: Ziel) => { query?: Record<string, string>; form?: Record<string, string> }
  /** What whoever may is answered. Default: 200, 204 or 303. */
  status?: number
  /** A POST that leaves no trace, and why. */
  folgenlos?: string
  /** Only the application keeps a Vermittler from it: row-level security would let him do it to his own portfolio. */
  nurAnwendung?: true
}

const ALTBESTAND = '/regeln/werbeeinwilligung-fehlt/altbestand'
const lieferung =
  (welche: 'import' | 'quarantaene' | 'gescheitert', rest: string) =>
  ({ buero }: Ziel) =>
    `/importe/${buero[welche]}${rest}`
const AKTION = 'aktion-0815-0815'
const G01 = 'versicherungsluecken-junge-kunden'
const fall =
  (rest = '') =>
  ({ reihe }: Ziel) =>
    `/faelle/${reihe.fall}${rest}`
const vorgang =
  (rest: string) =>
  ({ reihe }: Ziel) =>
    `/vorgaenge/${reihe.vorgang}${rest}`
const kunde =
  (rest = '') =>
  ({ reihe }: Ziel) =>
    `/kunden/${reihe.kunde}${rest}`
const kollege =
  (rest = '') =>
  ({ buero }: Ziel) =>
    `/mitarbeiter/${buero.ben.id}${rest}`
const vertrag = ({ reihe }: Ziel) => `/kunden/${reihe.kunde}/vertraege/${reihe.vertrag}/bearbeiten`
const vermittler = ({ reihe }: Ziel) => ({ query: { vermittler: String(reihe.vermittler) } })
const termin = { wann: 'ANDERS', datum: '14.12.2026', zeit: '10:00' }

export const ROUTEN: Record<string, Route> = {
  'GET /static/:datei': { darf: 'OFFEN', pfad: '/static/basis.css' },
  'GET /healthz': { darf: 'OFFEN', pfad: '/healthz' },
  'GET /readyz': { darf: 'OFFEN', pfad: '/readyz' },
  'GET /anmelden': { darf: 'OFFEN', pfad: '/anmelden' },
  'POST /anmelden': { darf: 'OFFEN', pfad: '/anmelden', form: ({ buero }) => ({ email: buero.anna.email, passwort: PASSWORT }) },
  'POST /abmelden': { darf: 'OFFEN', pfad: '/abmelden', form: {}, folgenlos: 'without a session there is none to end' },
  'GET /passwort-vergessen': { darf: 'OFFEN', pfad: '/passwort-vergessen' },
  'POST /passwort-vergessen': { darf: 'OFFEN', pfad: '/passwort-vergessen', form: ({ buero }) => ({ email: buero.anna.email }) },
  'GET /passwort/:token': { darf: 'OFFEN', pfad: '/passwort/gibtesnicht', status: 410 },
  'POST /passwort/:token': { darf: 'OFFEN', pfad: ({ buero }) => `/passwort/${buero.link}`, form: { passwort: 'Nebel Kante Ofen' } },
  'GET /einrichtung': { darf: 'OFFEN', pfad: '/einrichtung', status: 410 },
  'POST /einrichtung': { darf: 'OFFEN', pfad: '/einrichtung', form: { token: 'x' }, status: 410, folgenlos: 'done once, it is over' },
  'POST /profil/passwort': { darf: 'PERSON', pfad: '/profil/passwort', form: { bisher: PASSWORT, passwort: 'Nebel Kante Ofen' } },

  'GET /': { darf: 'PERSON', pfad: '/' },
  'GET /geschaeftsvorfaelle': { darf: 'PERSON', pfad: '/geschaeftsvorfaelle', fremdes: vermittler },
  'GET /geschaeftsvorfaelle/:key': {
    darf: 'PERSON',
    pfad: `/geschaeftsvorfaelle/${G01}`,
    fremdes: ({ reihe }) => ({ query: { fall: String(reihe.fall), vermittler: String(reihe.vermittler) } }),
  },
  'GET /geschaeftsvorfaelle/:key/naechster': {
    darf: 'PERSON',
    pfad: `/geschaeftsvorfaelle/${G01}/naechster`,
    fremdes: ({ reihe }) => ({ query: { nach: String(reihe.fall), vermittler: String(reihe.vermittler) } }),
  },

  'GET /faelle/:id': { darf: 'BESTAND', pfad: fall() },
  'GET /faelle/:id/dokumentation': { darf: 'BESTAND', pfad: fall('/dokumentation') },
  'POST /faelle/:id/dokumentation': {
    darf: 'BESTAND',
    pfad: fall('/dokumentation'),
    form: { aktion: AKTION, ergebnis: 'HINWEIS_GEGEBEN', kanal: 'TELEFON', notiz: 'Notiz', vorgaenge: 'BLEIBEN' },
  },
  'GET /faelle/:id/wizard': { darf: 'BESTAND', pfad: fall('/wizard'), fremdes: vermittler },
  'POST /faelle/:id/ruecknahme': { darf: 'BESTAND', pfad: ({ reihe }) => `/faelle/${reihe.dokumentiert}/ruecknahme`, form: { aktion: AKTION } },
  'GET /faelle/:id/kontakt': { darf: 'BESTAND', pfad: fall('/kontakt') },
  'POST /faelle/:id/kontakt': {
    darf: 'BESTAND',
    pfad: fall('/kontakt'),
    form: { aktion: AKTION, kanal: 'TELEFON', ergebnis: 'NICHT_ERREICHT', notiz: 'Notiz' },
  },
  'GET /faelle/:id/email': { darf: 'BESTAND', pfad: fall('/email') },
  'POST /faelle/:id/email': {
    darf: 'BESTAND',
    pfad: fall('/email'),
    form: { aktion: AKTION, an: 'kundin@kunde.example', betreff: 'Betreff', inhalt: 'Text', grund: 'hat darum gebeten' },
  },
  'GET /faelle/:id/wiedervorlage': { darf: 'BESTAND', pfad: fall('/wiedervorlage') },
  'POST /faelle/:id/wiedervorlage': {
    darf: 'BESTAND',
    pfad: fall('/wiedervorlage'),
    form: { aktion: AKTION, ...termin, titel: 'Titel', notiz: 'Notiz' },
  },
  'GET /faelle/:id/angaben': { darf: 'BESTAND', pfad: fall('/angaben') },
  'POST /faelle/:id/angaben': { darf: 'BESTAND', pfad: fall('/angaben'), form: { erwerbsstatus: 'ANGESTELLT', beruf: 'Schreinerin' } },
  'GET /faelle/:id/aktionen': { darf: 'BESTAND', pfad: fall('/aktionen') },
  'GET /faelle/:id/chat': { darf: 'BESTAND', pfad: fall('/chat') },
  'GET /faelle/:id/sperre': { darf: 'VORGESETZT', pfad: ({ reihe }) => `/faelle/${reihe.gesperrt}/sperre` },
  'POST /faelle/:id/sperre': {
    darf: 'VORGESETZT',
    pfad: ({ reihe }) => `/faelle/${reihe.gesperrt}/sperre`,
    form: { aktion: AKTION, grund: 'Grund' },
    nurAnwendung: true,
  },

  'GET /vorgaenge': { darf: 'PERSON', pfad: '/vorgaenge', fremdes: vermittler },
  'GET /vorgaenge/neu': { darf: 'BESTAND', pfad: ({ reihe }) => `/vorgaenge/neu?kunde=${reihe.kunde}` },
  'POST /vorgaenge/neu': {
    darf: 'BESTAND',
    pfad: ({ reihe }) => `/vorgaenge/neu?kunde=${reihe.kunde}`,
    form: { aktion: AKTION, ...termin, titel: 'Titel', notiz: 'Notiz' },
  },
  'GET /vorgaenge/:id/termin': { darf: 'BESTAND', pfad: vorgang('/termin') },
  'POST /vorgaenge/:id/termin': { darf: 'BESTAND', pfad: vorgang('/termin'), form: { aktion: AKTION, ...termin } },
  'POST /vorgaenge/:id/erledigung': { darf: 'BESTAND', pfad: vorgang('/erledigung'), form: { aktion: AKTION } },
  'POST /vorgaenge/:id/loeschung': { darf: 'BESTAND', pfad: vorgang('/loeschung'), form: { aktion: AKTION } },

  'GET /entwicklung/postausgang': { darf: 'PERSON', pfad: '/entwicklung/postausgang' },
  'GET /entwicklung/postausgang/:id': { darf: 'BESTAND', pfad: ({ reihe }) => `/entwicklung/postausgang/${reihe.mail}` },

  'GET /kunden': {
    darf: 'PERSON',
    pfad: '/kunden',
    fremdes: ({ reihe, buero }) => ({ query: { q: `Kanarie${buero.name}`, vermittler: String(reihe.vermittler) } }),
  },
  'GET /kunden/neu': { darf: 'PERSON', pfad: '/kunden/neu' },
  'POST /kunden/neu': {
    darf: 'PERSON',
    pfad: '/kunden/neu',
    form: { aktion: AKTION, art: 'NATUERLICH', name: 'Neumann', vorname: 'Elif', ort: 'Ulm' },
  },
  'GET /kunden/:id': { darf: 'BESTAND', pfad: kunde() },
  'GET /kunden/:id/bearbeiten': { darf: 'BESTAND', pfad: kunde('/bearbeiten') },
  'POST /kunden/:id/bearbeiten': {
    darf: 'BESTAND',
    pfad: kunde('/bearbeiten'),
    form: { version: '1', art: 'NATUERLICH', name: 'Neumann', vorname: 'Elif', ort: 'Ulm' },
  },
  'GET /kunden/:id/vermittler': { darf: 'VORGESETZT', pfad: kunde('/vermittler') },
  'POST /kunden/:id/vermittler': {
    darf: 'VORGESETZT',
    pfad: kunde('/vermittler'),
    form: ({ buero }) => ({ aktion: 'aaaaaaaa-0000-4000-8000-000000000000', vermittler: String(buero.ben.id) }),
    fremdes: ({ buero }) => ({ form: { vermittler: String(buero.anna.id) } }),
    nurAnwendung: true,
  },
  'GET /kunden/:id/vertragsspiegel': { darf: 'BESTAND', pfad: kunde('/vertragsspiegel') },
  'GET /kunden/:id/vertraege/neu': { darf: 'BESTAND', pfad: kunde('/vertraege/neu') },
  'POST /kunden/:id/vertraege/neu': {
    darf: 'BESTAND',
    pfad: kunde('/vertraege/neu'),
    form: {
      aktion: AKTION,
      sparte: 'HAUSRAT',
      bestandsart: 'EIGEN',
      vu_nummer: 'NEU',
      vu_neu: '5342',
      versicherer_name: 'Hansa',
      vsnr: 'V 1',
      produkt: 'Komfort',
    },
    fremdes: ({ reihe }) => ({ form: { versicherte_person: String(reihe.kunde) } }),
  },

  'GET /kunden/:id/vertraege/:vertrag/bearbeiten': { darf: 'BESTAND', pfad: vertrag },
  'POST /kunden/:id/vertraege/:vertrag/bearbeiten': {
    darf: 'BESTAND',
    pfad: vertrag,
    form: { version: '1', sparte: 'HAUSRAT', bestandsart: 'EIGEN', vu_nummer: '5342', vsnr: 'V 2', produkt: 'Komfort', status: 'AKTIV' },
    fremdes: ({ reihe }) => ({ form: { versicherte_person: String(reihe.kunde) } }),
  },
  'POST /kunden/:id/abweichungen/:abweichung': {
    darf: 'BESTAND',
    pfad: ({ reihe }) => `/kunden/${reihe.kunde}/abweichungen/${reihe.abweichung}`,
    form: { antwort: 'BEHALTEN' },
  },

  'GET /importe': { darf: 'LEITUNG', pfad: '/importe' },
  'POST /importe': { darf: 'LEITUNG', pfad: '/importe', form: { aktion: AKTION }, datei: { name: 'bestand.gdv', inhalt: gdvDatei } },
  'POST /importe/agenturnummern': { darf: 'LEITUNG', pfad: '/importe/agenturnummern', form: {}, folgenlos: 'no number waits for a Vermittler' },
  'GET /importe/:id': { darf: 'VORGESETZT', pfad: ({ buero }) => `/importe/${buero.import}` },
  'GET /importe/:id/zuordnung': { darf: 'VORGESETZT', pfad: ({ buero }) => `/importe/${buero.import}/zuordnung` },
  'POST /importe/:id/zuordnung': { darf: 'VORGESETZT', pfad: ({ buero }) => `/importe/${buero.import}/zuordnung`, form: { 'spalte-0': 'name' } },
  'GET /importe/:id/befunde.csv': { darf: 'VORGESETZT', pfad: lieferung('import', '/befunde.csv') },
  'POST /importe/:id/abbruch': { darf: 'VORGESETZT', pfad: lieferung('quarantaene', '/abbruch'), form: {} },
  'POST /importe/:id/freigabe': { darf: 'VORGESETZT', pfad: lieferung('quarantaene', '/freigabe'), form: {} },
  'POST /importe/:id/verwerfung': { darf: 'VORGESETZT', pfad: lieferung('quarantaene', '/verwerfung'), form: {} },
  'POST /importe/:id/wiederholung': { darf: 'VORGESETZT', pfad: lieferung('gescheitert', '/wiederholung'), form: {} },
  'POST /importe/:id/umfang': { darf: 'VORGESETZT', pfad: lieferung('quarantaene', '/umfang'), form: { liefert: 'AENDERUNG' } },
  'GET /importe/klaeren': { darf: 'LEITUNG', pfad: '/importe/klaeren' },
  'GET /importe/klaeren/:id': { darf: 'VORGESETZT', pfad: ({ buero }) => `/importe/klaeren/${buero.zweifel}` },
  'POST /importe/klaeren/:id': { darf: 'VORGESETZT', pfad: ({ buero }) => `/importe/klaeren/${buero.zweifel}`, form: { antwort: 'NEU' } },
  'GET /importe/haushalte': { darf: 'LEITUNG', pfad: '/importe/haushalte' },
  'POST /importe/haushalte': {
    darf: 'VORGESETZT',
    pfad: '/importe/haushalte',
    form: ({ buero }) => ({ antwort: 'ZUSAMMEN', 'haushalt[]': String(buero.haushaltsfrage) }),
  },
  'GET /importe/abweichungen': { darf: 'LEITUNG', pfad: '/importe/abweichungen' },
  'GET /importe/quellen': { darf: 'LEITUNG', pfad: '/importe/quellen' },
  'POST /importe/quellen/:id': {
    darf: 'VORGESETZT',
    pfad: ({ buero }) => `/importe/quellen/${buero.quelle}`,
    form: { name: 'Hansa Bestand', liefert: 'BESTAND' },
  },
  'GET /nachtlaeufe': { darf: 'LEITUNG', pfad: '/nachtlaeufe' },
  'POST /nachtlaeufe': { darf: 'LEITUNG', pfad: '/nachtlaeufe', form: {} },
  'GET /nachtlaeufe/:id': { darf: 'VORGESETZT', pfad: ({ buero }) => `/nachtlaeufe/${buero.nachtlauf}` },
  'GET /anlauf': { darf: 'LEITUNG', pfad: '/anlauf' },
  'POST /anlauf': { darf: 'LEITUNG', pfad: '/anlauf', form: { tagesquote: '7' } },
  'GET /anlauf/vorschau.csv': { darf: 'LEITUNG', pfad: '/anlauf/vorschau.csv' },
  'GET /regeln': { darf: 'LEITUNG', pfad: '/regeln' },
  'GET /regeln/:key': { darf: 'LEITUNG', pfad: `/regeln/${G01}` },
  'POST /regeln/:key': { darf: 'LEITUNG', pfad: `/regeln/${G01}`, form: { an: '1', prio: '2', 'wert-alterBis': '40', version: '1' } },
  'POST /regeln/:key/vorgabe': { darf: 'LEITUNG', pfad: `/regeln/${G01}/vorgabe`, form: { version: '1' } },
  'GET /regeln/:key/vorschau': { darf: 'LEITUNG', pfad: `/regeln/${G01}/vorschau` },
  'GET /regeln/:key/vorschau.csv': { darf: 'LEITUNG', pfad: `/regeln/${G01}/vorschau.csv` },
  'POST /regeln/:key/altbestand': { darf: 'LEITUNG', pfad: ALTBESTAND, form: { aktion: AKTION, grund: 'Grund', bis: '01.06.2027' } },
  'POST /regeln/:key/altbestand/:nr/ruecknahme': {
    darf: 'VORGESETZT',
    pfad: ({ buero }) => `${ALTBESTAND}/${buero.altbestand}/ruecknahme`,
    form: {},
  },
  'GET /regeln/:key/stand/:nr': { darf: 'PERSON', pfad: `/regeln/${G01}/stand/1` },
  'GET /hilfe/geschaeftsvorfaelle': { darf: 'PERSON', pfad: '/hilfe/geschaeftsvorfaelle' },

  'GET /mitarbeiter': { darf: 'LEITUNG', pfad: '/mitarbeiter' },
  'POST /mitarbeiter': {
    darf: 'LEITUNG',
    pfad: '/mitarbeiter',
    form: { vorname: 'Nora', name: 'Neu', email: 'nora.neu@lindner.example', telefon: '040 1234567', rolle: 'VERMITTLER' },
  },
  'GET /mitarbeiter/:id': { darf: 'VORGESETZT', pfad: kollege() },
  'POST /mitarbeiter/:id': {
    darf: 'VORGESETZT',
    pfad: kollege(),
    form: ({ buero }) => ({ vorname: 'Benno', name: 'Neu', email: buero.ben.email, telefon: '040 1234567', rolle: 'VERMITTLER' }),
  },
  'POST /mitarbeiter/:id/link': { darf: 'VORGESETZT', pfad: kollege('/link'), form: { aktion: AKTION } },
  'POST /mitarbeiter/:id/aktiv': { darf: 'VORGESETZT', pfad: kollege('/aktiv'), form: { aktiv: '0' } },
  'POST /mitarbeiter/:id/agenturnummern': { darf: 'VORGESETZT', pfad: kollege('/agenturnummern'), form: { vu_nummer: '5342', nummer: 'N 77' } },
  'POST /mitarbeiter/:id/agenturnummern/loeschung': {
    darf: 'VORGESETZT',
    pfad: kollege('/agenturnummern/loeschung'),
    form: ({ buero }) => ({ vu_nummer: '5342', nummer: `A${buero.reihen.ben.kunde}` }),
  },
  'GET /versicherer': { darf: 'LEITUNG', pfad: '/versicherer' },
  'POST /versicherer': { darf: 'LEITUNG', pfad: '/versicherer', form: { vu_nummer: '5342', name: 'Hansa Sach' } },
  'GET /betrieb': { darf: 'LEITUNG', pfad: '/betrieb' },
  'POST /betrieb': {
    darf: 'LEITUNG',
    pfad: '/betrieb',
    form: { name: 'Lindner', ort: 'Ulm', bundesland: 'BW', tagesquote: '9', importbremse_prozent: '25' },
  },
  'POST /betrieb/demo': { darf: 'LEITUNG', pfad: '/betrieb/demo', form: {}, folgenlos: 'only a demo Betrieb goes this way' },
  'GET /system': { darf: 'LEITUNG', pfad: '/system' },
  'POST /system/mails/:id/wiederholung': {
    darf: 'VORGESETZT',
    pfad: ({ reihe }) => `/system/mails/${reihe.mail}/wiederholung`,
    form: {},
    nurAnwendung: true,
  },
  'GET /profil': { darf: 'PERSON', pfad: '/profil' },
  'POST /profil': { darf: 'PERSON', pfad: '/profil', form: { thema: 'dunkel', tasten: '1' } },
}

export interface Anfrage {
  methode: string
  pfad: string
  form: Record<string, string> | undefined
  /** What is sent: the form, or the form with its file. */
  koerper: URLSearchParams | FormData | undefined
}

export function toAnfrage(name: string, ziel: Ziel, mehr: Record<string, string> = {}): Anfrage {
  const { pfad, form, datei } = ROUTEN[name]!
  const methode = name.split(' ')[0]!
  const felder = form && { ...(typeof form === 'function' ? form(ziel) : form), ...mehr }
  return { methode, pfad: typeof pfad === 'function' ? pfad(ziel) : pfad, form: felder, koerper: felder && toKoerper(felder, datei) }
}

/** 'GET /faelle/:id' for each route of the app; what stands before all of them is none. */
export function listRouten(app: { routes: Hono['routes'] }): string[] {
  const ohneMuster = (pfad: string): string => pfad.replace(/\{(?:[^{}]|\{[^}]*\})*\}/g, '')
  return [...new Set(app.routes.filter(({ method }) => method !== 'ALL').map((r) => `${r.method} ${ohneMuster(r.path)}`))]
}

function toKoerper(felder: Record<string, string>, datei: Route['datei']): URLSearchParams | FormData {
  if (!datei) return new URLSearchParams(felder)
  const daten = new FormData()
  for (const [name, wert] of Object.entries(felder)) daten.set(name, wert)
  daten.set('datei', new File([datei.inhalt()], datei.name))
  return daten
}

function gdvDatei(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path.join(import.meta.dirname, '../daten/gdv/musterdatei_2009.txt')))
}
