/** CSV as programs really write it: any of four separators, any of the usual code pages, quoted line ends. Streams; holds no more than one row. */
import { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { CsvError, parse } from 'csv-parse'
import { parse as parseSync } from 'csv-parse/sync'
import { type Rohzeile, Unlesbar, toZelle } from './tabelle-zelle.ts'
import { type Zeichensatz, decode, erkenneZeichensatz } from './zeichensatz.ts'

export interface CsvDatei {
  /** Known once a row has been read. */
  zeichensatz(): string
  zeilen: AsyncGenerator<Rohzeile>
}

const TRENNZEICHEN = [';', '\t', ',', '|'] as const
/** Bytes after the first letter beyond ASCII by which the code page is told. */
const PROBE = 64 * 1024
/** A quotation mark that is never closed must not swallow a whole file. */
const LAENGSTE_ZEILE = 200_000
/** Lines by which the separator is told. */
const PROBEZEILEN = 40

export function openCsv(stuecke: AsyncIterable<Uint8Array>): CsvDatei {
  let erkannt: string = 'ASCII'
  const texte = decodeStrom(stuecke, (zeichensatz) => (erkannt = zeichensatz))
  return { zeichensatz: () => erkannt, zeilen: readZeilen(texte) }
}

async function* readZeilen(texte: AsyncGenerator<string>): AsyncGenerator<Rohzeile> {
  const { anfang, rest } = await takeAnfang(texte)
  // Excel's own first line "sep=;".
  const gesagt = /^sep=(.)\r?\n/i.exec(anfang)
  const delimiter = gesagt?.[1] ?? erkenneTrennzeichen(anfang)
  async function* alles(): AsyncGenerator<string> {
    yield gesagt ? anfang.slice(gesagt[0].length) : anfang
    yield* rest
  }
  // Counted where a record is found: an error that follows drops what was not fetched yet.
  let zeilen = gesagt ? 1 : 0
  const nummern: number[] = []
  const parser = parse({
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: LAENGSTE_ZEILE,
    on_record: (record: string[]) => {
      nummern.push(zeilen + 1)
      zeilen += 1 + record.reduce((summe, zelle) => summe + countUmbrueche(zelle), 0)
      return record
    },
  })
  const quelle = Readable.from(alles())
  quelle.on('error', (error) => parser.destroy(error))
  quelle.pipe(parser)
  try {
    for await (const record of parser) yield { nr: nummern.shift()!, zellen: (record as string[]).map(toZelle) }
  } catch (error) {
    if (error instanceof CsvError) throw new Unlesbar(`Ab Zeile ${zeilen + 1}: ${GRUENDE[error.code] ?? 'Die Zeile ist nicht zu lesen.'} ${NICHTS}`)
    throw error
  } finally {
    quelle.destroy()
  }
}

function countUmbrueche(zelle: string): number {
  return /[\r\n]/.test(zelle) ? zelle.split(/\r\n|\n|\r/).length - 1 : 0
}

const NICHTS = 'Es wurde nichts übernommen.'
const OFFEN = 'Ein Anführungszeichen wird nicht geschlossen. Bitte ergänzen oder entfernen Sie es in der Datei.'
const GRUENDE: Readonly<Record<string, string>> = { CSV_QUOTE_NOT_CLOSED: OFFEN, CSV_MAX_RECORD_SIZE: OFFEN }

/** The first lines (or all there is), and the rest. */
async function takeAnfang(texte: AsyncGenerator<string>): Promise<{ anfang: string; rest: AsyncGenerator<string> }> {
  let anfang = ''
  while (anfang.length < PROBE) {
    const { done, value } = await texte.next()
    if (done) break
    anfang += value
  }
  return { anfang: anfang.replace(/^\ufeff/, ''), rest: texte }
}

/** The one that cuts most of the first lines into the same number of columns, the larger the better. */
function erkenneTrennzeichen(anfang: string): string {
  const zeilen = anfang
    .split(/\r\n|\n|\r/)
    .slice(0, PROBEZEILEN)
    .join('\n')
  const noten = TRENNZEICHEN.map((delimiter) => ({ delimiter, note: rate(zeilen, delimiter) }))
  return noten.toSorted((a, b) => b.note - a.note)[0]!.delimiter
}

function rate(text: string, delimiter: string): number {
  const zeilen = splitProbe(text, delimiter)
  const anzahlen = new Map<number, number>()
  for (const { length } of zeilen) anzahlen.set(length, (anzahlen.get(length) ?? 0) + 1)
  const [spalten, haeufig] = [...anzahlen].toSorted((a, b) => b[1] * (b[0] - 1) - a[1] * (a[0] - 1))[0] ?? [1, 0]
  return ((spalten - 1) * haeufig * haeufig) / Math.max(zeilen.length, 1)
}

/** The first lines may end within quotation marks, or hold one that is never closed: then as if there were none. */
function splitProbe(text: string, delimiter: string): string[][] {
  try {
    return parseSync(text, { delimiter, relax_quotes: true, relax_column_count: true, skip_empty_lines: true })
  } catch {
    return text.split('\n').map((zeile) => zeile.split(delimiter))
  }
}

/** Text of bytes whose code page shows only with the first letter beyond ASCII, which may come late. */
async function* decodeStrom(stuecke: AsyncIterable<Uint8Array>, erkannt: (zeichensatz: string) => void): AsyncGenerator<string> {
  let lies: ((bytes: Buffer) => string) | undefined
  let wartet = Buffer.alloc(0)
  let anfang = true
  const decide = (): void => {
    const { name, leser } = chooseLeser(wartet)
    erkannt(name)
    lies = leser
  }
  for await (const stueck of stuecke) {
    const bytes = Buffer.from(stueck.buffer, stueck.byteOffset, stueck.byteLength)
    if (lies) {
      yield lies(bytes)
      continue
    }
    wartet = Buffer.concat([wartet, bytes])
    if (anfang && wartet.length < 4) continue
    if (wartet.every((byte) => byte > 0 && byte < 0x80)) {
      anfang = false
      yield wartet.toString('latin1')
      wartet = Buffer.alloc(0)
    } else if (wartet.length >= PROBE) {
      decide()
      yield lies!(wartet)
      wartet = Buffer.alloc(0)
    }
  }
  if (wartet.length === 0) return
  decide()
  yield lies!(wartet)
}

function chooseLeser(bytes: Buffer): { name: string; leser: (bytes: Buffer) => string } {
  // Excel's "Unicode Text".
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined
  if (utf16) {
    const decoder = new TextDecoder(utf16)
    return { name: utf16.toUpperCase(), leser: (stueck) => decoder.decode(stueck, { stream: true }) }
  }
  const zeichensatz = toWindows(erkenneZeichensatz(withoutCut(bytes).toString('latin1')).zeichensatz)
  if (zeichensatz !== 'UTF-8') return { name: zeichensatz, leser: (stueck) => decode(stueck.toString('latin1'), zeichensatz) }
  const decoder = new StringDecoder('utf8')
  return { name: zeichensatz, leser: (stueck) => decoder.write(stueck) }
}

/** Windows-1252 is ISO-8859-1 and more, and the more may come later. */
function toWindows(zeichensatz: Zeichensatz): Zeichensatz {
  return zeichensatz === 'ISO-8859-1' ? 'CP1252' : zeichensatz
}

/** Without a UTF-8 letter that was cut at the end. */
function withoutCut(bytes: Buffer): Buffer {
  for (let i = 1; i <= 3 && i <= bytes.length; i++) {
    const byte = bytes[bytes.length - i]!
    if (byte < 0x80) return bytes
    if (byte >= 0xc0) return i < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? bytes.subarray(0, bytes.length - i) : bytes
  }
  return bytes
}
