/** `npm start`: everything on one machine, in its order: lock, secrets, PostgreSQL, migrations, web, Temporal, worker. Stopped in reverse. */
import { createServer } from 'node:net'
import path from 'node:path'
import { migrate } from '../db/migrate.ts'
import { pfade } from '../web/pfade.ts'
import { describeInhaber, describePort, describeZugaenge, german, readable } from './ansage.ts'
import { type Config, readConfig, reportConfig } from './config.ts'
import { prepareZugaenge } from './einspielen.ts'
import { loadGeheimnisse, saveGeheimnisse } from './geheimnisse.ts'
import { type Aufsicht, type Kind, type Prozess, WEB_FLAGS, hold, startNode } from './kinder.ts'
import { holdPostgres } from './postgres-kind.ts'
import { clusterDir } from './postgres.ts'
import { isHeld, lock } from './sperre.ts'
import { type Schreiber, openSchreiber } from './schreiber.ts'
import { findPlatzmangel } from './vorher.ts'

/** From the request to end until a child is made to, milliseconds: the worker's own longest way is 40 s; the web's DRAIN_SECONDS come on top. */
const FRIST = { web: 15_000, worker: 45_000 }

const stopping = new AbortController()
const aufseher: Aufsicht[] = []

try {
  await main()
} catch (error) {
  process.exitCode = 1
  console.error(readable(error))
}

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const mangel = findPlatzmangel(config.databaseUrl ? [config.dataDir] : [config.dataDir, clusterDir(config.dataDir)])
  if (mangel) throw german(mangel)
  const held = lock(config.dataDir, { wofuer: 'der Start', url: config.publicUrl })
  if (!isHeld(held)) throw german(describeInhaber(held))
  // Whoever reads along may go away.
  process.stdout.on('error', () => undefined)
  // Asked to end twice (a terminal tells the whole group): ends once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort())
  const schreiber = openSchreiber(path.join(config.dataDir, 'protokoll'))
  try {
    await run(config, schreiber)
  } finally {
    for (const eine of aufseher.toReversed()) await eine.stop().catch((error: unknown) => console.error(readable(error)))
    await schreiber.close()
    held.release()
  }
}

async function run(config: Config, schreiber: Schreiber): Promise<void> {
  const { melde } = schreiber
  const { signal } = stopping
  await refuseTakenPort(config)
  console.log(['Einstellungen', ...reportConfig(config)].join('\n  '))
  const geheimnisse = loadGeheimnisse(config.dataDir)
  const secret = config.sessionSecret ?? geheimnisse.session

  const url = config.databaseUrl ?? (await keep(holdPostgres(config.dataDir, geheimnisse, melde, signal)))
  if (signal.aborted) return
  await migrate(url, secret)
  const laden = config.demo ?? (!config.databaseUrl && !geheimnisse.demoGeladen)
  const zugaenge = await prepareZugaenge(url, { laden, passwort: config.demoPassword })
  if (zugaenge.demo?.neu) saveGeheimnisse(config.dataDir, { ...geheimnisse, demoGeladen: true })

  const { schreibe } = schreiber
  const env = childEnv(config, url, secret)
  const web = (): Prozess =>
    startNode({ name: 'web', file: 'server.ts', env, schreibe, flags: WEB_FLAGS, frist: FRIST.web + config.drainSeconds * 1000 })
  await keep(holdOnly({ name: 'Die Anwendung (server.ts)', start: () => ready(web(), config) }, melde))
  if (signal.aborted) return
  console.log(describeZugaenge(config, zugaenge))

  // Half a second of libraries that no page needs.
  const { holdTemporal } = await import('./temporal-kind.ts')
  const temporal = config.temporal ? {} : await keep(holdTemporal(path.join(config.dataDir, 'temporal'), melde, signal))
  if (signal.aborted) return
  // Where people find the UI they may know better.
  const oberflaeche = config.temporalUi && { TEMPORAL_UI_URL: config.temporalUi }
  const { hoere, bereit } = listenToWorker(config, schreiber)
  const worker = (): Prozess =>
    startNode({ name: 'worker', file: 'worker.ts', env: { ...env, ...temporal, ...oberflaeche }, schreibe: hoere, nice: true, frist: FRIST.worker })
  await keep(holdOnly({ name: 'Der Worker (worker.ts)', start: async () => worker() }, melde))
  const ende = Promise.race([...aufseher.map(async ({ aufgegeben }) => Promise.reject(aufgegebenWeil(await aufgegeben))), stopped()])
  await Promise.race([bereit, ende])
  if (!signal.aborted) console.log('Alles läuft. Beenden mit Strg+C; die Daten bleiben erhalten.')

  await ende
  console.log('Wird beendet …')
}

