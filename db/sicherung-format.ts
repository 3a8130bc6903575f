/**
 * The file of a backup: gzipped text, readable with zcat. A line of JSON about the whole, then per table a line of JSON and its rows as
 * COPY writes them, ended by `\.`; at last a line of JSON with the row counts, so that a file cut short is known.
 */
import type { Readable } from 'node:stream'

export const FORMAT = 'vorgangsmanagement-sicherung/1'

export interface Kopf {
  format: typeof FORMAT
  /** ISO 8601, the moment of the snapshot. */
  am: string
  /** Newest migration of the database. */
  migration: string
  epoch: number
}

export interface Tabelle {
  /** With its schema. */
  tabelle: string
  spalten: string[]
}

export interface Ende {
  zeilen: Record<string, number>
}

export type Teil = { art: 'kopf'; kopf: Kopf } | { art: 'tabelle'; tabelle: Tabelle } | { art: 'zeilen'; daten: Buffer } | { art: 'ende'; ende: Ende }

const NEWLINE = 10
const MARK = '\\.\n'

/** Whole lines only. Throws in German when the file is not a backup or ends too early. */
export async function* readTeile(source: Readable): AsyncGenerator<Teil> {
  let rest = Buffer.alloc(0)
  let where: 'kopf' | 'zwischen' | 'tabelle' | 'ende' = 'kopf'
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let block = Buffer.concat([rest, chunk])
    const whole = block.lastIndexOf(NEWLINE) + 1
    rest = block.subarray(whole)
    block = block.subarray(0, whole)
    while (block.length > 0) {
      if (where === 'tabelle') {
        const end = findMark(block)
        if (end !== 0) yield { art: 'zeilen', daten: end === -1 ? block : block.subarray(0, end) }
        if (end === -1) break
        where = 'zwischen'
        block = block.subarray(end + MARK.length)
        continue
      }
      const line = block.subarray(0, block.indexOf(NEWLINE))
      block = block.subarray(line.length + 1)
      const teil = parse(line, where === 'kopf')
      where = teil.art === 'tabelle' ? 'tabelle' : teil.art === 'ende' ? 'ende' : 'zwischen'
      yield teil
    }
  }
  if (where !== 'ende') throw new Error('Die Sicherung ist unvollständig: Das Ende der Datei fehlt.')
}

/** COPY never writes a line of its own that says `\.`. */
function findMark(block: Buffer): number {
  if (block.subarray(0, MARK.length).toString() === MARK) return 0
  const at = block.indexOf(`\n${MARK}`)
  return at === -1 ? -1 : at + 1
}

function parse(line: Buffer, first: boolean): Teil {
  let value: Partial<Kopf & Tabelle & Ende>
  try {
    value = JSON.parse(line.toString()) as typeof value
  } catch {
    throw new Error('Das ist keine Sicherung dieses Programms.')
  }
  if (first && value.format !== FORMAT) throw new Error('Das ist keine Sicherung dieses Programms.')
  if (value.format) return { art: 'kopf', kopf: value as Kopf }
  return value.zeilen ? { art: 'ende', ende: value as Ende } : { art: 'tabelle', tabelle: value as Tabelle }
}
