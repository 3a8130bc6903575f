/**
 * A GDV delivery only read (and its memory: at 100 MB and at the end), and taken over (read, matched, judged, written with its difference)
 * vs. a bare COPY of the same rows into the same tables, empty as they were. Goal ≥ 0.3. Size: BENCH_SAETZE records (default 1,000,000; four a contract, two and a half contracts a customer).
 */
import { createReadStream, createWriteStream, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { once } from 'node:events'
import { finished, pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { importNow } from '../db/importe-sofort.ts'
import { leseGdv } from '../imports/gdv.ts'
import { datei, nachsatz, satz, vorsatz } from '../test/support/gdv-schreiben.ts'
import { insertBetrieb, insertVermittler } from '../test/support/welt.ts'
import type { Umgebung } from './umgebung.ts'

const JE_VERTRAG = 4
const VERTRAEGE_JE_KUNDE = 2.5
const HEUTE = '2026-11-23'
/** What is stored of a delivery, without the list of what it changed. */
const TABELLEN = ['kunde', 'kundennummer', 'vertrag']

interface Importmessung {
  saetze: number
  vertraege: number
  kunden: number
  sekunden: number
  saetzeJeSekunde: number
  vertraegeJeSekunde: number
  mb: number
  rssMb: number
}

export async function benchImporte({ dir, ownerUrl, owner, worker }: Umgebung) {
  const saetze = Number(process.env['BENCH_SAETZE'] ?? 1_000_000)
  const file = path.join(dir, 'lieferung.gdv')
  await writeLieferung(file, saetze)
  const betrieb = await insertBetrieb(owner, { anlauf_am: null })
  await insertVermittler(owner, betrieb, { rolle: 'SUPERVISOR' })

  const leser = await measureLeser(file)
  const erster = await measure(
    () => importNow(worker, { betrieb, datei: 'lieferung.gdv', bytes: createReadStream(file), person: null, heute: HEUTE }),
    file,
  )
  const zweiter = await measure(
    () => importNow(worker, { betrieb, datei: 'lieferung.gdv', bytes: createReadStream(file), person: null, heute: HEUTE }),
    file,
  )
  const bar = await copyRows(ownerUrl, dir, betrieb)
  rmSync(file)
  return { leser, erster, zweiter, copy: { sekunden: bar }, verhaeltnis: bar / erster.sekunden }
}

/** Reading alone; a hundred megabytes and a multiple of it should need the same memory. */
async function measureLeser(file: string) {
  const HUNDERT_MB = 100_000_000
  let [bytes, saetze, rss, rssBei100Mb] = [0, 0, 0, 0]
  const stuecke = async function* () {
    for await (const stueck of createReadStream(file, { highWaterMark: 1_048_576 })) {
      yield stueck as Uint8Array
      bytes += (stueck as Uint8Array).length
      rss = Math.max(rss, process.memoryUsage().rss)
      if (bytes <= HUNDERT_MB) rssBei100Mb = rss
    }
  }
  const beginn = performance.now()
  for await (const meldung of leseGdv(stuecke())) if (meldung.art === 'paketEnde') saetze += meldung.paket.saetze
  const sekunden = (performance.now() - beginn) / 1_000
  return { saetze, sekunden, saetzeJeSekunde: saetze / sekunden, mb: bytes / 1e6, rssBei100Mb: rssBei100Mb / 1e6, rssMb: rss / 1e6 }
}

async function measure(work: () => ReturnType<typeof importNow>, file: string): Promise<Importmessung> {
  let rss = 0
  const uhr = setInterval(() => (rss = Math.max(rss, process.memoryUsage().rss)), 50)
  const beginn = performance.now()
  const { status, zaehler: z, gruende } = await work()
  const sekunden = (performance.now() - beginn) / 1_000
  clearInterval(uhr)
  if (status !== 'FERTIG') throw new Error(`${status} ${JSON.stringify(gruende)}`)
  const vertraege = z['vertraege']!
  const kunden = z['kundenNeu']! + z['kundenUnveraendert']! + z['kundenGeaendert']!
  const [mb, rssMb] = [statSync(file).size / 1e6, rss / 1e6]
  return {
    saetze: z['saetze']!,
    vertraege,
    kunden,
    sekunden,
    saetzeJeSekunde: z['saetze']! / sekunden,
    vertraegeJeSekunde: vertraege / sekunden,
    mb,
    rssMb,
  }
}

async function writeLieferung(file: string, saetze: number): Promise<void> {
  const out = createWriteStream(file)
  const put = async (zeilen: string[]): Promise<void> => {
    if (!out.write(datei(zeilen))) await once(out, 'drain')
  }
  await put([vorsatz('5342', '2026-11-01')])
  const vertraege = Math.floor(saetze / JE_VERTRAG)
  for (let ab = 0; ab < vertraege; ab += 500) await put(Array.from({ length: Math.min(500, vertraege - ab) }, (_, i) => vertrag(ab + i)).flat())
  await put([nachsatz(vertraege * JE_VERTRAG)])
  out.end()
  await finished(out)
}

const VORNAMEN = ['Anna', 'Ben', 'Çelik', 'Jörg', 'Lena', 'Murat', 'Sören', 'Ute']
const NAMEN = ['Müller', 'Schmidt', 'Weiß', 'Yilmaz', 'Groß', 'Kaya', 'Bäcker', 'Öztürk', 'Hoffmann', 'Wagner']

function vertrag(i: number): string[] {
  const k = Math.floor(i / VERTRAEGE_JE_KUNDE)
  const kopf = { vuNummer: '5342', sparte: ['130', '040', '070', '030'][i % 4]!, vsnr: `VS${String(i).padStart(9, '0')}`, agenturnummer: `A${k % 8}` }
  const tag = String((k % 28) + 1).padStart(2, '0')
  return [
    satz('0100.1', kopf, {
      Name1: `${NAMEN[k % 10]!}${String.fromCharCode(97 + (k % 26))}${String.fromCharCode(97 + (Math.floor(k / 26) % 26))}`,
      Name3: VORNAMEN[k % 8]!,
      Geburtsdatum: `${1950 + (k % 55)}-${String((k % 12) + 1).padStart(2, '0')}-${tag}`,
      Adresskennzeichen: '01',
      PLZ: String(10_000 + (k % 89_999)),
      Ort: 'Hamburg',
      Str: `Große Straße ${k}`,
    }),
    satz('0100.2', kopf, { PersonenKundenNrVersicherers: `N${k}` }),
    satz('0200.1', kopf, {
      Vertragsbeginn: `2020-01-${tag}`,
      Vertragsablauf: '2027-01-01',
      Vertragsstatus: '1',
      Zahlungsweise: '1',
      GesbeitragNettoInWE: 5_000 + (i % 9_000),
    }),
    satz('0200.2', kopf, { Produktname: 'Komfort' }),
  ]
}

/** Seconds to write the rows of the Betrieb once more by COPY, nothing else. Every other row of these tables is gone then. */
async function copyRows(url: string, dir: string, betrieb: number): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const tabelle of TABELLEN) await client.query(`ALTER TABLE ${tabelle} NO FORCE ROW LEVEL SECURITY`)
  const files: { tabelle: string; spalten: string; file: string }[] = []
  for (const tabelle of TABELLEN) {
    const { rows } = await client.query<{ name: string }>(
      `SELECT attname AS name FROM pg_attribute WHERE attrelid = '${tabelle}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
    )
    const spalten = rows.map(({ name }) => name).join(', ')
    const file = path.join(dir, `${tabelle}.copy`)
    const auswahl = `SELECT ${spalten} FROM ${tabelle} WHERE betrieb_id = ${betrieb} ORDER BY ${tabelle === 'kundennummer' ? 'nummer' : 'id'}`
    await pipeline(client.query(copyTo(`COPY (${auswahl}) TO STDOUT`)), createWriteStream(file))
    files.push({ tabelle, spalten, file })
  }
  await client.query(`TRUNCATE ${TABELLEN.join(', ')} CASCADE`)
  let sekunden = 0
  for (const { tabelle, spalten, file } of files) {
    const beginn = performance.now()
    await pipeline(createReadStream(file), client.query(copyFrom(`COPY ${tabelle} (${spalten}) FROM STDIN`)))
    sekunden += (performance.now() - beginn) / 1_000
    rmSync(file)
  }
  for (const tabelle of TABELLEN) await client.query(`ALTER TABLE ${tabelle} FORCE ROW LEVEL SECURITY`)
  await client.end()
  return sekunden
}
