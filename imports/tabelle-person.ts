/** The customer of a row, with consents and power of attorney. */
import { istDeutschland } from '../domain/kunde.ts'
import { falte } from '../domain/suchtext.ts'
import type { Tabellenfeld } from '../domain/tabellenfelder.ts'
import type { GeliefertePerson } from './lieferung.ts'
import { NICHT, type Zeilenleser } from './tabelle-leser.ts'
import { type Namensteile, istFirma, istPaar, splitAnschrift, splitName, splitPlzOrt, splitTitel } from './tabelle-name.ts'
import {
  readAnrede,
  readDatum,
  readErwerbsstatus,
  readFamilienstand,
  readJaNein,
  readKennung,
  readMail,
  readNummer,
  readPlz,
  readWort,
} from './tabelle-werte.ts'
import { istLeer } from './tabelle-zelle.ts'

type Einwilligung = GeliefertePerson['einwilligungen'][number]

/** Null where the row names nobody. */
export function readPerson(leser: Zeilenleser, vuNummer: string): GeliefertePerson | null {
  const namen = readNamen(leser)
  if (!namen) return null
  const { nr, heute, lies } = leser
  const firma = namen.art === 'FIRMA'
  const vergangen = (zelle: string) => readDatum(zelle, heute, 'VERGANGEN')
  const nummerVersicherer = lies('nummerVersicherer', readKennung)
  if (nummerVersicherer !== null && vuNummer === '')
    leser.melde('nummerVersicherer', `Die Nummer gilt nur zusammen mit einem bekannten Versicherer. ${NICHT}`)
  return {
    nr,
    paket: 1,
    zeile: nr,
    vuNummer,
    rolle: 'VN',
    agenturnummer: lies('agenturnummer', readKennung),
    nummerVersicherer: vuNummer === '' ? null : nummerVersicherer,
    nummerVermittler: lies('kundennummer', readKennung),
    ...namen,
    namenszusatz: lies('namenszusatz', readWort),
    // Of a firm the day of its founding, which nobody here needs.
    geburtsdatum: firma ? null : lies('geburtsdatum', vergangen),
    ...readAnschrift(leser),
    ...readTelefone(leser),
    email: lies('email', readMail),
    familienstand: firma ? null : lies('familienstand', readFamilienstand),
    erwerbsstatus: firma ? null : lies('erwerbsstatus', readErwerbsstatus),
    beruf: firma ? null : lies('beruf', readWort),
    kundeSeit: lies('kundeSeit', vergangen),
    einwilligungen: readEinwilligungen(leser),
    maklervollmachtAm: readVollmacht(leser),
  }
}

type Namen = Pick<GeliefertePerson, 'art' | 'anrede' | 'titel' | 'vorname' | 'name'>

function readNamen(leser: Zeilenleser): Namen | undefined {
  const { lies } = leser
  const roh = leser.hat('vollname') ? lies('vollname', (zelle) => readWort(zelle, 160), '') : lies('name', (zelle) => readWort(zelle, 120), '')
  if (roh === null) {
    const vorname = leser.text('vorname')
    if (vorname !== '' && !istLeer(vorname))
      leser.melde(leser.hat('name') ? 'name' : 'vorname', 'Der Nachname fehlt; der Kunde wurde nicht übernommen.')
    return undefined
  }
  const anrede = lies('anrede', readAnrede)
  const gesagt = readArt(leser.text('kundenart'))
  const vorname = lies('vorname', readWort)
  const firma = gesagt === undefined ? anrede === 'FIRMA' || (vorname === null && anrede === null && istFirma(roh)) : gesagt === 'FIRMA'
  if (firma) return { art: 'FIRMA', anrede: 'FIRMA', titel: null, vorname: null, name: [vorname, roh].filter(Boolean).join(' ') }
  const teile: Namensteile = leser.hat('vollname') ? splitName(roh) : { anrede: null, titel: null, vorname, name: roh }
  if (teile.anrede === 'FIRMA' && gesagt === undefined) return { art: 'FIRMA', anrede: 'FIRMA', titel: null, vorname: null, name: teile.name }
  const { titel, ohne } = splitTitel(teile.vorname ?? '')
  const feld = leser.hat('vollname') ? 'vollname' : 'name'
  if (istPaar(roh)) leser.melde(feld, 'Hier scheinen zwei Personen zu stehen; übernommen wurden sie als ein Kunde.')
  return {
    art: 'NATUERLICH',
    anrede: anrede === 'FIRMA' ? null : (anrede ?? (teile.anrede === 'FIRMA' ? null : teile.anrede)),
    titel: lies('titel', (zelle) => readWort(zelle, 40)) ?? teile.titel ?? titel,
    vorname: ohne || null,
    name: teile.name,
  }
}

/** "Privatkunde", "Gewerbe", "natürliche Person", "jur. Person" */
function readArt(zelle: string): 'FIRMA' | 'NATUERLICH' | undefined {
  const wort = falte(zelle)
  if (/firm|gewerb|jurist|jur person|unternehmen|verein|gmbh|geschaeft|^(f|j|g)$/.test(wort)) return 'FIRMA'
  return /privat|natuerlich|person|^(p|n)$/.test(wort) ? 'NATUERLICH' : undefined
}

