/** What a record is: its Satzart, its Sparte, and by which signs its Teildatensatz is known. Built once from gdv-felder.ts. */
import { SPARTENBILDER, TEILSATZBILDER } from './gdv-felder.ts'

export const SATZLAENGE = 256

/** Both ends from 1, and the field's German name. */
export type Ort = readonly [von: number, bis: number, name: string]

export interface Teilsatz {
  /** '0220.040.2': Satzart[.Sparte[.Wagnisarten]].Teildatensatz. */
  schluessel: string
  /** The same without the Teildatensatz and the Wagnisarten: '0220.040', '0100'. */
  bild: string
  nr: number
  /** Version of the description, "2.3" as a number. */
  fassung: number
  /** Byte and sign by which the Teildatensatz is known; empty: the Satzart has only this one. */
  erkannt: readonly (readonly [byte: number, zeichen: string])[]
  /** All dates, TTMMJJJJ or MMJJJJ. */
  daten: readonly (readonly [von: number, bis: number])[]
  /** The fields this program reads, by their technical names. */
  felder: Readonly<Record<string, Ort>>
  /** Wagnisarten of a life record (byte 60). */
  wagnisse: string | undefined
}

/** All Teildatensätze of one Satzart and Sparte. */
export type Satzbild = readonly Teilsatz[]

export const TEILSAETZE: Readonly<Record<string, Teilsatz>> = Object.fromEntries(readTeilsaetze().map((teil) => [teil.schluessel, teil]))
const BILDER = Map.groupBy(Object.values(TEILSAETZE), ({ bild }) => bild)
/** 0050 is the predecessor of 0052 (Geschäftsvorfall) and only in older descriptions: known, its fields are not. */
const SATZARTEN = new Set(['0050', ...[...BILDER.keys()].map((bild) => bild.slice(0, 4))])
const NACH_SPARTE = new Map(
  SPARTENBILDER.trim()
    .split('\n')
    .flatMap((zeile) => {
      const [bild, ...sparten] = zeile.split(' ')
      return sparten.map((sparte) => [bild!.slice(0, 5) + sparte, bild!] as const)
    }),
)
const GEFUNDEN = new Map<string, Satzbild>()

export function isSatzart(art: string): boolean {
  return SATZARTEN.has(art)
}

/** Empty where nothing of this Satzart is described. Parts of a Kfz contract (051–059) share the records of 050 where they have none. */
export function findSatzbild(art: string, sparte: string): Satzbild {
  const schluessel = `${art}.${sparte}`
  const bekannt = GEFUNDEN.get(schluessel)
  if (bekannt) return bekannt
  const kfz = /^05\d$/.test(sparte) ? BILDER.get(`${art}.050`) : undefined
  const gefunden = BILDER.get(schluessel) ?? BILDER.get(NACH_SPARTE.get(schluessel) ?? '') ?? BILDER.get(art) ?? kfz ?? BILDER.get(`${art}.000`) ?? []
  // Three signs from a broken file could be anything: only what may be a Sparte is remembered.
  if (/^\d{3}$/.test(sparte) && SATZARTEN.has(art)) GEFUNDEN.set(schluessel, gefunden)
  return gefunden
}

/** The Teildatensatz of a padded record, or undefined. Old deliveries leave the number of a first Teildatensatz blank. */
export function findTeilsatz(bild: Satzbild, roh: string): Teilsatz | undefined {
  return findGenau(bild, roh) ?? bild.find((teil) => passtFast(teil, roh)) ?? bild.find((teil) => teil.nr === 1 && isLeer(teil, roh))
}

/** Where all signs agree. */
export function findGenau(bild: Satzbild, roh: string, versatz = 0): Teilsatz | undefined {
  for (const teil of bild) {
    if (teil.wagnisse !== undefined && !teil.wagnisse.includes(roh.charAt(59 + versatz) || '?')) continue
    let passt = true
    for (const [byte, zeichen] of teil.erkannt) if (roh[byte - 1 + versatz] !== zeichen) passt = false
    if (passt) return teil
  }
  return undefined
}

function passtFast(teil: Teilsatz, roh: string): boolean {
  const [erstes, ...weitere] = teil.erkannt
  return weitere.length > 0 && roh[erstes![0] - 1] === erstes![1]
}

function isLeer({ wagnisse, erkannt }: Teilsatz, roh: string): boolean {
  return (wagnisse === undefined || wagnisse.includes(roh.charAt(59))) && erkannt.every(([byte]) => roh[byte - 1] === ' ' || roh[byte - 1] === '0')
}

function readTeilsaetze(): Teilsatz[] {
  return TEILSATZBILDER.trim()
    .split(/\n(?! )/)
    .map((block) => {
      const [kopf = '', ...felder] = block.split('\n')
      const [schluessel = '', fassung = '', erkannt = '', daten = ''] = kopf.split('|').map((teil) => teil.trim())
      const namen = schluessel.split('.')
      const [art, sparte] = namen
      return {
        schluessel,
        bild: namen.length > 2 ? `${art}.${sparte}` : art!,
        nr: Number(namen.at(-1)),
        fassung: Number(fassung),
        erkannt: paare(erkannt, '=').map(([byte, zeichen]) => [Number(byte), zeichen] as const),
        daten: paare(daten, '-').map(([von, bis]) => [Number(von), Number(bis)] as const),
        felder: Object.fromEntries(felder.map(readFeld)),
        wagnisse: sparte === '010' && namen.length > 3 ? namen[2] : undefined,
      }
    })
}

/** "44-73 Name1 | Name 1" */
function readFeld(zeile: string): [string, Ort] {
  const [, von, bis, technisch, name] = /^ +(\d+)-(\d+) (\w+) \| (.*)$/.exec(zeile)!
  return [technisch!, [Number(von), Number(bis), name!]]
}

function paare(text: string, trenner: string): [string, string][] {
  return text === '' ? [] : text.split(' ').map((paar) => paar.split(trenner) as [string, string])
}
