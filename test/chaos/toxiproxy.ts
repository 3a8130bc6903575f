/** Lines that can be cut, slowed and broken: toxiproxy between the processes, built once into the cache. https://github.com/Shopify/toxiproxy */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { end } from '../../bin/kinder.ts'
import { freePort } from '../../bin/ports.ts'
import { CACHE } from '../../bin/temporal-finden.ts'

export interface Leitungen {
  /** A port that leads to `port`, under a name. */
  lege(name: string, port: number): Promise<number>
  /** Disturbs a line until `ende` is called. */
  stoere(name: string, weise: Weise): Promise<{ ende: () => Promise<void> }>
  /** All lines as new. */
  heile(): Promise<void>
  close(): Promise<void>
}

export const WEISEN = {
  /** Connections end, new ones are refused. */
  getrennt: null,
  /** Nothing comes through any more, and nobody is told. */
  stumm: { type: 'timeout', attributes: { timeout: 0 } },
  /** Every connection is reset a moment after it began to speak. */
  zurueckgesetzt: { type: 'reset_peer', attributes: { timeout: 50 } },
  zaeh: { type: 'latency', attributes: { latency: 500, jitter: 300 } },
  /** Arrives in crumbs. */
  zerteilt: { type: 'slicer', attributes: { average_size: 64, size_variation: 32, delay: 500 } },
} as const
export type Weise = keyof typeof WEISEN

const PAKET = 'github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0'
const ORDNER = path.join(CACHE, '..', 'toxiproxy-2.5.0')

/** `dir` is what its process is known by. */
export async function openLeitungen(dir: string): Promise<Leitungen> {
  const port = await freePort()
  const programm = await goProgramm(PAKET, path.join(ORDNER, 'server'))
  const child = spawn(programm, ['-host', '127.0.0.1', '-port', String(port)], { stdio: 'ignore', env: { ...process.env, DATA_DIR: dir } })
  const ended = once(child, 'exit')
  const api = `http://127.0.0.1:${port}`
  const call = async (method: string, pfad: string, body?: object): Promise<void> => {
    const answer = await fetch(api + pfad, { method, ...(body && { body: JSON.stringify(body) }), signal: AbortSignal.timeout(5_000) })
    if (!answer.ok && answer.status !== 404) throw new Error(`toxiproxy ${method} ${pfad}: ${answer.status} ${await answer.text()}`)
    await answer.arrayBuffer()
  }
  for (let tries = 0; !(await fetch(`${api}/version`).catch(() => undefined)); tries++) {
    if (tries > 100) throw new Error('toxiproxy antwortet nicht.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }

  let zahl = 0
  return {
    lege: async (name, ziel) => {
      const eingang = await freePort()
      await call('POST', '/proxies', { name, listen: `127.0.0.1:${eingang}`, upstream: `127.0.0.1:${ziel}`, enabled: true })
      return eingang
    },
    stoere: async (name, weise) => {
      const gift = WEISEN[weise]
      if (!gift) {
        await call('POST', `/proxies/${name}`, { enabled: false })
        return { ende: () => call('POST', `/proxies/${name}`, { enabled: true }) }
      }
      const toxic = `${weise}-${++zahl}`
      await call('POST', `/proxies/${name}/toxics`, { name: toxic, stream: 'downstream', toxicity: 1, ...gift })
      return { ende: () => call('DELETE', `/proxies/${name}/toxics/${toxic}`) }
    },
    heile: () => call('POST', '/reset'),
    close: () => end(child, ended, 3_000),
  }
}

/** A program of the Go proxy, built where `file` is missing (the package's last folder names the program). Minutes for a large one, once. */
export async function goProgramm(paket: string, file: string): Promise<string> {
  if (existsSync(file)) return file
  console.log(`${path.basename(path.dirname(file))} wird gebaut (einmalig) …`)
  mkdirSync(path.dirname(file), { recursive: true })
  const env = { ...process.env, GOBIN: path.dirname(file) }
  const child = spawn('nice', ['-n', '10', 'go', 'install', paket], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const code = await new Promise((resolve) => child.once('exit', resolve).once('error', resolve))
  if (code !== 0) throw new Error(`${paket} ließ sich nicht bauen: Ist Go eingerichtet und der Go-Proxy erreichbar?`)
  return file
}
