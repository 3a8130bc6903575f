/** `npm start`: everything on one machine, in its order: lock, secrets, PostgreSQL, migrations, web, Temporal, worker. Stopped in reverse. */
import { createServer } from 'node:net'
import path from 'node:path'
import { migrate } from '../db/migrate.ts'
import { pfade } from '../web/pfade.ts'
import { type Config, readConfig, reportConfig } from './config.ts'
import { type Zugaenge, prepareZugaenge } from './einspielen.ts'
import { loadGeheimnisse, saveGeheimnisse } from './geheimnisse.ts'
import { type Aufsicht, hold, startNode } from './kinder.ts'
import { holdPostgres } from './postgres-kind.ts'
import { type Inhaber, isHeld, lock } from './sperre.ts'
import { holdTemporal } from './temporal-kind.ts'
import { type Schreiber, openSchreiber } from './schreiber.ts'

/** From the request to end until a child is made to, milliseconds: the worker's own longest way is 40 s. */
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
  await refuseTakenPort(config)
  console.log(
    `Einstellungen\n${reportConfig(config)
      .map((line) => `  ${line}`)
      .join('\n')}`,
  )
  const geheimnisse = loadGeheimnisse(config.dataDir)
  const secret = config.sessionSecret ?? geheimnisse.session

  const url = config.databaseUrl ?? (await keep(holdPostgres(config.dataDir, geheimnisse, schreiber.melde, stopping.signal)))
  if (stopping.signal.aborted) return
  await migrate(url, secret)
  const laden = config.demo ?? (!config.databaseUrl && !geheimnisse.demoGeladen)
  const zugaenge = await prepareZugaenge(url, { laden, passwort: config.demoPassword })
  if (zugaenge.demo?.neu) saveGeheimnisse(config.dataDir, { ...geheimnisse, demoGeladen: true })

  const env = childEnv(config, url, secret)
  const child = (file: string, frist: number, nice: boolean, extra: NodeJS.ProcessEnv) => (): ReturnType<typeof startNode> =>
    startNode({ name: path.parse(file).name, file, frist, nice, env: { ...env, ...extra }, schreibe: schreiber.schreibe })
  const web = child('server.ts', FRIST.web, false, {})
  await keep(
    hold({ name: 'Die Anwendung (server.ts)', start: async () => ready(web(), config) }, schreiber.melde, stopping.signal).then((aufsicht) => ({
      aufsicht,
      wert: undefined,
    })),
  )
  if (stopping.signal.aborted) return
  announce(config, zugaenge)

  const temporal = config.temporal ? {} : await keep(holdTemporal(path.join(config.dataDir, 'temporal'), schreiber.melde, stopping.signal))
  if (stopping.signal.aborted) return
  const worker = child('worker.ts', FRIST.worker, true, temporal)
  await keep(
    hold({ name: 'Der Worker (worker.ts)', start: async () => worker() }, schreiber.melde, stopping.signal).then((aufsicht) => ({
      aufsicht,
      wert: undefined,
    })),
  )
  console.log('Alles läuft. Beenden mit Strg+C; die Daten bleiben erhalten.')

  await Promise.race([...aufseher.map(async ({ aufgegeben }) => Promise.reject(german(await aufgegeben))), stopped()])
  console.log('Wird beendet …')
}

/** Remembers what has to be stopped; ends the start when it was given up. */
async function keep<T>(holding: Promise<{ aufsicht: Aufsicht; wert: T }>): Promise<T> {
  const { aufsicht, wert } = await holding
  aufseher.push(aufsicht)
  const grund = await Promise.race([aufsicht.aufgegeben, Promise.resolve(undefined)])
  if (grund) throw german(grund)
  return wert
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
async function ready(web: ReturnType<typeof startNode>, { host, port }: Config): Promise<ReturnType<typeof startNode>> {
  let how: string | undefined
  void web.ended.then((text) => (how = text))
  const url = `http://${host.includes(':') ? `[${host}]` : host.replace(/^0\.0\.0\.0$/, '127.0.0.1')}:${port}${pfade.lebt()}`
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
  if (code === 'EADDRINUSE')
    throw german(`Port ${port} ist belegt. Beenden Sie das andere Programm, oder wählen Sie einen anderen Port: PORT=${port + 1} npm start`)
  if (code === 'EACCES') throw german(`Port ${port} darf hier nicht benutzt werden. Wählen Sie einen ab 1024: PORT=3000 npm start`)
  if (code) throw german(`HOST: Auf „${host}“ kann diese Maschine nicht lauschen (${code}).`)
}

function announce({ publicUrl, demoPassword }: Config, { demo, einrichtung }: Zugaenge): void {
  console.log(`\nAnwendung      ${publicUrl}`)
  if (demo) {
    console.log(`Demo-Zugänge   ${demo.emails.join('\n               ')}`)
    const gezeigt = demoPassword
      ? 'wie in DEMO_PASSWORD'
      : (demo.passwort ?? 'wurde beim ersten Start gezeigt; ein neues setzt DEMO_PASSWORD=… npm start')
    console.log(`Demo-Passwort  ${gezeigt}`)
  }
  if (einrichtung)
    console.log(
      `Eigenen Betrieb einrichten (Adresse gilt einmal, bis zum nächsten Start)\n               ${publicUrl}${pfade.einrichtung()}?token=${einrichtung}`,
    )
  console.log('')
}

function describeInhaber({ wofuer = 'ein anderer Vorgang', pid, seit, url }: Partial<Inhaber>): string {
  const details = [pid && `Prozess ${pid}`, seit && `seit ${new Date(seit).toLocaleString('de-DE')}`].filter(Boolean).join(', ')
  return `Hier läuft schon ${wofuer}${details && ` (${details})`}. ${url ? `Die Anwendung ist unter ${url} zu erreichen. ` : ''}Es wurde nichts verändert.`
}

function german(text: string): Error {
  return Object.assign(new Error(text), { name: 'Start' })
}

function readable(error: unknown): string {
  const { name, message, stack } = error as Error
  return ['Start', 'Einstellungen', 'Temporal', 'PostgreSQL'].includes(name) ? message : `Der Start ist gescheitert: ${stack ?? message}`
}
