/** `npm run import -- FILE…`: takes GDV deliveries into a Betrieb. See import-befehl.ts. */
import { createInterface } from 'node:readline/promises'
import { berlinTag } from '../domain/kalender.ts'
import { createDb, createPool } from '../db/verbindung.ts'
import { runImport } from './import-befehl.ts'

const adresse = process.env.DATABASE_URL
if (!adresse) {
  console.error('DATABASE_URL fehlt: die Adresse der Datenbank, in die importiert werden soll.')
  process.exit(2)
}
const db = createDb(createPool(adresse, 'owner', { max: 2 }))
const terminal = process.stdin.isTTY && process.stdout.isTTY ? createInterface({ input: process.stdin, output: process.stdout }) : undefined
try {
  process.exitCode = await runImport(process.argv.slice(2), {
    db,
    heute: berlinTag(new Date().toISOString()),
    schreibe: (zeile) => console.log(zeile),
    frage: terminal && ((text) => terminal.question(text)),
  })
} finally {
  terminal?.close()
  await db.destroy()
}
