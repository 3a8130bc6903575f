/** The reconciliation itself needs a Temporal client and stands in relay/: it is passed in. */
import { heartbeat } from '@temporalio/activity'

export type ReconcileActivities = ReturnType<typeof createReconcileActivities>

/** `reconcile` answers its counts and calls `beat` while it works. */
export function createReconcileActivities({ reconcile }: { reconcile: (beat: () => void) => Promise<Record<string, number>> }) {
  return {
    reconcileFaelle: (): Promise<Record<string, number>> => reconcile(() => heartbeat()),
  }
}
