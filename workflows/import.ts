/** One import: waits for its turn, then one activity does the work; whatever kills it, it is begun again from the bytes. Numbers only. */
import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow'
import type { ImportInput } from '../domain/messages.ts'
import { awaitTurn, cancelImportRow, giveUpImport, takeImport } from './proxies.ts'

/** Seconds between two looks at whether an earlier import is done. */
const LAENGSTENS = 60

export async function importieren(input: ImportInput): Promise<string> {
  try {
    for (let pause = 1; !(await awaitTurn(input)); pause = Math.min(pause * 2, LAENGSTENS)) await sleep(pause * 1_000)
    return await takeImport(input)
  } catch (error) {
    await CancellationScope.nonCancellable(() => (isCancellation(error) ? cancelImportRow(input) : giveUpImport(input)))
    throw error
  }
}
