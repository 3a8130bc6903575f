/** `npm run gevo zeige KEY [TAG]`: whom a GeVo finds today in the database of this installation, switched on or not. Reads only; prints no names. */
import { sql } from 'kysely'
import { ask } from '../db/bestand.ts'
import { createDb, createPool, roleUrl } from '../db/verbindung.ts'
import { readTag } from '../domain/eingabe.ts'
import { berlinTag } from '../domain/kalender.ts'
import type { Gevo } from '../gevos/gevo.ts'
import { openDatenbank } from './datenbank.ts'

const BEISPIELE = 5

/** Throws in German where there is no such GeVo, no such day or no database. */
export async function zeigeGevo(key: string, am: string | undefined): Promise<void> {
  // Only now: a file just written by `neu` must not keep the other commands from running.
  const { katalog } = await import('../gevos/katalog.ts')
  const gevo = katalog.find((eine) => eine.key === key || eine.code === key)
  if (!gevo) throw new Error(`Kein Geschäftsvorfall heißt ${key}. Es gibt: ${katalog.map((eine) => eine.key).join(', ')}`)
  const heute = berlinTag(new Date().toISOString())
  const tag = readTag(am ?? heute, heute)
  if (!tag.ok) throw new Error(tag.fehler)
  const datenbank = await openDatenbank(process.env, 'die Vorschau eines Geschäftsvorfalls')
  const db = createDb(createPool(roleUrl(datenbank.url, 'vm_worker', datenbank.secret), 'vm_worker', { max: 1 }))
  try {
    for (const zeile of await listZeilen(db, gevo, tag.wert ?? heute)) console.log(zeile)
  } finally {
    await db.destroy()
    await datenbank.close()
  }
}

function listZeilen(db: ReturnType<typeof createDb>, gevo: Gevo, stichtag: string): Promise<string[]> {
  return db
    .transaction()
    .setAccessMode('read only')
    .execute(async (trx) => {
      const betriebe = await trx.selectFrom('betrieb').select(['id', 'name']).orderBy('id').execute()
      const treffer = await trx
        .selectFrom(ask(trx, gevo, { betriebe: betriebe.map(({ id }) => id), stichtag, auchAus: true }).as('t'))
        .innerJoin('kunde as k', 'k.id', 't.kunde_id')
        .selectAll('t')
        .select('k.nummer')
        .orderBy(sql`t.dringlichkeit, t.frist, t.kunde_id, t.schluessel`)
        .execute()
      return betriebe.flatMap(({ id, name }) => {
        const hier = treffer.filter(({ betrieb_id }) => betrieb_id === id)
        const gefunden = hier.filter(({ lage }) => lage === 'TRIFFT')
        return [
          `${gevo.titel} (${gevo.code}) am ${stichtag}, ${name}: ${gefunden.length} Treffer, ${hier.length - gefunden.length} unbekannt`,
          ...gefunden.slice(0, BEISPIELE).map(({ nummer, befund }) => `  ${nummer}  ${gevo.anlass(befund)}`),
          ...gefunden.slice(0, 1).map(({ befund, unbekannt }) => `  Im Fall steht: ${gevo.erklaere(befund, unbekannt, stichtag, gevo.werte)}`),
        ]
      })
    })
}
