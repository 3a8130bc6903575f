/** Which column of a table means what: by its heading, then by what stands in it. Certain is only what both agree on. */
import { type Spaltenzuordnung, type Tabellenfeld } from '../domain/tabellenfelder.ts'
import { istFirma, splitAnschrift, splitPlzOrt } from './tabelle-name.ts'
import { readSparte } from './tabelle-sparte.ts'
import { deute } from './tabelle-ueberschriften.ts'
import type { FindVu } from './tabelle-versicherer.ts'
import {
  readAnrede,
  readDatum,
  readErwerbsstatus,
  readFamilienstand,
  readGeld,
  readJaNein,
  readKennung,
  readMail,
  readNummer,
  readPlz,
  readStatus,
  readZahlungsweise,
} from './tabelle-werte.ts'
import { istLeer } from './tabelle-zelle.ts'

export interface Spaltenvorschlag {
  ueberschrift: string
  feld: Tabellenfeld | null
  /** How it was told; null: not at all. */
  woran: 'NAME' | 'INHALT' | null
  /** Nobody needs to look. */
  sicher: boolean
  /** The first three different values. */
  beispiele: string[]
}

export interface Spaltenlage {
  heute: string
  findVu: FindVu
}

const BEISPIELE = 3
const BEISPIEL_LAENGE = 60
/** Shares of the filled cells. */
const MEIST = 0.8
const OFT = 0.5

type Probe = (zelle: string) => boolean

export function proposeSpalten(ueberschriften: readonly string[], zeilen: readonly (readonly string[])[], lage: Spaltenlage): Spaltenvorschlag[] {
  const proben = createProben(lage)
  const werte = ueberschriften.map((_, i) => zeilen.map((zellen) => zellen[i] ?? '').filter((zelle) => !istLeer(zelle)))
  const spalten = ueberschriften.map((ueberschrift, i) => byName(ueberschrift, werte[i]!, proben))
  settleNamen(spalten, werte)
  settleVersicherte(spalten)
  settleDoppelte(spalten)
  byInhalt(spalten, werte, { proben, findVu: lage.findVu })
  return spalten
}

/** The mapping as proposed; a table that does not say whether contracts run leaves that open. */
export function toVorschlag(spalten: readonly Spaltenvorschlag[]): Spaltenzuordnung {
  return { felder: spalten.map(({ feld }) => feld), ohneStatus: 'UNBEKANNT', ohneBestandsart: 'EIGEN' }
}

function byName(ueberschrift: string, werte: readonly string[], proben: Partial<Record<Tabellenfeld, Probe>>): Spaltenvorschlag {
  const gedeutet = deute(ueberschrift)
  const probe = gedeutet?.feld && proben[gedeutet.feld]
  const passt = !probe || werte.length === 0 ? 1 : share(werte, probe)
  return {
    ueberschrift,
    feld: gedeutet?.feld ?? null,
    woran: gedeutet ? 'NAME' : null,
    sicher: gedeutet !== undefined && gedeutet.genau && passt >= MEIST,
    beispiele: [...new Set(werte)].slice(0, BEISPIELE).map((wert) => wert.slice(0, BEISPIEL_LAENGE)),
  }
}

/** "Name" beside "Vorname" is the family name; alone it may hold both. */
function settleNamen(spalten: Spaltenvorschlag[], werte: readonly string[][]): void {
  const vorname = spalten.some(({ feld }) => feld === 'vorname')
  const namen = spalten.flatMap((spalte, i) => (spalte.feld === 'name' || spalte.feld === 'vollname' ? [{ spalte, i }] : []))
  if (vorname) {
    const [erste, ...weitere] = namen.toSorted((a, b) => Number(b.spalte.feld === 'name') - Number(a.spalte.feld === 'name'))
    if (erste) erste.spalte.feld = 'name'
    for (const { spalte } of weitere) leave(spalte)
    return
  }
  for (const { spalte, i } of namen) {
    const zwei = share(werte[i]!, (zelle) => /[\s,]/.test(zelle) && !istFirma(zelle))
    const firmen = share(werte[i]!, istFirma)
    if (zwei + firmen >= OFT && zwei > 0) spalte.feld = 'vollname'
    else {
      // Family names only, and no column for the others: a person should look.
      spalte.feld = 'name'
      spalte.sicher &&= firmen >= MEIST
    }
  }
}

