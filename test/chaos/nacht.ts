/** A night that is killed again and again: in the end exactly as many Fälle and workflows as the rule finds customers, without anybody's hand. */
import { sql } from 'kysely'
import { ensureRegeln } from '../../db/regeln.ts'
import type { Db } from '../../db/verbindung.ts'
import { NACHTPLAN_ID } from '../../domain/messages.ts'
import { katalog } from '../../gevos/katalog.ts'
import { insertBetrieb, insertVermittler } from '../support/welt.ts'
import { type Anlage, type Anlagenplan, openAnlage } from './anlage.ts'
import type { Bericht, Meldung } from './bericht.ts'
import { type Befunde, checkLuecken } from './pruefung.ts'
import { checkTemporal } from './pruefung-temporal.ts'
import { warteAufRuhe } from './ruhe.ts'
import { sende } from './stoerungen.ts'
import { bisRuhig } from './tag.ts'

export interface Nachtplan extends Omit<Anlagenplan, 'env'> {
  treffer: number
  minuten: number
  saat: number
  melde: Meldung
}

/** Seconds a process lives until it is killed. */
const LEBEN = { worker: 5, temporal: 20 }
const RUHE = 1_200
const GEVO = 'G01'

export async function runNacht(plan: Nachtplan): Promise<Bericht> {
  const anlage = await openAnlage(plan)
  try {
    return await runIn(anlage, plan)
  } finally {
    plan.melde('Wird beendet …')
    await anlage.stop()
  }
}

async function runIn(anlage: Anlage, { treffer, minuten, saat, melde, signal }: Nachtplan): Promise<Bericht> {
  const { owner, client } = anlage
  await anlage.bereit()
  await insertBestand(owner, treffer)
  melde(`${treffer} Kunden, die ${GEVO} trifft, und ${treffer / 10} andere`)
  const beginn = Date.now()
  await client.schedule.getHandle(NACHTPLAN_ID).trigger()

  const genug = new AbortController()
  const schluss = AbortSignal.any([signal, genug.signal, AbortSignal.timeout(minuten * 60_000)])
  const tode = Promise.all([kill(anlage, 'worker', schluss), kill(anlage, 'temporal', schluss)])
  while (!schluss.aborted) {
    await sleep(5_000)
    const stand = await readStand(owner).catch(() => undefined)
    if (stand)
      melde(
        `${stand.faelle} Fälle eröffnet, ${stand.wartend} Nachrichten warten, Läufe: ${stand.laeufe ?? 'keiner'}, Starts des Workers ${anlage.starts.worker}`,
      )
    if (stand?.faelle === treffer && stand.wartend === 0 && !stand.laeuft) genug.abort()
  }
  const [worker, temporal] = await tode
  melde('Nichts wird mehr beendet')
  await anlage.bereit()
  const ruhe = await warteAufRuhe(owner, { geplant: false, hoechstens: RUHE, melde, signal })
  const dauer = (Date.now() - beginn) / 1000

  // Asked for once more, the same night finds nothing new.
  await client.schedule.getHandle(NACHTPLAN_ID).trigger()
  await sleep(10_000)
  await warteAufRuhe(owner, { geplant: false, hoechstens: RUHE, melde, signal })
  melde('Wird geprüft …')
  const { laeufe } = await readStand(owner)
  return {
    lauf: 'nacht',
    saat,
    befunde: { ...(await check(owner, treffer)), ...(await bisRuhig(() => checkTemporal(anlage.worker, client), RUHE)) },
    zahlen: {
      Treffer: treffer,
      'Worker beendet (kill -9)': worker,
      'Temporal beendet (kill -9)': temporal,
      'Sekunden bis alles eröffnet war': dauer,
      'davon nach dem letzten Beenden': ruhe,
      Läufe: laeufe ?? 'keiner',
    },
  }
}

