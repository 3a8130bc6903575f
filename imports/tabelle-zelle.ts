/** A row of a table as it stands in the file, whatever the format; and a file that is none. */
export interface Rohzeile {
  /** Line (CSV) or row (Excel) in the file, from 1. */
  nr: number
  zellen: string[]
}

/** The file cannot be read as a table; `message` says to a person why and what helps. Nothing of it may be stored. */
export class Unlesbar extends Error {}

/** Trimmed, single spaces, without control characters (PostgreSQL takes no NUL). */
export function toZelle(roh: string): string {
  return roh.replace(/[\p{Cc}\u00a0\u200b\ufeff\s]+/gu, ' ').trim()
}

/** What people and programs write where there is nothing. */
export function istLeer(zelle: string): boolean {
  return (
    zelle === '' ||
    /^([-–—./?*]+|k\.? ?a\.?|n\/?a|keine angabe|unbekannt|null|none|#n\/a|#nv|#wert!|#bezug!|#name\?|#div\/0!|#ref!|#value!)$/i.test(zelle)
  )
}
