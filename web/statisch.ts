/** Style sheets, scripts and icons: read once at start, named by their content so that a browser may keep them for ever. */
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Hono } from 'hono'
import { pfade } from './pfade.ts'

const ART: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}
const ORDNER = path.join(import.meta.dirname, 'static')

const dateien = readAll()

/** The URL of a file with its content's mark: '/static/basis.css?v=1a2b3c4d'. Throws for a file that does not exist. */
export function statisch(datei: string): string {
  const gefunden = dateien.get(datei)
  if (!gefunden) throw new Error(`no static file ${datei}`)
  return `${pfade.static(datei)}?v=${gefunden.marke}`
}

export function gibtStatisch(datei: string): boolean {
  return dateien.has(datei)
}

export const statischRoutes = () =>
  new Hono().get('/static/:datei', (c) => {
    const datei = dateien.get(c.req.param('datei'))
    if (!datei) return c.notFound()
    const fest = c.req.query('v') === datei.marke
    c.header('Content-Type', datei.art)
    c.header('ETag', `"${datei.marke}"`)
    c.header('Cache-Control', fest ? 'public, max-age=31536000, immutable' : 'no-cache')
    return c.req.header('If-None-Match') === `"${datei.marke}"` ? c.body(null, 304) : c.body(datei.inhalt)
  })

interface Datei {
  inhalt: Uint8Array<ArrayBuffer>
  art: string
  marke: string
}

function readAll(): Map<string, Datei> {
  const namen = readdirSync(ORDNER).filter((name) => path.extname(name) in ART)
  const htmx = path.join(path.dirname(createRequire(import.meta.url).resolve('htmx.org')), 'htmx.min.js')
  return new Map([...namen.map((name) => [name, read(path.join(ORDNER, name))] as const), ['htmx.js', read(htmx)]])
}

function read(datei: string): Datei {
  const inhalt = new Uint8Array(readFileSync(datei))
  return { inhalt, art: ART[path.extname(datei)]!, marke: createHash('sha256').update(inhalt).digest('hex').slice(0, 8) }
}
