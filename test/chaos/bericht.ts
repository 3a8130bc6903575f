/** What a run tells: progress while it goes, promises kept or broken, figures as a table and as a file. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Befunde } from './pruefung.ts'

export type Meldung = (text: string) => void
export type Zahlen = Record<string, number | string>

export interface Bericht {
  /** 'tag', 'nacht' …: the file's name. */
  lauf: string
  saat: number
  zahlen: Zahlen
  befunde: Befunde
}

/** Rows shown of each broken promise. */
const GEZEIGT = 10
export const ORDNER = path.join(import.meta.dirname, 'ergebnis')

export function createMeldung(): Meldung {
  const beginn = Date.now()
  return (text) => console.log(`${String(Math.round((Date.now() - beginn) / 1000)).padStart(5)} s  ${text}`)
}

/** Prints and writes it down; whether every promise was kept. */
export function berichte({ lauf, saat, zahlen, befunde }: Bericht): boolean {
  console.log(`\n| ${lauf}, Saat ${saat} | |\n|---|---|`)
  for (const [name, wert] of Object.entries(zahlen))
    console.log(`| ${name} | ${typeof wert === 'number' ? wert.toLocaleString('de-DE', { maximumFractionDigits: 1 }) : wert} |`)
  console.log('')
  for (const [versprechen, rows] of Object.entries(befunde)) {
    console.log(`${rows.length === 0 ? '  gehalten  ' : '  GEBROCHEN '} ${versprechen}${rows.length === 0 ? '' : `: ${rows.length}`}`)
    for (const row of rows.slice(0, GEZEIGT)) console.log(`              ${typeof row === 'string' ? row : JSON.stringify(row)}`)
  }
  mkdirSync(ORDNER, { recursive: true })
  const datei = path.join(ORDNER, `${lauf}.json`)
  writeFileSync(datei, JSON.stringify({ am: new Date().toISOString(), node: process.version, lauf, saat, zahlen, befunde }, null, 2))
  console.log(`\nGeschrieben: ${path.relative(process.cwd(), datei)}`)
  return Object.values(befunde).every((rows) => rows.length === 0)
}

export function perzentil(werte: readonly number[], p: number): number {
  const sorted = werte.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0
}
