/** The contract of a row. */
import { normVsnr } from '../domain/nummern.ts'
import type { Merkmale } from '../domain/merkmale.ts'
import type { Lesung } from '../domain/eingabe.ts'
import { TABELLENFELDER, type Tabellenfeld } from '../domain/tabellenfelder.ts'
import { falte } from '../domain/suchtext.ts'
import type { GelieferterVertrag } from './lieferung.ts'
import { NICHT, type Zeilenleser } from './tabelle-leser.ts'
import { splitName } from './tabelle-name.ts'
import { type Spartenwort, readSparte } from './tabelle-sparte.ts'
import { readDatum, readGeld, readJaNein, readKennung, readStatus, readWort, readZahl, readZahlungsweise } from './tabelle-werte.ts'
import { istLeer } from './tabelle-zelle.ts'

const RATEN: Partial<Record<NonNullable<GelieferterVertrag['zahlungsweise']>, number>> = {
  JAEHRLICH: 1,
  HALBJAEHRLICH: 2,
  VIERTELJAEHRLICH: 4,
  MONATLICH: 12,
}

/** Null where the row speaks of no contract, or of one without number. */
export function readVertrag(leser: Zeilenleser, { vuNummer, person }: { vuNummer: string; person: number | null }): GelieferterVertrag | null {
  const { lies, heute, nr } = leser
  const vsnr = lies('vsnr', readKennung, 'Der Vertrag wurde nicht übernommen.')
  const vsnrNorm = normVsnr(vsnr)
  if (vsnr === null || vsnrNorm === null) {
    const gesagt = Object.keys(TABELLENFELDER).some(
      (feld) =>
        ['sparte', 'produkt', 'beginn', 'beitrag', 'jahresbeitrag', 'versicherer'].includes(feld) && !istLeer(leser.text(feld as Tabellenfeld)),
    )
    if (gesagt && istLeer(leser.text('vsnr'))) leser.melde('vsnr', 'Die Versicherungsschein-Nummer fehlt; der Vertrag wurde nicht übernommen.')
    return null
  }
  const nah = (zelle: string) => readDatum(zelle, heute, 'NAH')
  const sparte = readSpartenzelle(leser)
  const [beginn, ablauf] = [lies('beginn', nah), lies('ablauf', nah)]
  if (beginn !== null && ablauf !== null && ablauf < beginn)
    leser.melde('ablauf', 'Der Ablauf liegt vor dem Beginn; beides wurde übernommen, wie es da steht.')
  const nummerVersicherer = vuNummer === '' ? null : lies('nummerVersicherer', readKennung, '')
  return {
    paket: 1,
    zeile: nr,
    person,
    vuNummer,
    vsnr,
    vsnrNorm,
    vsnrAlt: normVsnr(lies('vsnrAlt', readKennung)),
    vsnrNeu: null,
    agenturnummer: person === null ? lies('agenturnummer', readKennung) : kennung(leser.text('agenturnummer')),
    nummerVersicherer: person === null ? nummerVersicherer : kennung(vuNummer === '' ? '' : leser.text('nummerVersicherer')),
    nummerVermittler: person === null ? lies('kundennummer', readKennung) : kennung(leser.text('kundennummer')),
    sparteGdv: sparte.sparteGdv,
    sparte: sparte.sparte,
    bestandsart: readBestandsart(leser),
    produkt: lies('produkt', readWort),
    beginn,
    ablauf,
    hauptfaelligkeit: lies('hauptfaelligkeit', (zelle) => readHauptfaelligkeit(zelle, heute)),
    ...readBeitrag(leser),
    ...readStand(leser),
    abgangAm: lies('abgangAm', nah),
    verlaengertSich: lies('verlaengertSich', readJaNein),
    kuendigungsfristMonate: lies('kuendigungsfristMonate', (zelle) => readZahl(zelle, 36)),
    versicherte: readVersicherte(leser),
    merkmale: readMerkmale(leser, { sparte, vuNummer }),
  }
}

/** What the person of the row has reported already is not reported twice. */
function kennung(zelle: string): string | null {
  const gelesen = readKennung(zelle)
  return gelesen.ok ? gelesen.wert : null
}

function readSpartenzelle(leser: Zeilenleser): Spartenwort {
  const unbekannt: Spartenwort = { sparte: 'UNBEKANNT', sparteGdv: null, riester: false }
  const zelle = leser.text('sparte')
  // A product's name often says the Sparte, too.
  if (istLeer(zelle)) return leser.hat('sparte') ? unbekannt : (readSparte(leser.text('produkt')) ?? unbekannt)
  const gelesen = readSparte(zelle)
  if (!gelesen) leser.melde('sparte', `Die Sparte „${zelle.slice(0, 40)}“ ist nicht bekannt; der Vertrag wurde ohne Sparte übernommen.`)
  return gelesen ?? unbekannt
}

