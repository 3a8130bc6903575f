/** The records of one Versicherungsschein-Nummer → persons, contracts, dunnings and claims that point at each other. */
import { readMahnung, readSchaden } from './gdv-ereignisse.ts'
import { type Kontext, type Satz, code, text } from './gdv-feld.ts'
import type { Gruppe } from './gdv-fenster.ts'
import { isVersicherungsnehmer, readPerson } from './gdv-kunde.ts'
import { hauptsparte } from './gdv-sparte.ts'
import { type Gelesen, readVertraege } from './gdv-vertrag.ts'
import type { Meldung } from './lieferung.ts'

/** What is read of a package; every other record is counted. */
export const GELESENE_SATZARTEN = new Set(['0100', '0102', '0052', '0200', '0202', '0210', '0220', '0400', '0500'])

export interface Gruppenkontext extends Kontext {
  paket: number
  /** The day the package speaks of. */
  stand: string | null
  neueNummer(): number
  /** The Versicherungsnehmer of a number whose address came long before, see gdv-fenster.ts. */
  merkeAdresse(gruppe: Gruppe, person: number): void
  findAdresse(gruppe: Gruppe): number | null
}

interface Adresse {
  teile: Satz[]
  /** Contracts of the group that came before it. */
  vertraegeDavor: number
  /** null: it does not say. */
  vn: boolean | null
  nr: number | null
}

export function readGruppe(k: Gruppenkontext, gruppe: Gruppe): Meldung[] {
  const { vuNummer, saetze } = gruppe
  const adressen = collectAdressen(saetze)
  const vertraege = collectVertraege(k, saetze).map((teile) => readVertraege(k, vuNummer, teile, k.stand))
  const aus: Meldung[] = []
  const nehmer = vertraege.map((_, stelle) => chooseNehmer(adressen, stelle))
  const ersatz = nehmer[0] ?? chooseNehmer(adressen, Infinity)
  for (const adresse of adressen) {
    const vertrag = nehmer.indexOf(adresse)
    const istVn = vertrag >= 0 || adresse.vn === true || adresse === ersatz
    const person = readPerson(k, vuNummer, adresse.teile, istVn ? findBeruf(saetze, adresse, vertraege[vertrag]) : null)
    if (!person) continue
    adresse.nr = person.nr = k.neueNummer()
    person.paket = k.paket
    if (istVn) person.rolle = 'VN'
    aus.push({ art: 'person', person })
  }
  if (vertraege.length === 0 && ersatz && ersatz.nr !== null) k.merkeAdresse(gruppe, ersatz.nr)
  const gevo = readGeschaeftsvorfall(saetze)
  vertraege.forEach((gelesen, stelle) => {
    const person = nehmer[stelle]?.nr ?? (adressen.length === 0 ? k.findAdresse(gruppe) : null)
    if (person === null && gelesen[0])
      k.melde({ zeile: gelesen[0].vertrag.zeile, teil: null }, null, 'Zu diesem Vertrag fehlt die Adresse des Versicherungsnehmers (Satzart 0100).')
    for (const { vertrag } of gelesen) {
      if (gevo !== null) vertrag.merkmale.roh = { ...vertrag.merkmale.roh, geschaeftsvorfall: gevo }
      vertrag.paket = k.paket
      vertrag.person = person
      aus.push({ art: 'vertrag', vertrag })
    }
  })
  for (let stelle = 0; stelle < saetze.length; stelle++) {
    const satz = saetze[stelle]!
    if (satz.art === '0400') {
      const mahnung = readMahnung(k, vuNummer, satz)
      if (mahnung) aus.push({ art: 'mahnung', mahnung: { ...mahnung, paket: k.paket } })
    } else if (satz.teil.schluessel === '0500.1') {
      const zweiter = saetze[stelle + 1]?.teil.schluessel === '0500.2' ? saetze[stelle + 1] : undefined
      const schaden = readSchaden(k, vuNummer, satz, zweiter)
      if (schaden) aus.push({ art: 'schaden', schaden: { ...schaden, paket: k.paket } })
    }
  }
  return aus
}

