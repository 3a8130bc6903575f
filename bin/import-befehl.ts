/** The command `npm run import -- FILE…`, without process and environment: files in, German lines out, an exit code. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { KUNDEN_GEZAEHLT } from '../db/abweichungen.ts'
import { type Zuordnung, setAgenturnummer } from '../db/importe-agentur.ts'
import { type Importbericht, type OffeneAgenturnummer, listOffeneAgenturnummern } from '../db/importe-lesen.ts'
import { importNow } from '../db/importe-sofort.ts'
import type { Fortschritt, Liefert } from '../db/schema.ts'
import type { WebDb } from '../db/sitzung.ts'
import type { Db } from '../db/verbindung.ts'
import { groesse } from '../web/importe/worte.ts'
import { type Spaltenwahl, createBestaetige, readSpalten } from './import-spalten.ts'

export interface Umgebung {
  db: Db
  /** Today in Europe/Berlin. */
  heute: string
  schreibe(zeile: string): void
  /** Asks on a terminal; undefined where nobody is there to answer. */
  frage?: ((text: string) => Promise<string>) | undefined
}

export const HILFE = `Aufruf: npm run import -- DATEI … [--betrieb NUMMER] [--liefert bestand|aenderung] [--agentur VU/NUMMER=E-MAIL …] [--spalte ÜBERSCHRIFT=FELD …]
  --betrieb   Nummer des Betriebs; entfällt, wenn es nur einen gibt
  --liefert   ob die Dateien den ganzen Bestand enthalten oder nur Änderungen; entfällt: es wird nach dem Inhalt beurteilt
  --agentur   wem eine Agenturnummer gehört, zum Beispiel --agentur 5342/0012345678=anna.weber@makler.example
  --spalte    was eine Spalte einer Tabelle (CSV, Excel) bedeutet, zum Beispiel --spalte 'Geb.=geburtsdatum'; „-“ lässt sie aus`

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
  const spalten = readSpalten(aufruf.spalte)
  if (typeof spalten === 'string') return fail(schreibe, spalten)
  for (const eine of genannt) await db.transaction().execute((trx) => setAgenturnummer(trx, { betrieb, person: null, ...eine }))
  let ergebnis: 0 | 1 = 0
  for (const datei of aufruf.dateien) if (!(await importFile(datei, { ...umgebung, betrieb, liefert: aufruf.liefert, spalten }))) ergebnis = 1
  await askZuordnungen({ ...umgebung, betrieb, personen })
  return ergebnis
}

const LIEFERT: Readonly<Record<string, Liefert>> = { bestand: 'BESTAND', aenderung: 'AENDERUNG', änderung: 'AENDERUNG' }

interface Aufruf {
  dateien: string[]
  betrieb: string | undefined
  liefert: Liefert | null
  agentur: string[]
  spalte: string[]
}

