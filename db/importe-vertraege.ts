/** Delivered contracts → rows in `vertrag`, known by insurer, number and Sparte. */
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { Sparte } from '../domain/sparten.ts'
import type { GdvLieferung, GdvVertrag } from '../imports/gdv.ts'
import { type Bestand, nummernOf } from './importe-bestand.ts'
import { STAPEL } from './importe-kunden.ts'
import { type Ziel, namensKey } from './importe-verzeichnis.ts'
import type { NewVertrag, Tag, VertragRow } from './schema.ts'
import type { WebDb } from './sitzung.ts'

export interface Vertragsauftrag {
  betrieb: number
  heute: Tag
  lieferung: GdvLieferung
  bestand: Bestand
  /** In the order of `lieferung.kunden`. */
  kunden: readonly Ziel[]
}

type Zaehler = Record<'vertraegeNeu' | 'vertraegeGeaendert' | 'vertraegeUnveraendert' | 'vertraegeAelter' | 'vertraegeOhneKunde', number>
type Spalten = Omit<NewVertrag, 'id' | 'merkmale' | 'version'> & { merkmale: Record<string, unknown> }

/** What GDV cannot tell apart; a finer Sparte that a person chose stays. */
const GROB: readonly Sparte[] = ['HAFTPFLICHT', 'KV', 'SONSTIGE', 'UNBEKANNT']
/** Raw codes speak of one delivery only: gone when the next does not repeat them. */
const ROHE_CODES: readonly string[] = ['zahlungsweise', 'vertragsstatus', 'abgangsgrund', 'waehrung']

export async function storeVertraege(db: WebDb, auftrag: Vertragsauftrag): Promise<{ zaehler: Zaehler }> {
  const { betrieb, heute, lieferung, bestand, kunden } = auftrag
  const zaehler: Zaehler = { vertraegeNeu: 0, vertraegeGeaendert: 0, vertraegeUnveraendert: 0, vertraegeAelter: 0, vertraegeOhneKunde: 0 }
  const rows = new Map(bestand.vertraege.map((row) => [`${row.vu_nummer}|${row.vsnr_norm}|${row.sparte_gdv ?? ''}`, row]))
  const personen = indexPersonen(bestand, kunden)
  const neue: Spalten[] = []
  const bestaetigt: { id: number; stand: Tag }[] = []
  for (const vertrag of newestOfEach(lieferung.vertraege)) {
    const schluessel = `${vertrag.vuNummer}|${vertrag.vsnrNorm}|`
    const row = rows.get(schluessel + vertrag.sparteGdv) ?? rows.get(schluessel)
    const kunde = findKunde(vertrag, row, bestand, kunden)
    const stand = vertrag.stand !== null && vertrag.stand < heute ? vertrag.stand : heute
    if (kunde === undefined) zaehler.vertraegeOhneKunde++
    else if (!row) neue.push(spaltenOf(vertrag, undefined, { betrieb, kunde, stand, personen }))
    else if ((row.quelle_stand ?? '') > stand) zaehler.vertraegeAelter++
    else {
      const spalten = spaltenOf(vertrag, row, { betrieb, kunde, stand, personen })
      if (await updateVertrag(db, row, spalten)) zaehler.vertraegeGeaendert++
      else zaehler.vertraegeUnveraendert++
      bestaetigt.push({ id: row.id, stand })
    }
  }
  for (let ab = 0; ab < neue.length; ab += STAPEL) {
    const stapel = neue.slice(ab, ab + STAPEL).map((spalten) => ({ ...spalten, merkmale: JSON.stringify(spalten.merkmale) }))
    await db.insertInto('vertrag').values(stapel).execute()
  }
  zaehler.vertraegeNeu = neue.length
  await confirmVertraege(db, bestaetigt)
  return { zaehler }
}

/** The same contract twice in one file (two packages, two days): the newer, else the later. */
function newestOfEach(vertraege: readonly GdvVertrag[]): GdvVertrag[] {
  const letzte = new Map<string, GdvVertrag>()
  for (const vertrag of vertraege) {
    const schluessel = `${vertrag.vuNummer}|${vertrag.vsnrNorm}|${vertrag.sparteGdv}`
    const bisher = letzte.get(schluessel)
    if (!bisher || (vertrag.stand ?? '9') >= (bisher.stand ?? '9')) letzte.set(schluessel, vertrag)
  }
  return [...letzte.values()]
}

/** The delivered address; without one, whose contract it was, then whose number stands in it. */
function findKunde(vertrag: GdvVertrag, row: VertragRow | undefined, bestand: Bestand, kunden: readonly Ziel[]): number | undefined {
  if (vertrag.kunde !== null) return kunden[vertrag.kunde]!.id
  if (row) return row.kunde_id
  return nummernOf(vertrag)
    .map(([vu, nummer]) => bestand.kundennummern.get(`${vu}|${nummer}`))
    .find((id) => id !== undefined)
}

interface Umstaende {
  betrieb: number
  kunde: number
  stand: Tag
  personen: Map<string, number[]>
}

