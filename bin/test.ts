/**
 * `npm test` and `npm run check`: types, lint, format, tests; everything is run even when something before it failed.
 * Ends with the line "N passed, N failed" of the tests and a code that says whether all was well.
 * Further arguments go to vitest.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startAufraeumer } from './aufraeumer.ts'
import { findTemporal } from './temporal-finden.ts'

interface Bericht {
  numPassedTests: number
  numFailedTests: number
  numFailedTestSuites: number
  success: boolean
}

const ROOT = path.join(import.meta.dirname, '..')
const args = process.argv.slice(2)
const schnell = args.includes('--schnell')
const vitestArgs = args.filter((arg) => arg !== '--schnell')

const checks: [name: string, program: string, args: string[]][] = [
  ['Typen', 'tsc', ['-p', '.']],
  ['Regeln', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['Form', 'oxfmt', ['--check', '.']],
]

const misslungen: string[] = []
for (const [name, program, programArgs] of checks) if (!(await run(name, program, programArgs))) misslungen.push(name)
// Looked for (and built where there is none) before the tests' clocks run.
if (!schnell) await findTemporal({ melde: (text) => console.log(text) }).catch((error: Error) => misslungen.push(error.message))

const dir = mkdtempSync(path.join(tmpdir(), 'vm-bericht-'))
const aufraeumer = startAufraeumer()
const file = path.join(dir, 'vitest.json')
const projects = schnell ? ['--project', 'schnell'] : []
const reporter = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
const ok = await run('Tests', 'vitest', ['run', ...projects, ...reporter, ...vitestArgs], { TESTLAUF: aufraeumer.lauf })
const bericht = readBericht()
rmSync(dir, { recursive: true, force: true })
if (!ok) misslungen.push('Tests')
if (await aufraeumer.foundProcesses()) misslungen.push('Prozesse')

if (misslungen.length > 0) console.log(`\nNicht in Ordnung: ${misslungen.join(', ')}`)
// What is not a test but failed counts too: a green line must mean that all was well.
const failed = bericht.numFailedTests + misslungen.filter((name) => name !== 'Tests' || bericht.numFailedTests === 0).length
console.log(`${bericht.numPassedTests} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function run(name: string, program: string, programArgs: string[], env: Record<string, string> = {}): Promise<boolean> {
  console.log(`\n── ${name}`)
  const bin = realpathSync(path.join(ROOT, 'node_modules', '.bin', program))
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bin, ...programArgs], { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })
}

function readBericht(): Bericht {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Bericht
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numFailedTestSuites: 1, success: false }
  }
}
