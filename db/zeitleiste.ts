/** What happened, newest first: the protokoll of one Fall, or of a customer with contacts outside of any Fall. */
import { type Selectable, sql } from 'kysely'
import type { WebDb } from './sitzung.ts'
import type { MailTable, ProtokollQuelle, Zeitpunkt } from './schema.ts'

export interface Zeitleisteneintrag {
  /** Unique on the page, the entry's anchor: "p-17" (protokoll), "k-3" (contact without a Fall). */
  anker: string
  am: Zeitpunkt
  /** Event of domain/fall.ts, or opened, escalated, unlocked, abgelehnt. */
  ereignis: string
  quelle: ProtokollQuelle
  /** Number and GeVo code of the Fall; null for a contact outside of any. */
  fall: number | null
  gevo: string | null
  /** Codes of the event: kanal, ergebnis, versuch, am, sperreBis, vermittler, grund, signal … */
  codes: Record<string, unknown>
  /** Texts of a person, null when there are none or they were erased. */
  inhalt: Record<string, unknown> | null
  /** "Weber, Anna"; null for timer, night and hand signals. */
  person: string | null
  /** Name of the Vermittler named in codes.vermittler (reassigned). */
  neuerVermittler: string | null
  /** Delivery of the mail that belongs to a contact. */
  mail: Selectable<MailTable>['status'] | null
}

/** At most `limit` entries; ask for one more than shown to know whether there are older ones. */
export async function listZeitleiste(
  db: WebDb,
  wen: { kunde: number } | { fall: number },
  { limit = 50 }: { limit?: number } = {},
): Promise<Zeitleisteneintrag[]> {
  const desFalls = 'fall' in wen
  const wo = desFalls ? sql`p.fall_id = ${wen.fall}` : sql`p.kunde_id = ${wen.kunde}`
  const ohneFall = desFalls
    ? sql``
    : sql`
      UNION ALL
      SELECT 'k-' || k.id, k.am, k.id, CASE k.richtung WHEN 'EIN' THEN 'replied' ELSE 'contacted' END, 'KLICK', NULL, NULL,
        jsonb_strip_nulls(jsonb_build_object('kanal', k.kanal, 'ergebnis', k.ergebnis, 'versuch', k.versuch)),
        CASE WHEN k.notiz IS NOT NULL THEN jsonb_build_object('notiz', k.notiz) END, k.vermittler_id, k.mail_id
      FROM kontakt k WHERE k.kunde_id = ${wen.kunde} AND k.fall_id IS NULL`
  // A contact and its protokoll row share their transaction, and with it the instant.
  const { rows } = await sql<Zeitleisteneintrag>`
    WITH eintrag (anker, am, nr, ereignis, quelle, fall, gevo, codes, inhalt, vermittler_id, mail_id) AS (
      SELECT 'p-' || p.id, p.am, p.id, p.ereignis, p.quelle, p.fall_id, f.gevo, p.codes, p.inhalt, p.vermittler_id,
        CASE WHEN p.ereignis = 'contacted' THEN (SELECT max(k.mail_id) FROM kontakt k WHERE k.fall_id = p.fall_id AND k.am = p.am AND k.kanal = p.codes ->> 'kanal') END
      FROM protokoll p JOIN fall f ON f.id = p.fall_id WHERE ${wo}
      ${ohneFall}
    )
    SELECT e.anker, e.am, e.ereignis, e.quelle, e.fall, e.gevo, e.codes, e.inhalt, v.name || ', ' || v.vorname AS person,
      n.name || ', ' || n.vorname AS "neuerVermittler", m.status AS mail
    FROM eintrag e
      LEFT JOIN vermittler v ON v.id = e.vermittler_id
      LEFT JOIN vermittler n ON e.ereignis = 'reassigned' AND n.id = (e.codes ->> 'vermittler')::int
      LEFT JOIN mail m ON m.id = e.mail_id
    ORDER BY e.am DESC, e.nr DESC LIMIT ${limit}`.execute(db)
  return rows
}
