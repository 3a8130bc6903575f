/** Reading a posted form: the typed text of each field, kept for the answer, and the faults found on the way. */
import type { Context } from 'hono'
import type { Lesung } from '../domain/eingabe.ts'

export interface Formular {
  /** As typed; '' where the field is missing. Files are not text. */
  text(name: string): string
  /** Reads a field; null where it is empty or wrong, and then the fault is noted. `fehlt` is said where it must not be empty. */
  lies<T>(name: string, read: (text: string) => Lesung<T | null>, fehlt?: string): T | null
  /** Notes a fault; the first of a field stands. */
  beanstande(name: string, text: string): void
  /** Faults so far, by field. */
  fehler: Record<string, string>
}

export async function readFormular(c: Context): Promise<Formular> {
  const body = await c.req.parseBody()
  const fehler: Record<string, string> = {}
  const text = (name: string): string => {
    const wert = body[name]
    return typeof wert === 'string' ? wert : ''
  }
  const beanstande = (name: string, grund: string): void => void (fehler[name] ??= grund)
  return {
    text,
    beanstande,
    fehler,
    lies: (name, read, fehlt) => {
      const lesung = read(text(name))
      if (!lesung.ok) beanstande(name, lesung.fehler)
      else if (lesung.wert === null && fehlt !== undefined) beanstande(name, fehlt)
      return lesung.ok ? lesung.wert : null
    },
  }
}

export function hatFehler({ fehler }: Formular): boolean {
  return Object.keys(fehler).length > 0
}

/** PostgreSQL's unique violation: somebody has it already. */
export function isVergeben(error: unknown): boolean {
  return (error as { code?: unknown }).code === '23505'
}

/** The page of a list, from 1. */
export function readSeite(text: string | undefined): number {
  return text && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 1
}
