/**
 * The GDV reader: bytes of a delivery (GDV-Datensatz VU-Vermittler) → customers, contracts, findings. Pure. Read so far: 0001, 0100 TDS 1–3,
 * 0200, and of 0210 and 0220 what Sparte, versicherte Person and bundles need; the rest is counted and left.
 */
import { leser, readDatum, textAt } from './gdv-feld.ts'
import { type GdvKunde, readKunde } from './gdv-kunde.ts'
import { type Befund, type Paket, type Satz, readSaetze } from './gdv-saetze.ts'
import { type GdvVertrag, readVertraege } from './gdv-vertrag.ts'
import type { Zeichensatz } from './zeichensatz.ts'

export type { Befund } from './gdv-saetze.ts'
export type { GdvKunde } from './gdv-kunde.ts'
export type { GdvVertrag, VersichertePerson } from './gdv-vertrag.ts'

export interface GdvPaket {
  nr: number
  vuNummer: string
  absender: string
  zeichensatz: Zeichensatz
  /** Last day the package speaks of (0001, "Zeitraum bis"), null where unreadable. */
  stand: string | null
  saetze: number
  /** Nothing of it is in `kunden` and `vertraege`. */
  abgelehnt: boolean
}

export interface GdvLieferung {
  pakete: GdvPaket[]
  /** Versicherungsnehmer, one entry for each contract: the same person comes as often as it was delivered. */
  kunden: GdvKunde[]
  vertraege: GdvVertrag[]
  befunde: Befund[]
}

/** Versions of the description (0001) up to which the places in gdv-felder.ts hold. */
const FASSUNGEN = { Satzart0100: 2.3, Satzart0200: 2.5 }
const VERSICHERUNGSNEHMER = '01'

export function readGdv(bytes: Uint8Array): GdvLieferung {
  const { pakete, befunde } = readSaetze(bytes)
  const lieferung: GdvLieferung = { pakete: [], kunden: [], vertraege: [], befunde }
  if (!pakete.some(({ abgelehnt }) => abgelehnt === undefined))
    befunde.push({
      paket: null,
      zeile: null,
      byte: null,
      feld: null,
      text: 'Die Datei enthält kein lesbares GDV-Paket (Vorsatz 0001 bis Nachsatz 9999).',
    })
  for (const paket of pakete) readPaket(paket, lieferung)
  return lieferung
}

function readPaket({ nr, saetze, zeichensatz, abgelehnt }: Paket, lieferung: GdvLieferung): void {
  const { befunde } = lieferung
  const vuNummer = abgelehnt ? '' : textAt(saetze[0]!, 5, 9)
  const stand = abgelehnt ? null : readStand(saetze[0]!, befunde)
  const absender = abgelehnt ? '' : textAt(saetze[0]!, 10, 39)
  lieferung.pakete.push({ nr, vuNummer, absender, zeichensatz, stand, saetze: saetze.length, abgelehnt: abgelehnt !== undefined })
  if (abgelehnt) return
  for (const gruppe of groupByVertrag(saetze, vuNummer, befunde)) {
    const kunde = readVersicherungsnehmer(gruppe, befunde)
    const stelle = kunde === undefined ? null : lieferung.kunden.push(kunde) - 1
    for (const teile of gruppe.vertraege) {
      for (const vertrag of readVertraege(gruppe.vuNummer, teile, befunde)) {
        if (stelle === null) meldeOhneAdresse(vertrag, befunde)
        lieferung.vertraege.push({ ...vertrag, kunde: stelle, stand })
      }
    }
  }
  checkNachsatz(saetze, lieferung, nr)
}

interface Gruppe {
  vuNummer: string
  /** Each: the Teildatensätze of one person. */
  personen: Satz[][]
  /** Each: a 0200 with what belongs to it. */
  vertraege: Satz[][]
}

