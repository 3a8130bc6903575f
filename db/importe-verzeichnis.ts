/** Who is who in an import: one entry a customer, stored or new, found under each of its numbers, contracts and its name. */
import { falte } from '../domain/suchtext.ts'
import type { Befund, GdvKunde, GdvVertrag } from '../imports/gdv.ts'
import type { Bestand } from './importe-bestand.ts'
import type { KundeRow, Tag } from './schema.ts'

export interface Ziel {
  /** 0 until the row is stored. */
  id: number
  /** As it stood before the import; null for a new customer. */
  row: KundeRow | null
  /** What the deliveries said, the later over the earlier. */
  werte: Partial<GdvKunde>
  nummern: Map<string, readonly [vu: string, nummer: string]>
  /** Newest delivery that spoke of the customer; '' before the first. */
  stand: Tag
  vermittler: number | null
}

type Person = Pick<KundeRow, 'art' | 'name' | 'vorname' | 'geburtsdatum' | 'plz' | 'strasse'>
type Nummern = readonly (readonly [vu: string, nummer: string])[]

export interface Verzeichnis {
  resolve(kunde: GdvKunde, nummern: Nummern, vertraege: readonly GdvVertrag[]): Ziel
}

export function createVerzeichnis(bestand: Bestand, befunde: Befund[]): Verzeichnis {
  const nachId = new Map(bestand.kunden.map((row) => [row.id, zielOf(row)]))
  const nachPerson = new Map(bestand.kunden.toReversed().map((row) => [personKey(row), nachId.get(row.id)!]))
  const nachNummer = new Map([...bestand.kundennummern].flatMap(([nummer, id]) => (nachId.has(id) ? [[nummer, nachId.get(id)!] as const] : [])))
  const nachVertrag = new Map(bestand.vertraege.map((row) => [`${row.vu_nummer}|${row.vsnr_norm}`, nachId.get(row.kunde_id)]))

  function findByNummer(kunde: GdvKunde, nummern: Nummern): Ziel | undefined {
    for (const [vu, nummer] of nummern) {
      const ziel = nachNummer.get(`${vu}|${nummer}`)
      if (ziel && isSamePerson(ziel, kunde)) return ziel
      if (ziel) {
        const text = 'Die Kundennummer gehört schon zu einer Person mit anderem Namen; der Kunde wurde nach Name, Geburtsdatum und Anschrift gesucht.'
        befunde.push({ paket: kunde.paket, zeile: kunde.zeile, byte: null, feld: 'Personen-/Kundennummer des Versicherers', text })
      }
    }
    return undefined
  }

  return {
    resolve(kunde, nummern, vertraege) {
      const ausVertrag = vertraege.map(({ vuNummer, vsnrNorm }) => nachVertrag.get(`${vuNummer}|${vsnrNorm}`))
      const ziel =
        findByNummer(kunde, nummern) ??
        ausVertrag.find((eines) => eines !== undefined && isSamePerson(eines, kunde)) ??
        nachPerson.get(personKey(kunde)) ??
        zielOf(null)
      const schluessel = personKey(kunde)
      if (!nachPerson.has(schluessel)) nachPerson.set(schluessel, ziel)
      for (const [vu, nummer] of nummern) {
        if (nachNummer.has(`${vu}|${nummer}`)) continue
        nachNummer.set(`${vu}|${nummer}`, ziel)
        ziel.nummern.set(`${vu}|${nummer}`, [vu, nummer])
      }
      return ziel
    },
  }
}

/** Names compared for versicherte Personen: name, first name, birthday. */
export function namensKey(person: { name: string; vorname: string | null; geburtsdatum: string | null }): string {
  return [falte(person.name), falte(person.vorname ?? ''), person.geburtsdatum ?? ''].join('|')
}

function zielOf(row: KundeRow | null): Ziel {
  return { id: row?.id ?? 0, row, werte: {}, nummern: new Map(), stand: '', vermittler: null }
}

function personKey(person: Person): string {
  const strasse = falte(person.strasse ?? '').replace(/strasse\b/, 'str')
  return [namensKey(person), person.plz ?? '', strasse].join('|')
}

/** For numbers and contracts that are known: marriage changes the name, a correction the birthday, but not everything at once. */
function isSamePerson(ziel: Ziel, kunde: GdvKunde): boolean {
  const bekannt = { ...ziel.row, ...ziel.werte } as Person
  const name = falte(bekannt.name) === falte(kunde.name)
  const vorname = falte(bekannt.vorname ?? '') === falte(kunde.vorname ?? '')
  const geburtstag = bekannt.geburtsdatum !== null && bekannt.geburtsdatum === kunde.geburtsdatum
  const firma = bekannt.art === 'FIRMA' && kunde.art === 'FIRMA' && bekannt.plz === kunde.plz
  return (name && (vorname || geburtstag)) || (vorname && geburtstag) || firma
}
