/**
 * Passwords: argon2id as PHC strings ($argon2id$v=19$m=47104,t=1,p=1$salt$tag), the first choice of the OWASP cheat sheet
 * (46 MiB, one pass), and the rules for choosing one (OWASP ASVS 5.0, 6.2: length and known passwords, no composition rules).
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { isHaeufig } from './passwort-haeufig.ts'

export const MIN_ZEICHEN = 10
export const MAX_ZEICHEN = 128

const MEMORY_KIB = 47_104
const PASSES = 1
const LANES = 1
const SALT_BYTES = 16
const TAG_BYTES = 32
/** Each hash holds 46 MiB and a core: a burst of logins must neither eat the memory nor the thread pool that DNS and files share. */
const AT_ONCE = 2
/** So many may wait, about a second's worth: behind a flood nobody would get in at all, and for long after it. */
const MAX_WAITING = 30

interface Hash {
  memory: number
  passes: number
  parallelism: number
  salt: Buffer
  tag: Buffer
}

/** The PHC string to store. Takes any text; `checkPassword` says what may be chosen. */
export async function hashPassword(text: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const tag = await derive(text, { memory: MEMORY_KIB, passes: PASSES, parallelism: LANES, salt, length: TAG_BYTES })
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(tag)}`
}

/** False for a wrong password and for a hash that is not one of ours. Reads the cost from the hash, so that raising it keeps old hashes valid. Undefined while a flood of logins holds the queue. */
export async function verifyPassword(hash: string, text: string): Promise<boolean | undefined> {
  const stored = parse(hash)
  if (!stored || [...text].length > MAX_ZEICHEN) return false
  if (waiting.length >= MAX_WAITING) return undefined
  const { tag, ...parameters } = stored
  return timingSafeEqual(await derive(text, { ...parameters, length: tag.length }), tag)
}

/** Why this password cannot be chosen (German, for the form), or null. */
export function checkPassword(text: string): string | null {
  const laenge = [...text].length
  if (laenge < MIN_ZEICHEN) return `Das Passwort ist zu kurz. Es braucht mindestens ${MIN_ZEICHEN} Zeichen, zum Beispiel drei Wörter hintereinander.`
  if (laenge > MAX_ZEICHEN) return `Das Passwort ist zu lang. Höchstens ${MAX_ZEICHEN} Zeichen sind möglich.`
  if (isHaeufig(text)) return 'Dieses Passwort ist leicht zu erraten. Nehmen Sie zum Beispiel drei Wörter, die nicht zusammengehören.'
  return null
}

/** Bounds keep a forged row from asking for gigabytes. */
function parse(hash: string): Hash | undefined {
  const teile = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d)\$([\w+/-]{11,88})\$([\w+/-]{22,88})$/.exec(hash)
  if (!teile) return undefined
  const [memory, passes, parallelism] = [Number(teile[1]), Number(teile[2]), Number(teile[3])]
  if (memory < 8 * parallelism || memory > 262_144 || passes < 1 || parallelism < 1) return undefined
  return { memory, passes, parallelism, salt: Buffer.from(teile[4]!, 'base64'), tag: Buffer.from(teile[5]!, 'base64') }
}

/** The same letters typed on different systems are the same bytes: Unicode NFKC (NIST SP 800-63B). */
function derive(text: string, { salt, length, ...cost }: Omit<Hash, 'tag'> & { length: number }): Promise<Buffer> {
  return queued(
    () =>
      new Promise((resolve, reject) => {
        argon2('argon2id', { ...cost, message: text.normalize('NFKC'), nonce: salt, tagLength: length }, (error, tag) =>
          error ? reject(error) : resolve(tag),
        )
      }),
  )
}

let running = 0
const waiting: (() => void)[] = []

async function queued<T>(work: () => Promise<T>): Promise<T> {
  if (running < AT_ONCE) running++
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    return await work()
  } finally {
    // The place is handed on, not given back and taken again: nobody slips in between.
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

/** PHC uses base64 without padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
