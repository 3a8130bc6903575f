/**
 * `npm run security [-- --sekunden 60 --stufe 3 --nur wapiti|sqlmap --rolle Vermittler]`: wapiti and sqlmap against the product with the demo Betrieb, on this machine only,
 * as nobody, as a Vermittler and as the Supervisor. Ends with a table and, where something of medium weight or more was found, with code 1.
 * The tools come from PyPI: found on PATH or in the folder SECURITY_TOOLS.
 */
import { execFile, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { serve } from '@hono/node-server'
import { sql } from 'kysely'
import { startPostgres } from '../../bin/postgres.ts'
import { insertSitzung, openAuthDatabase } from '../../db/anmeldung.ts'
import { seedDemo } from '../../db/demo/demo.ts'
import { migrate } from '../../db/migrate.ts'
import { openWebDatabase } from '../../db/sitzung.ts'
import { type Role, createDb, createPool, roleUrl } from '../../db/verbindung.ts'
import { berlinTag } from '../../domain/kalender.ts'
import { createApp } from '../../web/app.tsx'
import type { Buero, Reihe } from '../support/buero.ts'
import { runNacht } from '../support/nacht.ts'
import { ROUTEN, toAnfrage, type Ziel } from '../support/routen.ts'

const SECRET = 'nur-zum-scannen-und-nirgends-sonst'
const PASSWORT = 'Regen Kante Ofen'
const ROLLEN = { niemand: null, Vermittler: 'vermittler1@demo.example', Supervisor: 'supervisor@demo.example' } as const
/** What asks other machines (ssrf, xxe, log4shell), loads lists from elsewhere (nikto, wapp, htp) or looks for CSRF tokens (we have none: Origin) is left out. */
const MODULE = 'backup,cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,timesql,upload,xss'
/** Would end the scan's own session or take away what is scanned. */
const NICHT = ['/abmelden', '/betrieb/demo', '/profil/passwort', '/mitarbeiter/*/aktiv']
const MITTEL = 2

interface Fund {
  werkzeug: string
  rolle: string
  /** 0 information, 1 low, 2 medium, 3 high, 4 critical. */
  schwere: number
  text: string
}

interface Umgebung {
  origin: string
  sitzung(rolle: keyof typeof ROLLEN): Promise<string | null>
  ziel: Ziel
  /** What was answered since this was last asked: how many requests, how many of them from inside the login, and the application's faults (5xx). */
  takeAntworten(): { alle: number; drin: number; fehler: string[] }
  close(): Promise<void>
}

const { values } = parseArgs({
  options: {
    sekunden: { type: 'string', default: '60' },
    nur: { type: 'string' },
    stufe: { type: 'string', default: '3' },
    rolle: { type: 'string' },
  },
})
const sekunden = Number(values.sekunden)
const werkzeuge = { wapiti: findWerkzeug('wapiti'), sqlmap: findWerkzeug('sqlmap') }
const fehlend = Object.entries(werkzeuge).filter(([name, wo]) => !wo && (values.nur ?? name) === name)
if (fehlend.length > 0) {
  console.error(`Es fehlt: ${fehlend.map(([name]) => name).join(' und ')}. So kommen die Werkzeuge auf diesen Rechner:
  python3 -m venv /tmp/scan && /tmp/scan/bin/pip install wapiti3 sqlmap
  SECURITY_TOOLS=/tmp/scan/bin npm run security`)
  process.exitCode = 2
} else await main()

async function main(): Promise<void> {
  const umgebung = await openUmgebung()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void umgebung.close().then(() => process.exit(1)))
  const funde: Fund[] = []
  const zeilen: Record<string, object> = {}
  try {
    for (const rolle of Object.keys(ROLLEN) as (keyof typeof ROLLEN)[]) {
      if (values.rolle && values.rolle !== rolle) continue
      const cookie = await umgebung.sitzung(rolle)
      if (values.nur !== 'sqlmap') zeilen[`wapiti, ${rolle}`] = await runWapiti(umgebung, rolle, cookie, funde)
      if (values.nur !== 'wapiti') zeilen[`sqlmap, ${rolle}`] = await runSqlmap(umgebung, rolle, cookie, funde)
    }
  } finally {
    await umgebung.close()
  }
  console.table(zeilen)
  for (const { werkzeug, rolle, schwere, text } of funde) console.log(`[${schwere}] ${werkzeug}, ${rolle}: ${text}`)
  const schwer = funde.filter(({ schwere }) => schwere >= MITTEL).length
  console.log(`${version('wapiti')}, ${version('sqlmap')}: ${schwer} Befunde von mittlerer oder höherer Schwere.`)
  process.exitCode = schwer > 0 ? 1 : 0
}

