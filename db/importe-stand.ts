/** How far an import is, as a person sees it: its row, written beside the transaction that takes the delivery over (all but the last word). */
import { sql } from 'kysely'
import type { Trx } from './faelle.ts'
import type { Eingelesen } from './importe-eingang.ts'
import type { Import } from './importe-lesen.ts'
import type { Beurteilung, Fortschritt, ImportBefund, ImportPaket, Importgrund, Importstatus, Tag } from './schema.ts'
import type { Db } from './verbindung.ts'

/** Nobody wants it any more, or another run has taken its place: everything is rolled back. */
export class Abbruch extends Error {}

/** One run of one import. */
export interface Anlauf {
  id: number
  anlauf: number
}

/** What a run came to. */
export type Ergebnis = {
  status: Importstatus
  gruende?: Importgrund[]
  gelesen: Eingelesen
  zaehler: Record<string, number>
  /** Of the largest package, and the newest day. */
  quelle?: { id: number; stand: Tag | null }
  beurteilung?: Beurteilung[]
}

const MELDEABSTAND = 1_000
const HOECHSTENS_PAKETE = 300

/** It cannot be done: the reason is a code, never a text that quotes a row. */
export async function failImport(db: Db, { id, anlauf, code }: Anlauf & { code: string }): Promise<void> {
  const grund: Importgrund = {
    art: 'FEHLER',
    text: `Der Import ist an einem Fehler gescheitert (${code}). Es wurde nichts übernommen. Sie können ihn noch einmal beginnen.`,
  }
  await sql`UPDATE import SET status = 'FEHLER', gruende = ${JSON.stringify([grund])}, beendet_am = now()
    WHERE id = ${id} AND anlauf = ${anlauf} AND status IN ('WARTET', 'LIEST', 'PRUEFT', 'UEBERNIMMT')`.execute(db)
}

/** Its workflow was cancelled: the same as a person's wish in the app. */
export async function stopImport(db: Db, { id, anlauf }: Anlauf): Promise<void> {
  await sql`UPDATE import SET status = 'ABGEBROCHEN', abbruch_gewuenscht = true, beendet_am = now()
    WHERE id = ${id} AND anlauf = ${anlauf} AND status IN ('WARTET', 'LIEST', 'PRUEFT', 'UEBERNIMMT')`.execute(db)
}

/** The run has ended because a person wished it. */
export async function confirmAbbruch(db: Db, { id, anlauf }: Anlauf): Promise<void> {
  await sql`UPDATE import SET status = 'ABGEBROCHEN', beendet_am = now() WHERE id = ${id} AND anlauf = ${anlauf} AND abbruch_gewuenscht`.execute(db)
}

/** Whether an import put in earlier is still under way: they are taken one after the other, so that an older never follows a newer. */
export async function isNext(db: Db, id: number): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*) AS n FROM import i JOIN import e ON e.betrieb_id = i.betrieb_id AND e.id < i.id AND e.status IN ('WARTET', 'LIEST', 'PRUEFT', 'UEBERNIMMT')
      AND NOT e.abbruch_gewuenscht WHERE i.id = ${id} AND i.status = 'WARTET'`.execute(db)
  return rows[0]!.n === 0
}

/** Undefined where this run is not the newest, or there is nothing to do (any more). */
export async function begin(db: Db, { id, anlauf }: Anlauf): Promise<Import | undefined> {
  const { rows } = await sql<Import>`
    UPDATE import i SET bewegt_am = now(), fortschritt = CASE WHEN i.status = 'FERTIG' THEN i.fortschritt ELSE '{}' END,
      status = CASE WHEN i.abbruch_gewuenscht AND i.status <> 'FERTIG' THEN 'ABGEBROCHEN' WHEN i.status = 'FERTIG' THEN 'FERTIG' ELSE 'LIEST' END
    WHERE i.id = ${id} AND i.anlauf = ${anlauf} AND (i.status IN ('WARTET', 'LIEST', 'PRUEFT', 'UEBERNIMMT')
      OR (i.status = 'FERTIG' AND EXISTS (SELECT FROM import_zweifel z WHERE z.import_id = i.id AND z.entscheidung IN ('DERSELBE', 'NEU') AND z.uebernommen_am IS NULL)))
    RETURNING i.*`.execute(db)
  return rows[0]?.status === 'ABGEBROCHEN' ? undefined : rows[0]
}

export async function getStatus(db: Db, id: number): Promise<Importstatus> {
  return (await db.selectFrom('import').select('status').where('id', '=', id).executeTakeFirst())?.status ?? 'VERWORFEN'
}

/** It waits for a person, or cannot be read. */
export async function stop(db: Db, { id, anlauf }: Import, status: Importstatus, gruende: Importgrund[] = []): Promise<void> {
  await sql`UPDATE import SET status = ${status}, gruende = ${JSON.stringify(gruende)}, bewegt_am = now(), beendet_am = CASE WHEN ${status} = 'FEHLER' THEN now() END
    WHERE id = ${id} AND anlauf = ${anlauf} AND status = 'LIEST'`.execute(db)
}

/** The import's counts after rows were added to its difference. */
export async function countZeilen(trx: Trx, id: number): Promise<void> {
  const zahl = (art: string, folge: string) => sql`count(*) FILTER (WHERE art = ${art} AND folge = ${folge})`
  await sql`
    UPDATE import SET zaehler = zaehler || (SELECT jsonb_build_object('kundenNeu', ${zahl('KUNDE', 'NEU')}, 'kundenGeaendert', ${zahl('KUNDE', 'GEAENDERT')},
      'vertraegeNeu', ${zahl('VERTRAG', 'NEU')}, 'vertraegeGeaendert', ${zahl('VERTRAG', 'GEAENDERT')}) FROM import_zeile WHERE import_id = ${id})
    WHERE id = ${id}`.execute(trx)
}

/** The last statement of the transaction: only while the import is still wanted, and by this run. */
export async function finish(
  trx: Trx,
  { id, anlauf }: Anlauf,
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
export async function save(
  db: Db,
  { id, anlauf }: Anlauf,
  { status, gruende = [], gelesen, zaehler, quelle, beurteilung = [] }: Ergebnis,
): Promise<void> {
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

function paketeJson({ pakete }: Eingelesen): string {
  return JSON.stringify(pakete.slice(0, HOECHSTENS_PAKETE) satisfies ImportPaket[])
}

/** Writes status and progress at once or at most every second, and learns on the way whether the import is still wanted. */
export function createMelder(db: Db, { id, anlauf, onSchritt }: Anlauf & { onSchritt?: (fortschritt: Fortschritt) => void }) {
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
