/**
 * Words folded for searching: lower case, no accents, no punctuation, ß as ss. Umlauts are folded both ways, because people type
 * "Mueller", "Muller" and "Müller" for the same person.
 */
export interface Gesucht {
  vorname?: string | null | undefined
  name: string
  ort?: string | null | undefined
  nummer: string
}

/** What `kunde.suchtext` holds. */
export function suchtext({ name, vorname, ort, nummer }: Gesucht): string {
  const text = [name, vorname, ort, nummer].filter(Boolean).join(' ')
  const ausgeschrieben = falte(text)
  const ohnePunkte = reduce(text)
  const weitere = ohnePunkte.split(' ').filter((wort) => !ausgeschrieben.split(' ').includes(wort))
  return [ausgeschrieben, ...weitere].join(' ')
}

/** One folding, for what is typed into the search and for comparing two names: ä becomes ae. */
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
