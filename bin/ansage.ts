/** What the start tells a person. */
import { pfade } from '../web/pfade.ts'
import type { Config } from './config.ts'
import type { Zugaenge } from './einspielen.ts'
import type { Inhaber } from './sperre.ts'

export function describeZugaenge({ publicUrl, demoPassword, demo: gewuenscht }: Config, { demo, einrichtung }: Zugaenge): string {
  const zeilen = [`\nAnwendung      ${publicUrl}`]
  if (demo) {
    const bekannt = demoPassword ? 'wie in DEMO_PASSWORD' : demo.passwort
    zeilen.push(`Demo-Zugänge   ${demo.emails.join('\n               ')}`)
    zeilen.push(`Demo-Passwort  ${bekannt ?? 'wurde beim ersten Start gezeigt; ein neues setzt DEMO_PASSWORD=… npm start'}`)
  }
  if (gewuenscht && !demo) zeilen.push('Demo-Betrieb   nicht geladen: Ihn gibt es nur in einer leeren Datenbank, und hier steht schon ein Betrieb')
  if (einrichtung) {
    zeilen.push('Eigenen Betrieb einrichten (die Adresse gilt einmal, bis zum nächsten Start)')
    zeilen.push(`               ${publicUrl}${pfade.einrichtung()}?token=${einrichtung}`)
  }
  return `${zeilen.join('\n')}\n`
}

export function describeInhaber({ wofuer = 'ein anderer Vorgang', pid, seit, url }: Partial<Inhaber>): string {
  const details = [pid && `Prozess ${pid}`, seit && `seit ${new Date(seit).toLocaleString('de-DE', { timeZone: 'Europe/Berlin' })}`].filter(Boolean)
  const wo = url ? ` Die Anwendung ist unter ${url} zu erreichen.` : ''
  return `Hier läuft schon ${wofuer}${details.length > 0 ? ` (${details.join(', ')})` : ''}.${wo} Es wurde nichts verändert.`
}

export function describePort(code: string, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} ist belegt. Beenden Sie das andere Programm, oder wählen Sie einen anderen Port: PORT=${port + 1} npm start`
  if (code === 'EACCES') return `Port ${port} darf hier nicht benutzt werden. Wählen Sie einen ab 1024: PORT=3000 npm start`
  return `HOST: Auf „${host}“ kann dieser Rechner nicht lauschen (${code}).`
}

/** An error whose message is for the person at the terminal. */
export function german(text: string): Error {
  return Object.assign(new Error(text), { name: 'Start' })
}

export function readable(error: unknown): string {
  const { stack, message } = error as Error
  return findErklaerung(error) ?? `Der Start ist gescheitert: ${stack ?? message}`
}

/** What is wrong outside of the program and what helps, in German; undefined: nobody foresaw it. */
export function findErklaerung(error: unknown): string | undefined {
  const { name, message, code = '', path: datei = '' } = error as NodeJS.ErrnoException
  if (['Start', 'Einstellungen', 'Temporal', 'PostgreSQL', 'Migration'].includes(name)) return message
  const platte = PLATTE[code]
  return platte ? `${platte} (${datei || message})` : DATENBANK[code]?.(error as Verbindungsfehler)
}

/** As Node's net and dns (one for each address of a name, as `errors`) and PostgreSQL throw it. */
interface Verbindungsfehler {
  address?: string
  port?: number
  hostname?: string
  errors?: Verbindungsfehler[]
}

const DATENBANK: Record<string, (error: Verbindungsfehler) => string> = {
  ECONNREFUSED: describeUnerreichbar,
  ETIMEDOUT: describeUnerreichbar,
  EHOSTUNREACH: describeUnerreichbar,
  ENOTFOUND: describeUnbekannt,
  EAI_AGAIN: describeUnbekannt,
  // SQLSTATE invalid_password, invalid_catalog_name.
  '28P01': () => 'PostgreSQL weist den Benutzer oder das Kennwort ab. Prüfen Sie beides in DATABASE_URL.',
  '3D000': () => 'Die Datenbank gibt es auf dem PostgreSQL-Server nicht. Legen Sie sie an, oder prüfen Sie ihren Namen in DATABASE_URL.',
}

function describeUnbekannt({ hostname }: Verbindungsfehler): string {
  return `Der Rechner „${hostname}“ der Datenbank ist nicht zu finden. Prüfen Sie DATABASE_URL.`
}

function describeUnerreichbar(error: Verbindungsfehler): string {
  const { address, port } = error.errors?.[0] ?? error
  return `PostgreSQL antwortet nicht${address ? ` (${address}, Port ${port})` : ''}. Prüfen Sie, ob der Server läuft und ob DATABASE_URL stimmt.`
}

const RECHTE =
  'In diesen Ordner darf nicht geschrieben werden. Starten Sie als dasselbe Benutzerkonto wie bisher, oder wählen Sie mit DATA_DIR einen anderen Ordner'
const DATEI = 'Hier liegt eine Datei, wo ein Ordner sein muss. Benennen Sie sie um, oder wählen Sie mit DATA_DIR einen anderen Ordner'
const PLATTE: Record<string, string> = {
  ENOSPC: 'Die Festplatte ist voll. Schaffen Sie Platz und starten Sie erneut',
  EROFS: 'Auf diese Platte darf nicht geschrieben werden. Wählen Sie mit DATA_DIR einen anderen Ordner',
  EACCES: RECHTE,
  EPERM: RECHTE,
  EEXIST: DATEI,
  ENOTDIR: DATEI,
}
