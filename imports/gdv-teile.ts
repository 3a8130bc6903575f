/** What the records of a Sparte (0210) and of its risks (0220) say about a contract, gathered in the order of the file. */
import type { Merkmale } from '../domain/merkmale.ts'
import { type Kontext, type Satz, code, datum, ganzzahl, jaNein, text } from './gdv-feld.ts'
import type { GelieferterVertrag } from './lieferung.ts'

export interface Teile {
  produkt: string | null
  vertragsstatus: string | null
  /** Premium of the Sparte in its 0210, and in which currency. */
  beitragCent: number | null
  waehrung: string | null
  /** Rechtsschutz and Schutzbrief say these below 0200. */
  zahlungsweise: string | null
  hauptfaelligkeit: string | null
  /** Of the Versicherungsnehmer (0210.020). */
  beruf: string | null
  versicherte: GelieferterVertrag['versicherte']
  /** Of each of them. */
  berufe: (string | null)[]
  wagnisarten: string[]
  wagnistexte: string[]
  /** More texts that may say what kind of liability it is. */
  texte: string[]
  merkmale: Merkmale
  /** Codes whose meaning is not known. */
  roh: Record<string, string>
}

export function readTeile(k: Kontext, saetze: readonly Satz[], stand: string | null): Teile {
  const t: Teile = {
    produkt: null,
    vertragsstatus: null,
    beitragCent: null,
    waehrung: null,
    zahlungsweise: null,
    hauptfaelligkeit: null,
    beruf: null,
    versicherte: [],
    berufe: [],
    wagnisarten: [],
    wagnistexte: [],
    texte: [],
    merkmale: {},
    roh: {},
  }
  for (const satz of saetze) {
    if (satz.art === '0210') readSparte(k, satz, t)
    else if (satz.art === '0220') readWagnis(k, satz, t, stand)
  }
  return t
}

function readSparte(k: Kontext, satz: Satz, t: Teile): void {
  t.produkt ??= text(satz, 'Produktname') ?? text(satz, 'Spartenbezeichnung')
  if (satz.teil.nr !== 1) return
  t.vertragsstatus ??= text(satz, 'Vertragsstatus')
  t.beitragCent ??= ganzzahl(k, satz, 'GesbeitragInWE') ?? ganzzahl(k, satz, 'GespraemieInWE') ?? ganzzahl(k, satz, 'BeitragInWE')
  readZahlung(k, satz, t)
  const m = t.merkmale
  switch (satz.teil.bild) {
    case '0210.020':
      t.beruf ??= text(satz, 'BerufText')
      break
    case '0210.050': {
      const kennzeichen = text(satz, 'AmtlichesKennzeichen')
      if (kennzeichen !== null) m.kennzeichen ??= kennzeichen.replace(/ +/g, ' ')
      break
    }
    case '0210.130': {
      const flaeche = ganzzahl(k, satz, 'WohnflaecheQm')
      if (flaeche) m.wohnflaeche ??= flaeche
      setJaNein(satz, 'UnterversVerzicht', 'unterversicherungsverzicht', t)
      // M stands for Elementarschäden among the versicherte Gefahren; that it is missing need not say so in older deliveries.
      if (text(satz, 'VersicherteGefahren')?.includes('M')) m.elementar = 'JA'
      setSumme(k, satz, 'GesVersssummeInWE', m)
      setAnschrift(satz, 'PLZRisikoanschrift', m)
      break
    }
    case '0210.140':
      setSumme(k, satz, 'GesVersssummeInWE', m)
      break
    case '0210.580': {
      const summe = ganzzahl(k, satz, 'Bausparsumme')
      if (summe) m.summeCent ??= summe
      t.produkt ??= text(satz, 'Tarifbezeichnung')
    }
  }
}

