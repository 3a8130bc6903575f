/** Delivered persons → rows in `kunde`: found by number, by contract, by name, birthday and address; completed or made new. */
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { kundennummer } from '../domain/nummern.ts'
import { suchtext } from '../domain/suchtext.ts'
import type { GdvKunde, GdvLieferung, GdvVertrag } from '../imports/gdv.ts'
import { type Bestand, nummernOf } from './importe-bestand.ts'
import { type Ziel, createVerzeichnis } from './importe-verzeichnis.ts'
import type { KundeRow, Tag } from './schema.ts'
import type { WebDb } from './sitzung.ts'

/** Columns a delivery fills; GdvKunde names them the same. */
const FELDER = [
  'art',
  'anrede',
  'titel',
  'vorname',
  'name',
  'namenszusatz',
  'geburtsdatum',
  'strasse',
  'plz',
  'ort',
  'land',
  'telefon',
  'mobil',
  'email',
  'familienstand',
] as const
const ANSCHRIFT: readonly string[] = ['strasse', 'plz', 'ort', 'land']
export const STAPEL = 500

type Werte = Pick<KundeRow, (typeof FELDER)[number]>

export interface Kundenauftrag {
  betrieb: number
  heute: Tag
  lieferung: GdvLieferung
  bestand: Bestand
}

export interface Gespeichert {
  /** In the order of `lieferung.kunden`; every one has its id. */
  ziele: Ziel[]
  zaehler: { kundenNeu: number; kundenGeaendert: number; kundenUnveraendert: number }
}

export async function storeKunden(db: WebDb, { betrieb, heute, lieferung, bestand }: Kundenauftrag): Promise<Gespeichert> {
  const ziele = resolveKunden(lieferung, bestand, heute)
  const verschiedene = [...new Set(ziele)]
  const neue = verschiedene.filter(({ row }) => row === null)
  await insertKunden(db, betrieb, neue, bestand)
  const geaendert: Ziel[] = []
  for (const ziel of verschiedene) if (ziel.row !== null && (await updateKunde(db, ziel, ziel.row))) geaendert.push(ziel)
  await insertNummern(db, betrieb, verschiedene)
  await confirmKunden(db, verschiedene)
  return {
    ziele,
    zaehler: {
      kundenNeu: neue.length,
      kundenGeaendert: geaendert.length,
      kundenUnveraendert: verschiedene.length - neue.length - geaendert.length,
    },
  }
}

/** Who is who. Later deliveries of the same person complete and correct the earlier ones. */
function resolveKunden({ kunden, vertraege, pakete, befunde }: GdvLieferung, bestand: Bestand, heute: Tag): Ziel[] {
  const verzeichnis = createVerzeichnis(bestand, befunde)
  const vertraegeVon = Map.groupBy(vertraege, ({ kunde }) => kunde)
  return kunden.map((kunde, stelle) => {
    const eigene: GdvVertrag[] = vertraegeVon.get(stelle) ?? []
    const nummern = nummernOf({ ...kunde, nummerVersicherer: kunde.nummerVersicherer ?? eigene[0]?.nummerVersicherer ?? null })
    const ziel = verzeichnis.resolve(kunde, nummern, eigene)
    for (const feld of FELDER) if (kunde[feld] !== null) Object.assign(ziel.werte, { [feld]: kunde[feld] })
    const stand = pakete[kunde.paket - 1]?.stand ?? heute
    ziel.stand = [ziel.stand, stand < heute ? stand : heute].toSorted().at(-1)!
    ziel.vermittler ??= kunde.agenturnummer === null ? null : (bestand.agenturnummern.get(`${kunde.vuNummer}|${kunde.agenturnummer}`) ?? null)
    return ziel
  })
}

