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
  chmodSync(file, 0o600)
  return { ...(JSON.parse(readFileSync(file, 'utf8')) as Geheimnisse), neu: false }
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
