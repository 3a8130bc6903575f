/** Fields a rule lacked: where they belong today, and a person's answers written there (herkunft HAND, so that no delivery takes them back). */
import { type RawBuilder, sql } from 'kysely'
import type { Angaben, AngabenKunde, AngabenVertrag, Vertragsangaben } from '../domain/angaben.ts'
import type { Fallakte } from './fallakte.ts'
import type { Tag } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export interface Angabenblatt {
  kunde: AngabenKunde
  /** The Fall's contract, or those of the customer and the household that may still be in force. */
  vertraege: AngabenVertrag[]
  /** Who may be insured in them. */
  personen: { id: number; name: string }[]
}

export async function getAngabenblatt(db: WebDb, akte: Pick<Fallakte, 'kunde_id' | 'vertrag_id'>): Promise<Angabenblatt> {
  const { rows } = await sql<Angabenblatt>`
    WITH haus AS (
      SELECT h.*, concat_ws(' ', h.vorname, h.name) AS rufname FROM kunde k JOIN kunde h ON h.id = k.id OR h.haushalt_id = k.haushalt_id WHERE k.id = ${akte.kunde_id})
    SELECT
      (SELECT json_build_object('id', h.id, 'name', h.rufname, 'geburtsdatum', h.geburtsdatum, 'erwerbsstatus', h.erwerbsstatus)
        FROM haus h WHERE h.id = ${akte.kunde_id}) AS kunde,
      coalesce((SELECT json_agg(json_build_object('id', h.id, 'name', h.rufname) ORDER BY h.id <> ${akte.kunde_id}, h.id)
        FROM haus h WHERE h.art = 'NATUERLICH'), '[]') AS personen,
      coalesce((SELECT json_agg(json_build_object('id', v.id, 'kunde_id', v.kunde_id, 'inhaber', h.rufname, 'sparte', v.sparte, 'versicherer', u.name, 'status', v.status,
          'beginn', v.beginn, 'ablauf', v.ablauf, 'hauptfaelligkeit', v.hauptfaelligkeit, 'bestaetigt_am', v.bestaetigt_am, 'verlaengert_sich', v.verlaengert_sich,
          'versicherte_person_id', v.versicherte_person_id, 'versicherte_person_name', v.versicherte_person_name, 'merkmale', v.merkmale)
          ORDER BY v.kunde_id <> ${akte.kunde_id}, v.sparte, v.id)
        FROM haus h JOIN vertrag v ON v.kunde_id = h.id LEFT JOIN versicherer u ON u.betrieb_id = v.betrieb_id AND u.vu_nummer = v.vu_nummer
        WHERE v.status NOT IN ('STORNIERT', 'ABGELAUFEN', 'ANTRAG') AND v.id = coalesce(${akte.vertrag_id}::integer, v.id)), '[]') AS vertraege`.execute(
    db,
  )
  return rows[0]!
}

/** Each answer goes where the field is unknown still: what somebody else has written meanwhile stays. */
export async function saveAngaben(db: WebDb, kunde: number, { kunde: person, vertraege }: Angaben, heute: Tag): Promise<void> {
  await fill(
    db,
    'kunde',
    kunde,
    Object.entries(person).map(([feld, wert]) => spalte('kunde', feld, wert)),
  )
  for (const [id, angaben] of [...vertraege].sort(([a], [b]) => a - b)) await fill(db, 'vertrag', id, vertragsspalten(angaben, heute))
}

/** One field: under which name a delivery finds that a person said it, whether it is unknown, and what is set then. */
interface Spalte {
  feld: string
  unbekannt: RawBuilder<boolean>
  set: Record<string, RawBuilder<unknown>>
}

function vertragsspalten({ besteht, geprueft, versicherte_person, ...angaben }: Vertragsangaben, heute: Tag): Spalte[] {
  const ist = (feld: string): RawBuilder<unknown> => sql.ref(`vertrag.${feld}`)
  const merkmal = (feld: string, wert: string): Spalte => ({
    feld,
    unbekannt: sql<boolean>`NOT vertrag.merkmale ? ${feld}`,
    set: { merkmale: sql`vertrag.merkmale || jsonb_build_object(${feld}::text, ${wert}::text)` },
  })
  const liste = Object.entries(angaben).map(([feld, wert]): Spalte => {
    if (feld === 'familie' || feld === 'elementar') return merkmal(feld, wert)
    if (feld === 'sparte') return { feld, unbekannt: sql<boolean>`${ist('sparte')} IN ('UNBEKANNT', 'HAFTPFLICHT')`, set: { sparte: sql`${wert}` } }
    if (feld === 'status')
      return { feld, unbekannt: sql<boolean>`${ist('status')} = 'UNBEKANNT'`, set: { status: sql`${wert}`, bestaetigt_am: sql`${heute}::date` } }
    if (feld === 'verlaengert_sich')
      return { ...spalte('vertrag', feld, wert), set: { verlaengert_sich: sql`${wert}`, verlaengert_quelle: sql`'PERSON'` } }
    return spalte('vertrag', feld, wert)
  })
  if (besteht === 'JA')
    liste.push({
      feld: 'bestaetigt_am',
      unbekannt: sql<boolean>`coalesce(vertrag.bestaetigt_am < ${heute}, true)`,
      set: { bestaetigt_am: sql`${heute}::date` },
    })
  if (besteht === 'NEIN')
    liste.push({
      feld: 'status',
      unbekannt: sql<boolean>`${ist('status')} <> 'ABGELAUFEN'`,
      set: { status: sql`'ABGELAUFEN'`, bestaetigt_am: sql`${heute}::date` },
    })
  if (geprueft)
    liste.push({ ...merkmal('geprueftAm', geprueft), unbekannt: sql<boolean>`coalesce(vertrag.merkmale ->> 'geprueftAm' < ${geprueft}, true)` })
  if (typeof versicherte_person === 'number') liste.push(spalte('vertrag', 'versicherte_person_id', versicherte_person))
  if (typeof versicherte_person === 'string') liste.push(spalte('vertrag', 'versicherte_person_name', versicherte_person))
  return liste
}

function spalte(tabelle: 'kunde' | 'vertrag', feld: string, wert: string | number): Spalte {
  return { feld, unbekannt: sql<boolean>`${sql.ref(`${tabelle}.${feld}`)} IS NULL`, set: { [feld]: sql`${wert}` } }
}

async function fill(db: WebDb, tabelle: 'kunde' | 'vertrag', id: number, spalten: readonly Spalte[]): Promise<void> {
  for (const { feld, unbekannt, set } of spalten)
    await db
      .updateTable(tabelle)
      .set({
        ...set,
        herkunft: sql<string>`herkunft || jsonb_build_object(${feld}::text, jsonb_build_object('quelle', 'HAND', 'am', (now() AT TIME ZONE 'Europe/Berlin')::date))`,
        version: sql<number>`version + 1`,
        geaendert_am: sql<string>`now()`,
      })
      .where('id', '=', id)
      .where(unbekannt)
      .execute()
}
