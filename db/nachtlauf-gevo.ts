/**
 * The set door, first half: one rule asked once about all Betriebe of the night, its findings sorted into what is open already,
 * what is held back, what must wait and what is new, and the new ones opened, a portion after the other. Killed anywhere and repeated it goes on
 * with what is left, and opens nothing twice.
 */
import { type Kysely, sql } from 'kysely'
import { type Regel, ask, inReichweite, regelwerte } from './bestand.ts'
import { STAND_COLUMNS } from './faelle.ts'
import { MENGENWEISE } from './mengenweise.ts'
import { endObsolete } from './nachtlauf-enden.ts'
import type { Nacht } from './nachtlauf.ts'
import { STAND_JSON } from './nachtlauf-stand.ts'
import type { Schema } from './schema.ts'
import type { Db } from './verbindung.ts'
import { gepruefte, sperrt } from './zurueckhalten.ts'

/** Runs of this night that have not done this rule, with their Betrieb. */
interface Offen {
  laeufe: number[]
  betriebe: number[]
}

const STAND = sql.join(STAND_COLUMNS.map((spalte) => sql.ref(spalte)))

/** Fälle opened in one transaction: what a process that dies can lose. */
const PORTION = 1_000

/** The temporary tables belong to the connection, so the whole rule stays on one. */
export async function runGevo(db: Db, nacht: Nacht, regel: Regel): Promise<void> {
  await db.connection().execute(async (connection) => {
    const began = performance.now()
    try {
      const { offen, neue } = await connection.transaction().execute((trx) => findAndJudge(trx, nacht, regel))
      if (offen.laeufe.length === 0) return
      for (let ab = 0; ab < neue; ab += PORTION) await connection.transaction().execute((trx) => insertFaelle(trx, nacht, regel, ab))
      await endObsolete(connection, offen.laeufe, regel.code)
      await sql`UPDATE nachtlauf_gevo SET fertig = true, dauer_ms = ${Math.round(performance.now() - began)}
        WHERE nachtlauf_id = ANY (${offen.laeufe}::integer[]) AND gevo = ${regel.code}`.execute(connection)
    } finally {
      await sql`DROP TABLE IF EXISTS pg_temp.treffer, pg_temp.neue, pg_temp.enden`.execute(connection)
    }
  })
}

/** `neue`: how many are to be opened. */
async function findAndJudge(db: Kysely<Schema>, nacht: Nacht, regel: Regel): Promise<{ offen: Offen; neue: number }> {
  const offen = await lockOffen(db, nacht, regel)
  if (offen.laeufe.length === 0) return { offen, neue: 0 }
  await createTreffer(db, nacht, regel, offen)
  await judgeTreffer(db, nacht, regel, offen)
  await holdBack(db, nacht, offen)
  await countTreffer(db, regel, offen)
  await insertEnden(db, nacht, regel, offen)
  await freeFehlbefunde(db, nacht, regel, offen)
  return { offen, neue: await createNeue(db) }
}

/** A second attempt waits here until the first one's transaction has ended: it has to see, and count to the quota, what that has opened. */
async function lockOffen(db: Kysely<Schema>, { laeufe }: Nacht, { code }: Regel): Promise<Offen> {
  const { rows } = await sql<{ id: number; betrieb_id: number }>`
    SELECT l.id, l.betrieb_id FROM nachtlauf_gevo g JOIN nachtlauf l ON l.id = g.nachtlauf_id
    WHERE g.nachtlauf_id = ANY (${laeufe}::integer[]) AND g.gevo = ${code} AND NOT g.fertig AND l.status = 'LAEUFT'
    ORDER BY l.id FOR NO KEY UPDATE`.execute(db)
  return { laeufe: rows.map(({ id }) => id), betriebe: rows.map(({ betrieb_id }) => betrieb_id) }
}