function readWagnis(k: Kontext, satz: Satz, t: Teile, stand: string | null): void {
  const { bild, nr } = satz.teil
  const m = t.merkmale
  if (bild === '0220.010' || bild === '0220.040') addNeu(t.wagnisarten, code(satz, 'Wagnisart'))
  switch (bild) {
    case '0220.010':
      addVersicherte(k, satz, t, 'NameVp', 'VornameVp')
      setSumme(k, satz, satz.roh[59] === '1' ? 'ErlebensfallVsInWEZumAblauf' : 'TodesfallVsInWEZumAblauf', m)
      // Only a contract under § 10a EStG has them.
      if (ganzzahl(k, satz, 'EingerechneteZulage') || ganzzahl(k, satz, 'Altersvorsorgevermoegen')) m.riester = 'JA'
      break
    case '0220.020':
      addVersicherte(k, satz, t, 'NameVersichertenPersonVp', 'VornameVersichertenPersonVp')
      break
    case '0220.030':
      addVersicherte(k, satz, t, 'NameVp', 'VornameVp')
      break
    case '0220.040':
      addNeu(t.wagnistexte, text(satz, 'Wagnistext'))
      addNeu(t.texte, text(satz, 'Wagnisbeschreibung'))
      break
    case '0220.051':
      if (nr === 1) addKfzTeil(k, satz, t, 'KH', 'KhAusschluss', stand)
      setKlasse(satz, 'KhSfSKlasse', 'sfKh', m)
      break
    case '0220.052':
      if (nr === 1) addKfzTeil(k, satz, t, 'VK', 'KfvAusschluss', stand)
      setKlasse(satz, 'KfvSfSKlasse', 'sfVk', m)
      break
    case '0220.053':
      if (nr === 1) addKfzTeil(k, satz, t, 'TK', 'KftAusschluss', stand)
      break
    case '0220.054':
      if (nr === 1) addKfzTeil(k, satz, t, 'UNFALL', 'KUAusschluss', stand)
      break
    case '0220.055':
      if (/schutzbrief/i.test(text(satz, 'Bausteinbezeichnung') ?? '')) addKfzTeil(k, satz, t, 'SCHUTZBRIEF', 'BausteinAusschluss', stand)
      break
    case '0220.070':
    case '0220.510':
      readZahlung(k, satz, t)
      break
    case '0220.110':
      setAnschrift(satz, 'PLZRisikoanschrift', m)
      break
    case '0220.140':
      if (nr === 1) setAnschrift(satz, 'PLZZurRisikoanschrift', m)
      else {
        setJaNein(satz, 'Elementarschaeden', 'elementar', t)
        setJaNein(satz, 'UnterVerssverzicht', 'unterversicherungsverzicht', t)
        setSumme(k, satz, 'VersssummeAktuellInWE', m)
      }
  }
}

function readZahlung(k: Kontext, satz: Satz, t: Teile): void {
  t.zahlungsweise ??= text(satz, 'Zahlungsweise')
  t.hauptfaelligkeit ??= datum(k, satz, 'Hauptfaelligkeit')
}

function addVersicherte(k: Kontext, satz: Satz, t: Teile, feldName: string, feldVorname: string): void {
  const name = text(satz, feldName)
  if (name === null) return
  const person = { name, vorname: text(satz, feldVorname), geburtsdatum: datum(k, satz, 'GeburtsdatumVp') }
  for (const eine of t.versicherte)
    if (eine.name === person.name && eine.vorname === person.vorname && eine.geburtsdatum === person.geburtsdatum) return
  t.versicherte.push(person)
  t.berufe.push(text(satz, 'BerufText'))
}

/** Not where it was excluded by the day the delivery speaks of. */
function addKfzTeil(k: Kontext, satz: Satz, t: Teile, teil: string, feldAusschluss: string, stand: string | null): void {
  const ausschluss = datum(k, satz, feldAusschluss)
  if (ausschluss !== null && (stand === null || ausschluss <= stand)) return
  addNeu((t.merkmale.kfzTeile ??= []), teil)
}

function setKlasse(satz: Satz, feld: string, merkmal: 'sfKh' | 'sfVk', m: Merkmale): void {
  const klasse = text(satz, feld)
  if (klasse !== null) m[merkmal] ??= klasse
}

/** Several objects: what one of them has is said; a no is a no of all. */
function setJaNein(satz: Satz, feld: string, merkmal: 'elementar' | 'unterversicherungsverzicht', t: Teile): void {
  const antwort = jaNein(satz, feld)
  const roh = text(satz, feld)
  if (antwort === 'JA' || (antwort === 'NEIN' && t.merkmale[merkmal] === undefined)) t.merkmale[merkmal] = antwort
  else if (antwort === null && roh !== null) t.roh[merkmal] = roh
}

/** Whole Währungseinheiten; zero says nothing. The largest of several. */
function setSumme(k: Kontext, satz: Satz, feld: string, m: Merkmale): void {
  const summe = ganzzahl(k, satz, feld)
  if (summe) m.summeCent = Math.max(m.summeCent ?? 0, summe * 100)
}

function setAnschrift(satz: Satz, feldPlz: string, m: Merkmale): void {
  const ort = [text(satz, feldPlz), text(satz, 'Risikoort')].filter((teil) => teil !== null).join(' ')
  const anschrift = [text(satz, 'RisikoStr'), ort].filter(Boolean).join(', ')
  if (anschrift !== '') m.risikoanschrift ??= anschrift
}

function addNeu(liste: string[], wert: string | null): void {
  if (wert !== null && !liste.includes(wert)) liste.push(wert)
}
