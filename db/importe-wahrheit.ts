/** Who is right, field by field, as pieces of SQL: shared by customers and contracts of an import. */
import { type RawBuilder, sql } from 'kysely'
import type { Quelle, Tag } from './schema.ts'

export interface Uebernahme {
  betrieb: number
  importId: number
  quelle: Extract<Quelle, 'GDV' | 'CSV'>
  /** Gets the customers of unmapped agency numbers. */
  supervisor: number
  /** Today in Europe/Berlin. */
  heute: Tag
}

/** A person typed the field: it is marked so, or the whole row is a person's and the field is not marked otherwise. */
export function isHand(tabelle: string, feld: string): RawBuilder<boolean> {
  return sql<boolean>`(coalesce(${sql.ref(`${tabelle}.herkunft`)} -> ${sql.lit(feld)} ->> 'quelle', ${sql.ref(`${tabelle}.quelle`)}) IN ('HAND', 'KUNDE'))`
}

/** A person emptied the field on purpose: then a delivery does not fill it again. */
export function isHandEmptied(tabelle: string, feld: string): RawBuilder<boolean> {
  return sql<boolean>`coalesce(${sql.ref(`${tabelle}.herkunft`)} -> ${sql.lit(feld)} ->> 'quelle' IN ('HAND', 'KUNDE'), false)`
}

/** For v (feld, hier, geliefert): not the same, other than in spelling; "D" is Germany, which is shown as nothing. */
export function contradicts(): RawBuilder<boolean> {
  return sql<boolean>`(CASE v.feld
    WHEN 'telefon' THEN regexp_replace(coalesce(v.hier, ''), '\\D', '', 'g') <> regexp_replace(v.geliefert, '\\D', '', 'g')
    WHEN 'mobil' THEN regexp_replace(coalesce(v.hier, ''), '\\D', '', 'g') <> regexp_replace(v.geliefert, '\\D', '', 'g')
    WHEN 'email' THEN lower(coalesce(v.hier, '')) <> lower(v.geliefert)
    WHEN 'strasse' THEN falten_anschrift('', v.hier) <> falten_anschrift('', v.geliefert)
    WHEN 'land' THEN upper(coalesce(v.hier, 'D')) <> upper(v.geliefert) AND NOT (coalesce(v.hier, 'D') IN ('D', 'DE', 'DEUTSCHLAND') AND upper(v.geliefert) IN ('D', 'DE', 'DEUTSCHLAND'))
    ELSE falten(v.hier) <> falten(v.geliefert) END)`
}

/** Joins d (felder, vorher, nachher) for k (old row) and n (new values): what differs between them. */
export function changes(felder: readonly string[]): RawBuilder<unknown> {
  const werte = sql.join(felder.map((feld) => sql`(${sql.lit(feld)}, to_jsonb(k.${sql.ref(feld)}), to_jsonb(n.${sql.ref(feld)}))`))
  return sql`CROSS JOIN LATERAL (SELECT array_agg(f) AS felder, jsonb_object_agg(f, coalesce(alt, 'null')) AS vorher, jsonb_object_agg(f, coalesce(neu, 'null')) AS nachher
    FROM (VALUES ${werte}) v (f, alt, neu) WHERE alt IS DISTINCT FROM neu) d`
}

/** The sequence of a table's ids, looked up once a statement (as an argument of nextval it would be looked up for every row). */
export function sequence(tabelle: string): RawBuilder<unknown> {
  return sql`(SELECT pg_get_serial_sequence(${sql.lit(tabelle)}, 'id')::regclass)`
}
