/** Where a delivery comes from, and its bytes on their way to the reader. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { falte } from '../domain/suchtext.ts'
import { type Tabellenleser, leseGdv } from '../imports/leser.ts'
import type { Meldung } from '../imports/lieferung.ts'
import type { Trx } from './faelle.ts'
import type { Paket } from './importe-eingang.ts'
import type { Import } from './importe-lesen.ts'
import type { ImportquelleTable, Tag } from './schema.ts'
import type { Selectable } from 'kysely'
import type { Db } from './verbindung.ts'

type Quelle = Selectable<ImportquelleTable>

/** The stored pieces one after the other; `gelesen` is told the bytes of each. */
export async function* readStuecke(db: Db, importId: number, gelesen: (bytes: number) => void = () => undefined): AsyncGenerator<Uint8Array> {
  for (let nr = 1; ; nr++) {
    const stueck = await db.selectFrom('import_datei').select('bytes').where('import_id', '=', importId).where('nr', '=', nr).executeTakeFirst()
    if (!stueck) return
    gelesen(stueck.bytes.length)
    yield stueck.bytes
  }
}

export async function openMeldungen(
  db: Db,
  eintrag: Import,
  stuecke: AsyncIterable<Uint8Array>,
  leser: Tabellenleser | null,
): Promise<AsyncIterable<Meldung>> {
  const { format, quelle_id } = eintrag
  if (format === 'GDV' || format === null) return leseGdv(stuecke)
  const quelle = await db.selectFrom('importquelle').select('spalten').where('id', '=', quelle_id).executeTakeFirstOrThrow()
  return leser!.lese(stuecke, { format, spalten: quelle.spalten! })
}

/** The source of a table is known by its headings; made where it is new. With what the reader proposes for its columns. */
export async function findTabellenquelle(db: Db, eintrag: Import, leser: Tabellenleser): Promise<{ quelle: Quelle; vorschlag: object }> {
  const format = eintrag.format === 'EXCEL' ? 'EXCEL' : 'CSV'
  const { ueberschriften, spalten } = await leser.propose(readStuecke(db, eintrag.id), format)
  const fingerabdruck = createHash('sha256').update(ueberschriften.map(falte).join('|')).digest('hex').slice(0, 12)
  const quelle = await ensureQuelle(db, eintrag.betrieb_id, { kennung: `${format} ${fingerabdruck}`, name: eintrag.datei })
  await sql`UPDATE import SET quelle_id = ${quelle.id} WHERE id = ${eintrag.id}`.execute(db)
  return { quelle, vorschlag: spalten }
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