/** `bereit` resolves when the worker has said that it runs; what waits until then is told once. */
function listenToWorker({ temporal }: Config, { schreibe, melde }: Schreiber): { hoere: Schreiber['schreibe']; bereit: Promise<void> } {
  let laeuft = (): void => undefined
  const bereit = new Promise<void>((resolve) => (laeuft = resolve))
  let gesagt = false
  const hoere = (name: string, line: string): void => {
    schreibe(name, line)
    if (line.includes('Worker läuft')) laeuft()
    // The embedded server is looked after here; of one's own only its owner can say where it is.
    if (!temporal || gesagt || !line.includes('antwortet noch nicht')) return
    gesagt = true
    melde(
      'Die Anwendung läuft, was Sie eingeben, ist gespeichert. Nachtlauf, Importe und Mails warten, bis Temporal antwortet. Prüfen Sie, ob der Server läuft und ob TEMPORAL_ADDRESS stimmt.',
    )
  }
  return { hoere, bereit }
}

/** Remembers what has to be stopped; ends the start when it was given up. */
async function keep<T>(holding: Promise<{ aufsicht: Aufsicht; wert: T }>): Promise<T> {
  const { aufsicht, wert } = await holding
  aufseher.push(aufsicht)
  const grund = await Promise.race([aufsicht.aufgegeben, Promise.resolve(undefined)])
  if (grund) throw aufgegebenWeil(grund)
  return wert
}

function aufgegebenWeil(grund: string): Error {
  return german(`${grund} Einzelheiten stehen im Ordner protokoll neben den Daten; was gespeichert war, ist gespeichert.`)
}

async function holdOnly(kind: Kind, melde: (text: string) => void): Promise<{ aufsicht: Aufsicht; wert: undefined }> {
  return { aufsicht: await hold(kind, melde, stopping.signal), wert: undefined }
}

function stopped(): Promise<void> {
  return new Promise((resolve) => (stopping.signal.aborted ? resolve() : stopping.signal.addEventListener('abort', () => resolve(), { once: true })))
}

/** What the children read. Web and worker log in as roles of their own: the owner's password stays here. */
function childEnv(config: Config, url: string, secret: string): NodeJS.ProcessEnv {
  const ohneKennwort = new URL(url)
  ohneKennwort.username = 'vm_web'
  ohneKennwort.password = ''
  const { port, host, publicUrl, dataDir } = config
  return {
    ...process.env,
    PORT: String(port),
    HOST: host,
    PUBLIC_URL: publicUrl,
    DATA_DIR: dataDir,
    DATABASE_URL: ohneKennwort.href,
    SESSION_SECRET: secret,
  }
}

/** Up when the first page answers; a web process that ends before that says why. */
async function ready(web: Prozess, { host, port }: Config): Promise<Prozess> {
  let how: string | undefined
  void web.ended.then((text) => (how = text))
  const url = `http://${host.includes(':') ? `[${host}]` : host.replace(/^0\.0\.0\.0$/, '127.0.0.1')}:${port}${pfade.bereit()}`
  while (!stopping.signal.aborted && how === undefined) {
    const ok = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    )
    if (ok) return web
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  if (how !== undefined) throw german(how)
  return web
}

async function refuseTakenPort({ host, port }: Config): Promise<void> {
  const code = await new Promise<string | undefined>((resolve) => {
    const probe = createServer().once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
  if (code) throw german(describePort(code, host, port))
}
