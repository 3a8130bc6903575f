/** What a rule of the night may look at, and the shape of its answer. (The rules themselves stand in gevos/.) */
import { type AliasableExpression, type Compilable, type Kysely, type RawBuilder, type Selectable, sql } from 'kysely'
import type { BetriebTable, EinwilligungTable, KundeTable, Schema, Tag, VertragTable, Zeitpunkt } from './schema.ts'

/** Values read when a Fall was found, and our own codes; never a policy number. */
export type Befund = Readonly<Record<string, unknown>>
/** Thresholds a Betrieb may change (table regel); what it did not change comes from the GeVo. */
export type Werte = Readonly<Record<string, number>>
/** Between which whole numbers a threshold may lie. */
export interface Grenzen {
  min: number
  max: number
}

/** Reads only: a rule cannot write. */
export type Leser = Pick<Kysely<Schema>, 'selectFrom'>

export interface Frage {
  db: Leser
  /** Cut to the Betriebe of the run and to whom a rule may look at at all. */
  bestand: Bestand
  stichtag: Tag
  /** The settings per Betrieb, to be joined: a Betrieb that has switched the rule off is not in it. */
  regel: AliasableExpression<Einstellungen>
  /** What another rule could not decide. */
  unentschieden(regel: Regel): AliasableExpression<Unentschieden>
}

interface Unentschieden {
  kunde_id: number
  /** Names of the fields that were missing. */
  unbekannt: string[]
}

type Regelwerte = Pick<Regel, 'code' | 'werte' | 'einstellungen'>
interface Einstellungen {
  betrieb_id: number
  werte: Werte
}

/** Each cut to the Betriebe of the run. */
export interface Bestand {
  /** Whom the rule may speak of. */
  kunden: AliasableExpression<Selectable<KundeTable>>
  /** Everybody in the portfolio, also whom a rule may not speak of: their contracts cover others. */
  personen: AliasableExpression<Selectable<KundeTable>>
  vertraege: AliasableExpression<Selectable<VertragTable>>
  einwilligungen: AliasableExpression<Selectable<EinwilligungTable>>
  /** Days on which a customer was truly reached, with the contract it was about where a Fall names one. */
  kontakte: AliasableExpression<{ kunde_id: number; vertrag_id: number | null; tag: Tag }>
  /** Fälle that were documented and have left, with the Berlin day and the moment of their documentation. */
  dokumentiert: AliasableExpression<{ kunde_id: number; gevo: string; ergebnis: string; tag: Tag; am: Zeitpunkt }>
  /** `beginn`: before it nothing that was done is known. */
  betriebe: AliasableExpression<Pick<Selectable<BetriebTable>, 'id' | 'beginn' | 'bundesland'>>
}

/** One row a finding. UNBEKANNT opens nothing and ends nothing. */
export interface Treffer {
  betrieb_id: number
  vermittler_id: number
  kunde_id: number
  vertrag_id: number | null
  /** Business key made of our own numbers: while one is open, none is opened again. */
  schluessel: string
  befund: Befund
  /** Names of fields that were unknown. */
  unbekannt: string[]
  /** From law or contract: escalates when it passes. */
  frist: Tag | null
  /** Our own wish: sorts, never escalates. */
  bearbeiten_bis: Tag | null
  lage: 'TRIFFT' | 'UNBEKANNT'
  /** Smaller is more urgent, within this GeVo. */
  dringlichkeit: number
}
export type Abfrage = AliasableExpression<Treffer> & Compilable<Treffer>

/** What the night needs to know of a GeVo. */
export interface Regel {
  code: string
  klasse: 'W' | 'V'
  prio: 1 | 2 | 3 | 4
  /** BEFUND_WEG: no longer found = cured. FRIST_VORBEI: what was not worked in its window stays, overdue. */
  ende: 'BEFUND_WEG' | 'FRIST_VORBEI'
  werte: Werte
  /** What a Betrieb may change of `werte`. */
  einstellungen?: Readonly<Record<string, Grenzen>>
  /** Whether a Betrieb that has not said anything uses it; default yes. */
  vorgabeAn?: boolean
  /** Raised when the question itself changes. */
  version: number
  erkenne(frage: Frage): Abfrage
}

/** For a rule that names no bounds: no date or age leaves what PostgreSQL can count. */
const WEIT: Grenzen = { min: 0, max: 5_000 }

export interface Ausschnitt {
  betriebe: readonly number[]
  stichtag: Tag
  /** Also Betriebe that have switched the rule off (to show what it would find). */
  auchAus?: boolean
  /** Which settings: the current ones, those of the moment some runs began, or values that are only tried. */
  stand?: { laeufe: readonly number[]; gefragt?: ReadonlySet<string> } | { probe: Werte }
}

