/** Tests as they are, at another size or against another Temporal server. */
import { spawn } from 'node:child_process'
import path from 'node:path'

const ROOT = path.join(import.meta.dirname, '../..')

/** Whether they passed. */
export async function runVitest(args: readonly string[], env: Record<string, string>, signal: AbortSignal): Promise<boolean> {
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'temporal', ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  const onAbort = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', onAbort, { once: true })
  const code = await new Promise((resolve) => child.once('exit', resolve).once('error', resolve))
  signal.removeEventListener('abort', onAbort)
  return code === 0
}
