/** What the processes say: all of it into a file each, what matters to the terminal. */
import { type WriteStream, createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'

export interface Schreiber {
  /** A line of a child. */
  schreibe(name: string, line: string): void
  /** A line of the start itself. */
  melde(text: string): void
  close(): Promise<void>
}

/** A file that has grown past this is put aside at the next start, bytes; one is kept. */
const LARGE = 10_000_000
/** pino's levels. */
const WARN = 40

export function openSchreiber(dir: string): Schreiber {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const files = new Map<string, WriteStream>()
  const fileOf = (name: string): WriteStream => {
    const known = files.get(name)
    if (known) return known
    const file = path.join(dir, `${name}.log`)
    if (existsSync(file) && statSync(file).size > LARGE) renameSync(file, `${file}.1`)
    const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
    // A full disk must not end what runs.
    stream.on('error', () => undefined)
    files.set(name, stream)
    return stream
  }
  return {
    schreibe: (name, line) => {
      fileOf(name).write(`${line}\n`)
      const text = forTerminal(line)
      if (text) console.log(`${name} │ ${text}`)
    },
    melde: (text) => {
      fileOf('start').write(`${new Date().toISOString()} ${text}\n`)
      console.log(text)
    },
    close: async () => void (await Promise.all([...files.values()].map((stream) => new Promise((resolve) => stream.end(resolve))))),
  }
}

/** Structured lines from warnings on; what is not structured was meant for a person. */
function forTerminal(line: string): string | undefined {
  if (!line.startsWith('{')) return line
  try {
    const { level, msg, text, fehler } = JSON.parse(line) as { level: number; msg?: string; text?: string; fehler?: string }
    return level < WARN ? undefined : `${msg ?? text ?? line}${fehler ? ` (${fehler})` : ''}`
  } catch {
    return line
  }
}
