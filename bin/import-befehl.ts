/** The command `npm run import -- FILE…`, without process and environment: files in, German lines out, an exit code. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Zuordnung, agenturnummernOf, loadAgenturnummern } from '../db/importe-agentur.ts'
import { type Importbericht, importGdv } from '../db/importe-gdv.ts'
import type { WebDb } from '../db/sitzung.ts'
import type { Db } from '../db/verbindung.ts'
import { readGdv } from '../imports/gdv.ts'

export interface Umgebung {
  db: Db
  /** Today in Europe/Berlin. */
  heute: string
  schreibe(zeile: string): void
  /** Asks on a terminal; undefined where nobody is there to answer. */
  frage?: ((text: string) => Promise<string>) | undefined
}

export const HILFE = `Aufruf: npm run import -- DATEI … [--betrieb NUMMER] [--agentur VU/NUMMER=E-MAIL …]
  --betrieb   Nummer des Betriebs; entfällt, wenn es nur einen gibt
  --agentur   wem eine Agenturnummer gehört, zum Beispiel --agentur 5342/0012345678=anna.weber@makler.example`

const GEZEIGTE_BEFUNDE = 20

interface Person {
  id: number
  vorname: string
  name: string
  email: string
}

/** 0: every file was read. 1: at least one was not. 2: the call itself was wrong. */
export async function runImport(argumente: readonly string[], umgebung: Umgebung): Promise<0 | 1 | 2> {
  const { schreibe, db } = umgebung
  const aufruf = readAufruf(argumente)
  if (!aufruf || aufruf.dateien.length === 0) return fail(schreibe, HILFE)
  const betrieb = await findBetrieb(db, aufruf.betrieb)
  if (typeof betrieb === 'string') return fail(schreibe, betrieb)
  const personen = await listPersonen(db, betrieb)
  const genannt = readZuordnungen(aufruf.agentur, personen)
  if (typeof genannt === 'string') return fail(schreibe, genannt)
  let ergebnis: 0 | 1 = 0
  for (const datei of aufruf.dateien) if (!(await importFile(datei, { ...umgebung, betrieb, personen, genannt }))) ergebnis = 1
  return ergebnis
}

function readAufruf(argumente: readonly string[]): { dateien: string[]; betrieb: string | undefined; agentur: string[] } | undefined {
  try {
    const options = { betrieb: { type: 'string' }, agentur: { type: 'string', multiple: true } } as const
    const { values, positionals } = parseArgs({ args: [...argumente], options, allowPositionals: true })
    return { dateien: positionals, betrieb: values.betrieb, agentur: values.agentur ?? [] }
  } catch {
    return undefined
  }
}

/** The named Betrieb, else the only real one, else the only one. */
async function findBetrieb(db: Db, genannt: string | undefined): Promise<number | string> {
  const alle = await db.selectFrom('betrieb').select(['id', 'name', 'demo']).orderBy('id').execute()
  const liste = alle.map(({ id, name, demo }) => `  ${id}  ${name}${demo ? ' (Demo)' : ''}`).join('\n')
  if (genannt !== undefined)
    return alle.find(({ id }) => String(id) === genannt)?.id ?? `Einen Betrieb ${genannt} gibt es nicht. Vorhanden sind:\n${liste}`
  const echte = alle.filter(({ demo }) => !demo)
  const einziger = echte.length === 1 ? echte[0] : alle.length === 1 ? alle[0] : undefined
  if (einziger) return einziger.id
  return alle.length === 0 ? 'Es ist noch kein Betrieb eingerichtet.' : `Bitte nennen Sie den Betrieb mit --betrieb NUMMER. Vorhanden sind:\n${liste}`
}

function listPersonen(db: Db, betrieb: number): Promise<Person[]> {
  return db
    .selectFrom('vermittler')
    .select(['id', 'vorname', 'name', 'email'])
    .where('betrieb_id', '=', betrieb)
    .where('aktiv', '=', true)
    .orderBy('name')
    .orderBy('id')
    .execute()
}

function readZuordnungen(texte: readonly string[], personen: readonly Person[]): Zuordnung[] | string {
  const zuordnungen: Zuordnung[] = []
  for (const text of texte) {
    const teile = /^([^/=]+)\/([^=]+)=(.+)$/.exec(text)
    if (!teile) return `„${text}“ ist keine Zuordnung. Richtig ist zum Beispiel --agentur 5342/0012345678=anna.weber@makler.example.`
    const person = personen.find(({ email }) => email.toLowerCase() === teile[3]!.trim().toLowerCase())
    if (!person) return `${teile[3]} gehört zu niemandem im Betrieb. Bekannt sind: ${personen.map(({ email }) => email).join(', ')}.`
    zuordnungen.push({ vuNummer: teile[1]!.trim(), nummer: teile[2]!.trim(), vermittler: person.id })
  }
  return zuordnungen
}

