/**
 * One import from its bytes to the portfolio, in one transaction: read (by COPY into temporary tables), match, judge, take over. Killed or
 * cancelled anywhere, nothing of it stays, and it is begun again from the bytes. What a person watches (status, progress) is written
 * beside it, over another connection. Runs as the worker (or the owner, from the command line).
 */
import { sql } from 'kysely'
import type { Meldung } from '../imports/lieferung.ts'
import type { Trx } from './faelle.ts'
import { judge, markMissing } from './importe-bremse.ts'
import { storeBefunde } from './importe-befunde.ts'
import { createEingang, readEingang, type Eingelesen } from './importe-eingang.ts'
import { closeAnswered, insertZweifel, proposeHaushalte, restoreAnswered } from './importe-fragen.ts'
import { storeKunden } from './importe-kunden.ts'
import { matchPersonen } from './importe-personen.ts'
import { type Tabellenwunsch, attachQuellen, findTabellenquelle, openMeldungen, readStuecke } from './importe-lieferung.ts'
import { storeEreignisse, storeVertraege } from './importe-vertraege.ts'
import { matchVertraege, recallNumbers } from './importe-vertragsnummern.ts'
import type { Uebernahme } from './importe-wahrheit.ts'
import type { Beurteilung, Fortschritt, ImportBefund, ImportPaket, Importgrund, Importstatus, Tag } from './schema.ts'
import { type Db, type Leitung, withLeitung } from './verbindung.ts'
import type { Import } from './importe-lesen.ts'

export interface Lauf {
  id: number
  anlauf: number
  /** Today in Europe/Berlin. */
  heute: Tag
  /** Told of every step and about every second; what it throws ends the run, and nothing of it stays. */
  onSchritt?: (fortschritt: Fortschritt) => void
  /** Instead of the reader of the file's format. */
  lesen?: (stuecke: AsyncIterable<Uint8Array>) => AsyncIterable<Meldung>
  /** Confirms the columns of a table at once; without it a person is asked, once for each source. */
  bestaetige?: Tabellenwunsch['bestaetige']
}

/** Nobody wants it any more, or another run has taken its place: everything is rolled back. */
class Abbruch extends Error {}

const MELDEABSTAND = 1_000
const VIELE = 5_000

/** Returns where the import stands afterwards. A run that is not the newest of its import does nothing. */
export async function runImport(db: Db, lauf: Lauf): Promise<Importstatus> {
  const eintrag = await begin(db, lauf)
  if (!eintrag) return getStatus(db, lauf.id)
  if (eintrag.status === 'FERTIG') return takeAnswered(db, lauf, eintrag)
  try {
    const wartet = await askSpalten(db, eintrag, lauf)
    if (wartet) return wartet
    const { status, ...ergebnis } = await withLeitung(db, (leitung) => takeDelivery(db, leitung, lauf, eintrag))
    if (status !== 'FERTIG') await save(db, lauf, { status, ...ergebnis })
    return status
  } catch (error) {
    if (!(error instanceof Abbruch)) throw error
    await sql`UPDATE import SET status = 'ABGEBROCHEN', beendet_am = now() WHERE id = ${lauf.id} AND anlauf = ${lauf.anlauf} AND abbruch_gewuenscht`.execute(
      db,
    )
    return getStatus(db, lauf.id)
  }
}

/** It cannot be done: the reason is a code, never a text that quotes a row. */
export async function failImport(db: Db, { id, anlauf, code }: { id: number; anlauf: number; code: string }): Promise<void> {
  const grund: Importgrund = {
    art: 'FEHLER',
    text: `Der Import ist an einem Fehler gescheitert (${code}). Es wurde nichts übernommen. Sie können ihn noch einmal beginnen.`,
  }
  await sql`UPDATE import SET status = 'FEHLER', gruende = ${JSON.stringify([grund])}, beendet_am = now()
    WHERE id = ${id} AND anlauf = ${anlauf} AND status IN ('WARTET', 'LIEST', 'PRUEFT', 'UEBERNIMMT')`.execute(db)
}

