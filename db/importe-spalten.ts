/** Which column of a table means what: as it was proposed, as a person confirms it (once for each source), and what rows become by it. */
import { sql } from 'kysely'
import { type Spaltenzuordnung, toZuordnung } from '../domain/tabellenfelder.ts'
import { type Tabellenvorschlag, previewZeilen } from '../imports/tabelle.ts'
import { begin } from './importe.ts'
import type { Importstatus, Tag } from './schema.ts'
import type { WebDb } from './sitzung.ts'
import { listVersicherernamen } from './versicherer.ts'

export interface Spaltenansicht {
  id: number
  betrieb: number
  datei: string
  status: Importstatus
  /** Name of the source the mapping is kept for. */
  quelle: string
  vorschlag: Tabellenvorschlag
  /** What is kept for the source, else what is proposed. */
  zuordnung: Spaltenzuordnung
  bestaetigt: boolean
}

export type Vorschauzeile = ReturnType<typeof previewZeilen>[number] & {
  /** Of its contract: the name, else the number, else as the table calls it; null where it says nothing. */
  versicherer: string | null
}

/** Undefined for an import that is no table, or whose rows are not kept any more. */
export async function findSpalten(db: WebDb, id: number): Promise<Spaltenansicht | undefined> {
  const row = await db
    .selectFrom('import as i')
    .innerJoin('importquelle as q', 'q.id', 'i.quelle_id')
    .select(['i.id', 'i.betrieb_id as betrieb', 'i.datei', 'i.status', 'i.vorschlag', 'q.name as quelle', 'q.spalten'])
    .where('i.id', '=', id)
    .executeTakeFirst()
  if (!row?.vorschlag) return undefined
  const { spalten, ...rest } = row
  const vorschlag = row.vorschlag as Tabellenvorschlag
  const zuordnung = spalten === null ? vorschlag.zuordnung : toZuordnung(spalten, vorschlag.spalten.length)
  return { ...rest, vorschlag, zuordnung, bestaetigt: spalten !== null }
}

/** The first rows as they would be stored, with what would be found fault with. */
export async function previewSpalten(
  db: WebDb,
  { betrieb, vorschlag }: Spaltenansicht,
  zuordnung: Spaltenzuordnung,
  heute: Tag,
): Promise<Vorschauzeile[]> {
  const versicherer = await listVersicherernamen(db, betrieb)
  const namen = new Map(versicherer.map(({ vuNummer, name }) => [vuNummer, name]))
  return previewZeilen(vorschlag, zuordnung, { heute, versicherer }).map((zeile) => {
    const { vuNummer, merkmale } = zeile.vertrag ?? { vuNummer: '', merkmale: undefined }
    return { ...zeile, versicherer: namen.get(vuNummer) ?? (vuNummer ? `VU ${vuNummer}` : (merkmale?.roh?.['versicherer'] ?? null)) }
  })
}

/** Kept for the source; every import of it that waited for this goes on. Returns how many; undefined where there is no such table. */
export async function saveSpalten(db: WebDb, id: number, zuordnung: Spaltenzuordnung): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    UPDATE importquelle q SET spalten = ${JSON.stringify(zuordnung)} FROM import i WHERE i.id = ${id} AND q.id = i.quelle_id AND i.format <> 'GDV' RETURNING q.id`.execute(
    db,
  )
  const quelle = rows[0]?.id
  if (quelle === undefined) return undefined
  const wartende = await db
    .selectFrom('import')
    .select('id')
    .where('quelle_id', '=', quelle)
    .where('status', '=', 'ZUORDNUNG')
    .orderBy('id')
    .execute()
  let weiter = 0
  for (const wartend of wartende) if (await begin(db, wartend.id, ['ZUORDNUNG'])) weiter++
  return weiter
}
