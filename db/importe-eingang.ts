/**
 * What a reader says → rows in temporary tables of one transaction, by COPY: memory stays flat, nothing is left of a run that is killed,
 * and no row of a delivery that is not believed ever lies in the database.
 */
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { sql } from 'kysely'
import { from as copyFrom } from 'pg-copy-streams'
import { falte, suchtext } from '../domain/suchtext.ts'
import type { Befund, GelieferteMahnung, GeliefertePerson, GelieferterSchaden, GelieferterVertrag, Meldung, Paketkopf } from '../imports/lieferung.ts'
import type { Trx } from './faelle.ts'
import type { Tag } from './schema.ts'
import type { Leitung } from './verbindung.ts'

/** Columns of `kunde` a delivery fills, with their types. */
export const KUNDENWERTE = {
  art: 'text',
  anrede: 'text',
  titel: 'text',
  vorname: 'text',
  name: 'text',
  namenszusatz: 'text',
  geburtsdatum: 'date',
  strasse: 'text',
  plz: 'text',
  ort: 'text',
  land: 'text',
  telefon: 'text',
  mobil: 'text',
  email: 'text',
  familienstand: 'text',
  erwerbsstatus: 'text',
  beruf: 'text',
  kunde_seit: 'date',
} as const

const TABELLEN = {
  e_person: {
    nr: 'int',
    paket: 'int',
    zeile: 'int',
    vu: 'text',
    agentur: 'text',
    nummer_vu: 'text',
    nummer_vm: 'text',
    stand: 'date',
    // Name, birthday, address, folded: one of it is one person. Parts of it for comparing.
    wer: 'text',
    name_key: 'text',
    vorname_key: 'text',
    anschrift: 'text',
    // Of the values: the same person delivered a hundred times the same is one row.
    inhalt: 'text',
    suchworte: 'text',
    einwilligungen: 'jsonb',
    vollmacht_am: 'date',
    ...KUNDENWERTE,
  },
  e_vertrag: {
    nr: 'int',
    paket: 'int',
    zeile: 'int',
    person: 'int',
    vu: 'text',
    vsnr: 'text',
    vsnr_norm: 'text',
    vsnr_alt: 'text',
    vsnr_neu: 'text',
    agentur: 'text',
    nummer_vu: 'text',
    nummer_vm: 'text',
    stand: 'date',
    sparte_gdv: 'text',
    sparte: 'text',
    bestandsart: 'text',
    produkt: 'text',
    beginn: 'date',
    ablauf: 'date',
    hauptfaelligkeit: 'date',
    beitrag_cent: 'bigint',
    zahlungsweise: 'text',
    // null: the delivery does not say.
    status: 'text',
    abgang_am: 'date',
    verlaengert_sich: 'text',
    kuendigungsfrist_monate: 'int',
    vp_name: 'text',
    vp_schluessel: 'text',
    vp_geburt: 'date',
    merkmale: 'jsonb',
  },
  e_mahnung: {
    paket: 'int',
    vu: 'text',
    vsnr_norm: 'text',
    sparte_gdv: 'text',
    art: 'text',
    grund: 'text',
    betrag_cent: 'bigint',
    faellig_am: 'date',
    stand: 'date',
  },
  e_schaden: {
    paket: 'int',
    vu: 'text',
    vsnr_norm: 'text',
    sparte_gdv: 'text',
    schadennummer: 'text',
    schaden_am: 'date',
    gemeldet_am: 'date',
    ursache: 'text',
    erledigt: 'text',
    stand: 'date',
  },
} as const

type Tabelle = keyof typeof TABELLEN
type Wert = string | number | null

export interface Paket extends Paketkopf {
  saetze: number
  abgelehnt: string | null
  summenStimmen: boolean | null
}

export interface Eingelesen {
  pakete: Paket[]
  /** All that were found, in how many lines; kept are the first of each kind, the very first with how many there are. */
  befunde: { gesamt: number; zeilen: number; erste: (Befund & { anzahl?: number })[] }
  personen: number
  vertraege: number
}

export interface Leseauftrag {
  meldungen: AsyncIterable<Meldung>
  /** Today in Europe/Berlin: no delivery speaks of a later day. */
  heute: Tag
  /** Called about every few thousand rows. */
  melde(stand: { personen: number; vertraege: number }): Promise<void>
}

/** Bytes buffered before a COPY. */
const STAPEL = 2 * 1024 * 1024
/** More are counted, not kept: a ruined file must not fill the database. */
const HOECHSTENS_BEFUNDE = 2_000
const HOECHSTENS_JE_ART = 200
const HOECHSTENS_ARTEN = 1_000

