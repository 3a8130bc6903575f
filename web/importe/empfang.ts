/**
 * Takes an upload in: to the disk first, in pieces, then into the database in one transaction. Neither the memory nor a connection waits
 * for a slow line. The file has no name any more once it is open: whatever ends this process, nothing of it stays.
 */
import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { Multipartfehler, findGrenze, readMultipart } from '../multipart.ts'
import type { Env } from '../umgebung.ts'

/** Of all files put in together; the largest deliveries known (100,000 contracts) have about 130 MB. */
export const HOECHSTENS_BYTES = 250 * 1024 * 1024
export const HOECHSTENS_DATEIEN = 50

export interface Datei {
  /** Without folders. */
  name: string
  bytes: number
  anfang: Uint8Array
  /** SHA-256, hex. */
  pruefsumme: string
  /** Came after the limit: its bytes were thrown away. */
  zuGross: boolean
  lies(): AsyncGenerator<Uint8Array>
}

export interface Empfang {
  felder: Readonly<Record<string, string>>
  dateien: readonly Datei[]
}

/** What is larger is not even read to its end to say which file it was. */
const HOECHSTENS_GELESEN = 2 * HOECHSTENS_BYTES
const HOECHSTENS_FELD = 1024
const STUECK = 1024 * 1024

/** Around the route of the upload, before the session's transaction begins; whose bytes are taken is asked before (eingang.ts). */
export async function withEmpfang(c: Context<Env>, next: () => Promise<void>): Promise<void> {
  const grenze = findGrenze(c.req.header('Content-Type') ?? '')
  if (grenze === undefined || !c.req.raw.body) throw new HTTPException(415)
  if (Number(c.req.header('Content-Length')) > HOECHSTENS_GELESEN) throw new HTTPException(413)
  const ablage = await createAblage()
  try {
    c.set('empfang', await receive(c.req.raw.body, grenze, ablage))
    await next()
  } catch (error) {
    throw error instanceof Multipartfehler ? new HTTPException(400) : error
  } finally {
    await ablage.close()
  }
}

async function receive(body: AsyncIterable<Uint8Array>, grenze: string, ablage: FileHandle): Promise<Empfang> {
  const felder: Record<string, string> = {}
  const dateien: Datei[] = []
  let [ende, gelesen] = [0, 0]
  let feld: { name: string; text: string } | undefined
  let datei: (Datei & { ab: number; hash: ReturnType<typeof createHash> }) | undefined
  for await (const teil of readMultipart(body, grenze)) {
    if (teil.art === 'beginn') {
      // PostgreSQL stores no such character, and no keyboard types it.
      if (`${teil.name}${teil.datei ?? ''}`.includes('\0')) throw new Multipartfehler()
      feld = teil.datei === null ? { name: teil.name, text: '' } : undefined
      datei = teil.datei === null ? undefined : createDatei(ablage, teil.datei, ende)
    } else if (teil.art === 'bytes') {
      if (feld && feld.text.length < HOECHSTENS_FELD) feld.text += Buffer.from(teil.bytes).toString('utf8')
      gelesen += teil.bytes.length
      if (gelesen > HOECHSTENS_GELESEN) throw new HTTPException(413)
      if (!datei) continue
      datei.bytes += teil.bytes.length
      datei.zuGross ||= ende + teil.bytes.length > HOECHSTENS_BYTES || dateien.length >= HOECHSTENS_DATEIEN
      if (datei.zuGross) continue
      await ablage.write(teil.bytes, 0, teil.bytes.length, ende)
      ende += teil.bytes.length
      datei.hash.update(teil.bytes)
      if (datei.anfang.length < 4096) datei.anfang = Buffer.concat([datei.anfang, teil.bytes.subarray(0, 4096)])
    } else {
      if (feld?.text.includes('\0')) throw new Multipartfehler()
      if (feld) felder[feld.name] = feld.text
      // A browser without a chosen file sends one without name.
      if (datei && (datei.name !== '' || datei.bytes > 0)) {
        if (datei.zuGross) ende = datei.ab
        datei.pruefsumme = datei.hash.digest('hex')
        dateien.push(datei)
      }
      feld = datei = undefined
    }
  }
  return { felder, dateien }
}

function createDatei(ablage: FileHandle, pfad: string, ab: number) {
  const datei = {
    name: pfad.split(/[/\\]/).at(-1)!.slice(0, 200),
    bytes: 0,
    anfang: new Uint8Array() as Uint8Array,
    pruefsumme: '',
    zuGross: false,
    ab,
    hash: createHash('sha256'),
    async *lies() {
      for (let von = 0; von < datei.bytes; von += STUECK) {
        const { buffer, bytesRead } = await ablage.read(Buffer.alloc(Math.min(STUECK, datei.bytes - von)), 0, null, ab + von)
        yield buffer.subarray(0, bytesRead)
      }
    },
  }
  return datei
}

async function createAblage(): Promise<FileHandle> {
  const name = path.join(tmpdir(), `vm-empfang-${randomUUID()}`)
  const handle = await open(name, 'wx+', 0o600)
  // Windows keeps the name until the file is closed.
  await rm(name).catch(() => undefined)
  return handle
}