type Dateiumgebung = Umgebung & { betrieb: number; personen: readonly Person[]; genannt: readonly Zuordnung[] }

async function importFile(datei: string, { db, heute, schreibe, frage, betrieb, personen, genannt }: Dateiumgebung): Promise<boolean> {
  const bytes = await readFile(datei).catch(() => undefined)
  if (!bytes) {
    schreibe(`${datei}: Die Datei gibt es nicht, oder sie ist nicht lesbar.`)
    return false
  }
  schreibe(`${datei}: wird gelesen …`)
  const gefragt = frage ? await askZuordnungen(db, { bytes, betrieb, personen, genannt, frage }) : []
  const auftrag = { betrieb, datei: path.basename(datei), bytes, person: null, heute, zuordnung: [...genannt, ...gefragt] }
  const bericht = await importGdv(db, auftrag)
  for (const zeile of describe(bericht)) schreibe(zeile)
  return bericht.status === 'FERTIG'
}

interface Frage {
  bytes: Uint8Array
  betrieb: number
  personen: readonly Person[]
  genannt: readonly Zuordnung[]
  frage: (text: string) => Promise<string>
}

async function askZuordnungen(db: Db, { bytes, betrieb, personen, genannt, frage }: Frage): Promise<Zuordnung[]> {
  const bekannt = await loadAgenturnummern(db as WebDb, betrieb)
  const offen = agenturnummernOf(readGdv(bytes)).filter(
    ({ vuNummer, nummer }) => !bekannt.has(`${vuNummer}|${nummer}`) && !genannt.some((eine) => eine.vuNummer === vuNummer && eine.nummer === nummer),
  )
  const auswahl = personen.map(({ vorname, name, email }, stelle) => `  ${stelle + 1}  ${vorname} ${name} (${email})`).join('\n')
  const zuordnungen: Zuordnung[] = []
  for (const nummer of offen) {
    const text = `Wem gehört die Agenturnummer ${nummer.nummer} bei VU ${nummer.vuNummer}?\n${auswahl}\nNummer, oder Eingabetaste für „später“: `
    const person = personen[Number(await frage(text)) - 1]
    if (person) zuordnungen.push({ ...nummer, vermittler: person.id })
  }
  return zuordnungen
}

export function describe({ status, zaehler, befunde, unbekannteAgenturnummern }: Importbericht): string[] {
  const zahl = (name: string) => (zaehler[name] ?? 0).toLocaleString('de-DE')
  const gezeigt = befunde.slice(0, GEZEIGTE_BEFUNDE).map(({ paket, zeile, byte, feld, text }) => {
    const ort = [paket && `Paket ${paket}`, zeile && `Zeile ${zeile}`, byte && `Stelle ${byte}`, feld].filter(Boolean).join(', ')
    return `  ${ort ? `${ort}: ` : ''}${text}`
  })
  const weitere =
    befunde.length > GEZEIGTE_BEFUNDE ? [`  … und ${(befunde.length - GEZEIGTE_BEFUNDE).toLocaleString('de-DE')} weitere (Menü Importe).`] : []
  const agentur = unbekannteAgenturnummern.map(
    ({ vuNummer, nummer, kunden }) =>
      `  Agenturnummer ${nummer} bei VU ${vuNummer}: ${kunden === 1 ? '1 Kunde liegt' : `${kunden} Kunden liegen`} beim Supervisor (--agentur ${vuNummer}/${nummer}=E-MAIL).`,
  )
  return [
    ...(status === 'FEHLER' ? ['  Nichts davon war zu lesen; es wurde nichts übernommen.'] : []),
    `  Pakete: ${zahl('pakete')} gelesen, ${zahl('paketeAbgelehnt')} abgelehnt; ${zahl('saetze')} Sätze`,
    `  Kunden: ${zahl('kundenNeu')} neu, ${zahl('kundenGeaendert')} geändert, ${zahl('kundenUnveraendert')} unverändert`,
    `  Verträge: ${zahl('vertraegeNeu')} neu, ${zahl('vertraegeGeaendert')} geändert, ${zahl('vertraegeUnveraendert')} unverändert, ` +
      `${zahl('vertraegeAelter')} älter als der Bestand, ${zahl('vertraegeOhneKunde')} ohne Kunden`,
    ...agentur,
    `  Befunde: ${zahl('befunde')}`,
    ...gezeigt,
    ...weitere,
  ]
}

function fail(schreibe: Umgebung['schreibe'], text: string): 2 {
  schreibe(text)
  return 2
}
