/** Finding customers by name in any order and spelling, by Kundennummer, policy number or phone. */
import { type RawBuilder, sql } from 'kysely'
import { normVsnr } from '../domain/nummern.ts'
import { suchworte, telefonZiffern } from '../domain/suchtext.ts'

/** Ids of the customers a text finds among those the person may see, as a subquery for `kunde.id IN (…)`. */
export function foundKunden(text: string): RawBuilder<number> {
  const { worte, nummer, telefon } = readSuche(text)
  return sql`(SELECT suche_kunden(${`{${worte.join(',')}}`}::text[], ${nummer}, ${telefon}))`
}

/** A number needs a digit and four characters, a phone number five digits and nothing but what belongs to one. */
export function readSuche(text: string): { worte: string[]; nummer: string; telefon: string } {
  const roh = text.trim().slice(0, 100)
  const nummer = normVsnr(roh) ?? ''
  const telefon = /^[\d\s+()/.-]+$/.test(roh) ? telefonZiffern(roh) : ''
  const istNummer = /\d/.test(nummer) && (nummer.length >= 4 || /^\d+$/.test(nummer))
  return { worte: suchworte(roh), nummer: istNummer ? nummer : '', telefon: telefon.length >= 5 ? telefon : '' }
}
