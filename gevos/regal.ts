/** Every GeVo there is. Written by `npm run gevo neu`; a test checks it against the folder. */
import versicherungslueckenJungeKunden from './versicherungsluecken-junge-kunden.ts'
import vertragLaeuftBaldAb from './vertrag-laeuft-bald-ab.ts'

export const regal = [versicherungslueckenJungeKunden, vertragLaeuftBaldAb] as const
