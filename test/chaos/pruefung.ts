/** What must hold when everything has healed, asked of PostgreSQL. Every check returns the rows that contradict it. */
import { type RawBuilder, sql } from 'kysely'
import { checkProtokoll } from '../../db/protokollpruefung.ts'
import type { Db } from '../../db/verbindung.ts'
import type { FakeResend } from '../support/resend.ts'
import type { Klick } from './makler.ts'

/** Name of the promise → rows that break it. */
export type Befunde = Record<string, unknown[]>

/** The clicks become a table beside the record they are compared with. */
export async function insertKlicks(db: Db, klicks: readonly Klick[]): Promise<void> {
  await sql`CREATE TABLE chaos_klick (aktion text PRIMARY KEY, art text, makler int, fall bigint, vorgang bigint, marke text, versuche int[], status int)`.execute(
    db,
  )
  for (let ab = 0; ab < klicks.length; ab += 1_000)
    await sql`INSERT INTO chaos_klick SELECT * FROM jsonb_to_recordset(${JSON.stringify(klicks.slice(ab, ab + 1_000))}::jsonb)
      AS k (aktion text, art text, makler int, fall bigint, vorgang bigint, marke text, versuche int[], status int)`.execute(db)
  // An Antwort is kept with the action's id. Its Fall: named, its Vorgang's, or the one it opened.
  await sql`CREATE VIEW chaos_wirkung AS
    SELECT k.*, a.id IS NOT NULL AS bekannt, coalesce((a.antwort->>'ok')::boolean, false) AS genommen, f.id AS fall_nr, f.gevo,
      CASE k.art WHEN 'kontakt' THEN 'contacted' WHEN 'email' THEN 'contacted' WHEN 'dokumentation' THEN 'documented' WHEN 'ruecknahme' THEN 'reopened'
        WHEN 'vorgang' THEN 'opened' WHEN 'erledigung' THEN CASE WHEN f.gevo = 'VORGANG' THEN 'documented' ELSE 'done' END ELSE 'reminder' END AS ereignis
    FROM chaos_klick k LEFT JOIN aktion a ON a.id = k.aktion LEFT JOIN vorgang v ON v.id = k.vorgang
      LEFT JOIN fall f ON f.id = coalesce(k.fall, v.fall_id, (SELECT h.id FROM fall h WHERE h.gevo = 'VORGANG' AND h.schluessel = k.aktion))`.execute(
    db,
  )
}

/** `heilung`: UTC instant since which nothing was disturbed; null where something is to the end. */
export async function checkDatenbank(db: Db, { resend, heilung }: { resend: FakeResend; heilung: string | null }): Promise<Befunde> {
  const befunde: Befunde = {}
  const verlange = async (versprechen: string, frage: RawBuilder<unknown>): Promise<void> => {
    befunde[versprechen] = (await frage.execute(db)).rows
  }
  await verlange(
    'Jeder beantwortete Klick ist aufgezeichnet',
    // These three lead back to the list with the reason where there is nothing left to do.
    sql`SELECT * FROM chaos_wirkung WHERE status < 400 AND NOT genommen AND NOT (bekannt AND art IN ('ruecknahme', 'erledigung', 'loeschung'))`,
  )
  await verlange('Was abgelehnt wurde, ist nicht aufgezeichnet', sql`SELECT * FROM chaos_wirkung WHERE status >= 400 AND genommen`)
  await verlange(
    'Jeder Klick bekommt zuletzt eine Antwort, die ein Mensch versteht',
    sql`SELECT * FROM chaos_klick WHERE status IS NULL OR status NOT IN (200, 204, 303, 422)`,
  )
  await verlange(
    'Jeder Text steht genau einmal im Bestand',
    sql`SELECT * FROM (SELECT k.*, CASE k.art
        WHEN 'kontakt' THEN (SELECT count(*) FROM kontakt c WHERE c.fall_id = k.fall AND c.notiz = k.marke)
        WHEN 'email' THEN (SELECT count(*) FROM kontakt c JOIN mail m ON m.id = c.mail_id WHERE c.fall_id = k.fall AND m.betreff = k.marke)
        WHEN 'dokumentation' THEN (SELECT count(*) FROM dokumentation d WHERE d.fall_id = k.fall AND d.notiz = k.marke)
        ELSE (SELECT count(*) FROM vorgang v WHERE v.fall_id = k.fall_nr AND v.titel = k.marke) END AS zeilen
      FROM chaos_wirkung k WHERE k.marke IS NOT NULL) x WHERE zeilen <> genommen::int`,
  )
  await verlange(
    'Das Protokoll hat genau die angenommenen Klicks',
    sql`WITH erwartet AS (
        SELECT fall_nr AS fall, ereignis, count(*) AS n FROM (
          SELECT fall_nr, ereignis FROM chaos_wirkung WHERE genommen
          -- Deleting the Vorgang of a Fall made by hand documents it.
          UNION ALL SELECT k.fall_nr, 'documented' FROM chaos_wirkung k JOIN aktion a ON a.id = k.aktion || '-ende' AND (a.antwort->>'ok')::boolean) e GROUP BY 1, 2),
      ist AS (SELECT fall_id AS fall, ereignis, count(*) AS n FROM protokoll WHERE quelle = 'KLICK' GROUP BY 1, 2)
      SELECT fall, ereignis, e.n AS erwartet, i.n AS ist FROM erwartet e FULL JOIN ist i USING (fall, ereignis) WHERE e.n IS DISTINCT FROM i.n`,
  )
  befunde['Versionen eines Falls sind lückenlos'] = await checkLuecken(db)
  await verlange('Der Postausgang an Temporal ist leer', sql`SELECT id, art, ziel, versuche, fehler FROM outbox WHERE zugestellt_am IS NULL`)
  await verlange(
    'Keine Wiedervorlage fehlt',
    sql`SELECT id, fall_id, faellig_am FROM vorgang WHERE status = 'OFFEN' AND faellig_am < now() - interval '10 s'`,
  )
  await verlange(
    'Keine Wiedervorlage kommt zweimal oder zu früh',
    sql`SELECT * FROM (${ausloesungen}) a WHERE vorher = 'due' OR vorher IS NULL OR am < gesetzt_auf`,
  )
  if (heilung)
    await verlange(
      'Nach der letzten Heilung höchstens 10 s zu spät',
      sql`SELECT *, (SELECT max(o.zugestellt_am) FROM outbox o WHERE o.art = 'FALL' AND o.ziel = a.fall_id AND o.erstellt_am < a.am) AS zugestellt
      FROM (${ausloesungen}) a WHERE am > ${heilung}::timestamptz AND am - greatest(gesetzt_auf, frei_seit, ${heilung}::timestamptz) > interval '10 s'`,
    )
  await verlange(
    'Jede fällige Wiedervorlage steht in einer Mail oder in der nächsten',
    sql`SELECT v.id, v.fall_id FROM vorgang v WHERE v.status = 'FAELLIG' AND v.mail_id IS NULL
      AND NOT EXISTS (SELECT FROM mail m WHERE m.art = 'ERINNERUNG' AND m.vermittler_id = v.vermittler_id AND m.status = 'GEPLANT')`,
  )
  await verlange(
    'Keine Mail bleibt stecken oder ungewiss',
    sql`SELECT id, art, status, fehler, versuche FROM mail WHERE status IN ('SENDET', 'FEHLER', 'UNGEWISS')`,
  )
  befunde['Jede Mail kommt genau einmal an'] = await checkMails(db, resend)
  befunde['Die Kette des Protokolls stimmt'] = (await checkProtokoll(db)).fehler
  return befunde
}

