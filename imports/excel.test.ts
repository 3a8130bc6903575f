import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Zellwert, toSheet, toXlsx } from '../test/support/tabellen-schreiben.ts'
import { readExcel } from './excel.ts'
import { unzip, zip } from './excel-zip.ts'
import { Unlesbar } from './tabelle-zelle.ts'

async function* stuecke(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let ab = 0; ab < bytes.length; ab += 1000) yield bytes.subarray(ab, ab + 1000)
}
const lies = (bytes: Uint8Array) => readExcel(stuecke(bytes))
const zellen = async (werte: readonly (readonly Zellwert[])[]) => (await lies(toXlsx({ Bestand: werte })))[0]!.zeilen.map((zeile) => zeile.zellen)

test('dates, numbers, yes and no become the text a CSV file would hold', async () => {
  const zeile = [new Date('1990-03-05T00:00:00Z'), 1234.56, 1234.5678, 99, 4711, true, false, ' Weiß  & Söhne ']
  expect(await zellen([zeile])).toEqual([['1990-03-05', '1234,56', '1234,57', '99', '4711', 'ja', 'nein', 'Weiß & Söhne']])
})

test('a number Excel has rounded shows it', async () => {
  expect(await zellen([[2 ** 60]])).toEqual([['1,15292150460685e+18']])
})

test('a cell with an error is an empty one, and the others are read', async () => {
  expect(
    await zellen([
      ['Name', { fehler: '#NV' }],
      ['Weiß', 'V1'],
    ]),
  ).toEqual([
    ['Name', '#NV'],
    ['Weiß', 'V1'],
  ])
})

test('a formula nobody has calculated is an empty cell', async () => {
  const bytes = toXlsx({ A: [['Name', 'Ort']] })
  const teile = unzip(bytes, () => true)
  const blatt = teile.get('xl/worksheets/sheet1.xml')!.toString().replace('</row>', '<c r="C1" t="str"><f>A1&amp;B1</f></c></row>')
  expect((await lies(zip(new Map([...teile, ['xl/worksheets/sheet1.xml', Buffer.from(blatt)]]))))[0]!.zeilen[0]!.zellen).toEqual(['Name', 'Ort'])
})

test('every sheet comes with its name', async () => {
  const blaetter = await lies(toXlsx({ Deckblatt: [['Bestand']], 'Kunden & Verträge': [['Name'], ['Weiß']] }))
  expect(blaetter.map(({ name, zeilen }) => [name, zeilen.length])).toEqual([
    ['Deckblatt', 1],
    ['Kunden & Verträge', 2],
  ])
})

/** A workbook whose one sheet is packed, with sizes as claimed; `weitere` parts are not. */
function packed(blatt: Buffer, weitere: Record<string, string> = {}): Buffer {
  const einfach = [...unzip(toXlsx({ A: [['x']] }), () => true)].filter(([name]) => !(name in weitere))
  // The sheet stays the last: what follows it would lie elsewhere once it is packed.
  const teile = new Map([...Object.entries(weitere).map(([name, text]) => [name, Buffer.from(text)] as const), ...einfach])
  const ohne = zip(teile)
  const name = Buffer.from('xl/worksheets/sheet1.xml')
  const gepackt = deflateRawSync(blatt)
  // The stored part's headers are rewritten: method 8, packed size.
  const kopf = ohne.indexOf(name) - 30
  const eintrag = ohne.lastIndexOf(name) - 46
  const alt = teile.get(name.toString())!.length
  const neu = Buffer.concat([ohne.subarray(0, kopf + 30 + name.length), gepackt, ohne.subarray(kopf + 30 + name.length + alt)])
  const versatz = gepackt.length - alt
  neu.writeUInt16LE(8, kopf + 8)
  neu.writeUInt32LE(gepackt.length, kopf + 18)
  neu.writeUInt16LE(8, eintrag + versatz + 10)
  neu.writeUInt32LE(gepackt.length, eintrag + versatz + 20)
  const ende = neu.length - 22
  neu.writeUInt32LE(neu.readUInt32LE(ende + 16) + versatz, ende + 16)
  return neu
}

