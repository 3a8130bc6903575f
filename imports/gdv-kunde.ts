/** Satzart 0100 (Adresssatz) with the Beruf of 0102 → the person or firm behind a contract. Bank data (Teildatensätze 4 and 5) is not taken. */
import { readEmail, readTelefon } from '../domain/eingabe.ts'
import { type Kontext, type Satz, datum, text } from './gdv-feld.ts'
import type { GeliefertePerson } from './lieferung.ts'

/** Adresskennzeichen 01; Anlage 7, which names the others, is not at hand. */
const VERSICHERUNGSNEHMER = '01'
const ANREDEN: Readonly<Record<string, GeliefertePerson['anrede']>> = { '1': 'HERR', '2': 'FRAU', '3': 'FIRMA' }
const FAMILIENSTAENDE: Readonly<Record<string, GeliefertePerson['familienstand']>> = {
  '1': 'LEDIG',
  '2': 'VERHEIRATET',
  '3': 'GESCHIEDEN',
  '4': 'VERWITWET',
  '5': 'GETRENNT',
  '9': 'SONSTIGES',
}
/** Anrede 3 Firma, 6 Vereinigung; Rechtsform 00 not said, 01 natürliche Person. */
const FIRMENANREDEN = ['3', '6']
const PERSONENRECHTSFORMEN = ['00', '01']

/** Whether an address is the Versicherungsnehmer's; null where it does not say whose it is. */
export function isVersicherungsnehmer(adresse: Satz): boolean | null {
  const kennzeichen = text(adresse, 'Adresskennzeichen')
  return kennzeichen === null || kennzeichen === '00' ? null : kennzeichen === VERSICHERUNGSNEHMER
}

/**
 * `teile`: the Teildatensätze of one person. Undefined (with a finding) where the first is missing or holds no name. `nr`, `paket` and
 * `rolle` are the group's to say.
 */
export function readPerson(k: Kontext, vuNummer: string, teile: readonly Satz[], beruf: string | null): GeliefertePerson | undefined {
  const adresse = teile[0]!
  if (adresse.teil.nr !== 1) {
    k.melde(adresse, null, 'Teildatensatz 1 der Adresse fehlt; die Person wurde nicht übernommen.')
    return undefined
  }
  const name = text(adresse, 'Name1')
  if (name === null) {
    k.melde(adresse, 'Name1', 'Der Name fehlt; die Person wurde nicht übernommen.')
    return undefined
  }
  const nummern = teile.find(({ teil }) => teil.nr === 2)
  const kontakt = teile.find(({ teil }) => teil.nr === 3)
  const anrede = text(adresse, 'Anredeschluessel') ?? ''
  const rechtsform = (kontakt && text(kontakt, 'Rechtsform')) ?? '00'
  const firma = FIRMENANREDEN.includes(anrede) || !PERSONENRECHTSFORMEN.includes(rechtsform)
  const kommunikation: Kommunikation = { telefon: null, mobil: null, email: null }
  if (nummern) readKommunikation(k, nummern, 1, 4, kommunikation)
  if (kontakt) readKommunikation(k, kontakt, 5, 7, kommunikation)
  const [zweiter, dritter] = [text(adresse, 'Name2'), text(adresse, 'Name3')]
  return {
    nr: 0,
    paket: 0,
    zeile: adresse.zeile,
    vuNummer,
    rolle: 'SONSTIGE',
    agenturnummer: adresse.roh.slice(32, 42).trim() || null,
    nummerVersicherer: nummern ? text(nummern, 'PersonenKundenNrVersicherers') : null,
    nummerVermittler: nummern ? text(nummern, 'PersonenKundenNrVermittlers') : null,
    art: firma ? 'FIRMA' : 'NATUERLICH',
    anrede: firma ? 'FIRMA' : (ANREDEN[anrede] ?? null),
    titel: text(adresse, 'Titel'),
    // Name 3 is the first name of a person; a firm's name runs on through all three.
    name,
    vorname: firma ? null : dritter,
    namenszusatz: firma ? [zweiter, dritter].filter((teil) => teil !== null).join(' ') || null : zweiter,
    // Of a firm it is the founding.
    geburtsdatum: firma ? null : datum(k, adresse, 'Geburtsdatum'),
    strasse: text(adresse, 'Str'),
    plz: text(adresse, 'PLZ'),
    ort: text(adresse, 'Ort'),
    land: text(adresse, 'LKZ'),
    ...kommunikation,
    familienstand: (nummern && FAMILIENSTAENDE[text(nummern, 'Familienstand') ?? '']) ?? null,
    erwerbsstatus: null,
    beruf: firma ? null : beruf,
    kundeSeit: null,
    einwilligungen: [],
    maklervollmachtAm: null,
  }
}

type Kommunikation = Pick<GeliefertePerson, 'telefon' | 'mobil' | 'email'>

/**
 * Kommunikationstyp 1x, 2x, 3x: telephone; 4x: fax, left out; 5x: e-mail. The list itself (Anlage 76) is not at hand: an address shows
 * itself by its @, and whether a telephone is a mobile one the number says (015, 016, 017), not the type.
 */
function readKommunikation(k: Kontext, teil: Satz, von: number, bis: number, gelesen: Kommunikation): void {
  for (let stelle = von; stelle <= bis; stelle++) {
    const feld = `KommunikationsNr${stelle}`
    const nummer = text(teil, feld)
    if (nummer === null) continue
    const typ = text(teil, `Kommunikationstyp${stelle}`) ?? ''
    if (typ.startsWith('4')) continue
    if (typ.startsWith('5') || /@|\(a\)/i.test(nummer)) gelesen.email ??= readAdresse(k, teil, feld, nummer)
    else if (/^[123]/.test(typ)) {
      const telefon = readTelefon(nummer)
      if (!telefon.ok) k.melde(teil, feld, 'Die Angabe ist keine Telefonnummer; nicht übernommen.')
      else if (/^(0|\+49|0049)1[567]/.test(nummer.replace(/[^\d+]/g, ''))) gelesen.mobil ??= telefon.wert
      else gelesen.telefon ??= telefon.wert
    } else k.melde(teil, feld, `Der Kommunikationstyp „${typ}“ ist nicht bekannt; die Nummer wurde nicht übernommen.`)
  }
}

/** Some deliveries write "(a)" for the @ that their host's code page does not have. */
function readAdresse(k: Kontext, teil: Satz, feld: string, roh: string): string | null {
  const adresse = readEmail(roh.replace(/\(a\)/i, '@'))
  if (!adresse.ok) {
    k.melde(teil, feld, 'Die Angabe ist keine E-Mail-Adresse; nicht übernommen.')
    return null
  }
  if (adresse.wert !== roh && /\(a\)/i.test(roh))
    k.melde(teil, feld, 'Die E-Mail-Adresse wurde mit „(a)“ geliefert und mit „@“ übernommen; bitte prüfen.')
  return adresse.wert
}
