/** `npm run bench [-- relay dokumentieren …]`: ratios within one run, as a table and as bench/ergebnis.json. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { benchDokumentieren } from './dokumentieren.ts'
import { benchImporte } from './importe.ts'
import { benchListe } from './liste.ts'
import { benchNacht } from './nacht.ts'
import { benchRelay } from './relay.ts'
import { benchVorschau } from './vorschau.ts'
import { openUmgebung } from './umgebung.ts'

const TEILE = {
  relay: benchRelay,
  dokumentieren: benchDokumentieren,
  importe: benchImporte,
  nacht: benchNacht,
  liste: benchListe,
  vorschau: benchVorschau,
}

const gewaehlt = process.argv.slice(2)
const umgebung = await openUmgebung()
const ergebnis: Record<string, unknown> = {}
try {
  for (const [name, messen] of Object.entries(TEILE)) {
    if (gewaehlt.length > 0 && !gewaehlt.includes(name)) continue
    console.log(`\n${name} …`)
    const teil = await messen(umgebung)
    ergebnis[name] = teil
    console.table(
      Object.fromEntries(Object.entries(teil).map(([zeile, wert]) => [zeile, typeof wert === 'number' ? { wert: rund(wert) } : runde(wert)])),
    )
  }
} finally {
  await umgebung.close()
}
const datei = path.join(import.meta.dirname, 'ergebnis.json')
writeFileSync(datei, JSON.stringify({ am: new Date().toISOString(), node: process.version, ...ergebnis }, null, 2))
console.log(`\nGeschrieben: ${datei}`)

function runde(werte: object): Record<string, number> {
  return Object.fromEntries(Object.entries(werte).map(([name, wert]) => [name, rund(wert as number)]))
}
function rund(wert: number): number {
  return Math.round(wert * 100) / 100
}