/** Asks one rule about the portfolio of some Betriebe. In a transaction that goes MENGENWEISE. `stand.gefragt`: rules all these runs have asked already; what they could not decide is remembered. */
export function ask(db: Leser, regel: Regel, { betriebe, stichtag, auchAus = false, stand }: Ausschnitt): Abfrage {
  const hier = (spalte: string) => sql<boolean>`${sql.ref(spalte)} = ANY (${betriebe}::integer[])`
  const kundenFuer = (klasse: Regel['klasse']) =>
    db.selectFrom('kunde').selectAll('kunde').where(hier('kunde.betrieb_id')).where(inReichweite('kunde', klasse))
  const regelVon = (von: Regelwerte) =>
    einstellungenVon(db, von, { betriebe, auchAus, ...(stand && { stand: von.code === regel.code || 'laeufe' in stand ? stand : undefined }) })
  const bestand: Omit<Bestand, 'kunden'> = {
    personen: db.selectFrom('kunde').selectAll('kunde').where(hier('kunde.betrieb_id')),
    vertraege: db.selectFrom('vertrag').selectAll('vertrag').where(hier('vertrag.betrieb_id')),
    einwilligungen: db.selectFrom('einwilligung').selectAll('einwilligung').where(hier('einwilligung.betrieb_id')),
    kontakte: erreicht(db, hier),
    dokumentiert: erledigt(db, hier),
    betriebe: db.selectFrom('betrieb').select(['betrieb.id', 'betrieb.beginn', 'betrieb.bundesland']).where(hier('betrieb.id')),
  }
  const abfrage = (von: Regel): Abfrage =>
    von.erkenne({ db, bestand: { ...bestand, kunden: kundenFuer(von.klasse) }, stichtag, regel: regelVon(von), unentschieden })
  const unentschieden = (von: Regel): AliasableExpression<Unentschieden> =>
    stand && 'laeufe' in stand && stand.gefragt?.has(von.code)
      ? gemerkt(db, von, stand.laeufe).where(hier('g.betrieb_id'))
      : db.selectFrom(abfrage(von).as('u')).select(['u.kunde_id', 'u.unbekannt']).where('u.lage', '=', 'UNBEKANNT')
  return abfrage(regel)
}

/** What the night has written down when it asked the rule (nachtlauf-gevo.ts). */
function gemerkt(db: Leser, { code }: Regel, laeufe: readonly number[]) {
  return db
    .selectFrom('nachtlauf_gevo as g')
    .crossJoinLateral(sql<{ felder: string; kunden: number[] }>`jsonb_each(g.unentschieden)`.as<'f'>(sql`f (felder, kunden)`))
    .crossJoinLateral(sql<{ nr: string }>`jsonb_array_elements_text(f.kunden)`.as<'k'>(sql`k (nr)`))
    .select([sql<number>`k.nr::integer`.as('kunde_id'), sql<string[]>`string_to_array(f.felder, ',')`.as('unbekannt')])
    .where('g.gevo', '=', code)
    .where(sql<boolean>`g.nachtlauf_id = ANY (${laeufe}::integer[])`)
}

function erledigt(db: Leser, hier: (spalte: string) => RawBuilder<boolean>): Bestand['dokumentiert'] {
  return db
    .selectFrom('fall')
    .select(['fall.kunde_id', 'fall.gevo', sql<string>`fall.ergebnis`.as('ergebnis'), sql<Zeitpunkt>`fall.dokumentiert_am`.as('am')])
    .select(sql<Tag>`(fall.dokumentiert_am AT TIME ZONE 'Europe/Berlin')::date`.as('tag'))
    .where(hier('fall.betrieb_id'))
    .where('fall.geschlossen_grund', '=', 'DOKUMENTIERT')
}

