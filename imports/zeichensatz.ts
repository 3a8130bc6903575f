/**
 * Which code page a delivery was written in, and its text. GDV prescribes none: ISO-8859-1 is usual, Windows writes CP1252, old hosts
 * and DOS programs CP850, newer ones UTF-8. Recognised by what the bytes above 127 become: German letters or rubbish.
 */
export type Zeichensatz = 'ISO-8859-1' | 'CP1252' | 'UTF-8' | 'CP850'

/** Two-way doubt: `unsicher` says that not every byte became a letter that belongs into a German text. */
export interface Erkannt {
  zeichensatz: Zeichensatz
  unsicher: boolean
}

/** Bytes 0x80 to 0xff of CP850 (IBM code page 850, Latin-1). */
const CP850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0'
/** Bytes 0x80 to 0x9f of CP1252; the rest is ISO-8859-1. Five places are not taken. */
const CP1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'
const DEUTSCH = /[äöüÄÖÜß]/g
const FREMD = /[àáâãåæçèéêëìíîïñòóôõøùúûýÿšžœÀÁÂÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕØÙÚÛÝŠŽŒ§°´€–„“”’½²³&.]/g

/** `roh`: text in which every character is one byte (Buffer.toString('latin1')). */
export function erkenneZeichensatz(roh: string): Erkannt {
  const hohe = roh.replace(/[\0-\x7f]/g, '')
  if (hohe === '') return { zeichensatz: 'ISO-8859-1', unsicher: false }
  if (readUtf8(roh) !== undefined) return { zeichensatz: 'UTF-8', unsicher: false }
  const windows: Zeichensatz = /[\x80-\x9f]/.test(hohe) ? 'CP1252' : 'ISO-8859-1'
  const [besser, schlechter] = [rate(hohe, windows), rate(hohe, 'CP850')].sort((a, b) => b.punkte - a.punkte)
  return { zeichensatz: besser!.zeichensatz, unsicher: besser!.fehl > 0 || besser!.punkte === schlechter!.punkte }
}

/** The text behind bytes that are held as latin1 characters. Bytes that make no sense become U+FFFD. */
export function decode(roh: string, zeichensatz: Zeichensatz): string {
  if (zeichensatz === 'UTF-8') return Buffer.from(roh, 'latin1').toString('utf8')
  if (zeichensatz === 'CP850') return roh.replace(/[\x80-\xff]/g, (byte) => CP850[byte.charCodeAt(0) - 0x80]!)
  if (zeichensatz === 'CP1252') return roh.replace(/[\x80-\x9f]/g, (byte) => CP1252[byte.charCodeAt(0) - 0x80]!)
  return roh
}

/** The same way back, for writing: undefined characters become '?'. */
export function encode(text: string, zeichensatz: Zeichensatz): Uint8Array {
  if (zeichensatz === 'UTF-8') return Buffer.from(text, 'utf8')
  const tabelle = zeichensatz === 'CP850' ? CP850 : zeichensatz === 'CP1252' ? CP1252 : ''
  return Uint8Array.from(text, (zeichen) => {
    const stelle = zeichen > '\x7f' ? tabelle.indexOf(zeichen) : -1
    if (stelle >= 0) return 0x80 + stelle
    const code = zeichen.codePointAt(0)!
    return code < 0x80 || (zeichensatz !== 'CP850' && code < 0x100) ? code : 0x3f
  })
}

function rate(hohe: string, zeichensatz: Zeichensatz): { zeichensatz: Zeichensatz; punkte: number; fehl: number } {
  const text = decode(hohe, zeichensatz)
  const deutsch = text.match(DEUTSCH)?.length ?? 0
  const fremd = text.match(FREMD)?.length ?? 0
  const fehl = text.length - deutsch - fremd
  return { zeichensatz, punkte: 4 * deutsch + fremd - 2 * fehl, fehl }
}

function readUtf8(roh: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(roh, 'latin1'))
  } catch {
    return undefined
  }
}
