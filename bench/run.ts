/** `npm run bench [-- relay dokumentieren …]`: ratios within one run, as a table and as bench/ergebnis.json. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { startAufraeumer } from '../bin/aufraeumer.ts'
import { benchAbgleich } from './abgleich.ts'
import { benchAnmeldung } from './anmeldung.ts'
import { benchDauer } from './dauer.ts'
import { benchDokumentieren } from './dokumentieren.ts'
import { benchImporte } from './importe.ts'
import { benchListe } from './liste.ts'
import { benchNacht } from './nacht.ts'
import { benchNachtklicks } from './nachtklicks.ts'
import { benchRelay } from './relay.ts'
import { benchStart } from './start.ts'
import { benchVorschau } from './vorschau.ts'
import { type Umgebung, openUmgebung } from './umgebung.ts'
import { benchWiedervorlagen } from './wiedervorlagen.ts'

const TEILE = {
  relay: benchRelay,
  dokumentieren: benchDokumentieren,
  importe: benchImporte,
  nacht: benchNacht,
  liste: benchListe,
  vorschau: benchVorschau,
  wiedervorlagen: benchWiedervorlagen,
  abgleich: benchAbgleich,
  nachtklicks: benchNachtklicks,
  start: benchStart,
  anmeldung: benchAnmeldung,
}
/** Half an hour by itself: only by name. */
const LANGE = { dauer: benchDauer }

// Ended hard, nobody here could stop the servers any more.
const aufraeumer = startAufraeumer()
process.env['TESTLAUF'] = aufraeumer.lauf

const gewaehlt = process.argv.slice(2)
const teile = Object.entries({ ...TEILE, ...LANGE }).filter(([name]) => (gewaehlt.length > 0 ? gewaehlt.includes(name) : name in TEILE))
const ergebnis: Record<string, unknown> = {}
let offen: Umgebung | undefined
// Ended from outside, it leaves nothing running: web and worker end with this process, the servers are asked to.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void (offen?.close() ?? Promise.resolve()).finally(() => process.exit(130)))

for (const [name, messen] of teile) {
  console.log(`\n${name} …`)
  // One of its own for each: what one part leaves running would be in the other's figures.
  const umgebung = (offen = await openUmgebung())
  try {
    const teil = await messen(umgebung)
    ergebnis[name] = teil
    console.table(
      Object.fromEntries(Object.entries(teil).map(([zeile, wert]) => [zeile, typeof wert === 'number' ? { wert: rund(wert) } : runde(wert)])),
    )
  } finally {
    await umgebung.close()
  }
}
const datei = path.join(import.meta.dirname, 'ergebnis.json')
writeFileSync(datei, JSON.stringify({ am: new Date().toISOString(), node: process.version, ...ergebnis }, null, 2))
console.log(`\nGeschrieben: ${datei}`)
if (await aufraeumer.foundProcesses()) process.exitCode = 1

function runde(werte: object): Record<string, number> {
  return Object.fromEntries(Object.entries(werte).map(([name, wert]) => [name, rund(wert as number)]))
}
function rund(wert: number): number {
  return Math.round(wert * 100) / 100
}
