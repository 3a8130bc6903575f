/** `npm run restore -- FILE [--ersetzen]`: a backup into an empty database; with --ersetzen into one that holds data, which is backed up first. */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { checkSicherung, isEmpty, isInUse, restoreSicherung } from '../db/wiederherstellung.ts'
import { writeSicherung } from '../db/sicherung.ts'
import { findErklaerung } from './ansage.ts'
import { openDatenbank } from './datenbank.ts'

const AUFRUF = 'Aufruf: npm run restore -- DATEI [--ersetzen]'

try {
  await main()
} catch (error) {
  console.error(`Nicht wiederhergestellt: ${findErklaerung(error) ?? (error as Error).message}`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { ersetzen: { type: 'boolean', default: false } } })
  const [named] = positionals
  if (!named || positionals.length > 1) throw new Error(AUFRUF)
  const datei = path.resolve(process.env['INIT_CWD'] ?? '.', named)
  const { kopf, zeilen } = await checkSicherung(datei)
  console.log(`Sicherung vom ${new Date(kopf.am).toLocaleString('de-DE', { timeZone: 'Europe/Berlin' })}: vollständig lesbar, ${sum(zeilen)} Zeilen.`)

  // A new machine has no database yet.
  const datenbank = await openDatenbank(process.env, 'die Wiederherstellung', { anlegen: true })
  try {
    if (await isInUse(datenbank.url)) throw new Error('Anwendung oder Worker laufen noch. Beenden Sie sie zuerst.')
    if (!(await isEmpty(datenbank.url))) {
      if (!values.ersetzen) throw new Error('In der Datenbank stehen schon Daten. Mit --ersetzen werden sie ersetzt (und vorher gesichert).')
      const vorher = path.join(path.dirname(datei), `vor-wiederherstellung-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}Z.gz`)
      await writeSicherung(datenbank.url, vorher)
      console.log(`Die bisherigen Daten sind gesichert: ${vorher}`)
    }
    const { ungewiss } = await restoreSicherung(datenbank.url, datenbank.secret, datei)
    console.log(`Wiederhergestellt und gezählt: ${sum(zeilen)} Zeilen. Alle müssen sich neu anmelden.`)
    if (ungewiss > 0) console.log(`${ungewiss} Mails warteten auf den Versand und gelten jetzt als ungewiss: siehe Postausgang.`)
    console.log('Beim nächsten Start gleicht sich Temporal von selbst an.')
  } finally {
    await datenbank.close()
  }
}

function sum(zeilen: Record<string, number>): string {
  return Object.values(zeilen)
    .reduce((a, b) => a + b, 0)
    .toLocaleString('de-DE')
}
