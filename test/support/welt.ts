/** A small believable world: a Betrieb with its people, customers and contracts, made row by row as the owner. */
import { randomUUID } from 'node:crypto'
import { type Insertable, sql } from 'kysely'
import type { BetriebTable, FallTable, KundeTable, VermittlerTable, VertragTable } from '../../db/schema.ts'
import type { Db } from '../../db/verbindung.ts'

export async function insertBetrieb(db: Db, felder: Partial<Insertable<BetriebTable>> = {}): Promise<number> {
  const { id } = await db
    .insertInto('betrieb')
    .values({ name: 'Maklerhaus Lindner', ort: 'Hamburg', bundesland: 'HH', beginn: '2024-01-01', anlauf_am: '2024-01-01T00:00:00Z', ...felder })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Also opens a session for the person; its token is what `withSession` takes. With `anmeldung_id` the account exists already (`insertAnmeldung`). */
export async function insertVermittler(
  db: Db,
  betrieb: number,
  felder: Partial<Insertable<VermittlerTable>> = {},
): Promise<{ id: number; token: string; email: string }> {
  const konto = felder.anmeldung_id ?? randomUUID()
  const token = randomUUID()
  const email = felder.email ?? `anna.weber.${konto.slice(0, 8)}@lindner.example`
  await sql`INSERT INTO auth.konto (id, email) VALUES (${konto}, lower(${email})) ON CONFLICT DO NOTHING`.execute(db)
  await sql`INSERT INTO auth.sitzung (id, konto_id, laeuft_ab_am) VALUES (sha256(convert_to(${token}, 'UTF8')), ${konto}, now() + interval '1 day')`.execute(
    db,
  )
  const { id } = await db
    .insertInto('vermittler')
    .values({ betrieb_id: betrieb, anmeldung_id: konto, vorname: 'Anna', name: 'Weber', rolle: 'VERMITTLER', einstellungen: '{}', ...felder, email })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, token, email }
}

let nummer = 0

export async function insertKunde(
  db: Db,
  { betrieb, vermittler }: { betrieb: number; vermittler: number },
  felder: Partial<Insertable<KundeTable>> = {},
): Promise<number> {
  const { id } = await db
    .insertInto('kunde')
    .values({
      betrieb_id: betrieb,
      vermittler_id: vermittler,
      nummer: `K-${String(++nummer).padStart(6, '0')}`,
      art: 'NATUERLICH',
      anrede: 'FRAU',
      vorname: 'Elif',
      name: 'Çelik',
      geburtsdatum: '1995-03-14',
      ort: 'Hamburg',
      email: 'elif.celik@kunde.example',
      telefon: '040 1234567',
      ...felder,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function insertVertrag(
  db: Db,
  { betrieb, kunde }: { betrieb: number; kunde: number },
  felder: Partial<Insertable<VertragTable>> = {},
): Promise<number> {
  const { id } = await db
    .insertInto('vertrag')
    .values({
      betrieb_id: betrieb,
      kunde_id: kunde,
      vu_nummer: '5342',
      vsnr: `VS-${++nummer}`,
      vsnr_norm: `VS${nummer}`,
      sparte: 'HAUSRAT',
      sparte_gdv: '130',
      status: 'AKTIV',
      bestandsart: 'EIGEN',
      beginn: '2020-01-01',
      bestaetigt_am: '2026-11-01',
      merkmale: '{}',
      ...felder,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function insertFall(
  db: Db,
  { betrieb, vermittler, kunde }: { betrieb: number; vermittler: number; kunde: number },
  felder: Partial<Insertable<FallTable>> = {},
): Promise<number> {
  const { id } = await db
    .insertInto('fall')
    .values({
      betrieb_id: betrieb,
      vermittler_id: vermittler,
      kunde_id: kunde,
      gevo: 'G01',
      schluessel: `k${kunde}`,
      prio: 3,
      befund: '{}',
      stichtag: '2026-11-23',
      epoch: 1,
      status: 'OFFEN',
      ...felder,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