/** Records of one Versicherungsschein-Nummer belong together, wherever they stand; 0200 begins a contract, 0100 TDS 1 a person. */
function groupByVertrag(saetze: readonly Satz[], vuNummer: string, befunde: Befund[]): Gruppe[] {
  const gruppen = new Map<string, Gruppe>()
  for (const satz of saetze) {
    if (!/^(0100|02[0-2][01])$/.test(satz.art)) continue
    if (satz.schluessel === undefined) {
      leser(satz, befunde).melde(
        null,
        `Der Teildatensatz von Satzart ${satz.art} Sparte ${satz.sparte} ist nicht zu erkennen; der Satz wurde nicht gelesen.`,
      )
      continue
    }
    const vu = satz.roh.slice(4, 9).trim() || vuNummer
    const schluessel = `${vu}|${satz.roh.slice(13, 30).trim()}`
    const gruppe = gruppen.get(schluessel) ?? { vuNummer: vu, personen: [], vertraege: [] }
    gruppen.set(schluessel, gruppe)
    const stapel = satz.art === '0100' ? gruppe.personen : gruppe.vertraege
    if (satz.schluessel === '0100.1' || satz.schluessel === '0200.1' || stapel.length === 0) stapel.push([])
    stapel.at(-1)!.push(satz)
  }
  return [...gruppen.values()]
}

/** Of several addresses of a contract the one with Adresskennzeichen 01; where none says so, the first. */
function readVersicherungsnehmer({ vuNummer, personen }: Gruppe, befunde: Befund[]): GdvKunde | undefined {
  const mitKennzeichen = personen.find(([erster]) => erster && leser(erster, []).text('Adresskennzeichen') === VERSICHERUNGSNEHMER)
  const gewaehlt = mitKennzeichen ?? personen[0]
  if (!gewaehlt) return undefined
  if (gewaehlt[0]?.schluessel !== '0100.1') {
    leser(gewaehlt[0]!, befunde).melde(null, 'Teildatensatz 1 der Adresse fehlt; die Person wurde nicht übernommen.')
    return undefined
  }
  return readKunde(vuNummer, gewaehlt, befunde)
}

function meldeOhneAdresse({ paket, zeile }: { paket: number; zeile: number }, befunde: Befund[]): void {
  befunde.push({ paket, zeile, byte: null, feld: null, text: 'Zu diesem Vertrag fehlt der Adresssatz 0100.' })
}

/** "Erstellungs-Datum Zeitraum vom – bis", bytes 70–77 and 78–85. */
function readStand(vorsatz: Satz, befunde: Befund[]): string | null {
  const feld = leser(vorsatz, befunde)
  const melde = (text: string) => feld.melde('ErstellungsDatumZeitraumVomZeitraumBis', text)
  for (const [name, fassung] of Object.entries(FASSUNGEN)) {
    const geliefert = Number(feld.text(name) ?? '0')
    if (geliefert > fassung) feld.melde(name, `Die Fassung ${geliefert} ist neuer als die gelesene (${fassung}); einzelne Felder können falsch sein.`)
  }
  const [vom, bis] = [textAt(vorsatz, 70, 77), textAt(vorsatz, 78, 85)]
  const stand = readDatum(bis || null, melde) ?? readDatum(vom || null, melde)
  if (stand === null) melde('Das Datum der Lieferung ist nicht zu lesen; angenommen ist der Tag des Imports.')
  return stand
}

/** Control totals of the sender: number of records between Vorsatz and Nachsatz, sum of the premiums. */
function checkNachsatz(saetze: readonly Satz[], { befunde }: GdvLieferung, paket: number): void {
  const nachsatz = saetze.find(({ art }) => art === '9999')
  if (!nachsatz) return
  const angekuendigt = Number(leser(nachsatz, befunde).text('AnzSaetze') ?? '')
  const gezaehlt = saetze.filter(({ art }) => art !== '0001' && art !== '9999').length
  if (Number.isNaN(angekuendigt) || angekuendigt === 0 || angekuendigt === gezaehlt) return
  const text = `Der Nachsatz nennt ${angekuendigt} Sätze, im Paket sind ${gezaehlt}.`
  befunde.push({ paket, zeile: nachsatz.zeile, byte: 5, feld: 'Anzahl der Sätze', text })
}
