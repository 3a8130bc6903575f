/** Loaded before a child's own code: when its parent is gone, however that ended, the child is asked to end too. */
import process from 'node:process'

if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  // Waiting for the parent is no reason to live on.
  process.channel.unref()
}
