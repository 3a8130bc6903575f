/** Vorgänge: reminders of a Fall ("Übernahme Vorgänge") or made by hand (a Fall of the GeVo VORGANG with exactly one). */
import { sql } from 'kysely'
import { VORGANG } from '../domain/ergebnisse.ts'
import { type Fall, erinnerungAm } from '../domain/fall.ts'
import { type Antwort, type Auftrag, type Trx, insertFall, insertOutbox, insertProtokoll, once, takeEvent } from './faelle.ts'
import { joinReminderMail } from './mails.ts'

export interface NewVorgang {
  titel: string
  notiz: string | null
  /** UTC instant. */
  am: string
}

/** Sets a new reminder on a Fall. */
export async function remindFall(db: Trx, auftrag: Auftrag, neu: NewVorgang): Promise<Antwort> {
  return takeEvent(db, auftrag, async (row) => {
    const vorgang = await nextVorgangId(db)
    return {
      ereignis: { art: 'reminder', vorgang, am: neu.am },
      codes: { vorgang, am: neu.am },
      inhalt: { titel: neu.titel, ...(neu.notiz && { notiz: neu.notiz }) },
      schreibe: () => insertVorgang(db, vorgang, row, neu),
    }
  })
}

/** Moves a reminder; the workflow's timer moves with it. A due Vorgang becomes a coming one again. */
export async function moveVorgang(db: Trx, auftrag: Auftrag, vorgang: number, am: string): Promise<Antwort> {
  return takeEvent(db, auftrag, () => ({
    ereignis: { art: 'reminder', vorgang, am },
    codes: { vorgang, am },
    schreibe: () => updateVorgang(db, vorgang, { status: 'OFFEN', faellig_am: am, faellig_geworden_am: null, mail_id: null }),
  }))
}

export async function deleteVorgang(db: Trx, auftrag: Auftrag, vorgang: number): Promise<Antwort> {
  return takeEvent(db, auftrag, () => ({
    ereignis: { art: 'reminder', vorgang, am: null },
    codes: { vorgang },
    schreibe: () => updateVorgang(db, vorgang, { status: 'GELOESCHT' }),
  }))
}

export async function finishVorgang(db: Trx, auftrag: Auftrag, vorgang: number): Promise<Antwort> {
  return takeEvent(db, auftrag, () => ({
    ereignis: { art: 'done', vorgang },
    codes: { vorgang },
    schreibe: () => updateVorgang(db, vorgang, { status: 'ERLEDIGT', erledigt_am: sql<string>`now()` }),
  }))
}

/** The timer for `am` has fired: the Vorgänge of that instant are due, the Vermittler gets a mail. Taken once, however often it is called. */
export async function fireReminder(db: Trx, auftrag: Auftrag, am: string): Promise<Antwort> {
  return takeEvent(db, auftrag, (row, fall) => {
    const due = fall.erinnerungen.filter((e) => e.am !== null && e.am <= am).map((e) => e.vorgang)
    return {
      ereignis: { art: 'due', am },
      codes: { am, vorgaenge: due },
      schreibe: async () => {
        await db
          .updateTable('vorgang')
          .set({ status: 'FAELLIG', faellig_geworden_am: sql<string>`now()` })
          .where('id', 'in', due)
          .execute()
        await joinReminderMail(db, row.betrieb_id, row.vermittler_id)
      },
    }
  })
}

/** A Vorgang made by hand, for a customer, without a finding. `auftrag.fall` is not used. */
export async function openVorgang(
  db: Trx,
  auftrag: Omit<Auftrag, 'fall'>,
  { kunde, vermittler, stichtag, ...neu }: NewVorgang & { kunde: number; vermittler: number; stichtag: string },
): Promise<Antwort> {
  return once(db, auftrag, async () => {
    const row = await insertFall(db, { betrieb: auftrag.betrieb, vermittler, kunde, gevo: VORGANG, schluessel: auftrag.aktion, prio: 3, stichtag })
    const vorgang = await nextVorgangId(db)
    await insertVorgang(db, vorgang, row, neu)
    await db.updateTable('fall').set({ erinnerung_am: neu.am, offene_vorgaenge: 1 }).where('id', '=', row.id).execute()
    await insertProtokoll(db, auftrag, row, { ereignis: 'opened', version: 1, codes: { vorgang, am: neu.am }, inhalt: { titel: neu.titel } })
    const stand = { epoch: row.epoch, version: 1, status: row.status, erinnerungAm: neu.am, offeneVorgaenge: 1 }
    await insertOutbox(db, { betrieb: auftrag.betrieb, fall: row.id, signal: null, stand })
    return { ok: true, stand }
  })
}

/** The Vorgang a hand signal means when it names none: the earliest coming one, else the first open one. */
export function meantVorgang(fall: Fall): number | undefined {
  const first = erinnerungAm(fall.erinnerungen)
  return (fall.erinnerungen.find((e) => e.am === first) ?? fall.erinnerungen[0])?.vorgang
}

export async function nextVorgangId(db: Trx): Promise<number> {
  const { rows } = await sql<{ id: number }>`SELECT nextval(pg_get_serial_sequence('vorgang', 'id')) AS id`.execute(db)
  return rows[0]!.id
}

export async function insertVorgang(
  db: Trx,
  id: number,
  row: { id: number; betrieb_id: number; kunde_id: number; vermittler_id: number },
  { titel, notiz, am }: NewVorgang,
): Promise<void> {
  await sql`
    INSERT INTO vorgang (id, betrieb_id, fall_id, kunde_id, vermittler_id, titel, notiz, status, faellig_am) OVERRIDING SYSTEM VALUE
    VALUES (${id}, ${row.betrieb_id}, ${row.id}, ${row.kunde_id}, ${row.vermittler_id}, ${titel}, ${notiz}, 'OFFEN', ${am})`.execute(db)
}

async function updateVorgang(db: Trx, id: number, set: Record<string, unknown>): Promise<void> {
  await db.updateTable('vorgang').set(set).where('id', '=', id).execute()
}
