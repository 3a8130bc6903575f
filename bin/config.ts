/** Settings from the environment: read once, everything wrong told at once, then handed down as one value. */
import path from 'node:path'
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig'
import { type Variable, VARIABLEN } from './variablen.ts'

export interface Config {
  port: number
  host: string
  /** Origin people type; without a trailing slash. */
  publicUrl: string
  /** As the owner of the database; undefined: the embedded one. */
  databaseUrl: string | undefined
  /** Undefined: the embedded server. */
  temporal: ClientConnectConfig | undefined
  /** Undefined: made at the first start and kept in `dataDir`. */
  sessionSecret: string | undefined
  /** Undefined: on with the embedded database while no Betrieb is in it. */
  demo: boolean | undefined
  /** Undefined: random, printed once. */
  demoPassword: string | undefined
  /** Undefined: mails are put aside and shown under Postausgang. */
  resend: { apiKey: string; baseUrl?: string; from: string } | undefined
  /** Where the worker shows its metrics; undefined: nowhere. */
  metrics: { port: number; host: string } | undefined
  drainSeconds: number
  /** With its namespace; undefined: nobody said where it is. */
  temporalUi: string | undefined
  /** 'HH:MM' in Europe/Berlin, never between 2 and 3 h. */
  nightAt: string
  bundesland: string
  /** Absolute. */
  dataDir: string
  /** What `reportConfig` prints; secrets are masked already. */
  quellen: readonly Quelle[]
}

export interface Quelle {
  name: string
  wert: string
  quelle: 'Umgebung' | 'Voreinstellung' | 'abgeleitet' | 'nicht gesetzt'
}

type Env = Readonly<Record<string, string | undefined>>
type Noetig = 'databaseUrl' | 'sessionSecret' | 'temporal'
type Gelesen = { [N in keyof typeof VARIABLEN]: ReturnType<(typeof VARIABLEN)[N]['lies']> | undefined }

const NAMEN: Record<Noetig, { name: string; zweck: string }> = {
  databaseUrl: { name: 'DATABASE_URL', zweck: VARIABLEN.DATABASE_URL.zweck },
  sessionSecret: { name: 'SESSION_SECRET', zweck: VARIABLEN.SESSION_SECRET.zweck },
  temporal: { name: 'TEMPORAL_ADDRESS', zweck: 'Adresse des Temporal-Servers, zum Beispiel 127.0.0.1:7233' },
}
const ROOT = path.join(import.meta.dirname, '..')
const GEHEIM = /KEY|SECRET|TOKEN|DATA/
const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/

/** Throws one Error (name `Einstellungen`) whose message lists in German everything that is wrong. `noetig`: what the process cannot do without. */
export function readConfig<N extends Noetig = never>(env: Env, noetig: readonly N[] = []): Config & { [K in N]: NonNullable<Config[K]> } {
  const fehler: string[] = []
  const quellen: Quelle[] = []
  const v = readVariablen(env, fehler, quellen)
  const { temporal, quellen: temporalQuellen } = readTemporal(env, fehler)

  const publicUrl = v.PUBLIC_URL ?? `http://localhost:${v.PORT ?? 3000}`
  const config: Config = {
    port: v.PORT ?? 3000,
    host: v.HOST ?? '127.0.0.1',
    publicUrl,
    databaseUrl: v.DATABASE_URL,
    temporal,
    sessionSecret: v.SESSION_SECRET,
    demo: v.DEMO,
    demoPassword: v.DEMO_PASSWORD,
    resend:
      v.RESEND_API_KEY && v.MAIL_FROM
        ? { apiKey: v.RESEND_API_KEY, from: v.MAIL_FROM, ...(v.RESEND_BASE_URL && { baseUrl: v.RESEND_BASE_URL }) }
        : undefined,
    metrics: v.METRICS_PORT === undefined ? undefined : { port: v.METRICS_PORT, host: v.METRICS_HOST ?? '127.0.0.1' },
    drainSeconds: v.DRAIN_SECONDS ?? 0,
    temporalUi: v.TEMPORAL_UI_URL,
    nightAt: v.NIGHT_AT ?? '04:10',
    bundesland: v.BUNDESLAND ?? 'NW',
    dataDir: path.resolve(ROOT, v.DATA_DIR ?? '.data'),
    quellen: [
      ...quellen.map((eine) => (eine.name === 'PUBLIC_URL' && !v.PUBLIC_URL ? { ...eine, wert: publicUrl, quelle: 'abgeleitet' as const } : eine)),
      ...temporalQuellen,
    ],
  }
  fehler.push(
    ...findConflicts(config, v),
    ...noetig
      .filter((feld) => !config[feld] && !isNamed(fehler, NAMEN[feld].name))
      .map((feld) => `${NAMEN[feld].name} fehlt. Zweck: ${NAMEN[feld].zweck}.`),
  )
  if (fehler.length > 0)
    throw Object.assign(new Error(`Diese Einstellungen stimmen nicht:\n${fehler.map((eine) => `  ${eine}`).join('\n')}`), { name: 'Einstellungen' })
  return config as Config & { [K in N]: NonNullable<Config[K]> }
}

