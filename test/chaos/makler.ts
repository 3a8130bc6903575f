/** A scripted broker: reads lists and does, by chance, each of the things a Fall and a Vorgang allow. Every click is written down with its answers. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Wuerfel } from '../../db/demo/wuerfel.ts'
import { pfade } from '../../web/pfade.ts'
import { readForm } from '../support/formular.ts'
import { type Browser, type Seite, type Zeuge, openBrowser } from './browser.ts'
import type { Person } from './welt.ts'

/** What a broker remembers of a click. */
export interface Klick {
  aktion: string
  art: Art
  makler: number
  fall: number | null
  vorgang: number | null
  /** Typed text that occurs nowhere else; null where there is nothing to type. */
  marke: string | null
  /** Of each try; 0 = no answer. */
  versuche: number[]
  /** The last one; null while there is none. */
  status: number | null
}
export type Art = 'kontakt' | 'email' | 'wiedervorlage' | 'termin' | 'loeschung' | 'erledigung' | 'dokumentation' | 'ruecknahme' | 'vorgang'

interface Tat {
  art: Art
  pfad: string
  form: Record<string, string>
  fall?: number
  vorgang?: number
  marke?: string
}

const GEVO = 'versicherungsluecken-junge-kunden'
const GEWICHTE = [
  ['liste', 3],
  ['kontakt', 4],
  ['email', 1],
  ['wiedervorlage', 3],
  ['termin', 2],
  ['loeschung', 1],
  ['erledigung', 1],
  ['dokumentation', 3],
  ['ruecknahme', 2],
  ['vorgang', 1],
] as const satisfies readonly (readonly [Art | 'liste', number])[]

/** Works until `feierabend`; a click that has no answer by then is pressed on until `signal` is aborted. */
export async function runMakler(
  person: Person,
  {
    url,
    wuerfel,
    klicks,
    zeuge,
    feierabend,
    signal,
  }: {
    url: string
    wuerfel: Wuerfel
    klicks: Klick[]
    zeuge: Zeuge
    feierabend: AbortSignal
    signal: AbortSignal
  },
): Promise<void> {
  const browser = openBrowser(url, person.email, zeuge, signal)
  await browser.melde()
  /** Documented ones, to be taken back now and then. */
  const dokumentiert: number[] = []
  while (!feierabend.aborted) {
    await pause(wuerfel.zahl(200, 1_000))
    const wahl = wuerfel.gewichtet(GEWICHTE)
    if (wahl === 'liste') {
      await browser.oeffne(wuerfel.chance(0.5) ? pfade.geschaeftsvorfaelle() : pfade.gevo(GEVO))
      continue
    }
    const fall = wuerfel.eines(person.faelle)
    const tat = await bereite(browser, wuerfel, wahl, wahl === 'ruecknahme' ? { id: dokumentiert.pop() ?? fall.id, kunde: fall.kunde } : fall)
    if (!tat) continue
    const { art, marke = null, vorgang = null } = tat
    const klick: Klick = { aktion: tat.form['aktion']!, art, makler: person.id, fall: tat.fall ?? null, vorgang, marke, versuche: [], status: null }
    klicks.push(klick)
    const partial = wuerfel.chance(0.5)
    const { status } = await browser.sende(tat.pfad, tat.form, { partial, versuche: klick.versuche })
    klick.status = status
    if (art === 'dokumentation' && status < 400) dokumentiert.push(fall.id)
  }
}

/** Opens the page with the form and fills it in; undefined where the Fall does not offer it now. */
async function bereite(browser: Browser, wuerfel: Wuerfel, art: Art, { id, kunde }: { id: number; kunde: number }): Promise<Tat | undefined> {
  const marke = `Marke ${crypto.randomUUID()}`
  const amFall = async (seite: string, pfad: string, eingabe: Record<string, string>): Promise<Tat | undefined> => {
    const form = readForm((await browser.oeffne(seite)).text, pfad)
    return form && { art, pfad, form: { ...form, ...eingabe }, fall: id, ...(art !== 'ruecknahme' && { marke }) }
  }
  switch (art) {
    case 'kontakt': {
      const ergebnis = wuerfel.eines(['NICHT_ERREICHT', 'RUECKRUF_ERBETEN', 'GESPROCHEN'])
      return amFall(pfade.fallKontakt(id, 'TELEFON'), pfade.fallKontakt(id), { ergebnis, notiz: marke })
    }
    case 'email':
      return amFall(pfade.fallEmail(id), pfade.fallEmail(id), { grund: 'hat am Telefon darum gebeten', betreff: marke })
    case 'wiedervorlage':
      return amFall(pfade.fallWiedervorlage(id), pfade.fallWiedervorlage(id), { ...bald(wuerfel), titel: marke })
    case 'dokumentation': {
      const vorgaenge = wuerfel.eines(['BLEIBEN', 'ERLEDIGT'])
      return amFall(pfade.fall(id), pfade.fallDokumentation(id), { kanal: 'TELEFON', ergebnis: 'HINWEIS_GEGEBEN', vorgaenge, notiz: marke })
    }
    case 'ruecknahme':
      return amFall(pfade.fall(id), pfade.fallRuecknahme(id), {})
    case 'vorgang': {
      const pfad = pfade.vorgangNeu(kunde)
      const form = readForm((await browser.oeffne(pfad)).text, pfad)
      return form && { art, pfad, form: { ...form, ...bald(wuerfel), titel: marke }, marke }
    }
    case 'termin':
    case 'loeschung':
    case 'erledigung':
      return anVorgang(browser, wuerfel, art)
  }
}

async function anVorgang(browser: Browser, wuerfel: Wuerfel, art: 'termin' | 'loeschung' | 'erledigung'): Promise<Tat | undefined> {
  const liste = await browser.oeffne(pfade.vorgaenge())
  const offene = [...liste.text.matchAll(/<tr id="vorgang-(\d+)"[^>]*>/g)].filter(([kopf]) => !kopf.includes('erledigt')).map(([, nr]) => Number(nr))
  if (offene.length === 0) return undefined
  const vorgang = wuerfel.eines(offene)
  const pfad = { termin: pfade.vorgangTermin, loeschung: pfade.vorgangLoeschung, erledigung: pfade.vorgangErledigung }[art](vorgang)
  const seite: Seite = art === 'termin' ? await browser.oeffne(pfad) : liste
  const form = readForm(seite.text, pfad)
  return form && { art, pfad, form: { ...form, ...(art === 'termin' && bald(wuerfel)) }, vorgang }
}

/** In one to four minutes: as typed into the form, Berlin time. */
function bald(wuerfel: Wuerfel): Record<string, string> {
  const wann = new Date(Date.now() + wuerfel.zahl(61, 240) * 1000)
  const text = (optionen: Intl.DateTimeFormatOptions): string => wann.toLocaleString('de-DE', { timeZone: 'Europe/Berlin', ...optionen })
  return {
    wann: 'ANDERS',
    datum: text({ day: 'numeric', month: 'numeric', year: 'numeric' }),
    zeit: text({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  }
}