async function runWapiti({ origin, takeAntworten }: Umgebung, rolle: string, cookie: string | null, funde: Fund[]): Promise<object> {
  const dir = mkdtempSync(path.join(tmpdir(), 'vm-wapiti-'))
  const bericht = path.join(dir, 'bericht.json')
  const beginn = performance.now()
  const grenzen = [
    '--max-scan-time',
    String(sekunden * 6),
    '--max-attack-time',
    String(sekunden),
    '--max-links-per-page',
    '80',
    '--max-files-per-dir',
    '40',
    '-d',
    '4',
  ]
  const ausnahmen = NICHT.flatMap((pfad) => ['-x', `${origin}${pfad}`])
  const wer = [...(cookie ? ['-C', `sitzung=${cookie}`] : []), '-H', `Origin: ${origin}`, '-H', 'Sec-Fetch-Site: same-origin']
  const ort = ['--store-session', dir, '--store-config', path.join(dir, 'config')]
  await run(werkzeuge.wapiti!, [
    '-u',
    `${origin}/`,
    '-m',
    MODULE,
    '-S',
    'normal',
    ...grenzen,
    ...ausnahmen,
    ...wer,
    ...ort,
    '-f',
    'json',
    '-o',
    bericht,
    '--no-bugreport',
    '-v',
    '0',
  ])
  const gelesen = JSON.parse(readFileSync(bericht, 'utf8')) as Record<
    'vulnerabilities' | 'anomalies',
    Record<string, { level: number; info: string; path: string; method: string; parameter: string }[]>
  > & { infos: { crawled_pages_nbr: number } }
  rmSync(dir, { recursive: true })
  const neu = [gelesen.vulnerabilities, gelesen.anomalies].flatMap((art) =>
    Object.entries(art).flatMap(([name, liste]) =>
      liste.map((f) => ({ werkzeug: 'wapiti', rolle, schwere: f.level, text: `${name}: ${f.info} (${f.method} ${f.path}, ${f.parameter})` })),
    ),
  )
  const { alle, drin, fehler } = takeAntworten()
  if (cookie && drin < alle / 2) throw new Error(`wapiti war als ${rolle} nicht angemeldet: ${drin} von ${alle} Anfragen.`)
  funde.push(...neu, ...toFunde('wapiti', rolle, fehler))
  return { Seiten: gelesen.infos.crawled_pages_nbr, Anfragen: alle, 'davon angemeldet': drin, Sekunden: seit(beginn), Befunde: neu.length }
}

