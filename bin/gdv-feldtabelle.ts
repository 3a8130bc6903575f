/**
 * Makes imports/gdv-felder.ts from the machine-readable record description VU-Vermittler (VUVM2023.xml of the project gdv.xport, with
 * satzarten.properties beside it): how each Teildatensatz is recognised, its version, where its dates lie, and the places of the fields
 * this program reads.
 *   node --import tsx bin/gdv-feldtabelle.ts PATH/VUVM2023.xml
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** What the reader reads: Satzart[.Sparte[.Wagnis]].Teildatensatz → names of the description. */
const GELESEN: readonly [RegExp, readonly string[]][] = [
  [/^0001\.1$/, ['Absender', 'ErstellungsDatumZeitraumVomZeitraumBis']],
  [/^0052\.1$/, ['KategorieGeschaeftsvorfalls']],
  [/^0100\.1$/, ['Anredeschluessel', 'Name1', 'Name2', 'Name3', 'Titel', 'LKZ', 'PLZ', 'Ort', 'Str', 'Geburtsdatum', 'Adresskennzeichen']],
  [/^0100\.[23]$/, ['PersonenKundenNrVersicherers', 'PersonenKundenNrVermittlers', 'Familienstand', 'LfdPersonenNrimGeVo', 'Rechtsform']],
  [/^0100\.[23]$/, [1, 2, 3, 4, 5, 6, 7].flatMap((n) => [`Kommunikationstyp${n}`, `KommunikationsNr${n}`])],
  [/^0102\.1$/, ['LfdPersonenNrImGeVo', 'BerufTextBeruflicheStellung']],
  [/^0200\.1$/, ['Vertragsbeginn', 'Vertragsablauf', 'Hauptfaelligkeit', 'Zahlungsweise', 'Vertragsstatus', 'Abgangsgrund', 'Abgangsdatum']],
  [/^0200\.1$/, ['Aenderungsgrund', 'AFB', 'AnteilInProz', 'Waehrungsschluessel', 'GesbeitragNettoInWE', 'Antragsdatum']],
  [/^0200\.1$/, ['PersonenKundenNrVersicherers', 'PersonenKundenNrVermittlers', 'ReferenzVsNr', 'SpezifikationReferenzVsNr']],
  [/^0200\.2$/, ['Kuendigungsklausel', 'GesbeitragBruttoInWE', 'Produktname']],
  [/^0202\.1$/, ['EinwilligungZurDatenschutzklauselLiegtVor', 'EinwilligungZurEntbindungVonSchweigepflicht']],
  [/^0210\..*[12]$/, ['Vertragsstatus', 'GesbeitragInWE', 'GespraemieInWE', 'BeitragInWE', 'Zahlungsweise', 'Hauptfaelligkeit']],
  [/^0210\..*[12]$/, ['Produktname', 'Spartenbezeichnung', 'AmtlichesKennzeichen', 'BerufText', 'Bausparsumme', 'Tarifbezeichnung']],
  [/^0210\.130\.1$/, ['PLZRisikoanschrift', 'Risikoort', 'RisikoStr', 'VersicherteGefahren', 'WohnflaecheQm', 'UnterversVerzicht']],
  [/^0210\.1[34]0\.1$/, ['GesVersssummeInWE']],
  [/^0220\..*1$/, ['NameVp', 'VornameVp', 'GeburtsdatumVp', 'NameVersichertenPersonVp', 'VornameVersichertenPersonVp', 'BerufText', 'Wagnisart']],
  [/^0220\.010\.13\.1$/, ['ErlebensfallVsInWEZumAblauf', 'TodesfallVsInWEZumAblauf']],
  [/^0220\.010\.[29]\.[34]$/, ['EingerechneteZulage', 'Altersvorsorgevermoegen']],
  [/^0220\.040\.2$/, ['Wagnisart', 'Wagnistext', 'Wagnisbeschreibung']],
  [/^0220\.05\d\.1$/, ['KhAusschluss', 'KfvAusschluss', 'KftAusschluss', 'KUAusschluss', 'KhSfSKlasse', 'KfvSfSKlasse']],
  [/^0220\.055\.1$/, ['Bausteinbezeichnung', 'BausteinAusschluss']],
  [/^0220\.(070|510)\.1$/, ['Zahlungsweise', 'Hauptfaelligkeit']],
  [/^0220\.1[14]0\.1$/, ['PLZRisikoanschrift', 'PLZZurRisikoanschrift', 'Risikoort', 'RisikoStr']],
  [/^0220\.140\.2$/, ['Elementarschaeden', 'UnterVerssverzicht', 'VersssummeAktuellInWE']],
  [/^0400\.1$/, ['Sollstellungsart', 'Buchungsdatum', 'AbrechnungszeitraumVon', 'Waehrungsschluessel', 'Retourengrund']],
  [/^0400\.1$/, ['GesbeitragBruttoInWE', 'Vorzeichen4', 'GesProvisionsbetragInWE', 'Vorzeichen5']],
  [/^0500\.1$/, ['SchadenNrVu', 'Schadendatum', 'Schadenmeldedatum', 'Schadenursache', 'ErledigterSchaden']],
  [/^0500\.1$/, ['BetragInWEGemaessZahlungsart', 'Vorzeichen', 'SchadenbearbeitungskostInWE', 'Vorzeichen2']],
  [/^0500\.2$/, ['SchadenNrVu', 'SchadenursacheAlleSparten']],
  [/^9999\.1$/, ['AnzSaetze', 'Gesbeitrag', 'GesbeitragBruttoInkasso', 'Vorzeichen', 'GesprovisionsBetrag', 'Vorzeichen2']],
  [/^9999\.1$/, ['Verssleistungen', 'Vorzeichen3', 'Schadenbearbeitungskost', 'Vorzeichen4']],
]
/** Fields of the Vorsatz that say in which version a Satzart (four digits) of a Sparte (three more) comes. */
const FASSUNGSFELD = /^[A-Za-z]+(\d{4}|\d{7})$/
/** Constants that do not tell one Teildatensatz from another: they stand in the key, or (a sign) are only the default. */
const KEIN_ERKENNUNGSZEICHEN = /^(Satzart|Sparte|Produkt|Wagnisart$|Vorzeichen)/