/** What is delivered leads; a blank or unreadable field keeps what was known. */
function spaltenOf(vertrag: GdvVertrag, row: VertragRow | undefined, { betrieb, kunde, stand, personen }: Umstaende): Spalten {
  const ohneStatus = vertrag.status === 'UNBEKANNT' && vertrag.merkmale.vertragsstatus === undefined
  const status = ohneStatus ? (row?.status ?? 'UNBEKANNT') : vertrag.status
  const gemerkt = Object.entries(row?.merkmale ?? {}).filter(([name]) => !ROHE_CODES.includes(name))
  return {
    betrieb_id: betrieb,
    kunde_id: kunde,
    vu_nummer: vertrag.vuNummer,
    vsnr: vertrag.vsnr,
    vsnr_norm: vertrag.vsnrNorm,
    agenturnummer: vertrag.agenturnummer ?? row?.agenturnummer ?? null,
    sparte_gdv: vertrag.sparteGdv,
    sparte: row && GROB.includes(vertrag.sparte) && row.sparte !== 'UNBEKANNT' ? row.sparte : vertrag.sparte,
    produkt: vertrag.produkt ?? row?.produkt ?? null,
    beginn: vertrag.beginn ?? row?.beginn ?? null,
    ablauf: vertrag.ablauf ?? row?.ablauf ?? null,
    hauptfaelligkeit: vertrag.hauptfaelligkeit ?? row?.hauptfaelligkeit ?? null,
    beitrag_cent: vertrag.beitragCent ?? row?.beitrag_cent ?? null,
    zahlungsweise: vertrag.zahlungsweise ?? row?.zahlungsweise ?? null,
    status,
    abgang_am: vertrag.abgangAm ?? (status === 'AKTIV' ? null : (row?.abgang_am ?? null)),
    bestandsart: 'EIGEN',
    ...versichertePerson(vertrag, row, kunde, personen),
    merkmale: { ...Object.fromEntries(gemerkt), ...vertrag.merkmale },
    quelle: 'GDV',
    quelle_stand: stand,
    bestaetigt_am: stand,
  }
}

/** One person: the customer behind the name where exactly one is meant. Several: their names; merkmale.versicherte holds them singly. */
function versichertePerson({ versicherte }: GdvVertrag, row: VertragRow | undefined, kunde: number, personen: Map<string, number[]>) {
  if (versicherte.length === 0)
    return { versicherte_person_id: row?.versicherte_person_id ?? null, versicherte_person_name: row?.versicherte_person_name ?? null }
  const name = versicherte.map((person) => [person.vorname, person.name].filter(Boolean).join(' ')).join(', ')
  const ids = versicherte.length === 1 && versicherte[0]!.geburtsdatum !== null ? (personen.get(namensKey(versicherte[0]!)) ?? []) : []
  const id = ids.includes(kunde) ? kunde : ids.length === 1 ? ids[0]! : null
  return { versicherte_person_id: id, versicherte_person_name: name }
}

function indexPersonen(bestand: Bestand, kunden: readonly Ziel[]): Map<string, number[]> {
  const alle = new Map(bestand.kunden.map((row) => [row.id, namensKey(row)]))
  for (const { id, row, werte } of kunden) alle.set(id, namensKey({ ...row, ...werte } as Parameters<typeof namensKey>[0]))
  const personen = new Map<string, number[]>()
  for (const [id, schluessel] of alle) personen.set(schluessel, [...(personen.get(schluessel) ?? []), id])
  return personen
}

/** Whether anything but the dates of confirmation differed. */
async function updateVertrag(
  db: WebDb,
  row: VertragRow,
  { merkmale, quelle_stand: _stand, bestaetigt_am: _am, ...inhalt }: Spalten,
): Promise<boolean> {
  const alt = Object.fromEntries(Object.keys(inhalt).map((name) => [name, row[name as keyof VertragRow]]))
  if (isDeepStrictEqual({ ...inhalt, merkmale }, { ...alt, merkmale: row.merkmale })) return false
  await db
    .updateTable('vertrag')
    .set({ ...inhalt, merkmale: JSON.stringify(merkmale), version: row.version + 1, geaendert_am: sql<string>`now()` })
    .where('id', '=', row.id)
    .execute()
  return true
}

async function confirmVertraege(db: WebDb, bestaetigt: readonly { id: number; stand: Tag }[]): Promise<void> {
  if (bestaetigt.length === 0) return
  await sql`UPDATE vertrag t SET quelle_stand = n.stand, bestaetigt_am = greatest(t.bestaetigt_am, n.stand)
    FROM unnest(${bestaetigt.map(({ id }) => id)}::int[], ${bestaetigt.map(({ stand }) => stand)}::date[]) AS n (id, stand)
    WHERE t.id = n.id AND (t.quelle_stand IS DISTINCT FROM n.stand OR t.bestaetigt_am IS NULL OR t.bestaetigt_am < n.stand)`.execute(db)
}
