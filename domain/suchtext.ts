/**
 * How names are found however they are typed: Müller, Mueller, MULLER and müller are one. Kunden carry the folded text in `kunde.suchtext`,
 * the search folds the query the same way. Words stand apart by one space; a query's word finds the words that begin with it.
 */

export interface Suchfelder {
  nummer: string
  vorname?: string | null
  name: string
  namenszusatz?: string | null
  strasse?: string | null
  plz?: string | null
  ort?: string | null
  email?: string | null
  telefon?: string | null
  mobil?: string | null
}

/** What is stored in `kunde.suchtext`: words with a leading space, phone numbers as one word of digits. */
export function toSuchtext(kunde: Suchfelder): string {
  const { nummer, vorname, name, namenszusatz, strasse, plz, ort, email } = kunde
  const worte = falte([vorname, name, namenszusatz, strasse, plz, ort, email].filter(Boolean).join(' '))
  const zahlen = [kunde.telefon, kunde.mobil].flatMap((t) => (t ? [telefonZiffern(t)] : []))
  return ` ${[nummer.toLowerCase().replace(/[^a-z0-9]/g, ''), ...worte, ...zahlen].join(' ')}`
}

/**
 * Words without case, accents and punctuation. An e after a, o, u is dropped, so that ä, ae and a are the same letter;
 * a word's beginning folds to the beginning of the folded word, so half a name finds the name.
 */
export function falte(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[øœ]/g, 'o')
    .replaceAll('æ', 'a')
    .replaceAll('ı', 'i')
    .replaceAll('ł', 'l')
    .replaceAll('đ', 'd')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/([aou])e/g, '$1')
    .split(/[^a-z0-9]+/)
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
