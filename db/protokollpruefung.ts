/**
 * The protokoll's proof: per Fall a chain of hashes (a trigger writes it), per Betrieb an anchor each night over the rows since the last.
 * The night's workflow keeps the sum of its anchors, too: who changes the database would have to change Temporal's history as well.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { codeOf } from './fehler.ts'
import type { Db } from './verbindung.ts'

/** PostgreSQL's lock_not_available: somebody writes for so long that clicks would have to wait. */
const BESETZT = 'PG_55P03'

export interface Anker {
  betrieb: number
  /** Number of the last protokoll row it covers. */
  bis: number
  zeilen: number
  /** Hexadecimal. */
  hash: string
}

/** What an anchor is made of: the last anchor, then every row's hash in the order of the numbers. Kept in one place for writing and checking. */
const SUMME = sql`sha256(coalesce(v.hash, ''::bytea) || string_agg(p.hash, ''::bytea ORDER BY p.id))`

/** Anchors what was written since the last time. Called twice it finds nothing new; where the table is busy the next night covers it. */
export async function insertAnker(db: Db): Promise<Anker[]> {
  const grenze = await sql<{ bis: number }>`SELECT protokoll_grenze() AS bis`.execute(db).catch((error: unknown) => {
    if (codeOf(error) === BESETZT) return undefined
    throw error
  })
  if (!grenze) return []
  const { rows } = await sql<Anker>`
    INSERT INTO protokoll_anker AS a (betrieb_id, bis_id, zeilen, hash)
    SELECT p.betrieb_id, max(p.id), count(*), ${SUMME}
    FROM protokoll p LEFT JOIN LATERAL (SELECT l.bis_id, l.hash FROM protokoll_anker l WHERE l.betrieb_id = p.betrieb_id ORDER BY l.bis_id DESC LIMIT 1) v ON true
    WHERE p.id <= ${grenze.rows[0]!.bis} AND p.id > coalesce(v.bis_id, 0)
    GROUP BY p.betrieb_id, v.hash
    ON CONFLICT DO NOTHING
    RETURNING a.betrieb_id AS betrieb, a.bis_id AS bis, a.zeilen, encode(a.hash, 'hex') AS hash`.execute(db)
  return rows
}

/** Of the anchors of one night: how many, and the hash of theirs in the order of the Betriebe. */
export function sumOfAnker(anker: readonly Anker[]): { anker: number; summe: string } {
  const summe = createHash('sha256')
  for (const { hash } of anker.toSorted((a, b) => a.betrieb - b.betrieb)) summe.update(hash, 'hex')
  return { anker: anker.length, summe: summe.digest('hex') }
}

export interface Pruefung {
  zeilen: number
  anker: number
  /** What does not agree, at most a hundred of each kind. */
  fehler: { art: 'KETTE' | 'INHALT' | 'ANKER'; betrieb: number; nummer: number }[]
}

/** Reads every row. KETTE: a row (nummer) was changed or one before it is missing; INHALT: its text was changed; ANKER: rows up to nummer are missing. */
export async function checkProtokoll(db: Db): Promise<Pruefung> {
  const { rows: zeilen } = await sql<{ n: number; anker: number }>`
    SELECT (SELECT count(*) FROM protokoll) AS n, (SELECT count(*) FROM protokoll_anker) AS anker`.execute(db)
  const { rows: fehler } = await sql<Pruefung['fehler'][number]>`
    (SELECT 'KETTE' AS art, k.betrieb_id AS betrieb, k.id AS nummer FROM (
        SELECT p.*, lag(p.hash) OVER (PARTITION BY p.fall_id ORDER BY p.id) AS vorher FROM protokoll p) k
      WHERE k.hash <> sha256(coalesce(k.vorher, ''::bytea) || convert_to(concat_ws('|', k.id, k.betrieb_id, k.fall_id, k.kunde_id, k.ereignis,
        k.version, k.quelle, k.vermittler_id, k.codes::text, extract(epoch FROM k.am), encode(k.inhalt_hash, 'hex')), 'UTF8'))
      ORDER BY k.id LIMIT 100)
    UNION ALL
    (SELECT 'INHALT', p.betrieb_id, p.id FROM protokoll p
      WHERE p.inhalt IS NOT NULL AND p.inhalt_hash IS DISTINCT FROM sha256(convert_to(p.inhalt::text, 'UTF8')) ORDER BY p.id LIMIT 100)
    UNION ALL
    (SELECT 'ANKER', a.betrieb_id, a.bis_id FROM (
        SELECT a.*, lag(a.bis_id, 1, 0) OVER w AS von, lag(a.hash) OVER w AS vorher FROM protokoll_anker a WINDOW w AS (PARTITION BY a.betrieb_id ORDER BY a.bis_id)) a
      LEFT JOIN LATERAL (SELECT a.vorher AS hash) v ON true
      LEFT JOIN LATERAL (SELECT ${SUMME} AS summe, count(*) AS n FROM protokoll p WHERE p.betrieb_id = a.betrieb_id AND p.id > a.von AND p.id <= a.bis_id) s ON true
      WHERE s.summe IS DISTINCT FROM a.hash OR s.n <> a.zeilen ORDER BY a.id LIMIT 100)`.execute(db)
  return { zeilen: zeilen[0]!.n, anker: zeilen[0]!.anker, fehler }
}
