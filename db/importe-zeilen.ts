/** What a reader says, as rows of the temporary tables of an import: their columns, and the values in the same order. */
import { hash } from 'node:crypto'
import { falte, suchtext } from '../domain/suchtext.ts'
import type { GelieferteMahnung, GeliefertePerson, GelieferterSchaden, GelieferterVertrag } from '../imports/lieferung.ts'
import type { Tag } from './schema.ts'

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

export const TABELLEN = {
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

type Zeile = (string | number | null)[]

export function personRow(p: GeliefertePerson, stand: Tag): Zeile {
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

export function vertragRow(v: GelieferterVertrag, nr: number, stand: Tag): Zeile {
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

export function mahnungRow(m: GelieferteMahnung, stand: Tag): Zeile {
  return [m.paket, m.vuNummer, m.vsnrNorm, m.sparteGdv, m.art, m.grund, m.betragCent, m.faelligAm, stand]
}

export function schadenRow(s: GelieferterSchaden, stand: Tag): Zeile {
  return [s.paket, s.vuNummer, s.vsnrNorm, s.sparteGdv, s.schadennummer, s.schadenAm, s.gemeldetAm, s.ursache, s.erledigt, stand]
}

/** Zeros and blanks fill a field that has nothing to say. */
function nonZero(nummer: string | null): string | null {
  return nummer === null || /^[0\s]*$/.test(nummer) ? null : nummer
}
