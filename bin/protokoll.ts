/** `npm run protokoll`: checks every entry of the protokoll against its chain and the nightly anchors. Ends with 1 where something does not agree. */
import { checkProtokoll } from '../db/protokollpruefung.ts'
import { createDb, createPool } from '../db/verbindung.ts'
import { findErklaerung } from './ansage.ts'
import { openDatenbank } from './datenbank.ts'

const WAS = {
  KETTE: 'wurde verändert, oder ein Eintrag davor fehlt',
  INHALT: 'trägt einen anderen Text als bei der Aufnahme',
  ANKER: 'und früher: Einträge fehlen oder wurden ausgetauscht (Anker der Nacht stimmt nicht)',
} as const

try {
  const datenbank = await openDatenbank(process.env, 'die Prüfung des Protokolls')
  const db = createDb(createPool(datenbank.url, 'owner', { max: 1 }))
  try {
    const { zeilen, anker, fehler } = await checkProtokoll(db)
    console.log(`Geprüft: ${zeilen.toLocaleString('de-DE')} Einträge, ${anker.toLocaleString('de-DE')} Anker`)
    for (const { art, betrieb, nummer } of fehler) console.log(`  Betrieb ${betrieb}, Eintrag ${nummer} ${WAS[art]}`)
    console.log(
      fehler.length === 0
        ? 'Alles stimmt.'
        : 'Das Protokoll stimmt nicht. Vergleichen Sie mit der letzten Sicherung (npm run restore in eine leere Datenbank).',
    )
    if (fehler.length > 0) process.exitCode = 1
  } finally {
    await db.destroy()
    await datenbank.close()
  }
} catch (error) {
  console.error(`Die Prüfung ist nicht gelaufen: ${findErklaerung(error) ?? (error as Error).message}`)
  process.exitCode = 2
}
