/**
 * `npm run chaos [-- tag|nacht|aufstieg] [--minuten 15] [--faelle 5000] [--makler 20] [--saat N] [--server echt|fehler]`: the product under fire, and
 * whether it kept its promises. `nacht`: --faelle 20000 found in one night; `aufstieg`: --faelle 1000 carried over to a new revision. `--server`: the real Temporal server on PostgreSQL, also with a
 * store that fails by chance, instead of the embedded one. Ends with 1 when one was broken, 2 when it did not come to an end.
 */
import { parseArgs } from 'node:util'
import { startAufraeumer } from '../../bin/aufraeumer.ts'
import { startTemporal } from '../../bin/temporal.ts'
import { findTemporal } from '../../bin/temporal-finden.ts'
import { type TemporalStart, createOrdner, listUebrige, removeOrdner } from './anlage.ts'
import { ORDNER, berichte, createMeldung } from './bericht.ts'
import { runNacht } from './nacht.ts'
import { runTag } from './tag.ts'
import { echterServer } from './temporal-echt.ts'
import { runVitest } from './vitest.ts'

/** Beyond the time asked for, until it is ended from outside and from inside, milliseconds. */
const FRIST = 25 * 60_000
const NOTBREMSE = FRIST + 2 * 60_000
/** To end in order after it was asked to, milliseconds. */
const ABBRUCH = 20_000

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    minuten: { type: 'string', default: '15' },
    faelle: { type: 'string' },
    makler: { type: 'string', default: '20' },
    saat: { type: 'string' },
    server: { type: 'string' },
  },
})
const [lauf = 'tag'] = positionals
const saat = Number(values.saat ?? Math.floor(Math.random() * 1_000_000))
const minuten = Number(values.minuten)
const melde = createMeldung()

// Ended hard, nobody here could stop the servers any more.
const aufraeumer = startAufraeumer()
process.env['TESTLAUF'] = aufraeumer.lauf
const dir = createOrdner()
const brichAb = (grund: string): void => {
  console.error(grund)
  removeOrdner(dir, ORDNER)
  process.exit(2)
}
const notbremse = setTimeout(brichAb, minuten * 60_000 + NOTBREMSE, 'Der Lauf kommt nicht zu Ende und wird abgebrochen.')

const ende = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    ende.abort(new Error('Abgebrochen.'))
    // What is just being checked does not look up for minutes.
    setTimeout(brichAb, ABBRUCH, 'Der Lauf wird abgebrochen.').unref()
  })
const signal = AbortSignal.any([ende.signal, AbortSignal.timeout(minuten * 60_000 + FRIST)])

console.log(`Lauf „${lauf}“, Saat ${saat} (wiederholen: npm run chaos -- ${lauf} --saat ${saat} …)`)
try {
  if (lauf === 'aufstieg') {
    const ok = await runVitest(['relay/revision.temporal.test.ts'], { AUFSTIEG_FAELLE: values.faelle ?? '1000' }, signal)
    process.exitCode = ok ? 0 : 1
  } else await runUnterFeuer()
} catch (error) {
  console.error(`Nicht zu Ende gekommen: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  process.exitCode = 2
} finally {
  clearTimeout(notbremse)
  removeOrdner(dir, ORDNER)
  await aufraeumer.foundProcesses()
}

async function runUnterFeuer(): Promise<void> {
  const startTemporal = values.server ? echterServer({ fehler: values.server === 'fehler' }) : await eingebettet()
  const plan = { dir, minuten, saat, startTemporal, melde, signal }
  const bericht =
    lauf === 'nacht'
      ? await runNacht({ ...plan, treffer: Number(values.faelle ?? 20_000) })
      : await runTag({ ...plan, heiltNie: values.server === 'fehler', faelle: Number(values.faelle ?? 5_000), makler: Number(values.makler) })
  if (values.server) bericht.lauf += `-${values.server}`
  bericht.befunde['Kein Prozess bleibt übrig'] = listUebrige(dir)
  process.exitCode = berichte(bericht) ? 0 : 1
}

async function eingebettet(): Promise<TemporalStart> {
  const programm = await findTemporal({ melde })
  return async ({ dir: ordner, port }) => {
    const { pid, ended, stop } = await startTemporal({ dir: ordner, port, programm })
    return { pid, ended: ended.then(() => 'der Prozess ist weg'), stop }
  }
}
