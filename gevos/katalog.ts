/** The catalogue: what the night asks, and what every Fall is called. */
import { VORGANG } from '../domain/ergebnisse.ts'
import { sortRegeln } from '../domain/reihenfolge.ts'
import type { Fallart, Gevo } from './gevo.ts'
import { regal } from './regal.ts'

/** Most urgent first: in this order the night opens Fälle (unless a Betrieb has priorities of its own), and the overview shows them. */
export const katalog: readonly Gevo[] = sortRegeln<Gevo>(regal)

/** A Vorgang made by hand: no finding, no mail text, never counted among the GeVos. */
export const vorgang: Fallart = {
  key: 'vorgang',
  code: VORGANG,
  titel: 'Vorgang',
  kurz: 'von Hand angelegte Wiedervorlage',
  gruppe: 'PFLEGE',
  klasse: 'V',
  prio: 3,
  sperrfrist: 'EREIGNIS',
  hilfe: 'Eine Wiedervorlage zu einem Kunden, die eine Person selbst angelegt hat.',
  grund: 'Von Hand angelegt.',
  endetWenn: 'Die Wiedervorlage wird erledigt oder gelöscht.',
  recht: null,
  erklaere: () => 'Von Hand angelegt.',
  anlass: () => 'von Hand angelegt',
}

/** By code ("G01", "VORGANG") or key; undefined where there is none (any more). */
export function findGevo(codeOrKey: string): Fallart | undefined {
  return [...katalog, vorgang].find(({ code, key }) => code === codeOrKey || key === codeOrKey)
}

/** By code. Throws where the catalogue has none. */
export function getGevo(code: string): Fallart {
  const gefunden = findGevo(code)
  if (!gefunden) throw new Error(`Kein GeVo mit dem Code ${code} im Katalog`)
  return gefunden
}
