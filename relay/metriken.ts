/** Prometheus metrics of the worker: what the database knows, and the Temporal SDK's own. Counts and codes only: no label says whom a thing is about. */
import { type Server, createServer } from 'node:http'
import { sql } from 'kysely'
import type { Db } from '../db/verbindung.ts'

export interface Metrikquelle {
  /** As the worker. */
  db: Db
  /** The SDK's own metrics as text. */
  kernmetriken?: (() => Promise<string>) | undefined
}

interface Wert {
  name: string
  hilfe: string
  art: 'gauge' | 'counter'
  /** Label → value; '' for none. Null is left out: there is nothing to tell yet. */
  werte: Record<string, number | null>
  label?: string
}

/** Listens for GET /metrics and /healthz. There is no login: loopback, or a network of one's own. Port 0: a free one, which is in the answer. */
export async function serveMetriken(
  quelle: Metrikquelle,
  { port, host }: { port: number; host: string },
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.url === '/healthz') return void response.end('ok')
    if (request.url !== '/metrics' || request.method !== 'GET') return void response.writeHead(404).end()
    readMetriken(quelle).then(
      (text) => response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
      () => response.writeHead(503).end('Datenbank nicht erreichbar\n'),
    )
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, () => resolve()))
  return { port: portOf(server), close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()) }
}

export async function readMetriken({ db, kernmetriken }: Metrikquelle): Promise<string> {
  const eigene = (await listWerte(db)).map(print).join('')
  // The SDK's may be missing for a moment; ours are told all the same.
  const kern = (await kernmetriken?.().catch(() => '')) ?? ''
  return eigene + kern
}

async function listWerte(db: Db): Promise<Wert[]> {
  const { rows } = await sql<Record<string, number | null>>`
    WITH z AS (SELECT status, frist, sum(n) AS n FROM fall_zaehler WHERE gefaltet AND vermittler_id IS NULL OR NOT gefaltet GROUP BY status, frist),
    o AS (SELECT spur, count(*) AS n, extract(epoch FROM now() - min(erstellt_am)) AS alter FROM outbox WHERE zugestellt_am IS NULL GROUP BY spur)
    SELECT (SELECT n FROM o WHERE spur = 0) AS klicks, (SELECT alter FROM o WHERE spur = 0) AS klicks_alter,
      (SELECT n FROM o WHERE spur = 1) AS nacht, (SELECT alter FROM o WHERE spur = 1) AS nacht_alter,
      (SELECT sum(n) FROM z WHERE status <> 'DOKUMENTIERT') AS offen, (SELECT sum(n) FROM z WHERE status = 'DOKUMENTIERT') AS dokumentiert,
      (SELECT sum(n) FROM z WHERE status <> 'DOKUMENTIERT' AND frist < (now() AT TIME ZONE 'Europe/Berlin')::date) AS ueberfaellig,
      (SELECT count(*) FROM vorgang WHERE status = 'FAELLIG') AS faellig,
      (SELECT extract(epoch FROM min(l.am)) FROM betrieb b LEFT JOIN LATERAL
        (SELECT max(beendet_am) AS am FROM nachtlauf l WHERE l.betrieb_id = b.id AND l.status = 'FERTIG') l ON true WHERE b.anlauf_am IS NOT NULL) AS nachtlauf,
      (SELECT count(*) FROM mail WHERE status = 'FEHLER') AS fehler, (SELECT count(*) FROM mail WHERE status = 'UNGEWISS') AS ungewiss,
      (SELECT extract(epoch FROM letzte_sicherung_am) FROM installation) AS sicherung,
      (SELECT count(*) FROM stoerung WHERE beendet_am IS NULL) AS stoerungen`.execute(db)
  const w = rows[0]!
  const gauge = (name: string, hilfe: string, werte: Wert['werte'], label?: string): Wert => ({
    name,
    hilfe,
    art: 'gauge',
    werte,
    ...(label && { label }),
  })
  return [
    gauge('vm_outbox_nachrichten', 'Messages that wait for Temporal, by lane.', { klicks: w['klicks'] ?? 0, nacht: w['nacht'] ?? 0 }, 'spur'),
    gauge(
      'vm_outbox_alter_sekunden',
      'Age of the oldest message that waits, by lane.',
      { klicks: w['klicks_alter'] ?? 0, nacht: w['nacht_alter'] ?? 0 },
      'spur',
    ),
    gauge('vm_faelle', 'Faelle that are not closed, by status.', { offen: w['offen'] ?? 0, dokumentiert: w['dokumentiert'] ?? 0 }, 'status'),
    gauge('vm_faelle_ueberfaellig', 'Open Faelle whose Frist has passed.', { '': w['ueberfaellig'] ?? 0 }),
    gauge('vm_wiedervorlagen_faellig', 'Reminders that have fired and wait for a person.', { '': w['faellig'] ?? 0 }),
    gauge('vm_nachtlauf_fertig_zeitstempel', 'End of the last complete night of the Betrieb that is furthest behind.', {
      '': w['nachtlauf'] ?? null,
    }),
    gauge('vm_mails_gescheitert', 'Mails that were not sent, by status.', { FEHLER: w['fehler'] ?? 0, UNGEWISS: w['ungewiss'] ?? 0 }, 'status'),
    gauge('vm_sicherung_zeitstempel', 'Moment of the last backup.', { '': w['sicherung'] ?? null }),
    gauge('vm_stoerungen', 'What the watch finds wrong now.', { '': w['stoerungen'] ?? 0 }),
  ]
}

function print({ name, hilfe, art, werte, label }: Wert): string {
  const zeilen = Object.entries(werte).flatMap(([wert, n]) => (n === null ? [] : [`${name}${label ? `{${label}="${wert}"}` : ''} ${n}\n`]))
  return zeilen.length === 0 ? '' : `# HELP ${name} ${hilfe}\n# TYPE ${name} ${art}\n${zeilen.join('')}`
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