interface Feld {
  von: number
  bis: number
  technisch: string
  typ: string
  name: string
  wert: string | undefined
}

interface Teilsatz {
  schluessel: string
  fassung: string
  felder: Feld[]
}

const quelle = process.argv[2]
if (!quelle) throw new Error('usage: bin/gdv-feldtabelle.ts PATH/VUVM2023.xml')
const xml = readFileSync(quelle, 'latin1')
const satzarten = readFileSync(path.join(path.dirname(quelle), 'satzarten.properties'), 'latin1')
const ziel = path.join(import.meta.dirname, '../imports/gdv-felder.ts')
writeFileSync(ziel, render(readTeilsaetze(xml), readSpartenbilder(satzarten)))

function readTeilsaetze(text: string): Teilsatz[] {
  return [...text.matchAll(/<satzart>([\s\S]*?)<\/satzart>/g)].flatMap(([, satzart]) => {
    const [kopf = '', rest = ''] = satzart!.split('</kennzeichnung>')
    const kennung = readFelder(kopf)
    const satz = kennung.find(({ technisch }) => technisch === 'Satzart')?.wert
    const sparte = kennung.find(({ technisch }) => technisch === 'Sparte')?.wert
    const fassung = tag(rest, 'version') ?? ''
    return rest
      .split('<satzanfang ')
      .slice(1)
      .map((teil) => {
        const nr = /^teilsatz="(\d+)"/.exec(teil)![1]
        return { schluessel: [satz, sparte, nr].filter(Boolean).join('.'), fassung, felder: readFelder(teil) }
      })
  })
}

function readFelder(text: string): Feld[] {
  return [...text.matchAll(/<feldreferenz referenz="(\d+)-(\d+)-[^"]*-(\w+)">([\s\S]*?)<\/feldreferenz>/g)].map(([, von, bis, typ, inhalt]) => ({
    von: Number(von),
    bis: Number(bis),
    typ: typ!,
    technisch: tag(inhalt!, 'technischerName')!,
    name: tag(inhalt!, 'name')!,
    wert: tag(inhalt!, 'auspraegung'),
  }))
}

function tag(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]
}

/** "0210.080=80,81,…" → which Sparten are written as the record of another one. Records of every Sparte have no dot. */
function readSpartenbilder(text: string): string[] {
  return [...text.matchAll(/^(\d{4}\.\d{3})[.\d]*=([\d,]+)$/gm)]
    .map(([, bild, sparten]) => ({ bild: bild!, andere: sparten!.split(',').map((sparte) => sparte.padStart(3, '0')) }))
    .filter(({ bild }) => !bild.endsWith('.000'))
    .map(({ bild, andere }) => [bild, ...andere.filter((sparte) => sparte !== bild.slice(5))])
    .filter((zeile) => zeile.length > 1)
    .map((zeile) => zeile.join(' '))
    .toSorted()
}

function render(teilsaetze: Teilsatz[], spartenbilder: string[]): string {
  const zeilen = teilsaetze
    .toSorted((a, b) => a.schluessel.localeCompare(b.schluessel, 'en', { numeric: true }))
    .flatMap(({ schluessel, fassung, felder }) => {
      const erkannt = felder
        .filter(({ technisch, wert }) => wert && !KEIN_ERKENNUNGSZEICHEN.test(technisch))
        .toSorted((a, b) => Number(b.technisch.startsWith('SatzNr')) - Number(a.technisch.startsWith('SatzNr')))
      const gelesen = felder.filter(
        ({ technisch }) =>
          GELESEN.some(([muster, namen]) => muster.test(schluessel) && namen.includes(technisch)) ||
          (schluessel.startsWith('0001.') && FASSUNGSFELD.test(technisch)),
      )
      const daten = felder.filter(({ typ }) => typ === 'Datum').map(({ von, bis }) => `${von}-${bis}`)
      return [
        `${schluessel} | ${fassung} | ${erkannt.map(({ von, wert }) => `${von}=${wert}`).join(' ')} | ${daten.join(' ')}`,
        ...gelesen.map(({ technisch, von, bis, name }) => `  ${von}-${bis} ${technisch} | ${name}`),
      ]
    })
  const stand = /<stand>([^<]*)<\/stand>/.exec(xml)?.[1]
  return `/**
 * GENERATED by bin/gdv-feldtabelle.ts from the GDV record description VU-Vermittler, state ${stand}: do not edit.
 * Bytes count from 1, both ends belong to the field. Read by gdv-satzbild.ts.
 */

/**
 * Satzart[.Sparte[.Wagnisarten]].Teildatensatz | version | byte=sign by which it is known (none: the Satzart has only this one) | all dates;
 * below it the fields this program reads: bytes, technical name | German name.
 */
export const TEILSATZBILDER = \`
${zeilen.map((zeile) => zeile.trimEnd()).join('\n')}
\`

/** Satzart.Sparte, and the Sparten whose records are written like it; every other Sparte without a record of its own is written like 000. */
export const SPARTENBILDER = \`
${spartenbilder.join('\n')}
\`
`
}
