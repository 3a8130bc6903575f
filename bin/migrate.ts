/** `npm run migrate`: brings the database to the newest shape. Where no real Betrieb is set up yet, prints the key to do it. */
import { migrate } from '../db/migrate.ts'
import { findErklaerung } from './ansage.ts'
import { readConfig } from './config.ts'
import { openDatenbank } from './datenbank.ts'
import { prepareZugaenge } from './einspielen.ts'

try {
  const config = readConfig(process.env)
  const datenbank = await openDatenbank(process.env, 'die Migration')
  try {
    const names = await migrate(datenbank.url, datenbank.secret)
    console.log(names.length > 0 ? `Ausgeführt: ${names.join(', ')}` : 'Die Datenbank ist auf dem neuesten Stand.')
    const { einrichtung } = await prepareZugaenge(datenbank.url, { laden: config.demo ?? false, passwort: config.demoPassword })
    if (einrichtung) console.log(`Betrieb einrichten: ${config.publicUrl}/einrichtung?token=${einrichtung}`)
  } finally {
    await datenbank.close()
  }
} catch (error) {
  console.error(findErklaerung(error) ?? (error as Error).message)
  process.exitCode = 1
}
