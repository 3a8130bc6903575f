/** What would go wrong is told before anything is begun: room on the disk, a folder of PostgreSQL that is none, or not ours. Reads only. */
import { existsSync, readFileSync, readdirSync, statSync, statfsSync } from 'node:fs'
import path from 'node:path'

/** The embedded PostgreSQL brings this version; its files belong to one. */
const POSTGRES = '18'
/** A first start writes about 120 MB; below this PostgreSQL itself may not be able to stop cleanly. */
const MINDESTENS_MB = 200
const MB = 1e6

/** German, for the person at the terminal; undefined: enough room. `ordner` need not exist yet. */
export function findPlatzmangel(ordner: readonly string[]): string | undefined {
  for (const dir of ordner) {
    const { bavail, bsize } = statfsSync(nearest(dir))
    const frei = Math.floor((bavail * bsize) / MB)
    if (frei < MINDESTENS_MB)
      return `Die Festplatte ist voll: Für ${dir} sind noch ${frei} MB frei, nötig sind ${MINDESTENS_MB} MB. Schaffen Sie Platz (zum Beispiel alte Sicherungen verlegen) und starten Sie erneut. Es wurde nichts verändert.`
  }
  return undefined
}

/** German; undefined: a cluster of ours, or nothing yet. */
export function findClustermangel(dir: string): string | undefined {
  if (!existsSync(dir)) return undefined
  const inhalt = list(dir)
  if (inhalt === undefined) return `Der Ordner der Datenbank (${dir}) ist für dieses Benutzerkonto nicht lesbar. ${RECHTE}`
  if (inhalt.length === 0) return undefined
  const version = path.join(dir, 'PG_VERSION')
  if (!existsSync(version)) return `Im Ordner der Datenbank (${dir}) liegt etwas, aber keine Datenbank: PG_VERSION fehlt. ${SICHERUNG}`
  const besitzer = statSync(version).uid
  const wer = process.getuid?.() ?? besitzer
  // As root PostgreSQL runs as another user, to whom the files belong; root's own they can only be by mistake.
  if (wer === 0 ? besitzer === 0 : besitzer !== wer)
    return `Die Dateien der Datenbank (${dir}) gehören dem falschen Benutzerkonto (Nummer ${besitzer}). ${RECHTE}`
  const gelesen = readFileSync(version, 'utf8').trim()
  if (gelesen !== POSTGRES)
    return `Die Datenbank in ${dir} gehört zu PostgreSQL ${gelesen.slice(0, 20)}, dieses Programm bringt PostgreSQL ${POSTGRES} mit. Sichern Sie mit der früheren Programmversion (npm run backup) und spielen Sie die Sicherung in einen leeren Ordner ein. Es wurde nichts verändert.`
  const fehlt = ['global/pg_control', 'base', 'pg_wal'].find((name) => !existsSync(path.join(dir, name)))
  return fehlt && `Die Datenbank in ${dir} ist beschädigt: ${fehlt} fehlt. ${SICHERUNG}`
}

export const SICHERUNG =
  'Legen Sie diesen Ordner beiseite (umbenennen, nicht löschen) und spielen Sie die letzte Sicherung ein: npm run restore -- DATEI. Es wurde nichts verändert.'
const RECHTE = 'Starten Sie als dasselbe Benutzerkonto wie bisher, oder geben Sie ihm die Dateien zurück (chown -R). Es wurde nichts verändert.'

function nearest(dir: string): string {
  return existsSync(dir) ? dir : nearest(path.dirname(dir))
}

function list(dir: string): string[] | undefined {
  try {
    return readdirSync(dir).filter((name) => name !== 'server.log')
  } catch {
    return undefined
  }
}
