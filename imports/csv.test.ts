import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCsv } from '../test/support/tabellen-schreiben.ts'
import { openCsv } from './csv.ts'
import { type Rohzeile, Unlesbar, toZelle } from './tabelle-zelle.ts'
import { encode } from './zeichensatz.ts'

/** Cut into pieces of any size: a letter may be cut, too. */
async function* stuecke(bytes: Uint8Array, groesse = bytes.length || 1): AsyncGenerator<Uint8Array> {
  for (let ab = 0; ab < bytes.length; ab += groesse) yield bytes.subarray(ab, ab + groesse)
}
async function lies(bytes: Uint8Array | string, groesse?: number): Promise<{ zeilen: Rohzeile[]; zeichensatz: string }> {
  const { zeilen, zeichensatz } = openCsv(stuecke(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, groesse))
  const alle: Rohzeile[] = []
  for await (const zeile of zeilen) alle.push(zeile)
  return { zeilen: alle, zeichensatz: zeichensatz() }
}
const zellen = async (bytes: Uint8Array | string, groesse?: number) => (await lies(bytes, groesse)).zeilen.map((zeile) => zeile.zellen)

test.each([
  [';', 'Name;Beitrag\nWeiß;1.234,56\n'],
  [',', 'Name,Beitrag\nWeiß,"1.234,56"\n'],
  ['Tab', 'Name\tBeitrag\nWeiß\t1.234,56\n'],
  ['|', 'Name|Beitrag\nWeiß|1.234,56\n'],
  ['Excels erste Zeile', 'sep=;\nName;Beitrag\nWeiß;1.234,56\n'],
  ['BOM', '\ufeffName;Beitrag\nWeiß;1.234,56\n'],
  ['alte Zeilenenden', 'Name;Beitrag\rWeiß;1.234,56\r'],
])('separator %s', async (_, text) => {
  expect(await zellen(text)).toEqual([
    ['Name', 'Beitrag'],
    ['Weiß', '1.234,56'],
  ])
})

test('a comma in most amounts does not make it the separator', async () => {
  expect((await zellen('Name;Ort\nA;1,5\nB;2,5\nC;3,5\n'))[1]).toEqual(['A', '1,5'])
})

test.each(['CP1252', 'UTF-8', 'CP850'] as const)(
  '%s is told by its bytes, wherever the first letter beyond ASCII stands and the pieces are cut',
  async (satz) => {
    const zeilen = [['Name', 'Ort'], ...Array.from({ length: 50 }, () => ['Meier', 'Bremen']), ['Müßig', 'Köln'], ['Jäger', 'Düsseldorf']]
    const bytes = encode(toCsv(zeilen), satz)
    for (const groesse of [1, 7, 64, bytes.length]) {
      const gelesen = await lies(bytes, groesse)
      expect(gelesen.zeilen.map((zeile) => zeile.zellen)).toEqual(zeilen)
      expect(gelesen.zeichensatz).toBe(satz)
    }
  },
)

test('Excel’s Unicode text is read', async () => {
  expect(await zellen(Buffer.from('\ufeffName\tOrt\r\nWeiß\tKöln\r\n', 'utf16le'), 3)).toEqual([
    ['Name', 'Ort'],
    ['Weiß', 'Köln'],
  ])
})

test('line ends in quotes belong to the cell, and rows keep the number of the line they begin in', async () => {
  const { zeilen } = await lies('Name;Notiz\r\nA;"eins\r\nzwei"\r\n\r\nB;"sagt ""ja"""\r\n')
  expect(zeilen).toEqual([
    { nr: 1, zellen: ['Name', 'Notiz'] },
    { nr: 2, zellen: ['A', 'eins zwei'] },
    { nr: 4, zellen: [''] },
    { nr: 5, zellen: ['B', 'sagt "ja"'] },
  ])
})

test('a quotation mark within a text is a letter like others', async () => {
  expect(await zellen('Name;Ort\nMüller "Die Zwei" GmbH;Köln\n')).toContainEqual(['Müller "Die Zwei" GmbH', 'Köln'])
})

test('one that is never closed ends the reading with the line it stands in, also where gigabytes follow', async () => {
  const anfang = `Name;Ort\n${'A;B\n'.repeat(60)}"C;D\n`
  await expect(zellen(anfang)).rejects.toThrow(/Ab Zeile 62: Ein Anführungszeichen wird nicht geschlossen/)
  async function* endlos(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(anfang)
    for (;;) yield Buffer.from('E;F\n'.repeat(10_000))
  }
  const gelesen = async () => {
    for await (const zeile of openCsv(endlos()).zeilen) expect(zeile.nr).toBeLessThan(62)
  }
  await expect(gelesen()).rejects.toThrow(Unlesbar)
})

test('property: any table that is written is read again as it was', async () => {
  const zelle = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom('"', ';', ',', '\n', 'ä', 'a', ' '), maxLength: 8 }),
  )
  const tabelle = fc
    .integer({ min: 2, max: 6 })
    .chain((breite) => fc.array(fc.array(zelle, { minLength: breite, maxLength: breite }), { minLength: 1, maxLength: 12 }))
  await fc.assert(
    fc.asyncProperty(tabelle, fc.constantFrom(';', '\t', '|'), fc.integer({ min: 1, max: 40 }), async (werte, trennzeichen, groesse) => {
      // The headings settle separator and code page, as they do in every real table.
      const kopf = werte[0]!.map((_, i) => `Spalte ${i}`)
      const zeilen = [...Array.from({ length: 40 }, () => kopf), ...werte]
      const gelesen = await zellen(Buffer.from(toCsv(zeilen, trennzeichen)), groesse * 16)
      expect(gelesen.slice(40)).toEqual(werte.map((zeile) => zeile.map(toZelle)))
    }),
    { numRuns: 150 },
  )
})

test('fuzz: noise is read or refused, never a crash', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), fc.integer({ min: 1, max: 50 }), async (bytes, groesse) => {
      await lies(bytes, groesse).catch((error: unknown) => expect(error).toBeInstanceOf(Unlesbar))
    }),
    { numRuns: 300 },
  )
})
