/** `npm run backup [-- FILE]`: the whole database into one file. People may go on working meanwhile. */
import { chmodSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { writeSicherung } from '../db/sicherung.ts'
import { groesse } from '../web/importe/worte.ts'
import { findErklaerung } from './ansage.ts'
import { readConfig } from './config.ts'
import { openDatenbank } from './datenbank.ts'

try {
  const { dataDir } = readConfig(process.env)
  const datei = fileFor(process.argv[2], dataDir)
  const datenbank = await openDatenbank(process.env, 'die Sicherung')
  try {
    const { bytes, zeilen } = await writeSicherung(datenbank.url, datei)
    const summe = Object.values(zeilen).reduce((a, b) => a + b, 0)
    console.log(`Gesichert: ${summe.toLocaleString('de-DE')} Zeilen aus ${Object.keys(zeilen).length} Tabellen, ${groesse(bytes)}`)
    console.log(`  ${datei}`)
    console.log('Die Datei enthält Kundendaten. Bewahren Sie sie verschlüsselt und nicht auf demselben Rechner auf.')
  } finally {
    await datenbank.close()
  }
} catch (error) {
  console.error(`Die Sicherung ist nicht entstanden: ${findErklaerung(error) ?? (error as Error).message}`)
  process.exitCode = 1
}

function fileFor(named: string | undefined, dataDir: string): string {
  // npm runs this in the project; what was typed is meant from where it was typed.
  if (named) return path.resolve(process.env['INIT_CWD'] ?? '.', named)
  const dir = path.join(dataDir, 'sicherungen')
  mkdirSync(dir, { recursive: true })
  chmodSync(dir, 0o700)
  return path.join(dir, `vorgangsmanagement-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}Z.gz`)
}