/** All that the rule finds, for now as new. By CREATE TABLE AS, because for that PostgreSQL reads in parallel, and for INSERT it does not. */
async function createTreffer(db: Kysely<Schema>, { stichtag, laeufe }: Nacht, regel: Regel, offen: Offen): Promise<void> {
  const { betriebe } = offen
  await MENGENWEISE.execute(db)
  await sql`CREATE TEMPORARY TABLE treffer AS
    SELECT t.*, CASE t.lage WHEN 'UNBEKANNT' THEN 'UNBEKANNT' ELSE 'NEU' END AS folge
    FROM ${ask(db, regel, { betriebe, stichtag, stand: { laeufe, gefragt: await listGefragt(db, offen) } }).as('t')}`.execute(db)
  await sql`SET LOCAL enable_nestloop = on`.execute(db)
  // A rule that gives one key twice is wrong, and fails here.
  await sql`CREATE UNIQUE INDEX ON pg_temp.treffer (betrieb_id, schluessel)`.execute(db)
  await sql`ANALYZE pg_temp.treffer (betrieb_id, kunde_id, vertrag_id, schluessel, lage, folge)`.execute(db)
}

/** Rules that each of these runs has asked already, or does not ask. */
async function listGefragt(db: Kysely<Schema>, { laeufe }: Offen): Promise<Set<string>> {
  const { rows } = await sql<{ gevo: string }>`SELECT gevo FROM nachtlauf_gevo WHERE nachtlauf_id = ANY (${laeufe}::integer[])
    GROUP BY gevo HAVING bool_and(unentschieden IS NOT NULL)`.execute(db)
  return new Set(rows.map(({ gevo }) => gevo))
}

/** What becomes of each: open already, or held back, and by what (zurueckhalten.ts). */
async function judgeTreffer(db: Kysely<Schema>, { stichtag, laeufe }: Nacht, { code }: Regel, { betriebe }: Offen): Promise<void> {
  await sql`
    UPDATE treffer t SET folge = CASE WHEN f.nachtlauf_id = ANY (${laeufe}::integer[]) THEN 'EROEFFNET' ELSE 'BEHALTEN' END FROM fall f
    WHERE t.folge = 'NEU' AND f.betrieb_id = ANY (${betriebe}::integer[]) AND f.betrieb_id = t.betrieb_id AND f.gevo = ${code}
      AND f.schluessel = t.schluessel AND f.status <> 'GESCHLOSSEN'`.execute(db)
  for (const haelt of [
    sql`EXISTS (SELECT FROM fall f WHERE ${sperrt('f', 't', code, stichtag)})`,
    sql`(t.betrieb_id, t.schluessel) IN (${gepruefte(code, stichtag)})`,
  ])
    await sql`UPDATE treffer t SET folge = 'GESPERRT' WHERE t.folge = 'NEU' AND ${haelt}`.execute(db)
}

/** Above the daily quota of a Vermittler the rest waits, most urgent first; all rules of a Stichtag share it, in the order they are asked. */
async function holdBack(db: Kysely<Schema>, { stichtag }: Nacht, { betriebe }: Offen): Promise<void> {
  await sql`
    WITH gereiht AS (
      SELECT betrieb_id, vermittler_id, schluessel,
        row_number() OVER (PARTITION BY betrieb_id, vermittler_id ORDER BY dringlichkeit, frist, kunde_id, schluessel) AS platz
      FROM treffer WHERE folge = 'NEU' AND betrieb_id IN (SELECT id FROM betrieb WHERE tagesquote IS NOT NULL)),
    frei AS (
      SELECT v.id AS vermittler_id, b.tagesquote - (SELECT count(*) FROM fall f
        WHERE f.betrieb_id = b.id AND f.vermittler_id = v.id AND f.stichtag = ${stichtag} AND f.nachtlauf_id IS NOT NULL) AS plaetze
      FROM betrieb b JOIN vermittler v ON v.betrieb_id = b.id WHERE b.id = ANY (${betriebe}::integer[]) AND b.tagesquote IS NOT NULL)
    UPDATE treffer t SET folge = 'WARTEND' FROM gereiht g JOIN frei USING (vermittler_id)
    WHERE t.folge = 'NEU' AND t.betrieb_id = g.betrieb_id AND t.schluessel = g.schluessel AND g.platz > frei.plaetze`.execute(db)
}