/** Somebody was spoken to, or wrote himself. A letter or mail that went out reaches nobody for certain. */
function erreicht(db: Leser, hier: (spalte: string) => RawBuilder<boolean>): Bestand['kontakte'] {
  const tag = (am: string) => sql<Tag>`(${sql.ref(am)} AT TIME ZONE 'Europe/Berlin')::date`
  const gesprochen = db
    .selectFrom('kontakt')
    .leftJoin('fall', 'fall.id', 'kontakt.fall_id')
    .select(['kontakt.kunde_id', 'fall.vertrag_id', tag('kontakt.am').as('tag')])
    .where(hier('kontakt.betrieb_id'))
    .where((eb) => eb.or([eb('kontakt.richtung', '=', 'EIN'), eb('kontakt.ergebnis', 'in', ['GESPROCHEN', 'TERMIN_VEREINBART', 'RUECKRUF_ERBETEN'])]))
  const dokumentiert = db
    .selectFrom('dokumentation')
    .innerJoin('fall', 'fall.id', 'dokumentation.fall_id')
    .select(['dokumentation.kunde_id', 'fall.vertrag_id', tag('dokumentation.am').as('tag')])
    .where(hier('dokumentation.betrieb_id'))
    .where('dokumentation.kanal', 'in', ['TELEFON', 'PERSOENLICH', 'CHAT'])
    .where('dokumentation.ergebnis', 'in', [
      'ABGESCHLOSSEN',
      'ABGELEHNT_NACH_BERATUNG',
      'HINWEIS_GEGEBEN',
      'ANDERWEITIG_GEDECKT',
      'BERATUNGSVERZICHT',
    ])
  return gesprochen.unionAll(dokumentiert)
}

/** The settings of one rule per Betrieb, worked out once for each (OFFSET 0), not for every customer. Values that are only tried are those of the rule that is asked. */
function einstellungenVon(
  db: Leser,
  regel: Regelwerte,
  { betriebe, auchAus, stand }: Pick<Ausschnitt, 'betriebe' | 'auchAus' | 'stand'>,
): AliasableExpression<Einstellungen> {
  const hier = (spalte: string) => sql<boolean>`${sql.ref(spalte)} = ANY (${betriebe}::integer[])`
  if (stand && 'probe' in stand)
    return db
      .selectFrom('betrieb')
      .select(['betrieb.id as betrieb_id', sql<Werte>`${JSON.stringify({ ...regel.werte, ...stand.probe })}::jsonb`.as('werte')])
      .where(hier('betrieb.id'))
      .offset(sql.lit(0))
  if (stand)
    return db
      .selectFrom('nachtlauf_gevo as g')
      .innerJoin('regel_stand as s', (join) =>
        join.onRef('s.betrieb_id', '=', 'g.betrieb_id').onRef('s.gevo', '=', 'g.gevo').onRef('s.version', '=', 'g.regel_version'),
      )
      .select(['g.betrieb_id', regelwerte(regel, 's').as('werte')])
      .where('g.gevo', '=', regel.code)
      .where(sql<boolean>`g.nachtlauf_id = ANY (${stand.laeufe}::integer[])`)
      .where(hier('g.betrieb_id'))
      .offset(sql.lit(0))
  return db
    .selectFrom('betrieb')
    .leftJoin('regel', (join) => join.onRef('regel.betrieb_id', '=', 'betrieb.id').on('regel.gevo', '=', regel.code))
    .select(['betrieb.id as betrieb_id', regelwerte(regel, 'regel').as('werte')])
    .where(hier('betrieb.id'))
    .$if(!auchAus, (qb) => qb.where('regel.an', '=', true))
    .offset(sql.lit(0))
}

/** All thresholds of a rule: the GeVo's, and those of the Betrieb (alias of regel or regel_stand) that lie within their bounds. Never fails. */
export function regelwerte({ werte, einstellungen }: Omit<Regelwerte, 'code'>, stand: string): RawBuilder<Werte> {
  const grenzen = einstellungen ?? Object.fromEntries(Object.keys(werte).map((name) => [name, WEIT]))
  const eigene = Object.entries(grenzen).flatMap(([name, { min, max }]) => [
    sql.lit(name),
    sql`regelwert(${sql.ref(`${stand}.werte`)}, ${sql.lit(name)}, ${sql.lit(werte[name]!)}, ${sql.lit(min)}, ${sql.lit(max)})`,
  ])
  return sql`${JSON.stringify(werte)}::jsonb || jsonb_build_object(${sql.join(eigene)})`
}

/** Nobody who is no customer, dead, restricted (Art. 18 DSGVO) or to be deleted; no advertising against an objection (Art. 21 Abs. 2 DSGVO). */
export function inReichweite(kunde: string, klasse: 'W' | 'V') {
  const feld = (name: string) => sql.ref(`${kunde}.${name}`)
  const werbung = klasse === 'W' ? sql` AND ${feld('werbewiderspruch_am')} IS NULL` : sql``
  return sql<boolean>`(${feld('status')} = 'AKTIV' AND ${feld('verstorben_am')} IS NULL AND ${feld('eingeschraenkt_am')} IS NULL
    AND ${feld('loeschen_ab')} IS NULL${werbung})`
}