/** A second birthday beside an insured person is hers. */
function settleVersicherte(spalten: Spaltenvorschlag[]): void {
  const vp = spalten.findIndex(({ feld }) => feld === 'versichertePerson')
  const geburten = spalten.filter(({ feld }) => feld === 'geburtsdatum')
  if (vp < 0 || geburten.length !== 2) return
  const zweite = spalten.slice(vp).find(({ feld }) => feld === 'geburtsdatum')
  if (zweite) Object.assign(zweite, { feld: 'versichertePersonGeburt', sicher: false })
}

/** Of two columns for one field the certain one, else the first. */
function settleDoppelte(spalten: Spaltenvorschlag[]): void {
  const gruppen = Map.groupBy(
    spalten.filter(({ feld }) => feld !== null),
    ({ feld }) => feld,
  )
  for (const gruppe of gruppen.values()) {
    const bleibt = gruppe.find(({ sicher }) => sicher) ?? gruppe[0]!
    for (const spalte of gruppe) if (spalte !== bleibt) leave(spalte)
  }
  // The street may stand in a line of its own beside the whole address.
  if (gruppen.has('strasse') && gruppen.has('anschrift')) for (const spalte of gruppen.get('anschrift')!) leave(spalte)
  if (gruppen.has('beitrag') && gruppen.has('jahresbeitrag')) for (const spalte of gruppen.get('jahresbeitrag')!) leave(spalte)
  if (gruppen.has('plz') && gruppen.has('plzOrt')) for (const spalte of gruppen.get('plzOrt')!) leave(spalte)
}

function leave(spalte: Spaltenvorschlag): void {
  Object.assign(spalte, { feld: null, sicher: false })
}

/** Where the one is known the other is not looked for. */
const STATT: Partial<Record<Tabellenfeld, Tabellenfeld>> = { plz: 'plzOrt', plzOrt: 'plz', vollname: 'name', anschrift: 'strasse' }

