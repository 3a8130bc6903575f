/** `npm run seed -- --kunden 100000 --betriebe 10`: large made-up Betriebe for measuring; without options the demo Betrieb. */
import { parseArgs } from 'node:util'
import { seedDemo } from '../db/demo/demo.ts'
import { seedGross } from '../db/demo/gross.ts'
import { checkPassword } from '../db/passwort.ts'
import { type Db, createDb, createPool } from '../db/verbindung.ts'
import { berlinTag } from '../domain/kalender.ts'
import { findErklaerung } from './ansage.ts'
import { openDatenbank } from './datenbank.ts'

const HILFE = `Aufruf: npm run seed [-- --kunden ANZAHL] [--betriebe ANZAHL] [--vermittler ANZAHL] [--seed ZAHL]
  ohne --kunden   der Demo-Betrieb Maklerhaus Lindner mit 1.105 Kunden
  --kunden        so viele erfundene Kunden, verteilt auf die Betriebe
  --betriebe      Zahl der Betriebe (1)
  --vermittler    Vermittler je Betrieb, ohne den Supervisor (4)
  --seed          andere Zahl, andere Leute (1)
  DEMO_PASSWORD   Passwort der Zugänge; ohne es gibt es keine Zugänge`

interface Aufruf {
  kunden: number | null
  betriebe: number
  vermittler: number
  seed: number
}

const aufruf = readAufruf(process.argv.slice(2))
const passwort = process.env['DEMO_PASSWORD'] ?? null
const einwand = passwort === null ? null : checkPassword(passwort)
if (typeof aufruf === 'string') fail(aufruf)
else if (einwand) fail(`DEMO_PASSWORD: ${einwand}`)
else
  try {
    const datenbank = await openDatenbank(process.env, 'das Füllen mit erfundenen Daten')
    const db = createDb(createPool(datenbank.url, 'owner', { max: 3 }))
    try {
      await seed(db, aufruf)
    } finally {
      await db.destroy()
      await datenbank.close()
    }
  } catch (error) {
    fail(findErklaerung(error) ?? (error as Error).message, 1)
  }

async function seed(db: Db, { kunden, betriebe, vermittler, seed: zahl }: Aufruf): Promise<void> {
  const beginn = performance.now()
  const heute = berlinTag(new Date().toISOString())
  const fertig = (was: { kunden: number; vertraege: number }): void =>
    console.log(`Fertig: ${text(was.kunden)} Kunden und ${text(was.vertraege)} Verträge in ${text((performance.now() - beginn) / 1000)} s.`)
  if (kunden === null) {
    const demo = await seedDemo(db, { heute, passwort: passwort ?? '', logins: passwort !== null })
    for (const { email, name, rolle } of demo.logins) console.log(`  ${email}  ${name}  ${rolle}`)
    return fertig(demo)
  }
  const onFortschritt = (bisher: { kunden: number; vertraege: number }): void => {
    if (process.stdout.isTTY) process.stdout.write(`\r  ${text(bisher.kunden)} Kunden, ${text(bisher.vertraege)} Verträge …`)
  }
  const gross = await seedGross(db, { heute, kunden, betriebe, vermittler, seed: zahl, passwort, onFortschritt })
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[K')
  for (const { id, name, supervisor } of gross.betriebe) console.log(`  Betrieb ${id}  ${name}${passwort === null ? '' : `  ${supervisor}`}`)
  fertig(gross)
}

function readAufruf(argumente: string[]): Aufruf | string {
  try {
    const option = { type: 'string' } as const
    const { values } = parseArgs({
      args: argumente,
      options: { kunden: option, betriebe: option, vermittler: option, seed: option, hilfe: { type: 'boolean' } },
    })
    if (values.hilfe) return HILFE
    const zahl = (name: 'kunden' | 'betriebe' | 'vermittler' | 'seed', sonst: number, von: number): number => {
      const wert = values[name] === undefined ? sonst : Number(values[name])
      if (!Number.isSafeInteger(wert) || wert < von || wert > 10_000_000)
        throw new Error(`--${name} ${values[name]}: erwartet wird eine ganze Zahl ab ${von}, zum Beispiel --${name} ${Math.max(sonst, von)}.`)
      return wert
    }
    const kunden = values.kunden === undefined ? null : zahl('kunden', 1000, 1)
    return { kunden, betriebe: zahl('betriebe', 1, 1), vermittler: zahl('vermittler', 4, 0), seed: zahl('seed', 1, 0) }
  } catch (error) {
    return error instanceof Error && error.message.startsWith('--') ? error.message : HILFE
  }
}

function text(wert: number): string {
  return wert.toLocaleString('de-DE', { maximumFractionDigits: 1 })
}

function fail(grund: string, code = 2): void {
  console.error(grund)
  process.exitCode = code
}
