/** What the start tells a person. */
import { pfade } from '../web/pfade.ts'
import type { Config } from './config.ts'
import type { Zugaenge } from './einspielen.ts'
import type { Inhaber } from './sperre.ts'

export function describeZugaenge({ publicUrl, demoPassword }: Config, { demo, einrichtung }: Zugaenge): string {
  const zeilen = [`\nAnwendung      ${publicUrl}`]
  if (demo) {
    const bekannt = demoPassword ? 'wie in DEMO_PASSWORD' : demo.passwort
    zeilen.push(`Demo-Zugänge   ${demo.emails.join('\n               ')}`)
    zeilen.push(`Demo-Passwort  ${bekannt ?? 'wurde beim ersten Start gezeigt; ein neues setzt DEMO_PASSWORD=… npm start'}`)
  }
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
  const { name, message, stack, code, path: datei = '' } = error as NodeJS.ErrnoException
  if (['Start', 'Einstellungen', 'Temporal', 'PostgreSQL', 'Migration'].includes(name)) return message
  const platte = code === undefined ? undefined : PLATTE[code]
  return platte ? `${platte} (${datei || message})` : `Der Start ist gescheitert: ${stack ?? message}`
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
