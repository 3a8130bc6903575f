/**
 * Ends what a run of tests or measurements has started, when it is over, however that came about (Ctrl-C, kill -9): its servers are no children that would end
 * with it. Lives beside it, waits for the end of its standard input, and knows the run's processes by their mark (TESTLAUF in their environment; Linux).
 * Its code says whether something was left.
 */
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'

const [lauf, ...ordner] = process.argv.slice(2)
/** Milliseconds a process gets to end by itself, and again when it was asked to. */
const GEDULD = 5_000

process.stdin.resume()
await new Promise((resolve) => process.stdin.once('end', resolve).once('error', resolve))

const uebrig = await remaining()
for (const { pid, was } of uebrig) {
  console.log(`Übrig geblieben, wird beendet: ${pid} ${was}`)
  send(pid, 'SIGINT')
}
for (const { pid } of uebrig.length > 0 ? await remaining() : []) send(pid, 'SIGKILL')
for (const wo of ordner.filter((o) => existsSync(o)))
  for (const name of readdirSync(wo).filter((n) => n.includes(lauf))) rmSync(path.join(wo, name), { recursive: true, force: true, maxRetries: 5 })
process.exitCode = uebrig.length > 0 ? 1 : 0

/** Those that are still there after a while. */
async function remaining() {
  for (const spaetestens = Date.now() + GEDULD; ;) {
    const da = existsSync('/proc/self') ? readdirSync('/proc').filter(isOurs) : []
    if (da.length === 0 || Date.now() > spaetestens)
      return da.map((pid) => ({ pid: Number(pid), was: read(pid, 'cmdline').replaceAll('\0', ' ').slice(0, 200) }))
    await setTimeout(100)
  }
}

function isOurs(pid) {
  return /^\d+$/.test(pid) && `\0${read(pid, 'environ')}`.includes(`\0TESTLAUF=${lauf}\0`)
}

/** '' for a process that has ended meanwhile, or is somebody else's. */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

function send(pid, signal) {
  try {
    process.kill(pid, signal)
  } catch {
    // Ended meanwhile.
  }
}
