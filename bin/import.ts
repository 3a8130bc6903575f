/** `npm run import -- FILE…`: takes deliveries (GDV, CSV, Excel) into a Betrieb. See import-befehl.ts. */
import { createInterface } from 'node:readline/promises'
import { berlinTag } from '../domain/kalender.ts'
import { createDb, createPool } from '../db/verbindung.ts'
import { findErklaerung } from './ansage.ts'
import { openDatenbank } from './datenbank.ts'
import { runImport } from './import-befehl.ts'

const datenbank = await openDatenbank(process.env, 'der Import').catch((error: Error) => {
  console.error(findErklaerung(error) ?? error.message)
  process.exit(2)
})
const db = createDb(createPool(datenbank.url, 'owner', { max: 2 }))
// npm runs this in the project; files are meant from where they were typed.
process.chdir(process.env['INIT_CWD'] ?? '.')
const terminal = process.stdin.isTTY && process.stdout.isTTY ? createInterface({ input: process.stdin, output: process.stdout }) : undefined
try {
  process.exitCode = await runImport(process.argv.slice(2), {
    db,
    heute: berlinTag(new Date().toISOString()),
    schreibe: (zeile) => console.log(zeile),
    frage: terminal && ((text) => terminal.question(text)),
  })
} catch (error) {
  const grund = findErklaerung(error)
  if (grund === undefined) throw error
  console.error(grund)
  process.exitCode = 2
} finally {
  terminal?.close()
  await db.destroy()
  await datenbank.close()
}
