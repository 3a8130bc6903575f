/** The installation's secrets, made at the first start and kept in the data folder, readable by its owner only. */
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface Geheimnisse {
  /** SESSION_SECRET unless the environment names one. */
  session: string
  /** Password of the embedded database. */
  postgres: string
  /** The demo Betrieb was loaded once: it does not come back by itself after it was removed. */
  demoGeladen?: true
}

/** Throws when the file is there but not readable: new secrets would lock out the old database. */
export function loadGeheimnisse(dir: string): Geheimnisse & { neu: boolean } {
  const file = path.join(dir, 'geheimnisse.json')
  if (!existsSync(file)) {
    const neu = { session: secret(), postgres: secret() }
    saveGeheimnisse(dir, neu)
    return { ...neu, neu: true }
  }
  const gelesen = parse(readFileSync(file, 'utf8'))
  if (!gelesen)
    throw Object.assign(
      new Error(
        `Die Datei mit den Geheimnissen ist beschädigt: ${file}. Spielen Sie sie aus einer Kopie zurück. Gibt es keine, benennen Sie sie um und starten erneut: Dann entstehen neue Geheimnisse, die Daten bleiben erhalten, und alle melden sich neu an. Es wurde nichts verändert.`,
      ),
      { name: 'Start' },
    )
  chmodSync(file, 0o600)
  return { ...gelesen, neu: false }
}

function parse(text: string): Geheimnisse | undefined {
  try {
    const { session, postgres, demoGeladen } = JSON.parse(text) as Partial<Geheimnisse>
    return typeof session === 'string' && session.length >= 32 && typeof postgres === 'string' && postgres !== ''
      ? { session, postgres, ...(demoGeladen && { demoGeladen }) }
      : undefined
  } catch {
    return undefined
  }
}

export function saveGeheimnisse(dir: string, { session, postgres, demoGeladen }: Geheimnisse): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const file = path.join(dir, 'geheimnisse.json')
  // Never half written: whoever loses this file loses access.
  writeFileSync(`${file}.neu`, `${JSON.stringify({ session, postgres, ...(demoGeladen && { demoGeladen }) }, null, 2)}\n`, {
    mode: 0o600,
    flush: true,
  })
  renameSync(`${file}.neu`, file)
}

/** Three groups of four, easily read aloud: 60 bits. */
export function newPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789x'
  const text = [...randomBytes(12)].map((byte) => letters[byte % letters.length]).join('')
  return text.match(/.{4}/g)!.join('-')
}

export function secret(): string {
  return randomBytes(32).toString('base64url')
}
