/**
 * `npm run chaos [-- tag] [--minuten 15] [--faelle 5000] [--makler 20] [--saat N]`: the product under fire, and whether it kept its promises.
 * Ends with 1 when one was broken, 2 when it did not come to an end.
 */
import { parseArgs } from 'node:util'
import { startTemporal } from '../../bin/temporal.ts'
import { findTemporal } from '../../bin/temporal-finden.ts'
import { type TemporalStart, createOrdner, listUebrige, removeOrdner } from './anlage.ts'
import { ORDNER, berichte, createMeldung } from './bericht.ts'
import { runTag } from './tag.ts'

/** Beyond the time asked for, until it is ended from outside and from inside, milliseconds. */
const FRIST = 25 * 60_000
const NOTBREMSE = FRIST + 2 * 60_000

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    minuten: { type: 'string', default: '15' },
    faelle: { type: 'string', default: '5000' },
    makler: { type: 'string', default: '20' },
    saat: { type: 'string' },
  },
})
const [lauf = 'tag'] = positionals
const saat = Number(values.saat ?? Math.floor(Math.random() * 1_000_000))
const minuten = Number(values.minuten)
const melde = createMeldung()

const ende = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ende.abort(new Error('Abgebrochen.')))
const signal = AbortSignal.any([ende.signal, AbortSignal.timeout(minuten * 60_000 + FRIST)])
const dir = createOrdner()
const notbremse = setTimeout(
  () => {
    console.error('Der Lauf kommt nicht zu Ende und wird abgebrochen.')
    removeOrdner(dir, ORDNER)
    process.exit(2)
  },
  minuten * 60_000 + NOTBREMSE,
)

console.log(`Lauf „${lauf}“, Saat ${saat} (wiederholen: npm run chaos -- ${lauf} --saat ${saat} …)`)
try {
  const { faelle, makler } = values
  const bericht = await runTag({
    dir,
    minuten,
    faelle: Number(faelle),
    makler: Number(makler),
    saat,
    startTemporal: await eingebettet(),
    melde,
    signal,
  })
  bericht.befunde['Kein Prozess bleibt übrig'] = listUebrige(dir)
  process.exitCode = berichte(bericht) ? 0 : 1
} catch (error) {
  console.error(`Nicht zu Ende gekommen: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  process.exitCode = 2
} finally {
  clearTimeout(notbremse)
  removeOrdner(dir, ORDNER)
}

async function eingebettet(): Promise<TemporalStart> {
  const programm = await findTemporal({ melde })
  return async ({ dir: ordner, port }) => {
    const { pid, ended, stop } = await startTemporal({ dir: ordner, port, programm })
    return { pid, ended: ended.then(() => 'der Prozess ist weg'), stop }
  }
}
