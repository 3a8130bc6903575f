/** One Fall as the call needs it: customer, contracts, consents, open Vorgänge, the last documentation. Its timeline is listZeitleiste. */
import { type Selectable, sql } from 'kysely'
import { type Arbeitszeile, abschnitt, selectFall } from './arbeitsvorrat.ts'
import type { DokumentationTable, FallRow, KundeRow, Tag, VertragRow, VorgangTable, Zeitpunkt } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export type Aktenvertrag = Pick<
  VertragRow,
  'id' | 'sparte' | 'vu_nummer' | 'vsnr' | 'beitrag_cent' | 'zahlungsweise' | 'ablauf' | 'status' | 'bestandsart'
> & {
  versicherer: string | null
}
export type Aktenvorgang = Pick<Selectable<VorgangTable>, 'id' | 'titel' | 'notiz' | 'status' | 'faellig_am'>
export type Aktendokumentation = Pick<Selectable<DokumentationTable>, 'kanal' | 'ergebnis' | 'notiz' | 'sperre_bis' | 'am'>

export interface Fallakte
  extends
    Arbeitszeile,
    Pick<FallRow, 'vermittler_id' | 'vertrag_id' | 'regel_version' | 'prio' | 'stichtag' | 'eroeffnet_am' | 'eskaliert_am' | 'offene_vorgaenge'>,
    Pick<
      KundeRow,
      | 'art'
      | 'anrede'
      | 'strasse'
      | 'plz'
      | 'ort'
      | 'telefon'
      | 'mobil'
      | 'email'
      | 'erwerbsstatus'
      | 'beruf'
      | 'werbewiderspruch_am'
      | 'eingeschraenkt_am'
    > {
  kundennummer: string
  /** Thresholds it was opened with; null for one made by hand. */
  regelwerte: Record<string, number> | null
  /** The Betrieb's own Sperrfrist for this GeVo; null = as the GeVo says. */
  sperrfrist_monate: number | null
  kundenstatus: KundeRow['status']
  /** Of the Betrieb, for holidays. */
  bundesland: string
  vertraege: Aktenvertrag[]
  einwilligungen: { id: number; kanal: string; erteilt_am: Tag }[]
  vorgaenge: Aktenvorgang[]
  dokumentation: Aktendokumentation | null
}

/** Undefined for a Fall that does not exist or that the person may not see. */
export async function findFallakte(db: WebDb, id: number, jetzt: Zeitpunkt): Promise<Fallakte | undefined> {
  const { rows } = await selectFall<Fallakte>({ id, jetzt, mehr: MEHR }).execute(db)
  return rows[0]
}

/** What an action has to know of a Fall beforehand: a click need not read all that the panel shows. */
export type Fallkopf = Pick<
  Arbeitszeile & FallRow,
  'id' | 'gevo' | 'version' | 'status' | 'offene_vorgaenge' | 'kunde_id' | 'name' | 'vorname' | 'titel' | 'abschnitt'
> &
  Pick<Fallakte, 'sperrfrist_monate'>

export async function findFallkopf(db: WebDb, id: number, jetzt: Zeitpunkt): Promise<Fallkopf | undefined> {
  const { rows } = await sql<Fallkopf>`
    SELECT f.id, f.gevo, f.version, f.status, f.offene_vorgaenge, f.kunde_id, k.name, k.vorname, k.titel, ${abschnitt(jetzt)} AS abschnitt,
      ${SPERRFRIST} AS sperrfrist_monate
    FROM fall f JOIN kunde k ON k.id = f.kunde_id WHERE f.id = ${id}`.execute(db)
  return rows[0]
}

const SPERRFRIST = sql`(SELECT r.sperrfrist_monate FROM regel r WHERE r.betrieb_id = f.betrieb_id AND r.gevo = f.gevo)`
const MEHR = sql`
  f.vermittler_id, f.vertrag_id, f.regel_version, f.prio, f.stichtag, f.eroeffnet_am, f.eskaliert_am, f.offene_vorgaenge,
  k.art, k.anrede, k.strasse, k.plz, k.ort, k.telefon, k.mobil, k.email, k.erwerbsstatus, k.beruf, k.werbewiderspruch_am, k.eingeschraenkt_am,
  k.nummer AS kundennummer, k.status AS kundenstatus, (SELECT b.bundesland FROM betrieb b WHERE b.id = f.betrieb_id) AS bundesland,
  (SELECT p.codes -> 'werte' FROM protokoll p WHERE p.fall_id = f.id AND p.ereignis = 'opened' ORDER BY p.id LIMIT 1) AS regelwerte, ${SPERRFRIST} AS sperrfrist_monate,
  coalesce((SELECT json_agg(json_build_object('id', t.id, 'sparte', t.sparte, 'vu_nummer', t.vu_nummer, 'vsnr', t.vsnr, 'beitrag_cent', t.beitrag_cent,
      'zahlungsweise', t.zahlungsweise, 'ablauf', t.ablauf, 'status', t.status, 'bestandsart', t.bestandsart, 'versicherer', u.name)
      ORDER BY t.id = f.vertrag_id DESC, t.sparte, t.id)
    FROM vertrag t LEFT JOIN versicherer u ON u.betrieb_id = t.betrieb_id AND u.vu_nummer = t.vu_nummer
    WHERE t.kunde_id = f.kunde_id AND t.status NOT IN ('STORNIERT', 'ABGELAUFEN')), '[]') AS vertraege,
  coalesce((SELECT json_agg(json_build_object('id', e.id, 'kanal', e.kanal, 'erteilt_am', e.erteilt_am) ORDER BY e.id)
    FROM einwilligung e WHERE e.kunde_id = f.kunde_id AND e.widerrufen_am IS NULL), '[]') AS einwilligungen,
  coalesce((SELECT json_agg(json_build_object('id', g.id, 'titel', g.titel, 'notiz', g.notiz, 'status', g.status, 'faellig_am', g.faellig_am) ORDER BY g.faellig_am)
    FROM vorgang g WHERE g.fall_id = f.id AND g.status IN ('OFFEN', 'FAELLIG')), '[]') AS vorgaenge,
  (SELECT json_build_object('kanal', d.kanal, 'ergebnis', d.ergebnis, 'notiz', d.notiz, 'sperre_bis', d.sperre_bis, 'am', d.am)
    FROM dokumentation d WHERE d.fall_id = f.id AND f.status IN ('DOKUMENTIERT', 'GESCHLOSSEN') ORDER BY d.id DESC LIMIT 1) AS dokumentation`
