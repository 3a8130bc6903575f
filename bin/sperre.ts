/** One start per data folder at a time. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { german } from './ansage.ts'
import { isBeschaedigt, sqliteCode } from './sqlite.ts'

export interface Sperre {
  release(): void
}

/** Who holds the lock, as far as it is known. */
export interface Inhaber {
  pid: number
  /** ISO 8601. */
  seit: string
  /** What it does, in German ("der Start"). */
  wofuer: string
  url?: string
}

/**
 * Takes the lock, or says who has it. It is the operating system's lock on a file, by way of SQLite (Node itself has none):
 * it ends with its process, however that ends, so nothing stale is left to judge by process numbers.
 * What hinders it is thrown as the file system would say it (`code`, `path`), a broken file in German.
 */
export function lock(dir: string, inhaber: Omit<Inhaber, 'pid' | 'seit'>, seit = new Date()): Sperre | Partial<Inhaber> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const file = path.join(dir, 'sperre.db')
  const note = path.join(dir, 'sperre.json')
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file, { timeout: 0 })
    db.exec('PRAGMA journal_mode = off; BEGIN EXCLUSIVE')
  } catch (error) {
    db?.close()
    if (sqliteCode(error) === SQLITE_BUSY) return readNote(note)
    if (isBeschaedigt(error))
      throw german(`Die Sperrdatei ${file} ist beschädigt: Löschen Sie sie, wenn nichts mehr läuft. Es wurde nichts verändert.`)
    throw Object.assign(error as Error, { code: DATEISYSTEM[sqliteCode(error)], path: file })
  }
  writeFileSync(note, JSON.stringify({ pid: process.pid, seit: seit.toISOString(), ...inhaber } satisfies Inhaber), { mode: 0o600 })
  return {
    release: () => {
      rmSync(note, { force: true })
      db.close()
    },
  }
}

export function isHeld(result: Sperre | Partial<Inhaber>): result is Sperre {
  return 'release' in result
}

const SQLITE_BUSY = 5
/** SQLITE_READONLY, SQLITE_FULL, SQLITE_CANTOPEN. */
const DATEISYSTEM: Record<number, string> = { 8: 'EACCES', 13: 'ENOSPC', 14: 'EACCES' }

function readNote(file: string): Partial<Inhaber> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Inhaber
  } catch {
    return {}
  }
}
