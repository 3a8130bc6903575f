/** Satzart 0100 (Adresssatz, Teildatensätze 1 to 3) → the person or firm behind a contract. */
import { readEmail, readTelefon } from '../domain/eingabe.ts'
import { type Leser, leser } from './gdv-feld.ts'
import type { Befund, Satz } from './gdv-saetze.ts'

export interface GdvKunde {
  paket: number
  zeile: number
  vuNummer: string
  /** Bytes 33–42: who looks after the customer at this insurer. */
  agenturnummer: string | null
  /** The insurer's number for the person (TDS 2, 43–59), and the Vermittler's own (60–76). */
  nummerVersicherer: string | null
  nummerVermittler: string | null
  /** Anlage 7; '01' is the Versicherungsnehmer. */
  adresskennzeichen: string
  art: 'NATUERLICH' | 'FIRMA'
  anrede: 'HERR' | 'FRAU' | 'FIRMA' | null
  titel: string | null
  vorname: string | null
  name: string
  namenszusatz: string | null
  /** Null for firms: there the field holds the founding. */
  geburtsdatum: string | null
  strasse: string | null
  plz: string | null
  ort: string | null
  land: string | null
  telefon: string | null
  mobil: string | null
  email: string | null
  familienstand: 'LEDIG' | 'VERHEIRATET' | 'GESCHIEDEN' | 'VERWITWET' | 'GETRENNT' | 'SONSTIGES' | null
}

const ANREDEN: Readonly<Record<string, GdvKunde['anrede']>> = { '1': 'HERR', '2': 'FRAU', '3': 'FIRMA' }
const FAMILIENSTAENDE: Readonly<Record<string, GdvKunde['familienstand']>> = {
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

/** `teile`: the Teildatensätze of one person, the first of them TDS 1. Undefined (with a finding) where there is no name. */
export function readKunde(vuNummer: string, teile: readonly Satz[], befunde: Befund[]): GdvKunde | undefined {
  const [adresse, nummern, kontakt] = ['0100.1', '0100.2', '0100.3'].map((schluessel) => {
    const satz = teile.find((teil) => teil.schluessel === schluessel)
    return satz && leser(satz, befunde)
  })
  if (!adresse) return undefined
  const name = adresse.text('Name1')
  if (name === null) {
    adresse.melde('Name1', 'Der Name fehlt; die Person wurde nicht übernommen.')
    return undefined
  }
  const rechtsform = kontakt?.text('Rechtsform') ?? '00'
  const firma = FIRMENANREDEN.includes(adresse.text('Anredeschluessel') ?? '') || !PERSONENRECHTSFORMEN.includes(rechtsform)
  return {
    paket: adresse.satz.paket,
    zeile: adresse.satz.zeile,
    vuNummer,
    agenturnummer: adresse.satz.roh.slice(32, 42).trim() || null,
    nummerVersicherer: nummern?.text('PersonenKundenNrVersicherers') ?? null,
    nummerVermittler: nummern?.text('PersonenKundenNrVermittlers') ?? null,
    adresskennzeichen: adresse.text('Adresskennzeichen') ?? '',
    art: firma ? 'FIRMA' : 'NATUERLICH',
    anrede: firma ? 'FIRMA' : (ANREDEN[adresse.text('Anredeschluessel') ?? ''] ?? null),
    titel: adresse.text('Titel'),
    ...readName(adresse, name, firma),
    geburtsdatum: firma ? null : adresse.datum('Geburtsdatum'),
    strasse: adresse.text('Str'),
    plz: adresse.text('PLZ'),
    ort: adresse.text('Ort'),
    land: adresse.text('LKZ'),
    ...readKommunikation([nummern, kontakt].filter((teil) => teil !== undefined)),
    familienstand: FAMILIENSTAENDE[nummern?.text('Familienstand') ?? ''] ?? null,
  }
}

/** Name 3 is the first name of a person; a firm's name runs on through all three. */
function readName(adresse: Leser, name: string, firma: boolean): Pick<GdvKunde, 'name' | 'vorname' | 'namenszusatz'> {
  const [zweiter, dritter] = [adresse.text('Name2'), adresse.text('Name3')]
  if (!firma) return { name, vorname: dritter, namenszusatz: zweiter }
  return { name, vorname: null, namenszusatz: [zweiter, dritter].filter((teil) => teil !== null).join(' ') || null }
}

/**
 * Kommunikationstyp 1x, 2x, 3x: telephone; 4x: fax, left out; 5x: e-mail. The list itself (Anlage 76) is not at hand: an address shows
 * itself by its @, and whether a telephone is a mobile one the number says (015, 016, 017), not the type.
 */
function readKommunikation(teile: readonly Leser[]): Pick<GdvKunde, 'telefon' | 'mobil' | 'email'> {
  const gelesen: Pick<GdvKunde, 'telefon' | 'mobil' | 'email'> = { telefon: null, mobil: null, email: null }
  for (const teil of teile) {
    for (let stelle = 1; stelle <= 7; stelle++) {
      const feld = `KommunikationsNr${stelle}`
      const [typ, nummer] = [teil.text(`Kommunikationstyp${stelle}`) ?? '', teil.text(feld)]
      if (nummer === null || typ.startsWith('4')) continue
      if (typ.startsWith('5') || /@|\(a\)/i.test(nummer)) gelesen.email ??= readAdresse(teil, feld, nummer)
      else if (/^[123]/.test(typ)) {
        const telefon = readTelefon(nummer)
        if (!telefon.ok) teil.melde(feld, 'Die Angabe ist keine Telefonnummer; nicht übernommen.')
        else if (/^(0|\+49|0049)1[567]/.test(nummer.replace(/[^\d+]/g, ''))) gelesen.mobil ??= telefon.wert
        else gelesen.telefon ??= telefon.wert
      } else teil.melde(feld, `Der Kommunikationstyp „${typ}“ ist nicht bekannt; die Nummer wurde nicht übernommen.`)
    }
  }
  return gelesen
}

/** Some deliveries write "(a)" for the @ that their host's code page does not have. */
function readAdresse(teil: Leser, feld: string, roh: string): string | null {
  const adresse = readEmail(roh.replace(/\(a\)/i, '@'))
  if (!adresse.ok) {
    teil.melde(feld, 'Die Angabe ist keine E-Mail-Adresse; nicht übernommen.')
    return null
  }
  if (adresse.wert !== roh && /\(a\)/i.test(roh))
    teil.melde(feld, 'Die E-Mail-Adresse wurde mit „(a)“ geliefert und mit „@“ übernommen; bitte prüfen.')
  return adresse.wert
}