/** Every recorded event raised the version by one. */
export async function checkLuecken(db: Db): Promise<unknown[]> {
  const { rows } = await sql`SELECT f.id, f.version, array_agg(p.version ORDER BY p.id) AS versionen
    FROM fall f LEFT JOIN protokoll p ON p.fall_id = f.id AND p.ereignis <> 'abgelehnt' GROUP BY f.id
    HAVING count(p.id) <> f.version OR count(DISTINCT p.version) <> f.version OR max(p.version) <> f.version`.execute(db)
  return rows
}

/** Every time a reminder fired: for which instant it had been set, since when it was free to fire, and whether it was set or fired before. */
export const ausloesungen = sql`
  SELECT d.vorgang, d.fall_id, d.am, v.art AS vorher, v.auf AS gesetzt_auf,
    (SELECT max(p.am) FROM protokoll p WHERE p.fall_id = d.fall_id AND p.id < d.id AND p.ereignis IN ('opened', 'reminder', 'reopened')) AS frei_seit
  FROM (SELECT p.id, p.fall_id, p.am, w::bigint AS vorgang FROM protokoll p, jsonb_array_elements_text(p.codes->'vorgaenge') w WHERE p.ereignis = 'due') d
  LEFT JOIN LATERAL (
    SELECT p.ereignis AS art, (p.codes->>'am')::timestamptz AS auf FROM protokoll p
    WHERE p.fall_id = d.fall_id AND p.id < d.id AND CASE p.ereignis
      WHEN 'due' THEN p.codes->'vorgaenge' @> to_jsonb(d.vorgang)
      WHEN 'opened' THEN (p.codes->>'vorgang')::bigint = d.vorgang
      WHEN 'reminder' THEN (p.codes->>'vorgang')::bigint = d.vorgang AND p.codes->>'am' IS NOT NULL END
    ORDER BY p.id DESC LIMIT 1) v ON true`

/** One key, one mail, the same at every try; no key without a mail that was sent. */
async function checkMails(db: Db, { requests, sent }: FakeResend): Promise<unknown[]> {
  const { rows } = await sql<{
    schluessel: string
    betreff: string
  }>`SELECT 'mail/' || id AS schluessel, betreff FROM mail WHERE status = 'GESENDET'`.execute(db)
  const gesendet = new Map(rows.map(({ schluessel, betreff }) => [schluessel, betreff]))
  const ungleich = [...Map.groupBy(requests, ({ key }) => key)].filter(([, gleiche]) => new Set(gleiche.map((mail) => JSON.stringify(mail))).size > 1)
  const betreffs = [...Map.groupBy(sent.values(), ({ subject }) => subject)].filter(
    ([betreff, mails]) => betreff.startsWith('Marke') && mails.length > 1,
  )
  return [
    ...[...gesendet]
      .filter(([key, betreff]) => sent.get(key)?.subject !== betreff)
      .map(([key]) => ({ key, mangel: 'gilt als gesendet, kam aber nicht an' })),
    ...[...sent.keys()].filter((key) => !gesendet.has(key)).map((key) => ({ key, mangel: 'kam an, gilt aber nicht als gesendet' })),
    ...ungleich.map(([key]) => ({ key, mangel: 'derselbe Schlüssel mit verschiedenem Inhalt' })),
    ...betreffs.map(([betreff]) => ({ betreff, mangel: 'kam zweimal an' })),
  ]
}
