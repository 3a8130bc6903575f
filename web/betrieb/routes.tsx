/** Betrieb (Supervisor): name, place, daily quota, last backup, and the way out of the demo. */
import { type Context, Hono } from 'hono'
import { type Betriebsdaten, countBestand, deleteDemo, findLetzteSicherung, getBetrieb, setBetrieb } from '../../db/betrieb.ts'
import { type Lesung, readText, readWahl } from '../../domain/eingabe.ts'
import { type Formular, hatFehler, readFormular } from '../formular.ts'
import { pfade } from '../pfade.ts'
import { seite, weiter } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { deleteToken, nurSupervisor } from '../zugang.ts'
import { Betriebsseite } from './ansichten.tsx'
import { BUNDESLAND_CODES } from './bundeslaender.ts'

export const betriebRoutes = ({ config, log }: WebDeps) =>
  new Hono<Env>()
    .use(pfade.betrieb(), nurSupervisor)
    .use(pfade.demoEntfernen(), nurSupervisor)
    .get(pfade.betrieb(), (c) => zeigen(c))
    .post(pfade.betrieb(), async (c) => {
      const formular = await readFormular(c)
      const daten = readDaten(formular)
      if (!daten || hatFehler(formular)) return zeigen(c, formular)
      await setBetrieb(c.var.db, c.var.person.betriebId, daten)
      return weiter(c, pfade.betrieb(), 'Gespeichert.')
    })
    .post(pfade.demoEntfernen(), async (c) => {
      const { db, person } = c.var
      if (!person.demo) return zeigen(c)
      await deleteDemo(db)
      deleteToken(c, config)
      log?.info({ ereignis: 'demo-entfernt', betrieb: person.betriebId })
      return weiter(c, pfade.anmelden(), 'Der Demo-Betrieb ist entfernt.')
    })

async function zeigen(c: Context<Env>, formular?: Formular): Promise<Response> {
  const { db, person, heute } = c.var
  const betrieb = await getBetrieb(db, person.betriebId)
  const sicherung = await findLetzteSicherung(db)
  const bestand = betrieb.demo ? await countBestand(db) : null
  const ansicht = <Betriebsseite {...{ betrieb, sicherung, bestand, heute, formular }} />
  return seite(c, { titel: 'Betrieb', aktiv: 'betrieb', status: formular ? 422 : 200 }, ansicht)
}

function readDaten(formular: Formular): Betriebsdaten | null {
  const name = formular.lies('name', readText, 'Der Name des Betriebs fehlt.')
  const ort = formular.lies('ort', readText)
  const bundesland = formular.lies('bundesland', (text) => readWahl(text, BUNDESLAND_CODES), 'Bitte wählen Sie das Bundesland.')
  const tagesquote = formular.lies('tagesquote', readAnzahl)
  const bremse = formular.lies('importbremse_prozent', readProzent, 'Die Importbremse fehlt. Üblich sind 20 Prozent.')
  return name && bundesland && bremse ? { name, ort, bundesland, tagesquote, importbremse_prozent: bremse } : null
}

function readAnzahl(text: string): Lesung<number | null> {
  const roh = text.trim()
  if (roh === '') return { ok: true, wert: null }
  return /^\d{1,5}$/.test(roh)
    ? { ok: true, wert: Number(roh) }
    : { ok: false, fehler: `„${roh}“ ist keine Anzahl. Richtig ist zum Beispiel 20, oder leer für unbegrenzt.` }
}

function readProzent(text: string): Lesung<number | null> {
  const roh = text.trim().replace(/\s*%$/, '')
  if (roh === '') return { ok: true, wert: null }
  const wert = /^\d{1,3}$/.test(roh) ? Number(roh) : 0
  return wert >= 1 && wert <= 100 ? { ok: true, wert } : { ok: false, fehler: `„${roh}“ passt nicht. Richtig ist eine ganze Zahl von 1 bis 100.` }
}
