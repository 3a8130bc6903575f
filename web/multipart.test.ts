import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Multipartfehler, findGrenze, readMultipart } from './multipart.ts'

async function* gestueckelt(bytes: Uint8Array, laenge: number): AsyncGenerator<Uint8Array> {
  for (let ab = 0; ab < bytes.length; ab += laenge) yield bytes.subarray(ab, ab + laenge)
}

interface Feld {
  name: string
  datei: string | null
  inhalt: Buffer
}

async function lies(bytes: Uint8Array, laenge: number, grenze: string): Promise<Feld[]> {
  const felder: Feld[] = []
  for await (const teil of readMultipart(gestueckelt(bytes, laenge), grenze)) {
    if (teil.art === 'beginn') felder.push({ name: teil.name, datei: teil.datei, inhalt: Buffer.alloc(0) })
    if (teil.art === 'bytes') felder.at(-1)!.inhalt = Buffer.concat([felder.at(-1)!.inhalt, teil.bytes])
  }
  return felder
}

/** As Node (undici) writes it, which is as browsers do. */
async function schreibe(felder: readonly Feld[]): Promise<{ bytes: Uint8Array; grenze: string }> {
  const body = new FormData()
  for (const { name, datei, inhalt } of felder)
    if (datei === null) body.append(name, inhalt.toString('latin1'))
    else body.append(name, new File([new Uint8Array(inhalt)], datei))
  const request = new Request('http://x', { method: 'POST', body })
  return { bytes: new Uint8Array(await request.arrayBuffer()), grenze: findGrenze(request.headers.get('Content-Type')!)! }
}

test('what was written is read back, however it is cut', async () => {
  const inhalt = fc.array(fc.constantFrom('\r', '\n', '-', '\r\n--', 'GDV', 'ä'), { maxLength: 30 }).map((teile) => Buffer.from(teile.join('')))
  const datei = fc.record({ name: fc.constant('datei'), datei: fc.constantFrom('a.gdv', 'Müller "neu".csv', 'x;y.txt'), inhalt })
  const feld = fc.record({ name: fc.constantFrom('aktion', 'b'), datei: fc.constant(null), inhalt: fc.constant(Buffer.from('id-1')) })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(datei, feld), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 200 }), async (felder, laenge) => {
      const { bytes, grenze } = await schreibe(felder)
      expect(await lies(bytes, laenge, grenze)).toEqual(felder)
    }),
  )
})

test('a body that is cut off, or none at all, is refused', async () => {
  const { bytes, grenze } = await schreibe([{ name: 'datei', datei: 'a.gdv', inhalt: Buffer.alloc(5_000, 'x') }])
  for (const ende of [0, 10, 100, 3_000, bytes.length - 6])
    await expect(lies(bytes.subarray(0, ende), 64, grenze)).rejects.toBeInstanceOf(Multipartfehler)
  await expect(lies(Buffer.alloc(20_000, 'x'), 1_000, grenze)).rejects.toBeInstanceOf(Multipartfehler)
  await expect(lies(Buffer.from(`--${grenze}\r\nX: 1\r\n\r\n`), 9, grenze)).rejects.toBeInstanceOf(Multipartfehler)
})

test.each([
  ['multipart/form-data; boundary=abc', 'abc'],
  ['multipart/form-data; charset=utf-8; boundary="a b"', 'a b'],
  ['application/x-www-form-urlencoded', undefined],
])('the boundary of %s', (typ, grenze) => {
  expect(findGrenze(typ)).toBe(grenze)
})
