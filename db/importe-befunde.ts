/** What was wrong or doubtful in a delivery: all of it in rows to be downloaded, the first of each kind in the import itself. */
import { sql } from 'kysely'
import type { Befund } from '../imports/lieferung.ts'
import type { Trx } from './faelle.ts'
import type { ImportBefund } from './schema.ts'
import type { WebDb } from './sitzung.ts'

/** In the order of the file. */
export type Befundzeile = Pick<ImportBefund, 'text'> & Record<'paket' | 'zeile' | 'byte', number | null> & { feld: string | null }

export interface Befunde {
  gesamt: number
  /** Lines that something was found in. */
  zeilen: number
  /** How many are kept with their place. */
  aufgehoben: number
  /** The first few of each kind, the very first with how many there are. */
  erste: (Befund & { anzahl?: number })[]
}

/** More than a table shows: a ruined file must not fill the database. */
const HOECHSTENS = 100_000
const HOECHSTENS_ARTEN = 1_000
/** Of each kind beside the import, to be shown on its page. */
const ERSTE = 5

/** Columns of the temporary table they are read into. */
export const E_BEFUND = { nr: 'int', paket: 'int', zeile: 'int', byte: 'int', feld: 'text', text: 'text' } as const

/** Counts findings and hands those that are kept on, as rows of e_befund. */
export function createSammler(put: (werte: (string | number | null)[]) => void): { befunde: Befunde; nimm(befund: Befund): void } {
  const befunde: Befunde = { gesamt: 0, zeilen: 0, aufgehoben: 0, erste: [] }
  const arten = new Map<string, Befund & { anzahl: number }>()
  let zuletzt: number | null = null
  return {
    befunde,
    nimm(befund) {
      befunde.gesamt++
      if (befund.zeile === null || befund.zeile !== zuletzt) befunde.zeilen++
      zuletzt = befund.zeile
      if (befunde.aufgehoben < HOECHSTENS) {
        const { paket, zeile, byte, feld, text } = befund
        put([++befunde.aufgehoben, paket, zeile, byte, feld, text])
      }
      const art = befundart(befund)
      const erster = arten.get(art)
      if (erster) erster.anzahl++
      else if (arten.size === HOECHSTENS_ARTEN) return
      else arten.set(art, Object.assign(befund, { anzahl: 1 }))
      if ((erster?.anzahl ?? 1) <= ERSTE) befunde.erste.push(befund)
    },
  }
}

/** What is said of one value is of the same kind as what is said of another. */
export function befundart({ feld, text }: { feld?: string | null; text: string }): string {
  return `${feld ?? ''}|${text.replaceAll(/„[^“]*“/g, '„…“').replaceAll(/\d\d\.\d\d\.\d{4}/g, '…')}`
}

/** In place of those of an earlier run. */
export async function storeBefunde(trx: Trx, importId: number, betrieb: number): Promise<void> {
  await sql`DELETE FROM import_befund WHERE import_id = ${importId}`.execute(trx)
  await sql`INSERT INTO import_befund (import_id, betrieb_id, nr, paket, zeile, byte, feld, text)
    SELECT ${importId}, ${betrieb}, nr, paket, zeile, byte, feld, text FROM e_befund ORDER BY nr`.execute(trx)
}

export async function listBefunde(db: WebDb, importId: number): Promise<Befundzeile[]> {
  return db.selectFrom('import_befund').select(['paket', 'zeile', 'byte', 'feld', 'text']).where('import_id', '=', importId).orderBy('nr').execute()
}
