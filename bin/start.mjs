/**
 * What every npm script calls. Has no dependencies and runs on an older Node: installs what is missing, then hands over to Node 24.
 *   start | test [vitest arguments] | check | run FILE [arguments] | exec PROGRAM [arguments]
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const OLDEST = 20
const NEEDED = 24
const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const MODULES = path.join(ROOT, 'node_modules')

const major = Number(process.versions.node.split('.')[0])
if (major < OLDEST) fail(`Hier läuft Node ${process.versions.node}. Nötig ist Node ${OLDEST} oder neuer: https://nodejs.org`)

const [command, ...args] = process.argv.slice(2)
const commands = {
  start: () => ['--import', 'tsx', 'bin/start.ts', ...args],
  test: () => ['--import', 'tsx', 'bin/test.ts', ...args],
  check: () => ['--import', 'tsx', 'bin/test.ts', '--schnell', ...args],
  run: () => ['--import', 'tsx', ...args],
  exec: () => [realpathSync(path.join(MODULES, '.bin', args[0])), ...args.slice(1)],
}
if (!command || !Object.hasOwn(commands, command)) fail(`Aufruf: node bin/start.mjs ${Object.keys(commands).join(' | ')}`)

install()
handOver(findNode(), commands[command]())

function install() {
  const reason = findMissing()
  if (!reason) return
  console.log(`${reason} Die Bibliotheken werden eingerichtet (einmalig) …`)
  if (npm('ci').status === 0) return
  // npm ci refuses a lock file that does not name the packages of every platform; the registry it was made with may not have had them all.
  const { status, stderr } = npm('install', '--no-save')
  if (status !== 0) fail(`${stderr}\nDie Bibliotheken ließen sich nicht einrichten (Meldungen darüber). Ist die npm-Registry erreichbar?`)
}

/** The npm that started this, else the one on the PATH. Install scripts are not needed, and newer npm runs none. */
function npm(...npmArgs) {
  const { npm_execpath: own } = process.env
  const [program, ...before] = own && /\.c?js$/.test(own) ? [process.execPath, own] : ['npm']
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const shell = process.platform === 'win32' && program === 'npm'
  return spawnSync(program, [...before, ...npmArgs, ...options], { cwd: ROOT, stdio: ['ignore', 'inherit', 'pipe'], encoding: 'utf8', shell })
}

/** Compares the versions themselves: times say nothing after a clone or a change of branch. */
function findMissing() {
  const installed = readPackages(path.join(MODULES, '.package-lock.json'))
  if (!installed) return 'Noch ist nichts eingerichtet.'
  const withTools = command === 'test' || command === 'check' || command === 'exec'
  const wrong = Object.entries(readPackages(path.join(ROOT, 'package-lock.json')) ?? {}).some(([name, wanted]) => {
    if (name === '' || (wanted.dev && !withTools)) return false
    return installed[name] ? installed[name].version !== wanted.version : !wanted.optional && !wanted.devOptional && !wanted.peer
  })
  return wrong && 'Die Bibliotheken passen nicht zu package-lock.json.'
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined
}

function findNode() {
  if (major >= NEEDED) return process.execPath
  // One package per platform; npm installs the one that fits. (Its `node` package would need an install script.)
  const name = `node-${process.platform.replace('win32', 'win')}-${process.arch}`
  const file = path.join(MODULES, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(file) && spawnSync(file, ['--version']).status === 0) return file
  fail(
    `Hier läuft Node ${process.versions.node}, nötig ist Node ${NEEDED}, und für ${process.platform}-${process.arch} bringt npm keines mit. Laden Sie es von https://nodejs.org`,
  )
}

function handOver(node, nodeArgs) {
  const env = { ...process.env, PATH: path.dirname(node) + path.delimiter + process.env.PATH, TSX_TSCONFIG_PATH: path.join(ROOT, 'tsconfig.json') }
  // Through the channel the other side learns that this process is gone, however it ended.
  const orphan = new URL('./eltern.mjs', import.meta.url).href
  const child = spawn(node, ['--import', orphan, ...nodeArgs], { cwd: ROOT, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  child.on('error', (error) => fail(`Node ${NEEDED} lässt sich nicht starten: ${error.message}`))
  // Ctrl-C reaches the child anyway, a signal from outside only this process: it waits for the child in any case.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal))
  // npm tells a signal to a shell between it and this process, which dies of it and passes nothing on.
  const parent = process.ppid
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 250).unref()
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

function fail(text) {
  console.error(text)
  process.exit(1)
}
