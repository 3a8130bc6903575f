/**
 * What a reader says → rows in temporary tables of one transaction, by COPY: memory stays flat, nothing is left of a run that is killed,
 * and no row of a delivery that is not believed ever lies in the database.
 */
import { sql } from 'kysely'
import type { Meldung, Paketkopf } from '../imports/lieferung.ts'
import type { Trx } from './faelle.ts'
import { type Befunde, E_BEFUND, createSammler } from './importe-befunde.ts'
import { TABELLEN as GELIEFERT, mahnungRow, personRow, schadenRow, vertragRow } from './importe-zeilen.ts'
import { type Wert, copyLines, toLine } from './kopieren.ts'
import type { Tag } from './schema.ts'
import type { Leitung } from './verbindung.ts'

/** What a package brings goes with it when it is rejected; what was found in it stays. */
const TABELLEN = { ...GELIEFERT, e_befund: E_BEFUND }
type Tabelle = keyof typeof TABELLEN

export interface Paket extends Paketkopf {
  saetze: number
  abgelehnt: string | null
  summenStimmen: boolean | null
}

export interface Eingelesen {
  pakete: Paket[]
  befunde: Befunde
  personen: number
  vertraege: number
}

export interface Leseauftrag {
  meldungen: AsyncIterable<Meldung>
  /** Today in Europe/Berlin: no delivery speaks of a later day. */
  heute: Tag
  /** Called about every few thousand rows. */
  melde(stand: { personen: number; vertraege: number }): Promise<void>
}

/** Bytes buffered before a COPY. */
const STAPEL = 2 * 1024 * 1024

export async function createEingang(trx: Trx): Promise<void> {
  for (const [tabelle, spalten] of Object.entries(TABELLEN))
    await sql
      .raw(
        `CREATE TEMP TABLE ${tabelle} (${Object.entries(spalten)
          .map(([name, typ]) => `${name} ${typ}`)
          .join(', ')}) ON COMMIT DROP`,
      )
      .execute(trx)
}

export async function readEingang({ trx, client }: Leitung, { meldungen, heute, melde }: Leseauftrag): Promise<Eingelesen> {
  const ablage = createAblage(client)
  const sammler = createSammler((werte) => ablage.put('e_befund', werte))
  const gelesen: Eingelesen = { pakete: [], befunde: sammler.befunde, personen: 0, vertraege: 0 }
  const stand = (paket: number): Tag => {
    const geliefert = gelesen.pakete.findLast(({ nr }) => nr === paket)?.stand ?? heute
    return geliefert < heute ? geliefert : heute
  }
  for await (const meldung of meldungen) {
    switch (meldung.art) {
      case 'paket':
        gelesen.pakete.push({ ...meldung.paket, saetze: 0, abgelehnt: null, summenStimmen: null })
        break
      case 'person':
        // Others than the Versicherungsnehmer are nobody's customer yet; contracts name them.
        if (meldung.person.rolle !== 'VN') break
        gelesen.personen++
        ablage.put('e_person', personRow(meldung.person, stand(meldung.person.paket)))
        break
      case 'vertrag':
        ablage.put('e_vertrag', vertragRow(meldung.vertrag, ++gelesen.vertraege, stand(meldung.vertrag.paket)))
        break
      case 'mahnung':
        ablage.put('e_mahnung', mahnungRow(meldung.mahnung, stand(meldung.mahnung.paket)))
        break
      case 'schaden':
        ablage.put('e_schaden', schadenRow(meldung.schaden, stand(meldung.schaden.paket)))
        break
      case 'befund':
        sammler.nimm(meldung.befund)
        break
      case 'paketEnde': {
        const { nr, saetze, abgelehnt, summenStimmen } = meldung.paket
        Object.assign(gelesen.pakete.findLast((paket) => paket.nr === nr) ?? {}, { saetze, abgelehnt, summenStimmen })
        if (abgelehnt !== null) {
          await ablage.leere()
          for (const tabelle of Object.keys(GELIEFERT)) await sql`DELETE FROM ${sql.table(tabelle)} WHERE paket = ${nr}`.execute(trx)
        }
      }
    }
    if (!ablage.voll()) continue
    await ablage.gibWeiter()
    await melde(gelesen)
  }
  await ablage.leere()
  await melde(gelesen)
  // Only what is joined by: looking at every column costs more than it brings.
  await sql`ANALYZE e_person (nr, paket, wer); ANALYZE e_vertrag (nr, paket, person, vu, vsnr_norm, vsnr_neu)`.execute(trx)
  return gelesen
}

/** Rows on their way into the temporary tables. PostgreSQL takes one batch in while the next is read. */
function createAblage(client: Leitung['client']) {
  let puffer = new Map<Tabelle, string[]>()
  let gepuffert = 0
  let unterwegs: Promise<void> = Promise.resolve()
  const gibWeiter = async (): Promise<void> => {
    await unterwegs
    unterwegs = copyAll(client, puffer)
    // Whoever hands over next is told.
    unterwegs.catch(() => undefined)
    puffer = new Map()
    gepuffert = 0
  }
  return {
    put(tabelle: Tabelle, werte: readonly Wert[]): void {
      const zeile = toLine(werte)
      const stapel = puffer.get(tabelle)
      if (stapel) stapel.push(zeile)
      else puffer.set(tabelle, [zeile])
      gepuffert += zeile.length
    },
    voll: () => gepuffert > STAPEL,
    gibWeiter,
    async leere(): Promise<void> {
      await gibWeiter()
      await unterwegs
    },
  }
}

async function copyAll(client: Leitung['client'], puffer: ReadonlyMap<Tabelle, readonly string[]>): Promise<void> {
  for (const [tabelle, zeilen] of puffer) await copyLines(client, tabelle, Object.keys(TABELLEN[tabelle]), zeilen)
}