export async function createEingang(trx: Trx): Promise<void> {
  for (const [tabelle, spalten] of Object.entries(TABELLEN))
    await sql
      .raw(
        `CREATE TEMP TABLE ${tabelle} (${Object.entries(spalten)
          .map(([name, typ]) => `${name} ${typ}`)
          .join(', ')}) ON COMMIT DROP`,
      )
      .execute(trx)
}

export async function readEingang({ trx, client }: Leitung, { meldungen, heute, melde }: Leseauftrag): Promise<Eingelesen> {
  const gelesen: Eingelesen = { pakete: [], befunde: { gesamt: 0, zeilen: 0, erste: [] }, personen: 0, vertraege: 0 }
  const puffer = new Map<Tabelle, string[]>()
  let gepuffert = 0
  const stand = (paket: number): Tag => {
    const geliefert = gelesen.pakete.find(({ nr }) => nr === paket)?.stand ?? heute
    return geliefert < heute ? geliefert : heute
  }
  const keep = createSammler(gelesen.befunde)
  const put = (tabelle: Tabelle, werte: readonly Wert[]): void => {
    const zeile = werte.map(toCopy).join('\t')
    const stapel = puffer.get(tabelle)
    if (stapel) stapel.push(zeile)
    else puffer.set(tabelle, [zeile])
    gepuffert += zeile.length
  }
  const flush = async (): Promise<void> => {
    for (const [tabelle, zeilen] of puffer) await copyRows(client, tabelle, zeilen)
    puffer.clear()
    gepuffert = 0
    await melde(gelesen)
  }
  for await (const meldung of meldungen) {
    switch (meldung.art) {
      case 'paket':
        gelesen.pakete.push({ ...meldung.paket, saetze: 0, abgelehnt: null, summenStimmen: null })
        break
      case 'person':
        // Others than the Versicherungsnehmer are nobody's customer yet; contracts name them.
        if (meldung.person.rolle !== 'VN') break
        gelesen.personen++
        put('e_person', personRow(meldung.person, stand(meldung.person.paket)))
        break
      case 'vertrag':
        put('e_vertrag', vertragRow(meldung.vertrag, ++gelesen.vertraege, stand(meldung.vertrag.paket)))
        break
      case 'mahnung':
        put('e_mahnung', mahnungRow(meldung.mahnung, stand(meldung.mahnung.paket)))
        break
      case 'schaden':
        put('e_schaden', schadenRow(meldung.schaden, stand(meldung.schaden.paket)))
        break
      case 'befund':
        keep(meldung.befund)
        break
      case 'paketEnde': {
        const { nr, saetze, abgelehnt, summenStimmen } = meldung.paket
        Object.assign(gelesen.pakete.find((paket) => paket.nr === nr) ?? {}, { saetze, abgelehnt, summenStimmen })
        if (abgelehnt !== null) {
          await flush()
          for (const tabelle of Object.keys(TABELLEN)) await sql`DELETE FROM ${sql.table(tabelle)} WHERE paket = ${nr}`.execute(trx)
        }
      }
    }
    if (gepuffert > STAPEL) await flush()
  }
  await flush()
  // Only what is joined by: looking at every column costs more than it brings.
  await sql`ANALYZE e_person (nr, paket, wer); ANALYZE e_vertrag (nr, paket, person, vu, vsnr_norm, vsnr_neu)`.execute(trx)
  return gelesen
}

/** What is said of one value is of the same kind as what is said of another. */
export function befundart({ feld, text }: { feld?: string | null; text: string }): string {
  return `${feld ?? ''}|${text.replaceAll(/„[^“]*“/g, '„…“').replaceAll(/\d\d\.\d\d\.\d{4}/g, '…')}`
}

function createSammler(befunde: Eingelesen['befunde']): (befund: Befund) => void {
  const erste = new Map<string, Befund & { anzahl?: number }>()
  let zuletzt: number | null = null
  return (befund) => {
    befunde.gesamt++
    if (befund.zeile === null || befund.zeile !== zuletzt) befunde.zeilen++
    zuletzt = befund.zeile
    const art = befundart(befund)
    const erster = erste.get(art)
    if (erster) erster.anzahl = (erster.anzahl ?? 1) + 1
    if ((erster?.anzahl ?? 0) > HOECHSTENS_JE_ART || befunde.erste.length >= HOECHSTENS_BEFUNDE) return
    const behalten = { ...befund }
    befunde.erste.push(behalten)
    if (!erster && erste.size < HOECHSTENS_ARTEN) erste.set(art, behalten)
  }
}