/** One line per setting: name, value (secrets masked), where it came from. */
export function reportConfig({ quellen }: Config): string[] {
  const breite = Math.max(...quellen.map(({ name }) => name.length))
  return quellen.map(({ name, wert, quelle }) => `${name.padEnd(breite)}  ${wert || '–'}  (${quelle})`)
}

function readVariablen(env: Env, fehler: string[], quellen: Quelle[]): Gelesen {
  const eintraege = Object.entries(VARIABLEN).map(([name, variable]: [string, Variable<unknown>]) => {
    // An empty value is what a compose file writes for "not set".
    const gesetzt = env[name]?.trim() || undefined
    const text = gesetzt ?? variable.voreinstellung
    quellen.push({
      name,
      wert: text === undefined ? (variable.sonst ?? '') : mask(text, variable),
      quelle: gesetzt ? 'Umgebung' : text === undefined ? 'nicht gesetzt' : 'Voreinstellung',
    })
    if (text === undefined) return [name, undefined]
    try {
      return [name, variable.lies(text)]
    } catch {
      fehler.push(
        `${name}: ${variable.geheim ? 'Der Wert' : `„${mask(text, variable)}“`} geht nicht. Erwartet: ${variable.regel}. Zweck: ${variable.zweck}.`,
      )
      return [name, undefined]
    }
  })
  return Object.fromEntries(eintraege) as Gelesen
}

/** Only what the environment names: a developer's own `temporal.toml` must not lead an office's Fälle to another server. */
function readTemporal(env: Env, fehler: string[]): { temporal: ClientConnectConfig | undefined; quellen: Quelle[] } {
  const gesetzt = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[0].startsWith('TEMPORAL_') && !(entry[0] in VARIABLEN) && Boolean(entry[1]),
  )
  const quellen: Quelle[] = gesetzt.map(([name, wert]) => ({ name, wert: GEHEIM.test(name) ? '***' : wert, quelle: 'Umgebung' }))
  const gemeint = gesetzt.some(([name]) => ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'].includes(name))
  if (!gemeint)
    return { temporal: undefined, quellen: [...quellen, { name: 'TEMPORAL_ADDRESS', wert: 'eingebetteter Server', quelle: 'nicht gesetzt' }] }
  try {
    const disableFile = !env['TEMPORAL_PROFILE'] && !env['TEMPORAL_CONFIG_FILE']
    const temporal = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(gesetzt), disableFile })
    if (!temporal.connectionOptions.address)
      fehler.push('TEMPORAL_ADDRESS fehlt: Das gewählte Profil nennt keine Adresse. Zweck: Adresse des Temporal-Servers.')
    return { temporal, quellen }
  } catch (error) {
    fehler.push(
      `TEMPORAL_…: Die Verbindung zu Temporal ist nicht lesbar (${(error as Error).message}). Zweck: Adresse, Namespace und Schlüssel des Temporal-Servers.`,
    )
    return { temporal: undefined, quellen }
  }
}

function findConflicts({ host, publicUrl, nightAt }: Config, v: Gelesen): string[] {
  const nurMit = (text: string, stimmt: boolean): string[] => (stimmt ? [] : [text])
  return [
    ...nurMit(
      `HOST: „${host}“ ist von anderen Rechnern aus erreichbar. Dafür muss PUBLIC_URL mit https:// beginnen (Proxy mit Zertifikat), sonst verwirft der Browser die Anmeldung.`,
      LOOPBACK.test(host) || publicUrl.startsWith('https://'),
    ),
    ...nurMit('MAIL_FROM fehlt. Zweck: Absender der Mails; mit RESEND_API_KEY nötig.', !v.RESEND_API_KEY || v.MAIL_FROM !== undefined),
    ...nurMit(
      `NIGHT_AT: „${nightAt}“ geht nicht. Zwischen 02:00 und 03:00 gibt es diese Zeit bei der Zeitumstellung doppelt oder gar nicht.`,
      !nightAt.startsWith('02:'),
    ),
  ]
}

function isNamed(fehler: readonly string[], name: string): boolean {
  return fehler.some((eine) => eine.startsWith(name))
}

function mask(text: string, { geheim }: Variable<unknown>): string {
  return geheim ? '***' : text.replace(/:[^:@/]+@/, ':***@')
}
