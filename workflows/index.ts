/** Everything the workflow bundle contains. No GeVo is among it: editing the catalogue cannot break an open Fall. */
export { fall } from './fall.ts'
export { importieren as import } from './import.ts'
export { mail } from './mail.ts'
export { nachtlauf } from './nachtlauf.ts'
export { reconcile } from './reconcile.ts'
