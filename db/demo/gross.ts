/** Large made-up Betriebe for measuring: the same people as in the demo, by the hundred thousand. */
import { sql } from 'kysely'
import { berlinInstant } from '../../domain/kalender.ts'
import { insertAnmeldung } from '../anmeldung.ts'
import { type Db, withLeitung } from '../verbindung.ts'
import { type Bestandshaushalt, bestand } from './bestand.ts'
import { type Ziel, insertHaushalte, insertVersicherer } from './einspielen.ts'
import { plusJahre } from './tage.ts'
import { type Wuerfel, createWuerfel } from './wuerfel.ts'

export interface GrossVorgaben {
  /** 'YYYY-MM-DD' in Europe/Berlin. */
  heute: string
  /** In all Betriebe together, spread evenly. */
  kunden: number
  betriebe: number
  /** Of each Betrieb, the Supervisor not counted. */
  vermittler: number
  seed: number
  /** Gives every Betrieb's Supervisor an account ("supervisor@betrieb-7.example"; needs role owner); null = no accounts. */
  passwort?: string | null
  /** Called after each block with what was written so far. */
  onFortschritt?: (bisher: Gezaehlt) => void
}

export interface Gezaehlt {
  kunden: number
  vertraege: number
}

export interface Gross extends Gezaehlt {
  betriebe: { id: number; name: string; supervisor: string }[]
}

/** Kunden in one block: some ten thousand rows, a few dozen MB. */
const BLOCK = 2500

/** Blocks commit one by one: a run that is stopped leaves a smaller Betrieb. Marked as demo, so that they never pass for real ones. */
export async function seedGross(db: Db, vorgaben: GrossVorgaben): Promise<Gross> {
  const ergebnis: Gross = { kunden: 0, vertraege: 0, betriebe: [] }
  let schreibend: Promise<void> = Promise.resolve()
  for (let b = 0; b < vorgaben.betriebe; b++) {
    await schreibend
    const { ziel, name, supervisor } = await insertBetrieb(db, vorgaben, b)
    ergebnis.betriebe.push({ id: ziel.betrieb, name, supervisor })
    const seed = vorgaben.seed * 1000 + b
    const w = createWuerfel(seed)
    const kunden = Math.floor(((b + 1) * vorgaben.kunden) / vorgaben.betriebe) - Math.floor((b * vorgaben.kunden) / vorgaben.betriebe)
    for (const block of blocks(bestand({ heute: vorgaben.heute, kunden, seed, mitSonderfaellen: false }))) {
      // The next block is made up while PostgreSQL writes this one.
      await schreibend
      schreibend = insertBlock(db, w, ziel, block).then((geschrieben) => {
        ergebnis.kunden += geschrieben.kunden
        ergebnis.vertraege += geschrieben.vertraege
        vorgaben.onFortschritt?.({ kunden: ergebnis.kunden, vertraege: ergebnis.vertraege })
      })
      // A failure is thrown by the next await, not as an unhandled rejection in between.
      schreibend.catch(() => {})
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await schreibend
  await sql`ANALYZE kunde, vertrag, haushalt, beziehung, einwilligung, portalzugang, kontakt`.execute(db)
  return ergebnis
}

/** A crash may cost the last blocks of a made-up Betrieb: nobody waits for the disk. */
function insertBlock(db: Db, w: Wuerfel, ziel: Ziel, block: readonly Bestandshaushalt[]): Promise<Gezaehlt> {
  return withLeitung(db, async (leitung) => {
    await sql`SET LOCAL synchronous_commit = off`.execute(leitung.trx)
    return insertHaushalte(leitung, w, ziel, block)
  })
}

async function insertBetrieb(
  db: Db,
  { heute, vermittler, passwort = null }: GrossVorgaben,
  b: number,
): Promise<{ ziel: Ziel; name: string; supervisor: string }> {
  return db.transaction().execute(async (trx) => {
    const beginn = plusJahre(heute, -3)
    const { id: betrieb } = await trx
      .insertInto('betrieb')
      .values({ name: `Maklerhaus ${b + 1}`, ort: 'Hamburg', bundesland: 'HH', demo: true, beginn, anlauf_am: berlinInstant(beginn, '09:00') })
      .returning('id')
      .executeTakeFirstOrThrow()
    const adresse = (wer: string): string => `${wer}@betrieb-${betrieb}.example`
    const supervisor = adresse('supervisor')
    const anmeldung = passwort === null ? null : await insertAnmeldung(trx, { email: supervisor, passwort })
    const leute = [
      { vorname: 'Karin', name: `Lindner ${b + 1}`, rolle: 'SUPERVISOR' as const, email: supervisor, anmeldung_id: anmeldung },
      ...Array.from({ length: vermittler }, (_, i) => ({
        vorname: 'Jan',
        name: `Petersen ${i + 1}`,
        rolle: 'VERMITTLER' as const,
        email: adresse(`vermittler${i + 1}`),
        anmeldung_id: null,
      })),
    ]
    const ids = await trx
      .insertInto('vermittler')
      .values(leute.map((wer) => ({ ...wer, betrieb_id: betrieb, einstellungen: '{}' })))
      .returning('id')
      .execute()
    const [erster, ...weitere] = ids.map(({ id }) => id)
    const ziel: Ziel = { betrieb, vermittler: weitere.length > 0 ? weitere.map((id) => [id, 1]) : [[erster!, 1]] }
    await insertVersicherer(trx, ziel)
    return { ziel, name: `Maklerhaus ${b + 1}`, supervisor }
  })
}

function* blocks(haushalte: Iterable<Bestandshaushalt>): Generator<Bestandshaushalt[]> {
  let block: Bestandshaushalt[] = []
  let kunden = 0
  for (const haushalt of haushalte) {
    block.push(haushalt)
    kunden += haushalt.haushalt.mitglieder.length
    if (kunden < BLOCK) continue
    yield block
    block = []
    kunden = 0
  }
  if (block.length > 0) yield block
}
