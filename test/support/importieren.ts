/** Imports in tests: those that wait are taken as the worker would, and deliveries are made of a reader's own words. */
import type { Lauf } from '../../db/importe-lauf.ts'
import { runImport } from '../../db/importe-lauf.ts'
import type { Importbericht } from '../../db/importe-lesen.ts'
import { type Sofortauftrag, importNow } from '../../db/importe-sofort.ts'
import type { Db } from '../../db/verbindung.ts'
import type { GeliefertePerson, GelieferterVertrag, Meldung } from '../../imports/lieferung.ts'

export const HEUTE = '2026-11-23'

export async function runImporte(worker: Db, heute = HEUTE): Promise<void> {
  const wartende = await worker.selectFrom('import').select(['id', 'anlauf']).where('status', '=', 'WARTET').orderBy('id').execute()
  for (const lauf of wartende) await runImport(worker, { ...lauf, heute })
}

export interface Lieferung {
  stand?: string
  vu?: string
  summenStimmen?: boolean | null
  abgelehnt?: string | null
  /** Each brings the person before it; a contract without person repeats the last one. */
  zeilen: { person?: Partial<GeliefertePerson>; vertrag?: Partial<GelieferterVertrag> }[]
  weitere?: Meldung[]
}

/** One package as a reader would hand it over. Contracts point at the person of their line, or of the last line that had one. */
export function meldungen({
  stand = '2026-11-01',
  vu = '5342',
  summenStimmen = null,
  abgelehnt = null,
  zeilen,
  weitere = [],
  nr = 1,
}: Lieferung & { nr?: number }): Meldung[] {
  let person = -1
  const innen = zeilen.flatMap((eine, zeile): Meldung[] => {
    if (eine.person) person = nr * 10_000 + zeile
    const wo = { paket: nr, zeile, vuNummer: vu, agenturnummer: null, nummerVersicherer: null, nummerVermittler: null }
    return [
      ...(eine.person ? [{ art: 'person' as const, person: { ...PERSON, ...wo, ...eine.person, nr: person } }] : []),
      ...(eine.vertrag ? [{ art: 'vertrag' as const, vertrag: { ...VERTRAG, ...wo, person: person < 0 ? null : person, ...eine.vertrag } }] : []),
    ]
  })
  return [
    { art: 'paket', paket: { nr, vuNummer: vu, absender: 'Testversicherung', zeichensatz: 'UTF-8', stand } },
    ...innen,
    ...weitere,
    { art: 'paketEnde', paket: { nr, saetze: innen.length, abgelehnt, summenStimmen } },
  ]
}

/** The words as bytes of a file, one a line. */
export const toBytes = (alle: readonly Meldung[]): Uint8Array => Buffer.from(alle.map((eine) => `${JSON.stringify(eine)}\n`).join(''))

export const leseWorte: NonNullable<Lauf['lesen']> = async function* (stuecke) {
  let rest = Buffer.alloc(0)
  for await (const stueck of stuecke) {
    rest = Buffer.concat([rest, stueck])
    for (let ende = rest.indexOf(10); ende >= 0; ende = rest.indexOf(10)) {
      yield JSON.parse(rest.subarray(0, ende).toString()) as Meldung
      rest = rest.subarray(ende + 1)
    }
  }
}

export function importWorte(worker: Db, betrieb: number, alle: readonly Meldung[], felder: Partial<Sofortauftrag> = {}): Promise<Importbericht> {
  return importNow(worker, { betrieb, datei: 'worte.gdv', bytes: toBytes(alle), person: null, heute: HEUTE, lesen: leseWorte, ...felder })
}

const PERSON: Omit<GeliefertePerson, 'nr' | 'paket' | 'zeile' | 'vuNummer' | 'agenturnummer' | 'nummerVersicherer' | 'nummerVermittler'> = {
  rolle: 'VN',
  art: 'NATUERLICH',
  anrede: 'FRAU',
  titel: null,
  vorname: 'Anna',
  name: 'Weiß',
  namenszusatz: null,
  geburtsdatum: '1990-03-05',
  strasse: 'Fleet 3',
  plz: '20095',
  ort: 'Hamburg',
  land: null,
  telefon: null,
  mobil: null,
  email: null,
  familienstand: null,
  erwerbsstatus: null,
  beruf: null,
  kundeSeit: null,
  einwilligungen: [],
  maklervollmachtAm: null,
}
const VERTRAG: Omit<GelieferterVertrag, 'paket' | 'zeile' | 'person' | 'vuNummer' | 'agenturnummer' | 'nummerVersicherer' | 'nummerVermittler'> = {
  vsnr: 'HR 1',
  vsnrNorm: 'HR1',
  vsnrAlt: null,
  vsnrNeu: null,
  sparteGdv: '130',
  sparte: 'HAUSRAT',
  bestandsart: 'EIGEN',
  produkt: null,
  beginn: '2020-01-01',
  ablauf: null,
  hauptfaelligkeit: null,
  beitragCent: 9900,
  zahlungsweise: 'JAEHRLICH',
  status: 'AKTIV',
  abgangAm: null,
  verlaengertSich: null,
  kuendigungsfristMonate: null,
  versicherte: [],
  merkmale: {},
}
