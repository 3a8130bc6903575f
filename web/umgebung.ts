/** What every route finds in its context. */
import type { AuthDatabase } from '../db/anmeldung.ts'
import type { Person, WebDatabase, WebDb } from '../db/sitzung.ts'
import type { Empfang } from './importe/empfang.ts'

export interface WebConfig {
  /** Origin under which people reach the app, without a trailing slash. */
  publicUrl: string
  sessionSecret: string
  /** Mails are sent through Resend; without, they are stored and shown on the development page. */
  mailSending: boolean
  /** The version shown in the footer. */
  version: string
  /** A proxy of ours stands in front: the last address of X-Forwarded-For is the caller's. */
  proxy?: boolean
}

export interface Env {
  Variables: {
    /** Set by the session middleware: everything below it runs in one transaction as this person. */
    db: WebDb
    person: Person
    /** The moment of the request, UTC (ISO 8601): views and routes never ask the clock themselves. */
    jetzt: string
    /** Today in Europe/Berlin. */
    heute: string
    /** Only where files are uploaded. */
    empfang?: Empfang
  }
}

export interface WebDeps {
  web: WebDatabase
  /** Accounts and sessions (role vm_auth). */
  auth: AuthDatabase
  config: WebConfig
  now: () => Date
  /** Asked to end: takes no new work any more. */
  wirdBeendet?: () => boolean
  /** A pino logger, or whatever takes objects: ids and codes only. */
  log?: { error(entry: object): void; info(entry: object): void }
}
