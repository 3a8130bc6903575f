/** Measuring: load at a fixed concurrency or rate, latencies as percentiles, rounds taken in turns so that both sides see the same machine. */

export interface Messung {
  n: number
  /** Seconds from the first to the last. */
  dauer: number
  proSekunde: number
  /** Milliseconds. */
  p50: number
  p99: number
}

/** Runs `n` pieces of work, `gleichzeitig` at a time. `work` gets its number. */
export async function runLoad(n: number, gleichzeitig: number, work: (i: number) => Promise<unknown>): Promise<Messung> {
  const zeiten: number[] = []
  let next = 0
  const beginn = performance.now()
  const lane = async (): Promise<void> => {
    for (let i = next++; i < n; i = next++) {
      const start = performance.now()
      await work(i)
      zeiten.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: gleichzeitig }, lane))
  return summarise(zeiten, (performance.now() - beginn) / 1000)
}

/** Runs `n` pieces of work (or as many as fit, `solange` it is true) at a fixed rate, whether earlier ones have answered or not (an open system: waiting is counted). */
export async function runRate(
  n: number,
  proSekunde: number,
  work: (i: number) => Promise<unknown>,
  solange: () => boolean = () => true,
): Promise<Messung> {
  const zeiten: number[] = []
  const beginn = performance.now()
  const laufend: Promise<unknown>[] = []
  for (let i = 0; i < n && solange(); i++) {
    const soll = beginn + (i * 1000) / proSekunde
    const warten = soll - performance.now()
    if (warten > 0) await new Promise((resolve) => setTimeout(resolve, warten))
    laufend.push(work(i).then(() => zeiten.push(performance.now() - soll)))
  }
  await Promise.all(laufend)
  return summarise(zeiten, (performance.now() - beginn) / 1000)
}

/** Several rounds of the same kind as one: sums the work, keeps the median round's percentiles. */
export function combine(runden: readonly Messung[]): Messung {
  const n = runden.reduce((sum, r) => sum + r.n, 0)
  const dauer = runden.reduce((sum, r) => sum + r.dauer, 0)
  return { n, dauer, proSekunde: n / dauer, p50: median(runden.map((r) => r.p50)), p99: median(runden.map((r) => r.p99)) }
}

function summarise(zeiten: number[], dauer: number): Messung {
  const sorted = zeiten.toSorted((a, b) => a - b)
  const at = (p: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0
  return { n: zeiten.length, dauer, proSekunde: zeiten.length / dauer, p50: at(0.5), p99: at(0.99) }
}

export function median(werte: readonly number[]): number {
  return werte.toSorted((a, b) => a - b)[Math.floor(werte.length / 2)] ?? 0
}
