/**
 * One package of a delivery (Vorsatz 0001 … Nachsatz 9999), line after line → messages. Nothing of it counts before its end: there it is
 * accepted or rejected as a whole.
 */
import { type Satz, datumAt, text, textAt } from './gdv-feld.ts'
import { createFenster } from './gdv-fenster.ts'
import { GELESENE_SATZARTEN, type Gruppenkontext, readGruppe } from './gdv-gruppe.ts'
import { type Lesart, readSatz } from './gdv-saetze.ts'
import { SATZLAENGE, type Satzbild, TEILSAETZE, type Teilsatz, findSatzbild } from './gdv-satzbild.ts'
import { createSummen } from './gdv-summen.ts'
import type { Zeile } from './gdv-zeilen.ts'
import type { Meldung } from './lieferung.ts'
import { type Zeichensatz, erkenneZeichensatz, isUtf8 } from './zeichensatz.ts'

export interface Paketleser {
  /** Satzart of the last line. */
  letzte: string
  nimm(zeile: Zeile): void
  /** Returns whether the package was accepted. */
  ende(): boolean
}

/** Lines looked at before the code page is decided. */
const PROBE = 2_000
/** Worth a look at the names; the others are usual. */
const SELTENE: readonly Zeichensatz[] = ['CP850', 'MacRoman']
const HOHE = /[\x80-\xff]/
/** Addresses that wait for their contracts; the oldest are let go. */
const HOECHSTENS_ADRESSEN = 200_000
const OHNE_VORSATZ = 'Vor diesen Sätzen fehlt der Vorsatz 0001; nichts davon wurde übernommen.'
const UNLESBAR = 'Mehr als die Hälfte der Sätze ist unlesbar; nichts aus diesem Paket wurde übernommen.'

export interface Paketauftrag {
  nr: number
  /** Records in the window, see gdv-fenster.ts. */
  fenster: number
  sende(meldung: Meldung): void
  /** Numbers of persons are unique in the file. */
  neueNummer(): number
}