function readAnschrift(leser: Zeilenleser): Pick<GeliefertePerson, 'strasse' | 'plz' | 'ort' | 'land'> {
  const { lies } = leser
  const land = lies('land', (zelle) => readWort(zelle, 40))
  const deutsch = istDeutschland(land)
  const ganz = leser.text('anschrift')
  const teile = istLeer(ganz) ? undefined : splitAnschrift(ganz)
  if (!istLeer(ganz) && !teile) leser.melde('anschrift', `Richtig ist zum Beispiel „Musterstraße 1, 20095 Hamburg“. ${NICHT}`)
  const plzOrt = istLeer(leser.text('plzOrt')) ? undefined : splitPlzOrt(leser.text('plzOrt'))
  const strasse = lies('strasse', readWort)
  const hausnummer = lies('hausnummer', (zelle) => readWort(zelle, 20))
  return {
    strasse: strasse === null ? (teile?.strasse ?? null) : [strasse, hausnummer].filter(Boolean).join(' '),
    plz: lies('plz', (zelle) => readPlz(zelle, deutsch)) ?? plzOrt?.plz ?? teile?.plz ?? null,
    ort: lies('ort', readWort) ?? plzOrt?.ort ?? teile?.ort ?? null,
    land,
  }
}

/** One column for both: a mobile number is one. */
function readTelefone(leser: Zeilenleser): Pick<GeliefertePerson, 'telefon' | 'mobil'> {
  const telefon = leser.lies('telefon', readNummer)
  const mobil = leser.lies('mobil', readNummer)
  const istMobil = telefon !== null && /^(\+49|0049|0)1[567]/.test(telefon.replace(/\(0\)|[^\d+]/g, ''))
  return mobil === null && istMobil && !leser.hat('mobil') ? { telefon: null, mobil: telefon } : { telefon, mobil }
}

const WEGE = [
  ['einwilligungTelefon', 'TELEFON', /telefon|anruf|\btel\b/],
  ['einwilligungEmail', 'EMAIL', /mail|newsletter/],
  ['einwilligungSms', 'SMS', /\bsms\b/],
  ['einwilligungChat', 'CHAT', /chat|whatsapp|messenger/],
] as const

/** Whoever asks for a proof needs the day (Art. 7 Abs. 1 DSGVO): a consent without one is not taken over. */
function readEinwilligungen(leser: Zeilenleser): Einwilligung[] {
  const gemeinsam = leser.lies('einwilligungAm', (zelle) => readDatum(zelle, leser.heute, 'VERGANGEN'))
  const form = leser.lies('einwilligungForm', readWort) ?? 'nicht angegeben (aus einer Tabelle)'
  const genannte = readWege(leser)
  return WEGE.flatMap(([feld, kanal]) => {
    const gesagt = readErteilt(leser, feld)
    if (gesagt === 'NEIN' || (gesagt === null && !genannte.includes(kanal))) return []
    const erteiltAm = gesagt === null || gesagt === 'JA' ? gemeinsam : gesagt
    if (erteiltAm !== null) return [{ kanal, erteiltAm, form }]
    const wo = gesagt === null ? 'einwilligungWege' : feld
    leser.melde(wo, 'Das Datum der Einwilligung fehlt; ohne dieses ist sie nicht nachweisbar und wurde nicht übernommen.')
    return []
  })
}

/** "Telefon, E-Mail": ways as words. "ja" says not which. */
function readWege(leser: Zeilenleser): Einwilligung['kanal'][] {
  const zelle = leser.text('einwilligungWege')
  const jaNein = readJaNein(zelle)
  if (jaNein.ok && jaNein.wert !== 'JA') return []
  const wort = falte(zelle)
  const wege = WEGE.filter(([, , muster]) => muster.test(wort)).map(([, kanal]) => kanal)
  if (wege.length === 0)
    leser.melde(
      'einwilligungWege',
      `Für welchen Weg die Einwilligung gilt, ist nicht zu erkennen. Richtig ist zum Beispiel „Telefon, E-Mail“. ${NICHT}`,
    )
  return wege
}

/** A day, or only whether; null where nothing is said. */
function readErteilt(leser: Zeilenleser, feld: Tabellenfeld): string | null {
  return leser.lies(feld, (zelle) => {
    const jaNein = readJaNein(zelle)
    if (jaNein.ok) return jaNein
    const tag = readDatum(zelle, leser.heute, 'VERGANGEN')
    return tag.ok ? tag : { ok: false, fehler: 'Richtig ist das Datum der Einwilligung, zum Beispiel 31.12.2025, oder „ja“ und „nein“.' }
  })
}

function readVollmacht(leser: Zeilenleser): string | null {
  const zelle = leser.text('maklervollmachtAm')
  if (istLeer(zelle)) return null
  const jaNein = readJaNein(zelle)
  if (jaNein.ok && jaNein.wert === 'NEIN') return null
  if (jaNein.ok) {
    leser.melde('maklervollmachtAm', `Das Datum der Maklervollmacht fehlt. ${NICHT}`)
    return null
  }
  return leser.lies('maklervollmachtAm', (text) => readDatum(text, leser.heute, 'VERGANGEN'))
}
