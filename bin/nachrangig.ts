/** A program that gives way: clicks come before what follows from them. */
import process from 'node:process'

/**
 * Program and arguments to spawn instead. By `nice`, not by setting the priority afterwards: on Linux that reaches one thread, and
 * those that already run keep theirs.
 */
export function nachrangig(programm: string, argumente: readonly string[]): [programm: string, argumente: string[]] {
  return process.platform === 'win32' ? [programm, [...argumente]] : ['nice', ['-n', '10', programm, ...argumente]]
}