async function copyRows(client: Leitung['client'], tabelle: Tabelle, zeilen: readonly string[]): Promise<void> {
  const copy = client.query(copyFrom(`COPY ${tabelle} (${Object.keys(TABELLEN[tabelle]).join(', ')}) FROM STDIN`))
  // Whoever waits for the end is told.
  copy.on('error', () => undefined)
  if (!copy.write(`${zeilen.join('\n')}\n`)) await Promise.race([once(copy, 'drain'), finished(copy)])
  copy.end()
  await finished(copy)
}

/** https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS-TEXT; PostgreSQL knows no NUL in a text. */
function toCopy(wert: Wert): string {
  if (wert === null) return '\\N'
  if (typeof wert === 'number') return String(wert)
  return /[\\\t\n\r\0]/.test(wert) ? wert.replace(/[\\\t\n\r\0]/g, (zeichen) => ESCAPES[zeichen]!) : wert
}
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '' }

function personRow(p: GeliefertePerson, stand: Tag): Wert[] {
  const name = falte(p.name)
  const vorname = falte(p.vorname ?? '')
  const anschrift = `${p.plz ?? ''}|${falte(p.strasse ?? '').replace(/strasse( |$)/, 'str$1')}`
  const werte = [
    p.art,
    p.anrede,
    p.titel,
    p.vorname,
    p.name,
    p.namenszusatz,
    p.geburtsdatum,
    p.strasse,
    p.plz,
    p.ort,
    p.land,
    p.telefon,
    p.mobil,
    p.email,
    p.familienstand,
    p.erwerbsstatus,
    p.beruf,
    p.kundeSeit,
  ]
  return [
    p.nr,
    p.paket,
    p.zeile,
    p.vuNummer,
    p.agenturnummer,
    nonZero(p.nummerVersicherer),
    nonZero(p.nummerVermittler),
    stand,
    `${name}|${vorname}|${p.geburtsdatum ?? ''}|${anschrift}${nurName(p, anschrift)}`,
    name,
    vorname,
    anschrift,
    hash('md5', werte.join('\t')),
    suchtext({ ...p, nummer: '' }).slice(1),
    p.einwilligungen.length === 0 ? null : JSON.stringify(p.einwilligungen),
    p.maklervollmachtAm,
    ...werte,
  ]
}

/** A name is nobody: without birthday and address people are told apart by their number. */
function nurName({ geburtsdatum, vuNummer, nummerVersicherer, nummerVermittler }: GeliefertePerson, anschrift: string): string {
  if (geburtsdatum !== null || anschrift !== '|') return ''
  const [eigene, fremde] = [nonZero(nummerVermittler), nonZero(nummerVersicherer)]
  return eigene !== null ? `|${eigene}` : fremde !== null ? `|${vuNummer}/${fremde}` : ''
}

function vertragRow(v: GelieferterVertrag, nr: number, stand: Tag): Wert[] {
  const [eine] = v.versicherte
  const allein = v.versicherte.length === 1 && eine?.geburtsdatum ? eine : undefined
  return [
    nr,
    v.paket,
    v.zeile,
    v.person,
    v.vuNummer,
    v.vsnr,
    v.vsnrNorm,
    v.vsnrAlt,
    v.vsnrNeu,
    v.agenturnummer,
    nonZero(v.nummerVersicherer),
    nonZero(v.nummerVermittler),
    stand,
    v.sparteGdv,
    v.sparte,
    v.bestandsart,
    v.produkt,
    v.beginn,
    v.ablauf,
    v.hauptfaelligkeit,
    v.beitragCent,
    v.zahlungsweise,
    v.status === 'UNBEKANNT' && v.merkmale.roh?.['vertragsstatus'] === undefined ? null : v.status,
    v.abgangAm,
    v.verlaengertSich,
    v.kuendigungsfristMonate,
    v.versicherte.map((person) => [person.vorname, person.name].filter(Boolean).join(' ')).join(', ') || null,
    allein ? `${falte(allein.name)}|${falte(allein.vorname ?? '')}` : null,
    allein?.geburtsdatum ?? null,
    JSON.stringify(v.merkmale),
  ]
}

function mahnungRow(m: GelieferteMahnung, stand: Tag): Wert[] {
  return [m.paket, m.vuNummer, m.vsnrNorm, m.sparteGdv, m.art, m.grund, m.betragCent, m.faelligAm, stand]
}

function schadenRow(s: GelieferterSchaden, stand: Tag): Wert[] {
  return [s.paket, s.vuNummer, s.vsnrNorm, s.sparteGdv, s.schadennummer, s.schadenAm, s.gemeldetAm, s.ursache, s.erledigt, stand]
}

/** Zeros and blanks fill a field that has nothing to say. */
function nonZero(nummer: string | null): string | null {
  return nummer === null || /^[0\s]*$/.test(nummer) ? null : nummer
}
