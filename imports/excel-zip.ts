/**
 * The parts of a workbook out of its zip, and back into a small one: what a reader of workbooks is handed is never larger than allowed,
 * whatever the zip claims (a few kB may unpack to gigabytes). https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { crc32, inflateRawSync } from 'node:zlib'
import { Unlesbar } from './tabelle-zelle.ts'

export type Teile = Map<string, Buffer>

/** Unpacked, all needed parts together. */
const HOECHSTENS_BYTES = 100 * 1024 * 1024
const HOECHSTENS_TEILE = 2_000
const KOPF = 0x04034b50
const VERZEICHNIS = 0x02014b50
const ENDE = 0x06054b50

export const ZU_GROSS = 'Die Arbeitsmappe ist zu groß. Speichern Sie das Tabellenblatt in Excel als CSV-Datei und lesen Sie diese ein.'
export const BESCHAEDIGT = 'Die Arbeitsmappe ist unvollständig oder beschädigt. Öffnen Sie sie in Excel und speichern Sie sie noch einmal.'

/** Parts whose names `nehmen` takes. */
export function unzip(bytes: Buffer, nehmen: (name: string) => boolean): Teile {
  const teile: Teile = new Map()
  let uebrig = HOECHSTENS_BYTES
  for (const { name, stelle, gepackt, verfahren } of readVerzeichnis(bytes)) {
    if (!nehmen(name)) continue
    const inhalt = inflate(readInhalt(bytes, stelle, gepackt), verfahren, uebrig)
    uebrig -= inhalt.length
    teile.set(name, inhalt)
  }
  return teile
}

/** Without compression: it is only handed on. */
export function zip(teile: Teile): Buffer {
  const vorne: Buffer[] = []
  const hinten: Buffer[] = []
  let stelle = 0
  for (const [name, inhalt] of teile) {
    const wer = Buffer.from(name)
    const gemeinsam = Buffer.alloc(26)
    // Version 2.0, no flags, stored, no time.
    gemeinsam.writeUInt16LE(20, 0)
    gemeinsam.writeUInt32LE(crc32(inhalt), 10)
    gemeinsam.writeUInt32LE(inhalt.length, 14)
    gemeinsam.writeUInt32LE(inhalt.length, 18)
    gemeinsam.writeUInt16LE(wer.length, 22)
    const eintrag = Buffer.alloc(14)
    eintrag.writeUInt32LE(stelle, 10)
    vorne.push(uint32(KOPF), gemeinsam, wer, inhalt)
    hinten.push(uint32(VERZEICHNIS), Buffer.from([20, 0]), gemeinsam, eintrag, wer)
    stelle += 30 + wer.length + inhalt.length
  }
  const verzeichnis = Buffer.concat(hinten)
  const ende = Buffer.alloc(22)
  ende.writeUInt32LE(ENDE, 0)
  ende.writeUInt16LE(teile.size, 8)
  ende.writeUInt16LE(teile.size, 10)
  ende.writeUInt32LE(verzeichnis.length, 12)
  ende.writeUInt32LE(stelle, 16)
  return Buffer.concat([...vorne, verzeichnis, ende])
}

interface Eintrag {
  name: string
  stelle: number
  gepackt: number
  verfahren: number
}

/** The directory at the end says where each part lies. */
function readVerzeichnis(bytes: Buffer): Eintrag[] {
  const ende = bytes.lastIndexOf(uint32(ENDE))
  if (ende < 0 || ende + 22 > bytes.length) throw new Unlesbar(BESCHAEDIGT)
  const anzahl = bytes.readUInt16LE(ende + 10)
  if (anzahl > HOECHSTENS_TEILE) throw new Unlesbar(ZU_GROSS)
  const eintraege: Eintrag[] = []
  let ab = bytes.readUInt32LE(ende + 16)
  for (let i = 0; i < anzahl; i++) {
    if (ab + 46 > bytes.length || bytes.readUInt32LE(ab) !== VERZEICHNIS) throw new Unlesbar(BESCHAEDIGT)
    const laenge = bytes.readUInt16LE(ab + 28)
    eintraege.push({
      name: bytes.toString('utf8', ab + 46, ab + 46 + laenge),
      verfahren: bytes.readUInt16LE(ab + 10),
      gepackt: bytes.readUInt32LE(ab + 20),
      stelle: bytes.readUInt32LE(ab + 42),
    })
    ab += 46 + laenge + bytes.readUInt16LE(ab + 30) + bytes.readUInt16LE(ab + 32)
  }
  return eintraege
}

function readInhalt(bytes: Buffer, stelle: number, gepackt: number): Buffer {
  if (stelle + 30 > bytes.length || bytes.readUInt32LE(stelle) !== KOPF) throw new Unlesbar(BESCHAEDIGT)
  const ab = stelle + 30 + bytes.readUInt16LE(stelle + 26) + bytes.readUInt16LE(stelle + 28)
  if (ab + gepackt > bytes.length) throw new Unlesbar(BESCHAEDIGT)
  return bytes.subarray(ab, ab + gepackt)
}

function inflate(gepackt: Buffer, verfahren: number, hoechstens: number): Buffer {
  if (verfahren === 0) {
    if (gepackt.length > hoechstens) throw new Unlesbar(ZU_GROSS)
    return gepackt
  }
  if (verfahren !== 8) throw new Unlesbar(BESCHAEDIGT)
  if (hoechstens <= 0) throw new Unlesbar(ZU_GROSS)
  try {
    return inflateRawSync(gepackt, { maxOutputLength: hoechstens })
  } catch (error) {
    throw new Unlesbar((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? ZU_GROSS : BESCHAEDIGT)
  }
}

function uint32(zahl: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(zahl)
  return bytes
}
