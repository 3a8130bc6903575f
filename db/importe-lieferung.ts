/** Where a delivery comes from, and its bytes on their way to the reader. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { falte } from '../domain/suchtext.ts'
import type { Spaltenzuordnung } from '../domain/tabellenfelder.ts'
import { leseGdv } from '../imports/gdv.ts'
import type { Meldung } from '../imports/lieferung.ts'
import { type Tabellenlage, type Tabellenvorschlag, proposeTabelle, readTabelle } from '../imports/tabelle.ts'
import type { Trx } from './faelle.ts'
import type { Paket } from './importe-eingang.ts'
import type { Import } from './importe-lesen.ts'
import type { ImportquelleTable, Tag } from './schema.ts'
import type { Selectable } from 'kysely'
import type { Db } from './verbindung.ts'
import { listVersicherernamen } from './versicherer.ts'

type Quelle = Selectable<ImportquelleTable>

/** The stored pieces one after the other; `gelesen` is told the bytes of each. */
export async function* readStuecke(db: Db, importId: number, gelesen: (bytes: number) => void = () => undefined): AsyncGenerator<Uint8Array> {
  const hole = (nr: number) => db.selectFrom('import_datei').select('bytes').where('import_id', '=', importId).where('nr', '=', nr).executeTakeFirst()
  let naechstes = hole(1)
  for (let nr = 2; ; nr++) {
    const stueck = await naechstes
    if (!stueck) return
    // On its way while this one is read; who stops reading never asks how it went.
    naechstes = hole(nr)
    naechstes.catch(() => undefined)
    gelesen(stueck.bytes.length)
    yield stueck.bytes
  }
}

export interface Tabellenwunsch {
  heute: Tag
  /**
   * Somebody who confirms the columns at once (command line), before they are read: the mapping to keep, undefined leaves what the source has
   * (or waits for a person).
   */
  bestaetige?: ((vorschlag: Tabellenvorschlag, bisher: object | null) => Spaltenzuordnung | undefined) | undefined
}

export async function openMeldungen(
  db: Db,
  eintrag: Import,
  stuecke: AsyncIterable<Uint8Array>,
  wie: Tabellenwunsch,
): Promise<AsyncIterable<Meldung>> {
  if (eintrag.format === 'GDV' || eintrag.format === null) return leseGdv(stuecke)
  const quelle = await db.selectFrom('importquelle').select('spalten').where('id', '=', eintrag.quelle_id).executeTakeFirstOrThrow()
  return readTabelle(stuecke, { ...(await getLage(db, eintrag, wie.heute)), spalten: quelle.spalten })
}

/**
 * The source of a table is known by its headings; made where it is new. What is proposed for the columns is kept with the import, so that
 * a page can show it without reading the file. `fehler`: why the file cannot be read.
 */
export async function findTabellenquelle(
  db: Db,
  eintrag: Import,
  { heute, bestaetige }: Tabellenwunsch,
): Promise<{ quelle: Quelle } | { fehler: string }> {
  const lage = await getLage(db, eintrag, heute)
  const vorschlag = await proposeTabelle(readStuecke(db, eintrag.id), lage)
  if ('fehler' in vorschlag) return vorschlag
  const fingerabdruck = createHash('sha256').update(vorschlag.ueberschriften.map(falte).join('|')).digest('hex').slice(0, 12)
  const quelle = await ensureQuelle(db, eintrag.betrieb_id, { kennung: `${lage.format} ${fingerabdruck}`, name: eintrag.datei })
  await sql`UPDATE import SET quelle_id = ${quelle.id}, vorschlag = ${JSON.stringify(vorschlag)} WHERE id = ${eintrag.id}`.execute(db)
  const bestaetigt = bestaetige?.(vorschlag, quelle.spalten)
  if (!bestaetigt) return { quelle }
  await db
    .updateTable('importquelle')
    .set({ spalten: JSON.stringify(bestaetigt) })
    .where('id', '=', quelle.id)
    .execute()
  // The same file was put in before and waits for its columns: this one takes its place.
  await sql`UPDATE import SET status = 'VERWORFEN', beendet_am = now() WHERE quelle_id = ${quelle.id} AND status = 'ZUORDNUNG' AND id < ${eintrag.id}
    AND pruefsumme = ${eintrag.pruefsumme}`.execute(db)
  return { quelle: { ...quelle, spalten: bestaetigt } }
}

async function getLage(db: Db, { format, betrieb_id }: Import, heute: Tag): Promise<Tabellenlage> {
  return { format: format === 'EXCEL' ? 'EXCEL' : 'CSV', heute, versicherer: await listVersicherernamen(db, betrieb_id) }
}

async function ensureQuelle(db: Db, betrieb: number, { kennung, name }: { kennung: string; name: string }): Promise<Quelle> {
  await db
    .insertInto('importquelle')
    .values({ betrieb_id: betrieb, kennung, name })
    .onConflict((oc) => oc.doNothing())
    .execute()
  return db.selectFrom('importquelle').selectAll().where('betrieb_id', '=', betrieb).where('kennung', '=', kennung).executeTakeFirstOrThrow()
}

/** l_paket: each package with its day and its source. Returns the source of the largest one and the newest day. */
export async function attachQuellen(trx: Trx, eintrag: Import, pakete: readonly Paket[], heute: Tag): Promise<{ id: number; stand: Tag | null }> {
  const quellen = new Map<string, number>()
  for (const { vuNummer, absender } of pakete) {
    if (quellen.has(vuNummer)) continue
    const id = eintrag.format === 'GDV' ? (await ensureQuelle(trx, eintrag.betrieb_id, gdvQuelle(vuNummer, absender))).id : eintrag.quelle_id!
    quellen.set(vuNummer, id)
  }
  const tag = (stand: Tag | null): Tag => (stand !== null && stand < heute ? stand : heute)
  await sql`
    CREATE TEMP TABLE l_paket ON COMMIT DROP AS SELECT * FROM unnest(${pakete.map(({ nr }) => nr)}::int[], ${pakete.map(({ stand }) => tag(stand))}::date[],
      ${pakete.map(({ vuNummer }) => quellen.get(vuNummer)!)}::int[]) AS p (nr, stand, quelle_id)`.execute(trx)
  const groesstes = pakete.toSorted((a, b) => b.saetze - a.saetze)[0]!
  const stand =
    pakete
      .flatMap((paket) => (paket.stand === null ? [] : [paket.stand]))
      .toSorted()
      .at(-1) ?? null
  return { id: quellen.get(groesstes.vuNummer)!, stand }
}

function gdvQuelle(vuNummer: string, absender: string): { kennung: string; name: string } {
  return { kennung: `GDV ${vuNummer}`, name: absender ? `${absender} (GDV ${vuNummer})` : `GDV ${vuNummer}` }
}