function readAufruf(argumente: readonly string[]): Aufruf | undefined {
  try {
    const options = {
      betrieb: { type: 'string' },
      liefert: { type: 'string' },
      agentur: { type: 'string', multiple: true },
      spalte: { type: 'string', multiple: true },
    } as const
    const { values, positionals } = parseArgs({ args: [...argumente], options, allowPositionals: true })
    const liefert = values.liefert === undefined ? null : LIEFERT[values.liefert.toLowerCase()]
    if (liefert === undefined) return undefined
    return { dateien: positionals, betrieb: values.betrieb, liefert, agentur: values.agentur ?? [], spalte: values.spalte ?? [] }
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

/** One after the other, in this process: no worker and no Temporal are needed. */
async function importFile(
  datei: string,
  { db, heute, schreibe, betrieb, liefert, spalten }: Umgebung & { betrieb: number; liefert: Liefert | null; spalten: readonly Spaltenwahl[] },
): Promise<boolean> {
  const da = await stat(datei).catch(() => undefined)
  if (!da?.isFile()) {
    schreibe(`${datei}: Die Datei gibt es nicht, oder sie ist nicht lesbar.`)
    return false
  }
  schreibe(`${datei}: wird eingelesen …`)
  const onSchritt = createAnzeige(schreibe)
  const bericht = await importNow(db, {
    betrieb,
    datei: path.basename(datei),
    bytes: createReadStream(datei),
    person: null,
    heute,
    liefert,
    onSchritt,
    bestaetige: createBestaetige(spalten, schreibe),
  })
  for (const zeile of describe(bericht)) schreibe(zeile)
  return bericht.status === 'FERTIG'
}

/** Milliseconds between two lines about the same step. */
const ANZEIGEABSTAND = 5_000
/** A small file is done before anybody wonders. */
const ERST_NACH = 2_000

function createAnzeige(schreibe: Umgebung['schreibe']): (fortschritt: Fortschritt) => void {
  const beginn = Date.now()
  let [schritt, zuletzt] = ['', beginn]
  return (f) => {
    if (Date.now() - beginn < ERST_NACH) return
    if (f.schritt === schritt && Date.now() - zuletzt < ANZEIGEABSTAND) return
    if (f.schritt !== schritt || (f.personen ?? 0) > 0)
      schreibe(`  ${f.schritt} … ${groesse(f.bytes ?? 0)}, ${zahlDe(f.personen ?? 0)} Personen, ${zahlDe(f.vertraege ?? 0)} Verträge`)
    ;[schritt, zuletzt] = [f.schritt ?? '', Date.now()]
  }
}

/** Where somebody sits at the terminal: whose customers come under each number nobody is mapped to. They move at once. */
async function askZuordnungen({
  db,
  frage,
  schreibe,
  betrieb,
  personen,
}: Umgebung & { betrieb: number; personen: readonly Person[] }): Promise<void> {
  const offen = await listOffeneAgenturnummern(db as WebDb, betrieb)
  const auswahl = personen.map(({ vorname, name, email }, stelle) => `  ${stelle + 1}  ${vorname} ${name} (${email})`).join('\n')
  for (const nummer of offen) {
    if (!frage) schreibe(beschreibeOffene(nummer))
    else {
      const text = `Wem gehört die Agenturnummer ${nummer.nummer} bei VU ${nummer.vuNummer}?\n${auswahl}\nNummer, oder Eingabetaste für „später“: `
      const person = await askPerson(text, { frage, schreibe, personen })
      if (!person) continue
      await db.transaction().execute((trx) => setAgenturnummer(trx, { ...nummer, betrieb, vermittler: person.id, person: null }))
      schreibe(`Zugeordnet: ${person.vorname} ${person.name}.`)
    }
  }
}

/** Asked until the answer is one of them; undefined for "später". */
async function askPerson(
  text: string,
  { frage, schreibe, personen }: { frage: NonNullable<Umgebung['frage']>; schreibe: Umgebung['schreibe']; personen: readonly Person[] },
): Promise<Person | undefined> {
  for (;;) {
    const antwort = (await frage(text)).trim()
    if (antwort === '') return undefined
    const person = personen[Number(antwort) - 1]
    if (person) return person
    schreibe(`„${antwort}“ steht nicht in der Liste. Richtig ist eine Nummer von 1 bis ${personen.length}.`)
  }
}

function beschreibeOffene({ vuNummer, nummer, kunden }: OffeneAgenturnummer): string {
  const viele = kunden > KUNDEN_GEZAEHLT ? `Über ${zahlDe(KUNDEN_GEZAEHLT)}` : zahlDe(kunden)
  const liegen = kunden === 1 ? '1 Kunde liegt' : `${viele} Kunden liegen`
  return `Agenturnummer ${nummer} bei VU ${vuNummer}: ${liegen} beim Supervisor (--agentur ${vuNummer}/${nummer}=E-MAIL).`
}

const AUSGANG: Partial<Record<Importbericht['status'], string>> = {
  FEHLER: 'Es wurde nichts übernommen.',
  QUARANTAENE: 'Zurückgehalten, es wurde nichts übernommen. Freigeben oder verwerfen können Sie die Lieferung im Menü Importe. Gründe:',
  ABGEBROCHEN: 'Abgebrochen, es wurde nichts übernommen.',
  ZUORDNUNG:
    'Die Spalten der Tabelle sind noch nicht zugeordnet (siehe oben). Rufen Sie den Befehl mit --spalte noch einmal auf, oder ordnen Sie sie im Menü Importe zu.',
}

export function describe({ status, zaehler, gruppen, gruende }: Importbericht): string[] {
  const zahl = (name: string) => zahlDe(zaehler[name] ?? 0)
  const gezeigt = gruppen.slice(0, GEZEIGTE_BEFUNDE).map(({ feld, text, anzahl, orte }) => {
    const [{ paket, zeile, byte } = {}] = orte
    const ort = [paket && `Paket ${paket}`, zeile && `Zeile ${zeile}`, byte && `Stelle ${byte}`, feld].filter(Boolean).join(', ')
    return `  ${ort ? `${ort}: ` : ''}${text}${anzahl > 1 ? ` (${zahlDe(anzahl)} Mal)` : ''}`
  })
  const uebernommen = [
    `  Kunden: ${zahl('kundenNeu')} neu, ${zahl('kundenGeaendert')} geändert, ${zahl('kundenUnveraendert')} unverändert`,
    `  Verträge: ${zahl('vertraegeNeu')} neu, ${zahl('vertraegeGeaendert')} geändert, ${zahl('vertraegeUnveraendert')} unverändert, ` +
      `${zahl('vertraegeAelter')} älter als der Bestand, ${zahl('vertraegeOhneKunde')} ohne Kunden`,
    ...(zaehler['vertraegeFehlen'] ? [`  Nicht mehr geliefert: ${zahl('vertraegeFehlen')} Verträge`] : []),
    ...(zaehler['zweifel'] ? [`  Zu entscheiden: ${zahl('zweifel')} Personen, die vielleicht schon Kunden sind (Menü Importe)`] : []),
    ...(zaehler['abweichungen'] ? [`  Abweichungen von dem, was jemand eingegeben hat: ${zahl('abweichungen')}`] : []),
  ]
  return [
    ...(AUSGANG[status] ? [`  ${AUSGANG[status]}`] : []),
    ...gruende.map(({ text }) => `  ${text}`),
    `  Pakete: ${zahl('pakete')} gelesen, ${zahl('paketeAbgelehnt')} abgelehnt; ${zahl('saetze')} Sätze`,
    ...(status === 'FERTIG' ? uebernommen : []),
    `  Befunde: ${zahl('befunde')}`,
    ...gezeigt,
    ...(gruppen.length > GEZEIGTE_BEFUNDE ? [`  … und ${zahlDe(gruppen.length - GEZEIGTE_BEFUNDE)} weitere (Menü Importe).`] : []),
  ]
}

function zahlDe(zahl: number): string {
  return zahl.toLocaleString('de-DE')
}

function fail(schreibe: Umgebung['schreibe'], text: string): 2 {
  schreibe(text)
  return 2
}
