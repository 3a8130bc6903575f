/** What every route finds in its context. */
import type { Person, WebDatabase, WebDb } from '../db/sitzung.ts'

export interface WebConfig {
  /** Origin under which people reach the app, without a trailing slash. */
  publicUrl: string
  sessionSecret: string
  /** Mails are sent through Resend; without, they are stored and shown on the development page. */
  mailSending: boolean
  /** The version shown in the footer. */
  version: string
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
  }
}

export interface WebDeps {
  web: WebDatabase
  config: WebConfig
  now: () => Date
}