/** Customers without a contract: the young ones are found, the older ones are not. Only this rule is on, and no quota. */
async function insertBestand(db: Db, treffer: number): Promise<void> {
  const betrieb = await insertBetrieb(db, { anlauf_am: '2024-01-01T00:00:00Z', tagesquote: null })
  const vermittler = await Promise.all(Array.from({ length: 20 }, () => insertVermittler(db, betrieb)))
  await ensureRegeln(db, katalog)
  await sql`UPDATE regel SET an = (gevo = ${GEVO})`.execute(db)
  await sql`INSERT INTO kunde (betrieb_id, vermittler_id, nummer, art, anrede, vorname, name, geburtsdatum)
    SELECT ${betrieb}, (${vermittler.map(({ id }) => id)}::int[])[1 + i % 20], 'N-' || i, 'NATUERLICH', 'FRAU', 'Elif', 'Çelik',
      CASE WHEN i <= ${treffer} THEN date '1998-03-14' ELSE date '1960-03-14' END FROM generate_series(1, ${treffer + treffer / 10}) i`.execute(db)
  await sql`ANALYZE`.execute(db)
}

/** So long after it came up, again and again. Returns how often. */
async function kill(anlage: Anlage, ziel: 'worker' | 'temporal', schluss: AbortSignal): Promise<number> {
  let n = 0
  for (let letzter = 0; !schluss.aborted;) {
    const [pid] = anlage.pids(ziel)
    if (pid === undefined || pid === letzter || (ziel === 'worker' && !anlage.isWorkerBereit())) {
      await sleep(100)
      continue
    }
    await sleep(LEBEN[ziel] * 1000)
    if (schluss.aborted) break
    sende(pid, 'SIGKILL')
    letzter = pid
    n += 1
  }
  return n
}

async function check(db: Db, treffer: number): Promise<Befunde> {
  const { rows: anzahl } =
    await sql`SELECT count(*) AS faelle, count(DISTINCT schluessel) AS schluessel FROM fall WHERE gevo = ${GEVO} AND status = 'OFFEN'
    HAVING count(*) <> ${treffer} OR count(DISTINCT schluessel) <> ${treffer}`.execute(db)
  const { rows: fremde } =
    await sql`SELECT f.id, f.gevo FROM fall f JOIN kunde k ON k.id = f.kunde_id WHERE f.gevo <> ${GEVO} OR k.geburtsdatum < '1990-01-01'`.execute(db)
  const { rows: fertig } = await sql`SELECT 'keine fertige Nacht' AS mangel WHERE NOT EXISTS (SELECT FROM nachtlauf WHERE status = 'FERTIG')`.execute(
    db,
  )
  const { rows: offen } = await sql`SELECT id, art, ziel, fehler FROM outbox WHERE zugestellt_am IS NULL`.execute(db)
  const { rows: summe } = await sql`SELECT sum(eroeffnet) AS gemeldet FROM nachtlauf_gevo HAVING sum(eroeffnet) <> ${treffer}`.execute(db)
  return {
    'Genau ein Fall je Treffer': anzahl,
    'Kein Fall ohne Treffer': fremde,
    'Die Nacht ist fertig geworden': fertig,
    'Der Bericht zählt jeden Fall einmal, auch nach dem zweiten Anstoß': summe,
    'Der Postausgang an Temporal ist leer': offen,
    'Versionen eines Falls sind lückenlos': await checkLuecken(db),
  }
}

async function readStand(db: Db): Promise<{ faelle: number; wartend: number; laeuft: boolean; laeufe: string | null }> {
  const { rows } = await sql<{ faelle: number; wartend: number; laeuft: boolean; laeufe: string | null }>`
    SELECT (SELECT count(*) FROM fall) AS faelle, (SELECT count(*) FROM outbox WHERE zugestellt_am IS NULL) AS wartend,
      EXISTS (SELECT FROM nachtlauf WHERE status = 'LAEUFT') OR NOT EXISTS (SELECT FROM nachtlauf) AS laeuft,
      (SELECT string_agg(anlass || ' ' || status, ', ' ORDER BY id) FROM nachtlauf) AS laeufe`.execute(db)
  return rows[0]!
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
