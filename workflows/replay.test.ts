/** The recorded histories against the code of today. One that fails means: running workflows would stop. Raise their Stand anew (reconcile) or take the change back. */
import type { WorkflowBundle } from '@temporalio/worker'
import { beforeAll, expect, test } from 'vitest'
import { listGeschichten, replay } from '../test/support/geschichten.ts'
import { freePort } from '../bin/ports.ts'
import { installTelemetrie } from '../relay/telemetrie.ts'
import { bundleWorkflows } from '../bin/workflow-bundle.ts'

installTelemetrie(() => undefined, await freePort())
const geschichten = listGeschichten()
let bundle: WorkflowBundle
beforeAll(async () => void (bundle = await bundleWorkflows()))

test.each(geschichten.map((geschichte) => [geschichte.name, geschichte] as const))('%s is replayed', async (_name, geschichte) => {
  await replay(bundle, geschichte)
})

test('every kind of path has been recorded', () => {
  expect(geschichten.map(({ name }) => name).sort()).toEqual([
    'fall-bearbeitet',
    'fall-fortgesetzt',
    'fall-fortsetzung',
    'fall-geloescht',
    'fall-ohne-bearbeitung',
    'fall-unverstanden',
    'fall-verschoben',
    'fall-zurueckgenommen',
    'import-abgebrochen',
    'import-uebernommen',
    'mail-versandt',
    'nachtlauf',
    'nachtlauf-ohne-betrieb',
    'reconcile',
  ])
})

test('the recorded histories hold no personal data', () => {
  for (const { history } of geschichten) {
    const payloads = [...JSON.stringify(history).matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)].map(([, data]) => Buffer.from(data!, 'base64').toString())
    expect(/çelik|celik|lindner|weber|\.example/i.test(payloads.join(' ') + JSON.stringify(history))).toBe(false)
  }
})

/** What somebody might change without thinking of the Fälle that run. */
test.each([
  ['the reminder has no timer', /if \(erinnerungAm === null\) await/, 'if (true) await'],
  ['the search attributes are no longer kept', /upsertSearchAttributes\)\(suchattribute/, 'setCurrentDetails)(suchattribute'],
  ['a due reminder calls another activity', /\.fireReminder\)\(/, '.recordRefusal)('],
  ['it continues as new no more', /\(\)\.continueAsNewSuggested/, '().continueAsNewNie'],
  ['a mail is sent without its pause', /if \(left > 0\) await/, 'if (false) await'],
  ['hand signals are recorded as not understood', /\.takeHandSignal\)\(/, '.recordRefusal)('],
])('a mutated workflow is caught: %s', async (_what, find, change) => {
  const code = bundle.code.replace(find, change)
  expect(code !== bundle.code).toBe(true)
  const results = await Promise.allSettled(geschichten.map((geschichte) => replay({ ...bundle, code }, geschichte)))
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as Error).name] : []))
  expect(reasons).toContain('DeterminismViolationError')
})
