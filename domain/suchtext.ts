/**
 * Words folded for searching: lower case, no accents, no punctuation, ß as ss. People type "Mueller", "Muller" and "Müller" for the same
 * person, so the search makes one letter of ä, ae and a, on both sides; the beginning of a name still folds to the beginning of the folded name.
 */
export interface Gesucht {
  nummer: string
  name: string
  vorname?: string | null | undefined
  namenszusatz?: string | null | undefined
  strasse?: string | null | undefined
  plz?: string | null | undefined
  ort?: string | null | undefined
  email?: string | null | undefined
  telefon?: string | null | undefined
  mobil?: string | null | undefined
}

/** What `kunde.suchtext` holds: each word after a blank, the Kundennummer and each phone number as one word. */
export function suchtext({ nummer, vorname, name, namenszusatz, strasse, plz, ort, email, telefon, mobil }: Gesucht): string {
  const worte = suchworte([vorname, name, namenszusatz, strasse, plz, ort, email].filter(Boolean).join(' '))
  const zahlen = [telefon, mobil].flatMap((t) => (t ? [telefonZiffern(t)] : []))
  return ` ${[falte(nummer).replaceAll(' ', ''), ...worte, ...zahlen].join(' ')}`
}

/** The words a query must find the beginnings of. */
export function suchworte(text: string): string[] {
  return reduce(text)
    .replace(/([aou])e/g, '$1')
    .split(' ')
    .filter((wort) => wort !== '')
}

/** Digits as dialled within Germany: "+49 (0)40 / 123" is "040123". */
export function telefonZiffern(text: string): string {
  return text
    .replace(/\(0\)/g, '')
    .replace(/[^\d+]/g, '')
    .replace(/^(\+|00)49/, '0')
    .replace(/\D/g, '')
}

/** The folding for comparing two names: ä becomes ae. */
export function falte(text: string): string {
  return reduce(text.normalize('NFC').replace(/[äöü]/gi, (zeichen) => `${zeichen}e`))
}

const OHNE_ZERLEGUNG: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' }

function reduce(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßøæœłđðþı]/g, (zeichen) => OHNE_ZERLEGUNG[zeichen]!)
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