/** Columns whose heading says nothing, by what they hold. IBANs are known and left out. */
function byInhalt(
  spalten: Spaltenvorschlag[],
  werte: readonly string[][],
  { proben, findVu }: { proben: Partial<Record<Tabellenfeld, Probe>>; findVu: FindVu },
): void {
  const inhalte: readonly (readonly [Tabellenfeld | null, Probe])[] = [
    [null, (zelle) => /^[A-Z]{2}\d{2}(\s?[A-Z0-9]){11,30}$/.test(zelle)],
    ['email', proben.email!],
    ['geburtsdatum', proben.geburtsdatum!],
    ['plzOrt', (zelle) => splitPlzOrt(zelle).plz !== null],
    ['anschrift', (zelle) => splitAnschrift(zelle) !== undefined],
    ['plz', (zelle) => /^\d{5}$/.test(zelle)],
    ['strasse', (zelle) => /(str\.?|straße|strasse|weg|allee|platz|gasse|ring|damm|ufer)\s*\d+\s*[a-z]?$/i.test(zelle)],
    ['sparte', proben.sparte!],
    ['versicherer', (zelle) => /\D{3}/.test(zelle) && findVu(zelle) !== undefined],
    ['vollname', (zelle) => /^\p{Lu}[\p{L}.'-]+,? (\p{L}[\p{L}.'-]*,? ){0,3}\p{Lu}[\p{L}.'-]+$/u.test(zelle)],
    ['mobil', (zelle) => /^(\+49|0049|0)\s?\(?0?\)?1[567]\d/.test(zelle)],
  ]
  for (const [i, spalte] of spalten.entries()) {
    if (spalte.woran !== null || werte[i]!.length === 0) continue
    for (const [feld, probe] of inhalte) {
      if (feld !== null && spalten.some((andere) => andere.feld === feld || andere.feld === STATT[feld])) continue
      if (share(werte[i]!, probe) < MEIST || (feld === 'geburtsdatum' && new Set(werte[i]).size < 2)) continue
      Object.assign(spalte, { feld, woran: 'INHALT', sicher: feld === null })
      break
    }
  }
}

/** What must be readable for a column to be what its heading says. */
function createProben({ heute, findVu }: Spaltenlage): Partial<Record<Tabellenfeld, Probe>> {
  const tag: Probe = (zelle) => readDatum(zelle, heute, 'NAH').ok
  const geld: Probe = (zelle) => readGeld(zelle).ok
  const jaNein: Probe = (zelle) => readJaNein(zelle).ok
  const erteilt: Probe = (zelle) => tag(zelle) || jaNein(zelle)
  const jahr = Number(heute.slice(0, 4))
  return {
    geburtsdatum: (zelle) => {
      const gelesen = readDatum(zelle, heute, 'VERGANGEN')
      const alter = gelesen.ok && gelesen.wert ? jahr - Number(gelesen.wert.slice(0, 4)) : -1
      return alter >= 0 && alter <= 110
    },
    versichertePersonGeburt: tag,
    kundeSeit: tag,
    beginn: tag,
    ablauf: tag,
    abgangAm: tag,
    antragsdatum: tag,
    maklervollmachtAm: tag,
    einwilligungAm: tag,
    einwilligungTelefon: erteilt,
    einwilligungEmail: erteilt,
    einwilligungSms: erteilt,
    einwilligungChat: erteilt,
    hauptfaelligkeit: (zelle) => tag(zelle) || /^\d{1,2}\.\d{1,2}\.?$/.test(zelle),
    beitrag: geld,
    jahresbeitrag: geld,
    beitragBrutto: geld,
    summe: geld,
    fremdvertrag: jaNein,
    verlaengertSich: jaNein,
    elementar: jaNein,
    unterversicherungsverzicht: jaNein,
    familie: jaNein,
    email: (zelle) => readMail(zelle).ok,
    telefon: (zelle) => readNummer(zelle).ok,
    mobil: (zelle) => readNummer(zelle).ok,
    plz: (zelle) => readPlz(zelle, true).ok || /^\d{4}$|^[A-Z]{1,3}-\d+$/.test(zelle),
    plzOrt: (zelle) => splitPlzOrt(zelle).plz !== null,
    anschrift: (zelle) => splitAnschrift(zelle) !== undefined,
    sparte: (zelle) => readSparte(zelle) !== undefined,
    zahlungsweise: (zelle) => readZahlungsweise(zelle).ok,
    status: (zelle) => readStatus(zelle).ok,
    familienstand: (zelle) => readFamilienstand(zelle).ok,
    erwerbsstatus: (zelle) => readErwerbsstatus(zelle).ok,
    anrede: (zelle) => readAnrede(zelle).ok,
    vsnr: (zelle) => readKennung(zelle).ok && /\d/.test(zelle),
    vuNummer: (zelle) => /^(VU[\s:-]*)?\d{3,5}$/i.test(zelle),
    versicherer: (zelle) => findVu(zelle) !== undefined || !/^\d+$/.test(zelle),
    kuendigungsfristMonate: (zelle) => /^\d{1,2}\b/.test(zelle),
    wohnflaeche: (zelle) => /^\d{1,5}\b/.test(zelle),
  }
}

function share(werte: readonly string[], probe: Probe): number {
  return werte.length === 0 ? 0 : werte.filter(probe).length / werte.length
}
