/** In which order the night asks the rules of the catalogue. Where a Betrieb has a daily quota, this is also who gets of it first. */

interface Rang {
  code: string
  prio: number
  /** FRIST_VORBEI: the rule watches a date that will not come again. */
  ende: 'BEFUND_WEG' | 'FRIST_VORBEI'
}

/** The most urgent first: by priority (`eigene`: what the Betrieb says instead, by code), then what has a Frist, then by code. */
export function sortRegeln<T extends Rang>(regeln: readonly T[], eigene: Readonly<Record<string, number>> = {}): T[] {
  const prio = ({ code, prio }: T): number => eigene[code] ?? prio
  const ohneFrist = ({ ende }: T): number => (ende === 'FRIST_VORBEI' ? 0 : 1)
  return regeln.toSorted((a, b) => prio(a) - prio(b) || ohneFrist(a) - ohneFrist(b) || (a.code < b.code ? -1 : 1))
}