test('a packed workbook is read', async () => {
  expect((await lies(packed(Buffer.from(toSheet([['Name'], ['Weiß']])))))[0]!.zeilen.map((zeile) => zeile.zellen)).toEqual([['Name'], ['Weiß']])
})

test('a bomb of a few kilobytes is refused before it unfolds', async () => {
  const bombe = packed(Buffer.alloc(300 * 1024 * 1024, ' '))
  expect(bombe.length).toBeLessThan(400_000)
  const vorher = process.memoryUsage().rss
  await expect(lies(bombe)).rejects.toThrow(/zu groß/)
  expect(process.memoryUsage().rss - vorher).toBeLessThan(200 * 1024 * 1024)
})

test('two cells that span a billion are refused', async () => {
  const weit = toSheet([['Name']]).replace('</row>', '</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
  await expect(lies(packed(Buffer.from(weit)))).rejects.toThrow(/zu groß/)
  const falsch = toSheet([['Name']]).replace('</row>', '</row><row r="99999999999"><c><v>1</v></c></row>')
  await expect(lies(packed(Buffer.from(falsch)))).rejects.toThrow(/zu groß/)
})

test('a text kept once and shown in every cell is refused before it is copied a thousand times', async () => {
  const rels = unzip(toXlsx({ A: [['x']] }), () => true)
    .get('xl/_rels/workbook.xml.rels')!
    .toString()
  const texte = `<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>`
  const viele = Array.from({ length: 1_200 }, (_, i) => `<row r="${i + 1}"><c r="A${i + 1}" t="s"><v>0</v></c></row>`).join('')
  const bombe = packed(Buffer.from(toSheet([]).replace('<sheetData>', `<sheetData>${viele}`)), {
    'xl/_rels/workbook.xml.rels': rels.replace('</Relationships>', `${texte}</Relationships>`),
    'xl/sharedStrings.xml': `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>${'Bombe '.repeat(15_000)}</t></si></sst>`,
  })
  await expect(lies(bombe)).rejects.toThrow(/zu groß/)
})

test.each([
  ['millions of rows that hold nothing', (leer: string) => leer.replace('<sheetData>', `<sheetData>${'<row/>'.repeat(2_100_000)}`), {}],
  ['more formats than Excel knows', (leer: string) => leer, { 'xl/styles.xml': `<styleSheet>${'<xf numFmtId="14"/>'.repeat(600_000)}</styleSheet>` }],
])('%s are refused', async (_, blatt, weitere) => {
  await expect(lies(packed(Buffer.from(blatt(toSheet([]))), weitere))).rejects.toThrow(/zu groß/)
})

test.each([
  ['tags that never end', '<c r'.repeat(500_000), /beschädigt/],
  ['a tag of two megabytes', `<c r="${'A'.repeat(2_000_000)}"/>`, /zu groß/],
  ['a text of two megabytes', `<c>${'A'.repeat(2_000_000)}</c>`, /zu groß/],
])(
  '%s are refused at once',
  async (_, inhalt, grund) => {
    await expect(lies(packed(Buffer.from(toSheet([]).replace('<sheetData>', `<sheetData>${inhalt}`))))).rejects.toThrow(grund)
  },
  5_000,
)

test('fuzz: cut and changed workbooks are read or refused, never a crash or a hang', async () => {
  const gut = toXlsx({
    A: [
      ['Name', 'Geburtsdatum'],
      ['Weiß', new Date('1990-03-05T00:00:00Z')],
    ],
  })
  const eingriff = fc.array(fc.tuple(fc.nat({ max: gut.length - 1 }), fc.integer({ min: 0, max: 255 })), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(eingriff, fc.integer({ min: 0, max: gut.length }), async (stellen, laenge) => {
      const bytes = Buffer.from(gut)
      for (const [stelle, byte] of stellen) bytes[stelle] = byte
      await lies(bytes.subarray(0, stellen.length === 0 ? laenge : undefined)).catch((error: unknown) => expect(error).toBeInstanceOf(Unlesbar))
    }),
    { numRuns: 300 },
  )
})