/** Its workflow was cancelled: the same as a person's wish in the app. */
export async function stopImport(db: Db, { id, anlauf }: { id: number; anlauf: number }): Promise<void> {
  await sql`UPDATE import SET status = 'ABGEBROCHEN', abbruch_gewuenscht = true, beendet_am = now()
    WHERE id = ${id} AND anlauf = ${anlauf} AND status IN ('WARTET', 'LIEST', 'PRUEFT', 'UEBERNIMMT')`.execute(db)
}

/** Whether an import put in earlier is still under way: they are taken one after the other, so that an older never follows a newer. */
export async function isNext(db: Db, id: number): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*) AS n FROM import i JOIN import e ON e.betrieb_id = i.betrieb_id AND e.id < i.id AND e.status IN ('WARTET', 'LIEST', 'PRUEFT', 'UEBERNIMMT')
      AND NOT e.abbruch_gewuenscht WHERE i.id = ${id} AND i.status = 'WARTET'`.execute(db)
  return rows[0]!.n === 0
}

async function begin(db: Db, { id, anlauf }: Lauf): Promise<Import | undefined> {
  const { rows } = await sql<Import>`
    UPDATE import i SET bewegt_am = now(), fortschritt = CASE WHEN i.status = 'FERTIG' THEN i.fortschritt ELSE '{}' END,
      status = CASE WHEN i.abbruch_gewuenscht AND i.status <> 'FERTIG' THEN 'ABGEBROCHEN' WHEN i.status = 'FERTIG' THEN 'FERTIG' ELSE 'LIEST' END
    WHERE i.id = ${id} AND i.anlauf = ${anlauf} AND (i.status IN ('WARTET', 'LIEST', 'PRUEFT', 'UEBERNIMMT')
      OR (i.status = 'FERTIG' AND EXISTS (SELECT FROM import_zweifel z WHERE z.import_id = i.id AND z.entscheidung IN ('DERSELBE', 'NEU') AND z.uebernommen_am IS NULL)))
    RETURNING i.*`.execute(db)
  return rows[0]?.status === 'ABGEBROCHEN' ? undefined : rows[0]
}

async function getStatus(db: Db, id: number): Promise<Importstatus> {
  return (await db.selectFrom('import').select('status').where('id', '=', id).executeTakeFirst())?.status ?? 'VERWORFEN'
}

/** A table whose columns nobody has confirmed waits for it. Undefined where the reading may begin. */
async function askSpalten(db: Db, eintrag: Import, wie: Tabellenwunsch): Promise<Importstatus | undefined> {
  if (eintrag.format === 'GDV' || eintrag.format === null) return undefined
  const gefunden = await findTabellenquelle(db, eintrag, wie)
  if ('fehler' in gefunden) {
    await stop(db, eintrag, 'FEHLER', [{ art: 'FEHLER', text: gefunden.fehler }])
    return 'FEHLER'
  }
  eintrag.quelle_id = gefunden.quelle.id
  if (gefunden.quelle.spalten !== null) return undefined
  await stop(db, eintrag, 'ZUORDNUNG')
  return 'ZUORDNUNG'
}

async function stop(db: Db, { id, anlauf }: Import, status: Importstatus, gruende: Importgrund[] = []): Promise<void> {
  await sql`UPDATE import SET status = ${status}, gruende = ${JSON.stringify(gruende)}, bewegt_am = now(), beendet_am = CASE WHEN ${status} = 'FEHLER' THEN now() END
    WHERE id = ${id} AND anlauf = ${anlauf} AND status = 'LIEST'`.execute(db)
}

type Ergebnis = {
  status: Importstatus
  gruende?: Importgrund[]
  gelesen: Eingelesen
  zaehler: Record<string, number>
  /** Of the largest package, and the newest day. */
  quelle?: { id: number; stand: Tag | null }
  beurteilung?: Beurteilung[]
}

async function takeDelivery(db: Db, leitung: Leitung, lauf: Lauf, eintrag: Import): Promise<Ergebnis> {
  const { trx } = leitung
  const melde = createMelder(db, lauf)
  await sql`SET LOCAL work_mem = '64MB'; SET LOCAL lock_timeout = 0`.execute(trx)
  await createEingang(trx)
  let bytes = 0
  const stuecke = readStuecke(db, eintrag.id, (n) => (bytes += n))
  const meldungen = lauf.lesen?.(stuecke) ?? (await openMeldungen(db, eintrag, stuecke, lauf))
  const gelesen = await readEingang(leitung, {
    meldungen,
    heute: lauf.heute,
    melde: ({ personen, vertraege }) => melde('LIEST', { schritt: 'Datei lesen', bytes, personen, vertraege }),
  })
  await storeBefunde(trx, eintrag.id, eintrag.betrieb_id)
  const gute = gelesen.pakete.filter(({ abgelehnt }) => abgelehnt === null)
  const zaehler = {
    pakete: gute.length,
    paketeAbgelehnt: gelesen.pakete.length - gute.length,
    saetze: gute.reduce((summe, { saetze }) => summe + saetze, 0),
    personen: gelesen.personen,
    vertraege: gelesen.vertraege,
    befunde: gelesen.befunde.gesamt,
    befundeAufgehoben: gelesen.befunde.aufgehoben,
    fehlerhaft: gelesen.befunde.zeilen,
  }
  if (gute.length === 0) return { status: 'FEHLER', gruende: [{ art: 'FEHLER', text: UNLESBAR }], gelesen, zaehler }

  await melde('PRUEFT', { schritt: 'Mit dem Bestand vergleichen', bytes, personen: gelesen.personen, vertraege: gelesen.vertraege }, true)
  // Two imports side by side would both create the same customer.
  await sql`SELECT pg_advisory_xact_lock(7236002, ${eintrag.betrieb_id})`.execute(trx)
  // Statistics of the portfolio may be those of before the last import: with many rows a wrong guess costs minutes, a scan seconds.
  if (gelesen.vertraege + gelesen.personen > VIELE) await sql`SET LOCAL enable_nestloop = off`.execute(trx)
  const quelle = await attachQuellen(trx, eintrag, gute, lauf.heute)
  await recallNumbers(trx, eintrag.betrieb_id)
  await matchPersonen(trx, eintrag.betrieb_id)
  await matchVertraege(trx, eintrag.betrieb_id)
  await melde('PRUEFT', { schritt: 'Auf Auffälliges prüfen', bytes, personen: gelesen.personen, vertraege: gelesen.vertraege }, true)
  const urteil = await judge(trx, { betrieb: eintrag.betrieb_id, pakete: gute, liefert: eintrag.liefert })
  const liefert = urteil.quellen.find((eine) => eine.quelle === quelle.id)?.liefert ?? null
  if (urteil.gruende.length > 0 && eintrag.freigegeben_am === null)
    return { status: 'QUARANTAENE', gruende: urteil.gruende, gelesen, zaehler, quelle, beurteilung: urteil.quellen }

  await melde('UEBERNIMMT', { schritt: 'Kunden übernehmen', bytes, personen: gelesen.personen, vertraege: gelesen.vertraege }, true)
  const auftrag: Uebernahme = {
    betrieb: eintrag.betrieb_id,
    importId: eintrag.id,
    quelle: eintrag.format === 'GDV' ? 'GDV' : 'CSV',
    supervisor: await getSupervisor(trx, eintrag.betrieb_id),
    heute: lauf.heute,
  }
  const kunden = await storeKunden(trx, auftrag)
  await melde('UEBERNIMMT', { schritt: 'Verträge übernehmen', bytes, personen: gelesen.personen, vertraege: gelesen.vertraege }, true)
  const vertraege = await storeVertraege(trx, auftrag)
  const ereignisse = await storeEreignisse(trx, auftrag)
  await melde('UEBERNIMMT', { schritt: 'Abschließen', bytes, personen: gelesen.personen, vertraege: gelesen.vertraege }, true)
  const zweifel = await insertZweifel(trx, auftrag)
  const haushalte = await proposeHaushalte(trx, auftrag)
  const vertraegeFehlen = await markMissing(trx, { betrieb: auftrag.betrieb, importId: auftrag.importId, quellen: urteil.quellen })
  await sql`UPDATE importquelle q SET letzter_stand = greatest(q.letzter_stand, p.stand) FROM (SELECT quelle_id, max(stand) AS stand FROM l_paket GROUP BY 1) p
    WHERE p.quelle_id = q.id`.execute(trx)
  const alle = { ...zaehler, ...kunden, ...vertraege, ...ereignisse, zweifel, haushalte, vertraegeFehlen }
  await finish(trx, lauf, { quelle, liefert, gelesen, zaehler: alle, beurteilung: urteil.quellen })
  return { status: 'FERTIG', gelesen, zaehler: alle }
}

const UNLESBAR = 'Die Datei enthält nichts, was gelesen werden konnte. Es wurde nichts übernommen.'

/** Carries out what a person answered to the questions of an import that is done. */
async function takeAnswered(db: Db, lauf: Lauf, eintrag: Import): Promise<Importstatus> {
  await withLeitung(db, async ({ trx }) => {
    await sql`SET LOCAL lock_timeout = 0`.execute(trx)
    await createEingang(trx)
    await sql`SELECT pg_advisory_xact_lock(7236002, ${eintrag.betrieb_id})`.execute(trx)
    if ((await restoreAnswered(trx, eintrag.id)) === 0) return
    await sql`CREATE TEMP TABLE l_paket ON COMMIT DROP AS SELECT DISTINCT paket AS nr, NULL::date AS stand, NULL::int AS quelle_id FROM e_vertrag`.execute(
      trx,
    )
    const auftrag: Uebernahme = {
      betrieb: eintrag.betrieb_id,
      importId: eintrag.id,
      quelle: eintrag.format === 'GDV' ? 'GDV' : 'CSV',
      supervisor: await getSupervisor(trx, eintrag.betrieb_id),
      heute: lauf.heute,
    }
    await recallNumbers(trx, eintrag.betrieb_id)
    await matchPersonen(trx, eintrag.betrieb_id)
    await matchVertraege(trx, eintrag.betrieb_id)
    await storeKunden(trx, auftrag)
    await storeVertraege(trx, auftrag)
    await insertZweifel(trx, auftrag)
    await closeAnswered(trx)
    await countZeilen(trx, eintrag.id)
  })
  return 'FERTIG'
}

/** The import's counts after rows were added to its difference. */
async function countZeilen(trx: Trx, id: number): Promise<void> {
  const zahl = (art: string, folge: string) => sql`count(*) FILTER (WHERE art = ${art} AND folge = ${folge})`
  await sql`
    UPDATE import SET zaehler = zaehler || (SELECT jsonb_build_object('kundenNeu', ${zahl('KUNDE', 'NEU')}, 'kundenGeaendert', ${zahl('KUNDE', 'GEAENDERT')},
      'vertraegeNeu', ${zahl('VERTRAG', 'NEU')}, 'vertraegeGeaendert', ${zahl('VERTRAG', 'GEAENDERT')}) FROM import_zeile WHERE import_id = ${id})
    WHERE id = ${id}`.execute(trx)
}

/** The last statement of the transaction: only while the import is still wanted, and by this run. */
async function finish(
  trx: Trx,
  { id, anlauf }: Lauf,
  { quelle, liefert, gelesen, zaehler, beurteilung }: Required<Omit<Ergebnis, 'status' | 'gruende'>> & { liefert: string | null },
): Promise<void> {
  const { numAffectedRows } = await sql`
    UPDATE import SET status = 'FERTIG', beendet_am = clock_timestamp(), bewegt_am = clock_timestamp(), zaehler = ${JSON.stringify(zaehler)},
      befunde = ${befundeJson(gelesen)}, pakete = ${paketeJson(gelesen)}, beurteilung = ${JSON.stringify(beurteilung)},
      quelle_id = ${quelle.id}, stand = ${quelle.stand}, liefert = coalesce(liefert, ${liefert}), gruende = '[]', fortschritt = '{}'
    WHERE id = ${id} AND anlauf = ${anlauf} AND NOT abbruch_gewuenscht AND status IN ('LIEST', 'PRUEFT', 'UEBERNIMMT')`.execute(trx)
  if (Number(numAffectedRows ?? 0) === 0) throw new Abbruch()
}

/** What was not taken over still tells what was found. (Its source may be one that only this delivery would have made: then it is nobody's.) */
async function save(db: Db, { id, anlauf }: Lauf, { status, gruende = [], gelesen, zaehler, quelle, beurteilung = [] }: Ergebnis): Promise<void> {
  await sql`
    UPDATE import SET status = CASE WHEN abbruch_gewuenscht THEN 'ABGEBROCHEN' ELSE ${status} END, beendet_am = CASE WHEN ${status} = 'QUARANTAENE' THEN NULL ELSE now() END,
      bewegt_am = now(), zaehler = ${JSON.stringify(zaehler)}, befunde = ${befundeJson(gelesen)}, pakete = ${paketeJson(gelesen)},
      beurteilung = ${JSON.stringify(beurteilung)}, gruende = ${JSON.stringify(gruende)}, fortschritt = '{}', stand = ${quelle?.stand ?? null},
      quelle_id = coalesce((SELECT q.id FROM importquelle q WHERE q.id = ${quelle?.id ?? null}), quelle_id)
    WHERE id = ${id} AND anlauf = ${anlauf} AND status IN ('LIEST', 'PRUEFT', 'UEBERNIMMT')`.execute(db)
}

function befundeJson({ befunde }: Eingelesen): string {
  const ohneLeere = (befund: object) => Object.fromEntries(Object.entries(befund).filter(([, wert]) => wert !== null)) as unknown as ImportBefund
  return JSON.stringify(befunde.erste.map(ohneLeere))
}

const HOECHSTENS_PAKETE = 300

function paketeJson({ pakete }: Eingelesen): string {
  return JSON.stringify(pakete.slice(0, HOECHSTENS_PAKETE) satisfies ImportPaket[])
}

/** Writes status and progress at once or at most every second, and learns on the way whether the import is still wanted. */
function createMelder(db: Db, { id, anlauf, onSchritt }: Lauf) {
  let zuletzt = 0
  return async (status: Importstatus, fortschritt: Fortschritt, sofort = false): Promise<void> => {
    onSchritt?.(fortschritt)
    if (!sofort && Date.now() - zuletzt < MELDEABSTAND) return
    zuletzt = Date.now()
    const { rows } = await sql<{ gewollt: boolean }>`
      UPDATE import SET status = ${status}, fortschritt = ${JSON.stringify(fortschritt)}, bewegt_am = now()
      WHERE id = ${id} AND anlauf = ${anlauf} AND status IN ('LIEST', 'PRUEFT', 'UEBERNIMMT') RETURNING NOT abbruch_gewuenscht AS gewollt`.execute(db)
    if (!rows[0]?.gewollt) throw new Abbruch()
  }
}

/** Gets the customers of unmapped agency numbers. */
async function getSupervisor(trx: Trx, betrieb: number): Promise<number> {
  const row = await trx
    .selectFrom('vermittler')
    .select('id')
    .where('betrieb_id', '=', betrieb)
    .where('rolle', '=', 'SUPERVISOR')
    .orderBy('aktiv', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!row) throw new Error(`Der Betrieb ${betrieb} hat keinen Supervisor; ohne ihn ist niemand da, der den Bestand aufnimmt.`)
  return row.id
}