/** Every form and every number of an address, one request after the other. */
async function runSqlmap({ origin, ziel, takeAntworten }: Umgebung, rolle: string, cookie: string | null, funde: Fund[]): Promise<object> {
  const beginn = performance.now()
  let fertig = 0
  let abgebrochen = 0
  for (const name of Object.keys(ROUTEN)) {
    const { darf, datei } = ROUTEN[name]!
    const { methode, pfad, form } = toAnfrage(name, ziel)
    const sieht = { niemand: ['OFFEN'], Vermittler: ['PERSON', 'BESTAND'], Supervisor: ['LEITUNG', 'VORGESETZT'] }[rolle]!
    const suchbar = methode === 'GET' && pfad === '/kunden' ? '/kunden?q=a*' : pfad.replace(/(?<=\/)\d+(?=\/|$)/, '$&*')
    const koerper = form && Object.keys(form).length > 0 ? new URLSearchParams(form).toString() : undefined
    if (!sieht.includes(darf) || datei || NICHT.some((nicht) => path.matchesGlob(pfad, nicht)) || !(koerper ?? /[*?]/.test(suchbar))) continue
    const dir = mkdtempSync(path.join(tmpdir(), 'vm-sqlmap-'))
    const anfrage = path.join(dir, 'anfrage.txt')
    writeFileSync(anfrage, toText(methode, suchbar, origin, cookie, koerper))
    const aus = ['--batch', '--disable-coloring', '--flush-session', '--output-dir', dir, '--skip', 'sitzung']
    const wie = ['--level', values.stufe, '--risk', '1', '--technique', 'BEUSQ', '--dbms', 'PostgreSQL', '--ignore-code', '*', '--threads', '1']
    const text = await run(werkzeuge.sqlmap!, ['-r', anfrage, ...aus, ...wie], sekunden * 1000)
    rmSync(dir, { recursive: true })
    console.log(`sqlmap, ${rolle}: ${fertig + abgebrochen + 1}. ${methode} ${pfad}, nach ${seit(beginn)} s`)
    if (/all tested parameters do not appear to be injectable/.test(text)) fertig++
    else abgebrochen++
    if (/identified the following injection point/.test(text))
      funde.push({ werkzeug: 'sqlmap', rolle, schwere: 4, text: `${name}: ${text.slice(-800)}` })
  }
  const { alle, drin, fehler } = takeAntworten()
  if (cookie && drin < alle / 2) throw new Error(`sqlmap war als ${rolle} nicht angemeldet: ${drin} von ${alle} Anfragen.`)
  funde.push(...toFunde('sqlmap', rolle, fehler))
  const adressen = { Adressen: fertig + abgebrochen, 'ganz geprüft': fertig, 'an der Zeitgrenze': abgebrochen }
  return { ...adressen, Anfragen: alle, 'davon angemeldet': drin, Sekunden: seit(beginn) }
}

