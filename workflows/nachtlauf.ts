/** The night: closes what is documented, asks every rule, one after the other, escalates, reports. A rule that fails does not stop the others. */
import { ApplicationFailure, defineSearchAttributeKey } from '@temporalio/common'
import { CancellationScope, isCancellation, setCurrentDetails, workflowInfo } from '@temporalio/workflow'
import { beginNachtlauf, closeDocumented, escalate, finishNachtlauf, runGevo } from './proxies.ts'

/** Set by the Schedule: the nominal time, however late the night begins. https://docs.temporal.io/search-attribute#default-search-attribute */
const SCHEDULED = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME')

export interface Ergebnis {
  stichtag: string
  laeufe: number
}

/** `nr`: one Betrieb's run whose row stands already; without it the planned night of all. */
export async function nachtlauf(input?: { nr?: number }): Promise<Ergebnis> {
  const { typedSearchAttributes, startTime } = workflowInfo()
  const geplant = (typedSearchAttributes.get(SCHEDULED) ?? startTime).toISOString()
  const { stichtag, laeufe, gevos = [], reihen = [{ laeufe, gevos }] } = await beginNachtlauf({ nr: input?.nr ?? null, geplant })
  const nacht = { stichtag, laeufe }
  const ergebnis = { stichtag, laeufe: laeufe.length }
  if (laeufe.length === 0) return ergebnis

  const schritte: [name: string, run: () => Promise<void>][] = [
    ['Dokumentierte Fälle schließen', () => closeDocumented(nacht)],
    ...reihen.flatMap((reihe) =>
      reihe.gevos.map((gevo): [string, () => Promise<void>] => [gevo, () => runGevo({ stichtag, laeufe: reihe.laeufe, gevo })]),
    ),
    ['Vergangene Fristen', () => escalate(nacht)],
  ]
  const fehler: string[] = []
  let fertig = 0
  try {
    for (const [name, run] of schritte) {
      setCurrentDetails(details(ergebnis, { fertig, schritte: schritte.length, jetzt: name, fehler }))
      await run().catch((error: unknown) => {
        if (isCancellation(error)) throw error
        fehler.push(name)
      })
      fertig += 1
    }
  } finally {
    await CancellationScope.nonCancellable(() => finishNachtlauf({ ...nacht, vollstaendig: fertig === schritte.length && fehler.length === 0 }))
    setCurrentDetails(details(ergebnis, { fertig, schritte: schritte.length, jetzt: null, fehler }))
  }
  // Red in the Temporal UI; the next night runs as planned, and the watchdog tries again before.
  if (fehler.length > 0) throw ApplicationFailure.nonRetryable(`Nachtlauf unvollständig: ${fehler.join(', ')}`, 'NACHTLAUF_UNVOLLSTAENDIG')
  return ergebnis
}

function details(
  { stichtag, laeufe }: Ergebnis,
  { fertig, schritte, jetzt, fehler }: { fertig: number; schritte: number; jetzt: string | null; fehler: readonly string[] },
): string {
  return [
    `### Nachtlauf für den ${stichtag.split('-').reverse().join('.')}`,
    `- Betriebe: ${laeufe}`,
    `- Schritte fertig: ${fertig} von ${schritte}`,
    ...(jetzt === null ? [] : [`- Jetzt: **${jetzt}**`]),
    ...(fehler.length === 0 ? [] : [`- Fehlgeschlagen: **${fehler.join(', ')}**`]),
  ].join('\n')
}