function readBestandsart(leser: Zeilenleser): 'EIGEN' | 'FREMD' {
  const fremd = leser.lies('fremdvertrag', readJaNein)
  if (fremd !== null) return fremd === 'JA' ? 'FREMD' : 'EIGEN'
  const gelesen = leser.lies('bestandsart', (zelle): Lesung<'EIGEN' | 'FREMD' | null> => {
    if (istLeer(zelle)) return { ok: true, wert: null }
    const wort = falte(zelle)
    if (/fremd|ander|^f$|nicht eigen/.test(wort)) return { ok: true, wert: 'FREMD' }
    return /eigen|eigene|^e$|makler/.test(wort) ? { ok: true, wert: 'EIGEN' } : { ok: false, fehler: 'Richtig ist „eigen“ oder „fremd“.' }
  })
  return gelesen ?? leser.zuordnung.ohneBestandsart
}

/** A whole date, or day and month of every year ("01.01."): then the next one. */
function readHauptfaelligkeit(zelle: string, heute: string): Lesung<string | null> {
  const [, tag, monat] = /^(\d{1,2})\.(\d{1,2})\.?$/.exec(zelle) ?? []
  if (!tag || !monat) return readDatum(zelle, heute, 'NAH')
  const jahr = Number(heute.slice(0, 4))
  const dieses = readDatum(`${tag}.${monat}.${jahr}`, heute, 'NAH')
  return dieses.ok && dieses.wert !== null && dieses.wert < heute ? readDatum(`${tag}.${monat}.${jahr + 1}`, heute, 'NAH') : dieses
}

function readBeitrag(leser: Zeilenleser): Pick<GelieferterVertrag, 'beitragCent' | 'zahlungsweise'> {
  const zahlungsweise = leser.lies('zahlungsweise', readZahlungsweise)
  if (!leser.hat('jahresbeitrag')) return { beitragCent: leser.lies('beitrag', readGeld), zahlungsweise }
  const imJahr = leser.lies('jahresbeitrag', readGeld)
  if (imJahr === null) return { beitragCent: null, zahlungsweise }
  const raten = zahlungsweise === null ? 1 : RATEN[zahlungsweise]
  if (raten === undefined) {
    leser.melde('jahresbeitrag', `Ein Beitrag im Jahr passt nicht zu dieser Zahlweise. ${NICHT}`)
    return { beitragCent: null, zahlungsweise }
  }
  return { beitragCent: Math.round(imJahr / raten), zahlungsweise: zahlungsweise ?? 'JAEHRLICH' }
}

function readStand(leser: Zeilenleser): Pick<GelieferterVertrag, 'status'> {
  const gelesen = leser.lies('status', readStatus)
  return { status: gelesen ?? (istLeer(leser.text('status')) ? leser.zuordnung.ohneStatus : 'UNBEKANNT') }
}

function readVersicherte(leser: Zeilenleser): GelieferterVertrag['versicherte'] {
  const text = leser.lies('versichertePerson', (zelle) => readWort(zelle, 120))
  if (text === null) return []
  const { vorname, name } = splitName(text)
  return [{ name, vorname, geburtsdatum: leser.lies('versichertePersonGeburt', (zelle) => readDatum(zelle, leser.heute, 'VERGANGEN')) }]
}

function readMerkmale(leser: Zeilenleser, { sparte, vuNummer }: { sparte: Spartenwort; vuNummer: string }): Merkmale {
  const { lies } = leser
  const versicherer = lies('versicherer', readWort)
  if (versicherer !== null && vuNummer === '')
    leser.melde(
      'versicherer',
      `Der Versicherer „${versicherer}“ ist nicht bekannt. Tragen Sie ihn mit seiner VU-Nummer unter Versicherer ein und lesen Sie die Datei noch einmal ein.`,
    )
  const roh = {
    ...(vuNummer === '' && versicherer !== null && { versicherer }),
    ...(sparte.sparte === 'UNBEKANNT' && !istLeer(leser.text('sparte')) && { sparte: leser.text('sparte').slice(0, 100) }),
    ...(!istLeer(leser.text('status')) && { vertragsstatus: leser.text('status').slice(0, 100) }),
  }
  const werte = {
    antragsdatum: lies('antragsdatum', (zelle) => readDatum(zelle, leser.heute, 'NAH')),
    beitragBruttoCent: lies('beitragBrutto', readGeld),
    summeCent: lies('summe', readGeld),
    wohnflaeche: lies('wohnflaeche', (zelle) => readZahl(zelle, 100_000)),
    elementar: lies('elementar', readJaNein),
    unterversicherungsverzicht: lies('unterversicherungsverzicht', readJaNein),
    familie: lies('familie', readJaNein),
    kennzeichen: lies('kennzeichen', (zelle) => readWort(zelle, 20)),
    sfKh: lies('sfKh', (zelle) => readWort(zelle, 20)),
    sfVk: lies('sfVk', (zelle) => readWort(zelle, 20)),
    risikoanschrift: lies('risikoanschrift', readWort),
    riester: sparte.riester ? 'JA' : null,
    roh: Object.keys(roh).length > 0 ? roh : null,
  }
  return Object.fromEntries(Object.entries(werte).filter(([, wert]) => wert !== null)) as Merkmale
}
