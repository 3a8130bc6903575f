/** What the Temporal SDK tells of itself: its log lines, cut of anything an error says, and its own metrics. Installed once in a process. */
import { DefaultLogger, type LogEntry, Runtime, makeTelemetryFilterString } from '@temporalio/worker'
import { codeOf } from '../db/fehler.ts'

export interface Log {
  level: 'info' | 'warn' | 'error'
  text: string
  fehler?: string
}

/** The mail worker has activities only, on purpose. */
const OHNE_WORKFLOWS = 'No workflows registered'

/** Returns where the SDK's metrics are read: it shows them on that port, of this machine only. */
export function installTelemetrie(log: (entry: Log) => void, port: number): () => Promise<string> {
  const write = ({ level, message, meta }: LogEntry): void => {
    if (message.startsWith(OHNE_WORKFLOWS)) return
    const error = meta?.['error']
    const about = ['workflowId', 'activityType', 'taskQueue', 'attempt'].flatMap((key) =>
      meta?.[key] === undefined ? [] : [`${key}=${String(meta[key])}`],
    )
    const text = [message, ...about].join(' ')
    log({ level: level === 'WARN' ? 'warn' : level === 'ERROR' ? 'error' : 'info', text, ...(error !== undefined && { fehler: codeOf(error) }) })
  }
  const bindAddress = `127.0.0.1:${port}`
  Runtime.install({
    logger: new DefaultLogger('WARN', write),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
      metrics: { prometheus: { bindAddress } },
    },
    shutdownSignals: [],
  })
  return async () => (await fetch(`http://${bindAddress}/metrics`, { signal: AbortSignal.timeout(3_000) })).text()
}
