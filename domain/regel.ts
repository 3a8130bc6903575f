/** What a Betrieb may set of a rule, read from a form. Stored is only what differs from the GeVo, so that a better default reaches everybody who has not decided. */
import type { Sperrfrist } from './sperrfrist.ts'

export interface Schwelle {
  titel: string
  einheit: string
  min: number
  max: number
}

/** The part of a GeVo that can be set. */
export interface Einstellbar {
  werte: Readonly<Record<string, number>>
  einstellungen: Readonly<Record<string, Schwelle>>
  sperrfrist: Sperrfrist
  prio: number
}

export interface Gesetzt {
  an: boolean
  werte: Record<string, number>
  prio: number | null
  sperrfristMonate: number | null
}

export type Eingabe = Readonly<Record<string, string | undefined>>
export type Gelesen = { ok: true; werte: Gesetzt } | { ok: false; fehler: Record<string, string> }

export const SPERRFRIST: Schwelle = { titel: 'Sperrfrist', einheit: 'Monate', min: 1, max: 60 }

/** Name of the form field of a threshold. */
export function wertfeld(name: string): string {
  return `wert-${name}`
}

/** Fields: an, prio, sperrfrist and one `wertfeld` a threshold. An empty one means as the GeVo says. */
export function readRegel(eingabe: Eingabe, { werte, einstellungen, sperrfrist, prio }: Einstellbar): Gelesen {
  const fehler: Record<string, string> = {}
  const lies = (feld: string, schwelle: Schwelle, vorgabe: number): number => {
    const gelesen = readZahl(eingabe[feld] ?? '', schwelle, vorgabe)
    if (typeof gelesen === 'number') return gelesen
    fehler[feld] = gelesen.fehler
    return vorgabe
  }
  const gesetzt = Object.fromEntries(Object.entries(einstellungen).map(([name, schwelle]) => [name, lies(wertfeld(name), schwelle, werte[name]!)]))
  for (const [von, bis] of spannen(gesetzt))
    if (gesetzt[von]! > gesetzt[bis]! && !fehler[wertfeld(von)])
      fehler[wertfeld(bis)] ??=
        `${einstellungen[bis]!.titel} (${gesetzt[bis]}) liegt unter ${einstellungen[von]!.titel} (${gesetzt[von]}). So träfe die Regel niemanden.`
  const monate = sperrfrist === 'EREIGNIS' ? null : lies('sperrfrist', SPERRFRIST, sperrfrist.monate)
  const stufe = lies('prio', { titel: 'Priorität', einheit: '', min: 1, max: 4 }, prio)
  if (Object.keys(fehler).length > 0) return { ok: false, fehler }
  return {
    ok: true,
    werte: {
      an: eingabe['an'] === '1',
      werte: Object.fromEntries(Object.entries(gesetzt).filter(([name, wert]) => wert !== werte[name])),
      prio: stufe === prio ? null : stufe,
      sperrfristMonate: sperrfrist === 'EREIGNIS' || monate === sperrfrist.monate ? null : monate,
    },
  }
}

/** The Sperrfrist of a rule in a Betrieb that may have set its own. */
export function sperrfristVon(sperrfrist: Sperrfrist, monate: number | null | undefined): Sperrfrist {
  return sperrfrist === 'EREIGNIS' || monate === null || monate === undefined ? sperrfrist : { monate }
}

/** [alterVon, alterBis], [von, bis] … where both are there. */
function spannen(werte: Readonly<Record<string, number>>): [string, string][] {
  return Object.keys(werte).flatMap((name): [string, string][] => {
    const bis = name.replace(/Von$/, 'Bis').replace(/^von$/, 'bis')
    return bis !== name && Object.hasOwn(werte, bis) ? [[name, bis]] : []
  })
}

function readZahl(text: string, { titel, einheit, min, max }: Schwelle, vorgabe: number): number | { fehler: string } {
  const roh = text.trim()
  if (roh === '') return vorgabe
  const zahl = /^\d{1,6}$/.test(roh) ? Number(roh) : Number.NaN
  if (zahl >= min && zahl <= max) return zahl
  const spanne = `Richtig ist eine ganze Zahl von ${min} bis ${max}${einheit && ` ${einheit}`}, zum Beispiel ${vorgabe}.`
  return { fehler: `${titel}: „${roh}“ geht nicht. ${spanne}` }
}
