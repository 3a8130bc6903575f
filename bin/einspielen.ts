/** What a database needs before anybody works with it: its newest shape, the demo Betrieb, the key to the first real one. */
import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { setPasswort } from '../db/anmeldung.ts'
import { verifyPassword } from '../db/passwort.ts'
import { type Db, createDb, createPool } from '../db/verbindung.ts'
import { berlinTag } from '../domain/kalender.ts'
import { newPassword } from './geheimnisse.ts'

export interface Zugaenge {
  /** Undefined: there is no demo Betrieb. */
  demo?: { emails: string[]; neu: boolean; passwort: string | undefined }
  /** Key to /einrichtung; undefined once there is a real Betrieb. */
  einrichtung?: string
}

export interface Demowunsch {
  laden: boolean
  /** What the logins shall have; undefined: random for new ones, unchanged for old ones. */
  passwort: string | undefined
}

/** As the owner, after the migrations. */
export async function prepareZugaenge(url: string, wunsch: Demowunsch): Promise<Zugaenge> {
  const db = createDb(createPool(url, 'owner', { max: 2 }))
  try {
    const demo = await prepareDemo(db, wunsch)
    const einrichtung = await newEinrichtung(db)
    return { ...(demo && { demo }), ...(einrichtung && { einrichtung }) }
  } finally {
    await db.destroy()
  }
}

async function prepareDemo(db: Db, { laden, passwort }: Demowunsch): Promise<Zugaenge['demo']> {
  const betriebe = await db.selectFrom('betrieb').select(['id', 'demo']).execute()
  // The demo Betrieb never stands beside a real one unless it was there first.
  if (laden && betriebe.length === 0) {
    // Needed once in an installation's life.
    const { seedDemo } = await import('../db/demo/demo.ts')
    const neues = passwort ?? newPassword()
    const { logins } = await seedDemo(db, { heute: berlinTag(new Date().toISOString()), passwort: neues, logins: true })
    return { emails: logins.map(({ email }) => email), neu: true, passwort: neues }
  }
  const demo = betriebe.find((betrieb) => betrieb.demo)
  if (!demo) return undefined
  const konten = await listKonten(db, demo.id)
  if (passwort) await setPasswords(db, konten, passwort)
  return { emails: konten.map(({ email }) => email), neu: false, passwort }
}

interface Konto {
  id: string
  email: string
  passwort: string | null
}

async function listKonten(db: Db, betrieb: number): Promise<Konto[]> {
  const { rows } = await sql<Konto>`
    SELECT k.id, v.email, k.passwort FROM vermittler v JOIN auth.konto k ON k.id = v.anmeldung_id
    WHERE v.betrieb_id = ${betrieb} AND v.aktiv ORDER BY v.rolle, v.id`.execute(db)
  return rows
}

/** Only where it differs: a new password ends every session. */
async function setPasswords(db: Db, konten: readonly Konto[], passwort: string): Promise<void> {
  for (const { id, passwort: hash } of konten) if (!hash || !(await verifyPassword(hash, passwort))) await setPasswort(db, id, passwort)
}

/** A fresh key at every start, as long as nobody has used one; only its hash is kept. */
async function newEinrichtung(db: Db): Promise<string | undefined> {
  const token = randomBytes(16).toString('base64url')
  const einrichtung_hash = createHash('sha256').update(token).digest('hex')
  const echte = db.selectFrom('betrieb').select('id').where('demo', '=', false)
  const { numUpdatedRows } = await db
    .updateTable('installation')
    .set({ einrichtung_hash })
    .where(({ not, exists }) => not(exists(echte)))
    .executeTakeFirst()
  return numUpdatedRows > 0n ? token : undefined
}
