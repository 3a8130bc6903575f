/** An office of its own with deliveries in every state: taken over, held back, under way, failed; with open questions, households, differences. */
import type { GelieferterVertrag } from '../../imports/lieferung.ts'
import { findImport } from '../../db/importe-lesen.ts'
import { importNow } from '../../db/importe-sofort.ts'
import type { WebDb } from '../../db/sitzung.ts'
import type { TestDatabase } from './datenbank.ts'
import { HEUTE, importWorte, meldungen } from './importieren.ts'
import { insertBetrieb, insertVermittler } from './welt.ts'

export interface Importwelt {
  betrieb: number
  karin: { id: number; token: string }
  /** The customer with differences, and one of his contracts. */
  kunde: number
  vertrag: number
  fertig: number
  zurueckgehalten: number
  laeuft: number
  gescheitert: number
}

const LEUTE = [
  ['Weber', 'Anna', '1990-03-05', 'Fleet 3'],
  ['Weber', 'Jonas', '1988-07-12', 'Fleet 3'],
  ['Çelik', 'Elif', '1995-03-14', 'Hafenweg 12'],
  ['Groß', 'Ben', '1979-11-30', 'Am Deich 4'],
  ['Yilmaz', 'Deniz', '1983-01-21', 'Elbchaussee 77'],
  ['Müller', 'Sabine', '1966-05-02', 'Lange Reihe 8'],
  ['Özdemir', 'Can', '1992-09-09', 'Steindamm 31'],
  ['Krüger', 'Petra', '1971-12-24', 'Osterstraße 5'],
  ['Schäfer', 'Uwe', '1958-04-17', 'Alsterblick 2'],
  ['Lehmann', 'Kai', '1999-06-06', 'Schulterblatt 40'],
] as const
const SPARTEN = [
  ['130', 'HAUSRAT'],
  ['040', 'PHV'],
  ['050', 'KFZ'],
] as const

const zeilen = (anders: (i: number) => { strasse?: string; vertrag?: Partial<GelieferterVertrag> } | null = () => ({})) =>
  LEUTE.flatMap(([name, vorname, geburtsdatum, strasse], i) => {
    const dies = anders(i)
    if (dies === null) return []
    const [sparteGdv, sparte] = SPARTEN[i % 3]!
    const person = {
      name,
      vorname,
      geburtsdatum,
      strasse: dies.strasse ?? strasse,
      nummerVersicherer: `10${i}`,
      telefon: `040 55${i}1`,
      agenturnummer: '0012345678',
    }
    const vertrag = {
      vsnr: `HS ${4711 + i}`,
      vsnrNorm: `HS${4711 + i}`,
      sparteGdv,
      sparte,
      beitragCent: 8_400 + i * 310,
      agenturnummer: '0012345678',
    }
    return [{ person, vertrag: { ...vertrag, ...dies.vertrag } }]
  })

export async function createImportwelt({ owner, worker }: TestDatabase): Promise<Importwelt> {
  const betrieb = await insertBetrieb(owner, { anlauf_am: null })
  const karin = await insertVermittler(owner, betrieb, { rolle: 'SUPERVISOR', vorname: 'Karin', name: 'Lindner' })
  const lies = (datei: string, lieferung: Parameters<typeof meldungen>[0]) =>
    importWorte(worker, betrieb, meldungen(lieferung), { datei, person: karin.id, heute: HEUTE })
  await lies('bestand-oktober.gdv', { stand: '2026-10-01', zeilen: zeilen() })

  const { id: kunde } = await owner
    .updateTable('kunde')
    .set({
      telefon: '0171 2345678',
      strasse: 'Kai 7',
      herkunft: '{"telefon":{"quelle":"HAND","am":"2026-10-20"},"strasse":{"quelle":"HAND","am":"2026-10-20"}}',
    })
    .where('betrieb_id', '=', betrieb)
    .where('name', '=', 'Çelik')
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id: vertrag } = await owner
    .updateTable('vertrag')
    .set({ beitrag_cent: 9_900, herkunft: '{"beitrag_cent":{"quelle":"HAND","am":"2026-10-20"}}' })
    .where('kunde_id', '=', kunde)
    .returning('id')
    .executeTakeFirstOrThrow()
  const zweifelhaft = [
    {
      person: { name: 'Müller', vorname: 'Sabine', geburtsdatum: '1966-05-02', strasse: 'Dorfstraße 1', plz: '21614', ort: 'Buxtehude' },
      vertrag: neu(1),
    },
    { person: { name: 'Lehmann-Voß', vorname: 'Karla', geburtsdatum: '2001-02-03', strasse: 'Kiez 9', nummerVersicherer: '109' }, vertrag: neu(2) },
    { person: { name: 'Groß', vorname: 'Lena', geburtsdatum: '1981-08-08', strasse: 'Am Deich 4', nummerVersicherer: '201' }, vertrag: neu(3) },
  ]
  const befund = (zeile: number, text: string) => ({ art: 'befund' as const, befund: { paket: 1, zeile, byte: 52, feld: 'Vertragsablauf', text } })
  const { id: fertig } = await lies('bestand-november.gdv', {
    stand: '2026-11-01',
    summenStimmen: true,
    zeilen: [
      ...zeilen((i) => {
        if (i === 8) return null
        if (i === 4) return { strasse: 'Elbchaussee 90' }
        return i === 5 ? { vertrag: { beitragCent: 12_345, zahlungsweise: 'HALBJAEHRLICH', produkt: 'Komfort' } } : {}
      }),
      ...zweifelhaft,
    ],
    weitere: [17, 23, 42].map((zeile) => befund(zeile, `„00${zeile}2027“ ist kein Datum; nicht übernommen.`)),
  })
  const { id: zurueckgehalten } = await lies('bestand-dezember.gdv', {
    stand: '2026-11-20',
    zeilen: zeilen((i) => (i < 7 ? { vertrag: { status: 'STORNIERT', abgangAm: '2026-11-15' } } : {})),
  })
  const kaputt = Buffer.from('Das ist ein Brief und keine Lieferung.')
  const { id: gescheitert } = await importNow(worker, { betrieb, datei: 'anschreiben.txt', bytes: kaputt, person: karin.id, heute: HEUTE })
  const { id: laeuft } = await owner
    .insertInto('import')
    .values({
      betrieb_id: betrieb,
      datei: 'gesamtbestand.gdv',
      pruefsumme: '',
      status: 'LIEST',
      format: 'GDV',
      bytes: 84_000_000,
      von_vermittler_id: karin.id,
      zaehler: '{}',
      befunde: '[]',
      gruende: '[]',
      pakete: '[]',
      beurteilung: '[]',
      fortschritt: JSON.stringify({ schritt: 'Datei lesen', bytes: 31_500_000, personen: 18_240, vertraege: 40_113 }),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await owner
    .updateTable('import')
    .set({ gestartet_am: `${HEUTE}T08:15:00Z` })
    .where('betrieb_id', '=', betrieb)
    .execute()
  if ((await findImport(owner as unknown as WebDb, zurueckgehalten))?.status !== 'QUARANTAENE')
    throw new Error('Die Lieferung wurde nicht zurückgehalten')
  return { betrieb, karin, kunde, vertrag, fertig, zurueckgehalten, laeuft, gescheitert }
}

function neu(nr: number): Partial<GelieferterVertrag> {
  return { vsnr: `NV ${900 + nr}`, vsnrNorm: `NV${900 + nr}`, sparteGdv: '040', sparte: 'PHV' }
}
