import type { Fallakte } from '../../db/fallakte.ts'

/** The rule whose finding is the gap itself. */
const LUECKE = 'G23'
/** The rule that reminds of the notice is content once somebody has looked through the contract. */
const DURCHSICHT = 'G03'

/** What the Fall asks a person for: the fields that were unknown when it was found. */
export function gefragt({ unbekannt, gevo }: Pick<Fallakte, 'unbekannt' | 'gevo'>): string[] {
  return gevo === DURCHSICHT ? [...unbekannt, 'geprueft'] : [...unbekannt]
}

/** Whether the Fall opens with the form for what is missing. */
export function fragtZuerst({ gevo }: Pick<Fallakte, 'gevo'>): boolean {
  return gevo === LUECKE
}
