/** One Kunde of a made-up Betrieb, person or firm, before it has a number. */
import type { Selectable } from 'kysely'
import type { BeziehungTable, KundeTable } from '../schema.ts'
import { type Erwerbsstatus, type Geschlecht, beruf, firmenname, nachname, vorname } from './namen.ts'
import { type Anschrift, adressteil, email, mobil } from './orte.ts'
import { plusJahre, plusTage } from './tage.ts'
import type { Wuerfel } from './wuerfel.ts'

/** The columns a generator fills; the rest comes with the insert. */
export type Kundenzeile = Omit<
  Selectable<KundeTable>,
  | 'id'
  | 'betrieb_id'
  | 'vermittler_id'
  | 'haushalt_id'
  | 'nummer'
  | 'suchtext'
  | 'namensschluessel'
  | 'anschriftschluessel'
  | 'herkunft'
  | 'version'
  | 'erstellt_am'
  | 'geaendert_am'
>

export interface Mitglied {
  zeile: Kundenzeile
  /** Completed years on the day of seeding; a firm has its own since foundation. */
  alter: number
  kind: boolean
}

export interface Haushalt {
  mitglieder: Mitglied[]
  beziehungen: { von: Mitglied; zu: Mitglied; art: BeziehungTable['art'] }[]
  /** Whether they own the house they live in. */
  eigentum: boolean
}

export interface Vorgabe {
  alter: number
  geschlecht?: Geschlecht
  name?: string
  erwerb?: Erwerbsstatus
  familienstand?: KundeTable['familienstand']
  kind?: boolean
  /** Whatever the case needs beyond. */
  zeile?: Partial<Kundenzeile>
}

/** A natural person who is `alter` on `heute`. */
export function person(w: Wuerfel, heute: string, ort: Anschrift, vorgabe: Vorgabe): Mitglied {
  const { alter, kind = false } = vorgabe
  const geschlecht = vorgabe.geschlecht ?? (w.chance(0.5) ? 'FRAU' : 'HERR')
  const vor = vorname(w, geschlecht, alter)
  const name = vorgabe.name ?? nachname(w)
  const erwerb = vorgabe.erwerb ?? erwerbsstatus(w, alter)
  const seit = Math.min(Math.max(alter - 17, 0), w.zahl(0, 18))
  const zeile: Kundenzeile = {
    art: 'NATUERLICH',
    status: 'AKTIV',
    anrede: geschlecht,
    titel: alter > 28 && w.chance(0.03) ? 'Dr.' : null,
    vorname: vor,
    name,
    namenszusatz: null,
    // The birthday lies 1 to 364 days back: the boundaries are made on purpose, elsewhere.
    geburtsdatum: plusTage(plusJahre(heute, -alter), -w.zahl(1, 364)),
    ...wohnt(ort, kind),
    mobil: alter >= 14 && w.chance(0.85) ? mobil(w) : null,
    email: alter >= 16 && w.chance(alter > 70 ? 0.5 : 0.86) ? email(w, vor, name) : null,
    familienstand: vorgabe.familienstand ?? 'LEDIG',
    erwerbsstatus: alter < 6 ? null : erwerb,
    beruf: alter < 6 ? null : beruf(w, erwerb, geschlecht),
    kunde_seit: plusTage(plusJahre(heute, -seit), -w.zahl(20, 364)),
    werbewiderspruch_am: w.chance(0.02) ? plusTage(heute, -w.zahl(30, 900)) : null,
    eingeschraenkt_am: null,
    verstorben_am: null,
    loeschen_ab: null,
    quelle: 'DEMO',
    quelle_stand: heute,
    ...vorgabe.zeile,
  }
  return { zeile, alter, kind }
}

export function firma(w: Wuerfel, heute: string, ort: Anschrift, inhaber: string): Mitglied {
  const name = firmenname(w, inhaber)
  const alter = w.zahl(1, 30)
  const leer = { titel: null, vorname: null, namenszusatz: null, geburtsdatum: null, familienstand: null, erwerbsstatus: null, beruf: null }
  const zeile: Kundenzeile = {
    ...leer,
    art: 'FIRMA',
    status: 'AKTIV',
    anrede: 'FIRMA',
    name,
    ...wohnt(ort, false),
    mobil: null,
    email: `info@${adressteil(name.replace(/ (GmbH|e\. K\.|GbR).*$/, ''))}.example`,
    kunde_seit: plusTage(heute, -w.zahl(60, 365 * Math.min(alter, 15))),
    werbewiderspruch_am: null,
    eingeschraenkt_am: null,
    verstorben_am: null,
    loeschen_ab: null,
    quelle: 'DEMO',
    quelle_stand: heute,
  }
  return { zeile, alter, kind: false }
}

function wohnt({ strasse, plz, ort, telefon }: Anschrift, kind: boolean): Pick<Kundenzeile, 'strasse' | 'plz' | 'ort' | 'land' | 'telefon'> {
  return { strasse, plz, ort, land: 'D', telefon: kind ? null : telefon }
}

function erwerbsstatus(w: Wuerfel, alter: number): Erwerbsstatus {
  if (alter < 18) return 'SCHUELER'
  if (alter < 24)
    return w.gewichtet([
      ['AZUBI', 4],
      ['STUDENT', 4],
      ['ANGESTELLT', 3],
    ])
  if (alter >= 66) return 'RENTNER'
  if (alter >= 62 && w.chance(0.4)) return 'RENTNER'
  return w.gewichtet([
    ['ANGESTELLT', 70],
    ['SELBSTSTAENDIG', 13],
    ['BEAMTER', 9],
    ['OHNE', 6],
    ['STUDENT', alter < 29 ? 10 : 0],
  ])
}
