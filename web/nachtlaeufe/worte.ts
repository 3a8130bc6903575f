/** Words for runs of the night. */
import type { NachtlaufZeile } from '../../db/nachtlauf-lesen.ts'

export const ANLAESSE = { PLAN: 'nach Plan', HAND: 'von Hand', WAECHTER: 'nachgeholt' } as const

/** Milliseconds → '0,4 s', '12 s', '3 min 05 s'. */
export function dauer(ms: number | null): string {
  if (ms === null) return ''
  const sekunden = ms / 1000
  if (sekunden < 10) return `${sekunden.toFixed(1).replace('.', ',')} s`
  if (sekunden < 60) return `${Math.round(sekunden)} s`
  const ganze = Math.round(sekunden)
  return `${Math.floor(ganze / 60)} min ${String(ganze % 60).padStart(2, '0')} s`
}

/** "von Hand, Karin Lindner" */
export function anlass({ anlass: art, von }: Pick<NachtlaufZeile, 'anlass' | 'von'>): string {
  return von ? `${ANLAESSE[art]}, ${von}` : ANLAESSE[art]
}