/** What is to be opened, numbered by its urgency. */
async function createNeue(db: Kysely<Schema>): Promise<number> {
  await sql`CREATE TEMPORARY TABLE neue AS
    SELECT row_number() OVER (ORDER BY betrieb_id, dringlichkeit, frist, kunde_id, schluessel) AS nr, treffer.* FROM treffer WHERE folge = 'NEU'`.execute(
    db,
  )
  await sql`CREATE UNIQUE INDEX ON pg_temp.neue (nr)`.execute(db)
  await sql`ANALYZE pg_temp.neue (nr, betrieb_id)`.execute(db)
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM neue`.execute(db)
  return rows[0]!.n
}

/** Opens a portion. What another attempt has opened meanwhile is passed over, and a run that is over opens nothing more. */
async function insertFaelle(db: Kysely<Schema>, nacht: Nacht, regel: Regel, ab: number): Promise<void> {
  // Foreign keys are checked by a plan that is made once: in the first night it would read all of `fall` for each row, because there was none when it was made.
  await sql`SET LOCAL enable_seqscan = off`.execute(db)
  const { laeufe } = await lockOffen(db, nacht, regel)
  await sql`
    WITH einstellung AS MATERIALIZED (
      SELECT g.betrieb_id, g.nachtlauf_id, g.regel_version, coalesce(r.prio, ${regel.prio}::smallint) AS prio,
        jsonb_build_object('regel', ${regel.version}::integer, 'einstellung', g.regel_version, 'werte', ${regelwerte(regel, 'r')},
          'stichtag', ${nacht.stichtag}::date, 'nachtlauf', g.nachtlauf_id) AS codes
      FROM nachtlauf_gevo g JOIN regel_stand r ON r.betrieb_id = g.betrieb_id AND r.gevo = g.gevo AND r.version = g.regel_version
      WHERE g.gevo = ${regel.code} AND g.nachtlauf_id = ANY (${laeufe}::integer[])),
    neu AS (
      INSERT INTO fall (betrieb_id, vermittler_id, kunde_id, vertrag_id, gevo, schluessel, regel_version, prio, befund, unbekannt, frist, bearbeiten_bis,
        stichtag, nachtlauf_id, epoch, status)
      SELECT t.betrieb_id, t.vermittler_id, t.kunde_id, t.vertrag_id, ${regel.code}, t.schluessel, e.regel_version, e.prio, t.befund, t.unbekannt,
        t.frist, t.bearbeiten_bis, ${nacht.stichtag}::date, e.nachtlauf_id, (SELECT epoch FROM installation), 'OFFEN'
      FROM neue t JOIN einstellung e ON e.betrieb_id = t.betrieb_id WHERE t.nr > ${ab} AND t.nr <= ${ab + PORTION} ORDER BY t.nr
      ON CONFLICT (betrieb_id, gevo, schluessel) WHERE status <> 'GESCHLOSSEN' DO NOTHING
      RETURNING id, betrieb_id, kunde_id, nachtlauf_id, ${STAND}),
    eintrag AS (
      INSERT INTO protokoll (betrieb_id, fall_id, kunde_id, ereignis, version, quelle, codes)
      SELECT n.betrieb_id, n.id, n.kunde_id, 'opened', n.version, 'NACHT', e.codes FROM neu n JOIN einstellung e USING (nachtlauf_id) ORDER BY n.id),
    nachricht AS (
      INSERT INTO outbox (betrieb_id, spur, art, ziel, stand)
      SELECT betrieb_id, 1, 'FALL', id, ${STAND_JSON} FROM neu ORDER BY id)
    UPDATE nachtlauf_gevo g SET eroeffnet = g.eroeffnet + z.n
    FROM (SELECT nachtlauf_id, count(*) AS n FROM neu GROUP BY nachtlauf_id) z WHERE g.nachtlauf_id = z.nachtlauf_id AND g.gevo = ${regel.code}`.execute(
    db,
  )
}

/** With what could not be decided, for a rule that asks about that. Set, not added: an attempt that is repeated counts the same findings again. `eroeffnet` alone grows with the rows it counts. */
async function countTreffer(db: Kysely<Schema>, { code }: Regel, { laeufe }: Offen): Promise<void> {
  const n = (folge: string) => sql`count(t.folge) FILTER (WHERE t.folge = ${sql.lit(folge)})`
  await sql`
    UPDATE nachtlauf_gevo g SET gefunden = z.gefunden, behalten = z.behalten, gesperrt = z.gesperrt, wartend = z.wartend, unbekannt = z.unbekannt,
      unentschieden = coalesce(u.unentschieden, '{}')
    FROM (SELECT l.id, l.betrieb_id, count(t.folge) - ${n('UNBEKANNT')} AS gefunden, ${n('BEHALTEN')} AS behalten, ${n('GESPERRT')} AS gesperrt,
        ${n('WARTEND')} AS wartend, ${n('UNBEKANNT')} AS unbekannt
      FROM nachtlauf l LEFT JOIN treffer t ON t.betrieb_id = l.betrieb_id WHERE l.id = ANY (${laeufe}::integer[]) GROUP BY l.id) z
      LEFT JOIN (
        SELECT betrieb_id, jsonb_object_agg(felder, kunden) AS unentschieden
        FROM (SELECT betrieb_id, array_to_string(unbekannt, ',') AS felder, jsonb_agg(kunde_id) AS kunden FROM treffer WHERE folge = 'UNBEKANNT' GROUP BY 1, 2) x
        GROUP BY betrieb_id) u ON u.betrieb_id = z.betrieb_id
    WHERE g.nachtlauf_id = z.id AND g.gevo = ${code}`.execute(db)
}

/**
 * Open Fälle the rule no longer finds (those of this very night it has found). Where it could not be decided, nothing ends, also not by a key that hangs on the unknown field.
 * A window that passed undocumented is not a cure: such a Fall stays, overdue, unless nobody may look at its customer any more.
 */
async function insertEnden(db: Kysely<Schema>, { stichtag, laeufe }: Nacht, regel: Regel, { betriebe }: Offen): Promise<void> {
  const fristVorbei = regel.ende === 'FRIST_VORBEI' ? sql`f.frist < ${stichtag}` : sql`false`
  await sql`CREATE TEMPORARY TABLE enden (id bigint PRIMARY KEY, grund text NOT NULL)`.execute(db)
  await sql`
    INSERT INTO enden SELECT f.id, CASE WHEN ${inReichweite('k', regel.klasse)} THEN 'BEFUND_WEG' ELSE 'AUSGESCHLOSSEN' END
    FROM fall f JOIN kunde k ON k.id = f.kunde_id
    WHERE f.betrieb_id = ANY (${betriebe}::integer[]) AND f.gevo = ${regel.code}
      AND (f.status = 'OFFEN' OR (f.status = 'IN_ARBEIT' AND f.befund_entfallen_am IS NULL))
      AND (f.nachtlauf_id = ANY (${laeufe}::integer[])) IS NOT TRUE AND ${NICHT_MEHR} AND NOT (coalesce(${fristVorbei}, false) AND ${inReichweite('k', regel.klasse)})`.execute(
    db,
  )
  await sql`ANALYZE pg_temp.enden`.execute(db)
}

/**
 * Told to be wrong, and found no longer: something the rule reads has changed since. If the finding comes back, it is a new one, whatever its values.
 * Who may only not be looked at has changed nothing.
 */
async function freeFehlbefunde(db: Kysely<Schema>, { stichtag }: Nacht, regel: Regel, { betriebe }: Offen): Promise<void> {
  await sql`
    WITH frei AS (
      UPDATE fall f SET sperre_aufgehoben_am = now() FROM kunde k
      WHERE k.id = f.kunde_id AND f.betrieb_id = ANY (${betriebe}::integer[]) AND f.gevo = ${regel.code}
        AND f.status = 'GESCHLOSSEN' AND f.ergebnis = 'FEHLBEFUND' AND f.sperre_aufgehoben_am IS NULL AND ${inReichweite('k', regel.klasse)} AND ${NICHT_MEHR}
      RETURNING f.id, f.betrieb_id, f.kunde_id, f.version)
    INSERT INTO protokoll (betrieb_id, fall_id, kunde_id, ereignis, version, quelle, codes)
    SELECT betrieb_id, id, kunde_id, 'unlocked', version, 'NACHT', jsonb_build_object('anlass', 'BEFUND', 'stichtag', ${stichtag}::date) FROM frei`.execute(
    db,
  )
}

/** The rule has decided, and Fall `f` is not among what it found. */
const NICHT_MEHR = sql<boolean>`(NOT EXISTS (SELECT FROM treffer t WHERE t.betrieb_id = f.betrieb_id AND t.schluessel = f.schluessel)
  AND NOT EXISTS (SELECT FROM treffer t WHERE t.lage = 'UNBEKANNT' AND t.kunde_id = f.kunde_id AND t.vertrag_id IS NOT DISTINCT FROM f.vertrag_id))`