function collectAdressen(saetze: readonly Satz[]): Adresse[] {
  const adressen: Adresse[] = []
  let vertraegeDavor = 0
  for (const satz of saetze) {
    if (satz.teil.schluessel === '0200.1') vertraegeDavor++
    if (satz.art !== '0100') continue
    if (satz.teil.nr === 1 || adressen.length === 0) adressen.push({ teile: [satz], vertraegeDavor, vn: isVersicherungsnehmer(satz), nr: null })
    else adressen.at(-1)!.teile.push(satz)
  }
  return adressen
}

/**
 * Each: a 0200 TDS 1 with what belongs to it. Mostly what follows; where several contracts of one number come one after the other and
 * their risks behind them, the one of the same Sparte.
 */
function collectVertraege(k: Kontext, saetze: readonly Satz[]): Satz[][] {
  const vertraege: Satz[][] = []
  let ohneVertrag: Satz | undefined
  for (const satz of saetze) {
    if (satz.teil.schluessel === '0200.1') vertraege.push([satz])
    else if (satz.art.startsWith('02')) {
      const letzter = vertraege.at(-1)
      const passt = letzter && (satz.art === '0200' || isBuendel(letzter[0]!) || isGleicheSparte(letzter[0]!, satz))
      const ziel = passt ? letzter : (vertraege.findLast(([kopf]) => isGleicheSparte(kopf!, satz)) ?? letzter)
      if (ziel) ziel.push(satz)
      else ohneVertrag ??= satz
    }
  }
  if (ohneVertrag && vertraege.length > 0) vertraege[0]!.push(...saetze.slice(0, saetze.indexOf(vertraege[0]![0]!)).filter(isTeilDesVertrags))
  else if (ohneVertrag)
    k.melde(ohneVertrag, null, 'Der Vertrag (Satzart 0200) zu diesem Satz fehlt oder steht zu weit davor; die Sätze dazu wurden nicht gelesen.')
  return vertraege
}

function isTeilDesVertrags({ art }: Satz): boolean {
  return art.startsWith('02')
}

function isBuendel(kopf: Satz): boolean {
  return kopf.roh[9] !== ' ' || hauptsparte(kopf.sparte) === '000'
}

function isGleicheSparte(a: Satz, b: Satz): boolean {
  return hauptsparte(a.sparte) === hauptsparte(b.sparte)
}

/** The Versicherungsnehmer's address next before the contract, else the next after it; one that does not say whose it is where none says so. */
function chooseNehmer(adressen: readonly Adresse[], stelle: number): Adresse | undefined {
  let gewaehlt: Adresse | undefined
  for (const adresse of adressen) {
    if (adresse.vn === false) continue
    const besser = gewaehlt === undefined || (adresse.vn === true && gewaehlt.vn === null)
    const naeher = adresse.vertraegeDavor <= stelle && adresse.vn === gewaehlt?.vn
    if (besser || naeher) gewaehlt = adresse
  }
  return gewaehlt
}

/** 0102 of the same person (or of the only one), else what the contract says of the Versicherungsnehmer. */
function findBeruf(saetze: readonly Satz[], adresse: Adresse, vertraege: readonly Gelesen[] | undefined): string | null {
  const zweiter = adresse.teile.find(({ teil }) => teil.nr === 2)
  const nummer = zweiter ? code(zweiter, 'LfdPersonenNrimGeVo') : null
  for (const satz of saetze) {
    if (satz.art !== '0102') continue
    const wessen = code(satz, 'LfdPersonenNrImGeVo')
    const beruf = text(satz, 'BerufTextBeruflicheStellung')
    if (beruf !== null && (wessen === null || nummer === null ? isEinzige(saetze) : Number(wessen) === Number(nummer))) return beruf
  }
  const [name, vorname] = [text(adresse.teile[0]!, 'Name1'), text(adresse.teile[0]!, 'Name3')]
  for (const { beruf, berufe, vertrag } of vertraege ?? []) {
    const selbst = vertrag.versicherte.findIndex((person) => person.name === name && person.vorname === vorname)
    const seiner = beruf ?? berufe[selbst] ?? null
    if (seiner !== null) return seiner
  }
  return null
}

function isEinzige(saetze: readonly Satz[]): boolean {
  return saetze.filter(({ teil }) => teil.schluessel === '0100.1').length === 1
}

function readGeschaeftsvorfall(saetze: readonly Satz[]): string | null {
  const satz = saetze.find(({ teil }) => teil.schluessel === '0052.1')
  return satz ? code(satz, 'KategorieGeschaeftsvorfalls') : null
}
