/**
 * One import from its bytes to the portfolio, in one transaction: read (by COPY into temporary tables), match, judge, take over. Killed or
 * cancelled anywhere, nothing of it stays, and it is begun again from the bytes. What a person watches is written beside it, over another
 * connection (importe-stand.ts). Runs as the worker (or the owner, from the command line).
 */
import { sql } from 'kysely'
import type { Meldung } from '../imports/lieferung.ts'
import type { Trx } from './faelle.ts'
import { judge, markMissing } from './importe-bremse.ts'
import { storeBefunde } from './importe-befunde.ts'
import { createEingang, readEingang } from './importe-eingang.ts'
import { closeAnswered, insertZweifel, proposeHaushalte, restoreAnswered } from './importe-fragen.ts'
import { storeKunden } from './importe-kunden.ts'
import { matchPersonen } from './importe-personen.ts'
import { type Tabellenwunsch, attachQuellen, findTabellenquelle, openMeldungen, readStuecke } from './importe-lieferung.ts'
import {
  Abbruch,
  type Anlauf,
  type Ergebnis,
  begin,
  confirmAbbruch,
  countZeilen,
  createMelder,
  finish,
  getStatus,
  save,
  stop,
} from './importe-stand.ts'
import { storeEreignisse, storeVertraege } from './importe-vertraege.ts'
import { matchVertraege, recallNumbers } from './importe-vertragsnummern.ts'
import type { Uebernahme } from './importe-wahrheit.ts'
import type { Fortschritt, Importstatus, Tag } from './schema.ts'
import { type Db, type Leitung, withLeitung } from './verbindung.ts'
import type { Import } from './importe-lesen.ts'

export interface Lauf extends Anlauf {
  /** Today in Europe/Berlin. */
  heute: Tag
  /** Told of every step and about every second; what it throws ends the run, and nothing of it stays. */
  onSchritt?: (fortschritt: Fortschritt) => void
  /** Instead of the reader of the file's format. */
  lesen?: (stuecke: AsyncIterable<Uint8Array>) => AsyncIterable<Meldung>
  /** Confirms the columns of a table at once; without it a person is asked, once for each source. */
  bestaetige?: Tabellenwunsch['bestaetige']
}

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
    await confirmAbbruch(db, lauf)
    return getStatus(db, lauf.id)
  }
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