async function insertKunden(db: WebDb, betrieb: number, neue: readonly Ziel[], { supervisor }: Bestand): Promise<void> {
  if (neue.length === 0) return
  const { rows } = await sql<{ zahl: number }>`SELECT naechste_kundennummern(${betrieb}, ${neue.length}) AS zahl`.execute(db)
  const zeilen = neue.map((ziel, stelle) => {
    const [werte, nummer] = [ziel.werte as Werte, kundennummer(rows[0]!.zahl + stelle)]
    const vermittler_id = ziel.vermittler ?? supervisor
    return {
      ...werte,
      betrieb_id: betrieb,
      vermittler_id,
      nummer,
      suchtext: suchtext({ ...werte, nummer }),
      quelle: 'GDV' as const,
      quelle_stand: ziel.stand,
    }
  })
  const ids = new Map<string, number>()
  for (let ab = 0; ab < zeilen.length; ab += STAPEL) {
    const stapel = await db
      .insertInto('kunde')
      .values(zeilen.slice(ab, ab + STAPEL))
      .returning(['id', 'nummer'])
      .execute()
    for (const { id, nummer } of stapel) ids.set(nummer, id)
  }
  for (const [stelle, ziel] of neue.entries()) ziel.id = ids.get(zeilen[stelle]!.nummer)!
}

/** Whether anything differed. Returns without a statement (and without a new version) where nothing did. */
async function updateKunde(db: WebDb, { werte, stand }: Ziel, row: KundeRow): Promise<boolean> {
  const neu = mergeWerte(row, werte, row.quelle === 'GDV' && (row.quelle_stand ?? '') <= stand)
  const alt = Object.fromEntries(FELDER.map((feld) => [feld, row[feld]]))
  if (isDeepStrictEqual(neu, alt)) return false
  await db
    .updateTable('kunde')
    .set({ ...neu, suchtext: suchtext({ ...neu, nummer: row.nummer }), version: row.version + 1, geaendert_am: sql<string>`now()` })
    .where('id', '=', row.id)
    .execute()
  return true
}

/**
 * A delivery leads where only deliveries wrote so far; it never empties a field. What a person typed (`quelle` HAND and others) is only
 * completed, the address as a whole: half of an old one beside half of a new one would be worse than none.
 */
function mergeWerte(row: KundeRow, geliefert: Partial<GdvKunde>, fuehrt: boolean): Werte {
  const hatAnschrift = row.strasse !== null || row.plz !== null || row.ort !== null
  return Object.fromEntries(
    FELDER.map((feld) => {
      if (fuehrt) return [feld, geliefert[feld] ?? row[feld]]
      return [feld, row[feld] ?? (ANSCHRIFT.includes(feld) && hatAnschrift ? null : (geliefert[feld] ?? null))]
    }),
  ) as unknown as Werte
}

async function insertNummern(db: WebDb, betrieb: number, ziele: readonly Ziel[]): Promise<void> {
  const paare = ziele.flatMap(({ id, nummern }) => [...nummern.values()].map(([vu, nummer]) => ({ vu, nummer, id })))
  if (paare.length === 0) return
  await sql`INSERT INTO kundennummer (betrieb_id, vu_nummer, nummer, kunde_id)
    SELECT ${betrieb}, * FROM unnest(${paare.map(({ vu }) => vu)}::text[], ${paare.map(({ nummer }) => nummer)}::text[], ${paare.map(({ id }) => id)}::int[])
    ON CONFLICT DO NOTHING`.execute(db)
}

/** A newer delivery that says the same moves the date, not the version. */
async function confirmKunden(db: WebDb, ziele: readonly Ziel[]): Promise<void> {
  const aeltere = ziele.filter(({ row, stand }) => row?.quelle === 'GDV' && (row.quelle_stand ?? '') < stand)
  if (aeltere.length === 0) return
  await sql`UPDATE kunde k SET quelle_stand = n.stand
    FROM unnest(${aeltere.map(({ id }) => id)}::int[], ${aeltere.map(({ stand }) => stand)}::date[]) AS n (id, stand) WHERE k.id = n.id`.execute(db)
}
