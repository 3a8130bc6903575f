/** Holds Temporal to PostgreSQL. Runs at worker start, hourly, and when somebody starts it in the Temporal UI. */
import { reconcileFaelle } from './proxies.ts'

export async function reconcile(): Promise<Record<string, number>> {
  return reconcileFaelle()
}