function toText(methode: string, pfad: string, origin: string, cookie: string | null, koerper: string | undefined): string {
  const kopf = [
    `${methode} ${pfad} HTTP/1.1`,
    `Host: ${new URL(origin).host}`,
    `Origin: ${origin}`,
    'Sec-Fetch-Site: same-origin',
    ...(cookie ? [`Cookie: sitzung=${cookie}`] : []),
    ...(koerper === undefined ? [] : ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${koerper.length}`]),
  ]
  return `${kopf.join('\r\n')}\r\n\r\n${koerper ?? ''}`
}

/** An answer 5xx is a fault of the application, whatever the tool makes of it. */
function toFunde(werkzeug: string, rolle: string, fehler: string[]): Fund[] {
  return fehler.map((text) => ({ werkzeug, rolle, schwere: 3, text: `Fehler der Anwendung: ${text}` }))
}

async function openUmgebung(): Promise<Umgebung> {
  const base = process.getuid?.() === 0 ? '/var/lib/vorgangsmanagement' : tmpdir()
  mkdirSync(base, { recursive: true, mode: 0o755 })
  const dir = mkdtempSync(path.join(base, 'scan-'))
  chmodSync(dir, 0o755)
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres'), password: SECRET })
  await migrate(postgres.url, SECRET)
  const url = (role: Role): string => roleUrl(postgres.url, role, SECRET)
  const owner = createDb(createPool(postgres.url, 'owner', { max: 3 }))
  const worker = createDb(createPool(url('vm_worker'), 'vm_worker', { max: 3 }))
  const heute = berlinTag(new Date().toISOString())
  await seedDemo(owner, { heute, passwort: PASSWORT, logins: true })
  await runNacht(worker, heute)
  const [web, auth] = [openWebDatabase(url('vm_web')), openAuthDatabase(url('vm_auth'))]
  // Of each kind of fault the first address; its number is another one each time.
  const nichts = () => ({ alle: 0, drin: 0, fehler: new Map<string, unknown>() })
  let antworten = nichts()
  const log = {
    info: () => undefined,
    error: ({ pfad, ...eintrag }: { pfad?: unknown }) => {
      const art = JSON.stringify({ ...eintrag, fehler: undefined })
      if (!antworten.fehler.has(art)) antworten.fehler.set(art, pfad)
    },
  }
  const server = await new Promise<{ ende: () => void; origin: string }>((resolve) => {
    const gestartet = serve({ fetch: (anfrage, env) => answer(anfrage, env), port: 0, hostname: '127.0.0.1' }, ({ port }: AddressInfo) =>
      resolve({ ende: () => gestartet.close(), origin: `http://127.0.0.1:${port}` }),
    )
  })
  const config = { publicUrl: server.origin, sessionSecret: SECRET, mailSending: false, version: 'scan' }
  const app = createApp({ web, auth, config, now: () => new Date(), log })
  async function answer(anfrage: Request, env: object): Promise<Response> {
    const antwort = await app.fetch(anfrage, env)
    antworten.alle++
    if (anfrage.headers.has('Cookie') && antwort.status !== 401 && !antwort.headers.get('Location')?.startsWith('/anmelden')) antworten.drin++
    return antwort
  }
  return {
    origin: server.origin,
    ziel: await findZiel(),
    sitzung: async (rolle) => {
      const email = ROLLEN[rolle]
      if (!email) return null
      const { anmeldung_id } = await owner.selectFrom('vermittler').select('anmeldung_id').where('email', '=', email).executeTakeFirstOrThrow()
      return insertSitzung(auth, anmeldung_id!)
    },
    takeAntworten: () => {
      const bisher = antworten
      antworten = nichts()
      return { ...bisher, fehler: [...bisher.fehler].map(([art, pfad]) => `${String(pfad)} ${art}`) }
    },
    close: async () => {
      server.ende()
      await Promise.all([web.close(), auth.destroy(), owner.destroy(), worker.destroy()])
      await postgres.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }

  /** Rows of the demo Betrieb for the table of routes: the Vermittler's own first ones. */
  async function findZiel(): Promise<Ziel> {
    const { rows } = await sql<Reihe & { betrieb: number; kollege: number }>`
      SELECT v.betrieb_id AS betrieb, v.id AS vermittler, f.kunde_id AS kunde, f.id AS fall, f.id AS dokumentiert, f.id AS gesperrt, 1 AS vorgang, 1 AS mail, 1 AS vertrag, 1 AS abweichung,
        (SELECT id FROM vermittler WHERE email = 'vermittler2@demo.example') AS kollege
      FROM vermittler v JOIN fall f ON f.vermittler_id = v.id WHERE v.email = ${ROLLEN.Vermittler} ORDER BY f.id LIMIT 1`.execute(owner)
    const { betrieb, kollege, ...reihe } = rows[0]!
    const mensch = (email: string, id: number) => ({ id, email, token: '' })
    const [anna, ben] = [mensch(ROLLEN.Vermittler, reihe.vermittler), mensch('vermittler2@demo.example', kollege)]
    const buero = {
      name: '',
      betrieb,
      anna,
      ben,
      karin: anna,
      weg: ben,
      reihen: { anna: reihe, ben: reihe },
      import: 1,
      quarantaene: 1,
      gescheitert: 1,
      quelle: 1,
      haushaltsfrage: 1,
      zweifel: 1,
      nachtlauf: 1,
      altbestand: 1,
      link: 'x',
    }
    return { buero: buero satisfies Buero, reihe }
  }
}

/** What the program said, also where it ended badly or was stopped at its time. */
function run(programm: string, args: string[], timeout = 0): Promise<string> {
  return new Promise((resolve) => execFile(programm, args, { timeout, maxBuffer: 64 * 1024 * 1024 }, (_, stdout, stderr) => resolve(stdout + stderr)))
}

function findWerkzeug(name: string): string | undefined {
  const ordner = [process.env['SECURITY_TOOLS'], ...(process.env['PATH'] ?? '').split(path.delimiter)]
  return ordner
    .filter((wo) => wo !== undefined)
    .map((wo) => path.join(wo, name))
    .find((datei) => existsSync(datei))
}

function version(name: keyof typeof werkzeuge): string {
  const wo = werkzeuge[name]
  const text = wo ? spawnSync(wo, ['--version'], { encoding: 'utf8' }).stdout : 'nicht da'
  return `${name} ${/\d+\.\d+[\d.]*/.exec(text)?.[0] ?? text.trim()}`
}

function seit(beginn: number): number {
  return Math.round((performance.now() - beginn) / 1000)
}
