/**
 * Which code page a delivery was written in, and its text. GDV prescribes none: ISO-8859-1 is usual, Windows writes CP1252, old hosts
 * and DOS programs CP850, newer ones UTF-8, and one of the sample files went through a Mac. Recognised by what the bytes above 127 become: German letters or rubbish.
 */
import { isUtf8 as isUtf8Bytes } from 'node:buffer'

export type Zeichensatz = 'ISO-8859-1' | 'CP1252' | 'UTF-8' | 'CP850' | 'MacRoman'

/** `unsicher` says that not every byte became a letter that belongs into a German text, or that two code pages do equally well. */
export interface Erkannt {
  zeichensatz: Zeichensatz
  unsicher: boolean
}

const HOHE = /[\x80-\xff]/
const NIEDRIGE = /[\0-\x7f]+/g

/** Bytes 0x80 to 0xff of CP850 (IBM code page 850, Latin-1). */
const CP850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0'
/** Bytes 0x80 to 0xff of Mac OS Roman: files that were opened and saved on an old Mac. */
const MAC =
  'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ'
/** Bytes 0x80 to 0x9f of CP1252; the rest is ISO-8859-1. Five places are not taken. */
const CP1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'
const TABELLEN: Partial<Record<Zeichensatz, string>> = { CP850, MacRoman: MAC }
const DEUTSCH = /[äöüÄÖÜß]/g
const FREMD = /[àáâãåæçèéêëìíîïñòóôõøùúûýÿšžœÀÁÂÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕØÙÚÛÝŠŽŒ§°´€–„“”’½²³&.]/g

/** `roh`: text in which every character is one byte (Buffer.toString('latin1')). */
export function erkenneZeichensatz(roh: string): Erkannt {
  const hohe = roh.replace(NIEDRIGE, '')
  if (hohe === '') return { zeichensatz: 'ISO-8859-1', unsicher: false }
  if (isUtf8(roh)) return { zeichensatz: 'UTF-8', unsicher: false }
  const windows: Zeichensatz = /[\x80-\x9f]/.test(hohe) ? 'CP1252' : 'ISO-8859-1'
  const [beste, zweite] = [rate(hohe, windows), rate(hohe, 'CP850'), rate(hohe, 'MacRoman')].sort((a, b) => b.punkte - a.punkte)
  return { zeichensatz: beste!.zeichensatz, unsicher: beste!.fehl > 0 || beste!.punkte === zweite!.punkte }
}

/** Whether bytes that are held as latin1 characters are UTF-8 with at least one letter of more than one byte. */
export function isUtf8(roh: string): boolean {
  return HOHE.test(roh) && isUtf8Bytes(Buffer.from(roh, 'latin1'))
}

/** The text behind bytes that are held as latin1 characters. Bytes that make no sense in UTF-8 become U+FFFD. */
export function decode(roh: string, zeichensatz: Zeichensatz): string {
  if (zeichensatz === 'UTF-8') return Buffer.from(roh, 'latin1').toString('utf8')
  const tabelle = TABELLEN[zeichensatz]
  if (tabelle !== undefined) return roh.replace(/[\x80-\xff]/g, (byte) => tabelle[byte.charCodeAt(0) - 0x80]!)
  // ISO-8859-1 has no letters there: who sends some writes CP1252.
  return roh.replace(/[\x80-\x9f]/g, (byte) => CP1252[byte.charCodeAt(0) - 0x80]!)
}

/** The same way back, for writing: undefined characters become '?'. */
export function encode(text: string, zeichensatz: Zeichensatz): Uint8Array {
  if (zeichensatz === 'UTF-8') return Buffer.from(text, 'utf8')
  const tabelle = TABELLEN[zeichensatz] ?? (zeichensatz === 'CP1252' ? CP1252 : '')
  return Uint8Array.from(text, (zeichen) => {
    const stelle = zeichen > '\x7f' ? tabelle.indexOf(zeichen) : -1
    if (stelle >= 0) return 0x80 + stelle
    const code = zeichen.codePointAt(0)!
    return code < 0x80 || (TABELLEN[zeichensatz] === undefined && code < 0x100) ? code : 0x3f
  })
}

function rate(hohe: string, zeichensatz: Zeichensatz): { zeichensatz: Zeichensatz; punkte: number; fehl: number } {
  const text = decode(hohe, zeichensatz)
  const deutsch = text.match(DEUTSCH)?.length ?? 0
  const fremd = text.match(FREMD)?.length ?? 0
  const fehl = text.length - deutsch - fremd
  return { zeichensatz, punkte: 4 * deutsch + fremd - 2 * fehl, fehl }
}