export function createPaketleser(erste: Zeile, { nr, fenster: groesse, sende, neueNummer }: Paketauftrag): Paketleser {
  const melde = (zeile: number | null, byte: number | null, feld: string | null, text: string): void =>
    sende({ art: 'befund', befund: { paket: nr, zeile, byte, feld, text } })
  const meldeFeld: Gruppenkontext['melde'] = ({ zeile, teil }, feld, text) => {
    const ort = feld === null ? undefined : teil?.felder[feld]
    melde(zeile, ort?.[0] ?? null, ort?.[2] ?? null, text)
  }
  const mitVorsatz = erste.roh.startsWith('0001')
  const vu = mitVorsatz ? erste.roh.slice(4, 9) : ''
  const lesart: Lesart = { zeichensatz: 'ISO-8859-1', zeichenstellen: true, vu, voll: false, nummeriert: erste.roh[SATZLAENGE - 1] === '1', melde }
  const fenster = createFenster(vu.trim(), groesse)
  const summen = createSummen()
  const adressen = new Map<string, number>()
  const fassungen = new Map<string, { satz: Satz; feld: string; geliefert: number }>()
  const gesehen = new Set<Satzbild>()
  const kontext: Gruppenkontext = {
    paket: nr,
    stand: null,
    melde: meldeFeld,
    neueNummer,
    merkeAdresse({ schluessel }, person) {
      if (adressen.size >= HOECHSTENS_ADRESSEN) adressen.delete(adressen.keys().next().value!)
      adressen.set(schluessel, person)
    },
    findAdresse({ schluessel }) {
      const person = adressen.get(schluessel) ?? null
      adressen.delete(schluessel)
      return person
    },
  }
  /** Lines that wait until their code page is decided; null while none has to. */
  let wartend: Zeile[] | null = []
  let umlauteGesehen = false
  let gemeldet = false
  let [saetze, unlesbar, gezaehlt] = [0, 0, 0]
  let nachsatz: Satz | undefined
  let letzteZeile = erste.nr

  const entscheide = (): void => {
    const zeilen = wartend ?? []
    wartend = null
    const mitHohen = zeilen.filter(({ roh }) => HOHE.test(roh))
    umlauteGesehen ||= mitHohen.length > 0
    const { zeichensatz, unsicher } = erkenneZeichensatz(mehrheit(mitHohen).join('\n'))
    lesart.zeichensatz = zeichensatz
    lesart.zeichenstellen = !hasBytestellen(mitHohen)
    if (!gemeldet) sendeKopf()
    else if (zeichensatz !== 'ISO-8859-1' && !SELTENE.includes(zeichensatz))
      melde(mitHohen[0]!.nr, null, null, `Ab hier kommen Umlaute vor; gelesen als ${zeichensatz}.`)
    if (SELTENE.includes(zeichensatz)) melde(mitHohen[0]!.nr, null, null, `Die Umlaute sind in ${zeichensatz} geschrieben und so gelesen worden.`)
    if (unsicher)
      melde(mitHohen[0]!.nr, null, null, `Der Zeichensatz ist nicht eindeutig; gelesen als ${zeichensatz}. Einzelne Zeichen können falsch sein.`)
    for (const zeile of zeilen) lies(zeile)
  }

  const sendeKopf = (): void => {
    gemeldet = true
    const satz = mitVorsatz ? readSatz(erste, { ...lesart, melde: () => undefined }) : undefined
    const kopf = satz?.teil ? { ...satz, teil: satz.teil } : undefined
    if (kopf) kontext.stand = readStand(kontext, kopf)
    sende({
      art: 'paket',
      paket: { nr, vuNummer: vu.trim(), absender: kopf ? textAt(kopf, 10, 39) : '', zeichensatz: lesart.zeichensatz, stand: kontext.stand },
    })
  }

  const lies = (zeile: Zeile): void => {
    saetze++
    letzteZeile = zeile.nr
    if (!lesart.voll && zeile.roh.length === SATZLAENGE && zeile.roh.endsWith(' ')) lesart.voll = true
    const satz = readSatz(zeile, lesart)
    if (!satz) {
      unlesbar++
      gezaehlt++
      return
    }
    if (satz.art !== '0001' && satz.art !== '9999') gezaehlt++
    if (satz.teil === null || !mitVorsatz) return
    if (satz.art === '0001') readFassungen(satz)
    else if (satz.art === '9999') nachsatz = satz
    else {
      checkFassung(satz)
      summen.nimm(satz)
      if (GELESENE_SATZARTEN.has(satz.art)) for (const gruppe of fenster.nimm(satz)) readGruppe(kontext, gruppe).forEach(sende)
    }
  }

  const readFassungen = (satz: Satz): void => {
    for (const feld of Object.keys(satz.teil.felder)) {
      const stellen = /[A-Za-z](\d{4}|\d{7})$/.exec(feld)?.[1]
      const geliefert = stellen === undefined ? Number.NaN : Number(text(satz, feld) ?? Number.NaN)
      if (stellen !== undefined && geliefert > 0) fassungen.set(bildOf(stellen), { satz, feld, geliefert })
    }
  }

  /** The Vorsatz names the version of each Satzart: what a newer one than ours says, we cannot know. Older ones only have fewer fields. */
  const checkFassung = (satz: Satz): void => {
    const bild = findSatzbild(satz.art, satz.sparte)
    if (gesehen.has(bild)) return
    gesehen.add(bild)
    const angabe = fassungen.get(satz.teil.bild)
    if (!angabe || angabe.geliefert <= satz.teil.fassung) return
    const text = `Die Fassung ${angabe.geliefert.toFixed(1)} ist neuer als die gelesene (${satz.teil.fassung.toFixed(1)}); einzelne Felder können falsch sein.`
    meldeFeld(angabe.satz, angabe.feld, text)
  }

  const checkEnde = (): boolean | null => {
    if (nachsatz) return summen.vergleiche(nachsatz, gezaehlt, (feld, text) => meldeFeld(nachsatz!, feld, text))
    melde(letzteZeile, null, null, 'Der Nachsatz 9999 fehlt; das Paket ist vielleicht nicht vollständig angekommen.')
    return false
  }

  return {
    letzte: '',
    nimm(zeile) {
      this.letzte = zeile.roh.slice(0, 4)
      if (wartend === null && !umlauteGesehen && HOHE.test(zeile.roh)) wartend = []
      if (wartend === null) lies(zeile)
      else if (wartend.push(zeile) >= PROBE) entscheide()
    },
    ende() {
      if (wartend !== null) entscheide()
      for (const gruppe of fenster.leere()) readGruppe(kontext, gruppe).forEach(sende)
      const abgelehnt = !mitVorsatz ? OHNE_VORSATZ : unlesbar * 2 > saetze ? UNLESBAR : null
      if (abgelehnt !== null) melde(erste.nr, 1, null, abgelehnt)
      const summenStimmen = abgelehnt === null ? checkEnde() : null
      sende({ art: 'paketEnde', paket: { nr, saetze, abgelehnt, summenStimmen } })
      return abgelehnt === null
    },
  }
}

/** '0210050' → '0210.050'; of a general record the Sparte is 000. */
function bildOf(stellen: string): string {
  if (stellen.length === 7) return `${stellen.slice(0, 4)}.${stellen.slice(4)}`
  return TEILSAETZE[`${stellen}.1`] ? stellen : `${stellen}.000`
}

/** Lines from elsewhere must not make the rest doubtful: those in UTF-8, or those that are not. */
function mehrheit(zeilen: readonly Zeile[]): string[] {
  const alle = zeilen.map(({ roh }) => roh)
  const utf8 = alle.filter(isUtf8)
  return utf8.length * 2 > alle.length ? utf8 : alle.filter((roh) => !isUtf8(roh))
}

/** UTF-8 whose fields were cut by bytes: lines with umlauts are 256 bytes long (so fewer characters), and none is longer. */
function hasBytestellen(zeilen: readonly Zeile[]): boolean {
  return zeilen.some(({ roh }) => roh.length === SATZLAENGE) && zeilen.every(({ roh }) => roh.length <= SATZLAENGE)
}

/** "Erstellungs-Datum Zeitraum vom – bis", bytes 70–77 and 78–85: the last day the package speaks of. */
function readStand(k: Gruppenkontext, vorsatz: Satz & { teil: Teilsatz }): string | null {
  const feld = 'ErstellungsDatumZeitraumVomZeitraumBis'
  const stand = datumAt(k, vorsatz, 78, 85, feld) ?? datumAt(k, vorsatz, 70, 77, feld)
  if (stand === null) k.melde(vorsatz, feld, 'Das Datum der Lieferung ist nicht zu lesen; angenommen ist der Tag des Imports.')
  return stand
}
